package aws

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/blame"
	"github.com/obslink/obslink/compiler/plan"
)

// accusations are in the order in which they are tried. The words are those of AWS and of its provider;
// internal/sandbox/refusals.go has them with their sources.
var accusations = []blame.Accusation{
	{Says: "is not a valid IPv4 CIDR block", About: blame.CIDR},
	{Says: "between 16 and 28 significant bits", About: blame.CIDR},
	{Says: "InvalidSubnet.", About: blame.CIDR},
	{Says: "in the following availability zones", About: blame.Field("zone")},
	{Says: "invalid AWS Region", About: blame.Network(".region")},
	{Says: "AWS account ID not allowed", About: blamedRole},
	{Says: "does not support cross-Region endpoints", About: blamedZone},
	{Says: "Found another VPC endpoint subnet in the availability zone", About: blamedSubnet},
	{Says: "Duplicate Subnets for same AZ", About: blame.Field("subnets")},
	{Says: "InvalidIPAddress.InUse", About: blamedAddress},
	{Says: "does not fall within the subnet's address range", About: blamedAddress},
	{Says: "subnet's reserved address range", About: blamedAddress},
	{Says: "InvalidPolicyDocument", About: blame.Field("policy")},
	{Says: "Endpoint policies are not supported", About: blame.Field("policy")},
	{Says: "conflicting DNS domain", About: blame.Answered(declaredDomain)},
	{Says: "ConflictingDomainExists", About: blame.Answered(declaredDomain)},
	{Says: "overlapping CIDR range", About: blame.Overlap},
	{Says: "RouteAlreadyExists", About: blame.Overlap},
	{Says: "is equal to or more specific than", About: blame.Overlap},
	{Says: "InvalidPermission.Duplicate", About: blame.Overlap},
	{Says: "amazon_side_asn", About: blame.Field("asn")},
	{Says: "needs at least one subnet", About: blame.Network("")},
	{Says: "VpcEndpointLimitExceeded", About: blame.Network("")},
	{Says: "RulesPerSecurityGroupLimitExceeded", About: blamedGroup},
	{Says: "RouteLimitExceeded", About: blame.Network("")},
	{Says: "ActiveVpcPeeringConnectionPerVpcLimitExceeded", About: blame.Busiest},
	{Says: "MAX_VPCS_ASSOCIATED_WITH_HOSTED_ZONE", About: blame.Network("")},
}

// Blame is the path of the topology that AWS's refusal of a resource is about; "" where that is
// origin, which the resource comes from.
func Blame(p *plan.Plan, resource string, origin plan.Origin, answer string) string {
	return blame.Path(accusations, blame.Refused{Plan: p, Resource: resource, Origin: origin.Path, Answer: answer})
}

// blamedParts are the parts of a plan that has some.
func blamedParts(r blame.Refused) *Parts {
	if parts, ok := r.Plan.Parts[Name].(*Parts); ok {
		return parts
	}
	return &Parts{}
}

func declaredDomain(z plan.Zone, _ string) string { return z.Origin.Path + ".domain" }

var accountDigits = regexp.MustCompile(`\d{12}`)

// blamedRole is that of the account which the answer names.
func blamedRole(r blame.Refused) string {
	id := accountDigits.FindString(r.Answer)
	for _, p := range blamedParts(r).Providers {
		if strings.Contains(p.AssumeRole, id) {
			return p.Origin.Path + ".aws.assumeRole"
		}
	}
	return ""
}

// blamedGroup is the security group of the servers that a refused rule lets out, else the network of one
// that obslink makes.
func blamedGroup(r blame.Refused) string {
	parts := blamedParts(r)
	for _, rule := range parts.EgressRules {
		for _, g := range parts.ExistingGroups {
			if rule.Name == r.Resource && rule.ExistingGroup == g.ID {
				return g.Origin.Path
			}
		}
	}
	return blame.Network("")(r)
}

// blamedEndpoint is the endpoint that was refused, with nothing in it where that is something else.
func blamedEndpoint(r blame.Refused) Endpoint {
	all := blamedParts(r).Endpoints
	if i := slices.IndexFunc(all, func(e Endpoint) bool { return e.Name == r.Resource }); i >= 0 {
		return all[i]
	}
	return Endpoint{}
}

// subnetOrigin is where a subnet comes from, and its zone as far as the topology says it.
func subnetOrigin(p *Parts, ref plan.Ref) (path, zone string) {
	for _, s := range p.ExistingSubnets {
		if s.ID == ref.Existing {
			return s.Origin.Path, s.ZoneID
		}
	}
	for _, s := range p.Subnets {
		if s.Name == ref.Part {
			return s.Origin.Path, s.ZoneID
		}
	}
	return "", ""
}

// blamedZone is the zone that the answer names.
func blamedZone(r blame.Refused) string {
	for _, s := range blamedEndpoint(r).Subnets {
		if path, zone := subnetOrigin(blamedParts(r), s.Subnet); zone != "" && strings.Contains(r.Answer, zone) {
			return path + ".zone"
		}
	}
	return ""
}

// blamedSubnet is the second one of a zone.
func blamedSubnet(r blame.Refused) string {
	taken := map[string]bool{}
	for _, s := range blamedEndpoint(r).Subnets {
		path, zone := subnetOrigin(blamedParts(r), s.Subnet)
		if taken[zone] {
			return path
		}
		taken[zone] = true
	}
	return ""
}

var dottedAddress = regexp.MustCompile(`\d+\.\d+\.\d+\.\d+`)

// blamedAddress is where the address that the answer names was fixed, else the subnet in which it was
// chosen: the second time, where two endpoints would take it.
func blamedAddress(r blame.Refused) string {
	vpc, named := blamedEndpoint(r).VPC, dottedAddress.FindAllString(r.Answer, -1)
	last := ""
	for _, e := range blamedParts(r).Endpoints {
		for _, s := range e.Subnets {
			if e.VPC == vpc && slices.Contains(named, s.Address.String()) {
				path, _ := subnetOrigin(blamedParts(r), s.Subnet)
				last = cmp.Or(s.Origin.Path, path)
			}
		}
	}
	return last
}
