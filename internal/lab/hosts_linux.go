package lab

import (
	"fmt"
	"net/netip"

	"golang.org/x/sys/unix"
)

// host is one address with a namespace of its own, on a cable to its network or site.
type host struct {
	space   *space
	node    node
	address netip.Addr
	// device is the cable's end at the node.
	device string
	subnet *subnet
	table  *table
}

// hostDevice is the host's own end of its cable.
const hostDevice = "eth0"

// addHost makes a host. Everything that it sends goes to its node, which decides.
func (l *Lab) addHost(at node, a netip.Addr) (*host, error) {
	for _, h := range l.hosts {
		if h.node == at && h.address == a {
			return nil, fmt.Errorf("lab: %s has two hosts at %s", at.label(), a)
		}
	}
	s, err := l.space(at.label() + " " + a.String())
	if err != nil {
		return nil, err
	}
	h := &host{space: s, node: at, address: a, device: l.device("h")}
	if err := cable(l.nodes[at], s, h.device, hostDevice, cableMTU); err != nil {
		return nil, err
	}
	if err := s.address(hostDevice, a); err != nil {
		return nil, err
	}
	if err := s.send(mainTable, anywhere, hostDevice); err != nil {
		return nil, err
	}
	if n, ok := at.(*network); ok {
		h.table = n.main
		if h.subnet = n.subnetOf(a); h.subnet != nil && h.subnet.table != nil {
			h.table = h.subnet.table
		} else if n.unsure {
			return nil, fmt.Errorf("lab: which of the tables of %s is that of %s is not declared", n.name, a)
		}
	}
	l.hosts = append(l.hosts, h)
	return h, nil
}

// guard puts gates before a host.
func (l *Lab) guard(h *host, gates []gate) {
	n := h.node.(*network)
	h.space.firewall += hostRules(gates, l.bp.virtualNetwork(n, h.subnet))
}

// makeHosts makes endpoints, resolvers and the clients that will try.
func (l *Lab) makeHosts(clients []Host) error {
	for _, e := range l.bp.endpoints {
		for _, home := range e.homes {
			h, err := l.addHost(e.network, home.address)
			if err != nil {
				return err
			}
			if e.plainRoutes {
				h.table = e.network.main
			}
			l.guard(h, e.gates)
			l.servers = append(l.servers, server{e, h})
		}
	}
	for _, in := range l.bp.resolvers {
		for _, home := range in.homes {
			h, err := l.addHost(in.network, home.address)
			if err != nil {
				return err
			}
			l.guard(h, in.gates)
			l.inbounds = append(l.inbounds, h)
		}
	}
	for _, c := range clients {
		if err := l.makeClient(c); err != nil {
			return err
		}
	}
	return l.makeOutbounds()
}

func (l *Lab) makeClient(c Host) error {
	at := l.bp.nodeNamed(c.Node)
	if at == nil {
		return fmt.Errorf("lab: no network or site is called %q", c.Node)
	}
	h, err := l.addHost(at, c.Address)
	if err != nil {
		return err
	}
	l.clients[c] = &caller{space: h.space, host: h, resolver: resolverAddress}
	n, ok := at.(*network)
	if !ok {
		l.clients[c].resolver = ownResolver
		return nil
	}
	var gates []gate
	if h.subnet != nil {
		gates = append(gates, h.subnet.gates...)
	}
	if g := n.clientGate(c.Address); g != nil {
		gates = append(gates, g)
	}
	l.guard(h, gates)
	return nil
}

// Tables of a node: one of its own hosts, and from firstTable on one for each route table.
const (
	hostTable  = 10
	firstTable = 100
)

// makeRoutes fills the tables of every node and says by the cable that a packet comes from which of
// them is asked.
func (l *Lab) makeRoutes() error {
	for _, h := range l.hosts {
		if err := l.nodes[h.node].send(hostTable, prefixOf(h.address), h.device); err != nil {
			return err
		}
	}
	for _, n := range l.bp.networks {
		if err := l.networkRoutes(n); err != nil {
			return err
		}
	}
	for _, s := range l.bp.sites {
		if err := l.siteRoutes(s); err != nil {
			return err
		}
	}
	for _, r := range l.bp.routers {
		if err := l.routerRoutes(r); err != nil {
			return err
		}
	}
	return nil
}

func (l *Lab) networkRoutes(n *network) error {
	s := l.nodes[n]
	if err := s.stop(hostTable, anywhere, unix.RTN_UNREACHABLE); err != nil {
		return err
	}
	if err := s.look("lo", hostTable); err != nil {
		return err
	}
	numbers := map[*table]int{}
	next := firstTable
	devices := map[*subnet][]string{}
	for _, h := range l.hosts {
		if h.node != node(n) {
			continue
		}
		devices[h.subnet] = append(devices[h.subnet], h.device)
		if _, filled := numbers[h.table]; !filled {
			numbers[h.table] = next
			if err := l.fill(n, next, l.bp.hops(n, h.table)); err != nil {
				return err
			}
			next++
		}
		if err := s.lookIn(h.device, numbers[h.table], hostTable); err != nil {
			return err
		}
	}
	s.firewall += edgeRules(devices, n.subnets)
	for _, link := range l.bp.links {
		e := link.at(n)
		if e == nil || link.down {
			continue
		}
		if err := l.fill(n, next, l.bp.arrivals(n, e)); err != nil {
			return err
		}
		if err := s.lookIn(e.device, next, hostTable); err != nil {
			return err
		}
		next++
	}
	return nil
}

// siteRoutes let a site's hosts into its links and tunnels; what comes out of those stays in the site.
// Nothing leads to the internet, where no public address would answer.
func (l *Lab) siteRoutes(site *site) error {
	s := l.nodes[site]
	if err := s.stop(hostTable, anywhere, unix.RTN_UNREACHABLE); err != nil {
		return err
	}
	if err := l.fill(site, firstTable, l.bp.siteHops(site)); err != nil {
		return err
	}
	for _, h := range l.hosts {
		if h.node == node(site) {
			if err := s.lookIn(h.device, firstTable, hostTable); err != nil {
				return err
			}
		}
	}
	for _, link := range l.bp.links {
		if e := link.at(site); e != nil && !link.down {
			if err := s.look(e.device, hostTable); err != nil {
				return err
			}
		}
	}
	for _, g := range l.bp.gateways {
		for _, t := range g.tunnels {
			if t.site == site {
				if err := s.look(t.siteDevice, hostTable); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// routerRoutes give each cable the table that its attachment is associated with; without one, what
// arrives is dropped.
func (l *Lab) routerRoutes(r *router) error {
	numbers := map[*table]int{}
	for i, t := range r.tables {
		numbers[t] = firstTable + i
		if err := l.fill(r, numbers[t], routerHops(t)); err != nil {
			return err
		}
	}
	for _, link := range l.bp.links {
		e := link.at(r)
		if e == nil || link.down || e.arrive == nil {
			continue
		}
		if err := l.nodes[r].look(e.device, numbers[e.arrive]); err != nil {
			return err
		}
	}
	return nil
}

// fill writes hops into a table. What no hop matches goes nowhere.
func (l *Lab) fill(at node, number int, hops []hop) error {
	s := l.nodes[at]
	whole := false
	for _, h := range hops {
		whole = whole || h.to == anywhere
		var err error
		if device := l.toward(at, h.target); device != "" {
			err = s.send(number, h.to, device)
		} else if _, stays := h.target.(local); stays {
			err = s.stop(number, h.to, unix.RTN_THROW)
		} else {
			err = s.stop(number, h.to, unix.RTN_UNREACHABLE)
		}
		if err != nil {
			return err
		}
	}
	if whole {
		return nil
	}
	return s.stop(number, anywhere, unix.RTN_UNREACHABLE)
}

// toward is the device at a node that leads to a target, or "".
func (l *Lab) toward(at node, target any) string {
	switch t := target.(type) {
	case *link:
		if e := t.at(at); e != nil {
			return e.device
		}
	case *gateway:
		if node(t.network) == at {
			return t.device
		}
	case *tunnel:
		return t.siteDevice
	}
	return ""
}

// lookIn asks tables in turn for what comes from a device.
func (s *space) lookIn(device string, tables ...int) error {
	for _, t := range tables {
		if err := s.look(device, t); err != nil {
			return err
		}
	}
	return nil
}
