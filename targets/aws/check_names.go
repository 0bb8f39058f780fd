package aws

import (
	"maps"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var nameTwice = diag.Code{
	ID: "OBS320", Severity: diag.Error, Title: "one name would be answered twice for one client",
	Cause:   "A VPC sees one private answer for a name: a second zone or endpoint with private DNS for it is refused (ConflictingDomainExists; hashicorp/terraform-provider-aws#37783). A site's hosts file takes the first of two lines for a name.",
	Example: "links: {a: {from: \"tokyo\", to: \"dd\", via: peering: endpoints: \"hub\"}, b: {from: \"tokyo\", to: \"dd\", via: peering: endpoints: \"hub2\"}}",
	Mend:    "keep one of the links",
}

// checkNames checks that no network or site gets two answers for a name.
func checkNames(t *topology.Topology) diag.List {
	var found diag.List
	services := servicesOf(t)
	type answer struct{ path, network, backend string }
	type pair struct {
		client      string
		first, last answer
	}
	twice := map[pair][]string{}
	var pairs []pair // in the order they were met
	type question struct{ client, domain string }
	seen := map[question]answer{}
	linked := map[string]int{} // links by client
	for _, l := range t.Links {
		linked[l.From]++
	}
	for _, h := range compile.Hostings(t, Name) {
		if !offered(t, h.Backend) {
			continue
		}
		clients := map[string]string{}
		for _, key := range h.Links {
			from := t.Links[key].From
			if to := t.ForwardsTo(from); to != "" {
				from = to // it is the network that gets the answer
			}
			if t.Networks[from] != nil {
				clients[from] = "links." + key
				clients[h.Network] = "links." + key
			} else if linked[from] > 1 { // a site has no other way to a second answer
				clients[from] = "links." + key
			}
		}
		order := slices.Sorted(maps.Keys(clients))
		for _, s := range services(h) {
			for _, z := range s.zones {
				for _, client := range order {
					id, now := question{client, z.domain}, answer{clients[client], h.Network, h.Backend}
					other, taken := seen[id]
					if !taken {
						seen[id] = now
						continue
					}
					p := pair{client, other, now}
					if twice[p] == nil {
						pairs = append(pairs, p)
					}
					twice[p] = append(twice[p], z.names...)
				}
			}
		}
	}
	for _, p := range pairs {
		found = append(found, nameTwice.At(t.At(p.last.path), p.last.path, "%q would get %s from %q in %q and from %q in %q",
			p.client, strings.Join(twice[p], ", "), p.first.backend, p.first.network, p.last.backend, p.last.network).
			WithNote(t.At(p.first.path), "the other link").WithHint("keep one of the links, or name different services"))
	}
	return found
}
