package prove

import (
	"net/netip"
	"slices"

	"github.com/obslink/obslink/compiler/model"
	"github.com/obslink/obslink/compiler/plan"
)

// hosts are one host for every atom of a node's client addresses and every group of servers that the
// atom belongs to. In a network whose subnets are all known nothing lives outside of them.
func (c *proving) hosts(node string) []model.Host {
	if s := c.sites[node]; s != nil {
		return c.split(node, s.CIDRs, nil)
	}
	n := c.networks[node]
	if n == nil {
		return nil
	}
	whole := n.CIDRs
	if len(n.Subnets) > 0 && !n.Existing() {
		whole = nil
		for _, s := range n.Subnets {
			whole = append(whole, s.CIDR)
		}
	}
	return c.split(node, whole, n.Clients)
}

func (c *proving) split(node string, whole []netip.Prefix, groups []plan.Client) []model.Host {
	var all []atom
	for _, p := range whole {
		if p.IsValid() {
			all = append(all, atoms(p, c.bounds.of(node))...)
		}
	}
	slices.SortFunc(all, func(a, b atom) int { return a.Prefix.Compare(b.Prefix) })
	all = slices.Compact(all)
	hosts := make([]model.Host, 0, len(all))
	for _, a := range all {
		grouped := false
		for _, g := range groups {
			if g.CIDR.Contains(a.Address) {
				grouped = true
				hosts = append(hosts, model.Host{Node: node, Address: a.Address, Client: g.Name})
			}
		}
		if !grouped {
			hosts = append(hosts, model.Host{Node: node, Address: a.Address})
		}
	}
	return hosts
}

// servers are the addresses of an endpoint, or where the cloud chooses one, an address for every atom
// of its subnet.
func (c *proving) servers(e *plan.Endpoint) []model.Server {
	addresses := e.Addresses
	if len(addresses) == 0 {
		for _, a := range atoms4(c.where(e), c.bounds.of(e.Network)) {
			addresses = append(addresses, a.Address)
		}
	}
	all := make([]model.Server, 0, len(addresses))
	for _, a := range addresses {
		s, _ := c.model.Endpoint(e.Name, a)
		all = append(all, s)
	}
	return all
}

// where is what an endpoint's address is chosen from: its subnet, or its network.
func (c *proving) where(e *plan.Endpoint) []netip.Prefix {
	n := c.networks[e.Network]
	if n == nil {
		return nil
	}
	for _, s := range n.Subnets {
		if s.Name == e.Subnet {
			return []netip.Prefix{s.CIDR}
		}
	}
	return n.CIDRs
}

// atoms4 are the atoms of the IPv4 prefixes among some: an endpoint answers over IPv4.
func atoms4(whole, sorted []netip.Prefix) []atom {
	var all []atom
	for _, p := range whole {
		if p.IsValid() && p.Addr().Is4() {
			all = append(all, atoms(p, sorted)...)
		}
	}
	return all
}
