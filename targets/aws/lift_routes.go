package aws

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
)

// routeTargets are the inputs of a route that say where it leads; exactly one is given.
var routeTargets = []struct {
	input string
	find  func(l *lifting, r *manifest.Resource, network int, to netip.Prefix) (string, bool)
}{
	{"vpcPeeringConnectionId", (*lifting).peeringTarget},
	{"transitGatewayId", (*lifting).transitTarget},
	{"networkInterfaceId", (*lifting).interfaceTarget},
	{"gatewayId", (*lifting).gatewayTarget},
}

func (l *lifting) route(r *manifest.Resource) {
	at, ok := l.tableOf(r, "routeTableId", r.Inputs["routeTableId"])
	to, fits := l.Prefix(r, "destinationCidrBlock", r.Inputs["destinationCidrBlock"])
	if !ok || !fits {
		return
	}
	target, leads := "", 0
	for _, t := range routeTargets {
		if !r.Has(t.input) {
			continue
		}
		leads++
		found, ok := t.find(l, r, at.at, to)
		if !ok {
			return
		}
		target = found
	}
	if leads != 1 {
		l.Problem(r, "", "has %d targets that lift knows, and must have one", leads)
		return
	}
	if target != "" {
		l.addRoute(r, l.tableAt(at), plan.Route{Destination: to, Target: target})
	}
}

// addRoute adds a route; a table has one to each prefix (EC2: RouteAlreadyExists).
func (l *lifting) addRoute(r *manifest.Resource, t *plan.RouteTable, route plan.Route) {
	if l.routed[tablePrefix{t.Name, route.Destination}] {
		l.Problem(r, "destinationCidrBlock", "%s is routed in %s already", route.Destination, t.Name)
		return
	}
	l.routed[tablePrefix{t.Name, route.Destination}] = true
	t.Routes = append(t.Routes, route)
}

// tablePrefix is a prefix in a table, or behind an interface.
type tablePrefix struct {
	name   string
	prefix netip.Prefix
}

// peeringTarget wants a peering of the table's own network. A route to one that nobody accepted drops
// (VPC Peering Guide: blackhole).
func (l *lifting) peeringTarget(r *manifest.Resource, network int, _ netip.Prefix) (string, bool) {
	const input = "vpcPeeringConnectionId"
	ref, ok := l.eitherSide(r, input, peeringType, accepterType)
	if !ok {
		return "", false
	}
	c := l.connection(ref)
	switch {
	case c == nil:
		l.Problem(r, input, "%s connects nothing", ref.Part+ref.Existing)
		return plan.Blackhole, true
	case endOf(c, l.name(network)) == nil:
		l.Problem(r, input, "%s does not end in network %q", c.Name, l.name(network))
		return "", false
	}
	return c.Name, true
}

// eitherSide is object for what has a resource on either side of it: both outputs are one id.
func (l *lifting) eitherSide(r *manifest.Resource, path, request, accepter string) (plan.Ref, bool) {
	text := r.Text(path)
	if name, ok := l.Named(text, "id"); ok && l.View.Named(name).Type == accepter {
		for _, input := range []string{"vpcPeeringConnectionId", "transitGatewayAttachmentId"} {
			if l.View.Named(name).Has(input) {
				text = l.View.Named(name).Text(input)
			}
		}
	}
	return l.Object(r, path, text, request)
}

// connection is the one that a resource makes, or that a declared end has the id of.
func (l *lifting) connection(ref plan.Ref) *plan.Connection {
	for _, i := range l.connections[ref] {
		return &l.g.Connections[i]
	}
	return nil
}

func endOf(c *plan.Connection, node string) *plan.End {
	switch node {
	case c.A.Node:
		return &c.A
	case c.B.Node:
		return &c.B
	}
	return nil
}

func (l *lifting) transitTarget(r *manifest.Resource, network int, _ netip.Prefix) (string, bool) {
	at, ok := l.router(r, "transitGatewayId")
	if !ok {
		return "", false
	}
	want := pair(&plan.Connection{Kind: plan.KindAttachment, A: plan.End{Node: l.name(network)}, B: plan.End{Node: l.g.Routers[at].Name}})
	for i := range l.g.Connections {
		if c := &l.g.Connections[i]; l.pairs[want] && pair(c) == want {
			return c.Name, true
		}
	}
	l.Problem(r, "transitGatewayId", "%s is not attached to network %q", l.g.Routers[at].Name, l.name(network))
	return "", false
}

// interfaceTarget is the connection whose gateway has the interface. Several sites may have one
// gateway: the one whose prefixes the route is for is meant.
func (l *lifting) interfaceTarget(r *manifest.Resource, network int, to netip.Prefix) (string, bool) {
	return l.declaredTarget(r, "networkInterfaceId", network, to)
}

// gatewayTarget is a VPN gateway that is there, or an internet gateway: what is private and goes to
// the internet is dropped there.
func (l *lifting) gatewayTarget(r *manifest.Resource, network int, to netip.Prefix) (string, bool) {
	id := r.Text("gatewayId")
	if name, ok := l.Named(id, "id"); ok && l.View.Named(name).Type == internetGatewayType || strings.HasPrefix(id, "igw-") {
		return plan.Blackhole, true
	}
	if id == "local" { // as is every prefix of the VPC
		if !slices.Contains(l.g.Networks[network].CIDRs, to) {
			l.Problem(r, "destinationCidrBlock", "%s is not the VPC's, and only that is local", to)
		}
		return "", true
	}
	if name, ok := l.Named(id, "id"); strings.HasPrefix(id, "vgw-") || ok && l.View.Named(name).Type == vpnGatewayType {
		return l.vpnTarget(r, network, to)
	}
	return l.declaredTarget(r, "gatewayId", network, to)
}

// vpnTarget is the VPN that carries a prefix: a VPC has one VPN gateway (Site-to-Site VPN user guide,
// 2023), whose id nobody declares, and every VPN of the VPC ends there.
func (l *lifting) vpnTarget(r *manifest.Resource, network int, to netip.Prefix) (string, bool) {
	for i := range l.g.Connections {
		if c := &l.g.Connections[i]; c.Kind == plan.KindVPN && c.B.Node == l.name(network) && carries(c, to) > 0 {
			return c.Name, true
		}
	}
	l.Problem(r, "gatewayId", "no VPN of network %q is declared to carry %s", l.name(network), to)
	return "", false
}

func (l *lifting) declaredTarget(r *manifest.Resource, input string, network int, to netip.Prefix) (string, bool) {
	id, best, found := r.Text(input), 0, ""
	if i, ok := l.behind[tablePrefix{id, to}]; ok && endOf(&l.g.Connections[i], l.name(network)) != nil {
		return l.g.Connections[i].Name, true
	}
	for _, i := range l.connections[plan.Ref{Existing: id}] {
		c := &l.g.Connections[i]
		if end := endOf(c, l.name(network)); id == "" || end == nil || end.Interface != id {
			continue
		}
		if fit := 1 + carries(c, to); fit > best {
			best, found = fit, c.Name
		}
	}
	if found == "" {
		l.Problem(r, input, "%v is no gateway that network %q declares", r.Inputs[input], l.name(network))
	}
	return found, found != ""
}

// carries is 1 where a connection's end in the network sends a prefix into it.
func carries(c *plan.Connection, to netip.Prefix) int {
	if slices.ContainsFunc(c.B.Allowed, func(p netip.Prefix) bool { return p.Bits() <= to.Bits() && p.Contains(to.Addr()) }) {
		return 1
	}
	return 0
}
