package sandbox

import (
	"cmp"
	"errors"
	"fmt"
)

func (a azureWorld) build(c *call) error {
	if a.Subscription == "" {
		return errors.New("write subscription")
	}
	for _, g := range a.ResourceGroups {
		if err := g.build(c); err != nil {
			return fmt.Errorf("resource group %q: %w", g.Name, err)
		}
	}
	return nil
}

// make runs the row of a type, so an existing object is judged and shaped as a created one.
func (c *call) make(token string, in map[string]any) (*Object, error) {
	for _, row := range azureRows() {
		if row.token != token {
			continue
		}
		k := &call{tx: c.tx, who: c.who, row: &row}
		k.in = k.complete(nil, in, nil)
		o, err := row.create(k)
		if err != nil {
			return nil, err
		}
		o.Inputs = k.in
		c.put(o)
		return o, nil
	}
	panic("sandbox: no type " + token + "; this is a bug in obslink")
}

func (g worldResourceGroup) build(c *call) error {
	if g.Name == "" {
		return errors.New("write name")
	}
	if _, err := c.make(groupTypeToken, map[string]any{"resourceGroupName": g.Name, "location": g.Location}); err != nil {
		return err
	}
	for _, f := range g.SecurityGroups {
		if err := g.buildFilter(c, f); err != nil {
			return fmt.Errorf("security group %q: %w", f.Name, err)
		}
	}
	for _, n := range g.VirtualNetworks {
		if err := g.buildNetwork(c, n); err != nil {
			return fmt.Errorf("virtual network %q: %w", n.Name, err)
		}
	}
	for _, v := range g.VPNGateways {
		if err := g.buildGateway(c, v); err != nil {
			return fmt.Errorf("VPN gateway %q: %w", v.Name, err)
		}
	}
	if err := g.buildWorkspaces(c); err != nil {
		return err
	}
	for _, s := range g.MonitorScopes {
		in := map[string]any{"resourceGroupName": g.Name, "scopeName": s.Name, "location": "global",
			"accessModeSettings": map[string]any{"ingestionAccessMode": s.Ingestion, "queryAccessMode": s.Query}}
		if _, err := c.make(scopeToken, in); err != nil {
			return err
		}
	}
	for _, a := range g.ArcScopes {
		in := map[string]any{"resourceGroupName": g.Name, "scopeName": a.Name, "location": or(a.Location, g.Location)}
		if _, err := c.make(arcScopeToken, in); err != nil {
			return err
		}
	}
	for _, x := range g.Components {
		o, err := c.make(componentToken, map[string]any{"resourceGroupName": g.Name, "resourceName": x.Name, "location": or(x.Location, g.Location), "kind": "web",
			"workspaceResourceId": armID(c.who.account, g.Name, workspaceType, x.Workspace)})
		if err != nil {
			return err
		}
		if x.Host != "" {
			c.put(o.with(componentHosts(o, x.Host)))
		}
	}
	if err := g.buildCollectors(c); err != nil {
		return err
	}
	for _, m := range g.Machines {
		in := map[string]any{"resourceGroupName": g.Name, "machineName": m.Name, "location": or(m.Location, g.Location), "osType": m.OS}
		if _, err := c.make(machineToken, in); err != nil {
			return err
		}
	}
	for _, z := range g.PrivateZones {
		if err := g.buildZone(c, z); err != nil {
			return fmt.Errorf("private zone %q: %w", z.Name, err)
		}
	}
	return nil
}

// buildCollectors makes where data goes in, and where metrics are kept.
func (g worldResourceGroup) buildCollectors(c *call) error {
	for _, x := range g.DataCollectionEndpoints {
		o, err := c.make(collectorToken, map[string]any{"resourceGroupName": g.Name, "dataCollectionEndpointName": x.Name, "location": or(x.Location, g.Location)})
		if err != nil {
			return err
		}
		if x.Host != "" {
			c.put(o.with(collectorHosts(o.Region, x.Host)))
		}
	}
	for _, x := range g.PrometheusWorkspaces {
		o, err := c.make(prometheusToken, map[string]any{"resourceGroupName": g.Name, "azureMonitorWorkspaceName": x.Name, "location": or(x.Location, g.Location)})
		if err != nil {
			return err
		}
		if x.Host != "" {
			c.put(o.with(prometheusHost(o, x.Host)))
		}
	}
	return nil
}

func (g worldResourceGroup) buildGateway(c *call, v worldVNetGateway) error {
	network := c.arm(networkToken, armID(c.who.account, g.Name, networkType, v.Network))
	if network == nil {
		return fmt.Errorf("there is no virtual network %q in the group", v.Network)
	}
	address, err := c.make(publicIPToken, map[string]any{"resourceGroupName": g.Name, "publicIpAddressName": v.Name, "location": network.Region,
		"sku": map[string]any{"name": "Standard"}, "publicIPAllocationMethod": "Static", "zones": list("1", "2", "3")})
	if err != nil {
		return err
	}
	_, err = c.make(vnetGatewayToken, map[string]any{"resourceGroupName": g.Name, "virtualNetworkGatewayName": v.Name, "location": network.Region,
		"gatewayType": "Vpn", "vpnType": "RouteBased", "sku": map[string]any{"name": "VpnGw1AZ", "tier": "VpnGw1AZ"}, "enableBgp": v.BGP,
		"bgpSettings": map[string]any{"asn": float64(cmp.Or(v.ASN, 65515))},
		"ipConfigurations": list(map[string]any{"name": "default", "subnet": map[string]any{"id": network.ID + "/subnets/GatewaySubnet"},
			"publicIPAddress": map[string]any{"id": address.ID}})})
	return err
}

func (g worldResourceGroup) buildZone(c *call, z worldPrivate) error {
	_, err := c.make(privateZoneToken, map[string]any{"resourceGroupName": g.Name, "privateZoneName": z.Name, "location": "global"})
	if err != nil {
		return err
	}
	for _, l := range z.Links {
		id := g.networkID(c, l.Network)
		in := map[string]any{"resourceGroupName": g.Name, "privateZoneName": z.Name, "virtualNetworkLinkName": "link-" + baseOf(id), "location": "global",
			"virtualNetwork": map[string]any{"id": id}, "registrationEnabled": false}
		if l.ResolutionPolicy != "" {
			in["resolutionPolicy"] = l.ResolutionPolicy
		}
		if _, err := c.make(linkPolicyToken, in); err != nil {
			return err
		}
	}
	return nil
}

func (g worldResourceGroup) buildWorkspaces(c *call) error {
	for _, w := range g.Workspaces {
		o, err := c.make(workspaceToken, map[string]any{"resourceGroupName": g.Name, "workspaceName": w.Name, "location": or(w.Location, g.Location)})
		if err != nil {
			return err
		}
		if w.CustomerID != "" {
			c.put(o.with(map[string]any{"customerId": w.CustomerID}))
		}
		for _, table := range w.Tables {
			if err := c.makeTable(g.Name, w.Name, table); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *call) makeTable(group, workspace, table string) error {
	_, err := c.make(collectTableToken, map[string]any{"resourceGroupName": group, "workspaceName": workspace, "tableName": table,
		"schema": map[string]any{"name": table, "columns": list(map[string]any{"name": "TimeGenerated", "type": "datetime"}, map[string]any{"name": "RawData", "type": "string"})}})
	return err
}
