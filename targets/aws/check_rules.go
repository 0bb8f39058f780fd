package aws

import (
	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
	"github.com/obslink/obslink/schema"
)

var (
	manyRules = diag.Code{
		ID: "OBS334", Severity: diag.Warning, Title: "more rules than a security group has by default",
		Cause:   "A security group has 60 rules in each direction unless the quota is raised; that quota times the groups of one network interface (5 by default) is 1000 at most (VPC user guide, 2026-08). obslink adds one rule for each CIDR of each client of a backend; AWS refuses the 61st.",
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

// checkRules checks how many rules the security group of each backend in a network would have.
func checkRules(t *topology.Topology) diag.List {
	var found diag.List
	q := schema.AWS().Quotas["rulesPerGroup"]
	for _, h := range compile.Hostings(t, Name) {
		sources := map[string]bool{}
		for _, key := range h.Links {
			from := t.Links[key].From
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
		at := "networks." + h.Network
		switch count := len(sources); {
		case count > q.Max:
			found = append(found, tooManyRules.At(t.At(at), at, "the security group of backend %q in network %q would have %d rules; it has %d at most", h.Backend, h.Network, count, q.Max).
				WithHint("join CIDRs of clients that lie side by side, or let some of the clients use a second endpoint network"))
		case count > q.Default:
			found = append(found, manyRules.At(t.At(at), at, "the security group of backend %q in network %q would have %d rules; it has %d by default", h.Backend, h.Network, count, q.Default).
				WithHint("join CIDRs of clients that lie side by side, or %s", raise(q, manyRules)))
		}
	}
	return found
}
