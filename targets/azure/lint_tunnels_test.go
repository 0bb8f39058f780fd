package azure

import (
	"testing"

	"github.com/obslink/obslink/compiler/manifest"
)

func TestLintTunnels(t *testing.T) {
	const first, second = "tunnelrule_home", "tunnelrule_lab"
	type resource = *manifest.Resource
	tryRules(t, recorded, securityRules, []lintCase{
		{"from anywhere", "azure-rule-width", first, func(r resource) { r.Inputs["sourceAddressPrefix"] = "*" }},
		{"from the internet", "azure-rule-width", first, func(r resource) { r.Inputs["sourceAddressPrefix"] = "Internet" }},
		{"from every address", "azure-rule-width", first, func(r resource) { r.Inputs["sourceAddressPrefix"] = "0.0.0.0/0" }},
		{"to every port", "azure-rule-width", first, func(r resource) { r.Inputs["destinationPortRange"] = "*" }},
		{"from a prefix", "", first, func(r resource) { r.Inputs["sourceAddressPrefix"] = "203.0.113.0/24" }},
		{"a low priority", "azure-rule-priority", first, func(r resource) { r.Inputs["priority"] = 99.0 }},
		{"one priority", "azure-rule-priority", second, func(r resource) { r.Inputs["priority"] = 1000.0 }},
		{"one priority of another direction", "", second, func(r resource) { r.Inputs["priority"], r.Inputs["direction"] = 1000.0, "Outbound" }},
		{"both at once", "azure-rules-serial", second, func(r resource) { r.DependsOn = nil }},
	})
}
