package deploy

import (
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/targets/azure"
)

// joinVNets adds what joins the VNets of everyPart: both halves of a peering, after the subnets.
func joinVNets(p *azure.Parts) {
	group, osaka := created("resource-group_japan"), created("vnet_osaka")
	half := func(name string, in azure.In, vnet, remote plan.Ref, after ...string) azure.Peering {
		return azure.Peering{Part: part(azureProvider, name, 72), In: in, VNet: vnet, Remote: remote, After: after}
	}
	p.Peerings = []azure.Peering{
		half("vnetpeering_japan_osaka", azure.In{ResourceGroup: existing("rg-net"), ResourceName: "obslink-prod-osaka"}, existing("vnet-japan"), osaka,
			"subnet_japan_resolver", "subnet_osaka_dns"),
		half("vnetpeering_osaka_japan", azure.In{ResourceGroup: group, ResourceName: "obslink-prod-japan"}, osaka, existing(vnetID), "vnetpeering_japan_osaka"),
	}
}
