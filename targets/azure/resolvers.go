package azure

import (
	"net/netip"

	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/topology"
)

// resolverService is what a subnet of DNS inbound endpoints is delegated to.
const resolverService = "Microsoft.Network/dnsResolvers"

// reservedFirst are the addresses at the beginning of a subnet that Azure keeps.
const reservedFirst = 4

// resolver makes the DNS Private Resolver of a VNet with its inbound endpoints.
func (l *lowering) resolver(key string, n *topology.Network, provider string, group plan.Ref) {
	network := l.networkKey(key)
	resolver := plan.Named("dnsresolver", provider, l.origin("networks."+key+".inbound"), network)
	l.parts.DNSResolvers = append(l.parts.DNSResolvers, DNSResolver{
		Part: resolver, In: In{group, l.cloudName(network)}, Location: n.Region, VNet: l.vnetID(key),
	})
	for name, in := range topology.Sorted(n.Inbound) {
		origin := l.origin("networks." + key + ".inbound." + name)
		k := plan.Key{Now: name, Was: in.Was}
		part := plan.Named("inboundendpoint", provider, origin, network, k)
		address := inboundAddress(n, in)
		l.parts.InboundEndpoints = append(l.parts.InboundEndpoints, InboundEndpoint{
			Part: part, In: In{group, l.cloudName(k)}, Location: n.Region, Resolver: resolver.Name, Subnet: l.subnetID(key, in.Subnet), Address: address,
		})
		l.out.Resolvers = append(l.out.Resolvers, plan.Resolver{
			Name: part.Name, Ref: plan.Ref{Part: part.Name}, Network: key, Addresses: []netip.Addr{address}, Origin: origin,
		})
	}
}

// inboundAddress is an endpoint's address: what the topology says, else the first that can be had, which
// nobody else takes, since the endpoint has the subnet to itself.
func inboundAddress(n *topology.Network, in topology.Inbound) netip.Addr {
	if in.Address != "" {
		return netip.MustParseAddr(in.Address)
	}
	return firstUsable(netip.MustParsePrefix(n.Subnets[in.Subnet].CIDR))
}

func firstUsable(cidr netip.Prefix) netip.Addr {
	a := cidr.Masked().Addr()
	for range reservedFirst {
		a = a.Next()
	}
	return a
}

// holdsInbound reports whether a subnet holds a DNS inbound endpoint.
func holdsInbound(n *topology.Network, subnet string) bool {
	for _, in := range n.Inbound {
		if in.Subnet == subnet {
			return true
		}
	}
	return false
}
