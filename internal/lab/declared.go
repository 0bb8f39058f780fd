package lab

import (
	"net/netip"

	"github.com/obslink/obslink/compiler/plan"
)

// declaredNodes reads networks, sites, routers and filters. A network whose Ref names a resource of
// the manifest gives that one a further name, its clients and its DNS.
func (r *reader) declaredNodes(g plan.Graph) {
	for _, f := range g.Filters {
		r.declaredFilter(f)
	}
	for _, d := range g.Networks {
		if d.Ref.Part == "" {
			r.declaredNetwork(d)
			continue
		}
		r.later = append(r.later, func() {
			if n := r.networks[d.Ref.Part]; n != nil {
				r.declaredUse(n, d)
			} else {
				r.fail("network %s: the manifest holds no %s", d.Name, d.Ref.Part)
			}
		})
	}
	for _, d := range g.Sites {
		s := &site{name: d.Name, cidrs: d.CIDRs, mode: d.DNS.Mode}
		if d.Device != nil {
			s.device, s.carries = d.Device.Address, append([]netip.Prefix{}, d.Device.Carries...) // nil would be everything
		}
		for _, f := range d.DNS.Forwards {
			s.forwards = append(s.forwards, &forward{domain: literal(f.Domain), servers: f.Servers})
		}
		r.bp.sites = append(r.bp.sites, s)
	}
	for _, d := range g.Routers {
		if d.Ref.Part != "" {
			continue
		}
		router := &router{name: d.Name}
		for _, t := range d.RouteTables {
			made := &table{name: t.Name}
			router.tables = append(router.tables, made)
			add(r.tables, made, t.Ref.Existing, d.Name+"/"+t.Name)
		}
		r.bp.routers = append(r.bp.routers, router)
		add(r.routers, router, d.Name, d.Ref.Existing)
	}
}

func (r *reader) declaredNetwork(d plan.Network) {
	n := &network{name: d.Name, cidrs: d.CIDRs, azure: len(d.Ref.Existing) > 0 && d.Ref.Existing[0] == '/'}
	n.main = &table{name: d.Name + " main"}
	r.bp.networks = append(r.bp.networks, n)
	add(r.networks, n, d.Name, d.Ref.Existing)
	for _, t := range d.RouteTables {
		if t.Ref.Part != "" {
			continue
		}
		made := &table{name: t.Name}
		n.tables = append(n.tables, made)
		r.owner[made] = n
		add(r.tables, made, t.Ref.Existing, d.Name+"/"+t.Name)
	}
	for _, s := range d.Subnets {
		if s.Ref.Part != "" {
			continue
		}
		made := &subnet{name: s.Name, network: n, cidr: s.CIDR, table: r.tables[id(d.Name+"/"+s.RouteTable)]}
		if s.RouteTable != "" && made.table == nil {
			r.fail("subnet %s: the network %s declares no table %q", s.Name, d.Name, s.RouteTable)
		}
		for _, name := range s.Filters {
			if f := r.filters[id(name)]; f == nil {
				r.fail("subnet %s: no filter %q is declared", s.Name, name)
			} else if f.stateless {
				made.edge = append(made.edge, f)
			} else {
				made.gates = append(made.gates, gate{f})
			}
		}
		n.subnets = append(n.subnets, made)
		add(r.subnets, made, s.Ref.Existing, d.Name+"/"+s.Name)
	}
	n.unsure = len(n.tables) > 1
	if len(n.tables) == 1 {
		n.main = n.tables[0]
	}
	n.private = d.DNSAttributes
	r.declaredUse(n, d)
}

// declaredUse reads who is in a network and whom they ask.
func (r *reader) declaredUse(n *network, d plan.Network) {
	add(r.networks, n, d.Name)
	if d.DNS.Mode == plan.DNSPublic {
		n.private, n.public = false, true
	}
	for _, c := range d.Clients {
		if c.Filter == "" {
			// Rules may be added to a group of which nothing else is known; then nothing is held to stand
			// before the servers.
			add(r.filters, &filter{name: c.SecurityGroup}, c.SecurityGroup)
			continue
		}
		f := r.filters[id(c.Filter)]
		if f == nil {
			r.fail("clients %s: no filter %q is declared", c.Name, c.Filter)
			continue
		}
		add(r.filters, f, c.SecurityGroup)
		n.clients = append(n.clients, client{c.CIDR, gate{f}})
	}
}

func (r *reader) declaredFilter(d plan.Filter) {
	if d.Ref.Part != "" {
		return
	}
	f := &filter{name: d.Name, stateless: d.Stateless}
	read := func(rules []plan.Rule) (all []rule) {
		for i, d := range rules {
			all = append(all, rule{order: i, far: matcher{prefixes: []netip.Prefix{d.Prefix}}, proto: "both", ports: d.Ports, deny: d.Deny})
		}
		return all
	}
	f.in, f.out = read(d.Ingress), read(d.Egress)
	add(r.filters, f, d.Name, d.Ref.Existing)
}

func (r *reader) declaredNode(name string) node {
	if n := r.networks[id(name)]; n != nil {
		return n
	}
	if t := r.routers[id(name)]; t != nil {
		return t
	}
	for _, s := range r.bp.sites {
		if s.name == name {
			return s
		}
	}
	return nil
}

func (r *reader) declaredConnections(g plan.Graph) {
	for _, c := range g.Connections {
		a, b := r.declaredEnd(c, c.A), r.declaredEnd(c, c.B)
		if a.node == nil || b.node == nil {
			r.fail("connection %s joins %q and %q, one of which the world does not hold", c.Name, c.A.Node, c.B.Node)
			continue
		}
		if c.Kind == plan.KindWireGuard || c.B.SNAT { // of VPNs only one that ends on a host translates
			r.declaredTunnel(c, a, b)
			continue
		}
		b.propagates = c.Kind == plan.KindVPN
		a.offers, b.uses = c.A.Transit, c.A.Transit
		b.offers, a.uses = c.B.Transit, c.B.Transit
		r.join(&link{name: c.Name, a: a, b: b}, c.Name, c.A.Interface, c.B.Interface)
	}
}

// join adds a link under its names.
func (r *reader) join(l *link, keys ...string) {
	r.bp.links = append(r.bp.links, l)
	add(r.links, l, keys...)
}

func (r *reader) declaredEnd(c plan.Connection, d plan.End) end {
	e := end{node: r.declaredNode(d.Node), allowed: d.Allowed}
	if d.Table != "" {
		e.arrive = r.tables[id(d.Node+"/"+d.Table)]
		if e.arrive == nil {
			e.arrive = r.tables[id(d.Table)]
		}
		if e.arrive == nil {
			r.fail("connection %s: %s has no table %q", c.Name, d.Node, d.Table)
		}
	}
	return e
}

// declaredTunnel puts a tunnel on its gateway host, which several may share. WireGuard stands in for what a
// VPN on a host speaks.
func (r *reader) declaredTunnel(c plan.Connection, a, b end) {
	s, isSite := a.node.(*site)
	n, isNetwork := b.node.(*network)
	if !isSite || !isNetwork || !c.B.Gateway.IsValid() {
		r.fail("connection %s: a tunnel joins a site (a) and a gateway's address in a network (b)", c.Name)
		return
	}
	key := n.name + " " + c.B.Gateway.String()
	g := r.gateways[key]
	if g == nil {
		g = &gateway{network: n, address: c.B.Gateway}
		r.bp.gateways = append(r.bp.gateways, g)
	}
	add(r.gateways, g, key, c.Name, c.B.Interface)
	t := &tunnel{name: c.Name, site: s, out: c.A.Allowed, in: c.B.Allowed, snat: c.B.SNAT}
	if c.Kind == plan.KindVPN && t.out == nil { // which carries everything then
		t.out = []netip.Prefix{anywhere}
	}
	if c.A.SNAT {
		t.snatSite = c.A.Gateway
	}
	g.tunnels = append(g.tunnels, t)
}

// declaredRoutes reads the routes that are there already. Their targets are connections by name,
// declared or created.
func (r *reader) declaredRoutes(g plan.Graph) {
	read := func(node string, tables []plan.RouteTable) {
		for _, d := range tables {
			t := r.tables[id(node+"/"+d.Name)]
			if t == nil {
				t = r.tables[id(d.Ref.Part)]
			}
			for _, route := range d.Routes {
				if t != nil && d.Ref.Part == "" {
					t.routes = append(t.routes, r.route(node+" "+d.Name, route.Destination, route.Target))
				}
			}
		}
	}
	for _, n := range g.Networks {
		read(n.Name, n.RouteTables)
	}
	for _, t := range g.Routers {
		read(t.Name, t.RouteTables)
	}
}

// route finds a target by its key: a link, a gateway's interface, or nothing.
func (r *reader) route(where string, to netip.Prefix, target string) route {
	made := route{to: to.Masked()}
	switch {
	case target == plan.Blackhole:
	case r.links[id(target)] != nil:
		made.target = r.links[id(target)]
	case r.gateways[id(target)] != nil:
		made.target = r.gateways[id(target)]
	default:
		r.fail("%s: route %s leads to %q, which the world does not hold", where, to, target)
	}
	return made
}

// declaredServices reads endpoints, zones, resolvers and rules that are there already.
func (r *reader) declaredServices(g plan.Graph) {
	for _, d := range g.Endpoints {
		n := r.networks[id(d.Network)]
		if n == nil {
			r.fail("endpoint %s: no network %q", d.Name, d.Network)
			continue
		}
		e := &endpoint{name: d.Name, network: n, names: d.PrivateDNS, own: len(d.PrivateDNS) > 0}
		e.homes = r.declaredHomes(n, d.Subnet, d.Addresses)
		e.gates = r.declaredGates(d.Name, d.Filters)
		r.bp.endpoints = append(r.bp.endpoints, e)
		add(r.endpoints, e, d.Name)
	}
	for _, d := range g.Resolvers {
		n := r.networks[id(d.Network)]
		if n == nil {
			r.fail("resolver %s: no network %q", d.Name, d.Network)
			continue
		}
		r.bp.resolvers = append(r.bp.resolvers, &inbound{network: n, homes: r.declaredHomes(n, "", d.Addresses), gates: r.declaredGates(d.Name, d.Filters)})
	}
	for _, d := range g.Rules {
		f := &forward{domain: literal(d.Domain), servers: d.Servers, from: &outbound{}}
		f.networks = r.declaredNetworks(d.Domain, d.Networks)
		r.bp.forwards = append(r.bp.forwards, f)
	}
	for _, d := range g.Zones {
		if d.Ref.Part != "" {
			continue
		}
		z := &zone{name: literal(d.Name), networks: map[*network]bool{}}
		for _, n := range r.declaredNetworks(d.Name, d.Networks) {
			z.networks[n] = d.FallThrough
		}
		for _, rec := range d.Records {
			made := record{name: literal(rec.Name), addresses: rec.Addresses}
			if rec.Endpoint != "" {
				r.later = append(r.later, func() {
					made.endpoint = r.endpoints[rec.Endpoint]
					z.records = append(z.records, made)
				})
				continue
			}
			z.records = append(z.records, made)
		}
		r.bp.zones = append(r.bp.zones, z)
		add(r.zones, z, d.Ref.Existing)
	}
}

func (r *reader) declaredNetworks(what string, names []string) (all []*network) {
	for _, name := range names {
		if n := r.networks[id(name)]; n != nil {
			all = append(all, n)
		} else {
			r.fail("%s: no network %q", what, name)
		}
	}
	return all
}

func (r *reader) declaredHomes(n *network, name string, addresses []netip.Addr) (all []home) {
	s := r.subnets[id(n.name+"/"+name)]
	for _, a := range addresses {
		if in := n.subnetOf(a); in != nil {
			s = in
		}
		all = append(all, home{subnet: s, address: a})
	}
	if len(addresses) == 0 && s != nil {
		all = []home{{subnet: s}}
	}
	return all
}

func (r *reader) declaredGates(what string, names []string) []gate {
	var g gate
	for _, name := range names {
		if f := r.filters[id(name)]; f != nil {
			g = append(g, f)
		} else {
			r.fail("%s: no filter %q is declared", what, name)
		}
	}
	if g == nil {
		return nil
	}
	return []gate{g}
}
