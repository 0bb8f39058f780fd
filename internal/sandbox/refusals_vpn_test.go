package sandbox

// vpnProvocations provoke the rows of refusals_vpn.go.
var vpnProvocations = []provocation{
	{"aws-customer-not-found", func(l lab) error {
		v := l.vpn()
		return fails(v.try(vpnToken, "other", v.inputs(props{"customerGatewayId": "cgw-0"})))
	}},
	{"aws-customer-in-use", func(l lab) error { v := l.vpn(); return v.remove(v.device) }},
	{"aws-customer-asns", func(l lab) error {
		return fails(l.us().try(customerToken, "d", props{"type": "ipsec.1", "ipAddress": "203.0.113.1", "bgpAsn": "65010", "bgpAsnExtended": "4200000000"}))
	}},
	{"aws-customer-address", func(l lab) error { return fails(l.us().try(customerToken, "d", props{"type": "ipsec.1"})) }},
	{"aws-vpn-gateway-not-found", func(l lab) error {
		v := l.vpn()
		return fails(v.try(vpnToken, "other", v.inputs(props{"vpnGatewayId": "vgw-0"})))
	}},
	{"aws-vpn-gateway-attached", func(l lab) error {
		v := l.vpn()
		return fails(v.try(vpnGatewayToken, "second", props{"vpcId": v.vpc.id}))
	}},
	{"aws-vpn-gateway-in-use", func(l lab) error { v := l.vpn(); return v.hub.remove(v.gateway) }},
	{"aws-vpn-gateway-elsewhere", func(l lab) error {
		v := l.vpn()
		other := v.create(vpcToken, "other", props{"cidrBlock": "10.1.0.0/16"})
		return fails(v.try(learningToken, "p", props{"vpnGatewayId": v.gateway.id, "routeTableId": other.str("mainRouteTableId")}))
	}},
	{"aws-vpn-not-found", func(l lab) error {
		return fails(l.us().try(vpnRouteToken, "r", props{"vpnConnectionId": "vpn-0", "destinationCidrBlock": "172.16.0.0/24"}))
	}},
	{"aws-vpn-ends", func(l lab) error {
		v := l.vpn()
		return fails(v.try(vpnToken, "other", props{"type": "ipsec.1", "customerGatewayId": v.device.id}))
	}},
	{"aws-vpn-key", func(l lab) error {
		v := l.vpn()
		return fails(v.try(vpnToken, "other", v.inputs(props{"tunnel1PresharedKey": "0short"})))
	}},
	{"aws-vpn-not-static", func(l lab) error {
		v := l.vpn()
		return fails(v.try(vpnRouteToken, "r", props{"vpnConnectionId": v.bgp.id, "destinationCidrBlock": "172.16.0.0/24"}))
	}},
	{"aws-instance-not-found", func(l lab) error {
		_, err := l.us().invoke("aws:ec2/getInstance:getInstance", props{"filters": list(props{"name": "network-interface.network-interface-id", "values": list("eni-0")})})
		return err
	}},
}

// vpn is a hub with a VPN gateway and a device whose VPN speaks BGP.
type vpn struct {
	hub
	gateway, device, bgp thing
}

func (l lab) vpn() vpn {
	v := vpn{hub: l.hub()}
	v.gateway = v.create(vpnGatewayToken, "hub", props{"vpcId": v.vpc.id})
	v.device = v.create(customerToken, "home", props{"type": "ipsec.1", "ipAddress": "203.0.113.1", "bgpAsn": "65010"})
	v.bgp = v.create(vpnToken, "home", v.inputs(nil))
	return v
}

func (v vpn) inputs(more props) props {
	return merged(props{"type": "ipsec.1", "customerGatewayId": v.device.id, "vpnGatewayId": v.gateway.id}, more)
}
