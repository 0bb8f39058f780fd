package aws

import (
	"net/netip"
	"slices"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
)

// attachment is the connection that an input refers to: one of this manifest, from either side, or a
// declared one, such as a site's.
func (l *lifting) attachment(r *manifest.Resource) *plan.Connection {
	const input = "transitGatewayAttachmentId"
	text := r.Text(input)
	if name, ok := l.Named(text, "transitGatewayAttachmentId"); ok && l.View.Named(name).Type == vpnType {
		if at, made := l.transit.attachments[name]; made {
			return &l.g.Connections[at]
		}
		l.Problem(r, input, "%s is no VPN at a transit gateway", name)
		return nil
	}
	request, accepter := transitVPCType, transitVPCAccepterType
	if name, ok := l.Named(text, "id"); ok {
		if t := l.View.Named(name).Type; t == transitPeerType || t == transitAccepterType {
			request, accepter = transitPeerType, transitAccepterType
		}
	}
	ref, ok := l.eitherSide(r, input, request, accepter)
	if !ok {
		return nil
	}
	if at, made := l.transit.attachments[ref.Part]; made && ref.Part != "" {
		return &l.g.Connections[at]
	}
	c := l.connection(ref)
	if c == nil {
		l.Problem(r, input, "%s connects nothing", ref.Part+ref.Existing)
	}
	return c
}

// transitTableOf is the gateway's table that an input refers to, and its router. A gateway's own
// outputs name its default table.
func (l *lifting) transitTableOf(r *manifest.Resource) (*plan.Router, *plan.RouteTable) {
	const input = "transitGatewayRouteTableId"
	ref, ok := plan.Ref{}, false
	for _, property := range []string{"associationDefaultRouteTableId", "propagationDefaultRouteTableId"} {
		if name, named := l.Named(r.Text(input), property); named && l.View.Named(name).Type == transitType {
			ref, ok = plan.Ref{Part: defaultTable(name)}, l.here(r, input, l.place(plan.Ref{Part: name}))
		}
	}
	if ref == (plan.Ref{}) {
		ref, ok = l.near(r, input, r.Inputs[input], transitTableType)
	}
	if !ok {
		return nil, nil
	}
	for i := range l.g.Routers {
		tables := l.g.Routers[i].RouteTables
		if j := slices.IndexFunc(tables, func(t plan.RouteTable) bool { return t.Ref == ref }); j >= 0 {
			return &l.g.Routers[i], &tables[j]
		}
	}
	l.Problem(r, input, "route table %s is not declared", ref.Part+ref.Existing)
	return nil, nil
}

// transitPair is a table and an attachment of the same gateway.
func (l *lifting) transitPair(r *manifest.Resource) (*plan.RouteTable, *plan.Connection, *plan.End) {
	router, table := l.transitTableOf(r)
	c := l.attachment(r)
	if table == nil || c == nil {
		return nil, nil, nil
	}
	end := endOf(c, router.Name)
	if end == nil {
		l.Problem(r, "transitGatewayAttachmentId", "%s does not end at %s", c.Name, router.Name)
		return nil, nil, nil
	}
	return table, c, end
}

// transitAssociation says in which table packets are looked up that arrive over an attachment. It has
// one; the gateway's default one gives way.
func (l *lifting) transitAssociation(r *manifest.Resource) {
	table, c, end := l.transitPair(r)
	switch {
	case end == nil:
	case end.Table != "" && end.Table != defaultTable(end.Node):
		l.Problem(r, "transitGatewayAttachmentId", "%s is associated with %s already", c.Name, end.Table)
	default:
		end.Table = table.Name
	}
}

func (l *lifting) transitRoute(r *manifest.Resource) {
	to, ok := l.Prefix(r, "destinationCidrBlock", r.Inputs["destinationCidrBlock"])
	if !ok {
		return
	}
	if l.flag(r, "blackhole", false) {
		if _, table := l.transitTableOf(r); table != nil {
			l.addRoute(r, table, plan.Route{Destination: to, Target: plan.Blackhole})
		}
		return
	}
	if table, c, end := l.transitPair(r); end != nil {
		l.addRoute(r, table, plan.Route{Destination: to, Target: c.Name})
	}
}

// transitPropagation is read after the static routes, which win over what is propagated.
func (l *lifting) transitPropagation(r *manifest.Resource) {
	table, c, end := l.transitPair(r)
	if end == nil {
		return
	}
	if l.transit.static[c.Name] || !l.propagate(table, c) {
		l.Problem(r, "transitGatewayAttachmentId", "%s has nothing to propagate: routes over it are static only", c.Name)
	}
}

// propagate adds routes to what stands behind an attachment: a network's CIDRs or a site's.
func (l *lifting) propagate(table *plan.RouteTable, c *plan.Connection) bool {
	var behind []netip.Prefix
	for _, n := range l.g.Networks {
		if endOf(c, n.Name) != nil {
			behind = n.CIDRs
		}
	}
	for _, s := range l.g.Sites {
		if endOf(c, s.Name) != nil {
			behind = s.CIDRs
		}
	}
	for _, cidr := range behind {
		if at := (tablePrefix{table.Name, cidr}); !l.routed[at] {
			l.routed[at] = true
			table.Routes = append(table.Routes, plan.Route{Destination: cidr, Target: c.Name})
		}
	}
	return behind != nil
}

func (l *lifting) propagateDefaults() {
	for _, p := range l.transit.propagating {
		l.propagate(&l.g.Routers[p.at].RouteTables[0], &l.g.Connections[p.in])
	}
}
