package truth

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
)

// peeredThere declares a peering of two VNets that was there before.
func (m *maker) peeredThere(a, b *vpc) {
	m.peered[a.key+b.key], m.peered[b.key+a.key] = true, true
	at := origin("links", a.key+"_"+b.key, "via.peering.existing")
	m.w.Declared.Connections = append(m.w.Declared.Connections, plan.Connection{
		Name: "vnetpeering_" + a.key + "_" + b.key, Kind: plan.KindPeering, Existing: true, Origin: at,
		A: plan.End{Node: a.key, Origin: at}, B: plan.End{Node: b.key, Origin: at},
	})
}

// azureVPN joins a site to a VPN gateway, static or with BGP, by an IPsec connection of the stack's own.
func (m *maker) azureVPN(h *vhub, s *site) *plan.Device {
	speaks, v := m.chance(50), s.at
	in := func(more map[string]any) map[string]any {
		more["resourceGroupName"], more["location"] = v.group, "japaneast"
		return more
	}
	address := fmt.Sprintf("203.0.113.%d", 100+len(m.sites))
	local := map[string]any{"localNetworkGatewayName": s.key, "gatewayIpAddress": address, "localNetworkAddressSpace": map[string]any{"addressPrefixes": []any{s.cidr.String()}}}
	if speaks {
		peer := inSubnet(s.cidr, 1).String()
		local["localNetworkAddressSpace"] = map[string]any{"addressPrefixes": []any{peer + "/32"}}
		local["bgpSettings"] = map[string]any{"asn": 65010, "bgpPeeringAddress": peer}
	}
	device := m.add(azureNative+"LocalNetworkGateway", "localgateway_"+s.key, v.provider, in(local))
	m.add(azureNative+"VirtualNetworkGatewayConnection", "vpnconnection_"+s.key, v.provider, in(map[string]any{
		"virtualNetworkGatewayConnectionName": s.key, "connectionType": "IPsec", "enableBgp": speaks, "sharedKey": "${secret:" + s.key + "}",
		"virtualNetworkGateway1": map[string]any{"id": m.azureGateway(v, speaks)}, "localNetworkGateway2": map[string]any{"id": device},
	}))
	return &plan.Device{Address: address, Carries: []netip.Prefix{h.vpc.cidr}, Origin: origin("sites", s.key, "vpn")}
}

// azureGateway is the VPN gateway of a VNet: there already in an existing one, else new in a subnet of its own.
func (m *maker) azureGateway(v *vpc, speaks bool) string {
	if v.existing {
		m.w.Manifest.Assumptions = append(m.w.Manifest.Assumptions, manifest.Assumption{
			Function: azureNative + "getVirtualNetworkGateway", Provider: v.provider, Args: map[string]any{"resourceGroupName": v.group, "virtualNetworkGatewayName": "gateway"},
			Expected: map[string]any{"gatewayType": "Vpn", "vpnType": "RouteBased", "enableBgp": speaks,
				"ipConfigurations": []any{map[string]any{"subnet": map[string]any{"id": v.id + "/subnets/GatewaySubnet"}}}},
		})
		return v.id[:strings.LastIndex(v.id, "/virtualNetworks/")] + "/virtualNetworkGateways/gateway"
	}
	subnet := m.add(azureNative+"Subnet", "subnet_"+v.key+"_gateway", v.provider, map[string]any{
		"resourceGroupName": v.group, "virtualNetworkName": m.vnetName(v), "subnetName": "GatewaySubnet", "addressPrefix": fmt.Sprintf("10.%d.250.0/27", v.number),
	})
	address := m.add(azureNative+"PublicIPAddress", "publicip_"+v.key, v.provider, map[string]any{
		"resourceGroupName": v.group, "publicIpAddressName": "gateway", "location": "japaneast", "sku": map[string]any{"name": "Standard"},
		"publicIPAllocationMethod": "Static", "zones": []any{"1", "2", "3"},
	})
	return m.add(azureNative+"VirtualNetworkGateway", "vpngateway_"+v.key, v.provider, map[string]any{
		"resourceGroupName": v.group, "virtualNetworkGatewayName": "gateway", "location": "japaneast", "gatewayType": "Vpn", "vpnType": "RouteBased",
		"sku": map[string]any{"name": "VpnGw1AZ", "tier": "VpnGw1AZ"}, "enableBgp": speaks,
		"ipConfigurations": []any{map[string]any{"name": "default", "subnet": map[string]any{"id": subnet}, "publicIPAddress": map[string]any{"id": address}}},
	})
}
