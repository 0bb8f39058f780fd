package aws

import (
	"cmp"
	"strings"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
)

// object is what an input refers to by id: a resource of the wanted type, or an id of something that
// is there already.
func (l *lifting) object(r *manifest.Resource, path string, value any, token string) (plan.Ref, bool) {
	text, _ := value.(string)
	switch name, ok := l.named(text, "id"); {
	case text == "":
		l.problem(r, path, "is not given")
	case !strings.Contains(text, "${"):
		return plan.Ref{Existing: text}, true
	case !ok:
		l.problem(r, path, "%s is not the id of a resource that is there", text)
	case l.v.Named(name).Type != token:
		l.problem(r, path, "%s is a %s, not a %s", text, l.v.Named(name).Type, token)
	default:
		return plan.Ref{Part: name}, true
	}
	return plan.Ref{}, false
}

// named takes the name out of ${name.property}, if a resource of that name is there.
func (l *lifting) named(text, property string) (name string, ok bool) {
	inside, opened := strings.CutPrefix(text, "${")
	name, closed := strings.CutSuffix(inside, "."+property+"}")
	return name, opened && closed && l.v.Named(name) != nil
}

// near is object for things that must be where the resource itself is: AWS finds ids in one account
// and region only, but for Route 53.
func (l *lifting) near(r *manifest.Resource, path string, value any, token string) (plan.Ref, bool) {
	ref, ok := l.object(r, path, value, token)
	if !ok {
		return ref, false
	}
	return ref, l.here(r, path, l.place(ref))
}

// here reports whether a resource works in a place; an unknown place may be any.
func (l *lifting) here(r *manifest.Resource, path string, where place) bool {
	if has := l.placeOf(r); where != (place{}) && has != where {
		l.problem(r, path, "is in %s, the resource in %s", where, has)
		return false
	}
	return true
}

func (p place) String() string {
	return cmp.Or(p.account, "an unknown account") + " " + cmp.Or(p.region, "an unknown region")
}

// place is where a thing is; nothing is known of most existing ones.
func (l *lifting) place(ref plan.Ref) place {
	if r := l.v.Named(ref.Part); r != nil {
		return l.placeOf(r)
	}
	return l.places[ref.Existing] // none of a created thing whose resource is missing
}

// placeOf is where a resource's provider works.
func (l *lifting) placeOf(r *manifest.Resource) place { return placeOf(l.v, r) }

// network is the network that an input refers to.
func (l *lifting) network(r *manifest.Resource, path string, value any) (int, bool) {
	ref, ok := l.near(r, path, value, vpcType)
	if !ok {
		return 0, false
	}
	return l.networkOf(r, path, ref)
}

// networkOf is the network that a VPC is.
func (l *lifting) networkOf(r *manifest.Resource, path string, ref plan.Ref) (int, bool) {
	at, ok := l.networks[ref]
	if !ok {
		l.problem(r, path, "VPC %s is not declared", ref.Part+ref.Existing)
	}
	return at, ok
}

// subnetOf is the subnet that an input refers to.
func (l *lifting) subnetOf(r *manifest.Resource, path string, value any) (spot, bool) {
	ref, ok := l.near(r, path, value, subnetType)
	if !ok {
		return spot{}, false
	}
	at, ok := l.subnets[ref]
	if !ok {
		l.problem(r, path, "subnet %s is not declared", ref.Part+ref.Existing)
	}
	return at, ok
}

func (l *lifting) subnetAt(s spot) *plan.Subnet    { return &l.g.Networks[s.at].Subnets[s.in] }
func (l *lifting) tableAt(s spot) *plan.RouteTable { return &l.g.Networks[s.at].RouteTables[s.in] }

// tableOf is the route table that an input refers to. A VPC's own outputs name its main table.
func (l *lifting) tableOf(r *manifest.Resource, path string, value any) (spot, bool) {
	text, _ := value.(string)
	for _, property := range []string{"mainRouteTableId", "defaultRouteTableId"} {
		if name, ok := l.named(text, property); ok && l.v.Named(name).Type == vpcType {
			at, found := l.networkOf(r, path, plan.Ref{Part: name})
			return l.builtIn(at), found && l.here(r, path, l.place(plan.Ref{Part: name}))
		}
	}
	ref, ok := l.near(r, path, value, routeTableType)
	if !ok {
		return spot{}, false
	}
	at, ok := l.tables[ref]
	if !ok {
		l.problem(r, path, "route table %s is not declared", ref.Part+ref.Existing)
	}
	return at, ok
}
