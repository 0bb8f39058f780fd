package truth

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/plan"
)

// aimed are defects on the way of a client that something was meant for, so that each way to fail is
// seen often enough.
var aimed = []func(*maker) string{
	(*maker).blackholeTransit, (*maker).blackholeTransit, (*maker).blackholeTransit, (*maker).blackholeTransit, (*maker).blackholeTransit,
	(*maker).unaccepted, (*maker).unaccepted, (*maker).unplug, (*maker).noTable, (*maker).noTable, (*maker).noTable, (*maker).noTable, (*maker).noTable, (*maker).noTable, (*maker).behindPeering,
	(*maker).behindPeering, (*maker).behindPeering, (*maker).behindPeering, (*maker).behindPeering, (*maker).behindPeering, (*maker).behindPeering, (*maker).roundInCircles, (*maker).roundInCircles, (*maker).roundInCircles, (*maker).roundInCircles,
	(*maker).roundInCircles, (*maker).roundInCircles, (*maker).roundInCircles, (*maker).roundInCircles, (*maker).overlap, (*maker).overlap, (*maker).narrowTunnel,
	(*maker).narrowTunnel, (*maker).narrowTunnel, (*maker).vpnStatic, (*maker).vpnStatic, (*maker).vpnStatic, (*maker).vpnStatic, (*maker).otherTunnel, (*maker).otherTunnel,
	(*maker).otherTunnel, (*maker).otherTunnel, (*maker).otherTunnel, (*maker).otherTunnel,
	(*maker).clientACL, (*maker).clientACL, (*maker).clientACL, (*maker).clientACL, (*maker).clientACL, (*maker).clientACL, (*maker).serverACL,
	(*maker).serverACL, (*maker).serverACL, (*maker).serverACL, (*maker).serverACL, (*maker).serverACL, (*maker).noWayBack,
	(*maker).clientACL, (*maker).clientACL, (*maker).emptyZone, (*maker).clientEgress, (*maker).otherEndpoint,
}

// client picks a network that is a client of a hub, and the hub; nil where there is none.
func (m *maker) client() (*vpc, *hub) {
	if len(m.hubs) == 0 {
		return nil, nil
	}
	h := pick(m, m.hubs)
	if len(h.peers) == 0 {
		return nil, nil
	}
	return pick(m, h.peers), h
}

// transitOf is the router that a network is attached to, or nil.
func (m *maker) transitOf(v *vpc) (*router, attached) {
	for _, t := range m.tgws {
		for _, a := range t.attached {
			if a.v == v {
				return t, a
			}
		}
	}
	return nil, attached{}
}

func (m *maker) blackholeTransit() string {
	v, h := m.client()
	if v == nil {
		return ""
	}
	t, a := m.transitOf(v)
	if t == nil {
		return ""
	}
	name := "blackhole_" + a.table.name
	p := pick(m, []netip.Prefix{h.vpc.cidr, pick(m, h.vpc.subnets).cidr, prefix("10.0.0.0/8")})
	inputs := map[string]any{"transitGatewayRouteTableId": a.table.id, "destinationCidrBlock": p.String(), "blackhole": true}
	if m.has(name) || m.taken(&manifestResource{Type: transitGateway + "route:Route", Inputs: inputs}, p) {
		return ""
	}
	m.add(transitGateway+"route:Route", name, t.provider, inputs)
	return fmt.Sprintf("%s of %s drops %s", a.table.name, t.name, p)
}

// unaccepted leaves a client's peering with the hub unaccepted.
func (m *maker) unaccepted() string {
	v, h := m.client()
	if v == nil {
		return ""
	}
	name := strings.NewReplacer("${peering_", "peeringaccepter_", ".id}", "").Replace(m.peering(v, h.vpc))
	if !m.has(name) {
		return ""
	}
	if m.chance(50) {
		m.w.resource(name).Inputs["autoAccept"] = false
		return name + " does not accept"
	}
	m.w.remove(name)
	return "without " + name
}

// noTable takes the table away in which the packets of a client, or the answers of a hub, are looked up.
func (m *maker) noTable() string {
	v, h := m.client()
	if v == nil {
		return ""
	}
	v = pick(m, []*vpc{v, v, h.vpc})
	t, _ := m.transitOf(v)
	name := ""
	if t != nil {
		name = "association_" + t.name + "_" + v.key
	}
	if !m.has(name) {
		return ""
	}
	m.w.remove(name)
	return "without " + name
}

// behindPeering leads a client's packets through a third network, or a site's through a network that
// is peered with the hub.
func (m *maker) behindPeering() string {
	v, h := m.client()
	if v == nil || m.attachedBoth(v, h.vpc) {
		return ""
	}
	for _, s := range m.sites {
		if s.at == v && s.kind == plan.KindWireGuard && m.chance(50) {
			c := m.connection(s)
			if c.B.SNAT {
				c.B.SNAT = false
				m.route(h.vpc, s.cidr, "vpcPeeringConnectionId", m.peering(v, h.vpc))
				m.admit(h, s.key, s.cidr)
				return s.key + " reaches " + h.vpc.key + " through " + v.key
			}
		}
	}
	for _, middle := range m.vpcs {
		if middle == v || middle == h.vpc || middle.azure || m.attachedBoth(middle, v) || m.attachedBoth(middle, h.vpc) {
			continue
		}
		m.peer(v, middle)
		m.peer(middle, h.vpc)
		m.turn(v, h.vpc.cidr, m.peering(v, middle))
		return fmt.Sprintf("%s reaches %s through %s", v.key, h.vpc.key, middle.key)
	}
	return ""
}

// peering is the id of the peering of two networks, which may have been there before.
func (m *maker) peering(a, b *vpc) string {
	for _, pair := range []string{a.key + "_" + b.key, b.key + "_" + a.key} {
		name := "peering_" + pair
		if m.has(name) {
			return "${" + name + ".id}"
		}
		for _, c := range m.w.Declared.Connections {
			if c.Name == name {
				return c.A.Interface
			}
		}
	}
	return ""
}

// turn leads a network's routes to a prefix over another peering.
func (m *maker) turn(v *vpc, to netip.Prefix, peering string) {
	for i := range m.w.Manifest.Resources {
		r := &m.w.Manifest.Resources[i]
		ofTable := func(t *table) bool { return t.id == r.Text("routeTableId") }
		if r.Type == "aws:ec2/route:Route" && r.Text("destinationCidrBlock") == to.String() && slices.ContainsFunc(v.tables, ofTable) {
			delete(r.Inputs, "transitGatewayId")
			r.Inputs["vpcPeeringConnectionId"], r.DependsOn = peering, nil
		}
	}
}

// roundInCircles lets two transit gateways send the endpoints, or a client, to each other.
func (m *maker) roundInCircles() string {
	v, h := m.client()
	if v == nil || len(m.tgws) < 2 || !m.attachedBoth(v, h.vpc) || !m.has("tgwpeering") {
		return ""
	}
	to := pick(m, []*vpc{h.vpc, h.vpc, v})
	for _, s := range to.subnets {
		for _, t := range m.tgws {
			m.static(t, s.cidr, "${tgwpeering.id}")
		}
	}
	return fmt.Sprintf("both transit gateways send %s to each other", to.key)
}

// overlap gives a client the hub's addresses too.
func (m *maker) overlap() string {
	if len(m.hubs) == 0 {
		return ""
	}
	h := pick(m, m.hubs)
	if v, _ := m.client(); v != nil && v.existing && v != h.vpc && m.chance(50) {
		n := m.declared(v)
		n.CIDRs = append(slices.Clone(n.CIDRs), pick(m, []netip.Prefix{h.vpc.cidr, h.vpc.subnets[0].cidr}))
		return fmt.Sprintf("%s has %s too", v.key, n.CIDRs[1])
	}
	if len(h.sites) == 0 {
		return ""
	}
	s := m.declaredSite(pick(m, h.sites))
	s.CIDRs = append(slices.Clone(s.CIDRs), pick(m, []netip.Prefix{h.vpc.cidr, h.vpc.subnets[0].cidr, prefix("10.0.0.0/8")}))
	return fmt.Sprintf("%s has %s too", s.Name, s.CIDRs[1])
}

// narrowTunnel takes the other side's addresses out of what an end of a site's connection carries.
func (m *maker) narrowTunnel() string {
	if len(m.hubs) == 0 || len(m.hubs[0].sites) == 0 {
		return ""
	}
	c := m.connection(pick(m, m.hubs[0].sites))
	e := pick(m, []*plan.End{&c.A, &c.B, &c.B})
	if e == &c.B && c.Kind == plan.KindAttachment {
		e = &c.A
	}
	e.Allowed = []netip.Prefix{pick(m, []netip.Prefix{prefix("10.251.0.0/16"), prefix("172.16.0.0/32"), prefix("10.1.200.0/24")})}
	return fmt.Sprintf("%s at %s allows %v", c.Name, e.Node, e.Allowed)
}

// vpnStatic gives a VPN a static route back and takes the site out of what its gateway sends.
func (m *maker) vpnStatic() string {
	if len(m.hubs) == 0 {
		return ""
	}
	for _, s := range m.hubs[0].sites {
		if s.kind != plan.KindVPN {
			continue
		}
		c := m.connection(s)
		c.B.Interface = "vpngw-" + s.key // the VPC has no other way to name one of several
		m.route(s.at, s.cidr, "gatewayId", c.B.Interface)
		if m.chance(80) {
			c.B.Allowed = []netip.Prefix{prefix("172.31.0.0/16")}
		}
		return fmt.Sprintf("%s has a static route, and its gateway sends %v", c.Name, c.B.Allowed)
	}
	return ""
}

// otherTunnel lets answers come back over a second tunnel of the site, which does not carry them. One
// that does is left out: whether a site's gateways let in what another of them sent out is theirs to say.
func (m *maker) otherTunnel() string {
	for _, s := range m.sites {
		if s.kind != plan.KindWireGuard || s.at.azure || s.seen != s.cidr {
			continue
		}
		c := *m.connection(s)
		c.Name, c.B.Interface = c.Name+"_b", c.B.Interface+"b"
		c.B.Gateway = inSubnet(pick(m, s.at.subnets).cidr, 9)
		elsewhere := []netip.Prefix{prefix("10.251.0.0/16")}
		if c.A.Allowed, c.B.Allowed = elsewhere, slices.Clone(c.B.Allowed); m.chance(20) {
			c.A.Allowed, c.B.Allowed = []netip.Prefix{prefix("10.0.0.0/8")}, elsewhere
		}
		m.w.Declared.Connections = append(m.w.Declared.Connections, c)
		for i := range m.w.Manifest.Resources {
			if r := &m.w.Manifest.Resources[i]; r.Inputs["networkInterfaceId"] == "eni-"+s.key {
				r.Inputs["networkInterfaceId"] = c.B.Interface
			}
		}
		return fmt.Sprintf("answers to %s leave by %s, which carries %v and %v", s.key, c.Name, c.A.Allowed, c.B.Allowed)
	}
	return ""
}

// clientACL puts a network ACL before a client's hosts that lacks something.
func (m *maker) clientACL() string {
	v, _ := m.client()
	if v == nil {
		return ""
	}
	return m.lameACL(v, []string{"_true_100", "_false_200"})
}

func (m *maker) serverACL() string {
	_, h := m.client()
	if h == nil {
		return ""
	}
	return m.lameACL(h.vpc, []string{"_true_100", "_false_100"})
}

// lameACL puts an ACL before a subnet and takes one of some rules out.
func (m *maker) lameACL(v *vpc, lacking []string) string {
	s := pick(m, v.subnets)
	if !m.aclOf(v, s) {
		return ""
	}
	name := "acl_" + v.key + "_" + s.key
	if m.has(name) {
		drop := pick(m, lacking)
		m.w.remove("aclrule_" + name + drop)
		if drop == "_false_200" { // which is TCP's; the graph's rules know no protocol
			m.w.remove("aclrule_" + name + "_false_201")
		}
		return "without aclrule_" + name + drop
	}
	everyone := prefix("0.0.0.0/0")
	for i := range m.w.Declared.Filters {
		f := &m.w.Declared.Filters[i]
		if f.Name != name {
			continue
		}
		switch m.Intn(4) {
		case 0:
			f.Egress = []plan.Rule{{Prefix: everyone, Ports: [2]int{1024, 65535}, Origin: f.Origin}}
		case 1:
			f.Egress = []plan.Rule{{Prefix: everyone, Ports: [2]int{0, 1023}, Origin: f.Origin}}
		case 2:
			f.Ingress = []plan.Rule{{Prefix: everyone, Ports: [2]int{0, 1023}, Origin: f.Origin}}
		default:
			f.Ingress = []plan.Rule{{Prefix: everyone, Ports: [2]int{1024, 65535}, Origin: f.Origin}}
		}
		return fmt.Sprintf("%s in %s out %s", f.Name, rules(f.Ingress), rules(f.Egress))
	}
	return ""
}

// noWayBack takes a hub's route to a client.
func (m *maker) noWayBack() string {
	v, h := m.client()
	if v == nil {
		return ""
	}
	name := "route_" + h.vpc.key + "_" + pick(m, h.vpc.tables).name + "_" + slug(v.cidr)
	if !m.has(name) {
		return ""
	}
	m.w.remove(name)
	return "without " + name
}

// emptyZone hides a name from a client behind a zone of exactly that name without records.
func (m *maker) emptyZone() string {
	v, _ := m.client()
	if v == nil || len(m.w.Names) == 0 {
		return ""
	}
	n := pick(m, m.w.Names)
	if strings.HasSuffix(n.FQDN, "azure.com") || strings.HasSuffix(n.FQDN, "azure.us") || m.claimedIn(v, n.FQDN) {
		return ""
	}
	m.see(v, n.FQDN)
	m.add("aws:route53/zone:Zone", "empty_"+v.key, v.provider, map[string]any{
		"name": n.FQDN, "vpcs": []any{map[string]any{"vpcId": v.id, "vpcRegion": v.region}},
	})
	return fmt.Sprintf("empty zone %s in %s", n.FQDN, v.key)
}

// clientEgress keeps a client's servers in.
func (m *maker) clientEgress() string {
	v, h := m.client()
	if v == nil {
		return ""
	}
	if v = pick(m, []*vpc{v, v, h.vpc}); len(m.declared(v).Clients) > 0 || v.ruled {
		return ""
	}
	m.clientGroup(v)
	return m.bendEgress()
}

// otherEndpoint lets a name be answered with another endpoint's address.
func (m *maker) otherEndpoint() string { return m.strayRecord() }
