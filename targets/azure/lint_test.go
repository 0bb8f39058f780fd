package azure

import (
	"fmt"
	"slices"
	"testing"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/manifest/linttest"
)

// recorded is a manifest of the real program.
var recorded = linttest.Recorded("every")

func TestLint(t *testing.T) {
	rules := slices.Concat(manifest.Rules, LintRules)
	if found := manifest.Lint(recorded(t), rules); len(found) > 0 {
		t.Fatalf("the recorded program: %v", found)
	}
	const (
		scope     = "scope_logs"
		scoped    = "scoped-resource_logs_main"
		endpoint  = "endpoint_japan_logs"
		group     = "zone-group_japan_logs"
		zone      = "zone_japan_privatelink-blob-core-windows-net"
		link      = "zone-link_japan_privatelink-blob-core-windows-net"
		workspace = "workspace_logs_main"
		subnet    = "subnet_japan_resolver"
	)
	type resource = *manifest.Resource
	tried := map[string]bool{}
	for _, test := range []struct {
		name, rule, resource string
		// spoil changes the resource; a test without a rule shows what is no mistake.
		spoil func(resource)
	}{
		{"a name that ARM does not know", "azure-arm-schema", workspace, func(r resource) { r.Inputs["publicNetworkAccess"] = "Disabled" }},
		{"a value that ARM does not know", "azure-arm-schema", workspace, func(r resource) { r.Inputs["publicNetworkAccessForQuery"] = "Off" }},
		{"a SKU that ARM does not know", "azure-arm-schema", workspace, func(r resource) { r.Inputs["sku"] = map[string]any{"name": "pergb"} }},
		{"a value of another type", "azure-arm-schema", workspace, func(r resource) { r.Inputs["retentionInDays"] = "30" }},
		{"a broken number", "azure-arm-schema", workspace, func(r resource) { r.Inputs["retentionInDays"] = 30.5 }},
		{"a list for a value", "azure-arm-schema", subnet, func(r resource) { r.Inputs["addressPrefix"] = []any{"192.168.2.96/28"} }},
		{"an unknown name deep inside", "azure-arm-schema", endpoint, func(r resource) {
			r.Inputs["privateLinkServiceConnections"] = []any{map[string]any{"name": "x", "privateLinkServiceId": "${scope_logs.id}", "groupId": "azuremonitor"}}
		}},
		{"no scope name", "azure-arm-schema", scoped, func(r resource) { delete(r.Inputs, "scopeName") }},
		{"a type without facts", "azure-arm-schema", workspace, func(r resource) { r.Type = "azure-native:operationalinsights:Cluster" }},
		{"a reference where ARM has a list of values", "", workspace, func(r resource) { r.Inputs["publicNetworkAccessForQuery"] = "${scope_logs.name}" }},
		{"a scope in a region", "azure-global-location", scope, func(r resource) { r.Inputs["location"] = "japaneast" }},
		{"a zone without location", "azure-global-location", zone, func(r resource) { delete(r.Inputs, "location") }},
		{"a link in a region", "azure-global-location", link, func(r resource) { r.Inputs["location"] = "japaneast" }},
		{"an Arc scope without its level", "azure-arm-schema", "arcscope_arc", func(r resource) {
			delete(r.Inputs, "properties")
			r.Inputs["publicNetworkAccess"] = "Disabled"
		}},
		{"a global Arc scope", "azure-arc-scope-region", "arcscope_arc", func(r resource) { r.Inputs["location"] = "global" }},
		{"GLOBAL", "", zone, func(r resource) { r.Inputs["location"] = "GLOBAL" }},
		{"a name from elsewhere", "azure-explicit-name", workspace, func(r resource) { r.Inputs["workspaceName"] = "${scope_logs.name}" }},
		{"one mode only", "azure-access-modes", scope, func(r resource) { r.Inputs["accessModeSettings"] = map[string]any{"queryAccessMode": "Open"} }},
		{"two at once", "azure-scoped-resources-serial", scoped, func(r resource) { r.DependsOn = nil }},
		{"an endpoint that does not wait for one", "azure-endpoint-after-scoped-resources", endpoint, func(r resource) { r.DependsOn = []string{scoped} }},
		{"no interface name", "azure-endpoint-nic", endpoint, func(r resource) { delete(r.Inputs, "customNetworkInterfaceName") }},
		{"an address without member", "azure-endpoint-pins", endpoint, func(r resource) { delete(objects(r.Inputs["ipConfigurations"])[0], "memberName") }},
		{"a member twice", "azure-endpoint-pins", endpoint, func(r resource) { objects(r.Inputs["ipConfigurations"])[1]["memberName"] = "api" }},
		{"an address twice", "azure-endpoint-pins", endpoint, func(r resource) { objects(r.Inputs["ipConfigurations"])[1]["privateIPAddress"] = "192.168.2.68" }},
		{"six zones", "azure-zone-group-size", group, func(r resource) {
			r.Inputs["privateDnsZoneConfigs"] = append(r.List("privateDnsZoneConfigs"), map[string]any{"name": "config6", "privateDnsZoneId": "/subscriptions/x"})
		}},
		{"a dot in a config name", "azure-zone-group-config-name", group, func(r resource) { configs(r)[0]["name"] = "privatelink.monitor" }},
		{"a config name twice", "azure-zone-group-config-name", group, func(r resource) { configs(r)[0]["name"] = "config2" }},
		{"a config without name", "azure-zone-group-config-name", group, func(r resource) { delete(configs(r)[0], "name") }},
		{"a group that does not wait for a link", "azure-zone-group-after-links", group, func(r resource) { r.DependsOn = r.DependsOn[1:] }},
		{"a link without policy", "azure-nx-domain-redirect", link, func(r resource) { delete(r.Inputs, "resolutionPolicy") }},
		{"the default policy", "azure-nx-domain-redirect", link, func(r resource) { r.Inputs["resolutionPolicy"] = "Default" }},
		{"subnets in line", "azure-inline-subnets", "vnet_osaka", func(r resource) { r.Inputs["subnets"] = []any{} }},
		{"subnets at once", "azure-subnets-serial", subnet, func(r resource) { r.DependsOn = nil }},
		{"subnets of two VNets at once", "", "subnet_osaka_a", func(r resource) { r.DependsOn = nil }},
		{"a colon in a tag", "azure-tag-key", zone, func(r resource) { r.Inputs["tags"] = map[string]any{"obslink:stack": "prod"} }},
		{"a digit first in a tag", "azure-tag-key", link, func(r resource) { r.Inputs["tags"] = map[string]any{"1st": "x"} }},
		{"a colon in a workspace's tag", "", workspace, func(r resource) { r.Inputs["tags"] = map[string]any{"cost:centre": "x"} }},
		{"a storage parent", "azure-zone-parent", zone, func(r resource) { r.Inputs["privateZoneName"] = "blob.core.windows.net" }},
		{"an agents' parent", "azure-zone-parent", zone, func(r resource) { r.Inputs["privateZoneName"] = "agent.datadoghq.com" }},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := recorded(t)
			i := slices.IndexFunc(m.Resources, func(r manifest.Resource) bool { return r.Name == test.resource })
			test.spoil(&m.Resources[i])
			if test.rule == "azure-access-modes" {
				// The schema requires both too, and says so: this rule's name and source are for people.
				linttest.Expect(t, m, LintRules[1:], test.rule)
				return
			}
			linttest.Expect(t, m, rules, test.rule)
		})
		tried[test.rule] = true
	}
	tried["azure-peerings-serial"], tried["azure-peering-halves"] = true, true // TestLintPeerings
	for _, rule := range LintRules {
		if !tried[rule.Name] && !slices.ContainsFunc(slices.Concat(resolverRules, vpnRules, securityRules, collectRules, prometheusRules), func(r manifest.Rule) bool { return r.Name == rule.Name }) {
			t.Errorf("no test breaks %s", rule.Name)
		}
		if rule.Source == "" || rule.AsOf == "" {
			t.Errorf("%s has no source or date", rule.Name)
		}
	}
}

// TestLintOfMissingNames removes each type's own name, which ARM wants too.
func TestLintOfMissingNames(t *testing.T) {
	for token, facts := range readARM().Types {
		m := recorded(t)
		i := slices.IndexFunc(m.Resources, func(r manifest.Resource) bool { return r.Type == token })
		if i < 0 {
			continue
		}
		delete(m.Resources[i].Inputs, facts.Name)
		var rules []string
		for _, f := range manifest.Lint(m, LintRules) {
			rules = append(rules, f.Rule)
		}
		if !slices.Contains(rules, "azure-explicit-name") {
			t.Errorf("%s without %s: %v", token, facts.Name, rules)
		}
	}
}

// TestLintOfOldLinks covers the type of the SDK's default API version.
func TestLintOfOldLinks(t *testing.T) {
	m := recorded(t)
	for i := range m.Resources {
		if m.Resources[i].Type == linkType {
			m.Resources[i].Type = oldLinkType
		}
	}
	found := manifest.Lint(m, []manifest.Rule{LintRules[slices.IndexFunc(LintRules, func(r manifest.Rule) bool { return r.Name == "azure-nx-domain-redirect" })]})
	if len(found) != 5 {
		t.Errorf("got %v, want one for each link", found)
	}
}

// TestLintOfTwoGroups gives one endpoint a second zone group.
func TestLintOfTwoGroups(t *testing.T) {
	m := recorded(t)
	i := slices.IndexFunc(m.Resources, func(r manifest.Resource) bool { return r.Type == zoneGroupType })
	second := m.Resources[i]
	second.Name = "zone-group_second"
	m.Resources = append(m.Resources, second)
	linttest.Expect(t, m, slices.Concat(manifest.Rules, LintRules), "azure-zone-group-size")
}

// TestLintFindsForks has three resources of which two follow the first.
func TestLintFindsForks(t *testing.T) {
	chain := func(last ...string) *manifest.Manifest {
		m := &manifest.Manifest{Resources: []manifest.Resource{{Type: "pulumi:providers:azure-native", Name: "p"}}}
		for i, after := range [][]string{nil, {"s0"}, last} {
			m.Resources = append(m.Resources, manifest.Resource{
				Type: scopedResourceType, Name: fmt.Sprintf("s%d", i), Provider: "p", DependsOn: after,
				Inputs: map[string]any{"name": "x", "scopeName": "s", "resourceGroupName": "rg"},
			})
		}
		return m
	}
	linttest.Expect(t, chain("s0"), LintRules, "azure-scoped-resources-serial")
	linttest.Expect(t, chain("s1"), LintRules, "azure-scoped-resources-serial") // s0 and s2 are deleted at once
	linttest.Expect(t, chain("s0", "s1"), LintRules, "")
}
