package sandbox

import "strings"

const (
	machineToken   = "azure-native:hybridcompute:Machine" // of world.json: a server connects itself
	arcMemberToken = "azure-native:hybridcompute:PrivateLinkScopedResource"
	extensionToken = "azure-native:hybridcompute:MachineExtension"
	machineType    = "Microsoft.HybridCompute/machines"
)

// azureMachineTypes are Arc-enabled servers and what is done to them.
func azureMachineTypes() []resourceType {
	return []resourceType{
		{
			token:    machineToken,
			required: []string{"resourceGroupName"},
			inputs:   []string{"machineName", "location", "osType"},
			autoname: "machineName",
			replace:  []string{"resourceGroupName", "machineName", "location"},
			hidden:   []string{"resourceGroupName", "machineName"},
			computed: []string{"name", "type"},
			id: func(c *call) string {
				return armID(c.who.account, c.str("resourceGroupName"), machineType, c.str("machineName"))
			},
			create: func(c *call) (*Object, error) {
				return c.armObject(machineType, regional, map[string]any{"osType": c.str("osType"), "status": "Connected"})
			},
		},
		{
			token:    arcMemberToken,
			required: []string{"resourceGroupName", "scopeName"},
			inputs:   []string{"name", "linkedResourceId"},
			autoname: "name",
			replace:  []string{"resourceGroupName", "scopeName", "name", "linkedResourceId"},
			hidden:   []string{"resourceGroupName", "scopeName"},
			computed: []string{"name", "type", "provisioningState"},
			id: func(c *call) string {
				return armID(c.who.account, c.str("resourceGroupName"), arcScopeType+"/scopedResources", c.str("scopeName"), c.str("name"))
			},
			create: createArcMember,
		},
		{
			token:    extensionToken,
			required: []string{"resourceGroupName", "machineName"},
			inputs:   []string{"extensionName", "location", "properties", "tags"},
			autoname: "extensionName",
			replace:  []string{"resourceGroupName", "machineName", "extensionName", "location"},
			hidden:   []string{"resourceGroupName", "machineName", "extensionName"},
			computed: []string{"name", "type"},
			id: func(c *call) string {
				return armID(c.who.account, c.str("resourceGroupName"), machineType+"/extensions", c.str("machineName"), c.str("extensionName"))
			},
			create: createExtension,
			update: func(c *call) (*Object, error) {
				return c.old.with(nil), c.fits(c.arm(machineToken, parentOf(c.old.ID)))
			},
		},
	}
}

// createArcMember: a machine belongs to one scope, of its own region (facts/azure.md §3).
func createArcMember(c *call) (*Object, error) {
	scope := c.arm(arcScopeToken, parentOf(c.row.id(c)))
	o, err := c.armObject(arcScopeType+"/scopedResources", nowhere, nil, scope)
	if err != nil {
		return nil, err
	}
	o.Region = scope.Region
	machine := c.arm(machineToken, c.str("linkedResourceId"))
	if machine == nil {
		return nil, no("azure-reference", c.str("linkedResourceId"), o.ID)
	}
	if machine.Region != scope.Region {
		return nil, no("azure-machine-region", machine.Name, machine.Region, scope.Name, scope.Region)
	}
	for _, other := range c.of(machine, arcMemberToken) {
		return nil, no("azure-machine-scope", machine.Name, parentOf(other.ID))
	}
	o.Refs = append(o.Refs, machine.key())
	return o, nil
}

func createExtension(c *call) (*Object, error) {
	machine := c.arm(machineToken, parentOf(c.row.id(c)))
	o, err := c.armObject(machineType+"/extensions", regional, nil, machine)
	if err != nil {
		return nil, err
	}
	if o.Region != machine.Region {
		return nil, no("azure-extension-region", o.Name, o.Region, machine.Name, machine.Region)
	}
	return o, c.fits(machine)
}

// fits refuses an agent of another system.
func (c *call) fits(machine *Object) error {
	kind := str(sub(c.in, "properties"), "type")
	wrong := map[string]string{"linux": "Windows", "windows": "Linux"}[strings.ToLower(machine.attr("osType"))]
	if wrong != "" && strings.HasPrefix(kind, "AzureMonitor"+wrong) {
		return no("azure-extension-system", kind, machine.Name, machine.attr("osType"))
	}
	return nil
}
