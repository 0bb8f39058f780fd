package sandbox

import "slices"

const (
	arcScopeToken = "azure-native:hybridcompute:PrivateLinkScope"
	arcScopeType  = "Microsoft.HybridCompute/privateLinkScopes"
)

// azureArcTypes are what Arc-enabled servers need.
func azureArcTypes() []resourceType {
	return []resourceType{{
		token:    arcScopeToken,
		required: []string{"resourceGroupName"},
		inputs:   []string{"scopeName", "location", "properties", "tags"},
		autoname: "scopeName", naming: eightHex,
		replace:  []string{"resourceGroupName", "scopeName", "location"},
		hidden:   []string{"resourceGroupName", "scopeName"},
		computed: []string{"name", "type", "systemData"},
		id: func(c *call) string {
			return armID(c.who.account, c.str("resourceGroupName"), arcScopeType, c.str("scopeName"))
		},
		create:  createArcScope,
		update:  updateArcScope,
		remove:  removeArcScope,
		refresh: refreshArcScope,
	}}
}

// arcAccess judges the level that azure-native keeps.
func (c *call) arcAccess() (string, error) {
	access := or(str(sub(c.in, "properties"), "publicNetworkAccess"), "Enabled") // the portal's default
	if !slices.Contains([]string{"Enabled", "Disabled"}, access) {
		return "", no("azure-arc-access", access)
	}
	return access, nil
}

// createArcScope: the scope is regional, unlike that of Azure Monitor.
func createArcScope(c *call) (*Object, error) {
	access, err := c.arcAccess()
	if err != nil {
		return nil, err
	}
	return c.armObject(arcScopeType, regional, map[string]any{"_access": access})
}

func updateArcScope(c *call) (*Object, error) {
	access, err := c.arcAccess()
	return c.old.with(map[string]any{"_access": access}), err
}

func removeArcScope(c *call) error {
	for _, o := range c.inside(c.old) {
		if o.Type == endpointTypeToken || o.Type == arcMemberToken {
			return no("azure-arc-scope-in-use", c.old.Name, o.ID)
		}
	}
	return nil
}

func refreshArcScope(c *call, o *Object) (map[string]any, map[string]any) {
	connections := []any{}
	for _, e := range c.of(o, endpointTypeToken) {
		connections = append(connections, map[string]any{"id": o.ID + "/privateEndpointConnections/" + e.Name, "name": e.Name})
	}
	return nil, map[string]any{"properties": map[string]any{"publicNetworkAccess": o.attr("_access"), "privateLinkScopeId": guid(o.ID),
		"provisioningState": "Succeeded", "privateEndpointConnections": connections}}
}

// arcMembers are the names that the Jumpstart guide's endpoint has, each with an address; member names and the code of a region are
// made up, as no source lists them.
func arcMembers(_ *call, scope *Object, _ string) []member {
	code := scope.Region[:2] + scope.Region[len(scope.Region)-1:]
	all := []member{
		{"his-gbl", []string{spelled(scope.Region, "gbl.his.arc.azure.com")}},
		{"his-" + code, []string{spelled(scope.Region, code+".his.arc.azure.com")}},
		{"gc-api", []string{spelled(scope.Region, "agentserviceapi.guestconfiguration.azure.com")}},
		{"gc-gas", []string{spelled(scope.Region, scope.Region+"-gas.guestconfiguration.azure.com")}},
	}
	if environmentOf(scope.Region) == "public" { // the other clouds' tables have no row for it (facts/ampls_dns.json)
		all = append(all, member{"kubernetes", []string{scope.Region + ".dp.kubernetesconfiguration.azure.com"}})
	}
	return all
}
