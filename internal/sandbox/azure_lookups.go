package sandbox

func azureFunctions() []function {
	// get is a look-up by names: the id follows from them, as for a resource.
	get := func(function_, token, kind string, names ...string) function {
		return function{token: function_, required: append([]string{"resourceGroupName"}, names...), inputs: []string{"expand"},
			run: func(c *call) (map[string]any, error) { return c.getARM(token, kind, names) }}
	}
	return []function{
		{token: "azure-native:resources:getResourceGroup", required: []string{"resourceGroupName"}, run: getResourceGroup},
		get("azure-native:network:getVirtualNetwork", networkToken, networkType, "virtualNetworkName"),
		get("azure-native:network:getSubnet", vnetSubnetToken, networkType+"/subnets", "virtualNetworkName", "subnetName"),
		get("azure-native:network:getVirtualNetworkGateway", vnetGatewayToken, vnetGatewayType, "virtualNetworkGatewayName"),
		get("azure-native:network:getNetworkInterface", nicToken, "Microsoft.Network/networkInterfaces", "networkInterfaceName"),
		get("azure-native:network:getNetworkSecurityGroup", filterToken, filterType, "networkSecurityGroupName"),
		get("azure-native:network:getPrivateEndpoint", endpointTypeToken, "Microsoft.Network/privateEndpoints", "privateEndpointName"),
		get("azure-native:network:getPrivateZone", privateZoneToken, privateZoneType, "privateZoneName"),
		{token: "azure-native:network/v20240601:getVirtualNetworkLink", required: []string{"resourceGroupName", "privateZoneName", "virtualNetworkLinkName"},
			run: getLink},
		get("azure-native:operationalinsights:getWorkspace", workspaceToken, workspaceType, "workspaceName"),
		get("azure-native:operationalinsights:getTable", collectTableToken, workspaceType+"/tables", "workspaceName", "tableName"),
		get("azure-native:insights:getComponent", componentToken, componentType, "resourceName"),
		get("azure-native:insights:getDataCollectionEndpoint", collectorToken, collectorType, "dataCollectionEndpointName"),
		get("azure-native:insights:getPrivateLinkScope", scopeToken, scopeType, "scopeName"),
		get("azure-native:monitor:getAzureMonitorWorkspace", prometheusToken, prometheusType, "azureMonitorWorkspaceName"),
		get("azure-native:hybridcompute:getPrivateLinkScope", arcScopeToken, arcScopeType, "scopeName"),
		get("azure-native:hybridcompute:getMachine", machineToken, machineType, "machineName"),
	}
}

func getResourceGroup(c *call) (map[string]any, error) {
	o := c.arm(groupTypeToken, groupID(c.who.account, c.str("resourceGroupName")))
	if o == nil {
		return nil, no("azure-group-missing", c.str("resourceGroupName"))
	}
	return shown(o, nil), nil
}

func (c *call) getARM(token, kind string, names []string) (map[string]any, error) {
	if _, err := getResourceGroup(c); err != nil {
		return nil, err
	}
	values := make([]string, len(names))
	for i, n := range names {
		values[i] = c.str(n)
	}
	id := armID(c.who.account, c.str("resourceGroupName"), kind, values...)
	o := c.arm(token, id)
	if o == nil {
		return nil, no("azure-not-found", kind+"/"+values[len(values)-1], c.str("resourceGroupName"))
	}
	for _, row := range resourceTypes() { // what has become different since it was made
		if row.token == token && row.refresh != nil {
			_, more := row.refresh(c, o)
			return merged(public(hiddenInputs(&row, o)), shown(o, more)), nil
		}
	}
	return shown(o, nil), nil
}

// getLink says what a link does in the words of the API that knows resolution policies.
func getLink(c *call) (map[string]any, error) {
	const kind = privateZoneType + "/virtualNetworkLinks"
	out, err := c.getARM(linkToken, kind, []string{"privateZoneName", "virtualNetworkLinkName"})
	if err != nil {
		return nil, err
	}
	o := c.arm(linkToken, armID(c.who.account, c.str("resourceGroupName"), kind, c.str("privateZoneName"), c.str("virtualNetworkLinkName")))
	return merged(out, map[string]any{"virtualNetwork": map[string]any{"id": o.attr("_network")}, "resolutionPolicy": o.attr("_policy")}), nil
}

// hiddenInputs are the inputs that are outputs too.
func hiddenInputs(row *resourceType, o *Object) map[string]any {
	out := merged(o.Inputs)
	for _, k := range row.hidden {
		delete(out, k)
	}
	return out
}
