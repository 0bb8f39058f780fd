package azure

import (
	"slices"
	"testing"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/manifest/linttest"
)

func TestLintPeerings(t *testing.T) {
	const first, second = "vnetpeering_japan_osaka", "vnetpeering_osaka_japan"
	type resource = *manifest.Resource
	for _, test := range []struct {
		name, rule, resource string
		spoil                func(resource)
	}{
		{"beside a subnet", "azure-peerings-serial", first, func(r resource) { r.DependsOn = nil }},
		{"beside the subnet of the other network", "azure-peerings-serial", first, func(r resource) { r.DependsOn = r.DependsOn[:1] }},
		{"both halves at once", "azure-peerings-serial", second, func(r resource) { r.DependsOn = nil }},
		{"another network", "azure-peering-halves", second, func(r resource) {
			r.Inputs["remoteVirtualNetwork"] = map[string]any{"id": "/subscriptions/s/resourceGroups/rg-net/providers/Microsoft.Network/virtualNetworks/vnet-x"}
		}},
		{"ids have no case", "", second, func(r resource) {
			r.Inputs["remoteVirtualNetwork"] = map[string]any{"id": "/subscriptions/s/resourceGroups/RG-NET/providers/Microsoft.Network/virtualNetworks/VNet-Japan"}
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := recorded(t)
			i := slices.IndexFunc(m.Resources, func(r manifest.Resource) bool { return r.Name == test.resource })
			test.spoil(&m.Resources[i])
			linttest.Expect(t, m, LintRules, test.rule)
		})
	}
}
