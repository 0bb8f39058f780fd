package compile

import (
	"net/netip"

	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/topology"
)

// nodes draws what needs no cloud to be known: networks, sites and the connections of sites.
func nodes(t *topology.Topology) plan.Graph {
	g := plan.Graph{Networks: make([]plan.Network, 0, len(t.Networks)), Sites: make([]plan.Site, 0, len(t.Sites))}
	for key, n := range topology.Sorted(t.Networks) {
		node := plan.Network{
			Name: key, CIDRs: Prefixes(n.CIDRs), Existing: n.Existing != nil, DNSAttributes: true,
			Origin: Origin(t, "networks."+key),
		}
		for sub, s := range topology.Sorted(n.Subnets) {
			node.Subnets = append(node.Subnets, plan.Subnet{
				Name: sub, CIDR: netip.MustParsePrefix(s.CIDR), Origin: Origin(t, "networks."+key+".subnets."+sub),
			})
		}
		g.Networks = append(g.Networks, node)
	}
	for key, s := range topology.Sorted(t.Sites) {
		g.Sites = append(g.Sites, plan.Site{Name: key, CIDRs: Prefixes(s.CIDRs), Origin: Origin(t, "sites."+key)})
		if c, ok := uplink(t, key, s); ok {
			g.Connections = append(g.Connections, c)
		}
	}
	return g
}

// uplink is the connection of a site to its network. obslink does not build it, so it is assumed.
func uplink(t *topology.Topology, key string, s *topology.Site) (plan.Connection, bool) {
	network, field := s.Network()
	c := plan.Connection{Name: "site_" + key, A: key, B: network, Assumed: true, Origin: Origin(t, "sites."+key+"."+field)}
	switch {
	case s.WireGuard != nil:
		c.Kind = plan.KindWireGuard
		if s.WireGuard.SNAT {
			c.SNAT, _ = netip.ParseAddr(s.WireGuard.Gateway.Existing)
		}
	case s.Existing != nil:
		c.Kind = plan.KindExisting
	default:
		return c, false
	}
	return c, true
}

// secrets lists what the topology refers to.
func secrets(t *topology.Topology) []plan.Secret {
	var all []plan.Secret
	for key, s := range topology.Sorted(t.Sites) {
		if s.WireGuard != nil && s.WireGuard.PrivateKey != nil {
			all = append(all, plan.Secret{Name: s.WireGuard.PrivateKey.Secret, Origin: Origin(t, "sites."+key+".wireguard.privateKey")})
		}
	}
	return all
}

// Origin is the place of a path in the topology.
func Origin(t *topology.Topology, path string) plan.Origin {
	return plan.Origin{Path: path, Pos: t.At(path)}
}

// Prefixes parses CIDRs that the checks have passed.
func Prefixes(cidrs []string) []netip.Prefix {
	p := make([]netip.Prefix, len(cidrs))
	for i, c := range cidrs {
		p[i] = netip.MustParsePrefix(c)
	}
	return p
}
