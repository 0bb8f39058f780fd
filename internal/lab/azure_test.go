package lab

import (
	"net/netip"
	"testing"

	"github.com/obslink/obslink/compiler/plan"
)

const az = "azure-native:network:"

func (w *world) vnetOf(name, cidr, subnet string) *world {
	return w.add(az+"VirtualNetwork", name, in{"virtualNetworkName": name, "resourceGroupName": "rg", "addressSpace": in{"addressPrefixes": []any{cidr}}}).
		add(az+"Subnet", name+"_subnet", in{"resourceGroupName": "rg", "virtualNetworkName": "${" + name + ".name}", "subnetName": "s", "addressPrefix": subnet})
}

// vnets are two peered VNets with an endpoint in the first, whose zones both see.
func vnets(policy string) *world {
	w := newWorld().vnetOf("japan", "10.0.0.0/16", "10.0.1.0/24").vnetOf("osaka", "10.1.0.0/16", "10.1.1.0/24").
		add(az+"PrivateEndpoint", "endpoint", in{"resourceGroupName": "rg", "privateEndpointName": "e", "subnet": in{"id": "${japan_subnet.id}"}}).
		add(az+"PrivateZone", "zone", in{"resourceGroupName": "rg", "privateZoneName": "privatelink.example.net"}).
		add(az+"PrivateDnsZoneGroup", "group", in{"resourceGroupName": "rg", "privateEndpointName": "${endpoint.name}", "privateDnsZoneConfigs": []any{in{"name": "c", "privateDnsZoneId": "${zone.id}"}}}).
		name(api, "endpoint", "api.privatelink.example.net").name("elsewhere.example.net", "another", "elsewhere.privatelink.example.net").
		host("japan", "10.0.1.20").host("osaka", "10.1.1.20")
	for _, pair := range [][2]string{{"japan", "osaka"}, {"osaka", "japan"}} {
		w.add("azure-native:network/v20240601:VirtualNetworkLink", "link_"+pair[0], in{"resourceGroupName": "rg", "privateZoneName": "${zone.name}",
			"virtualNetwork": in{"id": "${" + pair[0] + ".id}"}, "resolutionPolicy": policy}).
			add(az+"VirtualNetworkPeering", "half_"+pair[0], in{"resourceGroupName": "rg", "virtualNetworkName": "${" + pair[0] + ".name}",
				"remoteVirtualNetwork": in{"id": "${" + pair[1] + ".id}"}, "allowVirtualNetworkAccess": true})
	}
	return w
}

func TestAzureNames(t *testing.T) {
	needLab(t)
	for policy, want := range map[string]string{"NxDomainRedirect": "public", "Default": "nxdomain"} {
		l := vnets(policy).build(t)
		expect(t, l, at("japan", "10.0.1.20"), api, "private endpoint")
		expect(t, l, at("osaka", "10.1.1.20"), api, "private endpoint")
		expect(t, l, at("osaka", "10.1.1.20"), "elsewhere.example.net", want)
	}
}

func TestAzureScenes(t *testing.T) {
	osaka := at("osaka", "10.1.1.20")
	sound := func() *world { return vnets("NxDomainRedirect") }
	closed := func(policies string) *world {
		return sound().add(az+"NetworkSecurityGroup", "nsg", in{"resourceGroupName": "rg", "networkSecurityGroupName": "nsg"}).
			add(az+"SecurityRule", "refuse", in{"resourceGroupName": "rg", "networkSecurityGroupName": "${nsg.name}", "priority": 100, "direction": "Inbound", "access": "Deny",
				"protocol": "Tcp", "sourceAddressPrefix": "10.1.0.0/16", "destinationAddressPrefix": "*", "sourcePortRange": "*", "destinationPortRange": "443"}).
			with(func(w *world) {
				w.inputs("japan_subnet")["networkSecurityGroup"] = in{"id": "${nsg.id}"}
				w.inputs("japan_subnet")["privateEndpointNetworkPolicies"] = policies
			})
	}
	routed := func(subnet, to, policies string) *world {
		return sound().add(az+"RouteTable", "table", in{"resourceGroupName": "rg", "routeTableName": "table"}).
			add(az+"Route", "hole", in{"resourceGroupName": "rg", "routeTableName": "${table.name}", "addressPrefix": to, "nextHopType": "None"}).
			with(func(w *world) {
				w.inputs(subnet)["routeTable"] = in{"id": "${table.id}"}
				w.inputs("japan_subnet")["privateEndpointNetworkPolicies"] = policies
			})
	}
	existing := sound().with(func(w *world) {
		const vnet = "/subscriptions/0/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/Osaka"
		w.drop("osaka").drop("osaka_subnet")
		w.inputs("link_osaka")["virtualNetwork"] = in{"id": vnet}
		w.inputs("half_japan")["remoteVirtualNetwork"] = in{"id": vnet}
		w.inputs("half_osaka")["virtualNetworkName"] = "Osaka"
		w.Declared.Networks = []plan.Network{{Name: "osaka", Ref: plan.Ref{Existing: vnet}, CIDRs: prefixes("10.1.0.0/16"), DNSAttributes: true,
			Subnets: []plan.Subnet{{Name: "s", CIDR: netip.MustParsePrefix("10.1.1.0/24")}}}}
	})
	play(t, []scene{
		{"one half of the peering", sound().drop("half_japan"), osaka, "private -"},
		{"no access", sound().with(func(w *world) { w.inputs("half_japan")["allowVirtualNetworkAccess"] = false }), osaka, "private -"},
		{"no link", sound().drop("link_osaka"), osaka, "public"},
		{"no zone group", sound().drop("group"), osaka, "public"},
		{"security group does not count", closed("Disabled"), osaka, "private endpoint"},
		{"security group counts", closed("NetworkSecurityGroupEnabled"), osaka, "private -"},
		{"security group lets its own network in", closed("Enabled"), at("japan", "10.0.1.20"), "private endpoint"},
		{"route table does not count", routed("japan_subnet", "10.1.0.0/16", "Disabled"), osaka, "private endpoint"},
		{"route table counts", routed("japan_subnet", "10.1.0.0/16", "RouteTableEnabled"), osaka, "private -"},
		{"the endpoint's own route is narrower", routed("osaka_subnet", "10.0.0.0/16", "Disabled"), osaka, "private endpoint"},
		{"unless policies let it be overridden", routed("osaka_subnet", "10.0.0.0/16", "RouteTableEnabled"), osaka, "private -"},
		{"an existing network", existing, osaka, "private endpoint"},
	})
}

func TestAzureInboundResolver(t *testing.T) {
	w := tunnelled().with(func(w *world) {
		w.Manifest.Resources, w.Names = nil, nil
		w.vnetOf("hub", "10.0.0.0/16", "10.0.1.0/24").name(api, "endpoint", "api.privatelink.example.net").
			add(az+"PrivateEndpoint", "endpoint", in{"resourceGroupName": "rg", "privateEndpointName": "e", "subnet": in{"id": "${hub_subnet.id}"}}).
			add(az+"PrivateZone", "zone", in{"resourceGroupName": "rg", "privateZoneName": "privatelink.example.net"}).
			add(az+"PrivateDnsZoneGroup", "group", in{"resourceGroupName": "rg", "privateEndpointName": "e", "privateDnsZoneConfigs": []any{in{"name": "c", "privateDnsZoneId": "${zone.id}"}}}).
			add(az+"VirtualNetworkLink", "link", in{"resourceGroupName": "rg", "privateZoneName": "privatelink.example.net", "virtualNetwork": in{"id": "${hub.id}"}}).
			add(az+"RouteTable", "table", in{"resourceGroupName": "rg", "routeTableName": "table", "routes": []any{
				in{"name": "r", "addressPrefix": "192.168.10.0/24", "nextHopType": "VirtualAppliance", "nextHopIpAddress": "10.0.1.5"}}}).
			add(az+"DnsResolver", "resolver", in{"resourceGroupName": "rg", "dnsResolverName": "r", "virtualNetwork": in{"id": "${hub.id}"}}).
			add(az+"InboundEndpoint", "inbound", in{"resourceGroupName": "rg", "dnsResolverName": "r", "ipConfigurations": []any{
				in{"privateIpAddress": "10.0.1.53", "privateIpAllocationMethod": "Static", "subnet": in{"id": "${hub_subnet.id}"}}}})
		w.inputs("hub_subnet")["routeTable"] = in{"id": "${table.id}"}
		w.inputs("hub_subnet")["privateEndpointNetworkPolicies"] = "Enabled"
		w.Declared.Sites[0].DNS = plan.DNS{Mode: plan.DNSPublic, Forwards: []plan.Forward{{Domain: "privatelink.example.net", Servers: []netip.Addr{netip.MustParseAddr("10.0.1.53")}}}}
	})
	play(t, []scene{{"sound", w, office, "private endpoint"}})
}
