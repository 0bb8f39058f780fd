package lab

import (
	"net/netip"
	"slices"

	"github.com/obslink/obslink/compiler/manifest"
)

func awsTransitTypes() []resourceType {
	return []resourceType{
		{"aws:ec2transitgateway/transitGateway:TransitGateway", "defaultRouteTableAssociation defaultRouteTablePropagation autoAcceptSharedAttachments",
			"amazonSideAsn dnsSupport vpnEcmpSupport", before, (*reader).transitGateway},
		{"aws:ec2transitgateway/routeTable:RouteTable", "transitGatewayId", "", before, (*reader).transitTable},
		{"aws:ec2transitgateway/vpcAttachment:VpcAttachment", "transitGatewayId vpcId subnetIds transitGatewayDefaultRouteTableAssociation transitGatewayDefaultRouteTablePropagation",
			"dnsSupport", after, (*reader).vpcAttachment},
		{"aws:ec2transitgateway/vpcAttachmentAccepter:VpcAttachmentAccepter", "transitGatewayAttachmentId",
			"transitGatewayDefaultRouteTableAssociation transitGatewayDefaultRouteTablePropagation", after, (*reader).attachmentAccepter},
		{"aws:ec2transitgateway/peeringAttachment:PeeringAttachment", "transitGatewayId peerTransitGatewayId", "peerRegion peerAccountId", after, (*reader).peeringAttachment},
		{"aws:ec2transitgateway/peeringAttachmentAccepter:PeeringAttachmentAccepter", "transitGatewayAttachmentId", "", after, (*reader).attachmentAccepter},
		{"aws:ec2transitgateway/routeTableAssociation:RouteTableAssociation", "transitGatewayAttachmentId transitGatewayRouteTableId", "replaceExistingAssociation", after, (*reader).transitAssociation},
		{"aws:ec2transitgateway/routeTablePropagation:RouteTablePropagation", "transitGatewayAttachmentId transitGatewayRouteTableId", "", after, (*reader).transitPropagation},
		{"aws:ec2transitgateway/route:Route", "destinationCidrBlock transitGatewayRouteTableId transitGatewayAttachmentId blackhole", "", last, (*reader).transitRoute},
	}
}

// transitGateway has a default table unless both of its uses are off; both are on by default.
func (r *reader) transitGateway(res *manifest.Resource) {
	t := &router{name: res.Name, account: r.account(res), accepts: res.Text("autoAcceptSharedAttachments") == "enable"}
	if res.Text("defaultRouteTableAssociation") != "disable" || res.Text("defaultRouteTablePropagation") != "disable" {
		t.standard = &table{name: res.Name + " default"}
		t.tables = append(t.tables, t.standard)
		// ${tgw.associationDefaultRouteTableId} refers to the gateway; as a table that is its default.
		add(r.tables, t.standard, res.Name)
	}
	r.bp.routers = append(r.bp.routers, t)
	add(r.routers, t, res.Name)
}

func (r *reader) transitTable(res *manifest.Resource) {
	if t := find(r, r.routers, res, "transit gateway", res.Inputs["transitGatewayId"]); t != nil {
		made := &table{name: res.Name}
		t.tables = append(t.tables, made)
		add(r.tables, made, res.Name)
	}
}

// vpcAttachment joins the gateway's default table unless it is told otherwise. What arrives in the VPC
// is looked up in the table of the attachment's subnet.
func (r *reader) vpcAttachment(res *manifest.Resource) {
	n := find(r, r.networks, res, "VPC", res.Inputs["vpcId"])
	t := find(r, r.routers, res, "transit gateway", res.Inputs["transitGatewayId"])
	if n == nil || t == nil {
		return
	}
	l := &link{name: res.Name, a: end{node: n}, b: end{node: t}, down: foreign(r.account(res), t.account) && !t.accepts}
	if foreign(r.account(res), t.account) && !r.granted(r.view.Referred(res.Inputs["transitGatewayId"]), r.account(res)) {
		l.down, l.refused = true, true
	}
	for _, value := range res.List("subnetIds") {
		s := find(r, r.subnets, res, "subnet", value)
		if s == nil {
			continue
		}
		arrive := s.table
		if arrive == nil {
			arrive = n.main
		}
		if l.a.arrive != nil && l.a.arrive != arrive {
			r.fail("%s: the subnets of the attachment have different route tables; the lab knows no zones to choose by", res.Name)
		}
		l.a.arrive = arrive
	}
	gateway := r.view.Referred(res.Inputs["transitGatewayId"])
	if gateway != nil && gateway.Text("defaultRouteTableAssociation") != "disable" && boolean(res, "transitGatewayDefaultRouteTableAssociation", true) {
		l.b.arrive = t.standard
	}
	if gateway != nil && gateway.Text("defaultRouteTablePropagation") != "disable" && boolean(res, "transitGatewayDefaultRouteTablePropagation", true) {
		r.propagate(l, t.standard)
	}
	r.join(l, res.Name)
}

func (r *reader) attachmentAccepter(res *manifest.Resource) {
	if l := find(r, r.links, res, "attachment", res.Inputs["transitGatewayAttachmentId"]); l != nil {
		l.down = l.refused
		add(r.links, l, res.Name)
	}
}

// peeringAttachment is down until the other side accepts; no routes are propagated over it.
func (r *reader) peeringAttachment(res *manifest.Resource) {
	a := find(r, r.routers, res, "transit gateway", res.Inputs["transitGatewayId"])
	b := find(r, r.routers, res, "transit gateway", res.Inputs["peerTransitGatewayId"])
	if a == nil || b == nil {
		return
	}
	l := &link{name: res.Name, a: end{node: a}, b: end{node: b}, down: true}
	for _, side := range []struct {
		end   *end
		value any
	}{{&l.a, res.Inputs["transitGatewayId"]}, {&l.b, res.Inputs["peerTransitGatewayId"]}} {
		if gateway := r.view.Referred(side.value); gateway != nil && gateway.Text("defaultRouteTableAssociation") != "disable" {
			side.end.arrive = side.end.node.(*router).standard
		}
	}
	r.join(l, res.Name)
}

// transitEnds are an attachment and the end of it at the router that has the table.
func (r *reader) transitEnds(res *manifest.Resource) (*link, *end, *table) {
	l := find(r, r.links, res, "attachment", res.Inputs["transitGatewayAttachmentId"])
	t := find(r, r.tables, res, "route table", res.Inputs["transitGatewayRouteTableId"])
	if l == nil || t == nil {
		return nil, nil, nil
	}
	for _, e := range []*end{&l.a, &l.b} {
		if router, ok := e.node.(*router); ok && slices.Contains(router.tables, t) {
			return l, e, t
		}
	}
	r.fail("%s: the attachment is not one of the table's transit gateway", res.Name)
	return nil, nil, nil
}

func (r *reader) transitAssociation(res *manifest.Resource) {
	if _, e, t := r.transitEnds(res); e != nil {
		e.arrive = t
	}
}

func (r *reader) transitPropagation(res *manifest.Resource) {
	if l, _, t := r.transitEnds(res); l != nil {
		r.propagate(l, t)
	}
}

// propagate adds the far node's prefixes to a table.
func (r *reader) propagate(l *link, t *table) {
	if l.static {
		return
	}
	var cidrs []netip.Prefix
	for _, e := range []end{l.a, l.b} {
		switch n := e.node.(type) {
		case *network:
			cidrs = n.cidrs
		case *site:
			cidrs = n.cidrs
		}
	}
	for _, p := range cidrs {
		t.routes = append(t.routes, route{to: p.Masked(), target: l, propagated: true})
	}
}

func (r *reader) transitRoute(res *manifest.Resource) {
	t := find(r, r.tables, res, "route table", res.Inputs["transitGatewayRouteTableId"])
	if t == nil {
		return
	}
	made := route{to: r.prefix(res, res.Inputs["destinationCidrBlock"])}
	if !boolean(res, "blackhole", false) {
		made.target = r.linkTarget(res, r.key(res.Inputs["transitGatewayAttachmentId"]))
	}
	t.routes = append(t.routes, made)
}
