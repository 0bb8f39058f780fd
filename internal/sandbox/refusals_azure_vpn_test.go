package sandbox

// gatewayProvocations provoke the rows of refusals_azure_vpn.go.
var gatewayProvocations = []provocation{
	{"azure-gateway-subnet", func(l lab) error {
		g := l.tunnels()
		return fails(g.try(vnetGatewayToken, "other", g.gatewayInputs("other", g.subnet, g.address)))
	}},
	{"azure-second-gateway", func(l lab) error {
		g := l.tunnels()
		more := g.create(publicIPToken, "more", publicIP("more"))
		return fails(g.try(vnetGatewayToken, "other", g.gatewayInputs("other", g.own, more)))
	}},
	{"azure-gateway-zones", func(l lab) error {
		g := l.tunnels()
		g.must(nil, g.remove(g.gateway))
		plain := g.create(publicIPToken, "plain", merged(publicIP("plain"), props{"zones": []any{}}))
		return fails(g.try(vnetGatewayToken, "other", g.gatewayInputs("other", g.own, plain)))
	}},
	{"azure-gateway-address", func(l lab) error {
		g := l.tunnels()
		g.must(nil, g.remove(g.gateway))
		moving := g.create(publicIPToken, "moving", merged(publicIP("moving"), props{"publicIPAllocationMethod": "Dynamic"}))
		return fails(g.try(vnetGatewayToken, "other", g.gatewayInputs("other", g.own, moving)))
	}},
	{"azure-public-ip-in-use", func(l lab) error { g := l.tunnels(); return g.remove(g.address) }},
	{"azure-gateway-in-use", func(l lab) error { g := l.tunnels(); g.connect("c", nil); return g.remove(g.gateway) }},
	{"azure-local-gateway-ends", func(l lab) error {
		return fails(l.site().try(localGatewayToken, "d", props{"resourceGroupName": "rg", "localNetworkGatewayName": "d"}))
	}},
	{"azure-asn-reserved", func(l lab) error {
		return fails(l.site().try(localGatewayToken, "d", device("d", props{"asn": 65515.0, "bgpPeeringAddress": "172.16.0.1"})))
	}},
	{"azure-bgp-address", func(l lab) error {
		return fails(l.site().try(localGatewayToken, "d", device("d", props{"asn": 65010.0})))
	}},
	{"azure-connection-twice", func(l lab) error {
		g := l.tunnels()
		g.connect("c", nil)
		return fails(g.try(connectionToken, "again", g.connection("again", nil)))
	}},
	{"azure-connection-bgp", func(l lab) error {
		g := l.tunnels()
		return fails(g.try(connectionToken, "c", g.connection("c", props{"enableBgp": true})))
	}},
	{"azure-connection-asn", func(l lab) error {
		g := l.tunnels()
		speaks := merged(g.gatewayInputs("gateway", g.own, g.address), props{"enableBgp": true, "bgpSettings": props{"asn": 65010.0}})
		if _, err := g.update(g.gateway, speaks); err != nil {
			return err
		}
		other := g.create(localGatewayToken, "speaks", device("speaks", props{"asn": 65010.0, "bgpPeeringAddress": "172.16.0.1"}))
		return fails(g.try(connectionToken, "c", g.connection("c", props{"enableBgp": true, "localNetworkGateway2": props{"id": other.id}})))
	}},
}

// tunnels is a VNet with a VPN gateway, and a site's device.
type tunnels struct {
	site
	own, address, gateway, device thing
}

func (l lab) tunnels() tunnels {
	g := tunnels{site: l.site()}
	g.own = g.create(vnetSubnetToken, "gateway", props{"resourceGroupName": "rg", "virtualNetworkName": "vnet", "subnetName": "GatewaySubnet", "addressPrefix": "192.168.2.0/27"})
	g.address = g.create(publicIPToken, "address", publicIP("address"))
	g.gateway = g.create(vnetGatewayToken, "gateway", g.gatewayInputs("gateway", g.own, g.address))
	g.device = g.create(localGatewayToken, "device", device("device", nil))
	return g
}

func publicIP(name string) props {
	return props{"resourceGroupName": "rg", "publicIpAddressName": name, "sku": props{"name": "Standard"}, "publicIPAllocationMethod": "Static", "zones": list("1", "2", "3")}
}

func (g tunnels) gatewayInputs(name string, subnet, address thing) props {
	return props{"resourceGroupName": "rg", "virtualNetworkGatewayName": name, "gatewayType": "Vpn", "vpnType": "RouteBased", "sku": props{"name": "VpnGw1AZ", "tier": "VpnGw1AZ"},
		"ipConfigurations": list(props{"name": "default", "subnet": props{"id": subnet.id}, "publicIPAddress": props{"id": address.id}})}
}

func device(name string, bgp props) props {
	in := props{"resourceGroupName": "rg", "localNetworkGatewayName": name, "gatewayIpAddress": "203.0.113.1", "localNetworkAddressSpace": props{"addressPrefixes": list("172.16.0.0/24")}}
	if bgp != nil {
		in["bgpSettings"] = bgp
	}
	return in
}

func (g tunnels) connection(name string, more props) props {
	return merged(props{"resourceGroupName": "rg", "virtualNetworkGatewayConnectionName": name, "connectionType": "IPsec", "sharedKey": "k",
		"virtualNetworkGateway1": props{"id": g.gateway.id}, "localNetworkGateway2": props{"id": g.device.id}}, more)
}

func (g tunnels) connect(name string, more props) {
	g.create(connectionToken, name, g.connection(name, more))
}
