package azure

import (
	"testing"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/manifest/linttest"
)

func TestLintTunnels(t *testing.T) {
	const first, second = "tunnelrule_home", "tunnelrule_lab"
	type resource = *manifest.Resource
	linttest.Try(t, recorded, securityRules, func(spoil linttest.Spoil) {
		spoil("from anywhere", "azure-rule-width", first, func(r resource) { r.Inputs["sourceAddressPrefix"] = "*" })
		spoil("from the internet", "azure-rule-width", first, func(r resource) { r.Inputs["sourceAddressPrefix"] = "Internet" })
		spoil("from every address", "azure-rule-width", first, func(r resource) { r.Inputs["sourceAddressPrefix"] = "0.0.0.0/0" })
		spoil("to every port", "azure-rule-width", first, func(r resource) { r.Inputs["destinationPortRange"] = "*" })
		spoil("from a prefix", "", first, func(r resource) { r.Inputs["sourceAddressPrefix"] = "203.0.113.0/24" })
		spoil("a low priority", "azure-rule-priority", first, func(r resource) { r.Inputs["priority"] = 99.0 })
		spoil("one priority", "azure-rule-priority", second, func(r resource) { r.Inputs["priority"] = 1000.0 })
		spoil("one priority of another direction", "", second, func(r resource) { r.Inputs["priority"], r.Inputs["direction"] = 1000.0, "Outbound" })
		spoil("both at once", "azure-rules-serial", second, func(r resource) { r.DependsOn = nil })
	})
}
