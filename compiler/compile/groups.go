package compile

import (
	"cmp"
	"net/netip"
	"slices"

	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/topology"
)

// ClientFilter is the graph's name of what lets a group of servers out.
func ClientFilter(network, client string) string { return "client_" + network + "_" + client }

// addRules adds rules to filters of groups of servers, behind those that are declared.
func addRules(p *plan.Plan, rules []FilterRule) {
	if len(rules) == 0 {
		return
	}
	at := map[string]int{}
	for i, f := range p.Graph.Filters {
		at[f.Name] = i
	}
	slices.SortStableFunc(rules, func(a, b FilterRule) int {
		return cmp.Or(cmp.Compare(a.Filter, b.Filter), a.Prefix.Compare(b.Prefix), slices.Compare(a.Ports[:], b.Ports[:]))
	})
	for _, r := range rules {
		f := &p.Graph.Filters[at[r.Filter]]
		if r.Added = true; r.Ingress {
			f.Ingress = append(f.Ingress, r.Rule)
		} else {
			f.Egress = append(f.Egress, r.Rule)
		}
	}
}

// groups says of each name which groups of servers need it, where links name some.
func groups(t *topology.Topology, p *plan.Plan) {
	by := map[[2]string]map[string][]string{} // groups by client, by network and backend
	for _, h := range hostings(t, func(string) bool { return true }) {
		if g := h.Groups(t); len(g) > 0 {
			by[[2]string{h.Network, h.Backend}] = g
		}
	}
	if len(by) == 0 {
		return
	}
	networks := map[string]string{} // by endpoint
	for _, e := range p.Graph.Endpoints {
		networks[e.Name] = e.Network
	}
	for i := range p.Names {
		n := &p.Names[i]
		n.Groups = by[[2]string{networks[n.Endpoint], n.Backend}]
	}
}

// ClientPrefix is where a group of servers of a network stands.
func ClientPrefix(n *topology.Network, c topology.Client) netip.Prefix {
	if c.Subnet != "" {
		return netip.MustParsePrefix(n.Subnets[c.Subnet].CIDR)
	}
	return netip.MustParsePrefix(c.CIDR)
}
