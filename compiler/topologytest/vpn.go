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
