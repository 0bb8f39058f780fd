package sandbox

const userTableType = "Microsoft.Network/routeTables"

// azureTableTypes are route tables with their routes in line.
func azureTableTypes() []resourceType {
	return []resourceType{{
		token:    userTableToken,
		required: []string{"resourceGroupName"},
		inputs:   []string{"routeTableName", "location", "routes", "disableBgpRoutePropagation", "tags"},
		autoname: "routeTableName", naming: eightHex,
		replace:  []string{"resourceGroupName", "routeTableName", "location"},
		hidden:   []string{"resourceGroupName", "routeTableName"},
		computed: []string{"name", "type", "etag", "provisioningState", "resourceGuid", "subnets"},
		id: func(c *call) string {
			return armID(c.who.account, c.str("resourceGroupName"), userTableType, c.str("routeTableName"))
		},
		create: func(c *call) (*Object, error) {
			if err := c.userRoutes(); err != nil {
				return nil, err
			}
			id := c.row.id(c)
			return c.armObject(userTableType, regional, map[string]any{"resourceGuid": guid(id), "etag": etag(id), "subnets": []any{}})
		},
		update: func(c *call) (*Object, error) { return c.old.with(nil), c.userRoutes() },
		remove: func(c *call) error {
			for _, s := range c.of(c.old, vnetSubnetToken) {
				return no("azure-table-in-use", c.old.ID, s.ID)
			}
			return nil
		},
	}}
}

// userRoutes judges the routes of a table: each has a prefix of its own, and an appliance an address.
func (c *call) userRoutes() error {
	routes, _ := c.in["routes"].([]any)
	seen := map[string]bool{}
	for _, r := range routes {
		route, _ := r.(map[string]any)
		p, err := azurePrefix(str(route, "addressPrefix"), c.row.id(c)+"/routes/"+str(route, "name"))
		if err != nil {
			return err
		}
		if str(route, "nextHopType") == "VirtualAppliance" && str(route, "nextHopIpAddress") == "" {
			return no("azure-route-next-hop", str(route, "name"))
		}
		if seen[p.String()] {
			return no("azure-route-twice", str(route, "name"), p)
		}
		seen[p.String()] = true
	}
	return nil
}
