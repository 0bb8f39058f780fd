package azure

import (
	"testing"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/manifest/linttest"
)

// collected is a manifest with a rule, its endpoint and workspace, and both associations of a machine.
func collected() *manifest.Manifest {
	in := map[string]any{"location": "japaneast"}
	return &manifest.Manifest{Resources: []manifest.Resource{
		{Type: scopeType, Name: "scope", Inputs: map[string]any{}},
		{Type: workspaceType, Name: "workspace", Inputs: map[string]any{"location": "japaneast"}},
		{Type: collectorType, Name: "endpoint", Inputs: in},
		{Type: ruleType, Name: "rule", Inputs: map[string]any{
			"location": "japaneast", "dataCollectionEndpointId": "${endpoint.id}",
			"dataSources": map[string]any{
				"syslog":   []any{map[string]any{"name": "syslog", "streams": []any{streamSyslog}}},
				"logFiles": []any{map[string]any{"name": "app", "streams": []any{"Custom-app"}}},
			},
			"streamDeclarations": map[string]any{"Custom-app": map[string]any{}},
			"destinations":       map[string]any{"logAnalytics": []any{map[string]any{"name": "main", "workspaceResourceId": "${workspace.id}"}}},
			"dataFlows":          []any{map[string]any{"streams": []any{streamSyslog, "Custom-app"}, "destinations": []any{"main"}}},
		}},
		{Type: associationType, Name: "follows", Inputs: map[string]any{"associationName": "rule", "dataCollectionRuleId": "${rule.id}"}},
		{Type: associationType, Name: "fetches", Inputs: map[string]any{"associationName": configurationAccess, "dataCollectionEndpointId": "${endpoint.id}"}},
	}}
}

// TestLintCollection: each mistake alone is found by its rule.
func TestLintCollection(t *testing.T) {
	inputs := func(m *manifest.Manifest, name string) map[string]any {
		for _, r := range m.Resources {
			if r.Name == name {
				return r.Inputs
			}
		}
		return nil
	}
	for _, test := range []struct {
		rule   string
		change func(*manifest.Manifest)
	}{
		{"", func(*manifest.Manifest) {}},
		{"azure-rule-endpoint", func(m *manifest.Manifest) { delete(inputs(m, "rule"), "dataCollectionEndpointId") }},
		{"azure-rule-region", func(m *manifest.Manifest) { inputs(m, "endpoint")["location"] = "japanwest" }},
		{"azure-rule-region", func(m *manifest.Manifest) { inputs(m, "workspace")["location"] = "japanwest" }},
		{"azure-rule-flows", func(m *manifest.Manifest) { delete(inputs(m, "rule"), "streamDeclarations") }},
		{"azure-rule-flows", func(m *manifest.Manifest) { delete(inputs(m, "rule")["dataSources"].(map[string]any), "syslog") }},
		{"azure-rule-flows", func(m *manifest.Manifest) {
			inputs(m, "rule")["dataFlows"].([]any)[0].(map[string]any)["streams"] = []any{"Custom-app"}
		}},
		{"azure-rule-flows", func(m *manifest.Manifest) {
			inputs(m, "rule")["dataFlows"].([]any)[0].(map[string]any)["destinations"] = []any{"mian"}
		}},
		{"azure-association-name", func(m *manifest.Manifest) { inputs(m, "fetches")["associationName"] = "dce" }},
		{"azure-association-name", func(m *manifest.Manifest) { inputs(m, "follows")["associationName"] = configurationAccess }},
		{"azure-association-name", func(m *manifest.Manifest) { delete(inputs(m, "follows"), "dataCollectionRuleId") }},
	} {
		m := collected()
		test.change(m)
		linttest.Expect(t, m, collectRules, test.rule)
	}
}
