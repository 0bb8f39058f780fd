package sandbox

func createVnetSubnet(c *call) (*Object, error) {
	network := c.arm(networkToken, parentOf(c.row.id(c)))
	o, err := c.armObject(networkType+"/subnets", nowhere, map[string]any{"etag": etag(c.row.id(c))}, network)
	if err != nil {
		return nil, err
	}
	o.Region = network.Region
	return c.subnetFor(o, network)
}

func updateVnetSubnet(c *call) (*Object, error) {
	return c.subnetFor(c.old.with(nil), c.arm(networkToken, parentOf(c.old.ID)))
}

func (c *call) subnetFor(o, network *Object) (*Object, error) {
	p, err := azurePrefix(c.str("addressPrefix"), o.ID)
	if err != nil {
		return nil, err
	}
	if !within(p, prefixes(network)) || p.Bits() > 29 {
		return nil, no("azure-subnet-outside", o.Name, network.Name)
	}
	for _, s := range c.of(network, vnetSubnetToken) {
		if q, ok := parsePrefix(s.attr("addressPrefix")); ok && s.key() != o.key() && q.Overlaps(p) {
			return nil, no("azure-subnet-overlap", o.Name, network.Name)
		}
	}
	if p.String() != o.attr("addressPrefix") && c.number(o, nicToken) > 0 {
		return nil, no("azure-subnet-in-use", o.Name, c.of(o, nicToken)[0].ID)
	}
	refs := []*Object{network, c.arm(groupTypeToken, groupID(o.Account, groupOf(o.ID)))}
	if id := refID(c.in, "networkSecurityGroup"); id != "" {
		f, err := c.reference(o, filterToken, id, network.Region)
		if err != nil {
			return nil, err
		}
		refs = append(refs, f)
	}
	if id := refID(c.in, "routeTable"); id != "" {
		t, err := c.reference(o, userTableToken, id, network.Region)
		if err != nil {
			return nil, err
		}
		refs = append(refs, t)
	}
	o = o.with(map[string]any{"addressPrefix": p.String()})
	o.Refs = keysOf(refs)
	return o, nil
}

func removeVnetSubnet(c *call) error {
	for _, o := range c.inside(c.old) {
		if o.Type == nicToken || o.Type == inboundToken || o.Type == vnetGatewayToken {
			return no("azure-subnet-in-use", c.old.Name, o.ID)
		}
	}
	return nil
}

func refreshVnetSubnet(c *call, o *Object) (map[string]any, map[string]any) {
	endpoints := []any{}
	for _, e := range c.of(o, endpointTypeToken) {
		endpoints = append(endpoints, map[string]any{"id": e.ID})
	}
	out := map[string]any{"privateEndpoints": endpoints, "ipConfigurations": []any{}}
	if len(endpoints) > 0 {
		out["purpose"] = "PrivateEndpoints"
	}
	return nil, out
}
