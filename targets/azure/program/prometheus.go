package program

import (
	"fmt"

	"github.com/pulumi/pulumi-azure-native-sdk/insights/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/obslink/obslink/targets/azure"
)

// Tokens of Microsoft.Monitor, which untyped.go registers and looks up.
const (
	prometheusType = "azure-native:monitor:AzureMonitorWorkspace"
	getPrometheus  = "azure-native:monitor:getAzureMonitorWorkspace"
)

// prometheusWorkspace is the registered resource. Metrics holds where it is asked; azure.Values reads it.
type prometheusWorkspace struct {
	pulumi.CustomResourceState
	Name      pulumi.StringOutput `pulumi:"name"`
	AccountID pulumi.StringOutput `pulumi:"accountId"`
	Metrics   pulumi.AnyOutput    `pulumi:"metrics"`
}

// registerPrometheus says nothing of public network access: the API of 2023-04-03, which azure-native 2.90.0
// speaks, only reads it (Azure/bicep-types-az, microsoft.monitor/2023-04-03).
func (r *Run) registerPrometheus() error {
	for _, w := range r.parts.PrometheusWorkspaces {
		workspace := &prometheusWorkspace{}
		err := r.untypedAs(workspace, prometheusType, w.Name, pulumi.Map{
			"resourceGroupName":         r.group(w.ResourceGroup),
			"azureMonitorWorkspaceName": pulumi.String(w.ResourceName),
			"location":                  pulumi.String(w.Location),
			"tags":                      r.tags(),
		}, r.options(w.Part))
		if err != nil {
			return err
		}
		r.Ctx.Export(w.Name, workspace.Metrics)
	}
	return nil
}

// lastsWith replaces the endpoint of a workspace with it: one that is made anew has the same id, and the connection to
// the former one is dead (private-endpoint-overview: Disconnected).
func (r *Run) lastsWith(e azure.PrivateEndpoint) []pulumi.ResourceOption {
	if e.Scope.Part == "" {
		return nil
	}
	if workspace, ok := r.Resource(e.Scope.Part).(*prometheusWorkspace); ok {
		return []pulumi.ResourceOption{pulumi.ReplacementTrigger(workspace.AccountID)}
	}
	return nil
}

// forward completes a rule for Prometheus metrics, and has its id read: writers name it.
func (r *Run) forward(d azure.DataCollectionRule, args *insights.DataCollectionRuleArgs) {
	args.DataSources = insights.DataCollectionRuleDataSourcesArgs{PrometheusForwarder: insights.PrometheusForwarderDataSourceArray{
		insights.PrometheusForwarderDataSourceArgs{Name: pulumi.String(d.Forwarder), Streams: texts(d.Flows[0].Stream)},
	}}
	var accounts insights.MonitoringAccountDestinationArray
	for _, a := range d.Accounts {
		accounts = append(accounts, insights.MonitoringAccountDestinationArgs{Name: pulumi.String(a.Name), AccountResourceId: r.ID(a.Workspace)})
	}
	args.Destinations = insights.DataCollectionRuleDestinationsArgs{MonitoringAccounts: accounts}
}

// askPrometheus asks for an Azure Monitor workspace.
func askPrometheus(r *Run, m azure.ExistingMonitored) (is, error) {
	args := struct {
		ResourceGroupName         string `pulumi:"resourceGroupName"`
		AzureMonitorWorkspaceName string `pulumi:"azureMonitorWorkspaceName"`
	}{m.ResourceGroup, m.Name}
	var got struct {
		Location string            `pulumi:"location"`
		Metrics  map[string]string `pulumi:"metrics"`
	}
	if err := r.ask(getPrometheus, &args, &got, m.Provider); err != nil {
		return is{}, err
	}
	host, err := azure.QueryHost(got.Metrics["prometheusQueryEndpoint"], got.Location)
	if err != nil {
		return is{}, fmt.Errorf("its query endpoint: %w", err)
	}
	return is{location: got.Location, host: host}, nil
}
