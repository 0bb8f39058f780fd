package aws

import (
	"net/netip"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var (
	noEndpointSubnet = diag.Code{
		ID: "OBS311", Severity: diag.Error, Title: "an endpoint network has no subnet for endpoints",
		Cause:   "An interface endpoint takes an address in a subnet.",
		Example: `hub: {cidrs: ["192.168.0.0/16"]}`,
		Mend:    `hub: {cidrs: ["192.168.0.0/16"], subnets: endpoints: {cidr: "192.168.0.0/24", zone: "use1-az6"}}`,
	}
	sameZone = diag.Code{
		ID: "OBS312", Severity: diag.Error, Title: "two endpoint subnets in one availability zone",
		Cause:   "An interface endpoint takes one subnet for each availability zone (PrivateLink guide p. 59, 2026).",
		Example: `subnets: {a: {cidr: "…", zone: "use1-az6"}, b: {cidr: "…", zone: "use1-az6"}}`,
		Mend:    `subnets: {a: {cidr: "…", zone: "use1-az6"}, b: {cidr: "…", zone: "use1-az4"}}   // or b: endpoints: false`,
	}
	subnetTooSmall = diag.Code{
		ID: "OBS313", Severity: diag.Error, Title: "a subnet is outside AWS's sizes",
		Cause:   "A subnet is /16 to /28 (VPC user guide, 2023).",
		Example: `subnets: endpoints: cidr: "192.168.0.0/29"`,
		Mend:    `subnets: endpoints: cidr: "192.168.0.0/28"`,
	}
)

// The prefix lengths that AWS takes for a subnet.
const (
	largestSubnet  = 16
	smallestSubnet = 28
)

// checkSubnets checks the subnets of AWS networks, and that endpoint networks have some.
func checkSubnets(t *topology.Topology) diag.List {
	var found diag.List
	for key, n := range topology.Sorted(t.Networks) {
		if t.Kind(key) != Name {
			continue
		}
		for sub, s := range topology.Sorted(n.Subnets) {
			at := "networks." + key + ".subnets." + sub + ".cidr"
			if p, err := netip.ParsePrefix(s.CIDR); err == nil && (p.Bits() < largestSubnet || p.Bits() > smallestSubnet) {
				found = append(found, subnetTooSmall.At(t.At(at), at, "%s is a /%d; a subnet is /16 to /28", p, p.Bits()).WithHint("choose a range of /16 to /28"))
			}
		}
	}
	seen, services := map[string]bool{}, servicesOf(t)
	for _, h := range compile.Hostings(t, Name) {
		if !seen[h.Network] && (!offered(t, h.Backend) || makes(t, h, services)) {
			seen[h.Network] = true
			found = append(found, endpointSubnets(t, h.Network)...)
		}
	}
	return found
}

func endpointSubnets(t *topology.Topology, network string) diag.List {
	var found diag.List
	path := "networks." + network
	zones := map[string]string{}
	count := 0
	for sub, s := range topology.Sorted(t.Networks[network].Subnets) {
		if !s.HoldsEndpoints() {
			continue
		}
		count++
		at := path + ".subnets." + sub
		if other, taken := zones[s.Zone]; taken && (s.Zone != "" || count == 2) {
			found = append(found, sameZone.At(t.At(at), at, "subnets %q and %q are in one availability zone", other, sub).
				WithNote(t.At(path+".subnets."+other), "the other subnet").
				WithHint("put one into another zone, or write `endpoints: false` on it"))
		}
		zones[s.Zone] = sub
	}
	if count == 0 {
		found = append(found, noEndpointSubnet.At(t.At(path), path+".subnets", "network %q holds endpoints but has no subnet for them", network).
			WithHint("add subnets: endpoints: {cidr: …, zone: …}"))
	}
	return found
}
