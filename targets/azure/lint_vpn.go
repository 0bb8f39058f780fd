package azure

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/schema"
)

// vpnRules are the traps of VPN gateways.
var vpnRules = []manifest.Rule{
	{Name: "azure-gateway-subnet", Source: "about-vpn-gateway-settings: a subnet of that name, /27 or larger, nothing else in it, no NSG", AsOf: "2026", Check: lintGatewaySubnet},
	{Name: "azure-gateway-zones", Source: "Azure/ResourceModules#2609: VmssVpnGatewayPublicIpsMustHaveZonesConfigured; Standard and Static since Basic went", AsOf: "2026-03", Check: lintGatewayAddress},
	{Name: "azure-table-policies", Source: "disable-private-endpoint-network-policy: a table counts for private endpoints with policies only", AsOf: "2024", Check: lintTablePolicies},
	{Name: "azure-vpn-secret", Source: "DESIGN §5.12; a connection without key is made and never comes up (recalled)", AsOf: "2026-11", Check: lintSharedKey},
	{Name: "azure-vpn-bgp", Source: "vpn-gateway-bgp-overview: on at the connection, the gateway and the local network gateway", AsOf: "2026-11", Check: lintVPNBGP},
	{Name: "azure-gateway-used", Source: "ARM: ReferencedResourceNotProvisioned while a gateway is being made (recalled)", AsOf: "2026-11", Check: lintGatewayUsed},
}

// gatewayConfigurations are the IP configurations of every VPN gateway.
func gatewayConfigurations(v *manifest.View, each func(r *manifest.Resource, configuration map[string]any)) {
	for _, r := range v.OfType(gatewayType) {
		for _, value := range r.List("ipConfigurations") {
			fields, _ := value.(map[string]any)
			each(r, fields)
		}
	}
}

func lintGatewaySubnet(v *manifest.View, report manifest.Report) {
	gatewayConfigurations(v, func(r *manifest.Resource, fields map[string]any) {
		subnet := v.Referred(inner(fields, "subnet", "id"))
		if subnet == nil {
			if id, _ := inner(fields, "subnet", "id").(string); !strings.HasSuffix(id, "/subnets/"+gatewaySubnet) {
				report(r, "ipConfigurations", "are not in a subnet called %s", gatewaySubnet)
			}
			return
		}
		if subnet.Text("subnetName") != gatewaySubnet {
			report(subnet, "subnetName", "is not %s, and %s stands in it", gatewaySubnet, r.Name)
		}
		if subnet.Has("networkSecurityGroup") || subnet.Has("delegations") {
			report(subnet, "", "has a security group or a delegation, and %s stands in it", r.Name)
		}
		if p, err := netip.ParsePrefix(subnet.Text("addressPrefix")); err == nil && p.Bits() > smallestGatewaySubnet {
			report(subnet, "addressPrefix", "is a /%d, and holds %s, which takes /%d", p.Bits(), r.Name, smallestGatewaySubnet)
		}
	})
}

func lintGatewayAddress(v *manifest.View, report manifest.Report) {
	gatewayConfigurations(v, func(r *manifest.Resource, fields map[string]any) {
		address := v.Referred(inner(fields, "publicIPAddress", "id"))
		if address == nil {
			return
		}
		if inner(address.Inputs, "sku", "name") != "Standard" || address.Text("publicIPAllocationMethod") != "Static" {
			report(address, "sku", "is not Standard, or its address not Static")
		}
		size, _ := inner(r.Inputs, "sku", "name").(string)
		hasZones := len(address.List("zones")) > 0 || slices.Contains(schema.Azure().WithoutZones, plainLocation(address.Text("location")))
		if strings.HasSuffix(size, "AZ") && !hasZones {
			report(address, "zones", "are not given, and %s is a %s", r.Name, size)
		}
	})
}

func lintTablePolicies(v *manifest.View, report manifest.Report) {
	for _, r := range v.OfType(subnetType) {
		if r.Has("routeTable") && !policies[r.Text("privateEndpointNetworkPolicies")].table {
			report(r, "privateEndpointNetworkPolicies", "keep the table's routes from private endpoints")
		}
	}
}

func lintSharedKey(v *manifest.View, report manifest.Report) {
	for _, r := range v.OfType(connectionType) {
		if !strings.HasPrefix(r.Text("sharedKey"), "${secret:") {
			report(r, "sharedKey", "is not a reference to a secret of the stack")
		}
	}
}

func lintVPNBGP(v *manifest.View, report manifest.Report) {
	for _, r := range v.OfType(connectionType) {
		gateway, device := v.Referred(inner(r.Inputs, "virtualNetworkGateway1", "id")), v.Referred(inner(r.Inputs, "localNetworkGateway2", "id"))
		on := r.Inputs["enableBgp"] == true
		if device != nil && device.Has("bgpSettings") != on || gateway != nil && on && gateway.Inputs["enableBgp"] != true {
			report(r, "enableBgp", "is not what its two ends say")
		}
	}
}

// lintGatewayUsed wants peerings that share a network's gateway after that gateway.
func lintGatewayUsed(v *manifest.View, report manifest.Report) {
	gateways := map[string]string{} // by VNet
	gatewayConfigurations(v, func(r *manifest.Resource, fields map[string]any) {
		if subnet := v.Referred(inner(fields, "subnet", "id")); subnet != nil {
			gateways[vnetOf(v, subnet)] = r.Name
		}
	})
	for _, r := range v.OfType(peeringType) {
		vnet := vnetOf(v, r)
		if r.Inputs["useRemoteGateways"] == true {
			vnet = remoteOf(v, r)
		} else if r.Inputs["allowGatewayTransit"] != true {
			continue
		}
		if gateway := gateways[vnet]; gateway != "" && !slices.Contains(r.DependsOn, gateway) {
			report(r, "", "does not wait for %s, which it shares", gateway)
		}
	}
}
