package model

import (
	"net/netip"
	"slices"

	"github.com/obslink/obslink/compiler/plan"
)

// maxHops ends a walk that goes round in a circle.
const maxHops = 64

// Connect follows a packet from a host to a port of a server, and the answer back.
func (m *Model) Connect(from Host, to Server, port int) Path {
	w := walk{m: m, from: from, to: to, port: port, traced: true}
	o := w.start()
	return Path{Out: o.out, Back: o.back, Break: o.broken, Assumptions: o.assumed}
}

// Reaches is Connect without the steps, which take longer to write than the path takes to follow.
func (m *Model) Reaches(from Host, to Server, port int) (*Break, []Assumption) {
	w := walk{m: m, from: from, to: to, port: port}
	o := w.start()
	return o.broken, o.assumed
}

// walk is one connection.
type walk struct {
	m      *Model
	from   Host
	to     Server
	port   int
	traced bool
}

// packet is the packet on its way. It is passed by value, so that a walk can branch where it is not
// known which route table is used.
type packet struct {
	src, dst netip.Addr
	ports    [2]int // the destination's
	answer   bool
	hops     int
	// tunnel is the connection that a site's host sent the packet into; the answer must use it too.
	tunnel *plan.Connection
	// gateway is the address that hides the site, in network behind; invalid where none does.
	gateway netip.Addr
	behind  string
	trail
}

// trail is what a packet leaves behind it.
type trail struct {
	out, back []Step
	assumed   []Assumption
}

// outcome is a finished walk.
type outcome struct {
	broken *Break
	trail
}

func (p packet) done() outcome            { return outcome{trail: p.trail} }
func (p packet) dropped(b *Break) outcome { return outcome{broken: b, trail: p.trail} }
func (p *packet) assume(a Assumption)     { p.assumed = assume(p.assumed, a) }
func (p packet) pick(out, back Reason) Reason {
	if p.answer {
		return back
	}
	return out
}

func (w *walk) start() outcome {
	p := packet{src: w.from.Address, dst: w.to.Address, ports: [2]int{w.port, w.port}}
	if w.from.Address.Is4() != w.to.Address.Is4() {
		return p.dropped(w.families())
	}
	if n := w.m.networks[w.from.Node]; n != nil {
		return w.fromNetwork(p, n)
	}
	if s := w.m.sites[w.from.Node]; s != nil {
		return w.fromSite(p, s)
	}
	return p.dropped(&Break{Reason: Missing, Text: "there is no network or site " + quoted(w.from.Node), Culprit: w.to.Origin})
}

// fromNetwork lets the packet leave a server of a network.
func (w *walk) fromNetwork(p packet, n *network) outcome {
	w.step(&p, n.Name, n.Origin, "from %s in network %q", p.src, n.Name)
	group := n.group(w.from)
	if group != nil && group.Filter != "" {
		if v := w.m.try(group.Filter, false, p.dst, p.ports); v != nil {
			return p.dropped(w.filterOut(v, n, group))
		}
		w.step(&p, n.Name, group.Origin, "what stands before %s lets it out", group.Name)
	} else if n.Existing() {
		p.assume(w.edge(n))
	}
	return w.send(p, n, n.subnetOf(p.src), "")
}

// fromSite lets the packet leave a host of a site: into the connection that carries its destination.
func (w *walk) fromSite(p packet, s *site) outcome {
	w.step(&p, s.Name, s.Origin, "from %s at site %q", p.src, s.Name)
	if len(s.connections) == 0 {
		return p.dropped(w.noTunnel(s))
	}
	c, ok := s.out.Lookup(p.dst)
	if !ok {
		return p.dropped(w.notCarried(s))
	}
	if own := holding(s.CIDRs, p.dst); own.Bits() >= 0 && own.Bits() >= holding(carried(c, endAt(c, s.Name)), p.dst).Bits() {
		return p.dropped(w.wrongNetwork(p, s.Name, s.Origin))
	}
	p.tunnel = c
	return w.cross(p, s.Name, c)
}

// send lets a packet leave a host of a subnet: through the subnet's filters, then along its route
// table, or the one that is named, or the cloud's own. A subnet that was there before may have a table
// that nobody declared.
func (w *walk) send(p packet, n *network, s *plan.Subnet, named string) outcome {
	if s != nil && named == "" {
		named = s.RouteTable
	}
	if named == "" && n.system != "" {
		named = n.system
		if h := n.lookUp(named, p.dst); h.route != nil && (n.Existing() || s != nil && s.Ref.Existing != "") {
			p.assume(w.ownRoutes(n, s))
		}
	}
	if named != "" {
		return w.take(p, n, s, n.lookUp(named, p.dst))
	}
	return w.unknownTable(p, n, s)
}

// unknownTable tries every table of a network. Where all do the same inside the network nothing is
// assumed; where at least one works, that is assumed; else the path is broken.
func (w *walk) unknownTable(p packet, n *network, s *plan.Subnet) outcome {
	hops := n.hops(p.dst)
	if len(hops) == 1 && (hops[0].local || len(n.sorted) == 0) {
		return w.take(p, n, s, hops[0])
	}
	var first, good *outcome
	var works, fails []string
	for _, h := range hops {
		branch := p
		branch.trail = trail{slices.Clip(p.out), slices.Clip(p.back), slices.Clip(p.assumed)}
		o := w.take(branch, n, s, h)
		switch {
		case o.broken == nil:
			works = append(works, h.tables...)
			if good == nil {
				good = &o
			}
		default:
			fails = append(fails, h.tables...)
			if first == nil {
				first = &o
			}
		}
	}
	if good == nil {
		return *first
	}
	slices.Sort(works)
	slices.Sort(fails)
	good.assumed = assume(good.assumed, w.tableUsed(p, n, s, works, fails))
	return *good
}

// take does what a route table says.
func (w *walk) take(p packet, n *network, s *plan.Subnet, h hop) outcome {
	if s != nil {
		stays := w.stays(n, s, h, p.dst)
		for _, f := range s.Filters {
			if b := w.leave(p, n, s, f, stays); b != nil {
				return p.dropped(b)
			}
		}
	}
	switch {
	case h.local:
		return w.deliver(p, n, s)
	case h.route == nil:
		return p.dropped(w.noRoute(p, n, s, h))
	case h.route.Target == plan.Blackhole:
		return p.dropped(w.blackhole(p, n.Name, h))
	}
	w.step(&p, n.Name, h.route.Origin, "route %s of %s leads to %s", h.route.Destination, tableNames(n.Name, h.tables), h.route.Target)
	return w.follow(p, n.Name, h.route)
}

// follow sends a packet to the connection that a route names.
func (w *walk) follow(p packet, node string, r *plan.Route) outcome {
	c := w.m.connections[r.Target]
	if c == nil || endAt(c, node) == nil {
		return p.dropped(w.dangling(node, r))
	}
	return w.cross(p, node, c)
}

// cross carries a packet over a connection.
func (w *walk) cross(p packet, from string, c *plan.Connection) outcome {
	near := endAt(c, from)
	far := &c.B
	if near == far {
		far = &c.A
	}
	if p.hops++; p.hops > maxHops {
		return p.dropped(w.loop(p, c))
	}
	if n := w.m.networks[from]; n != nil && near.Gateway.IsValid() {
		s := n.subnetOf(near.Gateway)
		if b := w.enter(p, n, s, nil); b != nil {
			return p.dropped(b)
		}
	}
	if c.Assumed != "" {
		p.assume(Assumption{Text: c.Assumed, Origin: c.Origin, Declare: w.m.declareConnection(c)})
	}
	if !carries(c, near, p.dst) {
		return p.dropped(w.notSent(p, c, near))
	}
	if c.Kind == plan.KindWireGuard && !carries(c, far, p.src) {
		return p.dropped(w.notAccepted(p, c, far))
	}
	w.step(&p, from, c.Origin, "%s %s carries it to %q", c.Kind, c.Name, far.Node)
	return w.arrive(p, c, far)
}

// arrive takes a packet in at the far end of a connection.
func (w *walk) arrive(p packet, c *plan.Connection, e *plan.End) outcome {
	if r := w.m.routers[e.Node]; r != nil {
		return w.route(p, r, c, e)
	}
	if s := w.m.sites[e.Node]; s != nil {
		switch {
		case !p.answer || s.Name != w.from.Node:
			return p.dropped(w.wrongNetwork(p, s.Name, s.Origin))
		case p.tunnel != nil && p.tunnel != c:
			return p.dropped(w.otherTunnel(p, c))
		}
		w.step(&p, s.Name, s.Origin, "arrives at %s", p.dst)
		return p.done()
	}
	n := w.m.networks[e.Node]
	if n == nil {
		return p.dropped(&Break{Reason: Missing, Text: c.Name + " leads to " + quoted(e.Node) + ", which does not exist", Culprit: c.Origin})
	}
	if !e.Gateway.IsValid() {
		if holding(n.CIDRs, p.dst).Bits() < 0 {
			if next := n.beyond(c, p.dst); next != nil {
				w.step(&p, n.Name, next.Origin, "the gateway of network %q passes it on", n.Name)
				return w.cross(p, n.Name, next)
			}
			return p.dropped(w.nothingOn(p, c, n))
		}
		return w.deliver(p, n, nil)
	}
	if e.SNAT && !p.answer {
		p.gateway, p.behind, p.src = e.Gateway, n.Name, e.Gateway
		w.step(&p, n.Name, e.Origin, "gateway %s puts its own address in place of the site's", e.Gateway)
	}
	return w.send(p, n, n.subnetOf(e.Gateway), "")
}

// route looks a packet up in the router's table for the connection that it arrived over.
func (w *walk) route(p packet, r *router, c *plan.Connection, e *plan.End) outcome {
	t := r.tables[e.Table]
	if t == nil {
		return p.dropped(w.noAttachmentTable(r, c, e))
	}
	h := hop{tables: []string{t.Name}}
	if found, ok := t.routes.Lookup(p.dst); ok {
		h.route = found
	}
	switch {
	case h.route == nil:
		return p.dropped(w.noRouterRoute(p, r, h))
	case h.route.Target == plan.Blackhole:
		return p.dropped(w.blackhole(p, r.Name, h))
	}
	w.step(&p, r.Name, h.route.Origin, "route %s of %s leads to %s", h.route.Destination, tableNames(r.Name, h.tables), h.route.Target)
	return w.follow(p, r.Name, h.route)
}

// deliver hands a packet to a host of a network; from is the subnet that it comes from, nil where it
// comes from outside.
func (w *walk) deliver(p packet, n *network, from *plan.Subnet) outcome {
	if !p.answer {
		return w.toServer(p, n, from)
	}
	if p.gateway.IsValid() && n.Name == p.behind && p.dst == p.gateway {
		p.dst, p.gateway = w.from.Address, netip.Addr{}
		w.step(&p, n.Name, p.tunnel.Origin, "the gateway puts the site's address back")
		return w.cross(p, n.Name, p.tunnel)
	}
	if n.Name != w.from.Node || p.dst != w.from.Address {
		return p.dropped(w.wrongNetwork(p, n.Name, n.Origin))
	}
	if b := w.enter(p, n, n.subnetOf(p.dst), from); b != nil {
		return p.dropped(b)
	}
	w.step(&p, n.Name, n.Origin, "arrives at %s", p.dst)
	return p.done()
}

// toServer lets the packet in to the server and sends the answer.
func (w *walk) toServer(p packet, n *network, from *plan.Subnet) outcome {
	if n.Name != w.to.Network {
		return p.dropped(w.wrongNetwork(p, n.Name, n.Origin))
	}
	s := n.named[w.to.Subnet]
	if in := n.subnetOf(w.to.Address); s == nil || in != nil && !s.CIDR.Contains(w.to.Address) {
		s = in // an endpoint has one subnet in each zone, and names the first
	}
	if b := w.enter(p, n, s, from); b != nil {
		return p.dropped(b)
	}
	for _, f := range w.to.Filters {
		if v := w.m.try(f, true, p.src, p.ports); v != nil {
			return p.dropped(w.filterIn(v, w.to.Origin))
		}
	}
	w.step(&p, n.Name, w.to.Origin, "%s takes it at %s port %d", w.to.Name, p.dst, w.port)
	p.answer, p.hops = true, 0
	p.src, p.dst, p.ports = p.dst, p.src, answerPorts
	return w.send(p, n, s, w.to.RouteTable)
}

// stays reports whether a packet does not cross its subnet's edge: the next host, which may be a gateway,
// is in the subnet too.
func (w *walk) stays(n *network, s *plan.Subnet, h hop, dst netip.Addr) bool {
	if h.route == nil {
		return s.CIDR.Contains(dst)
	}
	if c := w.m.connections[h.route.Target]; c != nil {
		if e := endAt(c, n.Name); e != nil && e.Gateway.IsValid() {
			return s.CIDR.Contains(e.Gateway)
		}
	}
	return false
}

// leave holds a packet that a host of a subnet sends against one of the subnet's filters.
func (w *walk) leave(p packet, n *network, s *plan.Subnet, name string, stays bool) *Break {
	stateless := w.m.stateless(name)
	if stateless && stays || !stateless && p.answer {
		return nil
	}
	v := w.m.try(name, false, p.dst, p.ports)
	switch {
	case v == nil:
		return nil
	case stateless:
		return w.acl(p.pick(ACLOut, ACLBackOut), v, n, s)
	default:
		return w.subnetFilter(FilterOut, v, n, s)
	}
}

// enter holds a packet for a host of a subnet against the subnet's filters; from is the subnet that it
// comes from, nil where that is outside or is told by its source.
func (w *walk) enter(p packet, n *network, s, from *plan.Subnet) *Break {
	if s == nil {
		return nil
	}
	for _, name := range s.Filters {
		stateless := w.m.stateless(name)
		if stateless && (from == s || s.CIDR.Contains(p.src)) || !stateless && p.answer {
			continue
		}
		v := w.m.try(name, true, p.src, p.ports)
		switch {
		case v == nil:
		case stateless:
			return w.acl(p.pick(ACLIn, ACLBackIn), v, n, s)
		default:
			return w.subnetFilter(FilterIn, v, n, s)
		}
	}
	return nil
}
