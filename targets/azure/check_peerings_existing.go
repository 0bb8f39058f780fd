package azure

import (
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var (
	badPeering = diag.Code{
		ID: "OBS879", Severity: diag.Error, Title: "not an existing peering of the two VNets",
		Cause:   "A peering of two VNets is two halves, one in each, and an existing one is named by the ARM id of either (`az network vnet peering list -g … --vnet-name … --query '[].id'`); the other is found beside it. Both VNets are there, and so is the gateway that they share: useRemoteGateways is refused before it is (vpn-gateway-peering-gateway-transit, read 2026).",
		Example: `links: a: {from: "app", …, via: peering: {endpoints: "hub", existing: "to-hub"}}`,
		Mend:    `links: a: {from: "app", …, via: peering: {endpoints: "hub", existing: "/subscriptions/…/resourceGroups/rg-app/providers/Microsoft.Network/virtualNetworks/vnet-app/virtualNetworkPeerings/to-hub"}}`,
	}
	halfTwice = diag.Code{
		ID: "OBS880", Severity: diag.Error, Title: "two existing peerings of two VNets",
		Cause:   "A VNet has one half of a peering to another VNet (virtual-network-manage-peering, 2024; Azure refuses a second: AnotherPeeringAlreadyReferencesRemoteVnet), which all links between the two use. It is enough that one of the links names it.",
		Example: `links: {a: {…, via: peering: {endpoints: "hub", existing: "…/vnet-app/virtualNetworkPeerings/to-hub"}}, b: {…, via: peering: {endpoints: "hub", existing: "…/vnet-app/virtualNetworkPeerings/hub"}}}`,
		Mend:    `links: {a: {…, via: peering: {endpoints: "hub", existing: "…/vnet-app/virtualNetworkPeerings/to-hub"}}, b: {…, via: peering: endpoints: "hub"}}`,
	}
)

// checkExistingPeerings checks the peerings that links name.
func checkExistingPeerings(t *topology.Topology) diag.List {
	var found diag.List
	for _, p := range pairs(t) {
		first := map[string]string{} // the first link by the network of the half that it names
		for _, link := range p.named {
			at := "links." + link + ".via.peering.existing"
			if d, bad := unpeered(t, at, p, t.Links[link].Via.Peering.Existing); bad {
				found = append(found, d)
				continue
			}
			for _, network := range p.networks {
				name, ok := halfNamed(t, t.Links[link].Via.Peering.Existing, network)
				if !ok {
					continue
				}
				if first[network] == "" {
					first[network] = link
				}
				if other, _ := halfNamed(t, t.Links[first[network]].Via.Peering.Existing, network); other != name {
					found = append(found, halfTwice.At(t.At(at), at, "%q and %q are two peerings of network %q with network %q", other, name, network, p.other(network)).
						WithNote(t.At("links."+first[network]+".via.peering.existing"), "the other peering").WithHint("name one of them"))
				}
			}
		}
	}
	return found
}

// unpeered reports what of a named peering cannot be.
func unpeered(t *topology.Topology, at string, p pair, id string) (d diag.Diagnostic, bad bool) {
	for _, network := range p.networks {
		if t.Networks[network].Existing == nil {
			return badPeering.At(t.At(at), at, "the peering is there already, and network %q is not", network).
				WithNote(t.At("networks."+network), "the network").WithHint("declare the network as existing, or remove existing to have the peering created"), true
		}
	}
	_, one := halfNamed(t, id, p.networks[0])
	_, other := halfNamed(t, id, p.networks[1])
	switch gateway := t.Networks[p.gateway]; {
	case halfID.FindStringSubmatch(id) == nil:
		return badPeering.At(t.At(at), at, "%q is not the id of a peering of a VNet", id).WithHint("paste it from `az network vnet peering list -g … --vnet-name … --query '[].id'`"), true
	case !one && !other:
		return badPeering.At(t.At(at), at, "the peering is neither in the VNet of network %q nor in that of %q", p.networks[0], p.networks[1]).
			WithHint("paste the id of either half of their peering"), true
	case gateway != nil && gateway.VPNGateway != nil && gateway.VPNGateway.Existing == "":
		return badPeering.At(t.At(at), at, "the peering is there already, and the gateway of network %q that it shares is not", p.gateway).
			WithNote(t.At("networks."+p.gateway+".vpnGateway"), "the gateway").WithHint("name the existing gateway, or remove existing to have the peering created"), true
	}
	return diag.Diagnostic{}, false
}

// other is the network that a network is peered with.
func (p pair) other(network string) string {
	if network == p.networks[0] {
		return p.networks[1]
	}
	return p.networks[0]
}
