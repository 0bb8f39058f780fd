package topologytest

import "fmt"

// vpn joins a site to a VPC by an IPsec VPN, static or with BGP, at a gateway that the network's sites share.
func (m *maker) vpn(site, network string) {
	v := m.d.At("sites", site, "vpn")
	v["network"], v["preSharedKey"] = network, map[string]any{"secret": site + "-psk"}
	v["device"] = map[string]any{"address": fmt.Sprintf("198.41.0.%d", m.rooms)}
	if m.rooms%2 == 0 {
		v["asn"] = 65000 + m.rooms
	}
	m.d.At("networks", network, "vpnGateway")
}

// azureEnd lets some sites of VNets have a VPN in place of what they have, and some WireGuard hosts be looked up
// and let in. It draws nothing, so that other seeds stay as they were.
func (m *maker) azureEnd(site, network string) {
	subscription := m.d.text("accounts", m.d.text("networks", network, "account"), "azure", "subscription")
	if subscription == "" {
		return
	}
	there := m.d.Has("networks", network, "existing")
	object := func(kind, name string) string {
		return "/subscriptions/" + subscription + "/resourceGroups/rg-" + network + "/providers/Microsoft.Network/" + kind + "/" + name
	}
	s := m.d.At("sites", site)
	switch w, wireGuard := s["wireguard"].(map[string]any); {
	case m.rooms%3 == 0:
		delete(s, "wireguard")
		delete(s, "existing")
		m.vpn(site, network)
		if v := m.d.At("sites", site, "vpn"); v["asn"] != nil {
			v["bgpAddress"] = fmt.Sprintf("172.16.%d.1", m.rooms)
		}
		gateway := m.d.At("networks", network, "vpnGateway")
		if there {
			gateway["existing"] = object("virtualNetworkGateways", "gateway")
		} else if gateway["subnet"] == nil {
			gateway["subnet"] = "gateway"
			m.d.At("networks", network, "subnets")["gateway"] = map[string]any{"cidr": fmt.Sprintf("10.%d.254.0/27", m.second(network)), "endpoints": false}
		}
	case wireGuard && there && m.rooms%2 == 0:
		gateway := w["gateway"].(map[string]any)
		gateway["interface"], gateway["securityGroup"] = object("networkInterfaces", "host"), object("networkSecurityGroups", "host")
		gateway["priority"], w["peerAddress"] = 1000+m.rooms, fmt.Sprintf("198.41.0.%d", m.rooms)
	}
}
