package aws

import (
	"cmp"
	"slices"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/topology"
)

// pairOf is two networks in one order.
func pairOf(a, b string) [2]string { return [2]string{min(a, b), max(a, b)} }

// existingPeerings are the peerings that links name, by the networks that they join; the value is the
// first link that names one.
func existingPeerings(t *topology.Topology) map[[2]string]string {
	all := map[[2]string]string{}
	for key, l := range topology.Sorted(t.Links) {
		if p := l.Via.Peering; p != nil && p.Existing != "" {
			if pair := pairOf(l.From, p.Endpoints); all[pair] == "" {
				all[pair] = key
			}
		}
	}
	return all
}

// existingPeering is the id of the peering of two networks that is there already, or "", and its path.
func (l *lowering) existingPeering(a, b string) (id, path string) {
	key := l.existingPeers[pairOf(a, b)]
	if key == "" {
		return "", ""
	}
	return l.t.Links[key].Via.Peering.Existing, "links." + key + ".via.peering.existing"
}

// peerExisting routes over a peering that is there already.
func (l *lowering) peerExisting(id string, a, b plan.Key, origin plan.Origin) {
	name := plan.Named("peering", "", origin, a, b).Name
	l.peeringNames[id] = name
	l.parts.ExistingPeerings = append(l.parts.ExistingPeerings, ExistingPeering{
		Provider: l.provider(a.Now), ID: id, VPCs: [2]string{l.vpc(a.Now).Existing, l.vpc(b.Now).Existing}, Origin: origin,
	})
	l.out.Connections = append(l.out.Connections, plan.Connection{
		Name: name, Kind: plan.KindPeering, Existing: true, A: plan.End{Node: a.Now, Interface: id}, B: plan.End{Node: b.Now, Interface: id}, Origin: origin,
	})
	l.routeBetween(a, b, Route{ExistingPeering: id}, origin)
	l.routeBetween(b, a, Route{ExistingPeering: id}, origin)
}

// held reports whether an existing table is declared to have a route already, and sees to its look-up.
func (l *lowering) held(network string, table plan.Ref, r Route) bool {
	n := l.t.Networks[network]
	if n.Existing == nil || table.Existing == "" {
		return false
	}
	for name, id := range n.Existing.RouteTables {
		if id == table.Existing && slices.Contains(n.Existing.Routes[name], r.Destination.String()) {
			t := &l.parts.ExistingRouteTables[l.existingTables[id]]
			t.Holds = append(t.Holds, HeldRoute{Destination: r.Destination, Target: cmp.Or(r.ExistingPeering, r.TransitGateway.Existing, r.Interface)})
			return true
		}
	}
	return false
}

// addToExistingGateways lists what the plan routes in the tables of transit gateways that are there
// already, so that their look-ups find other routes that take the same packets.
func (l *lowering) addToExistingGateways() {
	adds := map[string][]TransitAdds{} // by table, or by the gateway whose default one it is
	for _, r := range l.parts.TransitRoutes {
		adds[r.RouteTable.Existing] = append(adds[r.RouteTable.Existing], TransitAdds{Destination: r.Destination, Static: true, Origin: r.Origin})
	}
	for key, n := range topology.Sorted(l.t.Networks) {
		if n.Attach == nil || l.gateways[n.Attach.TransitGateway] == nil {
			continue
		}
		x := l.gateways[n.Attach.TransitGateway]
		id := x.table.Existing
		if x.table == (plan.Ref{}) {
			id = x.ref.Existing
		}
		for _, cidr := range compile.Prefixes(n.CIDRs) {
			adds[id] = append(adds[id], TransitAdds{Destination: cidr, Origin: l.origin("networks." + key + ".attach")})
		}
	}
	for i := range l.parts.ExistingTransitGateways {
		g := &l.parts.ExistingTransitGateways[i]
		g.Adds = adds[cmp.Or(g.RouteTable, g.ID)]
		slices.SortStableFunc(g.Adds, func(a, b TransitAdds) int { return a.Destination.Compare(b.Destination) })
	}
}
