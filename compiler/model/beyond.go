package model

import (
	"net/netip"

	"github.com/obslink/obslink/compiler/plan"
)

// share lets networks use the gateways of those that they are peered with: the gateways' routes are in
// every table of theirs and lead through the peering, and the network in between passes packets on.
func (m *Model) share(g *plan.Graph) {
	vpns := map[string][]*plan.Connection{} // by network
	for i := range g.Connections {
		if c := &g.Connections[i]; announces(c) {
			vpns[c.B.Node] = append(vpns[c.B.Node], c)
		}
	}
	for i := range g.Connections {
		c := &g.Connections[i]
		near, far := &c.A, &c.B
		if !near.Transit {
			near, far = far, near
		}
		has, uses := m.networks[near.Node], m.networks[far.Node]
		if c.Kind != plan.KindPeering || !near.Transit || has == nil || uses == nil {
			continue
		}
		for _, p := range uses.CIDRs {
			if _, taken := has.peered.Get(p); !taken {
				has.peered.Insert(p, c)
			}
		}
		for _, v := range vpns[near.Node] {
			for _, p := range carried(v, &v.B) {
				if _, taken := has.vpns.Get(p); !taken {
					has.vpns.Insert(p, v)
				}
				uses.announce(p, c, originOf(v, &v.B))
			}
		}
	}
}

// announces reports whether a connection's gateway tells its network what lies behind it.
func announces(c *plan.Connection) bool { return c.Kind == plan.KindVPN && !c.Routed && !c.B.SNAT }

// announce puts a route into every table of a network that has none to the same prefix.
func (n *network) announce(to netip.Prefix, c *plan.Connection, origin plan.Origin) {
	if len(n.tables) == 0 {
		n.tables[""] = &table{RouteTable: &plan.RouteTable{}}
	}
	r := &plan.Route{Destination: to, Target: c.Name, Origin: origin}
	for _, t := range n.tables {
		if _, taken := t.routes.Get(to); !taken {
			t.routes.Insert(to, r)
		}
	}
}

// beyond is the connection into which a network passes on what arrived over another, or nil.
func (n *network) beyond(arrived *plan.Connection, a netip.Addr) *plan.Connection {
	var next *plan.Connection
	switch e := endAt(arrived, n.Name); {
	case announces(arrived):
		next, _ = n.peered.Lookup(a)
	case arrived.Kind == plan.KindPeering && e.Transit:
		next, _ = n.vpns.Lookup(a)
	}
	return next
}
