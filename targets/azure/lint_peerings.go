package azure

import (
	"strings"

	"github.com/obslink/obslink/compiler/manifest"
)

// lintPeeringsSerial wants the writes of a VNet one after another: its subnets, and both halves of its
// peerings, each of which writes both VNets.
func lintPeeringsSerial(v *manifest.View, report manifest.Report) {
	writes := map[string][]*manifest.Resource{}
	var order []string
	add := func(vnet string, r *manifest.Resource) {
		if writes[vnet] == nil {
			order = append(order, vnet)
		}
		writes[vnet] = append(writes[vnet], r)
	}
	for _, r := range v.OfType(subnetType) {
		add(vnetOf(v, r), r)
	}
	for _, r := range v.OfType(peeringType) {
		add(vnetOf(v, r), r)
		add(remoteOf(v, r), r)
	}
	for _, vnet := range order {
		inSerial(v, writes[vnet], func(r *manifest.Resource) {
			if r.Type == peeringType {
				report(r, "", "may be written at the same time as another of %s", vnet)
			}
		})
	}
}

// lintPeeringHalves wants both halves: one by itself stays Initiated and carries nothing.
func lintPeeringHalves(v *manifest.View, report manifest.Report) {
	halves := map[[2]string]bool{}
	for _, r := range v.OfType(peeringType) {
		halves[[2]string{vnetOf(v, r), remoteOf(v, r)}] = true
	}
	for _, r := range v.OfType(peeringType) {
		if !halves[[2]string{remoteOf(v, r), vnetOf(v, r)}] {
			report(r, "", "has no other half")
		}
	}
}

// vnetOf names the VNet that a resource stands in: one of the manifest, or by group and name.
func vnetOf(v *manifest.View, r *manifest.Resource) string {
	if vnet := v.Referred(r.Inputs["virtualNetworkName"]); vnet != nil {
		return vnet.Name
	}
	return strings.ToLower(r.Text("resourceGroupName") + "/" + r.Text("virtualNetworkName"))
}

// remoteOf names the VNet on the other side of a peering.
func remoteOf(v *manifest.View, r *manifest.Resource) string {
	id := r.Object("remoteVirtualNetwork")["id"]
	if vnet := v.Referred(id); vnet != nil {
		return vnet.Name
	}
	text, _ := id.(string)
	steps := strings.Split(strings.ToLower(text), "/") // /subscriptions/S/resourceGroups/G/providers/P/virtualNetworks/N
	if len(steps) != 9 {
		return text
	}
	return steps[4] + "/" + steps[8]
}
