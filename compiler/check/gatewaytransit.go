package check

import (
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var (
	noTransitGateway = diag.Code{
		ID: "OBS278", Severity: diag.Error, Title: "gateway transit, and no gateway",
		Cause:   "With gatewayTransit a network uses the VPN or ExpressRoute gateway of the one that it is peered with; one of the two must have a gateway: a vpnGateway, or a site whose vpn or existing connection ends there. A tunnel that ends on a host (WireGuard, OpenVPN) is none.",
		Example: `sites: home: wireguard: network: "hub"` + "\n" + `links: a: {from: "home", to: "logs", via: peering: {endpoints: "spoke", gatewayTransit: true}}`,
		Mend:    `sites: home: existing: {network: "hub", over: "vpn"}` + "\n" + `links: a: {from: "home", to: "logs", via: peering: {endpoints: "spoke", gatewayTransit: true}}`,
	}
	twoTransitGateways = diag.Code{
		ID: "OBS279", Severity: diag.Error, Title: "gateway transit between two networks that both have a gateway",
		Cause:   "A network with a gateway of its own cannot use another's (vpn-gateway-peering-gateway-transit, read 2026).",
		Example: `networks: {hub: {…, vpnGateway: {}}, spoke: {…, vpnGateway: {}}}` + "\n" + `links: a: {from: "spoke", to: "logs", via: peering: {endpoints: "hub", gatewayTransit: true}}`,
		Mend:    `links: a: {from: "spoke", to: "logs", via: peering: endpoints: "hub"}`,
	}
)

// gatewayTransit checks that of two networks that share a gateway exactly one has it.
func gatewayTransit(t *topology.Topology) diag.List {
	var found diag.List
	gateways := t.Gateways()
	for key, l := range topology.Sorted(t.Links) {
		client, hub, ok := t.Transit(l)
		if !ok {
			continue
		}
		at := "links." + key + ".via.peering.gatewayTransit"
		switch one, other := gateways[client], gateways[hub]; {
		case one == "" && other == "":
			found = append(found, noTransitGateway.At(t.At(at), at, "neither network %q nor network %q has a gateway", client, hub).
				WithHint("add vpnGateway: {} to the one with the gateway, or remove gatewayTransit"))
		case one != "" && other != "":
			found = append(found, twoTransitGateways.At(t.At(at), at, "network %q and network %q both have a gateway", client, hub).
				WithNote(t.At(one), "the gateway of %q", client).WithNote(t.At(other), "the gateway of %q", hub).
				WithHint("remove gatewayTransit: each network uses its own"))
		}
	}
	return found
}
