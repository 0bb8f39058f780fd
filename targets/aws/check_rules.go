package aws

import (
	"fmt"
	"maps"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
	"github.com/obslink/obslink/schema"
)

var (
	manyRules = diag.Code{
		ID: "OBS334", Severity: diag.Warning, Title: "more rules than a security group has by default",
		Cause:   "A security group has 60 rules in each direction unless the quota is raised; that quota times the groups of one network interface (5 by default) is 1000 at most (VPC user guide, 2026-08). obslink adds one rule for each CIDR of each client of a backend, two for each CIDR of a site that asks a DNS inbound endpoint, and to the group of servers that a link names one for each address of its endpoints; AWS refuses the 61st.",
		Example: `sites: {s1: cidrs: ["172.16.1.0/24"], s2: cidrs: ["172.16.2.0/24"], …}   // 61 CIDRs that reach one backend`,
		Mend:    `sites: {s1: cidrs: ["172.16.0.0/16"]}   // join CIDRs that lie side by side`,
	}
	tooManyRules = diag.Code{
		ID: "OBS335", Severity: diag.Error, Title: "more rules than a security group can have",
		Cause:   "A security group has at most 1000 rules in each direction, and only where a network interface has no other group (VPC user guide, 2026-08).",
		Example: `sites: {s1: cidrs: ["172.16.1.0/24"], s2: cidrs: ["172.16.2.0/24"], …}   // 1001 CIDRs that reach one backend`,
		Mend:    `sites: {s1: cidrs: ["172.16.0.0/16"]}   // join CIDRs that lie side by side`,
	}
)

// checkRules checks how many rules the security group of each backend in a network would have, that of
// each network's DNS inbound endpoint, which has one for TCP and one for UDP, and those of servers.
func checkRules(t *topology.Topology) diag.List {
	var found diag.List
	for _, h := range compile.Hostings(t, Name) {
		var clients []string
		groups := h.Groups(t)
		sources := map[string]bool{}
		for _, key := range h.Links {
			from := t.Links[key].From
			for _, client := range groups[from] {
				n := t.Networks[from]
				sources[compile.ClientPrefix(n, n.Clients[client]).String()] = true
			}
			if groups[from] == nil {
				clients = append(clients, from)
			}
		}
		maps.Copy(sources, admitted(t, clients))
		found = append(found, rulesOf(t, h.Network, fmt.Sprintf("backend %q", h.Backend), len(sources))...)
	}
	askers := askersOf(t)
	for key, n := range topology.Sorted(t.Networks) {
		if t.Kind(key) == Name && len(n.Inbound) > 0 {
			found = append(found, rulesOf(t, key, "the DNS inbound endpoint", 2*len(admitted(t, askers[key])))...)
		}
	}
	return append(found, clientRules(t)...)
}

// admitted are the prefixes that clients come from.
func admitted(t *topology.Topology, clients []string) map[string]bool {
	sources := map[string]bool{}
	for _, from := range clients {
		switch w := wireGuard(t, from); {
		case t.Networks[from] != nil:
			for _, cidr := range t.Networks[from].CIDRs {
				sources[cidr] = true
			}
		case w != nil && w.SNAT:
			sources[w.Gateway.Existing] = true
		default:
			for _, cidr := range t.Sites[from].CIDRs {
				sources[cidr] = true
			}
		}
	}
	return sources
}

// rulesOf says when the group before something in a network has too many rules.
func rulesOf(t *topology.Topology, network, before string, count int) diag.List {
	return tooMany(t, "networks."+network, fmt.Sprintf("the security group of %s in network %q", before, network), count,
		"join CIDRs of clients that lie side by side", "let some of the clients use a second endpoint network")
}

// tooMany says when a group has too many rules, and what makes them fewer.
func tooMany(t *topology.Topology, at, group string, count int, fewer, other string) diag.List {
	q := schema.AWS().Quotas["rulesPerGroup"]
	switch {
	case count > q.Max:
		return diag.List{tooManyRules.At(t.At(at), at, "%s would have %d rules; it has %d at most", group, count, q.Max).WithHint("%s, or %s", fewer, other)}
	case count > q.Default:
		return diag.List{manyRules.At(t.At(at), at, "%s would have %d rules; it has %d by default", group, count, q.Default).
			WithHint("%s, or %s", fewer, raise(q, manyRules))}
	}
	return nil
}
