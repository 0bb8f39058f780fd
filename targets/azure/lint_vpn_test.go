package azure

import (
	"testing"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/manifest/linttest"
)

func TestLintVPNs(t *testing.T) {
	const (
		subnet, address, gateway = "subnet_osaka_gateway", "publicip_osaka", "vpngateway_osaka"
		named, speaks            = "vpnconnection_named", "vpnconnection_speaks"
		peering                  = "vnetpeering_osaka_japan"
	)
	type resource = *manifest.Resource
	linttest.Try(t, recorded, vpnRules, func(spoil linttest.Spoil) {
		spoil("a subnet of another name", "azure-gateway-subnet", subnet, func(r resource) { r.Inputs["subnetName"] = "gateway" })
		spoil("a subnet that is too small", "azure-gateway-subnet", subnet, func(r resource) { r.Inputs["addressPrefix"] = "192.168.2.160/28" })
		spoil("a security group before it", "azure-gateway-subnet", subnet, func(r resource) { r.Inputs["networkSecurityGroup"] = map[string]any{"id": "/x"} })
		spoil("an existing subnet of another name", "azure-gateway-subnet", gateway, func(r resource) {
			r.List("ipConfigurations")[0].(map[string]any)["subnet"] = map[string]any{"id": "/subscriptions/s/subnets/gateway"}
		})
		spoil("an existing subnet", "", gateway, func(r resource) {
			r.List("ipConfigurations")[0].(map[string]any)["subnet"] = map[string]any{"id": "/subscriptions/s/subnets/GatewaySubnet"}
		})
		spoil("an address without zones", "azure-gateway-zones", address, func(r resource) { delete(r.Inputs, "zones") })
		spoil("a region without zones", "", address, func(r resource) { delete(r.Inputs, "zones"); r.Inputs["location"] = "westus" })
		spoil("an address that may change", "azure-gateway-zones", address, func(r resource) { r.Inputs["publicIPAllocationMethod"] = "Dynamic" })
		spoil("a table that endpoints do not use", "azure-table-policies", "subnet_osaka_dns", func(r resource) { r.Inputs["privateEndpointNetworkPolicies"] = "NetworkSecurityGroupEnabled" })
		spoil("a key in clear", "azure-vpn-secret", named, func(r resource) { r.Inputs["sharedKey"] = "k" })
		spoil("no key", "azure-vpn-secret", named, func(r resource) { delete(r.Inputs, "sharedKey") })
		spoil("a device without BGP", "azure-vpn-bgp", "localgateway_speaks", func(r resource) { delete(r.Inputs, "bgpSettings") })
		spoil("a connection without the BGP of its device", "azure-vpn-bgp", speaks, func(r resource) { r.Inputs["enableBgp"] = false })
		spoil("a gateway that is not there yet", "azure-gateway-used", peering, func(r resource) { r.Inputs["allowGatewayTransit"] = true })
		spoil("a gateway that it waits for", "", peering, func(r resource) {
			r.Inputs["allowGatewayTransit"], r.DependsOn = true, append(r.DependsOn, gateway)
		})
	})
}
