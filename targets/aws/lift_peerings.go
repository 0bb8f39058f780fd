package aws

import (
	"slices"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
)

// peering is a connection once it is asked for in one VPC's account and region and accepted in the
// other's (VPC Peering Guide, 2023); a request by itself carries nothing.
func (l *lifting) peering(r *manifest.Resource) {
	a, ok := l.network(r, "vpcId", r.Inputs["vpcId"])
	peer, found := l.object(r, "peerVpcId", r.Inputs["peerVpcId"], vpcType)
	if !ok || !found {
		return
	}
	b, ok := l.networkOf(r, "peerVpcId", peer)
	if !ok {
		return
	}
	where := peerOf(l.v, r)
	switch is := l.place(peer); {
	case is != (place{}) && is != where:
		l.problem(r, "peerVpcId", "is in %s, the peering asks in %s", is, where)
	case a == b:
		l.problem(r, "peerVpcId", "is the VPC itself")
	case !l.accepted(r, where):
		l.problem(r, "", "is not accepted in %s", where)
	case slices.ContainsFunc(l.g.Connections, func(c plan.Connection) bool { return c.Kind == plan.KindPeering && joins(c, l.name(a), l.name(b)) }):
		l.problem(r, "", "is a second peering of the two VPCs, and AWS allows one")
	default:
		l.g.Connections = append(l.g.Connections, plan.Connection{
			Name: r.Name, Kind: plan.KindPeering, A: plan.End{Node: l.name(a)}, B: plan.End{Node: l.name(b)},
		})
	}
}

func (l *lifting) name(network int) string { return l.g.Networks[network].Name }

func joins(c plan.Connection, a, b string) bool {
	return c.A.Node == a && c.B.Node == b || c.A.Node == b && c.B.Node == a
}

// accepted reports whether a request accepts itself, which it may within one account and region
// only, or is accepted by a provider that works where the other VPC is.
func (l *lifting) accepted(peering *manifest.Resource, where place) bool {
	if l.flag(peering, "autoAccept", false) && !peering.Has("peerRegion") && l.placeOf(peering) == where {
		return true
	}
	return slices.ContainsFunc(l.v.OfType(accepterType), func(r *manifest.Resource) bool {
		name, _ := l.named(r.Text("vpcPeeringConnectionId"), "id")
		return name == peering.Name && l.flag(r, "autoAccept", false) && l.placeOf(r) == where
	})
}

// accepter is read with its peering; here it must only make sense.
func (l *lifting) accepter(r *manifest.Resource) {
	ref, ok := l.object(r, "vpcPeeringConnectionId", r.Inputs["vpcPeeringConnectionId"], peeringType)
	if !ok || ref.Part == "" {
		if ok {
			l.problem(r, "vpcPeeringConnectionId", "%s is not asked for in this manifest", ref.Existing)
		}
		return
	}
	if where := peerOf(l.v, l.v.Named(ref.Part)); l.placeOf(r) != where {
		l.problem(r, "", "works in %s, the peering is to be accepted in %s", l.placeOf(r), where)
	}
	if !l.flag(r, "autoAccept", false) {
		l.problem(r, "autoAccept", "is not on, so nothing is accepted")
	}
}
