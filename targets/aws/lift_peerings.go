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
	peer, found := l.Object(r, "peerVpcId", r.Inputs["peerVpcId"], vpcType)
	if !ok || !found {
		return
	}
	b, ok := l.networkOf(r, "peerVpcId", peer)
	if !ok {
		return
	}
	where := peerOf(l.View, r)
	switch is := l.place(peer); {
	case is != (place{}) && is != where:
		l.Problem(r, "peerVpcId", "is in %s, the peering asks in %s", is, where)
	case l.flag(r, "autoAccept", false) && (r.Has("peerRegion") || l.placeOf(r) != where):
		l.Problem(r, "autoAccept", "is refused for a VPC of another account or with a peerRegion (pulumi-aws 6.83.2)")
	case a == b:
		l.Problem(r, "peerVpcId", "is the VPC itself")
	case !l.accepted(r, where):
		l.Problem(r, "", "is not accepted in %s", where)
	default:
		l.connect(r, plan.Connection{
			Name: r.Name, Kind: plan.KindPeering, A: plan.End{Node: l.name(a)}, B: plan.End{Node: l.name(b)},
		})
	}
}

// connect adds a connection. AWS has one of a kind between two things (VPC Peering Guide, 2023:
// vpc-peering-basics; EC2: DuplicateTransitGatewayAttachment).
func (l *lifting) connect(r *manifest.Resource, c plan.Connection) bool {
	if l.pairs[pair(&c)] {
		l.Problem(r, "", "joins %s and %s a second time", c.A.Node, c.B.Node)
		return false
	}
	l.g.Connections = append(l.g.Connections, c)
	l.indexConnection(len(l.g.Connections) - 1)
	return true
}

func (l *lifting) indexConnection(i int) {
	c := &l.g.Connections[i]
	l.pairs[pair(c)] = true
	for _, ref := range []plan.Ref{{Part: c.Name}, {Existing: c.A.Interface}, {Existing: c.B.Interface}} {
		if ref != (plan.Ref{}) && (ref.Part == "" || !c.Existing) {
			l.connections[ref] = append(l.connections[ref], i)
		}
	}
	if at, ok := l.sites[c.A.Node]; ok && c.B.Interface != "" {
		for _, cidr := range l.g.Sites[at].CIDRs {
			l.behind[tablePrefix{c.B.Interface, cidr}] = i
		}
	}
}

// pair is a connection's kind and its nodes, in one order.
func pair(c *plan.Connection) [3]string {
	return [3]string{c.Kind, min(c.A.Node, c.B.Node), max(c.A.Node, c.B.Node)}
}

func (l *lifting) name(network int) string { return l.g.Networks[network].Name }

// accepted reports whether a request accepts itself or is accepted by a provider that works where the
// other VPC is.
func (l *lifting) accepted(peering *manifest.Resource, where place) bool {
	if l.flag(peering, "autoAccept", false) {
		return true
	}
	return slices.ContainsFunc(l.View.OfType(accepterType), func(r *manifest.Resource) bool {
		name, _ := l.Named(r.Text("vpcPeeringConnectionId"), "id")
		return name == peering.Name && l.flag(r, "autoAccept", false) && l.placeOf(r) == where
	})
}

// accepter is read with its peering; here it must only make sense.
func (l *lifting) accepter(r *manifest.Resource) {
	ref, ok := l.Object(r, "vpcPeeringConnectionId", r.Inputs["vpcPeeringConnectionId"], peeringType)
	if !ok || ref.Part == "" {
		if ok {
			l.Problem(r, "vpcPeeringConnectionId", "%s is not asked for in this manifest", ref.Existing)
		}
		return
	}
	if where := peerOf(l.View, l.View.Named(ref.Part)); l.placeOf(r) != where {
		l.Problem(r, "", "works in %s, the peering is to be accepted in %s", l.placeOf(r), where)
	}
	if !l.flag(r, "autoAccept", false) {
		l.Problem(r, "autoAccept", "is not on, so nothing is accepted")
	}
}
