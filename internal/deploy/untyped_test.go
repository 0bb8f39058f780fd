package deploy

import (
	"slices"
	"strings"
	"testing"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/targets/azure"
)

// untypedTypes and untypedFunctions are of hybridcompute and monitor, which have no Go module: no SDK knows their
// inputs, so ARM's published schemas do.
var (
	untypedTypes     = []string{"azure-native:hybridcompute:MachineExtension", "azure-native:hybridcompute:PrivateLinkScope", "azure-native:hybridcompute:PrivateLinkScopedResource", "azure-native:monitor:AzureMonitorWorkspace"}
	untypedFunctions = []string{"azure-native:hybridcompute:getMachine", "azure-native:hybridcompute:getPrivateLinkScope", "azure-native:monitor:getAzureMonitorWorkspace"}
)

// arcParts adds one part of every kind of Azure Arc.
func arcParts(p *azure.Parts) {
	in := func(name string) azure.In {
		return azure.In{ResourceGroup: created("resource-group_japan"), ResourceName: name}
	}
	p.ArcScopes = []azure.ArcScope{{Part: part(azureProvider, "arcscope_arc", 80), In: in("obslink-prod-arc"), Location: "japaneast", PublicNetworkAccess: "Disabled"}}
	p.ExistingArc = []azure.ExistingArc{{Provider: azureProvider, ResourceGroup: "rg-arc", Name: "scope", Location: "japaneast", Origin: at("backends.arc.azureArc.existing", 81)}}
	p.ExistingMachines = []azure.ExistingMachine{{Provider: azureProvider, ResourceGroup: "rg-arc", Name: "web", Location: "japaneast", OS: "linux", Origin: at("sites.home.machines.web.arc", 82)}}
	p.ArcMembers = []azure.ArcMember{{
		Part: part(azureProvider, "arcmember_home_web", 82), In: in("obslink-prod-home-web"), Scope: created("arcscope_arc"),
		Machine: "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-arc/providers/Microsoft.HybridCompute/machines/web",
	}}
	p.Agents = []azure.Agent{{
		Part: part(azureProvider, "agent_home_web", 82), ResourceGroup: "rg-arc", Machine: "web", Location: "japaneast", Type: "AzureMonitorLinuxAgent",
	}}
}

// collectParts adds one part of every kind of data collection.
func collectParts(p *azure.Parts) {
	const group = "resource-group_japan"
	main, old := plan.Ref{Part: p.Workspaces[0].Name}, plan.Ref{Existing: "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-logs/providers/Microsoft.OperationalInsights/workspaces/law-old"}
	endpoint := plan.Ref{Part: p.DataCollectionEndpoints[0].Name}
	p.ExistingTables = []azure.ExistingTable{{Provider: azureProvider, ResourceGroup: "rg-logs", Workspace: "law-old", Name: "Web_CL", Origin: at("backends.logs.azureMonitor.dataCollectionRules.linux", 90)}}
	p.Tables = []azure.Table{{Part: part(azureProvider, "table_logs_main_App-CL", 91), In: azure.In{ResourceGroup: created(group), ResourceName: "App_CL"}, Workspace: main}}
	p.DataCollectionRules = []azure.DataCollectionRule{{
		Part: part(azureProvider, "datacollectionrule_logs_linux", 92), In: azure.In{ResourceGroup: created(group), ResourceName: "obslink-prod-logs-linux"}, Location: "japaneast", Endpoint: endpoint,
		Counters:   []azure.Counters{{Name: "perf-cpu", Stream: "Microsoft-Perf", Specifiers: []string{`Processor(*)\% Processor Time`}, Seconds: 60}},
		Syslog:     []azure.Syslog{{Name: "syslog-system", Stream: "Microsoft-Syslog", Facilities: []string{"auth"}, Levels: []string{"Warning"}}},
		Events:     []azure.Events{{Name: "events-system", Stream: "Microsoft-Event", Queries: []string{"System!*"}}},
		TextLogs:   []azure.TextLog{{Name: "text-app", Stream: "Custom-text-app", Files: []string{"/var/log/app.log"}}},
		Workspaces: []azure.Destination{{Name: "main", Workspace: main}, {Name: "old", Workspace: old}},
		Flows:      []azure.Flow{{Stream: "Microsoft-Perf"}, {Stream: "Microsoft-Syslog"}, {Stream: "Microsoft-Event"}, {Stream: "Custom-text-app", Output: "Custom-App_CL"}},
		Tables:     []string{"table_logs_main_App-CL"},
	}}
	prometheusParts(p)
	const web = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-arc/providers/Microsoft.HybridCompute/machines/web"
	p.RuleAssociations = []azure.RuleAssociation{
		{Part: part(azureProvider, "ruleassociation_logs_linux_home_web", 93), ResourceName: "obslink-prod-logs-linux", Machine: web, Rule: created("datacollectionrule_logs_linux")},
		{Part: part(azureProvider, "endpointassociation_home_web", 93), ResourceName: "configurationAccessEndpoint", Machine: web, Endpoint: endpoint},
	}
}

// prometheusParts adds an Azure Monitor workspace with its rule and query endpoint.
func prometheusParts(p *azure.Parts) {
	in := func(name string) azure.In {
		return azure.In{ResourceGroup: created("resource-group_japan"), ResourceName: name}
	}
	amw := created("prometheusworkspace_logs_apps")
	p.PrometheusWorkspaces = []azure.PrometheusWorkspace{{Part: part(azureProvider, amw.Part, 94), In: in("obslink-prod-logs-apps"), Location: "japaneast"}}
	p.DataCollectionRules = append(p.DataCollectionRules, azure.DataCollectionRule{
		Part: part(azureProvider, "datacollectionrule_logs_prometheus_apps", 94), In: in("obslink-prod-logs-apps_prometheus"), Location: "japaneast",
		Endpoint: plan.Ref{Part: p.DataCollectionEndpoints[0].Name}, Forwarder: "prometheus", Accounts: []azure.Destination{{Name: "apps", Workspace: amw}},
		Flows: []azure.Flow{{Stream: "Microsoft-PrometheusMetrics"}},
	})
	query := p.PrivateEndpoints[0]
	query.Part, query.In, query.NIC = part(azureProvider, "endpoint_logs_japan_prometheus_apps", 94), in("obslink-prod-logs-japan-prometheus-apps"), "obslink-prod-logs-japan-prometheus-apps-nic"
	query.Scope, query.GroupID, query.ScopedResources, query.Pinned = amw, "prometheusMetrics", nil, nil
	p.PrivateEndpoints = append(p.PrivateEndpoints, query)
	p.ExistingMonitored = append(p.ExistingMonitored, azure.ExistingMonitored{
		Kind: "prometheusworkspace", Provider: azureProvider, ResourceGroup: "rg-logs", Name: "amw", Location: "japaneast", Host: "amw-a1b2", Origin: at("backends.logs.azureMonitor.amw", 95),
	})
}

// TestUntypedInputsAreARMs: every untyped type is registered, and what the program sends is what ARM
// publishes; an input that is not is found.
func TestUntypedInputsAreARMs(t *testing.T) {
	m := record(t, everyPart())
	tried := map[string]bool{}
	for i := range m.Resources {
		r := &m.Resources[i]
		if !slices.Contains(untypedTypes, r.Type) {
			continue
		}
		tried[r.Type] = true
		if found := armFindings(m, r.Name); len(found) > 0 {
			t.Errorf("%s: %v", r.Name, found)
		}
		r.Inputs["publicNetworkAcces"] = "Disabled"
		if len(armFindings(m, r.Name)) == 0 {
			t.Errorf("%s: a misspelt input is not found", r.Type)
		}
		delete(r.Inputs, "publicNetworkAcces")
	}
	if len(tried) != len(untypedTypes) {
		t.Errorf("tried %v, want %v", tried, untypedTypes)
	}
}

func armFindings(m *manifest.Manifest, name string) []string {
	var found []string
	for _, f := range manifest.Lint(m, azure.LintRules) {
		if f.Rule == "azure-arm-schema" && strings.Contains(f.String(), name) {
			found = append(found, f.String())
		}
	}
	return found
}
