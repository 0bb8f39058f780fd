package aws

import (
	"net/netip"
	"slices"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/topology"
)

// existingFor is the endpoint that is there already for a service in a network, or nil, and its path.
func existingFor(t *topology.Topology, network, backend string, s *service) (*topology.ExistingEndpoint, string) {
	n := t.Networks[network]
	if n.Existing == nil {
		return nil, ""
	}
	for _, key := range s.keys {
		if e := n.Existing.Endpoints[backend][key]; e != nil {
			return e, existingPath(network, backend, key)
		}
	}
	return nil, ""
}

func existingPath(network, backend, service string) string {
	return "networks." + network + ".existing.endpoints." + backend + "." + diag.Step(service)
}

// made are the services of a hosting that obslink makes endpoints for: those that have none yet.
func made(t *topology.Topology, h *compile.Hosting, all []*service) []*service {
	if n := t.Networks[h.Network]; n.Existing == nil || len(n.Existing.Endpoints[h.Backend]) == 0 {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), func(s *service) bool {
		e, _ := existingFor(t, h.Network, h.Backend, s)
		return e != nil
	})
}

// makes reports whether obslink makes endpoints in a hosting.
func makes(t *topology.Topology, h *compile.Hosting, services func(*compile.Hosting) []*service) bool {
	return offered(t, h.Backend) && len(made(t, h, services(h))) > 0
}

// group is a security group before endpoints, and what says it in names of rules.
type group struct {
	// filter and part are its places among the graph's filters and, of an existing one, among the parts.
	filter, part int
	ref          plan.Ref
	name         string
	keys         []plan.Key
	kind         string
}

// existingGroups lists the groups of a network that are there already.
func (l *lowering) existingGroups(key string, n *topology.Network, provider string) {
	for name, g := range topology.Sorted(n.Existing.SecurityGroups) {
		origin := l.origin("networks." + key + ".existing.securityGroups." + name)
		filter := plan.Filter{Name: compile.ExistingGroup(key, name), Ref: plan.Ref{Existing: g.ID}, Origin: origin}
		for _, p := range compile.Prefixes(g.Ingress) {
			filter.Ingress = append(filter.Ingress, plan.Rule{Prefix: p, Ports: [2]int{httpsPort, httpsPort}, Origin: origin})
		}
		x := l.existingGroup(g.ID, ExistingGroup{Provider: provider, VPC: n.Existing.VPC, Origin: origin})
		x.Admits = compile.Prefixes(g.Ingress)
		l.groups[filter.Name] = &group{
			filter: len(l.out.Filters), part: l.groupParts[g.ID], ref: filter.Ref, name: filter.Name,
			keys: []plan.Key{l.networkKey(key), plan.K(name)}, kind: "groupingress",
		}
		l.out.Filters = append(l.out.Filters, filter)
	}
}

// existingEndpoints lists the endpoints of a network that are there already, linked or not: each of them
// may answer names for all of the network's servers.
func (l *lowering) existingEndpoints(key string, n *topology.Network, provider string) {
	for backend := range topology.Sorted(n.Existing.Endpoints) {
		h := &compile.Hosting{Network: key, Backend: backend}
		for _, s := range l.services(h) {
			e, path := existingFor(l.t, key, backend, s)
			if e == nil {
				continue
			}
			x := ExistingEndpoint{
				Name: l.endpointPart(h, s).Name, Provider: provider, ID: e.ID, VPC: n.Existing.VPC, ServiceName: s.name,
				PrivateDNS: e.AnswersNames(), SecurityGroup: n.Existing.SecurityGroups[e.SecurityGroup].ID, Origin: l.origin(path),
			}
			node := plan.Endpoint{
				Name: x.Name, Ref: plan.Ref{Existing: e.ID}, Network: key, Filters: []string{compile.ExistingGroup(key, e.SecurityGroup)}, Origin: x.Origin,
			}
			x.Addresses = sortedAddresses(e)
			node.Addresses, node.Subnet = x.Addresses, subnetHolding(n, x.Addresses[0])
			if x.PrivateDNS {
				node.PrivateDNS = s.answers()
			}
			l.parts.ExistingEndpoints = append(l.parts.ExistingEndpoints, x)
			l.out.Endpoints = append(l.out.Endpoints, node)
		}
	}
}

// subnetHolding is the key of the subnet of a network that holds an address, or "".
func subnetHolding(n *topology.Network, a netip.Addr) string {
	for key, s := range topology.Sorted(n.Subnets) {
		if p, err := netip.ParsePrefix(s.CIDR); err == nil && p.Contains(a) {
			return key
		}
	}
	return ""
}

// groupsOf are the groups before the endpoints of a hosting, and the one that new endpoints get.
func (l *lowering) groupsOf(h *compile.Hosting) (all []*group, fresh *group) {
	add := func(g *group) {
		if !slices.Contains(all, g) {
			all = append(all, g)
		}
	}
	if len(made(l.t, h, l.services(h))) > 0 {
		if key := l.t.Networks[h.Network].GroupFor(h.Backend); key != "" {
			fresh = l.groups[compile.ExistingGroup(h.Network, key)]
		} else {
			fresh = l.securityGroup(h)
		}
		add(fresh)
	}
	for _, s := range l.services(h) {
		if e, _ := existingFor(l.t, h.Network, h.Backend, s); e != nil {
			add(l.groups[compile.ExistingGroup(h.Network, e.SecurityGroup)])
		}
	}
	return all, fresh
}
