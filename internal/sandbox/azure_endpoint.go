package sandbox

import (
	"strings"
)

const (
	endpointTypeToken = "azure-native:network:PrivateEndpoint"
	endpointsPerScope = 10 // facts/azure.md §1.7
)

func azureEndpointTypes() []resourceType {
	return []resourceType{{
		token:    endpointTypeToken,
		required: []string{"resourceGroupName"},
		inputs: []string{"privateEndpointName", "location", "subnet", "privateLinkServiceConnections", "manualPrivateLinkServiceConnections", "ipConfigurations",
			"customNetworkInterfaceName", "tags"},
		autoname: "privateEndpointName", naming: eightHex,
		replace:  []string{"resourceGroupName", "privateEndpointName", "location"},
		hidden:   []string{"resourceGroupName", "privateEndpointName"},
		computed: []string{"name", "type", "etag", "provisioningState", "customDnsConfigs", "networkInterfaces"},
		volatile: []string{"customDnsConfigs"},
		id: func(c *call) string {
			return armID(c.who.account, c.str("resourceGroupName"), "Microsoft.Network/privateEndpoints", c.str("privateEndpointName"))
		},
		create:  createPrivateEndpoint,
		update:  updatePrivateEndpoint,
		remove:  removePrivateEndpoint,
		refresh: refreshPrivateEndpoint,
	}}
}

func createPrivateEndpoint(c *call) (*Object, error) {
	o, err := c.armObject("Microsoft.Network/privateEndpoints", regional, map[string]any{"etag": etag(c.row.id(c))})
	if err != nil {
		return nil, err
	}
	subnet, err := c.reference(o, vnetSubnetToken, refID(c.in, "subnet"), o.Region)
	if err != nil {
		return nil, err
	}
	for _, d := range maps(subnet.Inputs, "delegations") {
		return nil, no("azure-delegated-subnet", o.Name, subnet.ID, str(d, "serviceName"))
	}
	network := c.arm(networkToken, parentOf(subnet.ID))
	if len(maps(c.in, "manualPrivateLinkServiceConnections")) > 0 {
		return c.createServiceEndpoint(o, subnet, network)
	}
	scope, connection, err := c.linked(o)
	if err != nil {
		return nil, err
	}
	if err := c.alone(network, scope); err != nil {
		return nil, err
	}
	if scope.Type == scopeToken && c.number(scope, endpointTypeToken) >= endpointsPerScope {
		return nil, no("azure-endpoint-quota", scope.Name, endpointsPerScope)
	}
	nic, err := c.interfaceFor(o)
	if err != nil {
		return nil, err
	}
	o = o.with(map[string]any{"_scope": scope.ID, "subnet": map[string]any{"id": subnet.ID}, "networkInterfaces": list(map[string]any{"id": nic}),
		"customNetworkInterfaceName": c.str("customNetworkInterfaceName"), "privateLinkServiceConnections": connection, "_pinned": c.pinned(),
		"_connection": guid(append(c.unique(), "connection")...)})
	o.Refs = append(o.Refs, subnet.key(), network.key(), scope.key())
	c.put(o)
	return o, c.connect(o, scope)
}

// interfaceFor is the id of the interface that an endpoint gets.
func (c *call) interfaceFor(o *Object) (string, error) {
	name := c.str("customNetworkInterfaceName")
	if name == "" {
		name = o.Name + ".nic." + guid(o.ID)
	}
	nic := armID(c.who.account, groupOf(o.ID), "Microsoft.Network/networkInterfaces", name)
	if c.objects[azureKey(nic)] != nil {
		return "", no("azure-interface-name", name, o.Name)
	}
	return nic, nil
}

// linked finds the scope that the endpoint is for; what else may stand behind one is not simulated.
func (c *call) linked(o *Object) (*Object, []any, error) {
	connections := maps(c.in, "privateLinkServiceConnections")
	if len(connections) != 1 {
		return nil, nil, no("unsupported", "a private endpoint with "+itoa(len(connections))+" service connections")
	}
	id := str(connections[0], "privateLinkServiceId")
	to, ok := linkableOf(id)
	if !ok {
		return nil, nil, no("unsupported", "a private endpoint to "+id)
	}
	scope, err := c.reference(o, to.token, id, "")
	if err != nil {
		return nil, nil, err
	}
	if g := strs(connections[0], "groupIds"); len(g) != 1 || g[0] != to.group {
		return nil, nil, no("azure-endpoint-group", to.kind, to.group, strings.Join(g, ","))
	}
	return scope, list(merged(connections[0], map[string]any{
		"id": o.ID + "/privateLinkServiceConnections/" + str(connections[0], "name"), "provisioningState": "Succeeded",
		"privateLinkServiceConnectionState": map[string]any{"status": "Approved", "description": "Auto-approved", "actionsRequired": "None"},
	})), nil
}

// pinned are the addresses that the program fixed, by member.
func (c *call) pinned() map[string]any {
	out := map[string]any{}
	for _, ip := range maps(c.in, "ipConfigurations") {
		out[str(ip, "memberName")] = str(ip, "privateIPAddress")
	}
	return out
}

func updatePrivateEndpoint(c *call) (*Object, error) {
	if id := refID(c.in, "subnet"); !strings.EqualFold(id, str(sub(c.old.Attributes, "subnet"), "id")) {
		return nil, no("azure-endpoint-subnet-change", c.old.Name)
	}
	if len(maps(c.in, "manualPrivateLinkServiceConnections")) > 0 {
		return nil, no("unsupported", "a change of a private endpoint to a service of others")
	}
	scope, connection, err := c.linked(c.old)
	if err != nil {
		return nil, err
	}
	o := c.old.with(map[string]any{"privateLinkServiceConnections": connection, "_pinned": c.pinned()})
	c.put(o)
	return o, c.connect(o, scope)
}

func removePrivateEndpoint(c *call) error {
	for _, o := range c.inside(c.old) {
		if o.Type == zoneGroupToken {
			c.dropRecords(o)
		}
		if o.Type == zoneGroupToken || o.Type == nicToken {
			c.drop(o)
		}
	}
	return nil
}

// refreshPrivateEndpoint: customDnsConfigs empties as soon as a zone group takes over (facts/azure.md §6).
func refreshPrivateEndpoint(c *call, o *Object) (map[string]any, map[string]any) {
	configs := []any{}
	if c.number(o, zoneGroupToken) == 0 {
		for _, nic := range c.of(o, nicToken) {
			for _, ip := range maps(nic.Attributes, "ipConfigurations") {
				for _, name := range strs(sub(ip, "privateLinkConnectionProperties"), "fqdns") {
					configs = append(configs, map[string]any{"fqdn": name, "ipAddresses": list(str(ip, "privateIPAddress"))})
				}
			}
		}
	}
	return nil, map[string]any{"customDnsConfigs": configs}
}
