package program

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/pulumi/pulumi-azure-native-sdk/insights/v2"
	"github.com/pulumi/pulumi-azure-native-sdk/operationalinsights/v2"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/targets/azure"
	"github.com/obslink/obslink/targets/register"
)

// monitoredLookup is how one kind of resource of a scope is looked up.
type monitoredLookup struct {
	function string
	// name is the argument that holds its name; what and host say in a message what it and its host are.
	name, what, host string
	// ask returns what is there.
	ask func(r *Run, m azure.ExistingMonitored) (is, error)
	// expected are the outputs of a look-up that ask reads, as the topology says them.
	expected func(m azure.ExistingMonitored) map[string]any
}

// is a resource of a scope as Azure says it.
type is struct {
	location, host string
	public         azure.Access
}

// monitoredLookups are by kind.
var monitoredLookups = map[string]monitoredLookup{
	"workspace": {
		function: "azure-native:operationalinsights:getWorkspace", name: "workspaceName", what: "workspace", host: "customerId", ask: askWorkspace,
		expected: func(m azure.ExistingMonitored) map[string]any {
			return byNetwork(m, map[string]any{"customerId": m.Host})
		},
	},
	"component": {
		function: "azure-native:insights:getComponent", name: "resourceName", what: "component", host: "stamp", ask: askComponent,
		expected: func(m azure.ExistingMonitored) map[string]any {
			return byNetwork(m, map[string]any{"connectionString": azure.ConnectionString(m.Cloud, m.Host)})
		},
	},
	"datacollectionendpoint": {
		function: "azure-native:insights:getDataCollectionEndpoint", name: "dataCollectionEndpointName", what: "data collection endpoint", host: "host", ask: askCollector,
		expected: func(m azure.ExistingMonitored) map[string]any {
			expected := map[string]any{"logsIngestion": map[string]any{"endpoint": azure.CollectorURL(m.Cloud, m.Host)}}
			if m.Public.Ingestion != "" {
				expected["networkAcls"] = map[string]any{"publicNetworkAccess": m.Public.Ingestion}
			}
			return expected
		},
	},
	"prometheusworkspace": {
		function: getPrometheus, name: "azureMonitorWorkspaceName", what: "Azure Monitor workspace", host: "query", ask: askPrometheus,
		expected: func(m azure.ExistingMonitored) map[string]any {
			return map[string]any{"metrics": map[string]any{"prometheusQueryEndpoint": azure.QueryURL(m.Host, m.Location)}}
		},
	},
}

// byNetwork adds what the topology says of public access.
func byNetwork(m azure.ExistingMonitored, expected map[string]any) map[string]any {
	if m.Public.Ingestion != "" {
		expected["publicNetworkAccessForIngestion"] = m.Public.Ingestion
	}
	if m.Public.Query != "" {
		expected["publicNetworkAccessForQuery"] = m.Public.Query
	}
	return expected
}

func (r *Run) lookUpMonitored(m azure.ExistingMonitored) diag.List {
	look := monitoredLookups[m.Kind]
	what := fmt.Sprintf("%s %q", look.what, m.Name)
	got, err := look.ask(r, m)
	if err != nil {
		return register.Failed(m.Origin, what, r.place(m.ResourceGroup, m.Provider), err)
	}
	var found diag.List
	if !sameLocation(got.location, m.Location) {
		found = append(found, differs(m.Origin, "%s is in %q, the topology says %q", what, got.location, m.Location).WithHint("write region: %q", got.location))
	}
	if !strings.EqualFold(got.host, m.Host) {
		found = append(found, differs(m.Origin, "%s has the %s %q, the topology says %q", what, look.host, got.host, m.Host).WithHint("write %s: %q", look.host, got.host))
	}
	for _, side := range []struct{ word, has, says string }{{"ingestion", got.public.Ingestion, m.Public.Ingestion}, {"queries", got.public.Query, m.Public.Query}} {
		if side.says != "" && side.has != side.says {
			found = append(found, differs(m.Origin, "%s has public network access for %s %s, the topology says %s", what, side.word, side.has, side.says).
				WithHint("write %q, or change it in Azure: obslink changes nothing of what is existing", side.has))
		}
	}
	return found
}

// said is an access that ARM leaves out where nobody changed it.
func said(access *string) string { return cmp.Or(value(access), "Enabled") }

func askWorkspace(r *Run, m azure.ExistingMonitored) (is, error) {
	got, err := operationalinsights.LookupWorkspace(r.Ctx, &operationalinsights.LookupWorkspaceArgs{
		ResourceGroupName: m.ResourceGroup, WorkspaceName: m.Name,
	}, r.Through(m.Provider))
	if err != nil {
		return is{}, err
	}
	return is{got.Location, got.CustomerId, azure.Access{Ingestion: said(got.PublicNetworkAccessForIngestion), Query: said(got.PublicNetworkAccessForQuery)}}, nil
}

func askComponent(r *Run, m azure.ExistingMonitored) (is, error) {
	got, err := insights.LookupComponent(r.Ctx, &insights.LookupComponentArgs{
		ResourceGroupName: m.ResourceGroup, ResourceName: m.Name,
	}, r.Through(m.Provider))
	if err != nil {
		return is{}, err
	}
	stamp, err := azure.StampOf(got.ConnectionString)
	return is{got.Location, stamp, azure.Access{Ingestion: said(got.PublicNetworkAccessForIngestion), Query: said(got.PublicNetworkAccessForQuery)}}, err
}

func askCollector(r *Run, m azure.ExistingMonitored) (is, error) {
	got, err := insights.LookupDataCollectionEndpoint(r.Ctx, &insights.LookupDataCollectionEndpointArgs{
		ResourceGroupName: m.ResourceGroup, DataCollectionEndpointName: m.Name,
	}, r.Through(m.Provider))
	if err != nil {
		return is{}, err
	}
	found := is{location: got.Location}
	if got.NetworkAcls != nil {
		found.public.Ingestion = said(got.NetworkAcls.PublicNetworkAccess)
	}
	if got.LogsIngestion != nil {
		found.host, err = azure.CollectorHost(got.LogsIngestion.Endpoint)
	}
	return found, err
}

// lookUpScope compares the modes of a scope, by which names reach what is not in it.
func (r *Run) lookUpScope(s azure.ExistingScope) diag.List {
	what := fmt.Sprintf("private link scope %q", s.Name)
	got, err := insights.LookupPrivateLinkScope(r.Ctx, &insights.LookupPrivateLinkScopeArgs{
		ResourceGroupName: s.ResourceGroup, ScopeName: s.Name,
	}, r.Through(s.Provider))
	if err != nil {
		return register.Failed(s.Origin, what, r.place(s.ResourceGroup, s.Provider), err)
	}
	var found diag.List
	for _, side := range []struct{ word, has, says string }{
		{"ingestion", got.AccessModeSettings.IngestionAccessMode, s.Ingestion}, {"query", got.AccessModeSettings.QueryAccessMode, s.Query},
	} {
		if side.has != side.says {
			found = append(found, differs(s.Origin, "%s has the %s access mode %s, the topology says %s", what, side.word, side.has, side.says).
				WithHint("write %s: %q, or change it in Azure: obslink changes nothing of what is existing", side.word, side.has))
		}
	}
	return found
}
