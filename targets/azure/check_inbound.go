package azure

import (
	"net/netip"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var (
	resolverSubnetSize = diag.Code{
		ID: "OBS890", Severity: diag.Error, Title: "a subnet is too small or too large for a DNS inbound endpoint",
		Cause:   "The subnet of a DNS Private Resolver's inbound endpoint is /28 to /24 (dns-private-resolver-overview; Azure/azure-rest-api-specs#21744, 2022-12).",
		Example: `japan: {subnets: dns: cidr: "192.168.2.0/29", inbound: main: subnet: "dns"}`,
		Mend:    `japan: {subnets: dns: cidr: "192.168.2.0/28", inbound: main: subnet: "dns"}`,
	}
	resolverSubnetShared = diag.Code{
		ID: "OBS891", Severity: diag.Error, Title: "the subnet of a DNS inbound endpoint is used for something else",
		Cause:   "It is delegated to Microsoft.Network/dnsResolvers and holds one inbound endpoint and nothing else: no private endpoint, no server, no second inbound endpoint (dns-private-resolver-overview, subnet restrictions, 2023-11).",
		Example: `japan: {subnets: main: cidr: "192.168.2.64/26", inbound: main: subnet: "main"}   // and private endpoints stand there`,
		Mend:    `japan: {subnets: dns: {cidr: "192.168.2.0/28", endpoints: false}, inbound: main: subnet: "dns"}`,
	}
	resolverAddress = diag.Code{
		ID: "OBS892", Severity: diag.Error, Title: "a DNS inbound endpoint has an address that Azure keeps",
		Cause:   "The first four addresses of a subnet and the last one are Azure's (Azure Virtual Network FAQ, 2026-08). Without `address`, the endpoint takes the first that can be had.",
		Example: `japan: inbound: main: {subnet: "dns", address: "192.168.2.1"}`,
		Mend:    `japan: inbound: main: {subnet: "dns", address: "192.168.2.4"}`,
	}
)

// The prefix lengths of a subnet for a DNS inbound endpoint.
const (
	largestResolverSubnet  = 24
	smallestResolverSubnet = 28
)

// checkInbound checks the DNS inbound endpoints of VNets.
func checkInbound(t *topology.Topology) diag.List {
	var found diag.List
	for key, n := range topology.Sorted(t.Networks) {
		if t.Kind(key) != Name || len(n.Inbound) == 0 {
			continue
		}
		path := "networks." + key
		first := map[string]string{} // inbound endpoint by subnet
		for name, in := range topology.Sorted(n.Inbound) {
			at := path + ".inbound." + name
			if other, taken := first[in.Subnet]; taken {
				found = append(found, resolverSubnetShared.At(t.At(at+".subnet"), at+".subnet", "subnet %q holds inbound endpoint %q already", in.Subnet, other).
					WithHint("give each its own subnet of /%d to /%d; Azure spreads one endpoint over the zones by itself", smallestResolverSubnet, largestResolverSubnet))
			}
			first[in.Subnet] = name
			found = append(found, inboundSubnet(t, path, at, n, in)...)
		}
	}
	return found
}

// inboundSubnet checks the subnet and the address of one inbound endpoint.
func inboundSubnet(t *topology.Topology, path, at string, n *topology.Network, in topology.Inbound) diag.List {
	s := n.Subnets[in.Subnet]
	sub := path + ".subnets." + in.Subnet
	cidr, err := netip.ParsePrefix(s.CIDR)
	if err != nil {
		return nil
	}
	var found diag.List
	if cidr.Bits() < largestResolverSubnet || cidr.Bits() > smallestResolverSubnet {
		found = append(found, resolverSubnetSize.At(t.At(sub+".cidr"), sub+".cidr", "%s is a /%d; a DNS inbound endpoint takes a subnet of /%d to /%d", cidr, cidr.Bits(), smallestResolverSubnet, largestResolverSubnet).
			WithNote(t.At(at), "the inbound endpoint").WithHint("choose a range of /%d to /%d", smallestResolverSubnet, largestResolverSubnet))
	}
	if s.HoldsEndpoints() {
		found = append(found, resolverSubnetShared.At(t.At(sub), sub, "subnet %q is for private endpoints too", in.Subnet).
			WithNote(t.At(at), "the inbound endpoint").WithHint("write endpoints: false here, and put private endpoints into another subnet"))
	}
	for client, c := range topology.Sorted(n.Clients) {
		if c.Subnet == in.Subnet {
			p := path + ".clients." + client + ".subnet"
			found = append(found, resolverSubnetShared.At(t.At(p), p, "servers %q stand in subnet %q, which holds a DNS inbound endpoint", client, in.Subnet).
				WithNote(t.At(at), "the inbound endpoint").WithHint("name the subnet that they stand in, or give the endpoint another"))
		}
	}
	if a, err := netip.ParseAddr(in.Address); err == nil && cidr.Contains(a) && (a.Less(firstUsable(cidr)) || !cidr.Contains(a.Next())) {
		found = append(found, resolverAddress.At(t.At(at+".address"), at+".address", "%s is one of the addresses of %s that Azure keeps", a, cidr).
			WithHint("write %q, or leave it out", firstUsable(cidr)))
	}
	return found
}
