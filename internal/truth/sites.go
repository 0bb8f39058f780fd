package truth

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/obslink/obslink/compiler/plan"
)

// site is an on-prem location while the world is made.
type site struct {
	key  string
	cidr netip.Prefix
	// at is where its connection ends: a network, or a router.
	at     *vpc
	router *router
	kind   string
	// seen is what networks see as its source; behind a gateway that translates, the gateway.
	seen netip.Prefix
}

// site makes a site and connects it to a network or a router.
func (m *maker) site() {
	n := len(m.sites) + 1
	s := &site{key: fmt.Sprintf("site%d", n), cidr: prefix("172.16.%d.0/24", n)}
	s.seen = s.cidr
	node := plan.Site{Name: s.key, CIDRs: []netip.Prefix{s.cidr}, DNS: plan.DNS{Mode: plan.DNSExported, Origin: origin("sites", s.key)}, Origin: origin("sites", s.key)}
	switch kind := m.Intn(10); {
	case kind < 2 && len(m.tgws) > 0 && !m.tgws[0].standard:
		m.uplinkToRouter(s)
	case kind < 4:
		m.vpn(s)
	case kind < 6 && m.inAWS(m.vpcs[0]):
		m.ipsec(s, &node)
	default:
		m.wireguard(s)
	}
	m.w.Declared.Sites = append(m.w.Declared.Sites, node)
	m.sites = append(m.sites, s)
}

// home is where a site's connection ends: mostly the network that will hold the endpoints.
func (m *maker) home() *vpc {
	if m.chance(70) {
		return m.vpcs[0]
	}
	return pick(m, m.vpcs)
}

func (m *maker) wireguard(s *site) {
	s.kind, s.at = plan.KindWireGuard, m.home()
	in := pick(m, s.at.subnets)
	at := origin("sites", s.key, "wireguard")
	gateway := inSubnet(in.cidr, 4+len(m.sites))
	snat := m.chance(40)
	if !m.inAWS(s.at) {
		snat = true // a route back to the gateway would have to be Azure's
	}
	nic := "eni-" + s.key
	m.connect(plan.Connection{
		Kind: s.kind,
		A:    plan.End{Node: s.key, Allowed: []netip.Prefix{s.at.cidr}, Origin: at},
		B: plan.End{
			Node: s.at.key, Gateway: gateway, Interface: nic, SNAT: snat, Allowed: []netip.Prefix{s.cidr},
			Origin: origin("sites", s.key, "wireguard.gateway"),
		},
	})
	if snat {
		s.seen = netip.PrefixFrom(gateway, 32)
		return
	}
	m.route(s.at, s.cidr, "networkInterfaceId", nic)
}

func (m *maker) inAWS(v *vpc) bool { return !v.azure }

// vpn joins a site to a network's own gateway; half of them say what the site sends into it.
func (m *maker) vpn(s *site) {
	s.kind, s.at = plan.KindVPN, m.home()
	c := plan.Connection{
		Kind: s.kind, A: plan.End{Node: s.key, Origin: origin("sites", s.key, "existing")},
		B: plan.End{Node: s.at.key, Allowed: []netip.Prefix{s.cidr}, Origin: origin("sites", s.key, "existing")},
	}
	if m.chance(50) {
		c.A.Allowed = []netip.Prefix{s.at.cidr}
	}
	m.connect(c)
}

// ipsec joins a site by a VPN that the stack makes: to the first network's VPN gateway, which several sites
// share, with static routes or with BGP, and with routes that the network's tables learn from it.
func (m *maker) ipsec(s *site, node *plan.Site) {
	v := m.vpcs[0]
	s.kind, s.at = "ipsec", v
	device := fmt.Sprintf("203.0.113.%d", len(m.sites)+1)
	node.Device = &plan.Device{Address: device, Carries: []netip.Prefix{v.cidr}, Origin: origin("sites", s.key, "vpn")}
	gateway, name := "${vpngateway_"+v.key+".id}", "vpngateway_"+v.key
	if !m.has(name) {
		m.add("aws:ec2/vpnGateway:VpnGateway", name, v.provider, map[string]any{"vpcId": v.id})
		for _, t := range v.tables {
			m.add("aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation", "vpnpropagation_"+v.key+"_"+t.name, v.provider, map[string]any{
				"vpnGatewayId": gateway, "routeTableId": t.id,
			})
		}
	}
	customer := m.add("aws:ec2/customerGateway:CustomerGateway", "customergateway_"+s.key, v.provider, map[string]any{
		"bgpAsn": "65000", "ipAddress": device, "type": "ipsec.1",
	})
	static := m.chance(50)
	vpn := m.add("aws:ec2/vpnConnection:VpnConnection", "vpnconnection_"+s.key, v.provider, map[string]any{
		"customerGatewayId": customer, "vpnGatewayId": gateway, "staticRoutesOnly": static, "type": "ipsec.1",
	})
	if static {
		m.add("aws:ec2/vpnConnectionRoute:VpnConnectionRoute", "vpnroute_"+s.key, v.provider, map[string]any{
			"vpnConnectionId": vpn, "destinationCidrBlock": s.cidr.String(),
		})
	}
}

// uplinkToRouter attaches a site to a router, which has a route to it.
func (m *maker) uplinkToRouter(s *site) {
	s.kind, s.router = plan.KindAttachment, m.tgws[0]
	table := pick(m, s.router.tables)
	c := plan.Connection{
		Kind: s.kind, A: plan.End{Node: s.key, Origin: origin("sites", s.key, "existing")},
		B: plan.End{Node: s.router.name, Table: table.name, Interface: "tgw-attach-" + s.key, Origin: origin("sites", s.key, "existing")},
	}
	for _, a := range s.router.attached {
		c.A.Allowed = append(c.A.Allowed, a.v.cidr)
		m.route(a.v, s.cidr, "transitGatewayId", s.router.id)
	}
	m.connect(c)
	m.static(s.router, s.cidr, c.B.Interface)
}

func (m *maker) connect(c plan.Connection) {
	c.Name, c.Existing, c.Origin = "site_"+c.A.Node, true, origin("sites", c.A.Node)
	m.w.Declared.Connections = append(m.w.Declared.Connections, c)
}

// connection is the declared connection of a site.
func (m *maker) connection(s *site) *plan.Connection {
	i := slices.IndexFunc(m.w.Declared.Connections, func(c plan.Connection) bool { return c.A.Node == s.key })
	if i < 0 {
		return &plan.Connection{} // it was taken away: what is done to it does nothing
	}
	return &m.w.Declared.Connections[i]
}

// declaredSite is the declared site of a key.
func (m *maker) declaredSite(s *site) *plan.Site {
	i := slices.IndexFunc(m.w.Declared.Sites, func(x plan.Site) bool { return x.Name == s.key })
	return &m.w.Declared.Sites[i]
}

// reach makes sure, as far as its connection can, that a site's packets get to a hub: what the site
// sends into its connection includes the hub, and what lies between has routes.
func (m *maker) reach(s *site, h *vpc) bool {
	c := m.connection(s)
	if s.at == h {
		return true
	}
	if d := m.declaredSite(s).Device; d != nil && !slices.Contains(d.Carries, h.cidr) {
		d.Carries = append(d.Carries, h.cidr)
	}
	if c.A.Allowed != nil && !slices.Contains(c.A.Allowed, h.cidr) {
		c.A.Allowed = append(c.A.Allowed, h.cidr)
	}
	if s.at == nil {
		return true
	}
	m.meet(s.at, h)
	return m.peered[s.at.key+h.key] || m.attachedBoth(s.at, h)
}

// meet joins two networks if nothing does yet.
func (m *maker) meet(a, b *vpc) {
	if a != b && !m.attachedBoth(a, b) {
		m.peer(a, b)
	}
}

// attachedBoth reports whether routers lead from one network to the other.
func (m *maker) attachedBoth(a, b *vpc) bool {
	has := func(v *vpc) bool {
		return slices.ContainsFunc(m.tgws, func(t *router) bool {
			return slices.ContainsFunc(t.attached, func(x attached) bool { return x.v == v })
		})
	}
	return has(a) && has(b)
}
