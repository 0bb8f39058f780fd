package lab

import (
	"net/netip"
	"slices"
)

// hop is one line of a table as the kernel gets it: the most specific is taken.
type hop struct {
	to     netip.Prefix
	target any
}

// ranks of routes to the same prefix; the highest is taken. AWS lets no route stand over the network's
// own range, Azure does.
const (
	rankPropagated = iota
	rankSystem
	rankUser
	rankOwn
)

// hops settles a table of a network: its own ranges, the routes of the cloud, those of the table.
func (bp *blueprint) hops(n *network, t *table) []hop {
	s := settled{}
	own := rankOwn
	if n.azure {
		own = rankSystem
	}
	for _, p := range n.cidrs {
		s.put(p.Masked(), local{}, own)
	}
	for _, l := range bp.links {
		e := l.at(n)
		switch {
		case e == nil:
		case e.propagates && e.allowed == nil:
			s.put(anywhere, l, rankPropagated)
		case e.propagates:
			for _, p := range e.allowed {
				s.put(p.Masked(), l, rankPropagated)
			}
		case n.azure && !l.down:
			if peer, ok := l.over(n).node.(*network); ok {
				for _, p := range peer.cidrs {
					s.put(p.Masked(), l, rankSystem)
				}
				if l.over(n).offers && e.uses {
					bp.behind(peer, func(p netip.Prefix, _ *link) { s.put(p, l, rankPropagated) })
				}
			}
		}
	}
	if n.azure {
		bp.endpointHops(n, s)
	}
	for _, r := range t.routes {
		rank := rankUser
		if r.propagated {
			rank = rankPropagated
		}
		s.put(r.to, r.target, rank)
	}
	return s.hops()
}

// endpointHops are the routes to single private endpoints that Azure puts into every table of their
// network and its peers, unless the policies of the endpoint's subnet let tables override them.
func (bp *blueprint) endpointHops(n *network, s settled) {
	for _, e := range bp.endpoints {
		if !e.plainRoutes {
			continue
		}
		for _, a := range e.addresses() {
			if e.network == n {
				s.put(netip.PrefixFrom(a, 32), local{}, rankSystem)
			}
			for _, l := range bp.links {
				if l.at(n) != nil && !l.down && l.over(n).node == node(e.network) {
					s.put(netip.PrefixFrom(a, 32), l, rankSystem)
				}
			}
		}
	}
}

// arrivals are the hops for what comes out of a link: the network's own hosts, and over an attachment
// the gateways that the table of its subnet leads to. Into another link passes only what Azure's VPN
// gateway takes from or to a network that uses it.
func (bp *blueprint) arrivals(n *network, e *end) []hop {
	s := settled{}
	for _, p := range n.cidrs {
		s.put(p.Masked(), local{}, rankSystem)
	}
	for _, l := range bp.links {
		far := l.over(n)
		peer, isNetwork := far.node.(*network)
		if !isNetwork || l.down || l.at(n) == nil || !l.at(n).offers || !far.uses {
			continue
		}
		if e == l.at(n) {
			bp.behind(n, func(p netip.Prefix, vpn *link) { s.put(p, vpn, rankPropagated) })
		}
		for _, p := range peer.cidrs {
			if e.propagates {
				s.put(p.Masked(), l, rankPropagated)
			}
		}
	}
	if e.arrive != nil {
		for _, r := range e.arrive.routes {
			if _, ok := r.target.(*gateway); ok {
				s.put(r.to, r.target, rankUser)
			}
		}
	}
	return s.hops()
}

// behind calls f with all that the VPN gateways of a network lead to.
func (bp *blueprint) behind(n *network, f func(netip.Prefix, *link)) {
	for _, l := range bp.links {
		e := l.at(n)
		switch {
		case e == nil || !e.propagates:
		case e.allowed == nil:
			f(anywhere, l)
		default:
			for _, p := range e.allowed {
				f(p.Masked(), l)
			}
		}
	}
}

// routerHops settles a router's table, in which static routes win.
func routerHops(t *table) []hop {
	s := settled{}
	for _, r := range t.routes {
		rank := rankUser
		if r.propagated {
			rank = rankPropagated
		}
		s.put(r.to, r.target, rank)
	}
	return s.hops()
}

// siteHops sends into each link and tunnel what it carries. target is a *link or a *tunnel.
func (bp *blueprint) siteHops(site *site) []hop {
	s := settled{}
	for _, p := range site.cidrs {
		s.put(p.Masked(), local{}, rankOwn)
	}
	for _, l := range bp.links {
		e := l.at(site)
		if e == nil {
			continue
		}
		if e.allowed == nil {
			s.put(anywhere, l, rankUser)
		}
		for _, p := range e.allowed {
			s.put(p.Masked(), l, rankUser)
		}
	}
	for _, g := range bp.gateways {
		for _, t := range g.tunnels {
			for _, p := range t.out {
				if t.site == site {
					s.put(p.Masked(), t, rankUser)
				}
			}
		}
	}
	return s.hops()
}

// virtualNetwork is what Azure's tag of that name means in a subnet: the network, its peers, what is
// connected to its gateway, and what the subnet's own table routes.
func (bp *blueprint) virtualNetwork(n *network, in *subnet) []netip.Prefix {
	all := slices.Clone(n.cidrs)
	for _, l := range bp.links {
		if l.down || l.at(n) == nil {
			continue
		}
		switch far := l.over(n).node.(type) {
		case *network:
			all = append(all, far.cidrs...)
			if l.over(n).offers && l.at(n).uses {
				bp.behind(far, func(p netip.Prefix, _ *link) { all = append(all, p) })
			}
		case *site:
			all = append(all, far.cidrs...)
		}
	}
	if in != nil && in.table != nil {
		for _, r := range in.table.routes {
			all = append(all, r.to)
		}
	}
	return all
}

// settled holds one target for each prefix.
type settled map[netip.Prefix]struct {
	target any
	rank   int
}

// put keeps the first of the highest rank.
func (s settled) put(p netip.Prefix, target any, rank int) {
	if before, found := s[p]; !found || rank > before.rank {
		s[p] = struct {
			target any
			rank   int
		}{target, rank}
	}
}

func (s settled) hops() []hop {
	var all []hop
	for p, entry := range s {
		all = append(all, hop{p, entry.target})
	}
	slices.SortFunc(all, func(a, b hop) int {
		if c := a.to.Addr().Compare(b.to.Addr()); c != 0 {
			return c
		}
		return a.to.Bits() - b.to.Bits()
	})
	return all
}
