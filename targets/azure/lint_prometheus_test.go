package azure

import (
	"testing"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/manifest/linttest"
)

// TestLintPrometheus: each mistake alone is found by its rule.
func TestLintPrometheus(t *testing.T) {
	const workspace, endpoint, zone, rule = 0, 1, 3, 4
	made := func() *manifest.Manifest {
		return &manifest.Manifest{Resources: []manifest.Resource{
			{Type: prometheusType, Name: "amw", Inputs: map[string]any{"location": "Japan East"}},
			{Type: endpointType, Name: "endpoint", ReplacementTrigger: "${amw.accountId}", Inputs: map[string]any{
				"privateLinkServiceConnections": []any{map[string]any{"privateLinkServiceId": "${amw.id}"}},
			}},
			{Type: zoneGroupType, Name: "group", Inputs: map[string]any{
				"privateEndpointName": "${endpoint.name}", "privateDnsZoneConfigs": []any{map[string]any{"privateDnsZoneId": "${zone.id}"}},
			}},
			{Type: zoneType, Name: "zone", Inputs: map[string]any{"privateZoneName": "privatelink.japaneast.prometheus.monitor.azure.com"}},
			{Type: ruleType, Name: "rule", Inputs: map[string]any{
				"location":     "japaneast",
				"dataSources":  map[string]any{"prometheusForwarder": []any{map[string]any{"name": "p", "streams": []any{streamPrometheus}}}},
				"destinations": map[string]any{"monitoringAccounts": []any{map[string]any{"name": "main", "accountResourceId": "${amw.id}"}}},
				"dataFlows":    []any{map[string]any{"streams": []any{streamPrometheus}, "destinations": []any{"main"}}},
			}},
		}}
	}
	for _, test := range []struct {
		rule   string
		change func(r []manifest.Resource)
	}{
		{"", func([]manifest.Resource) {}},
		{"azure-query-endpoint-replaced", func(r []manifest.Resource) { r[endpoint].ReplacementTrigger = nil }},
		{"azure-query-endpoint-replaced", func(r []manifest.Resource) { r[endpoint].ReplacementTrigger = "${zone.id}" }},
		{"azure-query-zone", func(r []manifest.Resource) { r[zone].Inputs["privateZoneName"] = "privatelink.monitor.azure.com" }},
		{"azure-query-zone", func(r []manifest.Resource) {
			r[workspace].Inputs["location"], r[rule].Inputs["location"] = "japanwest", "japanwest"
		}},
		{"azure-rule-region", func(r []manifest.Resource) { r[rule].Inputs["location"] = "japanwest" }},
		{"azure-rule-flows", func(r []manifest.Resource) { delete(r[rule].Inputs, "dataSources") }},
		{"azure-rule-flows", func(r []manifest.Resource) {
			r[rule].Inputs["dataFlows"].([]any)[0].(map[string]any)["destinations"] = []any{"mian"}
		}},
	} {
		m := made()
		test.change(m.Resources)
		linttest.Expect(t, m, append(prometheusRules, collectRules...), test.rule)
	}
}
