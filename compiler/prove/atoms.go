package prove

import (
	"net/netip"
	"slices"

	"go4.org/netipx"

	"github.com/obslink/obslink/compiler/plan"
)

// atom is a set of addresses that every prefix test of the graph treats alike: the addresses of
// Prefix that are in none of the graph's prefixes inside it. Address stands for all of them.
type atom struct {
	Prefix  netip.Prefix
	Address netip.Addr
}

// atoms splits a prefix along a sorted list of prefixes. There is at most one atom more than there
// are prefixes inside: which tests hold for an address is settled by the most specific prefix that
// holds it, since of two prefixes one holds the other or they have nothing in common.
func atoms(whole netip.Prefix, sorted []netip.Prefix) []atom {
	whole = whole.Masked()
	first, found := slices.BinarySearchFunc(sorted, whole, netip.Prefix.Compare)
	if found {
		first++
	}
	var all []atom
	stack := []open{{prefix: whole, next: whole.Addr()}}
	for _, p := range sorted[first:] {
		if !whole.Contains(p.Addr()) {
			break
		}
		for !stack[len(stack)-1].prefix.Contains(p.Addr()) {
			all = stack[len(stack)-1].close(all)
			stack = stack[:len(stack)-1]
		}
		stack[len(stack)-1].inner(p)
		stack = append(stack, open{prefix: p, next: p.Addr()})
	}
	for i := len(stack) - 1; i >= 0; i-- {
		all = stack[i].close(all)
	}
	slices.SortFunc(all, func(a, b atom) int { return a.Prefix.Compare(b.Prefix) })
	return all
}

// open is a prefix whose insides are being read in order.
type open struct {
	prefix netip.Prefix
	next   netip.Addr // the lowest address that may be in no inner prefix; invalid behind the last
	free   netip.Addr // an address that is in no inner prefix
}

func (o *open) inner(p netip.Prefix) {
	switch {
	case o.free.IsValid():
	case p.Addr() != o.next:
		o.free = host(o.next, func(a netip.Addr) bool { return a.Less(p.Addr()) })
	default:
		o.next = netipx.PrefixLastIP(p).Next()
	}
}

func (o *open) close(all []atom) []atom {
	if !o.free.IsValid() && o.next.IsValid() && o.prefix.Contains(o.next) {
		o.free = host(o.next, o.prefix.Contains)
	}
	if o.free.IsValid() {
		all = append(all, atom{o.prefix, o.free})
	}
	return all
}

// reserved is how many addresses at the beginning of a range clouds give to no host.
const reserved = 4

// host is an address that a host could have, where the range from lowest on is long enough: people
// wonder at a client whose address is its network's.
func host(lowest netip.Addr, in func(netip.Addr) bool) netip.Addr {
	a := lowest
	for range reserved {
		if a = a.Next(); !a.IsValid() || !in(a) {
			return lowest
		}
	}
	return a
}

// boundaries are the prefixes that a packet can be held against, sorted, for every node. A packet
// stays where connections lead, so nodes that nothing joins do not split each other's addresses.
type boundaries struct {
	part   map[string]int // node → number of its part of the graph
	sorted [][]netip.Prefix
}

func (b boundaries) of(node string) []netip.Prefix {
	if i, ok := b.part[node]; ok {
		return b.sorted[i]
	}
	return nil
}

// bound collects the prefixes of each part of a graph.
func bound(g *plan.Graph) boundaries {
	u := union{}
	for _, c := range g.Connections {
		u.join(c.A.Node, c.B.Node)
	}
	b := boundaries{part: map[string]int{}}
	add := func(node string, prefixes ...netip.Prefix) {
		root := u.find(node)
		i, ok := b.part[root]
		if !ok {
			i = len(b.sorted)
			b.part[root], b.sorted = i, append(b.sorted, nil)
		}
		b.part[node] = i
		for _, p := range prefixes {
			if p.IsValid() {
				b.sorted[i] = append(b.sorted[i], p.Masked())
			}
		}
	}
	collect(g, add)
	for i, all := range b.sorted {
		slices.SortFunc(all, netip.Prefix.Compare)
		b.sorted[i] = slices.Compact(all)
	}
	return b
}

// collect calls add with every prefix of a graph and the node that it counts for.
func collect(g *plan.Graph, add func(node string, prefixes ...netip.Prefix)) {
	rules := map[string][]netip.Prefix{}
	for _, f := range g.Filters {
		for _, r := range f.Ingress {
			rules[f.Name] = append(rules[f.Name], r.Prefix)
		}
		for _, r := range f.Egress {
			rules[f.Name] = append(rules[f.Name], r.Prefix)
		}
	}
	filters := func(node string, names ...string) {
		for _, name := range names {
			add(node, rules[name]...)
		}
	}
	tables := func(node string, all []plan.RouteTable) {
		for _, t := range all {
			for _, r := range t.Routes {
				add(node, r.Destination)
			}
		}
	}
	for _, n := range g.Networks {
		add(n.Name, n.CIDRs...)
		tables(n.Name, n.RouteTables)
		for _, s := range n.Subnets {
			add(n.Name, s.CIDR)
			filters(n.Name, s.Filters...)
		}
		for _, c := range n.Clients {
			add(n.Name, c.CIDR)
			filters(n.Name, c.Filter)
		}
	}
	for _, s := range g.Sites {
		add(s.Name, s.CIDRs...)
	}
	for _, r := range g.Routers {
		tables(r.Name, r.RouteTables)
	}
	for _, c := range g.Connections {
		for _, e := range []plan.End{c.A, c.B} {
			add(e.Node, e.Allowed...)
			if e.Gateway.IsValid() {
				add(e.Node, netip.PrefixFrom(e.Gateway, e.Gateway.BitLen()))
			}
		}
	}
	shared := map[[2]string]bool{} // endpoints of a network share a filter: read it once
	once := func(network string, names []string) {
		for _, name := range names {
			if key := [2]string{network, name}; !shared[key] {
				shared[key] = true
				filters(network, name)
			}
		}
	}
	for _, e := range g.Endpoints {
		once(e.Network, e.Filters)
	}
	for _, r := range g.Resolvers {
		once(r.Network, r.Filters)
	}
}

// union finds which nodes hang together.
type union map[string]string

func (u union) find(node string) string {
	root := node
	for u[root] != "" {
		root = u[root]
	}
	for u[node] != "" {
		node, u[node] = u[node], root
	}
	return root
}

func (u union) join(a, b string) {
	if a, b = u.find(a), u.find(b); a != b {
		u[a] = b
	}
}
