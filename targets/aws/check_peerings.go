package aws

import (
	"maps"
	"slices"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
	"github.com/obslink/obslink/schema"
)

var (
	manyPeerings = diag.Code{
		ID: "OBS332", Severity: diag.Warning, Title: "more peerings than a VPC has by default",
		Cause:   "A VPC has 50 active peerings unless the quota is raised, to 125 at most (VPC peering guide, 2023). Peerings that are there already count too.",
		Example: `links: {c1: {from: "c1", …, via: peering: endpoints: "hub"}, …}   // 51 clients of one hub`,
		Mend:    `severities: OBS332: {level: "acknowledged", reason: "quota raised to 125 in us-east-1"}`,
	}
	tooManyPeerings = diag.Code{
		ID: "OBS333", Severity: diag.Error, Title: "more peerings than a VPC can have",
		Cause:   "A VPC has at most 125 active peerings (VPC peering guide, 2023).",
		Example: `links: {c1: {from: "c1", …, via: peering: endpoints: "hub"}, …}   // 126 clients of one hub`,
		Mend:    `links: {…, c126: {from: "c126", …, via: peering: endpoints: "hub2"}}   // a second endpoint network`,
	}
	manyRoutes = diag.Code{
		ID: "OBS336", Severity: diag.Warning, Title: "more routes than a route table has by default",
		Cause:   "A route table has 500 routes unless the quota is raised, to 1000 at most (VPC user guide; 50 before 2025-06, which an account may still have). obslink adds one for each CIDR of each peered network, and of each site behind a gateway; routes that are there already count too.",
		Example: `sites: {s1: {cidrs: ["172.16.1.0/24"], wireguard: network: "hub", …}, …}   // 501 CIDRs behind gateways of one network`,
		Mend:    `sites: {s1: {cidrs: ["172.16.0.0/16"], wireguard: network: "hub", …}}   // or snat: true on the gateway`,
	}
	tooManyRoutes = diag.Code{
		ID: "OBS337", Severity: diag.Error, Title: "more routes than a route table can have",
		Cause:   "A route table has at most 1000 routes (VPC user guide, 2026-08).",
		Example: `sites: {s1: {cidrs: ["172.16.1.0/24"], wireguard: network: "hub", …}, …}   // 1001 CIDRs behind gateways of one network`,
		Mend:    `sites: {s1: {cidrs: ["172.16.0.0/16"], wireguard: network: "hub", …}}   // or snat: true on the gateway`,
	}
	tooManyAttached = diag.Code{
		ID: "OBS338", Severity: diag.Error, Title: "a private zone in more VPCs than Route 53 takes",
		Cause:   "A private hosted zone is attached to at most 300 VPCs (Route 53 developer guide, 2026-08); beyond that it takes Route 53 Profiles, which obslink does not make.",
		Example: `links: {c1: {from: "c1", …, via: peering: endpoints: "hub"}, …}   // 300 clients of one hub`,
		Mend:    `links: {…, c300: {from: "c300", …, via: peering: endpoints: "hub2"}}   // a second endpoint network has zones of its own`,
	}
)

// checkPeerings checks how many peerings and routes each network would get, and in how many networks
// the zones of an endpoint network would be seen.
func checkPeerings(t *topology.Topology) diag.List {
	peers, through, routed := map[string]map[string]bool{}, map[string]map[string]bool{}, map[string]map[string]bool{}
	join := func(sets map[string]map[string]bool, a, b string) {
		if sets[a] == nil {
			sets[a] = map[string]bool{}
		}
		sets[a][b] = true
	}
	var found diag.List
	quotas := schema.AWS().Quotas
	for _, h := range compile.Hostings(t, Name) {
		attached := map[string]bool{}
		for _, key := range h.Links {
			link := t.Links[key]
			switch w := wireGuard(t, link.From); {
			case link.Via.Joins() && t.Kind(link.From) == Name:
				attached[link.From] = true
				both := peers
				if link.Via.TransitGateway != nil {
					both = through
				}
				join(both, h.Network, link.From)
				join(both, link.From, h.Network)
			case w != nil && !w.SNAT && w.Gateway.Interface != "", link.Via.TransitGateway != nil && t.Sites[link.From] != nil:
				join(routed, h.Network, link.From)
			}
		}
		if q := quotas["vpcsPerZone"]; len(attached) > 0 && len(attached)+1 > q.Max {
			at := "networks." + h.Network
			found = append(found, tooManyAttached.At(t.At(at), at, "the zones of backend %q in network %q would be attached to %d VPCs; Route 53 takes %d",
				h.Backend, h.Network, len(attached)+1, q.Max).WithHint("let some of the clients use a second endpoint network: it has zones of its own"))
		}
	}
	for network, set := range topology.Sorted(peers) {
		found = append(found, peeringCount(t, network, len(set), quotas["peeringsPerVPC"])...)
	}
	for _, network := range slices.Sorted(maps.Keys(t.Networks)) {
		count := 0
		for _, joined := range []map[string]bool{peers[network], through[network]} {
			for peer := range joined {
				count += len(t.Networks[peer].CIDRs)
			}
		}
		for site := range routed[network] {
			count += len(t.Sites[site].CIDRs)
		}
		found = append(found, routeCount(t, network, count, quotas["routesPerTable"])...)
	}
	return found
}

// wireGuard is the tunnel of a site, or nil.
func wireGuard(t *topology.Topology, site string) *topology.WireGuard {
	if s := t.Sites[site]; s != nil {
		return s.WireGuard
	}
	return nil
}

func peeringCount(t *topology.Topology, network string, count int, q schema.Quota) diag.List {
	at := "networks." + network
	switch {
	case count > q.Max:
		return diag.List{tooManyPeerings.At(t.At(at), at, "network %q would have %d peerings; a VPC has %d at most", network, count, q.Max).
			WithHint("let some of the clients use a second endpoint network")}
	case count > q.Default:
		return diag.List{manyPeerings.At(t.At(at), at, "network %q would have %d peerings; a VPC has %d by default", network, count, q.Default).
			WithHint("%s", raise(q, manyPeerings))}
	}
	return nil
}

func routeCount(t *topology.Topology, network string, count int, q schema.Quota) diag.List {
	at := "networks." + network
	switch {
	case count > q.Max:
		return diag.List{tooManyRoutes.At(t.At(at), at, "each route table of network %q would get %d routes; it has %d at most", network, count, q.Max).
			WithHint("join CIDRs that lie side by side, or let the gateway translate: snat: true")}
	case count > q.Default:
		return diag.List{manyRoutes.At(t.At(at), at, "each route table of network %q would get %d routes; it has %d by default", network, count, q.Default).
			WithHint("join CIDRs that lie side by side, or %s", raise(q, manyRoutes))}
	}
	return nil
}
