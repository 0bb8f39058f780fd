package model

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/plan"
)

// This file says in words why a route ends a path; tunnels.go does so for tunnels and gates.go for
// filters. A text names what the user wrote (networks, sites, ranges), and Mend the field to write.

func quoted(s string) string { return `"` + s + `"` }

// step writes down what happens to the packet.
func (w *walk) step(p *packet, node string, o plan.Origin, format string, args ...any) {
	if !w.traced {
		return
	}
	s := Step{Node: node, Text: fmt.Sprintf(format, args...), Origin: o}
	if p.answer {
		p.back = append(p.back, s)
	} else {
		p.out = append(p.out, s)
	}
}

// span is the declared range that one of the walk's addresses stands for: people write ranges, not
// addresses.
func (w *walk) span(a netip.Addr) netip.Prefix {
	switch a {
	case w.to.Address:
		if n := w.m.networks[w.to.Network]; n != nil {
			if s := cmp.Or(n.named[w.to.Subnet], n.subnetOf(a)); s != nil {
				return s.CIDR
			}
			return whole(holding(n.CIDRs, a))
		}
	case w.from.Address:
		return w.m.span(w.from)
	}
	return whole(netip.PrefixFrom(a, -1))
}

// span is the range of a host: its client group's, or its network's or site's.
func (m *Model) span(h Host) netip.Prefix {
	if n := m.networks[h.Node]; n != nil {
		if g := n.group(h); g != nil {
			return g.CIDR
		}
		return whole(holding(n.CIDRs, h.Address))
	}
	if s := m.sites[h.Node]; s != nil {
		return whole(holding(s.CIDRs, h.Address))
	}
	return whole(netip.PrefixFrom(h.Address, -1))
}

// whole makes a prefix of the one address where none was found to hold it.
func whole(p netip.Prefix) netip.Prefix {
	if p.Bits() < 0 {
		return netip.PrefixFrom(p.Addr(), p.Addr().BitLen())
	}
	return p
}

func (w *walk) families() *Break {
	return &Break{
		Reason: AddressFamily, Culprit: w.m.origin(w.from.Node),
		Text: fmt.Sprintf("%s is %s and the endpoint %s has an %s address only", w.span(w.from.Address), family(w.from.Address), w.to.Name, family(w.to.Address)),
		Mend: fmt.Sprintf("take %s out of what must reach it, or give its hosts %s addresses", w.span(w.from.Address), family(w.to.Address)),
	}
}

func family(a netip.Addr) string {
	if a.Is4() {
		return "IPv4"
	}
	return "IPv6"
}

// origin is where a node was declared.
func (m *Model) origin(node string) plan.Origin {
	if n := m.networks[node]; n != nil {
		return n.Origin
	}
	if s := m.sites[node]; s != nil {
		return s.Origin
	}
	if r := m.routers[node]; r != nil {
		return r.Origin
	}
	return plan.Origin{}
}

// tableNames names one route table of a node or several, the existing ones as the topology does.
func tableNames(node string, names []string) string {
	all := make([]string, len(names))
	for i, n := range slices.Sorted(slices.Values(names)) {
		all[i] = quoted(strings.TrimPrefix(n, "existing_"+node+"_"))
	}
	switch len(all) {
	case 0: // what a VPN's gateway announces to a network without tables
		return quoted(node)
	case 1:
		return "route table " + all[0]
	}
	return "route tables " + strings.Join(all, ", ")
}

// noRoute says that the route tables of a network do not know the way. A table of obslink's own
// cannot hold a route to a gateway whose network interface is not known.
func (w *walk) noRoute(p packet, n *network, s *plan.Subnet, h hop) *Break {
	b := &Break{Reason: p.pick(NoRoute, NoReturnRoute), Culprit: n.Origin}
	to, way, far := w.span(p.dst), "to", w.to.Network
	if p.answer {
		way, far = "back to", w.from.Node
	}
	tunnel := p.tunnel
	switch {
	case len(h.tables) == 0:
		b.Text = fmt.Sprintf("network %q has no known route table, so nothing leads %s %s", n.Name, way, to)
	default:
		b.Text = fmt.Sprintf("%s of network %q has no route %s %s", tableNames(n.Name, h.tables), n.Name, way, to)
	}
	switch {
	case p.answer && tunnel != nil && tunnel.Kind == plan.KindWireGuard && !p.gateway.IsValid():
		b.Culprit = tunnel.Origin
		b.Mend = fmt.Sprintf("write sites.%s.wireguard.gateway.interface, so that obslink routes answers to the gateway, or sites.%s.wireguard.snat: true", w.from.Node, w.from.Node)
	case p.answer && tunnel != nil && !p.gateway.IsValid():
		b.Culprit = tunnel.Origin
		b.Mend = fmt.Sprintf("let the route tables of network %q learn %s from the gateway of site %q", n.Name, to, w.from.Node)
	case !w.m.joined(n.Name):
		b.Mend = fmt.Sprintf("join %q to %q: a link with via: peering: endpoints: %q", n.Name, w.to.Network, w.to.Network)
	case s != nil && s.RouteTable != "" && n.Existing():
		b.Culprit = s.Origin
		b.Mend = fmt.Sprintf("name in networks.%s.subnets.%s.routeTable a table of networks.%s.existing.routeTables that leads to %q", n.Name, s.Name, n.Name, far)
	case n.Existing():
		b.Mend = fmt.Sprintf("add the route tables of its servers to networks.%s.existing.routeTables, so that obslink routes them to %q", n.Name, far)
	case s != nil:
		b.Culprit = s.Origin
		b.Mend = fmt.Sprintf("route %s in networks.%s.subnets.%s.routeTable", to, n.Name, s.Name)
	default:
		b.Mend = fmt.Sprintf("declare the servers' subnet in networks.%s.subnets with a routeTable that leads %s %s", n.Name, way, to)
	}
	return b
}

// joined reports whether any connection ends at a node.
func (m *Model) joined(node string) bool { return m.ends[node] }

func (w *walk) noRouterRoute(p packet, r *router, h hop) *Break {
	way := "to"
	if p.answer {
		way = "back to"
	}
	return &Break{
		Reason: p.pick(NoRoute, NoReturnRoute), Culprit: r.Origin,
		Text: fmt.Sprintf("%s of router %q has no route %s %s", tableNames(r.Name, h.tables), r.Name, way, w.span(p.dst)),
		Mend: fmt.Sprintf("route %s in %s of %q", w.span(p.dst), tableNames(r.Name, h.tables), r.Name),
	}
}

func (w *walk) blackhole(p packet, node string, h hop) *Break {
	return &Break{
		Reason: Blackhole, Culprit: h.route.Origin,
		Text: fmt.Sprintf("%s of %q drops what is addressed to %s", tableNames(node, h.tables), node, h.route.Destination),
		Mend: fmt.Sprintf("take the route %s out, or add a more specific one to %s", h.route.Destination, w.span(p.dst)),
	}
}

func (w *walk) dangling(node string, r *plan.Route) *Break {
	return &Break{
		Reason: DanglingRoute, Culprit: r.Origin,
		Text: fmt.Sprintf("the route %s of %q leads to %q, which does not end there", r.Destination, node, r.Target),
		Mend: fmt.Sprintf("point the route at a connection of %q", node),
	}
}

func (w *walk) noAttachmentTable(r *router, c *plan.Connection, e *plan.End) *Break {
	text := fmt.Sprintf("router %q has no route table for what arrives over %s", r.Name, c.Name)
	if e.Table != "" {
		text = fmt.Sprintf("router %q has no route table %q, which %s is to use", r.Name, e.Table, c.Name)
	}
	return &Break{Reason: NoAttachmentTable, Culprit: originOf(c, e), Text: text, Mend: fmt.Sprintf("associate %s with a route table of %q", c.Name, r.Name)}
}

// nothingOn says that a connection delivers into one network only. The answer to a site behind
// another network's gateway is the usual case: the gateway's own address would be delivered.
func (w *walk) nothingOn(p packet, c *plan.Connection, n *network) *Break {
	b := &Break{Reason: NetworkPassesNothingOn, Culprit: c.Origin}
	if c.Kind == plan.KindPeering {
		b.Reason = PeeringPassesNothingOn
	}
	b.Text = fmt.Sprintf("network %q does not pass on what arrives over %s %s for %s", n.Name, c.Kind, c.Name, w.span(p.dst))
	switch {
	case p.answer && p.tunnel != nil && p.tunnel.Kind == plan.KindWireGuard:
		b.Culprit = p.tunnel.Origin
		b.Mend = fmt.Sprintf("write sites.%s.wireguard.snat: true, so that answers go to the gateway's own address", w.from.Node)
	case p.tunnel != nil:
		b.Culprit = p.tunnel.Origin
		b.Mend = fmt.Sprintf("put the endpoint of network %q into network %q, where the tunnel of site %q ends", w.to.Network, n.Name, w.from.Node)
	default:
		b.Mend = fmt.Sprintf("join %q to %q itself, or put the endpoint into network %q", w.from.Node, w.to.Network, n.Name)
	}
	return b
}

// wrongNetwork says that the packet ends somewhere that has the same addresses.
func (w *walk) wrongNetwork(p packet, node string, o plan.Origin) *Break {
	want, what := w.to.Network, "the packet to"
	if p.answer {
		want, what = w.from.Node, "the answer to"
	}
	return &Break{
		Reason: WrongNetwork, Culprit: o,
		Text: fmt.Sprintf("%s %s ends in %q and not in %q", what, w.span(p.dst), node, want),
		Mend: fmt.Sprintf("give %q and %q ranges that do not overlap, and routes that lead to the right one", node, want),
	}
}

func (w *walk) loop(p packet, c *plan.Connection) *Break {
	return &Break{
		Reason: Loop, Culprit: c.Origin,
		Text: fmt.Sprintf("the routes to %s go round in a circle over %s", w.span(p.dst), c.Name),
		Mend: fmt.Sprintf("let one route to %s lead out of the circle", w.span(p.dst)),
	}
}

// ownRoutes is the assumption that a host that was there before has no table of its own.
func (w *walk) ownRoutes(n *network, s *plan.Subnet) Assumption {
	a := Assumption{
		Text: fmt.Sprintf("no user-defined route of existing network %q leads elsewhere", n.Name), Origin: n.Origin,
		Declare: "let obslink create the servers' subnets: then all their routes are known",
	}
	if s != nil {
		a.Text, a.Origin = fmt.Sprintf("no user-defined route of subnet %q of network %q leads elsewhere", s.Name, n.Name), s.Origin
	}
	return a
}

// tableUsed is the assumption that a host uses one of the tables that work.
func (w *walk) tableUsed(p packet, n *network, s *plan.Subnet, works, fails []string) Assumption {
	who, o := fmt.Sprintf("the servers of network %q use", n.Name), n.Origin
	declare := fmt.Sprintf("declare the servers' subnets in networks.%s.subnets, each with its routeTable", n.Name)
	switch {
	case p.answer:
		who = fmt.Sprintf("the endpoint's subnet in network %q uses", n.Name)
	case p.tunnel != nil:
		who = fmt.Sprintf("the gateway of site %q in network %q uses", w.from.Node, n.Name)
	}
	if s != nil {
		who, o = fmt.Sprintf("subnet %q of network %q uses", s.Name, n.Name), s.Origin
		declare = fmt.Sprintf("write networks.%s.subnets.%s.routeTable", n.Name, s.Name)
	}
	text := who + " " + tableNames(n.Name, works)
	if len(fails) > 0 {
		text += " and not " + tableNames(n.Name, fails)
	}
	return Assumption{Text: text, Origin: o, Declare: declare}
}
