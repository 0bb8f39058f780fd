package azure

import (
	"fmt"

	"github.com/obslink/obslink/compiler/choose"
	"github.com/obslink/obslink/compiler/topology"
)

// Choose offers a private endpoint in a VNet: Azure Monitor, Arc and Datadog us3 are reached from there in
// every region. VNets are peered only where a link says so.
func Choose(t *topology.Topology, network string, l *topology.Link) choose.Offer {
	backend := l.To
	if b := t.Backends[backend]; !offered(t, backend) {
		return choose.Offer{
			Refusal: fmt.Sprintf("network %q is in Azure; the endpoints of backend %q, which is %s, are not", network, backend, b.Kind),
			Hint:    "link a network of the cloud that offers " + b.Kind + ", or a site that is connected to one",
		}
	}
	for _, s := range t.Networks[network].Subnets {
		if s.HoldsEndpoints() {
			return choose.Offer{Via: topology.Via{Endpoint: &topology.Endpoint{Network: network}}, Why: "a private endpoint serves backends of every region"}
		}
	}
	return choose.Offer{
		Refusal: fmt.Sprintf("network %q has no subnet for endpoints", network),
		Hint:    "add subnets: endpoints: cidr: … to it, or write via: peering: endpoints: … with a network that has one",
	}
}
