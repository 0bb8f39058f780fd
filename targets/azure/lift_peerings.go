package azure

import (
	"net/netip"
	"slices"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
)

// half is one side of a peering: what its network lets through.
type half struct {
	r        *manifest.Resource
	from, to int
	open     bool
	// offers and uses say that the other network uses this one's gateway, or this one the other's.
	offers, uses bool
}

func (l *lifting) peering(r *manifest.Resource) {
	from, ok := l.networkByName(r)
	to, found := l.network(r, "remoteVirtualNetwork.id", inner(r.Inputs, "remoteVirtualNetwork", "id"))
	if !ok || !found {
		return
	}
	// What is not said is allowed, as in the portal (learn: virtual-network-manage-peering, 2024).
	open, said := r.Inputs["allowVirtualNetworkAccess"].(bool)
	l.halves = append(l.halves, half{r, from, to, open || !said, r.Inputs["allowGatewayTransit"] == true, r.Inputs["useRemoteGateways"] == true})
}

// joinPeerings makes one connection of two halves. A half by itself stays "Initiated" and carries
// nothing (learn: virtual-network-peering-overview, 2024).
func (l *lifting) joinPeerings() {
	for i, h := range l.halves {
		j := slices.IndexFunc(l.halves, func(other half) bool { return other.from == h.to && other.to == h.from })
		switch {
		case j < 0:
			l.Problem(h.r, "", "has no other half in network %q", l.name(h.to))
		case h.from == h.to:
			l.Problem(h.r, "remoteVirtualNetwork.id", "is the network itself")
		case h.uses && !l.halves[j].offers:
			l.Problem(h.r, "useRemoteGateways", "network %q does not offer its gateway", l.name(h.to))
		case h.offers && !l.halves[j].uses:
			l.Problem(h.r, "allowGatewayTransit", "network %q does not use the gateway", l.name(h.to))
		case h.uses && l.hasGateway(h.from):
			l.Problem(h.r, "useRemoteGateways", "network %q has a gateway of its own", l.name(h.from))
		case i < j && h.open && l.halves[j].open:
			l.g.Connections = append(l.g.Connections, plan.Connection{
				Name: h.r.Name, Kind: plan.KindPeering, A: plan.End{Node: l.name(h.from), Transit: h.offers}, B: plan.End{Node: l.name(h.to), Transit: l.halves[j].offers},
			})
		}
	}
}

// hasGateway reports whether a network has a gateway, or one that nobody shows leads to a site.
func (l *lifting) hasGateway(network int) bool {
	for _, at := range l.gateways {
		if at == network {
			return true
		}
	}
	return slices.ContainsFunc(l.g.Connections, func(c plan.Connection) bool { return c.Kind == plan.KindVPN && c.B.Node == l.name(network) })
}

// peer is a network on the other side of a peering. Its gateway is shared if it serves both.
type peer struct {
	connection string
	network    *plan.Network
	shared     bool
}

// peers are the networks that a network is peered with.
func (l *lifting) peers(network string) []peer {
	var all []peer
	for _, c := range l.g.Connections {
		if c.Kind != plan.KindPeering || c.A.Node != network && c.B.Node != network {
			continue
		}
		other, shared := c.B.Node, c.B.Transit
		if other == network {
			other, shared = c.A.Node, c.A.Transit
		}
		for i := range l.g.Networks {
			if n := &l.g.Networks[i]; n.Name == other {
				all = append(all, peer{c.Name, n, shared})
			}
		}
	}
	return all
}

// virtualNetwork is what the tag VirtualNetwork stands for in a subnet: the network, what is peered
// with it, what its gateways lead to, and what its user-defined routes are for
// (learn: service-tags-overview, 2024).
func (l *lifting) virtualNetwork(s spot) []netip.Prefix {
	n := &l.g.Networks[s.network]
	all, gateways := slices.Clone(n.CIDRs), []string{n.Name}
	for _, p := range l.peers(n.Name) {
		all = append(all, p.network.CIDRs...)
		if p.shared {
			gateways = append(gateways, p.network.Name)
		}
	}
	for _, c := range l.g.Connections {
		if c.Kind == plan.KindVPN && slices.Contains(gateways, c.B.Node) {
			all = append(all, c.B.Allowed...)
		}
	}
	if e := l.used[s]; e != nil {
		for _, r := range l.tables[e.table] {
			all = append(all, r.to)
		}
	}
	slices.SortFunc(all, netip.Prefix.Compare)
	return slices.Compact(all)
}
