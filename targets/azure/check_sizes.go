package azure

import (
	"net/netip"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var badSize = diag.Code{
	ID: "OBS372", Severity: diag.Error, Title: "a VNet or subnet is outside Azure's sizes",
	Cause:   "A VNet and a subnet are /2 to /29 (Azure Virtual Network FAQ, 2026-08). A subnet for private endpoints is larger: see OBS354.",
	Example: `japan: subnets: servers: {cidr: "192.168.2.8/30", endpoints: false}`,
	Mend:    `japan: subnets: servers: {cidr: "192.168.2.8/29", endpoints: false}`,
}

// The prefix lengths that Azure takes for a VNet and a subnet.
const (
	largestSubnet  = 2
	smallestSubnet = 29
)

// checkSizes checks the size of VNets and of subnets that hold no endpoint.
func checkSizes(t *topology.Topology) diag.List {
	var found diag.List
	one := func(at, what, value string) {
		if p, err := netip.ParsePrefix(value); err == nil && (p.Bits() < largestSubnet || p.Bits() > smallestSubnet) {
			found = append(found, badSize.At(t.At(at), at, "%s is a /%d; a %s is /%d to /%d", p, p.Bits(), what, largestSubnet, smallestSubnet).
				WithHint("choose a range of /%d to /%d", largestSubnet, smallestSubnet))
		}
	}
	for key, n := range topology.Sorted(t.Networks) {
		if t.Kind(key) != Name {
			continue
		}
		path := "networks." + key
		for i, cidr := range n.CIDRs {
			one(compile.Index(path+".cidrs", i), "VNet", cidr)
		}
		for sub, s := range topology.Sorted(n.Subnets) {
			if !s.HoldsEndpoints() {
				one(path+".subnets."+sub+".cidr", "subnet", s.CIDR)
			}
		}
	}
	return found
}
