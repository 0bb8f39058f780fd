package compile

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/topology"
)

// forwards gives each site that forwards to a network the conditional forwarders that its DNS server
// needs: for the domains of the endpoints whose names its servers ask for, and for no parent of them.
// What the user forwards already stays as it is.
func forwards(t *topology.Topology, p *plan.Plan, domains map[string][]string) {
	servers := map[string][]netip.Addr{} // by network
	for _, r := range p.Graph.Resolvers {
		servers[r.Network] = append(servers[r.Network], r.Addresses...)
	}
	for _, all := range servers {
		slices.SortFunc(all, netip.Addr.Compare)
	}
	asked := domainsOf(t, p, domains)
	for i := range p.Graph.Sites {
		site := &p.Graph.Sites[i]
		to := t.ForwardsTo(site.Name)
		if to == "" {
			continue
		}
		for _, f := range site.DNS.Forwards {
			delete(asked[site.Name], strings.ToLower(f.Domain))
		}
		for _, domain := range apart(asked[site.Name]) {
			site.DNS.Forwards = append(site.DNS.Forwards, plan.Forward{
				Domain: domain, Servers: servers[to], Exported: true, Origin: Origin(t, "sites."+site.Name+".dns.forwardTo"),
			})
		}
		slices.SortStableFunc(site.DNS.Forwards, func(a, b plan.Forward) int { return strings.Compare(a.Domain, b.Domain) })
	}
}

// domainsOf lists, by site that forwards, the domains of the endpoints whose names it asks for.
func domainsOf(t *topology.Topology, p *plan.Plan, domains map[string][]string) map[string]map[string]bool {
	asked, done := map[string]map[string]bool{}, map[[2]string]bool{}
	for _, n := range p.Names {
		for _, client := range n.Clients {
			if t.ForwardsTo(client) == "" {
				continue
			}
			if asked[client] == nil {
				asked[client] = map[string]bool{}
			}
			if n.Versioned != "" {
				for _, v := range t.Sites[client].AgentVersions {
					asked[client][fmt.Sprintf(n.Versioned, strings.ReplaceAll(v, ".", "-"))] = true
				}
			}
			if id := [2]string{client, n.Endpoint}; !done[id] {
				done[id] = true
				for _, domain := range domains[n.Endpoint] {
					asked[client][strings.ToLower(domain)] = true
				}
			}
		}
	}
	return asked
}

// apart sorts domains and leaves out those that lie below another.
func apart(domains map[string]bool) []string {
	var kept []string
	for _, domain := range slices.Sorted(maps.Keys(domains)) {
		covered := false
		for _, above, more := strings.Cut(domain, "."); more && !covered; _, above, more = strings.Cut(above, ".") {
			covered = domains[above]
		}
		if !covered {
			kept = append(kept, domain)
		}
	}
	return kept
}

// resolverRanges are where a network's DNS inbound endpoints stand: the subnets of those that are made,
// the addresses of those that are there already.
func resolverRanges(n *topology.Network) []netip.Prefix {
	if n == nil {
		return nil
	}
	var all []netip.Prefix
	for _, in := range topology.Sorted(n.Inbound) {
		all = append(all, netip.MustParsePrefix(n.Subnets[in.Subnet].CIDR))
	}
	if n.Existing != nil {
		for _, a := range addresses(n.Existing.Resolvers) {
			all = append(all, netip.PrefixFrom(a, a.BitLen()))
		}
	}
	return all
}
