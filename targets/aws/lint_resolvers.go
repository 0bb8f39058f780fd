package aws

import (
	"slices"

	"github.com/obslink/obslink/compiler/manifest"
)

// resolverRules are the traps of Route 53 Resolver endpoints.
var resolverRules = []manifest.Rule{
	{Name: "aws-resolver-addresses", Source: "hashicorp/terraform-provider-aws#6563: RSLVR-00400, at least 2 addresses", AsOf: "2019-03", Check: lintResolverAddresses},
	{Name: "aws-resolver-replace", Source: "DESIGN §5.7: an address cannot be taken twice; security groups are replaced, not changed (Route 53 resolver guide)", AsOf: "2023", Check: lintResolverReplacement},
	{Name: "aws-resolver-ports", Source: "Route 53 resolver guide: port 53 of UDP and of TCP, for answers that are too long", AsOf: "2023", Check: lintResolverPorts},
}

func lintResolverAddresses(v *manifest.View, report manifest.Report) {
	for _, r := range v.OfType(resolverEndpointType) {
		if count := len(r.List("ipAddresses")); count < fewestAddresses {
			report(r, "ipAddresses", "are %d, and must be two at least", count)
		}
	}
}

func lintResolverReplacement(v *manifest.View, report manifest.Report) {
	for _, r := range v.OfType(resolverEndpointType) {
		pinned := slices.ContainsFunc(r.List("ipAddresses"), func(value any) bool {
			fields, _ := value.(map[string]any)
			return fields["ip"] != nil
		})
		if pinned && !r.DeleteBeforeReplace {
			report(r, "", "would be created a second time before it is deleted")
		}
	}
}

// lintResolverPorts wants whoever may ask over UDP to ask over TCP too, and the other way round: where
// one is missing, short answers arrive and long ones do not, or none do.
func lintResolverPorts(v *manifest.View, report manifest.Report) {
	type source struct {
		group *manifest.Resource
		from  any
	}
	admitted := map[source]map[string]*manifest.Resource{}
	for _, rule := range v.OfType(ingressType) {
		id := source{v.Referred(rule.Inputs["securityGroupId"]), rule.Inputs["cidrIpv4"]}
		if admitted[id] == nil {
			admitted[id] = map[string]*manifest.Resource{}
		}
		admitted[id][rule.Text("ipProtocol")] = rule
	}
	asked := map[*manifest.Resource]bool{}
	for _, r := range v.OfType(resolverEndpointType) {
		for _, group := range r.List("securityGroupIds") {
			asked[v.Referred(group)] = r.Text("direction") == "INBOUND"
		}
	}
	for _, rule := range v.OfType(ingressType) {
		id := source{v.Referred(rule.Inputs["securityGroupId"]), rule.Inputs["cidrIpv4"]}
		for _, pair := range [][2]string{{"tcp", "udp"}, {"udp", "tcp"}} {
			if id.group != nil && asked[id.group] && rule.Text("ipProtocol") == pair[0] && admitted[id][pair[1]] == nil {
				report(rule, "ipProtocol", "admits questions over %s alone, and DNS needs %s too", pair[0], pair[1])
			}
		}
	}
}
