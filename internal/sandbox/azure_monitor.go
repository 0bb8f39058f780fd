package sandbox

import (
	"slices"
	"strings"
)

const (
	workspaceToken      = "azure-native:operationalinsights:Workspace"
	scopeToken          = "azure-native:insights:PrivateLinkScope"
	scopedResourceToken = "azure-native:insights:PrivateLinkScopedResource"
	collectorToken      = "azure-native:insights:DataCollectionEndpoint"
	componentToken      = "azure-native:insights:Component"
	scopeType           = "Microsoft.Insights/privateLinkScopes"
	workspaceType       = "Microsoft.OperationalInsights/workspaces"
	collectorType       = "Microsoft.Insights/dataCollectionEndpoints"
	componentType       = "Microsoft.Insights/components"
)

// azureMonitorTypes are the scope and what it needs first.
func azureMonitorTypes() []resourceType {
	return []resourceType{
		{
			token:    workspaceToken,
			required: []string{"resourceGroupName"},
			inputs: []string{"workspaceName", "location", "sku", "retentionInDays", "publicNetworkAccessForIngestion", "publicNetworkAccessForQuery",
				"features", "tags", "workspaceCapping", "forceCmkForQuery"},
			defaults: map[string]any{"publicNetworkAccessForIngestion": "Enabled", "publicNetworkAccessForQuery": "Enabled"},
			autoname: "workspaceName", naming: eightHex,
			replace:  []string{"resourceGroupName", "workspaceName", "location"},
			hidden:   []string{"resourceGroupName", "workspaceName"},
			computed: []string{"name", "type", "customerId", "createdDate", "modifiedDate", "etag", "provisioningState", "privateLinkScopedResources", "systemData"},
			id: func(c *call) string {
				return armID(c.who.account, c.str("resourceGroupName"), workspaceType, c.str("workspaceName"))
			},
			create:  createWorkspace,
			remove:  removeMonitored,
			refresh: refreshMonitored,
		},
		{
			token:    scopeToken,
			required: []string{"resourceGroupName", "accessModeSettings"},
			inputs:   []string{"scopeName", "location", "tags"},
			autoname: "scopeName", naming: eightHex,
			replace:  []string{"resourceGroupName", "scopeName", "location"},
			hidden:   []string{"resourceGroupName", "scopeName"},
			computed: []string{"name", "type", "provisioningState", "privateEndpointConnections", "systemData"},
			id: func(c *call) string {
				return armID(c.who.account, c.str("resourceGroupName"), scopeType, c.str("scopeName"))
			},
			create:  createScope,
			update:  updateScope,
			remove:  removeScope,
			refresh: refreshScope,
		},
		{
			token:    scopedResourceToken,
			required: []string{"resourceGroupName", "scopeName"},
			inputs:   []string{"name", "linkedResourceId"},
			autoname: "name",
			replace:  []string{"resourceGroupName", "scopeName", "name", "linkedResourceId"},
			hidden:   []string{"resourceGroupName", "scopeName"},
			computed: []string{"name", "type", "provisioningState", "systemData"},
			id: func(c *call) string {
				return armID(c.who.account, c.str("resourceGroupName"), scopeType+"/scopedResources", c.str("scopeName"), c.str("name"))
			},
			create: createScopedResource,
			remove: removeScopedResource,
		},
	}
}

// azureSourceTypes are what sends data to a workspace through a scope.
func azureSourceTypes() []resourceType {
	return []resourceType{
		{
			token:    collectorToken,
			required: []string{"resourceGroupName"},
			inputs:   []string{"dataCollectionEndpointName", "location", "kind", "networkAcls", "description", "tags"},
			autoname: "dataCollectionEndpointName", naming: eightHex,
			replace:  []string{"resourceGroupName", "dataCollectionEndpointName", "location"},
			hidden:   []string{"resourceGroupName", "dataCollectionEndpointName"},
			computed: []string{"name", "type", "etag", "immutableId", "provisioningState", "configurationAccess", "logsIngestion", "metricsIngestion", "privateLinkScopedResources", "systemData"},
			id: func(c *call) string {
				return armID(c.who.account, c.str("resourceGroupName"), collectorType, c.str("dataCollectionEndpointName"))
			},
			create:  createCollector,
			remove:  removeMonitored,
			refresh: refreshMonitored,
		},
		{
			token:    componentToken,
			required: []string{"resourceGroupName", "kind"},
			inputs: []string{"resourceName", "location", "applicationType", "workspaceResourceId", "ingestionMode", "publicNetworkAccessForIngestion",
				"publicNetworkAccessForQuery", "disableLocalAuth", "retentionInDays", "disableIpMasking", "samplingPercentage", "flowType", "requestSource", "tags"},
			defaults: map[string]any{"applicationType": "web", "ingestionMode": "LogAnalytics",
				"publicNetworkAccessForIngestion": "Enabled", "publicNetworkAccessForQuery": "Enabled"},
			autoname: "resourceName", naming: eightHex,
			replace:  []string{"resourceGroupName", "resourceName", "location"},
			hidden:   []string{"resourceGroupName", "resourceName"},
			computed: []string{"name", "type", "appId", "applicationId", "connectionString", "instrumentationKey", "creationDate", "tenantId", "provisioningState", "privateLinkScopedResources"},
			id: func(c *call) string {
				return armID(c.who.account, c.str("resourceGroupName"), componentType, c.str("resourceName"))
			},
			create:  createComponent,
			remove:  removeMonitored,
			refresh: refreshMonitored,
		},
	}
}

func createWorkspace(c *call) (*Object, error) {
	unique := c.unique()
	return c.armObject(workspaceType, regional, map[string]any{"customerId": guid(unique...), "etag": etag(unique[0])})
}

func createCollector(c *call) (*Object, error) {
	unique := c.unique()
	o, err := c.armObject(collectorType, regional, map[string]any{"etag": etag(unique[0]),
		"immutableId": "dce-" + digest(unique...)[:32]})
	if err != nil {
		return nil, err
	}
	o.Attributes = merged(o.Attributes, collectorHosts(o.Region, strings.ToLower(o.Name)+"-"+digest(unique...)[:4]+"."+o.Region+"-1"))
	return o, nil
}

// collectorHosts are the three hosts of a data collection endpoint (facts/ampls_dns.json).
func collectorHosts(region, host string) map[string]any {
	out := map[string]any{}
	for k, suffix := range map[string]string{"configurationAccess": ".handler.control", "logsIngestion": ".ingest", "metricsIngestion": ".metrics.ingest"} {
		out[k] = map[string]any{"endpoint": "https://" + spelled(region, host+suffix+".monitor.azure.com")}
	}
	return out
}

func createComponent(c *call) (*Object, error) {
	unique := c.unique()
	o, err := c.armObject(componentType, regional, nil)
	if err != nil {
		return nil, err
	}
	workspace := c.str("workspaceResourceId")
	switch {
	case workspace == "" && c.str("ingestionMode") == "LogAnalytics":
		return nil, no("azure-component-kind")
	case workspace != "" && c.arm(workspaceToken, workspace) == nil:
		return nil, no("azure-reference", workspace, o.ID)
	}
	key, app := guid(append(unique, "key")...), guid(append(unique, "app")...)
	o.Attributes = merged(o.Attributes, map[string]any{"appId": app, "applicationId": o.Name, "instrumentationKey": key, "tenantId": guid("tenant", c.who.account)})
	o.Attributes = merged(o.Attributes, componentHosts(o, o.Region+"-"+itoa(pick(2, unique...))))
	return o, nil
}

// componentHosts are the hosts of a component: of its stamp, and of its region (facts/ampls_dns.json).
func componentHosts(o *Object, stamp string) map[string]any {
	return map[string]any{
		"connectionString": "InstrumentationKey=" + o.attr("instrumentationKey") + ";IngestionEndpoint=https://" +
			spelled(o.Region, stamp+".in.applicationinsights.azure.com") + "/;LiveEndpoint=https://" + spelled(o.Region, o.Region+".livediagnostics.monitor.azure.com") + "/;ApplicationId=" + o.attr("appId"),
		"_ingestion": spelled(o.Region, stamp+".in.ai.monitor.azure.com"),
		"_live":      spelled(o.Region, o.Region+".livediagnostics.monitor.azure.com"),
	}
}

// removeMonitored: what is in a scope must leave it first (facts/azure.md §1.17).
func removeMonitored(c *call) error {
	for _, s := range c.of(c.old, scopedResourceToken) {
		return no("azure-still-scoped", c.old.ID, parentOf(s.ID))
	}
	return nil
}

func refreshMonitored(c *call, o *Object) (map[string]any, map[string]any) {
	scoped := []any{}
	for _, s := range c.of(o, scopedResourceToken) {
		scoped = append(scoped, map[string]any{"resourceId": s.ID, "scopeId": parentOf(s.ID)})
	}
	return nil, map[string]any{"privateLinkScopedResources": scoped}
}

func (c *call) accessModes() error {
	m := sub(c.in, "accessModeSettings")
	for _, k := range []string{"ingestionAccessMode", "queryAccessMode"} {
		if !slices.Contains([]string{"Open", "PrivateOnly"}, str(m, k)) {
			return no("azure-access-mode")
		}
		for _, e := range maps(m, "exclusions") { // whether there is such a connection is not looked at (facts/azure.md §1.4)
			if !slices.Contains([]string{"Open", "PrivateOnly"}, str(e, k)) || str(e, "privateEndpointConnectionName") == "" {
				return no("azure-access-mode")
			}
		}
	}
	return nil
}

func createScope(c *call) (*Object, error) {
	if err := c.accessModes(); err != nil {
		return nil, err
	}
	return c.armObject(scopeType, global, nil)
}

func updateScope(c *call) (*Object, error) { return c.old.with(nil), c.accessModes() }

func removeScope(c *call) error {
	for _, o := range c.inside(c.old) {
		if o.Type == scopedResourceToken {
			return no("azure-scope-in-use", c.old.Name, "scoped resource "+o.Name)
		}
		if o.Type == endpointTypeToken {
			return no("azure-scope-in-use", c.old.Name, "private endpoint "+o.ID)
		}
	}
	return nil
}

func refreshScope(c *call, o *Object) (map[string]any, map[string]any) {
	connections := []any{}
	for _, e := range c.of(o, endpointTypeToken) {
		name := e.Name + "." + e.attr("_connection")
		connections = append(connections, map[string]any{"id": o.ID + "/privateEndpointConnections/" + name, "name": name,
			"type": scopeType + "/privateEndpointConnections", "privateEndpoint": map[string]any{"id": e.ID}, "provisioningState": "Succeeded"})
	}
	return nil, map[string]any{"privateEndpointConnections": connections}
}

// createScopedResource changes the members of every endpoint that the scope has already (terraform-provider-azurerm#25936).
func createScopedResource(c *call) (*Object, error) {
	scope := c.arm(scopeToken, parentOf(c.row.id(c)))
	o, err := c.armObject(scopeType+"/scopedResources", nowhere, nil, scope)
	if err != nil {
		return nil, err
	}
	o.Region = "global"
	id := c.str("linkedResourceId")
	linked := c.objects[azureKey(id)]
	if linked == nil {
		return nil, no("azure-reference", id, o.ID)
	}
	if !slices.Contains([]string{workspaceToken, collectorToken, componentToken}, linked.Type) {
		return nil, no("azure-scoped-kind", id)
	}
	for _, other := range c.of(scope, scopedResourceToken) {
		if strings.EqualFold(other.attr("_linked"), id) {
			return nil, no("azure-scoped-exists")
		}
	}
	o = o.with(map[string]any{"_linked": linked.ID})
	o.Refs = append(o.Refs, linked.key())
	c.put(o)
	return o, c.reconnect(scope)
}

func removeScopedResource(c *call) error {
	scope := c.arm(scopeToken, parentOf(c.old.ID))
	c.drop(c.old)
	if scope == nil {
		return nil
	}
	return c.reconnect(scope)
}

// reconnect gives every endpoint of a scope the members that the scope now has.
func (c *call) reconnect(scope *Object) error {
	for _, e := range c.of(scope, endpointTypeToken) {
		if err := c.connect(e, scope); err != nil {
			return err
		}
	}
	return nil
}
