package truth

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
)

// defects are the ways in which a world is broken on purpose. Each says what it did, or "" where the
// world has nothing of the kind. Some are harmless: that is for packets to find out.
var defects = []func(*maker) string{
	(*maker).deleteOne, (*maker).deleteOne, (*maker).deleteOne, (*maker).deleteOne, (*maker).deleteOne, (*maker).deleteOne,
	(*maker).bendRoute, (*maker).bendRoute, (*maker).strayRoute, (*maker).strayTransit, (*maker).strayTransit, (*maker).circle,
	(*maker).bendRule, (*maker).bendRule, (*maker).closeGroup, (*maker).bendACL, (*maker).bendACL, (*maker).bendACL, (*maker).bendACL,
	(*maker).dnsOff, (*maker).dnsOff, (*maker).publicDNS, (*maker).leaveZone, (*maker).leaveZone, (*maker).swallow, (*maker).swallow,
	(*maker).strayRecord, (*maker).strayRecord, (*maker).endpointDNS, (*maker).strayForward, (*maker).strayForward,
	(*maker).bendAllowed, (*maker).bendAllowed, (*maker).bendAllowed, (*maker).bendAllowed, (*maker).bendAllowed,
	(*maker).bendEgress, (*maker).bendEgress, (*maker).wrongTable, (*maker).sameAddresses, (*maker).unplug, (*maker).detourPeering,
	(*maker).bendNSG, (*maker).bendHalf, (*maker).zonePolicy,
}

// breakSome breaks up to three things.
func (m *maker) breakSome() {
	count := []int{0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3}[m.Intn(12)]
	onWay := min(count, 1+m.Intn(2))
	for tries := 0; onWay > 0 && tries < 20; tries++ {
		if done := pick(m, aimed)(m); done != "" {
			m.w.Broken = append(m.w.Broken, done)
			count--
			onWay--
		}
	}
	for tries := 0; count > 0 && tries < 40; tries++ {
		if done := pick(m, defects)(m); done != "" {
			m.w.Broken = append(m.w.Broken, done)
			count--
		}
	}
}

// ofType picks a resource whose type has one of some endings, or nil.
func (m *maker) ofType(endings ...string) *manifest.Resource {
	var found []*manifest.Resource
	for i := range m.w.Manifest.Resources {
		r := &m.w.Manifest.Resources[i]
		if slices.ContainsFunc(endings, func(e string) bool { return strings.HasSuffix(r.Type, e) }) {
			found = append(found, r)
		}
	}
	if len(found) == 0 {
		return nil
	}
	return pick(m, found)
}

// deletable are types whose resources can go without taking half of the world with them.
var deletable = []string{
	"ec2/route:Route", "ec2transitgateway/route:Route", ":VpcPeeringConnectionAccepter", ":PeeringAttachmentAccepter", ":VpcAttachmentAccepter",
	"ec2transitgateway/routeTableAssociation:RouteTableAssociation", ":RouteTablePropagation", ":SecurityGroupIngressRule",
	"record:Record", ":ZoneAssociation", ":VpcAssociationAuthorization", "ec2/routeTableAssociation:RouteTableAssociation", ":MainRouteTableAssociation",
	":ResolverRuleAssociation", ":NetworkAclRule", ":NetworkAclAssociation", ":VirtualNetworkLink", ":PrivateDnsZoneGroup", ":VirtualNetworkPeering",
}

func (m *maker) deleteOne() string {
	r := m.ofType(pick(m, deletable))
	if r == nil {
		return ""
	}
	if r.Has("subnetId") && (strings.HasPrefix(r.Text("routeTableId"), "rtb-") || m.sharesAttachment(r.Text("subnetId"))) {
		return "" // the main table of an existing network is known to nobody
	}
	name, twin := r.Name, m.twin(r.Name)
	m.w.remove(name)
	m.w.remove(twin)
	return "without " + name
}

// twin is the rule for UDP where one is for DNS over TCP, and the reverse: the graph knows no protocols,
// and the proof wants both, as AWS advises.
func (m *maker) twin(name string) string {
	if twin := strings.Replace(name, "_dns_tcp_", "_dns_udp_", 1); twin != name {
		return twin
	}
	return strings.Replace(name, "_dns_udp_", "_dns_tcp_", 1)
}

// bendRoute makes a route too narrow, or wider than it needs to be.
func (m *maker) bendRoute() string {
	r := m.ofType("/route:Route")
	if r == nil || netip.MustParsePrefix(r.Text("destinationCidrBlock")).Bits() > 24 {
		return ""
	}
	was := r.Text("destinationCidrBlock")
	p := netip.MustParsePrefix(was)
	now := pick(m, []netip.Prefix{
		netip.PrefixFrom(p.Addr(), p.Bits()+1), netip.PrefixFrom(inSubnet(p, 128), p.Bits()+8), netip.PrefixFrom(p.Addr(), 12).Masked(),
		netip.PrefixFrom(netip.AddrFrom4([4]byte{p.Addr().As4()[0], p.Addr().As4()[1], 1, 0}), 24),
	}).Masked()
	if m.taken(r, now) {
		return ""
	}
	r.Inputs["destinationCidrBlock"] = now.String()
	return fmt.Sprintf("%s to %s instead of %s", r.Name, now, was)
}

// taken reports whether the table of a route has another to a prefix.
func (m *maker) taken(route *manifest.Resource, p netip.Prefix) bool {
	for i := range m.w.Manifest.Resources {
		r := &m.w.Manifest.Resources[i]
		if r.Type == route.Type && r.Text("destinationCidrBlock") == p.String() &&
			r.Text("routeTableId") == route.Text("routeTableId") && r.Text("transitGatewayRouteTableId") == route.Text("transitGatewayRouteTableId") {
			return true
		}
	}
	return !p.IsValid() || p.Bits() > 30
}

// inHub is a prefix that holds the endpoints of a hub, or nothing.
func (m *maker) inHub() netip.Prefix {
	for _, v := range m.vpcs {
		if !v.azure && (len(m.hubs) == 0 || m.hubs[0].vpc == v) {
			return pick(m, []netip.Prefix{v.cidr, pick(m, v.subnets).cidr})
		}
	}
	return prefix("10.1.0.0/16")
}

// strayRoute adds a more specific route that leads the same way as another of its table.
func (m *maker) strayRoute() string {
	r := m.ofType("ec2/route:Route")
	if r == nil {
		return ""
	}
	p := m.inHub()
	if m.chance(40) {
		p = pick(m, pick(m, m.vpcs).subnets).cidr
	}
	inputs := map[string]any{"routeTableId": r.Inputs["routeTableId"], "destinationCidrBlock": p.String()}
	for _, field := range []string{"vpcPeeringConnectionId", "transitGatewayId", "networkInterfaceId"} {
		if r.Has(field) {
			inputs[field] = r.Inputs[field]
		}
	}
	if m.taken(r, p) || m.local(r, p) {
		return ""
	}
	provider, after := r.Provider, r.DependsOn
	name := fmt.Sprintf("stray_%d", len(m.w.Manifest.Resources))
	m.add(r.Type, name, provider, inputs)
	m.last().DependsOn = after
	return fmt.Sprintf("%s: %v to %s as %s", name, inputs["routeTableId"], p, r.Name)
}

// local reports whether a prefix lies in the network of a route's table: the clouds refuse such a
// route, or let it lead to a subnet's appliance only.
func (m *maker) local(route *manifest.Resource, p netip.Prefix) bool {
	for _, v := range m.vpcs {
		for _, t := range v.tables {
			if t.id == route.Text("routeTableId") && v.cidr.Overlaps(p) {
				return true
			}
		}
	}
	return false
}

// strayTransit adds a route to a transit gateway's table: a black hole, or one that leads elsewhere.
func (m *maker) strayTransit() string {
	r := m.ofType("ec2transitgateway/routeTable:RouteTable")
	if r == nil {
		return ""
	}
	gateway := r.Text("transitGatewayId")
	p := m.inHub()
	if m.chance(30) && len(m.sites) > 0 {
		p = pick(m, m.sites).cidr
	}
	name := fmt.Sprintf("stray_%d", len(m.w.Manifest.Resources))
	inputs := map[string]any{"transitGatewayRouteTableId": "${" + r.Name + ".id}", "destinationCidrBlock": p.String(), "blackhole": true}
	if m.taken(&manifest.Resource{Type: transitGateway + "route:Route", Inputs: inputs}, p) {
		return ""
	}
	if m.chance(55) {
		delete(inputs, "blackhole")
		var attachments []string
		for _, x := range m.w.Manifest.Resources {
			if (strings.HasSuffix(x.Type, ":VpcAttachment") || strings.HasSuffix(x.Type, ":PeeringAttachment")) && (x.Inputs["transitGatewayId"] == gateway || x.Inputs["peerTransitGatewayId"] == gateway) {
				attachments = append(attachments, "${"+x.Name+".id}")
			}
		}
		if len(attachments) == 0 {
			return ""
		}
		inputs["transitGatewayAttachmentId"] = pick(m, attachments)
	}
	m.add(transitGateway+"route:Route", name, r.Provider, inputs)
	return fmt.Sprintf("%s: %s to %s: %v %v", name, r.Name, p, inputs["transitGatewayAttachmentId"], inputs["blackhole"])
}

// circle lets two transit gateways send a prefix to each other.
func (m *maker) circle() string {
	r := m.ofType(":PeeringAttachment")
	if r == nil {
		return ""
	}
	p := pick(m, pick(m, m.vpcs).subnets).cidr
	for _, t := range m.tgws {
		m.static(t, p, "${"+r.Name+".id}")
	}
	return fmt.Sprintf("both transit gateways send %s to each other", p)
}

// wrongTable joins an attachment or a subnet to another table.
func (m *maker) wrongTable() string {
	r := m.ofType(":RouteTableAssociation")
	if r == nil {
		return ""
	}
	field := "routeTableId"
	if r.Has("transitGatewayRouteTableId") {
		field = "transitGatewayRouteTableId"
	}
	if r.Has("subnetId") && m.sharesAttachment(r.Text("subnetId")) {
		return ""
	}
	was := r.Text(field)
	var others []string
	for _, v := range m.vpcs {
		others = append(others, siblings(v.tables, was)...)
	}
	for _, t := range m.tgws {
		others = append(others, siblings(t.tables, was)...)
	}
	if len(others) == 0 {
		return ""
	}
	r.Inputs[field] = pick(m, others)
	return fmt.Sprintf("%s with %s", r.Name, r.Inputs[field])
}

// sharesAttachment reports whether a subnet is one of several of an attachment. They keep one table:
// which of them a packet arrives in is a question of zones, of which neither side knows.
func (m *maker) sharesAttachment(subnet string) bool {
	return slices.ContainsFunc(m.w.Manifest.Resources, func(r manifest.Resource) bool {
		return strings.HasSuffix(r.Type, ":VpcAttachment") && len(r.List("subnetIds")) > 1 && slices.Contains(r.List("subnetIds"), any(subnet))
	})
}

func siblings(tables []*table, id string) (others []string) {
	found := false
	for _, t := range tables {
		if t.id == id {
			found = true
		} else {
			others = append(others, t.id)
		}
	}
	if !found {
		return nil
	}
	return others
}

// detourPeering takes a peering's routes to the hub through a third network, which passes nothing on.
func (m *maker) detourPeering() string {
	if len(m.vpcs) < 3 || len(m.hubs) == 0 {
		return ""
	}
	hub, middle, from := m.hubs[0].vpc, m.vpcs[1], m.vpcs[2]
	if middle.azure || from.azure || middle == hub || from == hub {
		return ""
	}
	m.peer(from, middle)
	peering := m.peering(from, middle)
	if peering == "" {
		return ""
	}
	m.turn(from, hub.cidr, peering)
	return fmt.Sprintf("%s reaches %s through %s", from.key, hub.key, middle.key)
}

// unplug takes a site's connection away.
func (m *maker) unplug() string {
	if len(m.sites) == 0 {
		return ""
	}
	s := pick(m, m.sites)
	if s.at != nil && s.at.azure && m.has("routes_"+s.at.key) {
		return "" // which lead to its gateway
	}
	m.w.Declared.Connections = slices.DeleteFunc(m.w.Declared.Connections, func(c plan.Connection) bool { return c.A.Node == s.key })
	m.w.settleDeclared()
	return s.key + " has no connection"
}
