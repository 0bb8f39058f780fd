package program

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2transitgateway"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/targets/aws"
	"github.com/obslink/obslink/targets/register"
)

// registerTransitGateways turns off what a gateway does by default, a full mesh of all that is attached.
func (r *Run) registerTransitGateways() error {
	for _, g := range r.parts.TransitGateways {
		args := &ec2transitgateway.TransitGatewayArgs{
			DefaultRouteTableAssociation: pulumi.String("disable"),
			DefaultRouteTablePropagation: pulumi.String("disable"),
			Tags:                         r.tags(g.Name),
		}
		if g.ASN != 0 {
			args.AmazonSideAsn = pulumi.Int(int(g.ASN))
		}
		gateway, err := ec2transitgateway.NewTransitGateway(r.Ctx, g.Name, args, r.Options(g.Part))
		if err != nil {
			return err
		}
		r.Keep(g.Name, gateway)
	}
	return nil
}

func (r *Run) registerTransitRouteTables() error {
	for _, t := range r.parts.TransitRouteTables {
		table, err := ec2transitgateway.NewRouteTable(r.Ctx, t.Name, &ec2transitgateway.RouteTableArgs{
			TransitGatewayId: r.ID(t.TransitGateway),
			Tags:             r.tags(t.Name),
		}, r.Options(t.Part))
		if err != nil {
			return err
		}
		r.Keep(t.Name, table)
	}
	return nil
}

// registerTransitAttachments always says both defaults: the provider's are on, which an association of
// its own would contradict. Of another account's gateway the provider reads them as on, whatever they are
// (terraform-provider-aws, recalled 2026-11): there the accepter says them.
func (r *Run) registerTransitAttachments() error {
	for _, a := range r.parts.TransitAttachments {
		var subnets pulumi.StringArray
		for _, s := range a.Subnets {
			subnets = append(subnets, r.ID(s))
		}
		// A VPC has one attachment to a gateway, so a second one cannot come before the first goes.
		args := &ec2transitgateway.VpcAttachmentArgs{
			TransitGatewayId: r.ID(a.TransitGateway),
			VpcId:            r.ID(a.VPC),
			SubnetIds:        subnets,
			Tags:             r.tags(a.Name),
		}
		if a.Accepter == "" && !a.AutoAccepted {
			args.TransitGatewayDefaultRouteTableAssociation = pulumi.Bool(a.Defaults)
			args.TransitGatewayDefaultRouteTablePropagation = pulumi.Bool(a.Defaults)
		}
		attachment, err := ec2transitgateway.NewVpcAttachment(r.Ctx, a.Name, args, r.Options(a.Part, pulumi.DeleteBeforeReplace(true), r.DependsOn(a.After...)))
		if err != nil {
			return err
		}
		r.Keep(a.Name, attachment)
	}
	return nil
}

func (r *Run) registerTransitPeerings() error {
	for _, p := range r.parts.TransitPeerings {
		peering, err := ec2transitgateway.NewPeeringAttachment(r.Ctx, p.Name, &ec2transitgateway.PeeringAttachmentArgs{
			TransitGatewayId:     r.ID(p.Requester),
			PeerTransitGatewayId: r.ID(p.Accepter),
			PeerRegion:           pulumi.String(p.AccepterRegion),
			PeerAccountId:        pulumi.String(p.AccepterAccount),
			Tags:                 r.tags(p.Name),
		}, r.Options(p.Part))
		if err != nil {
			return err
		}
		r.Keep(p.Name, peering)
	}
	return nil
}

// registerTransitPeeringAccepters tags each peering as its request does: in one region and account both
// tag the same object.
func (r *Run) registerTransitPeeringAccepters() error {
	for _, a := range r.parts.TransitPeeringAccepters {
		accepter, err := ec2transitgateway.NewPeeringAttachmentAccepter(r.Ctx, a.Name, &ec2transitgateway.PeeringAttachmentAccepterArgs{
			TransitGatewayAttachmentId: r.Resource(a.Peering).ID(),
			Tags:                       r.tags(a.Peering),
		}, r.Options(a.Part))
		if err != nil {
			return err
		}
		r.Keep(a.Name, accepter)
	}
	return nil
}

// registerTransitAssociations waits for the accepter of a peering: what is not available yet cannot be
// associated. An attachment has one table, so a new association comes after the old one is gone.
func (r *Run) registerTransitAssociations() error {
	for _, list := range [][]aws.TransitAssociation{r.parts.TransitAssociations, r.parts.TransitPeeringAssociations} {
		for _, a := range list {
			args := &ec2transitgateway.RouteTableAssociationArgs{
				TransitGatewayAttachmentId: r.attachmentID(a.Attachment),
				TransitGatewayRouteTableId: r.ID(a.RouteTable),
			}
			if a.Replace {
				args.ReplaceExistingAssociation = pulumi.Bool(true)
			}
			association, err := ec2transitgateway.NewRouteTableAssociation(r.Ctx, a.Name, args,
				r.Options(a.Part, pulumi.DeleteBeforeReplace(true), r.DependsOn(some(a.After)...)))
			if err != nil {
				return err
			}
			r.Keep(a.Name, association)
		}
	}
	return nil
}

func (r *Run) registerTransitPropagations() error {
	for _, p := range r.parts.TransitPropagations {
		propagation, err := ec2transitgateway.NewRouteTablePropagation(r.Ctx, p.Name, &ec2transitgateway.RouteTablePropagationArgs{
			TransitGatewayAttachmentId: r.attachmentID(p.Attachment),
			TransitGatewayRouteTableId: r.ID(p.RouteTable),
		}, r.Options(p.Part, r.DependsOn(some(p.After)...)))
		if err != nil {
			return err
		}
		r.Keep(p.Name, propagation)
	}
	return nil
}

func (r *Run) registerTransitRoutes() error {
	for _, route := range r.parts.TransitRoutes {
		registered, err := ec2transitgateway.NewRoute(r.Ctx, route.Name, &ec2transitgateway.RouteArgs{
			TransitGatewayRouteTableId: r.ID(route.RouteTable),
			DestinationCidrBlock:       pulumi.String(route.Destination.String()),
			TransitGatewayAttachmentId: r.attachmentID(route.Attachment),
		}, r.Options(route.Part, pulumi.DeleteBeforeReplace(true), r.DependsOn(some(route.After)...)))
		if err != nil {
			return err
		}
		r.Keep(route.Name, registered)
	}
	return nil
}

func some(name string) []string {
	if name == "" {
		return nil
	}
	return []string{name}
}

// transitAssumptions are the look-ups of lookUpTransitGateway with the answers that would please.
func transitAssumptions(g aws.ExistingTransitGateway) []manifest.Assumption {
	expected := map[string]any{"id": g.ID, "ownerId": g.AccountID}
	if g.RouteTable == "" {
		expected["defaultRouteTableAssociation"], expected["defaultRouteTablePropagation"] = "enable", "enable"
		expected["associationDefaultRouteTableId"], expected["propagationDefaultRouteTableId"] = defaultTable(g), defaultTable(g)
	}
	if g.Accepts {
		expected["autoAcceptSharedAttachments"] = enabled(g.AutoAccepts)
	}
	all := []manifest.Assumption{assume("aws:ec2transitgateway/getTransitGateway:getTransitGateway", g.Provider, g.Origin, map[string]any{"id": g.ID}, expected)}
	if g.RouteTable != "" {
		all = append(all, assume("aws:ec2transitgateway/getRouteTable:getRouteTable", g.Provider, g.Origin,
			map[string]any{"id": g.RouteTable}, map[string]any{"id": g.RouteTable, "transitGatewayId": g.ID}))
	}
	if len(g.Adds) > 0 {
		all = append(all, assume("aws:ec2transitgateway/getRouteTableRoutes:getRouteTableRoutes", g.Provider, g.Origin, map[string]any{
			"transitGatewayRouteTableId": cmp.Or(g.RouteTable, defaultTable(g)), "filters": []any{map[string]any{"name": "type", "values": []any{"propagated", "static"}}},
		}, map[string]any{"routes": []any{}}))
	}
	return all
}

// defaultTable stands for the id of a gateway's default route table, which the cloud chooses.
func defaultTable(g aws.ExistingTransitGateway) string { return g.ID + " default" }

func enabled(on bool) string {
	if on {
		return "enable"
	}
	return "disable"
}

// acceptance compares who accepts what other accounts attach: EC2 refuses to accept what is accepted
// already, and what nobody accepts carries nothing.
func acceptance(g aws.ExistingTransitGateway, what, has string) diag.List {
	switch {
	case has == enabled(g.AutoAccepts):
		return nil
	case g.AutoAccepts:
		return diag.List{differs(g.Origin, "%s does not accept attachments of other accounts by itself, the topology says that it does", what).
			WithHint("remove autoAccept, and obslink accepts each that the topology declares")}
	default:
		return diag.List{differs(g.Origin, "%s accepts attachments of other accounts by itself; obslink accepts each that the topology declares", what).
			WithHint("write autoAccept: true")}
	}
}

func (r *Run) lookUpTransitGateway(g aws.ExistingTransitGateway) diag.List {
	what := fmt.Sprintf("transit gateway %q", g.ID)
	got, err := ec2transitgateway.LookupTransitGateway(r.Ctx, &ec2transitgateway.LookupTransitGatewayArgs{Id: &g.ID}, r.Through(g.Provider))
	if err != nil {
		return register.Failed(g.Origin, what, r.place(g.Provider), err)
	}
	var found diag.List
	if got.OwnerId != g.AccountID {
		found = append(found, differs(g.Origin, "%s belongs to account %q, the topology says %q", what, got.OwnerId, g.AccountID).
			WithHint("declare the gateway in the account that owns it"))
	}
	if g.Accepts {
		found = append(found, acceptance(g, what, got.AutoAcceptSharedAttachments)...)
	}
	if g.RouteTable == "" {
		const hint = `name the route table that is to be used: routeTable: "tgw-rtb-…"`
		switch {
		case got.DefaultRouteTableAssociation != "enable" || got.DefaultRouteTablePropagation != "enable":
			return append(found, differs(g.Origin, "%s does not associate and propagate into a default route table", what).WithHint(hint))
		case got.AssociationDefaultRouteTableId != got.PropagationDefaultRouteTableId:
			return append(found, differs(g.Origin, "%s associates with route table %q by default and propagates into %q, so that no attachment reaches another", what,
				got.AssociationDefaultRouteTableId, got.PropagationDefaultRouteTableId).WithHint(hint))
		}
		return append(found, r.lookUpTransitRoutes(g, got.AssociationDefaultRouteTableId)...)
	}
	table, err := ec2transitgateway.LookupRouteTable(r.Ctx, &ec2transitgateway.LookupRouteTableArgs{Id: &g.RouteTable}, r.Through(g.Provider))
	if err != nil {
		return append(found, register.Failed(g.Origin, fmt.Sprintf("transit gateway route table %q", g.RouteTable), r.place(g.Provider), err)...)
	}
	if table.TransitGatewayId != g.ID {
		found = append(found, differs(g.Origin, "route table %q is of transit gateway %q, the topology says %q", g.RouteTable, table.TransitGatewayId, g.ID).
			WithHint("name a route table of %q", g.ID))
	}
	return append(found, r.lookUpTransitRoutes(g, g.RouteTable)...)
}

// ownGateway reports whether a transit gateway was made by an earlier run of this stack. Only its owner
// sees its tags, so every account of the region is asked.
func (r *Run) ownGateway(provider, id string) bool {
	at := slices.IndexFunc(r.parts.Providers, func(p aws.Provider) bool { return p.Name == provider })
	return at >= 0 && slices.ContainsFunc(r.parts.Providers, func(p aws.Provider) bool {
		if p.Region != r.parts.Providers[at].Region {
			return false
		}
		got, err := ec2transitgateway.LookupTransitGateway(r.Ctx, &ec2transitgateway.LookupTransitGatewayArgs{Id: &id}, r.Through(p.Name))
		return err == nil && got.Tags[stackTag] == r.Stack
	})
}
