package aws

import (
	"fmt"
	"slices"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/topology"
	"github.com/obslink/obslink/schema"
)

var (
	zoneCrossRegion = diag.Code{
		ID: "OBS343", Severity: diag.Error, Title: "an availability zone without cross-region endpoints",
		Cause:   "Endpoints for a service of another region do not stand in use1-az3, usw1-az2, apne1-az3, apne2-az2 and apne2-az4 (PrivateLink guide p. 56 and 110, 2026). A subnet that obslink creates without a `zone` may be put there by AWS.",
		Example: `tokyo: {region: "ap-northeast-1", subnets: endpoints: {cidr: "10.0.0.0/24", zone: "apne1-az3"}}`,
		Mend:    `tokyo: {region: "ap-northeast-1", subnets: endpoints: {cidr: "10.0.0.0/24", zone: "apne1-az4"}}`,
	}
	sameRegion = diag.Code{
		ID: "OBS344", Severity: diag.Error, Title: "a cross-region endpoint in the backend's own region",
		Cause:   "In its own region a service is reached through an ordinary endpoint, which needs no permission for multi-region access, has metrics in CloudWatch (a cross-region endpoint emits none; Datadog's PrivateLink guide, 2026-08) and pays for no traffic between regions.",
		Example: `via: endpoint: {network: "hub", crossRegion: true}   // hub is in us-east-1, the backend is us1`,
		Mend:    `via: endpoint: network: "hub"`,
	}
)

// TakesCrossRegion reports whether endpoints for services of another region can stand in an
// availability zone.
func TakesCrossRegion(zone string) bool {
	return !slices.Contains(schema.AWS().ZonesWithoutCrossRegion, zone)
}

// crossed are the networks that hold endpoints for services of another region.
func crossed(t *topology.Topology) map[string]bool {
	all := map[string]bool{}
	services := servicesOf(t)
	for _, h := range compile.Hostings(t, Name) {
		if offered(t, h.Backend) && !makes(t, h, services) {
			continue
		}
		if home := homeRegion(t, h.Backend); home != "" && home != t.Networks[h.Network].Region {
			all[h.Network] = true
		}
	}
	return all
}

// checkCrossRegion checks that cross-region endpoints stand in zones that take them.
func checkCrossRegion(t *topology.Topology) diag.List {
	var found diag.List
	for network := range topology.Sorted(crossed(t)) {
		n := t.Networks[network]
		for sub, s := range topology.Sorted(n.Subnets) {
			path := "networks." + network + ".subnets." + sub
			switch {
			case !s.HoldsEndpoints() || s.Zone != "" && TakesCrossRegion(s.Zone):
			case s.Zone != "":
				found = append(found, zoneCrossRegion.At(t.At(path+".zone"), path+".zone", "subnet %q is in %s, which has no cross-region endpoints", sub, s.Zone).
					WithHint("choose another zone, or write `endpoints: false` on the subnet"))
			case s.Existing == "" && len(closedZones(n.Region)) > 0:
				found = append(found, zoneCrossRegion.At(t.At(path), path+".zone", "subnet %q names no zone, and AWS may put it into %s, which has no cross-region endpoints", sub, closedZones(n.Region)[0]).
					WithHint("add a zone, such as %q", openZone(n.Region)))
			}
		}
	}
	return found
}

// closedZones are the zones of a region without cross-region endpoints.
func closedZones(region string) []string {
	prefix := schema.AWS().Regions[region].Zones + "-"
	var all []string
	for _, zone := range schema.AWS().ZonesWithoutCrossRegion {
		if len(zone) > len(prefix) && zone[:len(prefix)] == prefix {
			all = append(all, zone)
		}
	}
	return all
}

// openZone is the id of a zone with cross-region endpoints.
func openZone(region string) string {
	for i := 1; ; i++ {
		if zone := fmt.Sprintf("%s-az%d", schema.AWS().Regions[region].Zones, i); TakesCrossRegion(zone) {
			return zone
		}
	}
}

// serviceRegion is the region of a backend's services where that is not the network's own. What a
// cross-region endpoint needs and no look-up can see is said (PrivateLink guide p. 56, 122, 2026).
func (l *lowering) serviceRegion(h *compile.Hosting) string {
	n := l.t.Networks[h.Network]
	home := homeRegion(l.t, h.Backend)
	if home == "" || home == n.Region {
		return ""
	}
	text := fmt.Sprintf("account %q: an identity policy allows vpce:AllowMultiRegion, which is off by default, and no service control policy denies it or ec2:VpceServiceRegion %q", n.Account, home)
	if !slices.ContainsFunc(l.out.Prerequisites, func(p plan.Prerequisite) bool { return p.Text == text }) {
		l.out.Prerequisites = append(l.out.Prerequisites, plan.Prerequisite{Text: text, Origin: l.origin("accounts." + n.Account)})
	}
	return home
}
