package azure

import (
	"strings"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var (
	declaredTwice = diag.Code{
		ID: "OBS370", Severity: diag.Error, Title: "one existing object is declared twice",
		Cause:   "Two declarations of one VNet or subnet would be taken for two; a VNet can be connected to one private link scope only (private-link-security, 2026-01). Azure's names have no case.",
		Example: `networks: {a: existing: {resourceGroup: "rg-net", virtualNetwork: "vnet"}, b: existing: {resourceGroup: "RG-Net", virtualNetwork: "vnet"}}`,
		Mend:    `networks: a: existing: {resourceGroup: "rg-net", virtualNetwork: "vnet"}`,
	}
	foreignField = diag.Code{
		ID: "OBS371", Severity: diag.Error, Title: "a field that means nothing in Azure",
		Cause:   "VPCs and their DNS attributes, availability zone ids of subnets, network ACLs and the clients of links are AWS's, peered VNets need no routes, and a private endpoint serves backends of every region without `crossRegion`: in an Azure network these fields would be ignored in silence.",
		Example: `japan: {account: "jp", subnets: endpoints: {cidr: "192.168.2.64/27", zone: "1"}}   // jp is an Azure account`,
		Mend:    `japan: {account: "jp", subnets: endpoints: cidr: "192.168.2.64/27"}`,
	}
	ownedSubnet = diag.Code{
		ID: "OBS373", Severity: diag.Error, Title: "a subnet that Azure keeps for a service of its own",
		Cause:   "GatewaySubnet, AzureFirewallSubnet, AzureBastionSubnet and RouteServerSubnet hold nothing but the service that they are named for (about-vpn-gateway-settings): a private endpoint there is refused.",
		Example: `subnets: endpoints: {cidr: "192.168.2.0/27", existing: "GatewaySubnet"}`,
		Mend:    `subnets: endpoints: {cidr: "192.168.2.64/27", existing: "snet-endpoints"}`,
	}
)

// checkExisting checks that each existing VNet and subnet is declared once.
func checkExisting(t *topology.Topology) diag.List {
	var found diag.List
	first := map[string]string{} // path by what it names
	once := func(at, id, what, name string) {
		id = strings.ToLower(id)
		if other, taken := first[id]; taken {
			found = append(found, declaredTwice.At(t.At(at), at, "%s %q is declared twice", what, name).
				WithNote(t.At(other), "the other declaration").WithHint("declare it once"))
			return
		}
		first[id] = at
	}
	for key, n := range topology.Sorted(t.Networks) {
		if t.Kind(key) != Name || n.Existing == nil || n.Existing.VirtualNetwork == "" {
			continue
		}
		path := "networks." + key
		subscription := compile.Decode[account](t.Accounts[n.Account].Body).Subscription
		once(path+".existing.virtualNetwork", strings.Join([]string{subscription, n.Existing.ResourceGroup, n.Existing.VirtualNetwork}, "/"), "VNet", n.Existing.VirtualNetwork)
		for sub, s := range topology.Sorted(n.Subnets) {
			if s.Existing != "" {
				once(path+".subnets."+sub+".existing", path+"/"+s.Existing, "subnet", s.Existing)
			}
		}
	}
	return found
}

// ownedSubnets are the names of subnets that one service has to itself.
var ownedSubnets = []string{"GatewaySubnet", "AzureFirewallSubnet", "AzureFirewallManagementSubnet", "AzureBastionSubnet", "RouteServerSubnet"}

// checkOwned checks that no private endpoint stands in a subnet that Azure keeps for a service.
func checkOwned(t *topology.Topology) diag.List {
	var found diag.List
	seen := map[string]bool{}
	for _, h := range compile.Hostings(t, Name) {
		if seen[h.Network] {
			continue
		}
		seen[h.Network] = true
		for sub, s := range topology.Sorted(t.Networks[h.Network].Subnets) {
			at := "networks." + h.Network + ".subnets." + sub + ".existing"
			for _, owned := range ownedSubnets {
				if s.HoldsEndpoints() && strings.EqualFold(s.Existing, owned) {
					found = append(found, ownedSubnet.At(t.At(at), at, "a private endpoint cannot stand in %q", s.Existing).
						WithHint("name another subnet, and write `endpoints: false` on this one"))
				}
			}
		}
	}
	return found
}

// checkForeign finds fields that only another cloud reads.
func checkForeign(t *topology.Topology) diag.List {
	var found diag.List
	for key, n := range topology.Sorted(t.Networks) {
		if t.Kind(key) != Name {
			continue
		}
		refuse := func(at, field, value string) {
			found = append(found, foreignField.At(t.At(at), at, "network %q is in Azure; %s means nothing there", key, value).WithHint("remove %s", field))
		}
		path := "networks." + key
		if e := n.Existing; e != nil && e.VirtualNetwork != "" { // else it is reported as not named
			if e.VPC != "" {
				refuse(path+".existing.vpc", "vpc", "VPC "+quoted(e.VPC))
			}
			if len(e.RouteTables) > 0 {
				refuse(path+".existing.routeTables", "routeTables", "routeTables")
			}
			if len(e.Endpoints) > 0 {
				refuse(path+".existing.endpoints", "endpoints", "existing.endpoints")
			}
			if len(e.SecurityGroups) > 0 {
				refuse(path+".existing.securityGroups", "securityGroups", "existing.securityGroups")
			}
			if e.DNSSupport != nil {
				refuse(path+".existing.dnsSupport", "dnsSupport", "dnsSupport")
			}
			if e.DNSHostnames != nil {
				refuse(path+".existing.dnsHostnames", "dnsHostnames", "dnsHostnames")
			}
		}
		for sub, s := range topology.Sorted(n.Subnets) {
			at := path + ".subnets." + sub
			if s.Zone != "" {
				refuse(at+".zone", "zone", "zone "+quoted(s.Zone))
			}
			if s.NetworkACL != nil {
				refuse(at+".networkACL", "networkACL", "networkACL")
			}
		}
	}
	for key, l := range topology.Sorted(t.Links) {
		network, _ := l.Via.Network()
		if l.Clients != nil && t.Kind(network) == Name {
			at := "links." + key + ".clients"
			found = append(found, foreignField.At(t.At(at), at, "the endpoints stand in network %q in Azure, where obslink lets every server of a linked network in; clients means nothing there", network).
				WithHint("remove clients: the link is for the whole of %q", l.From))
		}
		if crosses, field := l.Via.CrossRegion(); crosses && t.Kind(network) == Name {
			at := "links." + key + "." + field
			found = append(found, foreignField.At(t.At(at), at, "network %q is in Azure, where a private endpoint serves backends of every region", network).WithHint("remove crossRegion"))
		}
	}
	return found
}

func quoted(s string) string { return `"` + s + `"` }
