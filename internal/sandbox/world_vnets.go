package sandbox

import (
	"fmt"
	"strings"
)

func (g worldResourceGroup) buildNetwork(c *call, n worldNetwork) error {
	_, err := c.make(networkToken, map[string]any{"resourceGroupName": g.Name, "virtualNetworkName": n.Name, "location": or(n.Location, g.Location),
		"addressSpace": map[string]any{"addressPrefixes": list(n.CIDRs...)}})
	if err != nil {
		return err
	}
	for _, s := range n.Subnets {
		in := map[string]any{"resourceGroupName": g.Name, "virtualNetworkName": n.Name, "subnetName": s.Name, "addressPrefix": s.CIDR}
		if s.Delegation != "" {
			in["delegations"] = list(map[string]any{"name": "delegation", "serviceName": s.Delegation})
		}
		if s.SecurityGroup != "" {
			in["networkSecurityGroup"] = map[string]any{"id": armID(c.who.account, g.Name, filterType, s.SecurityGroup)}
		}
		o, err := c.make(vnetSubnetToken, in)
		if err != nil {
			return err
		}
		c.put(o.with(map[string]any{"_used": s.UsedAddresses}))
	}
	for _, x := range n.NetworkInterfaces {
		if err := g.buildNIC(c, n, x); err != nil {
			return fmt.Errorf("network interface %q: %w", x.Name, err)
		}
	}
	return nil
}

// buildNIC makes the network interface of a VM: no type of the sandbox does.
func (g worldResourceGroup) buildNIC(c *call, n worldNetwork, x worldNIC) error {
	subnet := c.arm(vnetSubnetToken, armID(c.who.account, g.Name, networkType+"/subnets", n.Name, x.Subnet))
	if subnet == nil {
		return fmt.Errorf("there is no subnet %q", x.Subnet)
	}
	id := armID(c.who.account, g.Name, "Microsoft.Network/networkInterfaces", x.Name)
	attributes := map[string]any{"name": x.Name, "location": subnet.Region, "enableIPForwarding": x.IPForwarding,
		"ipConfigurations": list(map[string]any{"name": "ipconfig1", "privateIPAddress": x.Address, "subnet": map[string]any{"id": subnet.ID}})}
	refs := []*Object{c.arm(groupTypeToken, groupID(c.who.account, g.Name)), subnet}
	if x.SecurityGroup != "" {
		group := c.arm(filterToken, armID(c.who.account, g.Name, filterType, x.SecurityGroup))
		if group == nil {
			return fmt.Errorf("there is no security group %q in the resource group", x.SecurityGroup)
		}
		attributes["networkSecurityGroup"] = map[string]any{"id": group.ID}
		refs = append(refs, group)
	}
	o := (&call{tx: c.tx, who: c.who, row: &resourceType{token: nicToken}}).object(id, x.Name, attributes, refs...)
	o.Region = subnet.Region
	c.put(o)
	return nil
}

func (g worldResourceGroup) buildFilter(c *call, f worldNetworkFilter) error {
	var rules []any
	for _, r := range f.Rules {
		access := "Allow"
		if r.Deny {
			access = "Deny"
		}
		rules = append(rules, map[string]any{"name": r.Name, "priority": float64(r.Priority), "direction": "Inbound", "access": access, "protocol": or(r.Protocol, "*"),
			"sourceAddressPrefix": or(r.From, "*"), "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": or(r.Ports, "*")})
	}
	_, err := c.make(filterToken, map[string]any{"resourceGroupName": g.Name, "networkSecurityGroupName": f.Name, "location": g.Location, "securityRules": rules})
	return err
}

func (a azureWorld) buildPeerings(c *call) error {
	for _, g := range a.ResourceGroups {
		for _, n := range g.VirtualNetworks {
			for _, h := range n.Peerings {
				o, err := c.make(vnetPeeringToken, map[string]any{"resourceGroupName": g.Name, "virtualNetworkName": n.Name, "virtualNetworkPeeringName": h.Name,
					"remoteVirtualNetwork":      map[string]any{"id": g.networkID(c, h.Network)},
					"allowVirtualNetworkAccess": !h.Closed, "allowGatewayTransit": h.Offers, "useRemoteGateways": h.Uses})
				if err != nil {
					return fmt.Errorf("peering %q of virtual network %q: %w", h.Name, n.Name, err)
				}
				if len(h.CIDRs) > 0 {
					c.put(o.with(map[string]any{"remoteAddressSpace": map[string]any{"addressPrefixes": list(h.CIDRs...)}}))
				}
			}
		}
	}
	return nil
}

// networkID is the id of a network that is named by its name in the group, or by its id.
func (g worldResourceGroup) networkID(c *call, network string) string {
	if strings.HasPrefix(network, "/") {
		return network
	}
	return armID(c.who.account, g.Name, networkType, network)
}
