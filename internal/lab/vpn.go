package lab

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/manifest"
)

// vpnTypes are the clouds' own IPsec gateways. No IPsec is spoken: a plain cable between the site and the
// network stands in for the encrypted tunnels, so what is shown is which packets go in and come out.
func vpnTypes() []resourceType {
	const labels = "virtualNetworkGatewayName localNetworkGatewayName virtualNetworkGatewayConnectionName sku"
	return []resourceType{
		{"aws:ec2/customerGateway:CustomerGateway", "ipAddress", "type bgpAsn bgpAsnExtended", before, (*reader).customerGateway},
		{"aws:ec2/vpnGateway:VpnGateway", "vpcId", "amazonSideAsn", before, (*reader).vpnGateway},
		{"aws:ec2/vpnConnection:VpnConnection", "customerGatewayId vpnGatewayId transitGatewayId staticRoutesOnly", "type tunnel1PresharedKey tunnel2PresharedKey", after, (*reader).vpnConnection},
		{"aws:ec2/vpnConnectionRoute:VpnConnectionRoute", "vpnConnectionId destinationCidrBlock", "", after, (*reader).vpnConnectionRoute},
		{"aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation", "routeTableId vpnGatewayId", "", last, (*reader).vpnPropagation},
		{"azure-native:network:VirtualNetworkGateway", "gatewayType vpnType ipConfigurations enableBgp", labels + " bgpSettings", before, (*reader).azureGateway},
		{"azure-native:network:LocalNetworkGateway", "gatewayIpAddress fqdn localNetworkAddressSpace bgpSettings", labels, before, (*reader).localGateway},
		{"azure-native:network:VirtualNetworkGatewayConnection", "connectionType virtualNetworkGateway1 localNetworkGateway2 enableBgp", labels + " connectionProtocol sharedKey", after, (*reader).azureConnection},
	}
}

// device is a site's end of IPsec tunnels as a cloud knows it. The rest is Azure's: what it routes without BGP,
// whether there is BGP, and whether what it routes holds the address that the device speaks BGP with.
type device struct {
	site     *site
	prefixes []netip.Prefix
	speaks   bool
	heard    bool
}

// vpnEnd is a network's VPN gateway.
type vpnEnd struct {
	network *network
	speaks  bool
}

// siteAt is the site whose device has a public address or name.
func (r *reader) siteAt(res *manifest.Resource, addresses ...string) *site {
	for _, s := range r.bp.sites {
		if s.device != "" && slices.Contains(addresses, s.device) {
			return s
		}
	}
	r.fail("%s %s: %v is the device of no site", res.Type, res.Name, addresses)
	return nil
}

func (r *reader) customerGateway(res *manifest.Resource) {
	if s := r.siteAt(res, res.Text("ipAddress")); s != nil {
		add(r.devices, &device{site: s}, res.Name)
	}
}

func (r *reader) vpnGateway(res *manifest.Resource) {
	if n := find(r, r.networks, res, "VPC", res.Inputs["vpcId"]); n != nil {
		add(r.vpnEnds, &vpnEnd{network: n, speaks: true}, res.Name)
	}
}

// existingVPNEnds are gateways that are there already: what the look-ups expect of them is so.
func (r *reader) existingVPNEnds() {
	for _, a := range r.view.Assumptions {
		vpc, _ := a.Expected["attachedVpcId"].(string)
		gateway, _ := a.Args["id"].(string)
		if n := r.networks[id(vpc)]; n != nil && gateway != "" {
			add(r.vpnEnds, &vpnEnd{network: n, speaks: true}, gateway)
		}
		configurations, _ := a.Expected["ipConfigurations"].([]any)
		for _, value := range configurations {
			fields, _ := value.(map[string]any)
			subnet, _ := fields["subnet"].(map[string]any)
			text, _ := subnet["id"].(string)
			vnet, _, _ := strings.Cut(id(text), "/subnets/")
			name, _ := a.Args["virtualNetworkGatewayName"].(string)
			group, _ := a.Args["resourceGroupName"].(string)
			if n := r.networks[vnet]; n != nil && name != "" {
				subscription, _, _ := strings.Cut(vnet, "/resourcegroups/")
				add(r.vpnEnds, &vpnEnd{network: n, speaks: a.Expected["enableBgp"] == true}, subscription+"/resourceGroups/"+group+"/providers/Microsoft.Network/virtualNetworkGateways/"+name)
			}
		}
	}
}

// vpnConnection leads to a network's hosts, or is an attachment of a transit gateway, which joins the default
// table whether it is asked for or not. Without BGP nothing is propagated.
func (r *reader) vpnConnection(res *manifest.Resource) {
	d := find(r, r.devices, res, "customer gateway", res.Inputs["customerGatewayId"])
	if d == nil {
		return
	}
	static := boolean(res, "staticRoutesOnly", false)
	l := &link{name: res.Name, a: end{node: d.site, allowed: d.site.carries}, static: static}
	if !res.Has("transitGatewayId") {
		g := find(r, r.vpnEnds, res, "VPN gateway", res.Inputs["vpnGatewayId"])
		if g == nil {
			return
		}
		l.b = end{node: g.network, allowed: []netip.Prefix{}}
		if !static {
			l.b.allowed = d.site.cidrs
		}
		r.join(l, res.Name)
		return
	}
	t := find(r, r.routers, res, "transit gateway", res.Inputs["transitGatewayId"])
	if t == nil {
		return
	}
	l.b = end{node: t}
	gateway := r.view.Referred(res.Inputs["transitGatewayId"])
	if gateway != nil && gateway.Text("defaultRouteTableAssociation") != "disable" {
		l.b.arrive = t.standard
	}
	if gateway != nil && gateway.Text("defaultRouteTablePropagation") != "disable" {
		r.propagate(l, t.standard)
	}
	r.join(l, res.Name)
}

func (r *reader) vpnConnectionRoute(res *manifest.Resource) {
	l := find(r, r.links, res, "VPN", res.Inputs["vpnConnectionId"])
	if l == nil {
		return
	}
	if _, toNetwork := l.b.node.(*network); !toNetwork || !l.static {
		r.fail("%s %s: the VPN takes no static routes", res.Type, res.Name)
		return
	}
	l.b.allowed = append(l.b.allowed, r.prefix(res, res.Inputs["destinationCidrBlock"]))
}

// vpnPropagation gives a table the routes of its network's VPN gateway.
func (r *reader) vpnPropagation(res *manifest.Resource) {
	t := find(r, r.tables, res, "route table", res.Inputs["routeTableId"])
	g := find(r, r.vpnEnds, res, "VPN gateway", res.Inputs["vpnGatewayId"])
	if t == nil || g == nil {
		return
	}
	if r.owner[t] != g.network {
		r.fail("%s %s: the route table is of another network than the VPN gateway", res.Type, res.Name)
		return
	}
	for _, l := range r.bp.links {
		if _, isSite := l.a.node.(*site); !isSite || l.b.node != node(g.network) || l.b.propagates {
			continue
		}
		for _, p := range l.b.allowed {
			t.routes = append(t.routes, route{to: p.Masked(), target: l, propagated: true})
		}
	}
}

// azureGateway stands in the one subnet that Azure takes for it.
func (r *reader) azureGateway(res *manifest.Resource) {
	if res.Text("gatewayType") != "Vpn" || res.Text("vpnType") != "RouteBased" {
		r.fail("%s %s: the lab builds route-based VPN gateways only", res.Type, res.Name)
		return
	}
	for _, value := range res.List("ipConfigurations") {
		fields, _ := value.(map[string]any)
		of, _ := fields["subnet"].(map[string]any)
		s := find(r, r.subnets, res, "subnet", of["id"])
		if s == nil {
			continue
		}
		if made := r.view.Referred(of["id"]); made != nil && made.Text("subnetName") != "GatewaySubnet" {
			r.fail("%s %s: subnet %s is not called GatewaySubnet", res.Type, res.Name, s.name)
		}
		add(r.vpnEnds, &vpnEnd{network: s.network, speaks: boolean(res, "enableBgp", false)}, res.Name)
	}
}

func (r *reader) localGateway(res *manifest.Resource) {
	s := r.siteAt(res, res.Text("gatewayIpAddress"), res.Text("fqdn"))
	if s == nil {
		return
	}
	d := &device{site: s, prefixes: []netip.Prefix{}, speaks: res.Has("bgpSettings")}
	peer := inObject(res, "bgpSettings", "bgpPeeringAddress")
	space, _ := res.Object("localNetworkAddressSpace")["addressPrefixes"].([]any)
	for _, value := range space {
		d.prefixes = append(d.prefixes, r.prefix(res, value))
		d.heard = d.heard || peer != nil && r.prefix(res, value).Contains(r.address(res, peer))
	}
	add(r.devices, d, res.Name)
}

// azureConnection is routed in every table of the network. Over BGP the device announces its site.
func (r *reader) azureConnection(res *manifest.Resource) {
	g := find(r, r.vpnEnds, res, "VPN gateway", inObject(res, "virtualNetworkGateway1", "id"))
	d := find(r, r.devices, res, "local network gateway", inObject(res, "localNetworkGateway2", "id"))
	if g == nil || d == nil {
		return
	}
	speaks := boolean(res, "enableBgp", false)
	if res.Text("connectionType") != "IPsec" || speaks && (!g.speaks || !d.speaks) {
		r.fail("%s %s: not an IPsec connection, or BGP at one of its ends only", res.Type, res.Name)
		return
	}
	b := end{node: g.network, allowed: d.prefixes, propagates: true}
	switch {
	case speaks && d.heard:
		b.allowed = d.site.cidrs
	case speaks: // the gateway knows no way to the device's BGP
		b.allowed = []netip.Prefix{}
	}
	r.join(&link{name: res.Name, a: end{node: d.site, allowed: d.site.carries}, b: b}, res.Name)
}
