package aws

import (
	"slices"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/topology"
)

// gateway is a transit gateway while its attachments, peerings and routes are lowered.
type gateway struct {
	key      plan.Key
	ref      plan.Ref
	provider string
	// table is the route table that obslink fills; no Ref where the gateway's default one is used.
	table plan.Ref
	// share is the AWS RAM share that the gateway is in, once one is needed, and accounts have it.
	share    string
	accounts map[string]bool
	// at is the gateway's place among the graph's routers; its one table is the first.
	at int
}

// accepted is a peering of gateways and what accepts it, which must be done before it can be used. On
// both sides the peering has one id.
type accepted struct{ peering, accepter string }

func (l *lowering) gatewayKey(key string) plan.Key {
	return plan.Key{Now: key, Was: l.t.TransitGateways[key].Was}
}

// transitGateways lowers the gateways, what is attached to them, and their peerings.
func (l *lowering) transitGateways() {
	l.gateways, l.gatewayPeerings, l.attachmentAccepters = map[string]*gateway{}, map[[2]string]accepted{}, map[string]string{}
	for key, g := range topology.Sorted(l.t.TransitGateways) {
		l.gateways[key] = l.transitGateway(key, g)
	}
	for key, n := range topology.Sorted(l.t.Networks) {
		if n.Attach != nil {
			l.attach(key, n)
		}
	}
	for key, g := range topology.Sorted(l.t.TransitGateways) {
		for peer := range topology.Sorted(g.Peers) {
			l.peerGateways(key, peer)
		}
	}
	p := l.parts
	sortParts(p.TransitPeerings, func(x TransitPeering) string { return x.Name })
	sortParts(p.TransitPeeringAccepters, func(x TransitPeeringAccepter) string { return x.Name })
	sortParts(p.TransitSharePrincipals, func(x TransitSharePrincipal) string { return x.Name })
	sortParts(p.TransitShareAccepters, func(x TransitShareAccepter) string { return x.Name })
	sortParts(p.TransitPeeringAssociations, func(x TransitAssociation) string { return x.Name })
}

func (l *lowering) transitGateway(key string, g *topology.TransitGateway) *gateway {
	path := "transitGateways." + key
	x := &gateway{key: l.gatewayKey(key), provider: l.providerIn(g.Account, g.Region), at: len(l.out.Routers), accounts: map[string]bool{}}
	part := plan.Named("transitgateway", x.provider, l.origin(path), x.key)
	router := plan.Router{Name: part.Name, Origin: part.Origin}
	var table plan.RouteTable
	if g.Existing != nil {
		x.ref = plan.Ref{Existing: g.Existing.TransitGateway}
		l.parts.ExistingTransitGateways = append(l.parts.ExistingTransitGateways, ExistingTransitGateway{
			Provider: x.provider, ID: g.Existing.TransitGateway, AccountID: compile.Decode[account](l.t.Accounts[g.Account].Body).ID,
			RouteTable: g.Existing.RouteTable, Accepts: l.takesOthers(key), AutoAccepts: g.Existing.AutoAccept, Origin: l.origin(path + ".existing"),
		})
		table = plan.RouteTable{Name: defaultTable(part.Name), Ref: plan.Ref{Existing: defaultTable(part.Name)}}
		if id := g.Existing.RouteTable; id != "" {
			x.table = plan.Ref{Existing: id}
			table = plan.RouteTable{Name: compile.ExistingTable(part.Name, id), Ref: x.table}
		}
	} else {
		x.ref = plan.Ref{Part: part.Name}
		l.parts.TransitGateways = append(l.parts.TransitGateways, TransitGateway{Part: part, ASN: g.ASN})
		own := plan.Named("transitroutetable", x.provider, l.origin(path), x.key)
		l.parts.TransitRouteTables = append(l.parts.TransitRouteTables, TransitRouteTable{Part: own, TransitGateway: x.ref})
		x.table = plan.Ref{Part: own.Name}
		table = plan.RouteTable{Name: own.Name, Ref: x.table}
	}
	router.Ref, router.RouteTables = x.ref, []plan.RouteTable{table}
	l.out.Routers = append(l.out.Routers, router)
	return x
}

// router is the gateway's place in the graph.
func (l *lowering) router(x *gateway) *plan.Router { return &l.out.Routers[x.at] }

func attachmentName(network, gateway string) string {
	return "transitattachment_" + network + "_" + gateway
}

// attach attaches a VPC and routes to its CIDRs. Where the gateway's default table is used, AWS does
// the latter two by itself.
func (l *lowering) attach(key string, n *topology.Network) {
	x := l.gateways[n.Attach.TransitGateway]
	origin := l.origin("networks." + key + ".attach")
	keys := []plan.Key{l.networkKey(key), x.key}
	part := plan.Named("transitattachment", l.provider(key), origin, keys...)
	defaults := x.table == plan.Ref{}
	attachment := TransitAttachment{Part: part, TransitGateway: x.ref, VPC: l.vpc(key), Defaults: defaults}
	if l.t.TransitGateways[x.key.Now].Account != n.Account {
		attachment.After = l.shareWith(x, n.Account)
		if g := l.t.TransitGateways[x.key.Now].Existing; g != nil && g.AutoAccept {
			attachment.AutoAccepted = true
		} else {
			attachment.Accepter = l.acceptAttachment(x, part, keys, defaults)
		}
	}
	subnets := slices.Sorted(slices.Values(n.Attach.Subnets))
	for _, sub := range subnets {
		attachment.Subnets = append(attachment.Subnets, subnetRef(key, sub, n.Subnets[sub]))
	}
	l.parts.TransitAttachments = append(l.parts.TransitAttachments, attachment)
	router := l.router(x)
	table := &router.RouteTables[0]
	l.out.Connections = append(l.out.Connections, plan.Connection{
		Name: part.Name, Kind: plan.KindAttachment, Assumed: otherRoutes(x.ref), Origin: origin,
		A: plan.End{Node: key, Subnets: subnets}, B: plan.End{Node: router.Name, Table: table.Name},
	})
	for _, cidr := range compile.Prefixes(n.CIDRs) {
		table.Routes = append(table.Routes, plan.Route{Destination: cidr, Target: part.Name, Origin: origin})
	}
	if defaults {
		return
	}
	l.parts.TransitAssociations = append(l.parts.TransitAssociations, TransitAssociation{
		Part: plan.Named("transitassociation", x.provider, origin, keys...), Attachment: part.Name, After: attachment.Accepter, RouteTable: x.table, Replace: attachment.AutoAccepted,
	})
	l.parts.TransitPropagations = append(l.parts.TransitPropagations, TransitPropagation{
		Part: plan.Named("transitpropagation", x.provider, origin, keys...), Attachment: part.Name, After: attachment.Accepter, RouteTable: x.table,
	})
}

// peerGateways joins two gateways. As with networks, the side that asks is the one whose oldest key is
// first, so that it does not matter where the peering is declared.
func (l *lowering) peerGateways(declared, peer string) {
	origin := l.origin("transitGateways." + declared + ".peers." + peer)
	a, b := l.gateways[declared], l.gateways[peer]
	if b.key.Oldest() < a.key.Oldest() {
		a, b = b, a
	}
	other := l.t.TransitGateways[b.key.Now]
	peering := plan.Named("transitpeering", a.provider, origin, a.key, b.key)
	l.parts.TransitPeerings = append(l.parts.TransitPeerings, TransitPeering{
		Part: peering, Requester: a.ref, Accepter: b.ref, AccepterRegion: other.Region,
		AccepterAccount: compile.Decode[account](l.t.Accounts[other.Account].Body).ID,
	})
	accept := plan.Named("transitpeeringaccepter", b.provider, origin, a.key, b.key)
	l.parts.TransitPeeringAccepters = append(l.parts.TransitPeeringAccepters, TransitPeeringAccepter{Part: accept, Peering: peering.Name})
	ends := make([]plan.End, 2)
	for i, pair := range [][2]*gateway{{a, b}, {b, a}} {
		near, far := pair[0], pair[1]
		l.gatewayPeerings[[2]string{near.key.Now, far.key.Now}] = accepted{peering.Name, accept.Name}
		l.parts.TransitPeeringAssociations = append(l.parts.TransitPeeringAssociations, TransitAssociation{
			Part:       plan.Named("transitpeeringassociation", near.provider, origin, near.key, far.key),
			Attachment: peering.Name, After: accept.Name, RouteTable: near.table, Replace: near.ref.Existing != "",
		})
		router := l.router(near)
		ends[i] = plan.End{Node: router.Name, Table: router.RouteTables[0].Name}
	}
	l.out.Connections = append(l.out.Connections, plan.Connection{Name: peering.Name, Kind: plan.KindAttachment, A: ends[0], B: ends[1], Assumed: otherRoutes(a.ref, b.ref), Origin: origin})
}

// through routes between a network and a client, a network or site, on transit gateways: each network's
// tables lead to its gateway, and where there are two gateways each has a static route over their peering.
func (l *lowering) through(hub, client, link string) {
	origin := l.origin("links." + link + ".via.transitGateway")
	for _, pair := range [][2]string{{hub, client}, {client, hub}} {
		from, to := pair[0], l.nodeKey(pair[1])
		near, far := l.gateways[l.t.Gateway(from)], l.gateways[l.t.Gateway(to.Now)]
		if l.t.Networks[from] != nil {
			route := Route{TransitGateway: near.ref, Attachment: attachmentName(from, near.key.Now), Accepter: l.attachmentAccepters[from]}
			l.routeBetween(l.networkKey(from), to, route, origin)
		}
		if near != far {
			l.routeOver(near, far, to, origin)
		}
	}
}

// routeOver adds static routes to a network or site behind another gateway.
func (l *lowering) routeOver(near, far *gateway, to plan.Key, origin plan.Origin) {
	over := l.gatewayPeerings[[2]string{near.key.Now, far.key.Now}]
	for _, cidr := range l.cidrs(to.Now) {
		part := plan.Named("transitroute", near.provider, origin, near.key, to, plan.K(plan.Slug(cidr.String())))
		if l.routes[part.Name] {
			continue
		}
		l.routes[part.Name] = true
		l.parts.TransitRoutes = append(l.parts.TransitRoutes, TransitRoute{
			Part: part, RouteTable: near.table, Destination: cidr, Attachment: over.peering, After: over.accepter,
		})
		table := &l.router(near).RouteTables[0]
		table.Routes = append(table.Routes, plan.Route{Destination: cidr, Target: over.peering, Origin: origin})
	}
}
