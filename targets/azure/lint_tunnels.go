package azure

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/manifest"
)

// securityRules are the traps of rules in network security groups.
var securityRules = []manifest.Rule{
	{Name: "azure-rule-width", Source: "DESIGN §7: no rule wider than the declared clients", AsOf: "2026-11", Check: lintRuleWidth},
	{Name: "azure-rule-priority", Source: "network-security-groups-overview: 100 to 4096, one of each direction in a group (SecurityRuleConflict)", AsOf: "2024", Check: lintRulePriority},
	{Name: "azure-rules-serial", Source: "hashicorp/terraform-provider-azurerm locks a group for each write of a rule: ARM's 409 AnotherOperationInProgress", AsOf: "2024, recalled", Check: lintRulesSerial},
}

// groupOfRule names the group of a rule: one of the manifest, or by group and name.
func groupOfRule(v *manifest.View, r *manifest.Resource) string {
	if group := v.Referred(r.Inputs["networkSecurityGroupName"]); group != nil {
		return group.Name
	}
	return strings.ToLower(r.Text("resourceGroupName") + "/" + r.Text("networkSecurityGroupName"))
}

// lintRuleWidth wants rules that let something in to name addresses, and ports.
func lintRuleWidth(v *manifest.View, report manifest.Report) {
	for _, r := range v.OfType(securityRuleType) {
		if r.Text("access") != "Allow" || r.Text("direction") != "Inbound" {
			continue
		}
		for _, text := range texts(r.Inputs, "sourceAddressPrefix", "sourceAddressPrefixes") {
			p, err := netip.ParsePrefix(text)
			if _, failed := netip.ParseAddr(text); failed != nil && (err != nil || p.Bits() == 0) {
				report(r, "sourceAddressPrefix", "is %q, which is more than declared clients", text)
			}
		}
		if slices.Contains(texts(r.Inputs, "destinationPortRange", "destinationPortRanges"), "*") {
			report(r, "destinationPortRange", "is every port")
		}
	}
}

func lintRulePriority(v *manifest.View, report manifest.Report) {
	taken := map[string]string{}
	for _, r := range v.OfType(securityRuleType) {
		priority, _ := r.Inputs["priority"].(float64)
		if priority < 100 || priority > 4096 {
			report(r, "priority", "is %v, not from 100 to 4096", r.Inputs["priority"])
		}
		at := fmt.Sprint(groupOfRule(v, r), r.Text("direction"), priority)
		if other := taken[at]; other != "" {
			report(r, "priority", "is that of %s too", other)
		}
		taken[at] = r.Name
	}
}

func lintRulesSerial(v *manifest.View, report manifest.Report) {
	groups := map[string][]*manifest.Resource{}
	var order []string
	for _, r := range v.OfType(securityRuleType) {
		group := groupOfRule(v, r)
		if groups[group] == nil {
			order = append(order, group)
		}
		groups[group] = append(groups[group], r)
	}
	for _, group := range order {
		inSerial(v, groups[group], func(r *manifest.Resource) { report(r, "", "may be written at the same time as another of %s", group) })
	}
}
