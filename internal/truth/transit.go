package truth

import (
	"fmt"
	"net/netip"
)

// router is a transit gateway with one or two route tables.
type router struct {
	name, id, provider, region, account string
	tables                              []*table
	// standard says that it has its default table alone, which attachments join and propagate to.
	standard bool
	attached []attached
}

type attached struct {
	v     *vpc
	id    string
	table *table
}

const transitGateway = "aws:ec2transitgateway/"

// transit makes none, one or two transit gateways, attaches networks to them, and joins them.
func (m *maker) transit() {
	if len(m.vpcs) < 2 || m.chance(40) {
		return
	}
	for i := range 1 + m.Intn(2) {
		m.tgw(i)
	}
	for i, v := range m.vpcs {
		t := pick(m, m.tgws)
		if t.region == v.region && (i == 0 || m.chance(75)) {
			m.attach(t, v)
		}
	}
	if len(m.tgws) == 2 {
		m.join(m.tgws[0], m.tgws[1])
	}
	for _, t := range m.tgws {
		m.spread(t)
	}
}

func (m *maker) tgw(i int) {
	v := m.vpcs[0]
	if i > 0 {
		v = pick(m, m.vpcs)
	}
	t := &router{name: fmt.Sprintf("tgw_%d", i), provider: v.provider, region: v.region, account: v.account}
	m.tgws = append(m.tgws, t)
	if t.standard = m.chance(25); t.standard {
		inputs := map[string]any{}
		if m.chance(50) {
			inputs["defaultRouteTableAssociation"], inputs["defaultRouteTablePropagation"] = "enable", "enable"
		}
		t.id = m.add(transitGateway+"transitGateway:TransitGateway", t.name, t.provider, inputs)
		t.tables = []*table{{name: fmt.Sprintf("default_%d", i), id: "${" + t.name + ".associationDefaultRouteTableId}"}}
		return
	}
	t.id = m.add(transitGateway+"transitGateway:TransitGateway", t.name, t.provider, map[string]any{
		"defaultRouteTableAssociation": "disable", "defaultRouteTablePropagation": "disable",
	})
	for j := range 1 + m.Intn(2) {
		name := fmt.Sprintf("tgwtable_%d_%d", i, j)
		t.tables = append(t.tables, &table{name: name, id: m.add(transitGateway+"routeTable:RouteTable", name, t.provider, map[string]any{"transitGatewayId": t.id})})
	}
}

// attach joins a network to a router, in every subnet or in one.
func (m *maker) attach(t *router, v *vpc) {
	ids := []any{v.subnets[0].id}
	for _, s := range v.subnets[1:] {
		if s.table == v.subnets[0].table && m.chance(60) {
			ids = append(ids, s.id)
		}
	}
	a := attached{v: v, table: pick(m, t.tables)}
	name := t.name + "_" + v.key
	a.id = m.add(transitGateway+"vpcAttachment:VpcAttachment", "attachment_"+name, v.provider, map[string]any{
		"transitGatewayId": t.id, "vpcId": v.id, "subnetIds": ids,
	})
	if !t.standard {
		m.last().Inputs["transitGatewayDefaultRouteTableAssociation"], m.last().Inputs["transitGatewayDefaultRouteTablePropagation"] = false, false
	}
	if v.account != t.account {
		m.add(transitGateway+"vpcAttachmentAccepter:VpcAttachmentAccepter", "attachmentaccepter_"+name, t.provider, map[string]any{
			"transitGatewayAttachmentId":                 a.id,
			"transitGatewayDefaultRouteTableAssociation": t.standard, "transitGatewayDefaultRouteTablePropagation": t.standard,
		})
	}
	t.attached = append(t.attached, a)
	if t.standard {
		return
	}
	m.associateWith(t, a.id, name, a.table)
	for _, table := range t.tables {
		m.add(transitGateway+"routeTablePropagation:RouteTablePropagation", "propagation_"+name+"_"+table.name, t.provider, map[string]any{
			"transitGatewayAttachmentId": a.id, "transitGatewayRouteTableId": table.id,
		})
	}
}

func (m *maker) associateWith(t *router, attachment, name string, in *table) {
	m.add(transitGateway+"routeTableAssociation:RouteTableAssociation", "association_"+name, t.provider, map[string]any{
		"transitGatewayAttachmentId": attachment, "transitGatewayRouteTableId": in.id,
	})
}

// static adds a route to every table of a router.
func (m *maker) static(t *router, to netip.Prefix, attachment string) {
	for _, table := range t.tables {
		name := "tgwroute_" + table.name + "_" + slug(to)
		if !m.has(name) {
			m.add(transitGateway+"route:Route", name, t.provider, map[string]any{
				"transitGatewayRouteTableId": table.id, "destinationCidrBlock": to.String(), "transitGatewayAttachmentId": attachment,
			})
		}
	}
}

// join peers two routers: static routes only, on both sides.
func (m *maker) join(a, b *router) {
	id := m.add(transitGateway+"peeringAttachment:PeeringAttachment", "tgwpeering", a.provider, map[string]any{
		"transitGatewayId": a.id, "peerTransitGatewayId": b.id, "peerRegion": b.region, "peerAccountId": b.account,
	})
	m.add(transitGateway+"peeringAttachmentAccepter:PeeringAttachmentAccepter", "tgwpeeringaccepter", b.provider, map[string]any{
		"transitGatewayAttachmentId": id,
	})
	for _, t := range []*router{a, b} {
		if !t.standard {
			m.associateWith(t, id, "peering_"+t.name, t.tables[0])
		}
	}
	for _, x := range b.attached {
		m.static(a, x.v.cidr, id)
	}
	for _, x := range a.attached {
		m.static(b, x.v.cidr, id)
	}
}

// spread gives every attached network routes to all others that its router knows.
func (m *maker) spread(t *router) {
	for _, a := range t.attached {
		for _, other := range m.tgws {
			for _, b := range other.attached {
				if a.v != b.v {
					m.route(a.v, b.v.cidr, "transitGatewayId", t.id)
				}
			}
		}
	}
}
