package azure

import (
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var (
	tooManyPeerings = diag.Code{
		ID: "OBS870", Severity: diag.Error, Title: "more peerings than a VNet can have",
		Cause:   "A VNet has at most 500 peerings (azure-subscription-service-limits, recalled 2026-11). Peerings that are there already count too.",
		Example: `links: {c1: {from: "c1", …, via: peering: endpoints: "hub"}, …}   // 501 clients of one hub`,
		Mend:    `links: {…, c501: {from: "c501", …, via: endpoint: network: "c501"}}   // an endpoint and a scope of its own`,
	}
	twoRemoteGateways = diag.Code{
		ID: "OBS871", Severity: diag.Error, Title: "a VNet uses the gateways of two others",
		Cause:   "Only one peering of a VNet can use remote gateways (virtual-network-manage-peering, recalled 2026-11).",
		Example: `links: {a: {from: "app", …, via: peering: {endpoints: "east", gatewayTransit: true}}, b: {from: "home", …, via: peering: {endpoints: "app", gatewayTransit: true}}}   // home's VPN ends in west`,
		Mend:    `links: {a: {from: "app", …, via: peering: endpoints: "east"}, b: {from: "home", …, via: peering: {endpoints: "app", gatewayTransit: true}}}`,
	}
)

// peeringsPerVNet is Azure's limit.
const peeringsPerVNet = 500

// checkPeerings checks how many peerings a VNet would get, and whose gateway it uses.
func checkPeerings(t *topology.Topology) diag.List {
	var found diag.List
	count, uses := map[string]int{}, map[string]pair{}
	for _, p := range pairs(t) {
		for i, network := range p.networks {
			count[network]++
			if p.gateway == "" || p.gateway == network {
				continue
			}
			if first, taken := uses[network]; taken {
				at := "links." + p.shares + ".via.peering.gatewayTransit"
				found = append(found, twoRemoteGateways.At(t.At(at), at, "network %q would use the gateways of %q and %q", network, first.gateway, p.networks[1-i]).
					WithNote(t.At("links."+first.shares+".via.peering.gatewayTransit"), "the other gateway").WithHint("remove gatewayTransit from one of the links"))
			}
			uses[network] = p
		}
	}
	for network, n := range topology.Sorted(count) {
		if at := "networks." + network; n > peeringsPerVNet {
			found = append(found, tooManyPeerings.At(t.At(at), at, "network %q would have %d peerings; a VNet has %d at most", network, n, peeringsPerVNet).
				WithHint("give some of the clients an endpoint of their own"))
		}
	}
	return found
}
