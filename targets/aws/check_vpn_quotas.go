package aws

import (
	"cmp"
	"maps"
	"slices"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
	"github.com/obslink/obslink/schema"
)

var (
	manyVPNs = diag.Code{
		ID: "OBS737", Severity: diag.Warning, Title: "more VPNs than AWS makes by default",
		Cause:   "A VPN gateway has 10 VPN connections, and an account 50 in a region, with as many customer gateways, and 5 VPN gateways, unless a quota is raised (Site-to-Site VPN user guide, quotas, recalled 2026-11). What is there already counts too.",
		Example: `sites: {s1: vpn: {network: "hub", …}, …}   // 11 sites at one VPN gateway`,
		Mend:    `sites: {s1: vpn: {transitGateway: "core", …}, …}   // a transit gateway takes 5000 attachments`,
	}
	manyLearned = diag.Code{
		ID: "OBS738", Severity: diag.Error, Title: "more routes than a route table learns from a VPN gateway",
		Cause:   "A VPC's route table takes at most 100 propagated routes (VPC user guide, quotas, recalled 2026-11). What comes after is not routed.",
		Example: `sites: {s1: {cidrs: ["172.16.0.0/24", …], vpn: network: "hub", …}, …}   // 101 CIDRs`,
		Mend:    `sites: s1: {cidrs: ["172.16.0.0/16"], vpn: network: "hub", …}   // CIDRs side by side as one`,
	}
)

// checkVPNCounts checks how many VPNs there would be, and how many routes a VPN gateway would announce.
func checkVPNCounts(t *topology.Topology) diag.List {
	quotas := schema.AWS().Quotas
	at, learned := map[string]int{}, map[string]int{} // by network
	vpns, gateways := map[region]int{}, map[region]int{}
	for key, n := range t.Networks {
		if n.VPNGateway != nil && n.VPNGateway.Existing == "" && t.Kind(key) == Name {
			gateways[region{n.Account, n.Region}]++
		}
	}
	for key, s := range t.Sites {
		if s.VPN == nil {
			continue
		}
		if n := t.Networks[s.VPN.Network]; n != nil && t.Kind(s.VPN.Network) == Name {
			at[s.VPN.Network]++
			learned[s.VPN.Network] += len(s.CIDRs)
			vpns[region{n.Account, n.Region}]++
		} else if g := t.TransitGateways[t.Gateway(key)]; g != nil {
			vpns[region{g.Account, g.Region}]++
		}
	}
	var found diag.List
	for network := range topology.Sorted(at) {
		path := "networks." + network + ".vpnGateway"
		if q := quotas["vpnsPerGateway"]; at[network] > q.Default {
			found = append(found, manyVPNs.At(t.At(path), path, "the VPN gateway of network %q would have %d VPNs; it has %d by default", network, at[network], q.Default).
				WithHint("let them end at a transit gateway, or %s", raise(q, manyVPNs)))
		}
		if q := quotas["learnedPerTable"]; learned[network] > q.Max {
			found = append(found, manyLearned.At(t.At(path), path, "each route table of network %q would learn %d routes; it takes %d", network, learned[network], q.Max).
				WithHint("join CIDRs that lie side by side, or let the sites' VPNs end at a transit gateway"))
		}
	}
	found = append(found, crowded(t, gateways, quotas["vpnGatewaysPerRegion"], "VPN gateways")...)
	return append(found, crowded(t, vpns, quotas["vpnsPerRegion"], "VPNs")...)
}

// region is a region of an account.
type region struct{ account, name string }

// crowded reports the regions that hold more of a thing than an account has by default.
func crowded(t *topology.Topology, counts map[region]int, q schema.Quota, what string) diag.List {
	var found diag.List
	for _, r := range slices.SortedFunc(maps.Keys(counts), func(a, b region) int { return cmp.Or(cmp.Compare(a.account, b.account), cmp.Compare(a.name, b.name)) }) {
		if path := "accounts." + r.account; counts[r] > q.Default {
			found = append(found, manyVPNs.At(t.At(path), path, "account %q would have %d %s in %s; it has %d by default", r.account, counts[r], what, r.name, q.Default).
				WithHint("%s", raise(q, manyVPNs)))
		}
	}
	return found
}
