package blame

import (
	"cmp"
	"slices"

	"github.com/obslink/obslink/compiler/plan"
)

// answer is one of two answers to one name: the endpoint's network and backend.
type answer struct{ network, backend string }

// Answered is the link that brings a second answer to a name which the refused endpoint or zone would
// answer; where a declared zone is the first, it is what declared makes of it.
func Answered(declared func(zone plan.Zone, network string) string) func(Refused) string {
	return func(r Refused) string {
		for _, v := range r.views() {
			if path := r.twice(v, declared); path != "" {
				return path
			}
		}
		return ""
	}
}

// view is a name as one network sees it.
type view struct{ network, name string }

// views are the names that the resource would answer, and where.
func (r Refused) views() (all []view) {
	for _, e := range r.Plan.Graph.Endpoints {
		for _, name := range e.PrivateDNS {
			if e.Name == r.Resource {
				all = append(all, view{e.Network, name})
			}
		}
	}
	for _, z := range r.Plan.Graph.Zones {
		for _, network := range z.Networks {
			if z.Ref.Part != "" && (z.Ref.Part == r.Resource || r.network() == network) {
				all = append(all, view{network, z.Name})
			}
		}
	}
	return all
}

// twice is the path of the second answer to a name in one network, "" where there is none.
func (r Refused) twice(v view, declared func(plan.Zone, string) string) string {
	backends := map[string]string{} // by endpoint
	for _, n := range r.Plan.Names {
		backends[n.Endpoint] = n.Backend
	}
	at := map[string]answer{} // by endpoint
	var all []answer
	for _, e := range r.Plan.Graph.Endpoints {
		at[e.Name] = answer{e.Network, backends[e.Name]}
		if e.Network == v.network && slices.Contains(e.PrivateDNS, v.name) {
			all = append(all, at[e.Name])
		}
	}
	for _, z := range r.Plan.Graph.Zones {
		switch {
		case z.Name != v.name || !slices.Contains(z.Networks, v.network):
		case z.Ref.Existing != "":
			return declared(z, v.network)
		case len(z.Records) > 0:
			all = append(all, at[z.Records[0].Endpoint])
		}
	}
	if len(all) < 2 {
		return ""
	}
	last := slices.MaxFunc(all, func(a, b answer) int {
		return cmp.Or(cmp.Compare(a.network, b.network), cmp.Compare(a.backend, b.backend))
	})
	path := ""
	for _, l := range r.Plan.Links {
		if l.Network == last.network && l.To == last.backend && (l.From == v.network || v.network == last.network) {
			path = l.Origin.Path
		}
	}
	return path
}
