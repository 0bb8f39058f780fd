package aws

import (
	"cmp"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/lift"
	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
)

// Lift adds to g what the manifest's AWS resources make of the network, read from their types and
// inputs alone: neither parts nor a plan, so that a proof on the lifted graph speaks of what will be
// deployed (DESIGN §5.10). It returns what it could not understand or what AWS would not do; such a
// resource is left out of the graph.
func Lift(v *manifest.View, g *plan.Graph) []string {
	l := &lifting{
		Reader: lift.Reader{View: v}, g: g, networks: map[plan.Ref]int{}, subnets: map[plan.Ref]spot{}, tables: map[plan.Ref]spot{}, mains: map[int]string{},
		filters: map[plan.Ref]int{}, groupsByID: map[string][]int{}, answering: map[string]string{}, zones: map[plan.Ref]int{}, connections: map[plan.Ref][]int{}, pairs: map[[3]string]bool{}, sites: map[string]int{},
		routed: map[tablePrefix]bool{}, behind: map[tablePrefix]int{},
		vpnGateways: map[plan.Ref]int{}, places: map[string]place{}, acls: map[string][]aclRule{}, zoned: zoned{}, udp: map[string][]plan.Rule{},
		transit: transit{attachments: map[string]int{}, defaults: map[int]defaults{}, static: map[string]bool{}},
	}
	l.index()
	language.Read(&l.Reader, l)
	l.finish()
	return l.Problems
}

// lifting holds the graph while it is made.
type lifting struct {
	lift.Reader
	g *plan.Graph
	// networks, subnets and tables find a thing of the graph by the resource or id that it is.
	networks map[plan.Ref]int
	subnets  map[plan.Ref]spot
	tables   map[plan.Ref]spot
	filters  map[plan.Ref]int
	// groupsByID are filters by the id of the security group that they stand for.
	groupsByID map[string][]int
	// answering are endpoints that are there already, by their addresses.
	answering map[string]string
	zones     map[plan.Ref]int
	sites     map[string]int
	// connections are also found by the ids of their ends' interfaces, which several may share.
	connections map[plan.Ref][]int
	// behind are connections by the interface of their gateway and the prefixes of their site.
	behind map[tablePrefix]int
	// routed are the prefixes that a table has a route to.
	routed map[tablePrefix]bool
	// pairs are the nodes that are joined, by kind.
	pairs map[[3]string]bool
	// mains are the main route tables of networks that a resource chose.
	mains map[int]string
	// places are where existing things are looked up: the manifest says no more of them.
	places map[string]place
	acls   map[string][]aclRule
	// forwards are resolver rules, which count once they are associated.
	forwards []forward
	transit  transit
	// vpnGateways are the networks of the VPN gateways that resources make.
	vpnGateways map[plan.Ref]int
	zoned       zoned
	// inbounds are the DNS inbound endpoints, and udp what groups admit over UDP, by group.
	inbounds []*manifest.Resource
	udp      map[string][]plan.Rule
}

// spot is a place in a list of a network, or of a router where at is a transit gateway's table.
type spot struct{ at, in int }

// index finds what is declared: it is there whether or not a resource fills it in.
func (l *lifting) index() {
	for i := range l.g.Networks {
		n := &l.g.Networks[i]
		l.networks[n.Ref] = i
		for j, s := range n.Subnets {
			l.subnets[s.Ref] = spot{i, j}
		}
		for j, t := range n.RouteTables {
			l.tables[t.Ref] = spot{i, j}
		}
	}
	for i, r := range l.g.Routers {
		usual := slices.ContainsFunc(r.RouteTables, func(t plan.RouteTable) bool { return t.Name == defaultTable(r.Name) })
		l.transit.defaults[i] = defaults{usual, usual}
	}
	l.indexExisting()
	for i, z := range l.g.Zones {
		l.zones[z.Ref] = i
	}
	for i, s := range l.g.Sites {
		l.sites[s.Name] = i
	}
	for i := range l.g.Connections {
		l.indexConnection(i)
	}
	for _, a := range l.View.Assumptions {
		for arg, id := range a.Args {
			// A VPC may also be named to ask what sees it, in another account.
			if text, ok := id.(string); ok && arg != "vpcId" && strings.HasPrefix(a.Function, Name+":") {
				l.places[text] = placeOf(l.View, &manifest.Resource{Provider: a.Provider})
			}
		}
	}
}

// finish puts what was collected in order, as lowering does.
func (l *lifting) finish() {
	l.useMainTables()
	l.sortACLs()
	l.propagateDefaults()
	l.useForwards()
	l.askedOverBoth()
	for i := range l.g.Filters {
		sortFilter(&l.g.Filters[i])
	}
	for i := range l.g.Networks {
		sortRoutes(l.g.Networks[i].RouteTables)
	}
	for i := range l.g.Routers {
		sortRoutes(l.g.Routers[i].RouteTables)
	}
	for i := range l.g.Zones {
		slices.Sort(l.g.Zones[i].Networks)
	}
}

// sortFilter orders the rules of a group, and those that are added to one that is there already. Those of
// a network ACL are in the order in which they count, and what is declared is as it was written.
func sortFilter(f *plan.Filter) {
	if f.Stateless {
		return
	}
	whole := f.Ref.Part != "" || strings.HasPrefix(f.Ref.Existing, "sg-")
	for _, rules := range [][]plan.Rule{f.Ingress, f.Egress} {
		for len(rules) > 0 && !whole && !rules[0].Added {
			rules = rules[1:]
		}
		sortRules(rules)
	}
}

func sortRules(rules []plan.Rule) {
	slices.SortStableFunc(rules, func(a, b plan.Rule) int {
		return cmp.Or(a.Prefix.Compare(b.Prefix), slices.Compare(a.Ports[:], b.Ports[:]))
	})
}

func sortRoutes(tables []plan.RouteTable) {
	for _, t := range tables {
		slices.SortStableFunc(t.Routes, func(a, b plan.Route) int {
			return cmp.Or(a.Destination.Compare(b.Destination), cmp.Compare(a.Target, b.Target))
		})
	}
}

// flag reads a boolean; what is not given has the provider's default.
func (l *lifting) flag(r *manifest.Resource, path string, missing bool) bool {
	value, found := r.Inputs[path]
	on, ok := value.(bool)
	if found && !ok {
		l.Problem(r, path, "%v is neither true nor false", value)
	}
	return !found && missing || on
}

// number reads a whole number; ok is false where none is given.
func number(value any) (n int, ok bool) {
	switch value := value.(type) {
	case float64:
		return int(value), value == float64(int(value))
	case int:
		return value, true
	}
	return 0, false
}
