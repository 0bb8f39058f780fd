package targets

import (
	"slices"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
)

// Lift rebuilds the graph that a proof reads from a manifest, on top of what no manifest holds
// (plan.Graph.Declared), which it leaves as it is. Where the manifest says what the plan says, the
// graph is the plan's but for origins; where it does not, it is another graph, or there are problems:
// what could not be understood, and what the clouds would not do.
func Lift(m *manifest.Manifest, declared plan.Graph) (plan.Graph, []string) {
	g := clone(declared)
	v := manifest.NewView(m)
	problems := unsound(v)
	for _, target := range All {
		problems = append(problems, target.Lift(v, &g)...)
	}
	for _, n := range g.Networks {
		if n.Ref.Part != "" && v.Named(n.Ref.Part) == nil {
			problems = append(problems, "network "+n.Name+": "+n.Ref.Part+" is not there")
		}
		for _, s := range n.Subnets {
			if s.Ref.Part != "" && !s.CIDR.IsValid() {
				problems = append(problems, "network "+n.Name+", subnet "+s.Name+": "+s.Ref.Part+" is not there, or is no subnet of the network")
			}
		}
	}
	g.UseDevices()
	g.Sort()
	slices.Sort(problems)
	return g, slices.Compact(problems)
}

// unsound lists what breaks a rule without which resources cannot be read at all: every reference
// leads somewhere, names are unique, and every resource has a provider of a cloud that is known.
func unsound(v *manifest.View) []string {
	var problems []string
	// A rule that is open to all is legible, if unwise.
	legible := slices.DeleteFunc(slices.Clone(manifest.Rules), func(r manifest.Rule) bool { return r.Name == "no-open-ingress" })
	for _, finding := range manifest.Lint(v.Manifest, legible) {
		problems = append(problems, finding.String())
	}
	for _, a := range v.Assumptions {
		if p := v.Named(a.Provider); p == nil || !p.IsProvider() {
			problems = append(problems, a.Function+" for "+a.Path+": has provider "+a.Provider+", which is not registered")
		}
	}
	known := map[string]bool{}
	for _, target := range All {
		known[target.Package] = true
	}
	for i := range v.Resources {
		if r := &v.Resources[i]; !known[r.Package()] {
			problems = append(problems, r.Type+" "+r.Name+": is of a cloud that lift does not know")
		}
	}
	return problems
}

// clone copies what lifting changes, so that declarations can be used again.
func clone(g plan.Graph) plan.Graph {
	// No network at all is an empty list in a plan, and none in JSON.
	g.Networks = append(make([]plan.Network, 0, len(g.Networks)), g.Networks...)
	for i := range g.Networks {
		n := &g.Networks[i]
		n.CIDRs, n.Subnets, n.RouteTables, n.Clients = slices.Clone(n.CIDRs), slices.Clone(n.Subnets), cloneTables(n.RouteTables), slices.Clone(n.Clients)
		for j := range n.Subnets {
			n.Subnets[j].Filters = slices.Clone(n.Subnets[j].Filters)
		}
	}
	g.Sites, g.Connections, g.Endpoints = slices.Clone(g.Sites), slices.Clone(g.Connections), slices.Clone(g.Endpoints)
	g.Resolvers, g.Rules = slices.Clone(g.Resolvers), slices.Clone(g.Rules)
	g.Routers = slices.Clone(g.Routers)
	for i := range g.Routers {
		g.Routers[i].RouteTables = cloneTables(g.Routers[i].RouteTables)
	}
	g.Filters = slices.Clone(g.Filters)
	for i := range g.Filters {
		f := &g.Filters[i]
		f.Ingress, f.Egress = slices.Clone(f.Ingress), slices.Clone(f.Egress)
	}
	g.Zones = slices.Clone(g.Zones)
	for i := range g.Zones {
		z := &g.Zones[i]
		z.Networks, z.Records = slices.Clone(z.Networks), slices.Clone(z.Records)
	}
	return g
}

func cloneTables(tables []plan.RouteTable) []plan.RouteTable {
	tables = slices.Clone(tables)
	for i := range tables {
		tables[i].Routes = slices.Clone(tables[i].Routes)
	}
	return tables
}
