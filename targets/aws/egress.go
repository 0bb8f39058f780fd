package aws

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/topology"
)

// managed reports whether obslink may add to what lets a group of servers out: its security group is
// named, and what that one lets out already is declared.
func managed(c topology.Client) bool { return c.SecurityGroup != "" && c.Egress != nil }

// covered reports whether some prefixes hold an address.
func covered(egress []string, a netip.Addr) bool {
	return slices.ContainsFunc(compile.Prefixes(egress), func(p netip.Prefix) bool { return p.Contains(a) })
}

// clientGroups lists the security groups of a network's servers of which it is declared what they let out.
func (l *lowering) clientGroups(key string, n *topology.Network, provider string) {
	for name, c := range topology.Sorted(n.Clients) {
		if !managed(c) {
			continue
		}
		l.clientFilters[c.SecurityGroup] = append(l.clientFilters[c.SecurityGroup], compile.ClientFilter(key, name))
		x := l.existingGroup(c.SecurityGroup, ExistingGroup{Provider: provider, Origin: l.origin("networks." + key + ".clients." + name + ".securityGroup")})
		if n.Existing != nil {
			x.VPC = n.Existing.VPC
		}
		x.LetsOut = compile.Prefixes(c.Egress)
	}
}

// existingGroup is the look-up of a security group; what stands before servers may stand before endpoints.
func (l *lowering) existingGroup(id string, fresh ExistingGroup) *ExistingGroup {
	at, known := l.groupParts[id]
	if !known {
		at = len(l.parts.ExistingGroups)
		l.groupParts[id] = at
		fresh.ID = id
		l.parts.ExistingGroups = append(l.parts.ExistingGroups, fresh)
	}
	return &l.parts.ExistingGroups[at]
}

// door is an address of a service's endpoint, and what says in names which of its addresses it is: the
// subnet, or, of an endpoint that is there already, the address.
type door struct {
	address netip.Addr
	service *service
	key     plan.Key
}

// letOut lets the groups of servers that links name out to the endpoints of a hosting, as far as their
// security groups do not yet. A rule names an address: no rule may refer to a group of another region
// (VPC peering guide, "update your security groups", 2026-08) or, for what goes out, behind a transit
// gateway (transit gateway guide, security group referencing, 2026-08), and an endpoint keeps its addresses.
func (l *lowering) letOut(h *compile.Hosting, doors []door) {
	for network, groups := range topology.Sorted(h.Groups(l.t)) {
		for _, client := range groups {
			c := l.t.Networks[network].Clients[client]
			if !managed(c) {
				continue
			}
			origin := l.origin(clientPath(l.t, h, network, client))
			for _, d := range doors {
				if !covered(c.Egress, d.address) {
					l.egress(h, network, c, d, origin)
				}
			}
		}
	}
}

// clientPath is where a link of a hosting names a group of servers.
func clientPath(t *topology.Topology, h *compile.Hosting, network, client string) string {
	for _, key := range h.Links {
		if l := t.Links[key]; l.From == network {
			if _, named := l.Clients[client]; named {
				return "links." + key + ".clients." + client
			}
		}
	}
	return ""
}

// egress adds a rule to the security group of some servers, which several groups of servers may share.
func (l *lowering) egress(h *compile.Hosting, network string, c topology.Client, d door, origin plan.Origin) {
	keys := []plan.Key{l.networkKey(network), plan.K(c.SecurityGroup), l.networkKey(h.Network), l.backendKey(h.Backend), plan.K(d.service.id), d.key}
	to := netip.PrefixFrom(d.address, d.address.BitLen())
	part := plan.Named("clientegress", l.provider(network), origin, keys...)
	if l.rules[part.Name] {
		return
	}
	l.rules[part.Name] = true
	l.parts.EgressRules = append(l.parts.EgressRules, EgressRule{
		Part: part, ExistingGroup: c.SecurityGroup, To: to, Port: httpsPort, Description: fmt.Sprintf("%s in %s", h.Backend, h.Network),
	})
	x := l.existingGroup(c.SecurityGroup, ExistingGroup{})
	x.AddsOut = append(x.AddsOut, to)
	l.addTo(c.SecurityGroup, compile.FilterRule{Rule: plan.Rule{Prefix: to, Ports: [2]int{httpsPort, httpsPort}, Origin: origin}})
}

// addTo adds a rule of a security group to whatever it stands before in the graph: groups of servers and,
// where the rule is about what goes out, endpoints.
func (l *lowering) addTo(id string, rule compile.FilterRule) {
	for _, name := range l.clientFilters[id] {
		rule.Filter = name
		l.out.Rules = append(l.out.Rules, rule)
	}
	if rule.Ingress {
		return
	}
	for i := range l.out.Filters {
		if f := &l.out.Filters[i]; f.Ref.Existing == id {
			rule.Added = true
			f.Egress = append(f.Egress, rule.Rule)
		}
	}
}
