package lab

import (
	"net/netip"
	"slices"
)

// blueprint is a world in the lab's own terms: what is read from the manifest and the declarations,
// and what the kernel is told.
type blueprint struct {
	networks  []*network
	sites     []*site
	routers   []*router
	links     []*link
	gateways  []*gateway
	endpoints []*endpoint
	resolvers []*inbound
	zones     []*zone
	forwards  []*forward
	public    *directory
	// named are the networks by every name.
	named map[string]*network
}

// node is a *network, *site or *router.
type node interface{ label() string }

// network is a VPC or VNet.
type network struct {
	name    string
	cidrs   []netip.Prefix
	subnets []*subnet
	tables  []*table
	// main is the table of subnets that have none of their own. Of several declared tables the lab
	// cannot know which that is: it is unsure.
	main    *table
	unsure  bool
	clients []client
	// private says that private zones and endpoint names work; public that only public DNS is asked.
	private, public bool
	// azure networks have system routes to their peers, which a table's own routes override.
	azure bool
}

type subnet struct {
	name    string
	network *network
	cidr    netip.Prefix
	table   *table
	// edge are stateless filters at the subnet's edge; gates stand before each host.
	edge  []*filter
	gates []gate
	// policies is Azure's privateEndpointNetworkPolicies.
	policies string
}

type table struct {
	name   string
	routes []route
}

// local is the target that stays in the network.
type local struct{}

// route sends a prefix to a target: a *link, a *gateway, local, or nil, which drops.
type route struct {
	to     netip.Prefix
	target any
	// propagated routes stand back behind others to the same prefix.
	propagated bool
}

// client is a declared group of servers and what stands before each.
type client struct {
	cidr netip.Prefix
	gate gate
}

// gate is what must let a packet through: the rules of its filters together (security groups).
type gate []*filter

type site struct {
	name     string
	cidrs    []netip.Prefix
	mode     string
	forwards []*forward
	// device is the public address or name of the site's end of IPsec tunnels, which sends carries into them.
	device  string
	carries []netip.Prefix
}

type router struct {
	name   string
	tables []*table
	// standard is the table that attachments join and propagate to unless told otherwise.
	standard *table
	account  string
	accepts  bool
}

// link is a plain cable between two nodes: a peering, an attachment, a VPN.
type link struct {
	name string
	a, b end
	// down cables pass nothing: a peering that nobody accepted.
	down bool
	// refused cables are those that nobody can accept: the gateway is not shared with the network's account.
	refused bool
	// half links are peerings of which one side is read (Azure).
	half bool
	// static VPNs of AWS propagate nothing.
	static bool
}

type end struct {
	node node
	// allowed are the prefixes that this end sends; nil is every prefix.
	allowed []netip.Prefix
	// arrive is where a router looks up what arrives here (nil drops), and the table of the
	// attachment's subnet in a network (nil: only the network's own hosts).
	arrive *table
	// propagates says that the network's tables all have a route to allowed.
	propagates bool
	// offers and uses are the halves of Azure's gateway transit: what this end's network has, the other
	// end's network takes.
	offers, uses bool
	// device is the cable's end at the node, once it is laid.
	device string
}

// at is the link's end at a node, or nil.
func (l *link) at(n node) *end {
	switch n {
	case l.a.node:
		return &l.a
	case l.b.node:
		return &l.b
	}
	return nil
}

// over is the other end.
func (l *link) over(n node) *end {
	if l.a.node == n {
		return &l.b
	}
	return &l.a
}

// gateway is a host inside a network on which tunnels end.
type gateway struct {
	network *network
	address netip.Addr
	tunnels []*tunnel
	// device is its cable's end at the network.
	device string
}

// tunnel is WireGuard between a site and a gateway.
type tunnel struct {
	name     string
	site     *site
	out, in  []netip.Prefix // AllowedIPs at the site and at the gateway
	snatSite netip.Addr     // the source of what leaves the tunnel at the site, if valid
	snat     bool           // what leaves it at the gateway has the gateway's address as its source

	siteDevice, gatewayDevice string
}

type endpoint struct {
	name    string
	network *network
	homes   []home
	gates   []gate
	// own says that the endpoint answers its own names inside its network.
	own   bool
	names []string
	// plain endpoints do not look at their subnet's table and filters (Azure's default).
	plainRoutes bool
}

// home is a subnet and the endpoint's address in it; the lab chooses one where it is not valid.
type home struct {
	subnet  *subnet
	address netip.Addr
}

func (e *endpoint) addresses() []netip.Addr {
	var all []netip.Addr
	for _, h := range e.homes {
		all = append(all, h.address)
	}
	return all
}

// inbound is a host that answers DNS as its network's resolver does.
type inbound struct {
	network *network
	homes   []home
	gates   []gate
}

// forward asks servers for the names at and below a domain, through hosts of the outbound resolver.
type forward struct {
	domain   string
	servers  []netip.Addr
	networks []*network
	from     *outbound
}

// outbound is where forwarded queries leave; without subnet it is a host in the asking network.
type outbound struct {
	network *network
	home    home
	gates   []gate
}

type zone struct {
	name string
	// networks say for each network that sees the zone whether missing names are asked in public.
	networks map[*network]bool
	records  []record
}

// record answers with the addresses of an endpoint, with addresses, or with another name.
type record struct {
	name      string
	endpoint  *endpoint
	addresses []netip.Addr
	cname     string
}

func (n *network) label() string { return n.name }
func (s *site) label() string    { return s.name }
func (r *router) label() string  { return r.name }

// nodeNamed finds a network or site by any of its names.
func (bp *blueprint) nodeNamed(name string) node {
	if n := bp.named[id(name)]; n != nil {
		return n
	}
	for _, s := range bp.sites {
		if s.name == name {
			return s
		}
	}
	return nil
}

// subnetOf is the subnet that an address lies in, or nil.
func (n *network) subnetOf(a netip.Addr) *subnet {
	if i := slices.IndexFunc(n.subnets, func(s *subnet) bool { return s.cidr.Contains(a) }); i >= 0 {
		return n.subnets[i]
	}
	return nil
}

// clientGate is what stands before a client at an address: that of the narrowest declared group.
func (n *network) clientGate(a netip.Addr) gate {
	var found *client
	for i, c := range n.clients {
		if c.cidr.Contains(a) && (found == nil || c.cidr.Bits() > found.cidr.Bits()) {
			found = &n.clients[i]
		}
	}
	if found == nil {
		return nil
	}
	return found.gate
}
