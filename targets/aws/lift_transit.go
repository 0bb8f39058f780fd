package aws

import (
	"fmt"
	"slices"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
)

// transit is what is known of transit gateways while they are lifted.
type transit struct {
	// attachments are connections by the resource that asks for them.
	attachments map[string]int
	defaults    map[int]defaults // by router
	// static are the attachments of VPNs without BGP.
	static map[string]bool
	// propagating are the attachments whose routes go into their router's default table by themselves;
	// they yield to static ones and so come last.
	propagating []spot // router, connection
}

// defaults say what a gateway does with an attachment that says nothing: both are on by default, in
// one table that AWS makes (VPC Transit Gateways: how-transit-gateways-work).
type defaults struct{ associate, propagate bool }

// otherRoutes is what is taken on trust of existing gateways: nobody declares what else they route.
func otherRoutes(gateways ...plan.Ref) string {
	for _, g := range gateways {
		if g.Existing != "" {
			return fmt.Sprintf("existing transit gateway %q has no other route that takes these packets", g.Existing)
		}
	}
	return ""
}

func defaultTable(router string) string { return "default_" + router }

func (l *lifting) transitGateway(r *manifest.Resource) {
	at := len(l.g.Routers)
	d := defaults{r.Text("defaultRouteTableAssociation") != "disable", r.Text("defaultRouteTablePropagation") != "disable"}
	l.transit.defaults[at] = d
	router := plan.Router{Name: r.Name, Ref: plan.Ref{Part: r.Name}}
	if d.associate || d.propagate {
		name := defaultTable(r.Name)
		router.RouteTables = append(router.RouteTables, plan.RouteTable{Name: name, Ref: plan.Ref{Part: name}})
	}
	l.g.Routers = append(l.g.Routers, router)
}

// router is the gateway that an input refers to; a network in another account may share it.
func (l *lifting) router(r *manifest.Resource, path string) (int, bool) {
	ref, ok := l.Object(r, path, r.Inputs[path], transitType)
	if !ok {
		return 0, false
	}
	at := slices.IndexFunc(l.g.Routers, func(x plan.Router) bool { return x.Ref == ref })
	if at < 0 {
		l.Problem(r, path, "transit gateway %s is not declared", ref.Part+ref.Existing)
		return 0, false
	}
	where := l.place(ref)
	if has := l.placeOf(r); where.region != "" && has.region != where.region {
		l.Problem(r, path, "is in %s, the resource in %s", where, has)
		return 0, false
	}
	return at, true
}

func (l *lifting) transitTable(r *manifest.Resource) {
	if at, ok := l.router(r, "transitGatewayId"); ok && l.here(r, "transitGatewayId", l.place(l.g.Routers[at].Ref)) {
		t := &l.g.Routers[at].RouteTables
		*t = append(*t, plan.RouteTable{Name: r.Name, Ref: plan.Ref{Part: r.Name}})
	}
}

// transitVPC attaches a VPC. A VPC of another account waits for the gateway's owner, unless the
// gateway accepts what is shared with it.
func (l *lifting) transitVPC(r *manifest.Resource) {
	vpc, ok := l.network(r, "vpcId", r.Inputs["vpcId"])
	at, found := l.router(r, "transitGatewayId")
	if !ok || !found {
		return
	}
	subnets, ok := l.transitSubnets(r, vpc)
	if !ok {
		return
	}
	router := &l.g.Routers[at]
	accepter := l.accepterOf(r, transitVPCAccepterType, l.place(router.Ref))
	if where, mine := l.place(router.Ref), l.placeOf(r); where.account != mine.account && where != (place{}) {
		if !l.isShared(router.Ref, mine) {
			l.Problem(r, "transitGatewayId", "is not shared with %s", mine)
			return
		}
		if accepter == nil && !l.acceptsItself(router.Ref) {
			l.Problem(r, "", "is not accepted in %s", where)
			return
		}
	}
	c := plan.Connection{Name: r.Name, Kind: plan.KindAttachment, A: plan.End{Node: l.name(vpc), Subnets: subnets}, B: plan.End{Node: router.Name}, Assumed: otherRoutes(router.Ref)}
	says := r
	if accepter != nil {
		says = accepter
	}
	d := l.transit.defaults[at]
	for input, usual := range map[string]bool{"transitGatewayDefaultRouteTableAssociation": d.associate, "transitGatewayDefaultRouteTablePropagation": d.propagate} {
		if says.Inputs[input] == true && !usual {
			l.Problem(says, input, "%s has no default route table", router.Name)
		}
	}
	if d.associate && l.flag(says, "transitGatewayDefaultRouteTableAssociation", true) {
		c.B.Table = defaultTable(router.Name)
	}
	if l.attach(r, c) && d.propagate && l.flag(says, "transitGatewayDefaultRouteTablePropagation", true) {
		l.transit.propagating = append(l.transit.propagating, spot{at, l.transit.attachments[r.Name]})
	}
}

// transitSubnets are the subnets of an attachment; every one is of the VPC. Which of them a packet
// passes is a matter of zones, which the graph does not hold.
func (l *lifting) transitSubnets(r *manifest.Resource, vpc int) ([]string, bool) {
	var subnets []string
	for _, value := range r.List("subnetIds") {
		at, ok := l.subnetOf(r, "subnetIds", value)
		if ok && at.at != vpc {
			l.Problem(r, "subnetIds", "%v is of another VPC", value)
		}
		if !ok || at.at != vpc {
			return nil, false
		}
		subnets = append(subnets, l.subnetAt(at).Name)
	}
	if len(subnets) == 0 {
		l.Problem(r, "subnetIds", "are not given")
	}
	slices.Sort(subnets)
	return subnets, len(subnets) > 0
}

func (l *lifting) attach(r *manifest.Resource, c plan.Connection) bool {
	if !l.connect(r, c) {
		return false
	}
	l.transit.attachments[r.Name] = len(l.g.Connections) - 1
	return true
}

func (l *lifting) accepterOf(request *manifest.Resource, token string, where place) *manifest.Resource {
	for _, r := range l.View.OfType(token) {
		if name, _ := l.Named(r.Text("transitGatewayAttachmentId"), "id"); name == request.Name && l.placeOf(r) == where {
			return r
		}
	}
	return nil
}

// transitAccepter is read with what it accepts; here it must only make sense.
func (l *lifting) transitAccepter(r *manifest.Resource) {
	request := transitVPCType
	if r.Type == transitAccepterType {
		request = transitPeerType
	}
	if ref, ok := l.Object(r, "transitGatewayAttachmentId", r.Inputs["transitGatewayAttachmentId"], request); ok && ref.Part == "" {
		l.Problem(r, "transitGatewayAttachmentId", "%s is not asked for in this manifest", ref.Existing)
	}
}

// transitPeering joins two gateways once the other side accepts. Where a gateway associates by
// default it associates a peering too (hashicorp/terraform-provider-aws#16452, 2021); routes over it
// are static only.
func (l *lifting) transitPeering(r *manifest.Resource) {
	a, ok := l.router(r, "transitGatewayId")
	ref, found := l.Object(r, "peerTransitGatewayId", r.Inputs["peerTransitGatewayId"], transitType)
	b := slices.IndexFunc(l.g.Routers, func(x plan.Router) bool { return x.Ref == ref })
	if !ok || !found || b < 0 {
		if found && b < 0 {
			l.Problem(r, "peerTransitGatewayId", "transit gateway %s is not declared", ref.Part+ref.Existing)
		}
		return
	}
	// Unlike an attachment, a peering is asked for by the gateway's owner.
	if !l.here(r, "transitGatewayId", l.place(l.g.Routers[a].Ref)) {
		return
	}
	where := l.placeOf(r)
	if account := r.Text("peerAccountId"); account != "" {
		where.account = account
	}
	where.region = r.Text("peerRegion")
	if is := l.place(ref); is != (place{}) && is != where {
		l.Problem(r, "peerTransitGatewayId", "is in %s, the peering asks in %s", is, where)
		return
	}
	if l.accepterOf(r, transitAccepterType, where) == nil {
		l.Problem(r, "", "is not accepted in %s", where)
		return
	}
	c := plan.Connection{Name: r.Name, Kind: plan.KindAttachment, A: plan.End{Node: l.g.Routers[a].Name}, B: plan.End{Node: l.g.Routers[b].Name}}
	c.Assumed = otherRoutes(l.g.Routers[a].Ref, ref)
	if l.transit.defaults[a].associate {
		c.A.Table = defaultTable(c.A.Node)
	}
	if l.transit.defaults[b].associate {
		c.B.Table = defaultTable(c.B.Node)
	}
	l.attach(r, c)
}
