package azure

import (
	"testing"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/manifest/linttest"
)

// TestLintServiceZones: only zones of private link know a redirect, and a zone that holds names of many
// hosts needs a wildcard.
func TestLintServiceZones(t *testing.T) {
	const zone = "agent.us3.datadoghq.com"
	made := func(policy, relative string) *manifest.Manifest {
		return &manifest.Manifest{Resources: []manifest.Resource{
			{Type: zoneType, Name: "zone", Inputs: map[string]any{"privateZoneName": zone}},
			{Type: linkType, Name: "link", Inputs: map[string]any{"privateZoneName": "${zone.name}", "resolutionPolicy": policy}},
			{Type: recordType, Name: "record", Inputs: map[string]any{"privateZoneName": "${zone.name}", "relativeRecordSetName": relative}},
		}}
	}
	for _, test := range []struct{ policy, relative, rule string }{
		{"Default", "*", ""},
		{"Default", "@", "azure-zone-parent"},
	} {
		var rules []manifest.Rule
		for _, r := range LintRules {
			if r.Name == "azure-nx-domain-redirect" || r.Name == "azure-zone-parent" {
				rules = append(rules, r)
			}
		}
		linttest.Expect(t, made(test.policy, test.relative), rules, test.rule)
	}
}
