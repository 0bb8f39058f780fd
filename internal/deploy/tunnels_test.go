package deploy

import (
	"errors"
	"net/netip"
	"testing"

	"github.com/obslink/obslink/targets/azure"
)

// tunnelParts adds the host of a tunnel in Azure, and what lets the tunnel in.
func tunnelParts(p *azure.Parts) {
	p.ExistingTunnelHosts = []azure.ExistingTunnelHost{{
		Provider: azureProvider, ResourceGroup: "rg-net", Name: "nic-wg", VNet: vnetID, Addresses: []netip.Addr{netip.MustParseAddr("192.168.2.5")}, Forwards: true, Origin: at("sites.home.wireguard.gateway.interface", 96),
	}}
	p.ExistingGroups = []azure.ExistingGroup{{
		Provider: azureProvider, ResourceGroup: "rg-net", Name: "nsg-wg", VNet: vnetID, Origin: at("sites.home.wireguard.gateway.securityGroup", 97),
	}}
	rule := func(name string, priority int, after string) azure.TunnelRule {
		return azure.TunnelRule{
			Part: part(azureProvider, "tunnelrule_"+name, 97), In: azure.In{ResourceGroup: existing("rg-net"), ResourceName: "obslink-prod-" + name}, Group: "nsg-wg", Priority: priority,
			From: netip.MustParseAddr("203.0.113.7"), To: netip.MustParseAddr("192.168.2.5"), Port: 51820, Description: "the tunnel of site " + name, After: after,
		}
	}
	p.TunnelRules = []azure.TunnelRule{rule("home", 1000, ""), rule("lab", 1001, "tunnelrule_home")}
}

// TestLookupsOfTunnelHosts asks for a VM that is not as its tunnels need it, and for a security group that lets
// nothing in.
func TestLookupsOfTunnelHosts(t *testing.T) {
	const (
		nic, nsg = "getNetworkInterface nic-wg rg-net", "getNetworkSecurityGroup nsg-wg rg-net"
		vnet     = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-net/providers/Microsoft.Network/virtualNetworks/vnet-japan"
	)
	host := func(change map[string]any) map[string]any {
		in := func(address, vnet string) map[string]any {
			return map[string]any{"privateIPAddress": address, "subnet": map[string]any{"id": vnet + "/subnets/snet-vms"}}
		}
		return map[string]any{nic: changed(map[string]any{
			"name": "nic-wg", "enableIPForwarding": true, "ipConfigurations": []any{in("192.168.2.9", vnet), in("192.168.2.4", vnet)},
		}, change)}
	}
	group := func(rules ...any) map[string]any {
		return map[string]any{nsg: map[string]any{"networkInterfaces": []any{map[string]any{"id": "…/nic-wg"}}, "securityRules": rules}}
	}
	rule := func(name string, priority int, access, protocol, from, to, ports string) map[string]any {
		return map[string]any{"name": name, "priority": priority, "direction": "Inbound", "access": access, "protocol": protocol,
			"sourceAddressPrefix": from, "destinationAddressPrefixes": []any{to}, "destinationPortRanges": []any{ports}}
	}
	checkLookups(t, "azure-wireguard-vm", []existingLookup{
		{name: "as the plan expects", answers: host(nil)},
		{name: "not there", answers: map[string]any{nic: errors.New("ResourceNotFound")}, want: []string{`OBS401 network interface "nic-wg" was not found in resource group "rg-net" of subscription 00000000-0000-0000-0000-000000000000`}},
		{name: "drops what is not its own", answers: host(map[string]any{"enableIPForwarding": false}),
			want: []string{`OBS402 network interface "nic-wg" drops what is not addressed to it: its IP forwarding is off`}},
		{name: "in another network, with another address", answers: host(map[string]any{"ipConfigurations": []any{map[string]any{"privateIPAddress": "10.0.0.4", "subnet": map[string]any{"id": vnet + "2/subnets/a"}}}}),
			want: []string{`OBS402 network interface "nic-wg" has the addresses "10.0.0.4", the topology says "192.168.2.4"`, `OBS402 network interface "nic-wg" is not in VNet "` + vnet + `"`}},
		{name: "our own rules, and some that do not concern the tunnel", answers: group(
			rule("obslink-t-home", 1000, "Allow", "Udp", "198.41.0.1", "192.168.2.4", "51820"),
			rule("tcp", 300, "Deny", "Tcp", "*", "*", "*"), rule("others", 301, "Deny", "*", "10.0.0.0/8", "*", "*"), rule("other ports", 302, "Deny", "*", "*", "*", "1-1024"),
			rule("other hosts", 303, "Deny", "*", "*", "192.168.2.5", "*"), rule("all others", 4000, "Deny", "*", "*", "*", "*"),
			rule("let in", 400, "Allow", "Udp", "198.41.0.0/16", "VirtualNetwork", "51000-52000"), rule("too late", 401, "Deny", "*", "*", "*", "*"),
		)},
		{name: "before nothing", answers: map[string]any{nsg: map[string]any{"subnets": []any{map[string]any{"id": vnet + "2/subnets/a"}}}},
			want: []string{`OBS402 network security group "nsg-wg" stands before no network interface and no subnet of VNet "` + vnet + `"`}},
		{name: "a priority that is taken", answers: group(rule("https", 1001, "Allow", "Tcp", "*", "*", "443"), rule("ssh", 1000, "Allow", "Tcp", "*", "*", "22")),
			want: []string{`OBS402 network security group "nsg-wg" has a rule of priority 1000 already: "ssh"`, `OBS402 network security group "nsg-wg" has a rule of priority 1001 already: "https"`}},
		{name: "dropped before", answers: group(rule("no udp", 999, "Deny", "Udp", "Internet", "*", "*")),
			want: []string{`OBS402 network security group "nsg-wg" has a rule that drops the tunnel before: "no udp", of priority 999`, `OBS402 network security group "nsg-wg" has a rule that drops the tunnel before: "no udp", of priority 999`}},
	})
}
