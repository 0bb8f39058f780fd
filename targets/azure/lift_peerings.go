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
}

func (l *lifting) peering(r *manifest.Resource) {
	from, ok := l.networkByName(r)
	to, found := l.network(r, "remoteVirtualNetwork.id", inner(r.Inputs, "remoteVirtualNetwork", "id"))
	if !ok || !found {
		return
	}
	if r.Inputs["useRemoteGateways"] == true {
		l.Problem(r, "useRemoteGateways", "leads on to another network's gateway, which the graph does not hold")
	}
	// What is not said is allowed, as in the portal (learn: virtual-network-manage-peering, 2024).
	open, said := r.Inputs["allowVirtualNetworkAccess"].(bool)
	l.halves = append(l.halves, half{r, from, to, open || !said})
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
		case i < j && h.open && l.halves[j].open:
			l.g.Connections = append(l.g.Connections, plan.Connection{
				Name: h.r.Name, Kind: plan.KindPeering, A: plan.End{Node: l.name(h.from)}, B: plan.End{Node: l.name(h.to)},
			})
		}
	}
}

// peer is a network on the other side of a peering.
type peer struct {
	connection string
	network    *plan.Network
}

// peers are the networks that a network is peered with.
func (l *lifting) peers(network string) []peer {
	var all []peer
	for _, c := range l.g.Connections {
		if c.Kind != plan.KindPeering || c.A.Node != network && c.B.Node != network {
			continue
		}
		other := c.B.Node
		if other == network {
			other = c.A.Node
		}
		for i := range l.g.Networks {
			if n := &l.g.Networks[i]; n.Name == other {
				all = append(all, peer{c.Name, n})
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
	all := slices.Clone(n.CIDRs)
	for _, p := range l.peers(n.Name) {
		all = append(all, p.network.CIDRs...)
	}
	for _, c := range l.g.Connections {
		if c.Kind == plan.KindVPN && c.B.Node == n.Name {
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
