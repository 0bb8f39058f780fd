package azure

import (
	"fmt"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/blame"
	"github.com/obslink/obslink/compiler/plan"
)

// accusations are in the order in which they are tried. The words are those of Azure Resource Manager;
// internal/sandbox/refusals.go has them with their sources.
var accusations = []blame.Accusation{
	{Says: "InvalidCIDRNotation", About: blame.CIDR},
	{Says: "NetcfgInvalidSubnet", About: blame.CIDR},
	{Says: "NetcfgSubnetRangesOverlap", About: blame.CIDR},
	{Says: "LocationNotAvailableForResource", About: blame.Field("region")},
	{Says: "cannot be peered because their address spaces overlap", About: blame.Overlap},
	{Says: "SubnetIsFull", About: blamedSubnet},
	{Says: "PrivateEndpointCannotBeCreatedInSubnetWithDelegation", About: func(r blame.Refused) string { return strings.TrimSuffix(blamedSubnet(r), ".cidr") }},
	{Says: "could not be used to provision the inbound endpoint", About: blamedInbound},
	{Says: "must be in the subnet GatewaySubnet", About: blamedGatewaySubnet},
	{Says: "is reserved for Azure", About: func(r blame.Refused) string { return strings.TrimSuffix(r.Origin, ".device") + ".asn" }},
	{Says: "is that of both ends", About: blame.Field("asn")},
	{Says: "has invalid Priority", About: func(r blame.Refused) string { return strings.TrimSuffix(r.Origin, ".securityGroup") + ".priority" }},
	{Says: "zones with overlapping namespaces", About: blame.Answered(declaredLink)},
	{Says: "; private link scope", About: below(".region")},
	{Says: "rule is invalid: workspace", About: below(".workspaces")},
	{Says: "Data collection endpoint", About: below(".dataCollectionEndpoint")},
	{Says: "rule is invalid: data collection endpoint", About: below(".dataCollectionEndpoint")},
	{Says: "the limit is", About: blamedAmount},
	{Says: "PrivateIPAddress", About: blamedPrivateAddress},
	{Says: "member names", About: below(".pin")},
	{Says: "has no members", About: below(".pin")},
	{Says: "already connected to Azure Monitor private link scope", About: blame.Answered(declaredLink)},
}

// Blame is the path of the topology that Azure's refusal of a resource is about; "" where that is
// origin, which the resource comes from.
func Blame(p *plan.Plan, resource string, origin plan.Origin, answer string) string {
	return blame.Path(accusations, blame.Refused{Plan: p, Resource: resource, Origin: origin.Path, Answer: answer})
}

// below is a field of what the resource comes from.
func below(field string) func(blame.Refused) string {
	return func(r blame.Refused) string { return r.Origin + field }
}

// declaredLink is where the topology says that a network sees a zone.
func declaredLink(z plan.Zone, network string) string {
	return fmt.Sprintf("%s.networks[%d]", z.Origin.Path, slices.Index(z.Networks, network))
}

// blamedSubnet is the range of the endpoint's subnet.
func blamedSubnet(r blame.Refused) string {
	for _, e := range r.Plan.Graph.Endpoints {
		for _, n := range r.Plan.Graph.Networks {
			for _, s := range n.Subnets {
				if e.Name == r.Resource && n.Name == e.Network && s.Name == e.Subnet {
					return s.Origin.Path + ".cidr"
				}
			}
		}
	}
	return ""
}

// blamedPrivateAddress is where an endpoint's address was fixed: in the lock, by pin, or in its subnet.
func blamedPrivateAddress(r blame.Refused) string {
	for _, n := range r.Plan.Names {
		subnet := strings.TrimSuffix(blamedSubnet(r), ".cidr")
		if n.Endpoint == r.Resource && strings.HasSuffix(r.Origin, "."+datadogKind) {
			return subnet + ".addresses." + n.Backend + "." + n.Service
		}
	}
	return r.Origin + ".pin"
}

// blamedGatewaySubnet is the name of the subnet in which a VPN gateway was to stand.
func blamedGatewaySubnet(r blame.Refused) string {
	parts, _ := r.Plan.Parts[Name].(*Parts)
	if parts == nil {
		return ""
	}
	for _, g := range parts.VPNGateways {
		for _, n := range r.Plan.Graph.Networks {
			for _, s := range n.Subnets {
				if g.Name == r.Resource && s.Ref == g.Subnet {
					return s.Origin.Path + ".existing"
				}
			}
		}
	}
	return ""
}

// blamedInbound is the range of a DNS inbound endpoint's subnet.
func blamedInbound(r blame.Refused) string {
	parts, _ := r.Plan.Parts[Name].(*Parts)
	if parts == nil {
		return ""
	}
	for _, e := range parts.InboundEndpoints {
		for _, s := range parts.Subnets {
			if e.Name == r.Resource && s.Name == e.Subnet.Part {
				return s.Origin.Path + ".cidr"
			}
		}
	}
	return ""
}

// blamedAmount is the source of a data collection rule that holds too much.
func blamedAmount(r blame.Refused) string {
	parts, _ := r.Plan.Parts[Name].(*Parts)
	if parts == nil {
		return ""
	}
	for _, d := range parts.DataCollectionRules {
		if d.Name != r.Resource {
			continue
		}
		for _, s := range d.Counters {
			if strings.Contains(r.Answer, fmt.Sprintf("has %d counters", len(s.Specifiers))) {
				return r.Origin + ".performanceCounters." + strings.TrimPrefix(s.Name, "perf-") + ".counters"
			}
		}
		for _, s := range d.Syslog {
			if strings.Contains(r.Answer, fmt.Sprintf("has %d facilities", len(s.Facilities))) {
				return r.Origin + ".syslog." + strings.TrimPrefix(s.Name, "syslog-") + ".facilities"
			}
		}
		for _, s := range d.Events {
			if strings.Contains(r.Answer, fmt.Sprintf("has %d queries", len(s.Queries))) {
				return r.Origin + ".windowsEvents." + strings.TrimPrefix(s.Name, "events-") + ".queries"
			}
		}
	}
	return r.Origin
}
