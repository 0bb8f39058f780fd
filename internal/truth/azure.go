package truth

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/schema"
)

const (
	subscription = "00000000-0000-0000-0000-000000000001"
	azureNative  = "azure-native:network:"
)

// azure makes the Azure half of a world: a network with a private endpoint, its peers, and a site.
func (m *maker) azure() {
	provider, cloud, place := m.provider("azure", subscription, "japan"), schema.AzurePublic, "japaneast"
	if m.chance(25) {
		cloud, place = "usgovernment", "usgovvirginia"
		m.w.resource(provider).Inputs["environment"] = cloud
	}
	group := m.add("azure-native:resources:ResourceGroup", "group", provider, map[string]any{"resourceGroupName": "truth", "location": place})
	group = strings.Replace(group, ".id}", ".name}", 1)
	hub := m.vnet(provider, group, place)
	peers := []*vpc{}
	for range m.Intn(3) {
		v := m.vnet(provider, group, place)
		if hub.existing && v.existing && m.chance(60) {
			m.peeredThere(hub, v)
		} else {
			m.peerVNets(hub, v)
		}
		peers = append(peers, v)
	}
	h := &vhub{vpc: hub, provider: provider, cloud: cloud, place: place, group: group, peers: peers, gateway: hub}
	if m.chance(65) {
		m.azureSite(h)
	}
	m.azureGates(h)
	m.monitor(h)
	if m.chance(35) {
		m.arc(h)
	}
	if cloud == schema.AzurePublic && m.chance(35) {
		m.datadog(h)
	}
}

// vhub is the Azure network that holds the endpoint.
type vhub struct {
	vpc      *vpc
	provider string
	cloud    string
	place    string // its region
	group    string
	peers    []*vpc
	site     *site
	resolver netip.Addr
	// gateway is the network in which a site's VPN ends: the hub, or a peer whose gateway the hub uses.
	gateway *vpc
}

// vnet makes a network of one or two subnets, created or existing.
func (m *maker) vnet(provider, group, place string) *vpc {
	n := 100 + len(m.vpcs)
	v := &vpc{
		key: fmt.Sprintf("v%d", n), number: n, cidr: prefix("10.%d.0.0/16", n), azure: true, provider: provider, existing: m.chance(40),
		group: group, name: fmt.Sprintf("vnet-%d", n),
	}
	declared := plan.Network{Name: v.key, Origin: origin("networks", v.key)}
	if v.existing {
		v.group, v.id = "rg-net", "/subscriptions/"+subscription+"/resourceGroups/rg-net/providers/Microsoft.Network/virtualNetworks/"+v.name
		declared.Ref, declared.CIDRs, declared.DNSAttributes = plan.Ref{Existing: v.id}, []netip.Prefix{v.cidr}, true
	} else {
		v.id = m.add(azureNative+"VirtualNetwork", "vnet_"+v.key, provider, map[string]any{
			"resourceGroupName": v.group, "virtualNetworkName": v.name, "location": place,
			"addressSpace": map[string]any{"addressPrefixes": []any{v.cidr.String()}},
		})
		declared.Ref = plan.Ref{Part: "vnet_" + v.key}
	}
	for i := range 1 + m.Intn(2) {
		s := &subnet{key: fmt.Sprintf("s%d", i), cidr: prefix("10.%d.%d.0/24", n, i)}
		at := plan.Subnet{Name: s.key, Origin: origin("networks", v.key, "subnets", s.key)}
		if v.existing && i > 0 && m.chance(50) {
			s.id, at.CIDR = v.id+"/subnets/"+s.key, s.cidr
			at.Ref = plan.Ref{Existing: s.id}
		} else {
			name := "subnet_" + v.key + "_" + s.key
			s.id = m.add(azureNative+"Subnet", name, provider, map[string]any{
				"resourceGroupName": v.group, "virtualNetworkName": m.vnetName(v), "subnetName": s.key, "addressPrefix": s.cidr.String(),
				"privateEndpointNetworkPolicies": "Disabled",
			})
			at.Ref = plan.Ref{Part: name}
		}
		v.subnets, declared.Subnets = append(v.subnets, s), append(declared.Subnets, at)
	}
	m.vpcs, m.w.Declared.Networks = append(m.vpcs, v), append(m.w.Declared.Networks, declared)
	return v
}

func (m *maker) vnetName(v *vpc) string {
	if v.existing {
		return v.name
	}
	return "${vnet_" + v.key + ".name}"
}

// peerVNets makes both halves of a peering.
func (m *maker) peerVNets(a, b *vpc) {
	m.peered[a.key+b.key], m.peered[b.key+a.key] = true, true
	for _, half := range [][2]*vpc{{a, b}, {b, a}} {
		name := half[0].key + "_" + half[1].key
		m.add(azureNative+"VirtualNetworkPeering", "vnetpeering_"+name, half[0].provider, map[string]any{
			"resourceGroupName": half[0].group, "virtualNetworkName": m.vnetName(half[0]), "virtualNetworkPeeringName": name,
			"remoteVirtualNetwork": map[string]any{"id": half[1].id}, "allowVirtualNetworkAccess": true, "allowForwardedTraffic": m.chance(50),
		})
	}
}

// shareGateway lets a network use the gateway of its peer.
func (m *maker) shareGateway(has, uses *vpc) {
	for i := range m.w.Declared.Connections {
		c := &m.w.Declared.Connections[i]
		if c.Kind == plan.KindPeering && c.A.Node == has.key && c.B.Node == uses.key {
			c.A.Transit = true
			return
		}
		if c.Kind == plan.KindPeering && c.B.Node == has.key && c.A.Node == uses.key {
			c.B.Transit = true
			return
		}
	}
	m.w.resource("vnetpeering_" + has.key + "_" + uses.key).Inputs["allowGatewayTransit"] = true
	m.w.resource("vnetpeering_" + uses.key + "_" + has.key).Inputs["useRemoteGateways"] = true
}

// azureSite connects a site to the hub or to a peer of it, by VPN or a gateway host that translates, and now and then
// lets it ask a resolver there.
func (m *maker) azureSite(h *vhub) {
	n := len(m.sites) + 1
	wireGuard := m.chance(50)
	if len(h.peers) > 0 && !wireGuard && m.chance(60) {
		h.gateway = pick(m, h.peers)
		m.shareGateway(h.gateway, h.vpc)
	}
	for _, v := range h.peers {
		if h.gateway == h.vpc && !wireGuard && m.chance(50) {
			m.shareGateway(h.vpc, v)
		}
	}
	s := &site{key: fmt.Sprintf("site%d", n), cidr: prefix("172.16.%d.0/24", n), at: h.gateway, kind: plan.KindVPN}
	s.seen = s.cidr
	c := plan.Connection{
		A: plan.End{Node: s.key, Allowed: []netip.Prefix{h.vpc.cidr}, Origin: origin("sites", s.key, "existing")},
		B: plan.End{Node: h.gateway.key, Allowed: []netip.Prefix{s.cidr}, Origin: origin("sites", s.key, "existing")},
	}
	if wireGuard {
		s.kind = plan.KindWireGuard
		c.B.Gateway, c.B.SNAT, c.B.Interface = inSubnet(h.vpc.subnets[0].cidr, 240), m.chance(70), "nic-"+s.key
		if c.B.SNAT {
			s.seen = netip.PrefixFrom(c.B.Gateway, 32)
		} else {
			m.userRoutes(h, s, c.B.Gateway)
		}
	}
	c.Kind = s.kind
	var device *plan.Device
	if wireGuard || m.chance(50) {
		m.connect(c)
	} else {
		device = m.azureVPN(h, s)
	}
	dns := plan.DNS{Mode: plan.DNSExported, Origin: origin("sites", s.key)}
	if m.chance(40) {
		m.azureResolver(h)
		dns = plan.DNS{Mode: plan.DNSPublic, Origin: origin("sites", s.key, "dns"), Forwards: []plan.Forward{{
			Domain: schema.AzureMonitor().In(h.cloud).Zones[0].Forwards[0], Servers: []netip.Addr{h.resolver}, Origin: origin("sites", s.key, "dns.forward"),
		}}}
	}
	m.w.Declared.Sites = append(m.w.Declared.Sites, plan.Site{Name: s.key, CIDRs: []netip.Prefix{s.cidr}, Device: device, DNS: dns, Origin: origin("sites", s.key)})
	m.sites, h.site = append(m.sites, s), s
}

// userRoutes leads back to a gateway host; the endpoint's subnet must look at them.
func (m *maker) userRoutes(h *vhub, s *site, gateway netip.Addr) {
	id := m.add(azureNative+"RouteTable", "routes_"+h.vpc.key, h.provider, map[string]any{
		"resourceGroupName": h.group, "routeTableName": "routes", "location": h.place,
		"routes": []any{map[string]any{"name": "site", "addressPrefix": s.cidr.String(), "nextHopType": "VirtualAppliance", "nextHopIpAddress": gateway.String()}},
	})
	for _, x := range h.vpc.subnets {
		if r := m.subnetResource(h.vpc, x); r != nil {
			r.Inputs["routeTable"], r.Inputs["privateEndpointNetworkPolicies"] = map[string]any{"id": id}, pick(m, []string{"Enabled", "RouteTableEnabled", "Disabled"})
		}
	}
}

// azureResolver puts an inbound endpoint into the hub's last subnet.
func (m *maker) azureResolver(h *vhub) {
	s := h.vpc.subnets[len(h.vpc.subnets)-1]
	h.resolver = inSubnet(s.cidr, 250)
	if r := m.subnetResource(h.vpc, s); r != nil {
		r.Inputs["delegations"] = []any{map[string]any{"name": "dns", "serviceName": "Microsoft.Network/dnsResolvers"}}
	}
	m.add(azureNative+"DnsResolver", "dnsresolver", h.provider, map[string]any{
		"resourceGroupName": h.group, "dnsResolverName": "resolver", "location": h.place, "virtualNetwork": map[string]any{"id": h.vpc.id},
	})
	m.add(azureNative+"InboundEndpoint", "inbound", h.provider, map[string]any{
		"resourceGroupName": h.group, "dnsResolverName": "${dnsresolver.name}", "inboundEndpointName": "inbound", "location": h.place,
		"ipConfigurations": []any{map[string]any{"subnet": map[string]any{"id": s.id}, "privateIpAddress": h.resolver.String(), "privateIpAllocationMethod": "Static"}},
	})
}

// azureGates puts network security groups before the endpoint's subnet, which looks at it or not, and
// before a client's.
func (m *maker) azureGates(h *vhub) {
	if !m.chance(50) {
		return
	}
	rules := []any{}
	allow := func(i int, from netip.Prefix) {
		rules = append(rules, map[string]any{
			"name": fmt.Sprintf("allow%d", i), "priority": 200 + i, "direction": "Inbound", "access": "Allow", "protocol": "Tcp",
			"sourceAddressPrefix": from.String(), "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": "443",
		})
	}
	for i, v := range append([]*vpc{h.vpc}, h.peers...) {
		allow(i, v.cidr)
	}
	if h.site != nil {
		allow(50, h.site.seen)
	}
	rules = append(rules, map[string]any{
		"name": "rest", "priority": 4000, "direction": "Inbound", "access": "Deny", "protocol": "*",
		"sourceAddressPrefix": "*", "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": pick(m, []string{"*", "22", "400-500"}),
	})
	id := m.add(azureNative+"NetworkSecurityGroup", "nsg_"+h.vpc.key, h.provider, map[string]any{
		"resourceGroupName": h.group, "networkSecurityGroupName": "nsg", "location": h.place, "securityRules": rules,
	})
	if r := m.subnetResource(h.vpc, h.vpc.subnets[0]); r != nil {
		r.Inputs["networkSecurityGroup"] = map[string]any{"id": id}
		if !r.Has("routeTable") {
			r.Inputs["privateEndpointNetworkPolicies"] = pick(m, []string{"Enabled", "NetworkSecurityGroupEnabled", "Disabled"})
		}
	}
}

// subnetResource is the resource of a created subnet, or nil.
func (m *maker) subnetResource(v *vpc, s *subnet) *manifest.Resource {
	return m.w.resource("subnet_" + v.key + "_" + s.key)
}
