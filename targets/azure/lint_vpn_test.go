package azure

import (
	"testing"

	"github.com/obslink/obslink/compiler/manifest"
)

func TestLintVPNs(t *testing.T) {
	const (
		subnet, address, gateway = "subnet_osaka_gateway", "publicip_osaka", "vpngateway_osaka"
		named, speaks            = "vpnconnection_named", "vpnconnection_speaks"
		peering                  = "vnetpeering_osaka_japan"
	)
	type resource = *manifest.Resource
	tryRules(t, recorded, vpnRules, []lintCase{
		{"a subnet of another name", "azure-gateway-subnet", subnet, func(r resource) { r.Inputs["subnetName"] = "gateway" }},
		{"a subnet that is too small", "azure-gateway-subnet", subnet, func(r resource) { r.Inputs["addressPrefix"] = "192.168.2.160/28" }},
		{"a security group before it", "azure-gateway-subnet", subnet, func(r resource) { r.Inputs["networkSecurityGroup"] = map[string]any{"id": "/x"} }},
		{"an existing subnet of another name", "azure-gateway-subnet", gateway, func(r resource) {
			r.List("ipConfigurations")[0].(map[string]any)["subnet"] = map[string]any{"id": "/subscriptions/s/subnets/gateway"}
		}},
		{"an existing subnet", "", gateway, func(r resource) {
			r.List("ipConfigurations")[0].(map[string]any)["subnet"] = map[string]any{"id": "/subscriptions/s/subnets/GatewaySubnet"}
		}},
		{"an address without zones", "azure-gateway-zones", address, func(r resource) { delete(r.Inputs, "zones") }},
		{"a region without zones", "", address, func(r resource) { delete(r.Inputs, "zones"); r.Inputs["location"] = "westus" }},
		{"an address that may change", "azure-gateway-zones", address, func(r resource) { r.Inputs["publicIPAllocationMethod"] = "Dynamic" }},
		{"a table that endpoints do not use", "azure-table-policies", "subnet_osaka_dns", func(r resource) { r.Inputs["privateEndpointNetworkPolicies"] = "NetworkSecurityGroupEnabled" }},
		{"a key in clear", "azure-vpn-secret", named, func(r resource) { r.Inputs["sharedKey"] = "k" }},
		{"no key", "azure-vpn-secret", named, func(r resource) { delete(r.Inputs, "sharedKey") }},
		{"a device without BGP", "azure-vpn-bgp", "localgateway_speaks", func(r resource) { delete(r.Inputs, "bgpSettings") }},
		{"a connection without the BGP of its device", "azure-vpn-bgp", speaks, func(r resource) { r.Inputs["enableBgp"] = false }},
		{"a gateway that is not there yet", "azure-gateway-used", peering, func(r resource) { r.Inputs["allowGatewayTransit"] = true }},
		{"a gateway that it waits for", "", peering, func(r resource) {
			r.Inputs["allowGatewayTransit"], r.DependsOn = true, append(r.DependsOn, gateway)
		}},
	})
}
