package aws

import (
	"fmt"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/manifest"
)

// Type tokens that the rules read.
const (
	vpcType         = "aws:ec2/vpc:Vpc"
	endpointType    = "aws:ec2/vpcEndpoint:VpcEndpoint"
	peeringType     = "aws:ec2/vpcPeeringConnection:VpcPeeringConnection"
	accepterType    = "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter"
	routeTableType  = "aws:ec2/routeTable:RouteTable"
	routeType       = "aws:ec2/route:Route"
	groupType       = "aws:ec2/securityGroup:SecurityGroup"
	ingressType     = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
	egressType      = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
	zoneType        = "aws:route53/zone:Zone"
	associationType = "aws:route53/zoneAssociation:ZoneAssociation"
	recordType      = "aws:route53/record:Record"
)

// LintRules are the traps of AWS and of its Pulumi provider.
var LintRules = slices.Concat([]manifest.Rule{
	{Name: "aws-vpc-dns", Source: "AWS PrivateLink User Guide p. 58, 62", AsOf: "2026", Check: lintVPCDNS},
	{Name: "aws-endpoint-type", Source: "pulumi-aws VpcEndpoint: vpcEndpointType defaults to Gateway", AsOf: "6.83.2", Check: lintEndpointType},
	{Name: "aws-endpoint-private-dns", Source: "pulumi-aws VpcEndpoint: off by default, on in the console", AsOf: "6.83.2", Check: lintEndpointPrivateDNS},
	{Name: "aws-endpoint-subnets", Source: "pulumi-aws VpcEndpoint: subnetConfigurations", AsOf: "6.83.2", Check: lintEndpointSubnets},
	{Name: "aws-endpoint-replace", Source: "DESIGN §5.7: an address cannot be taken twice", AsOf: "2026-11", Check: lintEndpointReplacement},
	{Name: "aws-endpoint-region", Source: "hashicorp/terraform-provider-aws#40438: without service_region the name does not exist", AsOf: "2024-12", Check: lintEndpointRegion},
	{Name: "aws-endpoint-zone", Source: "AWS PrivateLink User Guide p. 56, 110", AsOf: "2026", Check: lintEndpointZone},
	{Name: "aws-endpoint-policy", Source: "EC2 API error codes: InvalidPolicyDocument", AsOf: "2026-11", Check: lintEndpointPolicy},
	{Name: "aws-endpoint-names", Source: "hashicorp/terraform-provider-aws#17535: conflicting DNS domain", AsOf: "2021", Check: lintEndpointNames},
	{Name: "aws-inline-rules", Source: "pulumi-aws SecurityGroup: not with rule resources", AsOf: "6.83.2", Check: lintInlineRules},
	{Name: "aws-inline-routes", Source: "pulumi-aws RouteTable: not with Route resources", AsOf: "6.83.2", Check: lintInlineRoutes},
	{Name: "aws-rule-source", Source: "pulumi-aws SecurityGroupIngressRule: one source; ports unless -1", AsOf: "6.83.2", Check: lintRuleSource},
	{Name: "aws-group-name", Source: "seen: invalid value for name (cannot begin with sg-)", AsOf: "2026-11-21", Check: lintGroupName},
	{Name: "aws-zone-private", Source: "seen: a zone without VPC is public", AsOf: "2026-11-21", Check: lintZonePrivate},
	{Name: "aws-zone-shared", Source: "hashicorp/terraform-provider-aws#25438; DESIGN §5.7", AsOf: "2026-11", Check: lintZoneShared},
	{Name: "aws-zone-parent", Source: "Route 53 hosted-zone-private-considerations: NXDOMAIN", AsOf: "2023", Check: lintZoneParent},
	{Name: "aws-alias-ttl", Source: "pulumi-aws Record: ttl conflicts with aliases", AsOf: "6.83.2", Check: lintAliasTTL},
	{Name: "aws-peering-accept", Source: "pulumi-aws VpcPeeringConnection: autoAccept needs one account and region", AsOf: "6.83.2", Check: lintPeeringAccepted},
	{Name: "aws-accepter-provider", Source: "VPC Peering Guide: accept in the accepter's region and account", AsOf: "2023", Check: lintAccepterProvider},
	{Name: "aws-route-after-accepter", Source: "EC2 CreateRoute refuses a peering that is not active", AsOf: "2023", Check: lintRouteAfterAccepter},
}, transitRules, vpnRules, resolverRules, groupRules)

func lintVPCDNS(v *manifest.View, report manifest.Report) {
	for _, r := range v.OfType(vpcType) {
		for _, attribute := range []string{"enableDnsHostnames", "enableDnsSupport"} {
			if r.Inputs[attribute] != true {
				report(r, attribute, "is not on: private names do not resolve in the VPC")
			}
		}
	}
}

func lintEndpointType(v *manifest.View, report manifest.Report) {
	for _, r := range v.OfType(endpointType) {
		if r.Text("vpcEndpointType") == "" {
			report(r, "vpcEndpointType", "is not said, and would be Gateway")
		}
	}
}

func lintEndpointPrivateDNS(v *manifest.View, report manifest.Report) {
	for _, r := range v.OfType(endpointType) {
		if !r.Has("privateDnsEnabled") && r.Text("vpcEndpointType") != "Gateway" {
			report(r, "privateDnsEnabled", "is not said")
		}
	}
}

// lintEndpointSubnets wants the same subnets in both lists: a subnet in one alone is a difference at
// every preview.
func lintEndpointSubnets(v *manifest.View, report manifest.Report) {
	for _, r := range v.OfType(endpointType) {
		if !r.Has("subnetConfigurations") {
			continue
		}
		var configured []any
		for _, configuration := range r.List("subnetConfigurations") {
			fields, _ := configuration.(map[string]any)
			configured = append(configured, fields["subnetId"])
		}
		if a, b := inOrder(r.List("subnetIds")), inOrder(configured); !slices.Equal(a, b) {
			report(r, "subnetIds", "are %s, subnetConfigurations are of %s", a, b)
		}
	}
}

func inOrder(values []any) []string {
	list := make([]string, len(values))
	for i, value := range values {
		list[i] = fmt.Sprint(value)
	}
	slices.Sort(list)
	return list
}

func lintEndpointReplacement(v *manifest.View, report manifest.Report) {
	for _, r := range v.OfType(endpointType) {
		pinned := r.Has("subnetConfigurations") || r.Inputs["privateDnsEnabled"] == true
		if pinned && !r.DeleteBeforeReplace {
			report(r, "", "would be created a second time before it is deleted")
		}
	}
}

func lintInlineRules(v *manifest.View, report manifest.Report) {
	for _, token := range []string{ingressType, egressType} {
		for _, rule := range v.OfType(token) {
			group := v.Referred(rule.Inputs["securityGroupId"])
			for _, inline := range []string{"ingress", "egress"} {
				if group != nil && group.Has(inline) {
					report(group, inline, "has rules in line, and %s is a rule of its own", rule.Name)
				}
			}
		}
	}
}

func lintInlineRoutes(v *manifest.View, report manifest.Report) {
	for _, route := range v.OfType(routeType) {
		if table := v.Referred(route.Inputs["routeTableId"]); table != nil && table.Has("routes") {
			report(table, "routes", "are in line, and %s is a route of its own", route.Name)
		}
	}
}

func lintRuleSource(v *manifest.View, report manifest.Report) {
	for _, r := range slices.Concat(v.OfType(ingressType), v.OfType(egressType)) {
		var given []string
		for _, source := range []string{"cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"} {
			if r.Has(source) {
				given = append(given, source)
			}
		}
		if len(given) != 1 {
			report(r, "", "has %d sources, exactly one is accepted: %v", len(given), given)
		}
		all := r.Text("ipProtocol") == "-1"
		for _, port := range []string{"fromPort", "toPort"} {
			if r.Has(port) == all {
				report(r, port, "must be given unless ipProtocol is -1, and then not")
			}
		}
	}
}

// lintGroupName looks at the logical name too: the physical one is made from it.
func lintGroupName(v *manifest.View, report manifest.Report) {
	for _, r := range v.OfType(groupType) {
		for path, name := range map[string]string{"": r.Name, "name": r.Text("name"), "namePrefix": r.Text("namePrefix")} {
			if strings.HasPrefix(name, "sg") && (path != "" || !r.Has("name") && !r.Has("namePrefix")) {
				report(r, path, "name %q begins with sg, as only ids may", name)
			}
		}
	}
}

func lintZonePrivate(v *manifest.View, report manifest.Report) {
	for _, r := range v.OfType(zoneType) {
		if len(r.List("vpcs")) == 0 {
			report(r, "vpcs", "are none, so the zone would be public")
		}
	}
}

func lintZoneShared(v *manifest.View, report manifest.Report) {
	for _, association := range v.OfType(associationType) {
		zone := v.Referred(association.Inputs["zoneId"])
		if zone == nil {
			continue
		}
		if !slices.Contains(zone.IgnoreChanges, "vpcs") {
			report(zone, "vpcs", "change with every association: they must be ignored")
		}
		var own []any
		for _, vpc := range zone.List("vpcs") {
			fields, _ := vpc.(map[string]any)
			own = append(own, fields["vpcId"])
		}
		trigger, _ := zone.ReplacementTrigger.([]any)
		if len(trigger) == 0 || !slices.Equal(trigger, own) || !zone.DeleteBeforeReplace {
			report(zone, "", "must be replaced, deleted first, when its own VPCs are others: changes of vpcs are ignored")
		}
	}
}

// lintZoneParent refuses a zone that would answer NXDOMAIN for names that others rely on.
func lintZoneParent(v *manifest.View, report manifest.Report) {
	for _, r := range v.OfType(zoneType) {
		name := strings.ToLower(strings.TrimSuffix(r.Text("name"), "."))
		if isParent(name) && !hasWildcard(v, r, name) {
			report(r, "name", "%s holds names of others, and the zone would answer that they do not exist", name)
		}
	}
}

// datadogSites are the domains whose names Datadog serves (config/_default/params.yaml@00570a06).
var datadogSites = []string{
	"datadoghq.com", "us3.datadoghq.com", "us5.datadoghq.com", "ap1.datadoghq.com", "ap2.datadoghq.com", "uk1.datadoghq.com",
	"datadoghq.eu", "ddog-gov.com", "us2.ddog-gov.com",
}

// isParent reports whether a name holds more than one service: a site, the parents of its intakes, a
// cloud's own domain or a part of one that is a region's.
func isParent(name string) bool {
	for _, site := range datadogSites {
		for _, parent := range []string{"", "agent.", "logs.", "intake.", "profile.", "synthetics."} {
			if name == parent+site {
				return true
			}
		}
	}
	for _, domain := range []string{"amazonaws.com", "api.aws", "azure.com", "windows.net", "azure-automation.net"} {
		if name == domain {
			return true
		}
	}
	region, ok := strings.CutSuffix(name, ".amazonaws.com")
	if ok && strings.Count(region, "-") == 2 && !strings.Contains(region, ".") {
		return true
	}
	return name == "blob.core.windows.net" || name == "core.windows.net" || name == "monitor.azure.com" || name == "opinsights.azure.com"
}

func hasWildcard(v *manifest.View, zone *manifest.Resource, name string) bool {
	return slices.ContainsFunc(v.OfType(recordType), func(r *manifest.Resource) bool {
		return v.Referred(r.Inputs["zoneId"]) == zone && strings.EqualFold(r.Text("name"), "*."+name)
	})
}

func lintAliasTTL(v *manifest.View, report manifest.Report) {
	for _, r := range v.OfType(recordType) {
		if alias := r.Has("aliases"); alias == r.Has("ttl") || alias == r.Has("records") {
			report(r, "", "must have either aliases, or records and ttl")
		}
	}
}

// place is an account in a region.
type place struct{ account, region string }

// placeOf is where a resource's provider works.
func placeOf(v *manifest.View, r *manifest.Resource) place {
	provider := v.Named(r.Provider)
	if provider == nil {
		return place{}
	}
	accounts := append(inOrder(provider.List("allowedAccountIds")), "")
	return place{accounts[0], provider.Text("region")}
}

// peerOf is where a peering's other side is; what the peering does not say is as on its own side.
func peerOf(v *manifest.View, peering *manifest.Resource) place {
	peer := placeOf(v, peering)
	if account := peering.Text("peerOwnerId"); account != "" {
		peer.account = account
	}
	if region := peering.Text("peerRegion"); region != "" {
		peer.region = region
	}
	return peer
}

func lintPeeringAccepted(v *manifest.View, report manifest.Report) {
	accepted := map[*manifest.Resource]bool{}
	for _, accepter := range v.OfType(accepterType) {
		accepted[v.Referred(accepter.Inputs["vpcPeeringConnectionId"])] = accepter.Inputs["autoAccept"] == true
	}
	for _, r := range v.OfType(peeringType) {
		if r.Has("peerRegion") && r.Inputs["autoAccept"] == true {
			report(r, "autoAccept", "is refused with a peerRegion")
		}
		if placeOf(v, r) != peerOf(v, r) && !accepted[r] {
			report(r, "", "goes to %v and nothing there accepts it", peerOf(v, r))
		}
	}
}

func lintAccepterProvider(v *manifest.View, report manifest.Report) {
	for _, accepter := range v.OfType(accepterType) {
		peering := v.Referred(accepter.Inputs["vpcPeeringConnectionId"])
		if peering == nil {
			continue
		}
		if has, wants := placeOf(v, accepter), peerOf(v, peering); has != wants {
			report(accepter, "", "works in %v, the peering is to be accepted in %v", has, wants)
		}
	}
}

func lintRouteAfterAccepter(v *manifest.View, report manifest.Report) {
	accepters := map[*manifest.Resource]string{}
	for _, accepter := range v.OfType(accepterType) {
		accepters[v.Referred(accepter.Inputs["vpcPeeringConnectionId"])] = accepter.Name
	}
	for _, route := range v.OfType(routeType) {
		peering := v.Referred(route.Inputs["vpcPeeringConnectionId"])
		if accepter, found := accepters[peering]; peering != nil && found && !slices.Contains(route.DependsOn, accepter) {
			report(route, "", "does not wait for %s", accepter)
		}
	}
}
