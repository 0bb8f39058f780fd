package deploy

import (
	"net/netip"

	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/targets/azure"
)

// joinVNets adds what joins the VNets of everyPart: both halves of a peering, after the subnets.
func joinVNets(p *azure.Parts) {
	group, osaka := created("resource-group_japan"), created("vnet_osaka")
	half := func(name string, in azure.In, vnet, remote plan.Ref, after ...string) azure.Peering {
		return azure.Peering{Part: part(azureProvider, name, 72), In: in, VNet: vnet, Remote: remote, After: after}
	}
	old := "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-old/providers/Microsoft.Network/virtualNetworks/vnet-old"
	p.ExistingVNets[0].Halves = []azure.ExistingHalf{
		{Name: "to-old", Remote: old, CIDRs: []netip.Prefix{prefix("10.9.0.0/16")}, Offers: true, Origin: at("links.old.via.peering.existing", 77)},
		{Remote: old + "er", CIDRs: []netip.Prefix{prefix("10.8.0.0/16")}, Uses: true, Origin: at("links.older.via.peering.existing", 78)},
		{Name: "obslink-prod-oldest", Made: true, Remote: old + "est", CIDRs: []netip.Prefix{prefix("10.7.0.0/16")}, Origin: at("links.oldest.via.peering", 79)},
	}
	p.RouteTables = []azure.RouteTable{{
		Part: part(azureProvider, "routetable_osaka", 71), In: azure.In{ResourceGroup: group, ResourceName: "obslink-prod-osaka"}, Location: "japanwest",
		Routes: []azure.Route{{ResourceName: "172-16-0-0-24", Destination: prefix("172.16.0.0/24"), NextHop: netip.MustParseAddr("192.168.2.5")}},
	}}
	p.Subnets[len(p.Subnets)-1].RouteTable = "routetable_osaka"
	join := azure.In{ResourceGroup: group, ResourceName: "obslink-prod-osaka"}
	p.Subnets = append(p.Subnets, azure.Subnet{
		Part: part(azureProvider, "subnet_osaka_gateway", 73), In: azure.In{ResourceGroup: group, ResourceName: "GatewaySubnet"}, VNet: osaka, CIDR: prefix("192.168.2.160/27"),
	})
	p.PublicIPs = []azure.PublicIP{{Part: part(azureProvider, "publicip_osaka", 73), In: join, Location: "japanwest", Zones: []string{"1", "2", "3"}}}
	p.ExistingGateways = []azure.ExistingGateway{{
		Provider: azureProvider, ResourceGroup: "rg-net", Name: "vgw-japan", VNet: vnetID, BGP: true, ASNs: []int64{65011}, Origin: at("networks.japan.vpnGateway", 74),
	}}
	p.VPNGateways = []azure.VPNGateway{{
		Part: part(azureProvider, "vpngateway_osaka", 73), In: join, Location: "japanwest", SKU: "VpnGw1AZ", Subnet: created("subnet_osaka_gateway"),
		PublicIP: "publicip_osaka", BGP: true, ASN: 65020, After: "subnet_osaka_gateway",
	}}
	device := func(name string, in azure.In) azure.In {
		return azure.In{ResourceGroup: in.ResourceGroup, ResourceName: in.ResourceName + "-" + name}
	}
	p.LocalGateways = []azure.LocalGateway{
		{Part: part(azureProvider, "localgateway_named", 75), In: device("named", join), Location: "japanwest", FQDN: "vpn.example.net", Prefixes: []netip.Prefix{prefix("172.16.8.0/24")}},
		{Part: part(azureProvider, "localgateway_speaks", 76), In: device("speaks", join), Location: "japanwest", Address: prefix("203.0.113.9/32").Addr(),
			Prefixes: []netip.Prefix{prefix("172.16.9.1/32")}, ASN: 65011, BGPAddress: prefix("172.16.9.1/32").Addr()},
	}
	p.VPNConnections = []azure.VPNConnection{
		{Part: part(azureProvider, "vpnconnection_named", 75), In: device("named", join), Location: "japanwest", Gateway: created("vpngateway_osaka"), LocalGateway: "localgateway_named", Secret: "home-psk"},
		{Part: part(azureProvider, "vpnconnection_speaks", 76), In: device("speaks", join), Location: "japaneast",
			Gateway:      existing("/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-net/providers/Microsoft.Network/virtualNetworkGateways/vgw-japan"),
			LocalGateway: "localgateway_speaks", BGP: true, Secret: "lab-psk"},
	}
	p.Peerings = []azure.Peering{
		half("vnetpeering_japan_osaka", azure.In{ResourceGroup: existing("rg-net"), ResourceName: "obslink-prod-osaka"}, existing("vnet-japan"), osaka,
			"subnet_japan_resolver", "subnet_osaka_gateway"),
		half("vnetpeering_osaka_japan", azure.In{ResourceGroup: group, ResourceName: "obslink-prod-japan"}, osaka, existing(vnetID), "vnetpeering_japan_osaka"),
	}
}
