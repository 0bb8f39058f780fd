package deploy

import (
	"errors"
	"strings"
	"testing"

	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/targets/aws"
)

// transitParts adds a part of every kind that a transit gateway needs, created and existing.
func transitParts(p *aws.Parts) {
	in := func(name string, line int) plan.Part { return part(virginia, name, line) }
	p.ExistingTransitGateways = append(p.ExistingTransitGateways,
		aws.ExistingTransitGateway{Provider: tokyo, ID: "tgw-1", AccountID: "123456789012", RouteTable: "tgw-rtb-1", Origin: at("transitGateways.east.existing", 80),
			Adds: []aws.TransitAdds{{Destination: prefix("10.0.0.0/16"), Origin: at("networks.tokyo.attach", 89)}, {Destination: prefix("192.168.0.0/16"), Static: true, Origin: at("links.tokyo", 90)}}},
		aws.ExistingTransitGateway{Provider: tokyo, ID: "tgw-2", AccountID: "123456789012", Origin: at("transitGateways.usual.existing", 81)})
	p.TransitGateways = append(p.TransitGateways, aws.TransitGateway{Part: in("transitgateway_core", 82), ASN: 64513})
	p.TransitRouteTables = append(p.TransitRouteTables, aws.TransitRouteTable{Part: in("transitroutetable_core", 82), TransitGateway: created("transitgateway_core")})
	p.TransitAttachments = append(p.TransitAttachments, aws.TransitAttachment{
		Part: in("transitattachment_hub_core", 83), TransitGateway: created("transitgateway_core"), VPC: created("vpc_hub"), Subnets: []plan.Ref{existing("subnet-1")},
	})
	p.TransitPeerings = append(p.TransitPeerings, aws.TransitPeering{
		Part: in("transitpeering_core_east", 84), Requester: created("transitgateway_core"), Accepter: existing("tgw-1"), AccepterRegion: "ap-northeast-1", AccepterAccount: "123456789012",
	})
	p.TransitPeeringAccepters = append(p.TransitPeeringAccepters, aws.TransitPeeringAccepter{Part: part(tokyo, "transitpeeringaccepter_core_east", 84), Peering: "transitpeering_core_east"})
	p.TransitAssociations = append(p.TransitAssociations, aws.TransitAssociation{
		Part: in("transitassociation_hub_core", 83), Attachment: "transitattachment_hub_core", RouteTable: created("transitroutetable_core"),
	})
	p.TransitPeeringAssociations = append(p.TransitPeeringAssociations, aws.TransitAssociation{
		Part: part(tokyo, "transitpeeringassociation_east_core", 84), Attachment: "transitpeering_core_east", After: "transitpeeringaccepter_core_east", RouteTable: existing("tgw-rtb-1"), Replace: true,
	})
	p.TransitPropagations = append(p.TransitPropagations, aws.TransitPropagation{
		Part: in("transitpropagation_hub_core", 83), Attachment: "transitattachment_hub_core", RouteTable: created("transitroutetable_core"),
	})
	p.TransitRoutes = append(p.TransitRoutes, aws.TransitRoute{
		Part: in("transitroute_core_tokyo", 85), RouteTable: created("transitroutetable_core"), Destination: prefix("10.0.0.0/16"),
		Attachment: "transitpeering_core_east", After: "transitpeeringaccepter_core_east",
	})
	p.Routes = append(p.Routes, aws.Route{
		Part: part(tokyo, "route_tokyo_private_core", 86), RouteTable: existing("rtb-1"), Destination: prefix("192.168.3.0/24"),
		TransitGateway: created("transitgateway_core"), Attachment: "transitattachment_hub_core",
	})
}

// shareParts share both gateways with the account that shareZones adds.
func shareParts(p *aws.Parts) {
	in := func(name string, line int) plan.Part { return part(virginia, name, line) }
	const other = "provider-aws_other_us-east-1"
	p.TransitShares = append(p.TransitShares, aws.TransitShare{Part: in("transitshare_core", 87), Invites: true}, aws.TransitShare{Part: part(tokyo, "transitshare_east", 88)})
	p.TransitShared = append(p.TransitShared,
		aws.TransitShared{Part: in("transitshared_core", 87), Share: "transitshare_core", TransitGateway: created("transitgateway_core")},
		aws.TransitShared{Part: part(tokyo, "transitshared_east", 88), Share: "transitshare_east", TransitGateway: existing("tgw-1"), ARN: "arn:aws:ec2:ap-northeast-1:123456789012:transit-gateway/tgw-1"})
	p.TransitSharePrincipals = append(p.TransitSharePrincipals, aws.TransitSharePrincipal{Part: in("transitshareprincipal_core_other", 87), Share: "transitshare_core", AccountID: "210987654321"})
	p.TransitShareAccepters = append(p.TransitShareAccepters, aws.TransitShareAccepter{
		Part: part(other, "transitshareaccepter_core_other", 87), Share: "transitshare_core", After: "transitshareprincipal_core_other",
	})
	p.TransitAttachments = append(p.TransitAttachments, aws.TransitAttachment{
		Part: part(other, "transitattachment_shop_core", 89), TransitGateway: created("transitgateway_core"), VPC: existing("vpc-0c2d"), Subnets: []plan.Ref{existing("subnet-9")},
		Accepter: "transitaccepter_shop_core", After: []string{"transitshared_core", "transitshareaccepter_core_other"},
	})
	p.TransitAttachmentAccepters = append(p.TransitAttachmentAccepters, aws.TransitAttachmentAccepter{Part: in("transitaccepter_shop_core", 89), Attachment: "transitattachment_shop_core"})
	p.TransitAssociations = append(p.TransitAssociations, aws.TransitAssociation{
		Part: in("transitassociation_shop_core", 89), Attachment: "transitattachment_shop_core", After: "transitaccepter_shop_core", RouteTable: created("transitroutetable_core"),
	})
	p.TransitPropagations = append(p.TransitPropagations, aws.TransitPropagation{
		Part: in("transitpropagation_shop_core", 89), Attachment: "transitattachment_shop_core", After: "transitaccepter_shop_core", RouteTable: created("transitroutetable_core"),
	})
}

// gatewayRoutes is an answer with the routes of a transit gateway's table: "10.0.0.0/16 static".
func gatewayRoutes(routes ...string) map[string]any {
	var all []any
	for _, r := range routes {
		prefix, kind, _ := strings.Cut(r, " ")
		all = append(all, map[string]any{"destinationCidrBlock": prefix, "type": kind, "state": "active"})
	}
	return map[string]any{"getRouteTableRoutes [{\"name\":\"type\",\"values\":[\"propagated\",\"static\"]}] tgw-rtb-1": map[string]any{"routes": all}}
}

// TestTransitLookups asks for existing transit gateways that are not what the topology says, and for
// routes of an existing table that lead to one.
func TestTransitLookups(t *testing.T) {
	plans := func() *plan.Plan {
		p := seedPlan()
		parts := p.Parts[aws.Name].(*aws.Parts)
		transitParts(parts)
		parts.ExistingRouteTables[0].Gateways = []string{"tgw-9"}
		parts.ExistingTransitGateways[0].Accepts = true
		return p
	}
	route := func(gateway string) map[string]any {
		return routeTable(map[string]any{"cidrBlock": "192.168.0.0/16", "transitGatewayId": gateway})
	}
	for name, test := range map[string]struct {
		answers map[string]any
		want    []string
	}{
		"as the plan expects": {},
		"not there": {map[string]any{"getTransitGateway tgw-1": errors.New("no matching EC2 Transit Gateway found"), "getTransitGateway tgw-2": errors.New("no matching EC2 Transit Gateway found")},
			[]string{`transit gateway "tgw-1" was not found in ap-northeast-1`, `transit gateway "tgw-2" was not found`}},
		"another account's": {map[string]any{"getTransitGateway tgw-1": map[string]any{"id": "tgw-1", "ownerId": "210987654321", "autoAcceptSharedAttachments": "disable"}}, []string{`belongs to account "210987654321"`}},
		"no defaults": {map[string]any{"getTransitGateway tgw-2": map[string]any{"id": "tgw-2", "ownerId": "123456789012", "defaultRouteTableAssociation": "disable", "defaultRouteTablePropagation": "enable"}},
			[]string{`"tgw-2" does not associate and propagate`}},
		"accepts by itself":                        {map[string]any{"getTransitGateway tgw-1": map[string]any{"id": "tgw-1", "ownerId": "123456789012", "autoAcceptSharedAttachments": "enable"}}, []string{`"tgw-1" accepts attachments`}},
		"another gateway's table":                  {map[string]any{"getRouteTable tgw-rtb-1": map[string]any{"id": "tgw-rtb-1", "transitGatewayId": "tgw-2"}}, []string{`route table "tgw-rtb-1" is of transit gateway "tgw-2"`}},
		"a table that is not there":                {map[string]any{"getRouteTable tgw-rtb-1": errors.New("InvalidRouteTableID.NotFound")}, []string{`route table "tgw-rtb-1" was not found`}},
		"an earlier run's routes":                  {gatewayRoutes("10.0.0.0/16 propagated", "192.168.0.0/16 static", "0.0.0.0/0 static"), nil},
		"a longer route":                           {gatewayRoutes("192.168.4.0/24 static"), []string{`has a static route to "192.168.4.0/24" already, which takes packets to "192.168.0.0/16"`}},
		"a static route before the propagated one": {gatewayRoutes("10.0.0.0/16 static"), []string{`has a static route to "10.0.0.0/16" already`}},
		"routes that nobody may read":              {map[string]any{"getRouteTableRoutes [{\"name\":\"type\",\"values\":[\"propagated\",\"static\"]}] tgw-rtb-1": errors.New("UnauthorizedOperation")}, []string{`the routes of transit gateway route table "tgw-rtb-1" cannot be looked up`}},
		"a route to the plan's gateway":            {map[string]any{"getRouteTable rtb-1": route("tgw-9")}, nil},
		"a route to the stack's gateway": {map[string]any{"getRouteTable rtb-1": route("tgw-8"),
			"getTransitGateway tgw-8": map[string]any{"id": "tgw-8", "tags": map[string]any{"obslink:stack": "prod"}}}, nil},
		"a route to someone's gateway": {map[string]any{"getRouteTable rtb-1": route("tgw-8"), "getTransitGateway tgw-8": map[string]any{"id": "tgw-8"}},
			[]string{`route table "rtb-1" already sends "192.168.0.0/16" to "tgw-8"`}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := runIn(t, plans(), test.answers)
			var d *Disagreement
			if !errors.As(err, &d) && len(test.want) > 0 || d == nil && err != nil {
				t.Fatal(err)
			}
			var got []string
			if d != nil {
				for _, found := range d.Diagnostics {
					got = append(got, found.Message)
				}
			}
			if len(got) != len(test.want) {
				t.Fatalf("found %q, want %q", got, test.want)
			}
			for i, want := range test.want {
				if !strings.Contains(got[i], want) {
					t.Errorf("found %q, want %q", got[i], want)
				}
			}
		})
	}
}

// TestTransitDefaults asks for gateways whose default route table is used, and for one that accepts by itself.
func TestTransitDefaults(t *testing.T) {
	const routes = `getRouteTableRoutes [{"name":"type","values":["propagated","static"]}] tgw-2 default`
	gateway := map[string]any{
		"id": "tgw-2", "ownerId": "123456789012", "autoAcceptSharedAttachments": "enable", "defaultRouteTableAssociation": "enable", "defaultRouteTablePropagation": "enable",
		"associationDefaultRouteTableId": "tgw-2 default", "propagationDefaultRouteTableId": "tgw-2 default",
	}
	for name, test := range map[string]struct {
		answers map[string]any
		want    string
	}{
		"as the plan expects":          {},
		"does not accept by itself":    {map[string]any{"getTransitGateway tgw-2": changed(gateway, map[string]any{"autoAcceptSharedAttachments": "disable"})}, `"tgw-2" does not accept attachments of other accounts by itself`},
		"two default tables":           {map[string]any{"getTransitGateway tgw-2": changed(gateway, map[string]any{"propagationDefaultRouteTableId": "tgw-rtb-9"})}, `"tgw-2" associates with route table "tgw-2 default" by default and propagates into "tgw-rtb-9"`},
		"a longer route in the table":  {map[string]any{routes: map[string]any{"routes": []any{map[string]any{"destinationCidrBlock": "10.0.4.0/24", "type": "static"}}}}, `has a static route to "10.0.4.0/24" already`},
		"what the VPC propagated then": {map[string]any{routes: map[string]any{"routes": []any{map[string]any{"destinationCidrBlock": "10.0.0.0/16", "type": "propagated"}}}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := seedPlan()
			parts := p.Parts[aws.Name].(*aws.Parts)
			transitParts(parts)
			g := &parts.ExistingTransitGateways[1]
			g.Accepts, g.AutoAccepts = true, true
			g.Adds = []aws.TransitAdds{{Destination: prefix("10.0.0.0/16"), Origin: at("networks.tokyo.attach", 82)}}
			_, err := runIn(t, p, test.answers)
			switch {
			case test.want == "" && err != nil:
				t.Fatal(err)
			case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}
