package model

import (
	"net/netip"

	"github.com/gaissmai/bart"

	"github.com/obslink/obslink/compiler/plan"
)

type table struct {
	*plan.RouteTable
	routes bart.Table[*plan.Route]
}

func indexTables(all []plan.RouteTable) map[string]*table {
	tables := make(map[string]*table, len(all))
	for i := range all {
		t := &table{RouteTable: &all[i]}
		for j := range all[i].Routes {
			r := &all[i].Routes[j]
			if _, taken := t.routes.Get(r.Destination); !taken {
				t.routes.Insert(r.Destination, r)
			}
		}
		tables[all[i].Name] = t
	}
	return tables
}

// hop is what one or more route tables of a node do with a destination: deliver it inside the
// network, send it along a route, or (neither) drop it.
type hop struct {
	local  bool
	route  *plan.Route
	tables []string
}

// target names what the tables do; two hops with one target are the same.
func (h hop) target() string {
	switch {
	case h.local:
		return "\x00local"
	case h.route == nil:
		return ""
	default:
		return h.route.Target
	}
}

// lookUp takes the most specific route. A network's own CIDRs are routes of every table, and of two
// routes to one prefix the own one wins.
func (n *network) lookUp(name string, a netip.Addr) hop {
	h := hop{}
	if name != "" {
		h.tables = []string{name}
	}
	own := holding(n.CIDRs, a)
	if t := n.tables[name]; t != nil {
		if r, ok := t.routes.Lookup(a); ok && r.Destination.Bits() > own.Bits() {
			h.route = r
			return h
		}
	}
	h.local = own.Bits() >= 0
	return h
}

// hops are the different things that the tables of a network would do, where it is not known which
// of them is used; in the order of the tables' names.
func (n *network) hops(a netip.Addr) []hop {
	if len(n.sorted) == 0 {
		return []hop{n.lookUp("", a)}
	}
	var different []hop
	at := map[string]int{}
	for _, name := range n.sorted {
		h := n.lookUp(name, a)
		if i, seen := at[h.target()]; seen {
			different[i].tables = append(different[i].tables, name)
			continue
		}
		at[h.target()] = len(different)
		different = append(different, h)
	}
	return different
}

// carried are the prefixes that an end sends into its connection. What a tunnel does not list it does
// not carry; the others carry everything where nothing is listed.
func carried(c *plan.Connection, e *plan.End) []netip.Prefix {
	if e.Allowed == nil && c.Kind != plan.KindWireGuard {
		return everything
	}
	return e.Allowed
}

var everything = []netip.Prefix{netip.PrefixFrom(netip.IPv4Unspecified(), 0), netip.PrefixFrom(netip.IPv6Unspecified(), 0)}

func carries(c *plan.Connection, e *plan.End, a netip.Addr) bool {
	return holding(carried(c, e), a).Bits() >= 0
}

// endAt is the end of a connection at a node, or nil.
func endAt(c *plan.Connection, node string) *plan.End {
	switch node {
	case c.A.Node:
		return &c.A
	case c.B.Node:
		return &c.B
	default:
		return nil
	}
}
