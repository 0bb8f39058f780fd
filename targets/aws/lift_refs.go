package aws

import (
	"cmp"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
)

// near is object for things that must be where the resource itself is: AWS finds ids in one account
// and region only, but for Route 53.
func (l *lifting) near(r *manifest.Resource, path string, value any, token string) (plan.Ref, bool) {
	ref, ok := l.Object(r, path, value, token)
	if !ok {
		return ref, false
	}
	return ref, l.here(r, path, l.place(ref))
}

// here reports whether a resource works in a place; an unknown place may be any.
func (l *lifting) here(r *manifest.Resource, path string, where place) bool {
	if has := l.placeOf(r); where != (place{}) && has != where {
		l.Problem(r, path, "is in %s, the resource in %s", where, has)
		return false
	}
	return true
}

func (p place) String() string {
	return cmp.Or(p.account, "an unknown account") + " " + cmp.Or(p.region, "an unknown region")
}

// place is where a thing is; nothing is known of most existing ones.
func (l *lifting) place(ref plan.Ref) place {
	if r := l.View.Named(ref.Part); r != nil {
		return l.placeOf(r)
	}
	return l.places[ref.Existing] // none of a created thing whose resource is missing
}

// placeOf is where a resource's provider works.
func (l *lifting) placeOf(r *manifest.Resource) place { return placeOf(l.View, r) }

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
		l.Problem(r, path, "VPC %s is not declared", ref.Part+ref.Existing)
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
		l.Problem(r, path, "subnet %s is not declared", ref.Part+ref.Existing)
	}
	return at, ok
}

func (l *lifting) subnetAt(s spot) *plan.Subnet    { return &l.g.Networks[s.at].Subnets[s.in] }
func (l *lifting) tableAt(s spot) *plan.RouteTable { return &l.g.Networks[s.at].RouteTables[s.in] }

// tableOf is the route table that an input refers to. A VPC's own outputs name its main table.
func (l *lifting) tableOf(r *manifest.Resource, path string, value any) (spot, bool) {
	text, _ := value.(string)
	for _, property := range []string{"mainRouteTableId", "defaultRouteTableId"} {
		if name, ok := l.Named(text, property); ok && l.View.Named(name).Type == vpcType {
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
		l.Problem(r, path, "route table %s is not declared", ref.Part+ref.Existing)
	}
	return at, ok
}
