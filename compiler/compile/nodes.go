package compile

import (
	"cmp"
	"net/netip"
	"slices"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/topology"
)

// nodes draws what needs no cloud to be known: networks, sites and the connections of sites, and what
// is declared as existing. A network's Ref is its target's to fill in.
func nodes(t *topology.Topology) plan.Graph {
	g := plan.Graph{Networks: make([]plan.Network, 0, len(t.Networks)), Sites: make([]plan.Site, 0, len(t.Sites))}
	for key, n := range topology.Sorted(t.Networks) {
		g.Networks = append(g.Networks, network(t, key, n, &g))
	}
	reached := reaches(t)
	for key, s := range topology.Sorted(t.Sites) {
		g.Sites = append(g.Sites, site(t, key, s, reached[key]))
	}
	g.Connections = uplinks(t)
	for key, z := range topology.Sorted(t.Zones) {
		g.Zones = append(g.Zones, zone(t, key, z))
	}
	return g
}

func network(t *topology.Topology, key string, n *topology.Network, g *plan.Graph) plan.Network {
	path := "networks." + key
	node := plan.Network{Name: key, CIDRs: Prefixes(n.CIDRs), DNSAttributes: n.DNSAttributes(), Origin: Origin(t, path)}
	if !node.DNSAttributes {
		node.DNS.Origin = Origin(t, path+".existing")
	}
	if n.Resolver == plan.DNSPublic {
		node.DNS = plan.DNS{Mode: plan.DNSPublic, Origin: Origin(t, path+".resolver")}
	}
	for sub, s := range topology.Sorted(n.Subnets) {
		at := path + ".subnets." + sub
		subnet := plan.Subnet{Name: sub, CIDR: netip.MustParsePrefix(s.CIDR), Origin: Origin(t, at)}
		if s.RouteTable != "" {
			subnet.RouteTable = ExistingTable(key, s.RouteTable)
		}
		if s.NetworkACL != nil {
			filter := networkACL(t, key, sub, s.NetworkACL)
			subnet.Filters = []string{filter.Name}
			g.Filters = append(g.Filters, filter)
		}
		node.Subnets = append(node.Subnets, subnet)
	}
	for name, c := range topology.Sorted(n.Clients) {
		client, filter := clients(t, key, name, n, c)
		node.Clients = append(node.Clients, client)
		if filter != nil {
			g.Filters = append(g.Filters, *filter)
		}
	}
	if n.Existing != nil && len(n.Existing.Resolvers) > 0 {
		g.Resolvers = append(g.Resolvers, plan.Resolver{
			Name: "resolver_" + key, Ref: plan.Ref{Existing: "resolver_" + key}, Network: key,
			Addresses: addresses(n.Existing.Resolvers), Origin: Origin(t, path+".existing.resolvers"),
		})
	}
	return node
}

// ExistingTable is the graph's name of a route table of an existing network.
func ExistingTable(network, name string) string { return "existing_" + network + "_" + name }

// ExistingGroup is the graph's name of an existing filter before endpoints.
func ExistingGroup(network, name string) string { return "group_" + network + "_" + name }

func networkACL(t *topology.Topology, network, subnet string, acl *topology.NetworkACL) plan.Filter {
	path := "networks." + network + ".subnets." + subnet + ".networkACL"
	name := "acl_" + network + "_" + subnet
	return plan.Filter{
		Name: name, Ref: plan.Ref{Existing: name}, Stateless: true, Origin: Origin(t, path),
		Ingress: aclRules(t, path+".ingress", acl.Ingress), Egress: aclRules(t, path+".egress", acl.Egress),
	}
}

func aclRules(t *topology.Topology, path string, rules []topology.ACLRule) []plan.Rule {
	var all []plan.Rule
	for i, r := range rules {
		ports, _ := r.PortRange()
		all = append(all, plan.Rule{
			Prefix: netip.MustParsePrefix(r.CIDR), Ports: ports, Deny: r.Action == "deny", Origin: Origin(t, Index(path, i)),
		})
	}
	return all
}

// clients draws one group of servers and what lets them out, if that is declared.
func clients(t *topology.Topology, network, name string, n *topology.Network, c topology.Client) (plan.Client, *plan.Filter) {
	path := "networks." + network + ".clients." + name
	client := plan.Client{Name: name, CIDR: ClientPrefix(n, c), SecurityGroup: c.SecurityGroup, Uses: c.Uses, Origin: Origin(t, path)}
	if c.Egress == nil {
		return client, nil
	}
	client.Filter = ClientFilter(network, name)
	filter := plan.Filter{Name: client.Filter, Ref: plan.Ref{Existing: client.Filter}, Origin: Origin(t, path+".egress")}
	for i, p := range Prefixes(c.Egress) {
		filter.Egress = append(filter.Egress, plan.Rule{Prefix: p, Ports: plan.AllPorts, Origin: Origin(t, Index(path+".egress", i))})
	}
	return client, &filter
}

func site(t *topology.Topology, key string, s *topology.Site, reached []netip.Prefix) plan.Site {
	path := "sites." + key
	node := plan.Site{Name: key, CIDRs: Prefixes(s.CIDRs), DNS: plan.DNS{Mode: plan.DNSExported, Origin: Origin(t, path)}, Origin: Origin(t, path)}
	if v := s.VPN; v != nil {
		node.Device = &plan.Device{Address: cmp.Or(v.Device.Address, v.Device.FQDN), Carries: reached, Origin: Origin(t, path+".vpn")}
		if v.Carries != nil {
			node.Device.Carries, node.Device.Origin = Prefixes(v.Carries), Origin(t, path+".vpn.carries")
		}
	}
	if s.DNS.Resolver == plan.DNSPublic {
		node.DNS = plan.DNS{Mode: plan.DNSPublic, Origin: Origin(t, path+".dns.resolver")}
	}
	if s.DNS.ForwardTo != "" { // what it exports are forwarders, see forwards
		node.DNS = plan.DNS{Mode: plan.DNSPublic, Origin: Origin(t, path+".dns.forwardTo")}
	}
	for domain, server := range topology.Sorted(s.DNS.Forward) {
		node.DNS.Forwards = append(node.DNS.Forwards, plan.Forward{
			Domain: domain, Servers: addresses([]string{server}), Origin: Origin(t, path+".dns.forward."+diag.Step(domain)),
		})
	}
	return node
}

// uplinks are the connections of sites to their networks, in the order of sites. obslink does not
// build them: what is declared of them is taken as it stands, the rest is assumed.
func uplinks(t *topology.Topology) []plan.Connection {
	needed := needs(t)
	var all []plan.Connection
	for key, s := range topology.Sorted(t.Sites) {
		network, field := s.Network()
		path := "sites." + key
		c := plan.Connection{
			Name: SiteConnection(key), Existing: true, Origin: Origin(t, path+"."+field),
			A: plan.End{Node: key}, B: plan.End{Node: network},
		}
		switch {
		case s.WireGuard != nil:
			w := s.WireGuard
			c.Kind = plan.KindWireGuard
			c.A.Allowed, c.A.Origin = needed[key], Origin(t, path+".wireguard")
			if w.AllowedIPs != nil {
				c.A.Allowed, c.A.Origin = Prefixes(w.AllowedIPs), Origin(t, path+".wireguard.allowedIPs")
			}
			c.B.Allowed, c.B.Origin = Prefixes(s.CIDRs), Origin(t, path+".wireguard.gateway")
			if w.Gateway.AllowedIPs != nil {
				c.B.Allowed, c.B.Origin = Prefixes(w.Gateway.AllowedIPs), Origin(t, path+".wireguard.gateway.allowedIPs")
			}
			c.B.Gateway, c.B.Interface, c.B.SNAT = netip.MustParseAddr(w.Gateway.Existing), w.Gateway.Interface, w.SNAT
		case s.Existing != nil && network != "":
			c.Kind = plan.KindVPN
			Carried(t, &c, key)
			c.B.Allowed = Prefixes(s.CIDRs)
			if s.Existing.SNAT != "" {
				c.B.Gateway, c.B.SNAT, c.B.Origin = netip.MustParseAddr(s.Existing.SNAT), true, Origin(t, path+".existing.snat")
			}
		default:
			continue
		}
		all = append(all, c)
	}
	return all
}

// Carried fills in what a site sends into its existing connection.
func Carried(t *topology.Topology, c *plan.Connection, site string) {
	path := "sites." + site + ".existing"
	c.A.Origin, c.B.Origin = Origin(t, path), Origin(t, path)
	if carries := t.Sites[site].Existing.Carries; carries != nil {
		c.A.Allowed, c.A.Origin = Prefixes(carries), Origin(t, path+".carries")
	} else {
		c.Assumed = "the existing connection of site \"" + site + "\" carries what its links need"
	}
}

// SiteConnection is the graph's name of a site's connection.
func SiteConnection(site string) string { return "site_" + site }

// reaches lists, by site, the CIDRs of the networks with the endpoints that it is linked to, and of the
// one that it forwards to.
func reaches(t *topology.Topology) map[string][]netip.Prefix {
	reached := map[string][]netip.Prefix{}
	for _, l := range topology.Sorted(t.Links) {
		network, _ := l.Via.Network()
		if n := t.Networks[network]; n != nil && t.Sites[l.From] != nil {
			reached[l.From] = append(reached[l.From], Prefixes(n.CIDRs)...)
		}
	}
	for key, s := range topology.Sorted(t.Sites) {
		if n := t.Networks[s.DNS.ForwardTo]; n != nil {
			reached[key] = append(reached[key], Prefixes(n.CIDRs)...)
		}
	}
	for site, prefixes := range reached {
		slices.SortFunc(prefixes, netip.Prefix.Compare)
		reached[site] = slices.Compact(prefixes)
	}
	return reached
}

// needs lists, by site, the subnets of the endpoints that it is linked to and of the DNS inbound
// endpoints that it forwards to.
func needs(t *topology.Topology) map[string][]netip.Prefix {
	needed := map[string][]netip.Prefix{}
	need := func(site string, p netip.Prefix) {
		if !slices.Contains(needed[site], p) {
			needed[site] = append(needed[site], p)
		}
	}
	for _, l := range topology.Sorted(t.Links) {
		network, _ := l.Via.Network()
		n := t.Networks[network]
		if t.Sites[l.From] == nil || n == nil {
			continue
		}
		for _, s := range topology.Sorted(n.Subnets) {
			if p := netip.MustParsePrefix(s.CIDR); s.HoldsEndpoints() || holdsExisting(n, l.To, p) {
				need(l.From, p)
			}
		}
	}
	for key, s := range topology.Sorted(t.Sites) {
		for _, p := range resolverRanges(t.Networks[s.DNS.ForwardTo]) {
			need(key, p)
		}
	}
	for _, prefixes := range needed {
		slices.SortFunc(prefixes, netip.Prefix.Compare)
	}
	return needed
}

// holdsExisting reports whether a prefix holds an address of a backend's existing endpoints.
func holdsExisting(n *topology.Network, backend string, p netip.Prefix) bool {
	if n.Existing == nil {
		return false
	}
	for _, e := range n.Existing.Endpoints[backend] {
		if slices.ContainsFunc(addresses(e.Addresses), p.Contains) {
			return true
		}
	}
	return false
}

func zone(t *topology.Topology, key string, z *topology.Zone) plan.Zone {
	node := plan.Zone{
		Name: z.Domain, Ref: plan.Ref{Existing: z.Existing}, Networks: slices.Sorted(slices.Values(z.Networks)),
		FallThrough: z.FallThrough, Origin: Origin(t, "zones."+key),
	}
	node.Records = Records(z)
	return node
}

// Records are those that a zone is declared to hold.
func Records(z *topology.Zone) []plan.Record {
	var all []plan.Record
	for name, values := range topology.Sorted(z.Records) {
		all = append(all, plan.Record{Name: name, Addresses: addresses(values)})
	}
	return all
}

// links lists the declared needs.
func links(t *topology.Topology) []plan.Link {
	all := make([]plan.Link, 0, len(t.Links))
	for key, l := range topology.Sorted(t.Links) {
		network, _ := l.Via.Network()
		why := "declared"
		if l.Chosen != "" {
			why = "chosen: " + l.Chosen
		}
		all = append(all, plan.Link{
			Name: key, From: l.From, To: l.To, Network: network, Clients: l.Groups(), Mechanism: l.Via.Mechanism(), Why: why, Origin: Origin(t, "links."+key),
		})
	}
	return all
}

// prices lists what the topology says things cost.
func prices(t *topology.Topology) []plan.Price {
	var all []plan.Price
	for item, regions := range topology.Sorted(t.Prices) {
		for region, p := range topology.Sorted(regions) {
			all = append(all, plan.Price{Item: item, Region: region, USD: p.USD.String(), Source: p.Source, Origin: Origin(t, "prices."+item+"."+region)})
		}
	}
	return all
}

// secrets lists what the topology refers to.
func secrets(t *topology.Topology) []plan.Secret {
	var all []plan.Secret
	for key, s := range topology.Sorted(t.Sites) {
		if s.WireGuard != nil && s.WireGuard.PrivateKey != nil {
			all = append(all, plan.Secret{Name: s.WireGuard.PrivateKey.Secret, Origin: Origin(t, "sites."+key+".wireguard.privateKey")})
		}
		if s.VPN != nil {
			all = append(all, plan.Secret{Name: s.VPN.PreSharedKey.Secret, Origin: Origin(t, "sites."+key+".vpn.preSharedKey")})
		}
	}
	return all
}
