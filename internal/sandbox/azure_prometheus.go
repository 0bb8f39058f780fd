package sandbox

import "strings"

const (
	prometheusToken = "azure-native:monitor:AzureMonitorWorkspace"
	prometheusType  = "Microsoft.Monitor/accounts"
)

// azurePrometheusTypes are the Azure Monitor workspaces, which keep Prometheus metrics. publicNetworkAccess is no input: the API of
// 2023-04-03 only reads it (Azure/bicep-types-az, microsoft.monitor/2023-04-03).
func azurePrometheusTypes() []resourceType {
	return []resourceType{{
		token:    prometheusToken,
		required: []string{"resourceGroupName"},
		inputs:   []string{"azureMonitorWorkspaceName", "location", "tags"},
		autoname: "azureMonitorWorkspaceName", naming: eightHex,
		replace: []string{"resourceGroupName", "azureMonitorWorkspaceName", "location"},
		hidden:  []string{"resourceGroupName", "azureMonitorWorkspaceName"},
		computed: []string{"name", "type", "accountId", "etag", "metrics", "provisioningState", "publicNetworkAccess", "privateEndpointConnections",
			"systemData"},
		id: func(c *call) string {
			return armID(c.who.account, c.str("resourceGroupName"), prometheusType, c.str("azureMonitorWorkspaceName"))
		},
		create:  createPrometheus,
		refresh: refreshPrometheus,
	}}
}

// createPrometheus adds a few characters to the name, for a host that nobody else has (private-link-azure-monitor-workspace, 2025-08).
func createPrometheus(c *call) (*Object, error) {
	unique := c.unique()
	o, err := c.armObject(prometheusType, regional, map[string]any{"accountId": guid(unique...), "etag": etag(unique[0]), "publicNetworkAccess": "Enabled"})
	if err != nil {
		return nil, err
	}
	return o.with(prometheusHost(o, strings.ToLower(o.Name)+"-"+digest(unique...)[:4])), nil
}

// prometheusHost is where a workspace is asked.
func prometheusHost(o *Object, host string) map[string]any {
	return map[string]any{"_host": host, "metrics": map[string]any{"internalId": "mac_" + guid(o.ID),
		"prometheusQueryEndpoint": "https://" + host + "." + o.Region + ".prometheus.monitor.azure.com"}}
}

func refreshPrometheus(c *call, o *Object) (map[string]any, map[string]any) {
	connections := []any{}
	for _, e := range c.of(o, endpointTypeToken) {
		connections = append(connections, map[string]any{"id": o.ID + "/privateEndpointConnections/" + e.Name, "name": e.Name})
	}
	return nil, map[string]any{"privateEndpointConnections": connections}
}

// prometheusMembers is the one name of a query endpoint; the member's own is the group's, as for other services with one (inferred).
func prometheusMembers(_ *call, o *Object, _ string) []member {
	return []member{{"prometheusMetrics", []string{o.attr("_host") + "." + o.Region + ".prometheus.monitor.azure.com"}}}
}
