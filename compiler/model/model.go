// Package model says what the clouds do with a name and with a packet, on the plan's neutral graph
// alone: Resolve follows a question from resolver to resolver and from CNAME to CNAME, Connect
// follows a packet hop by hop to a server and the answer hop by hop back. Concrete addresses go in;
// steps, what was taken on trust and the first thing that drops the packet come out.
//
// It decides nothing about links and names that somebody wants; package prove does. It knows no
// cloud by name, changes nothing in the graph, and a Model may be read by many goroutines.
package model

import (
	"cmp"
	"net/netip"
	"slices"

	"github.com/gaissmai/bart"

	"github.com/obslink/obslink/compiler/plan"
)

// Host is a client: an address in a network or at a site.
type Host struct {
	Node    string
	Address netip.Addr
	// Client is the group of servers that the host is one of; empty stands for the most specific
	// group of the network that holds the address, if any does.
	Client string
}

// Server is what a packet is addressed to: an endpoint or a DNS resolver in a network.
type Server struct {
	Name       string
	Network    string
	Subnet     string // may be empty: the one that holds Address
	Address    netip.Addr
	Filters    []string
	RouteTable string // empty: the subnet's
	Origin     plan.Origin
}

// Model answers questions about one graph.
type Model struct {
	networks    map[string]*network
	sites       map[string]*site
	routers     map[string]*router
	connections map[string]*plan.Connection
	filters     map[string]*filter
	endpoints   map[string]*plan.Endpoint
	resolvers   map[netip.Addr][]*plan.Resolver
	ends        map[string]bool    // nodes that a connection ends at
	byName      map[string][]*zone // every zone of the graph
	names       names
}

// New indexes a graph and the names that public DNS and exported files know.
func New(g *plan.Graph, all []plan.Name) *Model {
	m := &Model{
		networks:    make(map[string]*network, len(g.Networks)),
		sites:       make(map[string]*site, len(g.Sites)),
		routers:     make(map[string]*router, len(g.Routers)),
		connections: make(map[string]*plan.Connection, len(g.Connections)),
		filters:     make(map[string]*filter, len(g.Filters)),
		endpoints:   make(map[string]*plan.Endpoint, len(g.Endpoints)),
		resolvers:   map[netip.Addr][]*plan.Resolver{},
		ends:        make(map[string]bool, 2*len(g.Connections)),
		byName:      map[string][]*zone{},
		names:       indexNames(all),
	}
	for i := range g.Networks {
		m.networks[g.Networks[i].Name] = indexNetwork(&g.Networks[i])
	}
	for i := range g.Sites {
		m.sites[g.Sites[i].Name] = &site{Site: &g.Sites[i]}
	}
	for i := range g.Routers {
		r := &g.Routers[i]
		m.routers[r.Name] = &router{Router: r, tables: indexTables(r.RouteTables)}
	}
	for i := range g.Filters {
		m.filters[g.Filters[i].Name] = indexFilter(&g.Filters[i])
	}
	for i := range g.Endpoints {
		m.endpoints[g.Endpoints[i].Name] = &g.Endpoints[i]
	}
	for i := range g.Resolvers {
		for _, a := range g.Resolvers[i].Addresses {
			m.resolvers[a] = append(m.resolvers[a], &g.Resolvers[i])
		}
	}
	m.indexConnections(g)
	m.propagate(g)
	m.share(g)
	m.indexZones(g)
	return m
}

// indexConnections finds out what each site sends into which of its connections: the most specific
// prefix wins, and of two alike the connection whose name comes first.
func (m *Model) indexConnections(g *plan.Graph) {
	sorted := make([]*plan.Connection, 0, len(g.Connections))
	for i := range g.Connections {
		c := &g.Connections[i]
		m.connections[c.Name] = c
		sorted = append(sorted, c)
	}
	slices.SortStableFunc(sorted, func(a, b *plan.Connection) int { return cmp.Compare(a.Name, b.Name) })
	for _, c := range sorted {
		for _, end := range []*plan.End{&c.A, &c.B} {
			m.ends[end.Node] = true
			s := m.sites[end.Node]
			if s == nil {
				continue
			}
			s.connections = append(s.connections, c)
			for _, p := range carried(c, end) {
				if _, taken := s.out.Get(p); !taken {
					s.out.Insert(p, c)
				}
			}
		}
	}
}

// propagate gives every table of a network the routes that its VPN gateways announce, but where the tables
// list them; a gateway that hides its site announces nothing. A route of the
// table itself to the same prefix wins, and of two gateways the one whose connection comes first.
func (m *Model) propagate(g *plan.Graph) {
	for i := range g.Connections {
		c := &g.Connections[i]
		n := m.networks[c.B.Node]
		if n == nil || !announces(c) {
			continue
		}
		for _, p := range carried(c, &c.B) {
			n.announce(p, c, originOf(c, &c.B))
		}
	}
}

// Endpoint is the server that an endpoint's address stands for; ok is false where the graph has no
// such endpoint.
func (m *Model) Endpoint(name string, address netip.Addr) (s Server, ok bool) {
	e := m.endpoints[name]
	if e == nil {
		return Server{}, false
	}
	return Server{Name: e.Name, Network: e.Network, Subnet: e.Subnet, Address: address, Filters: e.Filters, RouteTable: e.RouteTable, Origin: e.Origin}, true
}

func resolverAt(r *plan.Resolver, address netip.Addr) Server {
	return Server{Name: r.Name, Network: r.Network, Address: address, Filters: r.Filters, Origin: r.Origin}
}

type network struct {
	*plan.Network
	subnets bart.Table[*plan.Subnet]
	named   map[string]*plan.Subnet
	tables  map[string]*table
	sorted  []string // the tables' names
	system  string   // the table of subnets that name none; empty where the cloud has none such
	// peered and vpns are where packets go that the network passes on from a VPN and from a peering.
	peered, vpns bart.Table[*plan.Connection]
	zones        map[string][]*zone
	rules        map[string]*plan.Forward
}

type site struct {
	*plan.Site
	connections []*plan.Connection
	out         bart.Table[*plan.Connection]
}

type router struct {
	*plan.Router
	tables map[string]*table
}

func indexNetwork(n *plan.Network) *network {
	x := &network{Network: n, named: make(map[string]*plan.Subnet, len(n.Subnets)), tables: indexTables(n.RouteTables)}
	for i := range n.Subnets {
		s := &n.Subnets[i]
		x.named[s.Name] = s
		if _, taken := x.subnets.Get(s.CIDR); !taken {
			x.subnets.Insert(s.CIDR, s)
		}
	}
	for name, t := range x.tables {
		x.sorted = append(x.sorted, name)
		if t.System {
			x.system = name
		}
	}
	slices.Sort(x.sorted)
	return x
}

// subnetOf is the declared subnet that holds an address, or nil.
func (n *network) subnetOf(a netip.Addr) *plan.Subnet {
	s, _ := n.subnets.Lookup(a)
	return s
}

// group is the declared client group that a host belongs to, or nil.
func (n *network) group(h Host) *plan.Client {
	var best *plan.Client
	for i := range n.Clients {
		c := &n.Clients[i]
		switch {
		case h.Client != "" && c.Name == h.Client:
			return c
		case h.Client == "" && c.CIDR.Contains(h.Address) && (best == nil || c.CIDR.Bits() > best.CIDR.Bits()):
			best = c
		}
	}
	return best
}

// holding returns the most specific of some prefixes that holds an address; its Bits are -1 where
// none does.
func holding(prefixes []netip.Prefix, a netip.Addr) netip.Prefix {
	best := netip.PrefixFrom(a, -1)
	for _, p := range prefixes {
		if p.Contains(a) && p.Bits() > best.Bits() {
			best = p
		}
	}
	return best
}
