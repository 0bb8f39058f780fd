package plan

import (
	"cmp"
	"net/netip"
	"slices"
)

// Graph is the neutral picture of the network: all that a proof reads, and what `lift` rebuilds from
// a manifest. Nodes (networks, sites, routers) have names of their own; connections join two of them.
// What the topology says is already there is in it too, marked by Existing or by Ref.Existing, since
// a packet does not ask who made a route.
type Graph struct {
	Networks    []Network    `json:"networks"`
	Sites       []Site       `json:"sites,omitempty"`
	Routers     []Router     `json:"routers,omitempty"`
	Connections []Connection `json:"connections,omitempty"`
	Endpoints   []Endpoint   `json:"endpoints,omitempty"`
	Filters     []Filter     `json:"filters,omitempty"`
	Zones       []Zone       `json:"zones,omitempty"`
	Resolvers   []Resolver   `json:"resolvers,omitempty"`
	Rules       []Forward    `json:"rules,omitempty"`
}

// Sort puts what several targets add to the graph into the order of names.
func (g *Graph) Sort() {
	sortBy(g.Routers, func(r Router) string { return r.Name })
	sortBy(g.Connections, func(c Connection) string { return c.Name })
	sortBy(g.Endpoints, func(e Endpoint) string { return e.Name })
	sortBy(g.Filters, func(f Filter) string { return f.Name })
	sortBy(g.Zones, func(z Zone) string { return z.Ref.Part + z.Ref.Existing })
	sortBy(g.Resolvers, func(r Resolver) string { return r.Name })
}

func sortBy[T any](s []T, key func(T) string) {
	slices.SortStableFunc(s, func(a, b T) int { return cmp.Compare(key(a), key(b)) })
}

// UseDevices lets each site's device send what it carries into the VPN that the plan makes for it.
func (g *Graph) UseDevices() {
	devices := map[string]*Device{}
	for _, s := range g.Sites {
		devices[s.Name] = s.Device
	}
	for i := range g.Connections {
		if c := &g.Connections[i]; devices[c.A.Node] != nil && !c.Existing {
			c.A.Allowed, c.A.Origin = devices[c.A.Node].Carries, devices[c.A.Node].Origin
		}
	}
}

// Declared is the part of the graph that no manifest holds, since it is there already or stands
// outside of every cloud: sites and their connections, existing networks with their subnets, tables,
// clients, endpoints and filters, existing zones. What the plan adds to existing tables, filters and
// zones is left out.
// Of created networks and subnets only what no resource says is there: the name that goes with a
// resource, the clients, and who answers DNS.
func (g Graph) Declared() Graph {
	d := Graph{Sites: g.Sites, Resolvers: existing(g.Resolvers, func(r Resolver) Ref { return r.Ref })}
	for _, n := range g.Networks {
		if !n.Existing() {
			n = Network{Name: n.Name, Ref: n.Ref, Subnets: n.Subnets, Clients: n.Clients, DNS: n.DNS, Origin: n.Origin}
		}
		n.Subnets = slices.Clone(n.Subnets)
		for i, s := range n.Subnets {
			if s.Ref.Existing == "" {
				n.Subnets[i] = Subnet{Name: s.Name, Ref: s.Ref, Origin: s.Origin}
			}
		}
		n.RouteTables = existing(n.RouteTables, func(t RouteTable) Ref { return t.Ref })
		for i := range n.RouteTables {
			n.RouteTables[i].Routes = thereAlready(n.RouteTables[i].Routes)
		}
		d.Networks = append(d.Networks, n)
	}
	there := map[string]bool{} // what existing routers lead to
	for _, c := range g.Connections {
		if c.Existing {
			d.Connections = append(d.Connections, c)
			there[c.Name] = true
		}
	}
	d.Routers = existing(g.Routers, func(r Router) Ref { return r.Ref })
	for i := range d.Routers {
		d.Routers[i].RouteTables = slices.Clone(d.Routers[i].RouteTables)
		for j := range d.Routers[i].RouteTables {
			t := &d.Routers[i].RouteTables[j]
			routes := t.Routes
			t.Routes = nil
			for _, r := range routes {
				if there[r.Target] {
					t.Routes = append(t.Routes, r)
				}
			}
		}
	}
	d.Endpoints = existing(g.Endpoints, func(e Endpoint) Ref { return e.Ref })
	d.Filters = existing(g.Filters, func(f Filter) Ref { return f.Ref })
	for i := range d.Filters {
		d.Filters[i].Ingress, d.Filters[i].Egress = declared(d.Filters[i].Ingress), declared(d.Filters[i].Egress)
	}
	for _, z := range existing(g.Zones, func(z Zone) Ref { return z.Ref }) {
		if z.Added {
			continue
		}
		z.Records = slices.DeleteFunc(slices.Clone(z.Records), func(r Record) bool { return r.Endpoint != "" })
		d.Zones = append(d.Zones, z)
	}
	return d
}

// thereAlready leaves out the routes that the plan adds.
func thereAlready(routes []Route) []Route {
	return slices.DeleteFunc(slices.Clone(routes), func(r Route) bool { return !r.Existing })
}

// declared leaves out the rules that the plan adds.
func declared(rules []Rule) []Rule {
	return slices.DeleteFunc(slices.Clone(rules), func(r Rule) bool { return r.Added })
}

func existing[T any](all []T, ref func(T) Ref) []T {
	var kept []T
	for _, x := range all {
		if ref(x).Existing != "" {
			kept = append(kept, x)
		}
	}
	return kept
}

// Network is a VPC or VNet with its subnets and route tables.
type Network struct {
	Name        string         `json:"name"`
	Ref         Ref            `json:"ref"`
	CIDRs       []netip.Prefix `json:"cidrs"`
	Subnets     []Subnet       `json:"subnets,omitempty"`
	RouteTables []RouteTable   `json:"routeTables,omitempty"`
	// Clients are the declared groups of servers; addresses outside of them are clients too.
	Clients []Client `json:"clients,omitempty"`
	// DNSAttributes says that private zones and endpoint names work inside the network.
	DNSAttributes bool `json:"dnsAttributes"`
	// DNS says who answers the network's clients.
	DNS    DNS    `json:"dns,omitzero"`
	Origin Origin `json:"origin"`
}

// Existing reports whether the network was there before obslink.
func (n Network) Existing() bool { return n.Ref.Existing != "" }

// Subnet is a range of a network.
type Subnet struct {
	Name string       `json:"name"`
	Ref  Ref          `json:"ref"`
	CIDR netip.Prefix `json:"cidr"`
	// RouteTable is empty where the subnet's table is not declared: it may be any of the network's.
	RouteTable string `json:"routeTable,omitempty"`
	// Filters stand at the subnet's edge (network ACLs) or before each of its hosts (network security
	// groups), as Filter.Stateless says.
	Filters []string `json:"filters,omitempty"`
	Origin  Origin   `json:"origin"`
}

// Client is a declared group of servers of a network.
type Client struct {
	Name string       `json:"name"`
	CIDR netip.Prefix `json:"cidr"`
	// Filter is what stands before the servers themselves; empty where it is not declared.
	Filter string `json:"filter,omitempty"`
	// SecurityGroup is the cloud's id of what Filter stands for.
	SecurityGroup string `json:"securityGroup,omitempty"`
	// Uses are names that the servers ask for today; "*.example.net" is every name below.
	Uses   []string `json:"uses,omitempty"`
	Origin Origin   `json:"origin"`
}

// RouteTable holds routes. In a network the routes to its own CIDRs are in every table and are not
// listed; a router has only what is listed. The most specific route is taken.
type RouteTable struct {
	Name string `json:"name"`
	Ref  Ref    `json:"ref"`
	// System says that the cloud makes it by itself, for every subnet of the network without a table of
	// its own. It is listed where it routes anything.
	System bool    `json:"system,omitempty"`
	Routes []Route `json:"routes,omitempty"`
}

// Existing reports whether the table was there before obslink: it may hold more than what is known.
func (t RouteTable) Existing() bool { return t.Ref.Existing != "" }

// Blackhole is the target of a route that drops what it matches.
const Blackhole = "blackhole"

// Route sends a prefix to a connection, named by Connection.Name, or drops it.
type Route struct {
	Destination netip.Prefix `json:"destination"`
	Target      string       `json:"target"`
	// Existing says that the route was there before obslink.
	Existing bool   `json:"existing,omitempty"`
	Origin   Origin `json:"origin"`
}

// Site is an on-prem location. Its hosts send what the site's connections carry (End.Allowed) into
// them, and everything else to the internet.
type Site struct {
	Name  string         `json:"name"`
	CIDRs []netip.Prefix `json:"cidrs"`
	// Device is the site's end of a VPN that the plan makes; nil for a site that has none.
	Device *Device `json:"device,omitempty"`
	DNS    DNS     `json:"dns,omitzero"`
	Origin Origin  `json:"origin"`
}

// Device is what no resource says of a site's end of a VPN.
type Device struct {
	// Address is the public address or name by which the cloud knows it.
	Address string `json:"address"`
	// Carries are the prefixes that the device sends into the VPN.
	Carries []netip.Prefix `json:"carries"`
	Origin  Origin         `json:"origin"`
}

// Router joins networks and sites that are attached to it and passes packets on: a transit gateway.
type Router struct {
	Name        string       `json:"name"`
	Ref         Ref          `json:"ref"`
	RouteTables []RouteTable `json:"routeTables,omitempty"`
	Origin      Origin       `json:"origin"`
}

// Connection kinds.
const (
	// KindPeering joins two networks. It delivers into the network on the other side only: what is
	// addressed elsewhere is dropped there. Where one end is Transit, that end's network passes packets on
	// between its VPN gateways and the other network.
	KindPeering = "peering"
	// KindAttachment joins a network (A) to a router (B), two routers, or a site (A) to a router (B).
	KindAttachment = "attachment"
	// KindWireGuard joins a site (A) to a gateway host inside a network (B). Each end sends only to
	// its Allowed prefixes and accepts only from them.
	KindWireGuard = "wireguard"
	// KindVPN joins a site (A) to a gateway of a network (B). Each end sends only to its Allowed
	// prefixes; nil is every prefix. Unless it is Routed the gateway propagates: every table of the
	// network has a route to B.Allowed into it, and so has a network that lists no table.
	KindVPN = "vpn"
)

// Connection joins two nodes.
type Connection struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
	A    End    `json:"a"`
	B    End    `json:"b"`
	// Existing says that the connection was there before obslink.
	Existing bool `json:"existing,omitempty"`
	// Routed says that the network's tables list the routes into a VPN, and that no other table has them.
	Routed bool `json:"routed,omitempty"`
	// Assumed says why obslink takes on trust that the connection passes what its ends allow; empty
	// where the topology or the plan says it all.
	Assumed string `json:"assumed,omitempty"`
	Origin  Origin `json:"origin"`
}

// End is one side of a connection.
type End struct {
	Node string `json:"node"`
	// Gateway is the host's address where a tunnel ends on a host inside a network.
	Gateway netip.Addr `json:"gateway,omitzero"`
	// Interface is the cloud's id that routes lead to: that host's network interface, or the peering where
	// it is there already.
	Interface string `json:"interface,omitempty"`
	// SNAT says that what leaves the tunnel here gets the gateway's address as its source.
	SNAT bool `json:"snat,omitempty"`
	// Allowed are the prefixes that this end sends into the connection, as WireGuard's AllowedIPs.
	Allowed []netip.Prefix `json:"allowed,omitempty"`
	// Transit says that this network's VPN gateways serve the network at the peering's other end too: the
	// gateways' routes are propagated into every table of that network, and lead through the peering.
	Transit bool `json:"transit,omitempty"`
	// Table is the router's table in which packets that arrive here are looked up.
	Table string `json:"table,omitempty"`
	// Subnets are those of the network in which an attachment stands, sorted. A packet from a zone
	// without one is dropped; which zone it comes from is not in the graph, so checks see to that.
	Subnets []string `json:"subnets,omitempty"`
	Origin  Origin   `json:"origin,omitzero"`
}

// Endpoint is a backend's private address inside a network. It answers TCP 443 over IPv4.
type Endpoint struct {
	Name string `json:"name"`
	// Ref is the cloud's id where the endpoint is there already; of others the name says it all.
	Ref     Ref    `json:"ref,omitzero"`
	Network string `json:"network"`
	Subnet  string `json:"subnet"`
	// Addresses are known before anything is built where the cloud lets obslink pin them; nil means
	// that the cloud chooses one in Subnet.
	Addresses []netip.Addr `json:"addresses,omitempty"`
	// PrivateDNS are names that the endpoint itself answers inside its network, and nowhere else;
	// "*.example.net" is every name below.
	PrivateDNS []string `json:"privateDNS,omitempty"`
	Filters    []string `json:"filters,omitempty"`
	// RouteTable is where answers are looked up if it is not the subnet's table.
	RouteTable string `json:"routeTable,omitempty"`
	Origin     Origin `json:"origin"`
}

// Filter passes or drops packets: a security group, a network security group or a network ACL. The
// first rule that matches decides; what none matches is dropped.
type Filter struct {
	Name string `json:"name"`
	Ref  Ref    `json:"ref"`
	// Stateless filters look at each direction by itself, and only at what crosses the edge of a
	// subnet (network ACLs). The others pass the answers of what they let through.
	Stateless bool   `json:"stateless,omitempty"`
	Ingress   []Rule `json:"ingress,omitempty"`
	Egress    []Rule `json:"egress,omitempty"`
	Origin    Origin `json:"origin,omitzero"`
}

// Rule matches TCP to a range of ports, from (ingress) or to (egress) a prefix.
type Rule struct {
	Prefix netip.Prefix `json:"prefix"`
	// Ports are the first and last destination port.
	Ports [2]int `json:"ports"`
	Deny  bool   `json:"deny,omitempty"`
	// Added says that the plan adds the rule to a filter that is there already.
	Added  bool   `json:"added,omitempty"`
	Origin Origin `json:"origin"`
}

// AllPorts are the ports of a rule that looks at no port.
var AllPorts = [2]int{0, 65535}

// Zone is a private DNS zone and the networks that see it. A name below it that it does not hold does
// not exist (NXDOMAIN), unless the zone falls through.
type Zone struct {
	Name string `json:"name"`
	Ref  Ref    `json:"ref"`
	// Networks are sorted.
	Networks []string `json:"networks"`
	// FallThrough says that a name the zone does not hold is asked for in public DNS.
	FallThrough bool `json:"fallThrough,omitempty"`
	// Added says that the plan lets these networks see a zone that is there already. Those that see it
	// as it is are another Zone with the same Ref and records.
	Added   bool     `json:"added,omitempty"`
	Records []Record `json:"records,omitempty"`
	// WrittenBy is the endpoint that writes its names into the zone, where none of them is known beforehand.
	WrittenBy string `json:"writtenBy,omitempty"`
	Origin    Origin `json:"origin"`
}

// Record answers a name ("*.example.net" is every name below) with an endpoint's addresses, or with
// addresses that are no endpoint of this plan.
type Record struct {
	Name      string       `json:"name"`
	Endpoint  string       `json:"endpoint,omitempty"`
	Addresses []netip.Addr `json:"addresses,omitempty"`
}

// Resolver answers DNS on port 53 of its addresses as its network's own resolver would: an inbound
// endpoint.
type Resolver struct {
	Name      string       `json:"name"`
	Ref       Ref          `json:"ref"`
	Network   string       `json:"network"`
	Addresses []netip.Addr `json:"addresses"`
	Filters   []string     `json:"filters,omitempty"`
	Origin    Origin       `json:"origin"`
}

// Forward asks a DNS server for the names at and below a domain, before any zone of that name: a
// resolver rule of networks, or a conditional forwarder of a site. The most specific domain wins.
type Forward struct {
	Domain   string       `json:"domain"`
	Networks []string     `json:"networks,omitempty"` // empty for a site's
	Servers  []netip.Addr `json:"servers"`
	// Exported says that the forwarder is in the files that obslink exports for the site.
	Exported bool   `json:"exported,omitempty"`
	Origin   Origin `json:"origin"`
}

// DNS modes.
const (
	// DNSCloud is the network's own resolver: private zones, endpoint names, then public DNS. It is a
	// network's default.
	DNSCloud = ""
	// DNSExported is a site's default: hosts files or a DNS server hold what obslink exports, and
	// every other name is asked for in public DNS.
	DNSExported = "exported"
	// DNSPublic knows public names only.
	DNSPublic = "public"
)

// DNS says who answers a node's clients.
type DNS struct {
	Mode string `json:"mode,omitempty"`
	// Forwards are conditional forwarders of a site.
	Forwards []Forward `json:"forwards,omitempty"`
	Origin   Origin    `json:"origin,omitzero"`
}
