package azure

import (
	"strings"

	"github.com/obslink/obslink/compiler/manifest"
)

// collectRules are the traps of data collection: Azure takes each of these, and no data comes.
var collectRules = []manifest.Rule{
	{Name: "azure-rule-endpoint", Source: "azure-monitor-agent-network-configuration: with private link every rule uses a data collection endpoint", AsOf: "2026-01", Check: lintRuleEndpoint},
	{Name: "azure-rule-region", Source: "data-collection-endpoint-overview: the endpoint and the workspace are in the rule's region", AsOf: "2026-01", Check: lintRuleRegion},
	{Name: "azure-rule-flows", Source: "data-collection-rule-structure: sources, streams, flows, destinations", AsOf: "2025", Check: lintRuleFlows},
	{Name: "azure-association-name", Source: "data-collection-endpoint-overview: configurationAccessEndpoint", AsOf: "2026-01", Check: lintAssociations},
}

func lintRuleEndpoint(v *manifest.View, report manifest.Report) {
	for _, r := range v.OfType(ruleType) {
		if len(v.OfType(scopeType)) > 0 && r.Text("dataCollectionEndpointId") == "" {
			report(r, "dataCollectionEndpointId", "is not given, and agents behind a private link scope need one")
		}
	}
}

func lintRuleRegion(v *manifest.View, report manifest.Report) {
	for _, r := range v.OfType(ruleType) {
		refs := []any{r.Inputs["dataCollectionEndpointId"]}
		for _, d := range objects(inner(r.Inputs, "destinations", "logAnalytics")) {
			refs = append(refs, d["workspaceResourceId"])
		}
		for _, d := range objects(inner(r.Inputs, "destinations", "monitoringAccounts")) {
			refs = append(refs, d["accountResourceId"])
		}
		for _, ref := range refs {
			if to := v.Referred(ref); to != nil && plainLocation(to.Text("location")) != plainLocation(r.Text("location")) {
				report(r, "location", "is %q, and %s is in %q", r.Text("location"), to.Name, to.Text("location"))
			}
		}
	}
}

// lintRuleFlows: what a source sends is taken by a flow, what a flow takes is sent, and where it goes is said.
func lintRuleFlows(v *manifest.View, report manifest.Report) {
	for _, r := range v.OfType(ruleType) {
		sent, taken, known := map[string]bool{}, map[string]bool{}, map[string]bool{}
		for _, kind := range []string{"performanceCounters", "syslog", "windowsEventLogs", "logFiles", "prometheusForwarder"} {
			for _, source := range objects(inner(r.Inputs, "dataSources", kind)) {
				for _, stream := range texts(source, "", "streams") {
					sent[stream] = true
				}
			}
		}
		for _, kind := range []string{"logAnalytics", "monitoringAccounts"} {
			for _, d := range objects(inner(r.Inputs, "destinations", kind)) {
				name, _ := d["name"].(string)
				known[name] = true
			}
		}
		for _, flow := range objects(r.Inputs["dataFlows"]) {
			for _, stream := range texts(flow, "", "streams") {
				taken[stream] = true
				_, declared := r.Object("streamDeclarations")[stream]
				if !sent[stream] || strings.HasPrefix(stream, streamCustom) && !declared {
					report(r, "dataFlows", "take stream %q, which no source sends or which is not declared", stream)
				}
			}
			for _, name := range texts(flow, "", "destinations") {
				if !known[name] {
					report(r, "dataFlows", "go to %q, which is no destination", name)
				}
			}
		}
		for _, stream := range keysOf(sent) {
			if !taken[stream] {
				report(r, "dataSources", "send to stream %q, which no flow takes", stream)
			}
		}
	}
}

func lintAssociations(v *manifest.View, report manifest.Report) {
	for _, r := range v.OfType(associationType) {
		named := strings.EqualFold(r.Text("associationName"), configurationAccess)
		if endpoint := r.Text("dataCollectionEndpointId") != ""; endpoint != named || endpoint == (r.Text("dataCollectionRuleId") != "") {
			report(r, "associationName", "%q: an endpoint is associated as %s and nothing else is", r.Text("associationName"), configurationAccess)
		}
	}
}

// objects are the elements of a list of objects.
func objects(value any) []map[string]any {
	list, _ := value.([]any)
	var all []map[string]any
	for _, element := range list {
		if object, ok := element.(map[string]any); ok {
			all = append(all, object)
		}
	}
	return all
}
