package program

import (
	"github.com/pulumi/pulumi-azure-native-sdk/insights/v2"
	"github.com/pulumi/pulumi-azure-native-sdk/operationalinsights/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// registerWorkspaces always says what comes in from outside of the scope's networks: the scope's own
// mode does not (facts/azure.md 1.12, 1.14).
func (r *Run) registerWorkspaces() error {
	for _, w := range r.parts.Workspaces {
		workspace, err := operationalinsights.NewWorkspace(r.Ctx, w.Name, &operationalinsights.WorkspaceArgs{
			ResourceGroupName:               r.group(w.ResourceGroup),
			WorkspaceName:                   pulumi.String(w.ResourceName),
			Location:                        pulumi.String(w.Location),
			Sku:                             operationalinsights.WorkspaceSkuArgs{Name: pulumi.String("PerGB2018")},
			RetentionInDays:                 pulumi.Int(w.RetentionDays),
			PublicNetworkAccessForIngestion: pulumi.String(w.Public.Ingestion),
			PublicNetworkAccessForQuery:     pulumi.String(w.Public.Query),
			Tags:                            r.tags(),
		}, r.options(w.Part))
		if err != nil {
			return err
		}
		r.Keep(w.Name, workspace)
	}
	return nil
}

// registerComponents exports each connection string: it alone says which stamp takes a component's data
// in. azure.Values reads it. Its instrumentation key is no secret (learn: connection-strings, 2025).
func (r *Run) registerComponents() error {
	for _, c := range r.parts.Components {
		component, err := insights.NewComponent(r.Ctx, c.Name, &insights.ComponentArgs{
			ResourceGroupName:               r.group(c.ResourceGroup),
			ResourceName:                    pulumi.String(c.ResourceName),
			Location:                        pulumi.String(c.Location),
			Kind:                            pulumi.String(c.Kind),
			ApplicationType:                 pulumi.String("web"),
			IngestionMode:                   pulumi.String("LogAnalytics"),
			WorkspaceResourceId:             r.ID(c.Workspace),
			PublicNetworkAccessForIngestion: pulumi.String(c.Public.Ingestion),
			PublicNetworkAccessForQuery:     pulumi.String(c.Public.Query),
			Tags:                            r.tags(),
		}, r.options(c.Part))
		if err != nil {
			return err
		}
		r.Keep(c.Name, component)
		r.Ctx.Export(c.Name, component.ConnectionString)
	}
	return nil
}

// registerDataCollectionEndpoints exports where each takes logs in: Azure adds four characters to its
// name there. azure.Values reads it.
func (r *Run) registerDataCollectionEndpoints() error {
	for _, e := range r.parts.DataCollectionEndpoints {
		endpoint, err := insights.NewDataCollectionEndpoint(r.Ctx, e.Name, &insights.DataCollectionEndpointArgs{
			ResourceGroupName:          r.group(e.ResourceGroup),
			DataCollectionEndpointName: pulumi.String(e.ResourceName),
			Location:                   pulumi.String(e.Location),
			NetworkAcls:                insights.DataCollectionEndpointNetworkAclsArgs{PublicNetworkAccess: pulumi.String(e.Public)},
			Tags:                       r.tags(),
		}, r.options(e.Part))
		if err != nil {
			return err
		}
		r.Keep(e.Name, endpoint)
		r.Ctx.Export(e.Name, endpoint.LogsIngestion)
	}
	return nil
}
