package sandbox

import (
	"net/netip"
	"slices"
	"strings"
)

const (
	groupTypeToken   = "azure-native:resources:ResourceGroup"
	networkToken     = "azure-native:network:VirtualNetwork"
	vnetSubnetToken  = "azure-native:network:Subnet"
	userTableToken   = "azure-native:network:RouteTable"
	vnetPeeringToken = "azure-native:network:VirtualNetworkPeering"
	nicToken         = "azure-native:network:NetworkInterface" // made by Azure, for private endpoints, or there already
)

func azureNetworkTypes() []resourceType {
	return []resourceType{
		{
			token:    groupTypeToken,
			inputs:   []string{"resourceGroupName", "location", "tags", "managedBy"},
			autoname: "resourceGroupName", naming: eightHex,
			replace:  []string{"resourceGroupName", "location"},
			hidden:   []string{"resourceGroupName"},
			computed: []string{"name", "type", "properties"},
			id:       func(c *call) string { return groupID(c.who.account, c.str("resourceGroupName")) },
			create:   createResourceGroup,
			remove:   removeResourceGroup,
		},
		{
			token:    networkToken,
			required: []string{"resourceGroupName"},
			// No in-line subnets: beside Subnet resources they undo each other (facts/azure.md §6).
			inputs:   []string{"virtualNetworkName", "location", "addressSpace", "dhcpOptions", "tags"},
			autoname: "virtualNetworkName", naming: eightHex,
			replace:  []string{"resourceGroupName", "virtualNetworkName", "location"},
			hidden:   []string{"resourceGroupName", "virtualNetworkName"},
			computed: []string{"name", "type", "etag", "provisioningState", "resourceGuid", "subnets", "virtualNetworkPeerings"},
			id: func(c *call) string {
				return armID(c.who.account, c.str("resourceGroupName"), networkType, c.str("virtualNetworkName"))
			},
			create:  createNetwork,
			update:  updateNetwork,
			remove:  removeNetwork,
			refresh: refreshNetwork,
		},
		{
			token:    vnetSubnetToken,
			required: []string{"resourceGroupName", "virtualNetworkName"},
			inputs: []string{"subnetName", "name", "addressPrefix", "networkSecurityGroup", "routeTable", "delegations", "privateEndpointNetworkPolicies",
				"privateLinkServiceNetworkPolicies"},
			defaults: map[string]any{"privateEndpointNetworkPolicies": "Disabled", "privateLinkServiceNetworkPolicies": "Enabled"},
			autoname: "subnetName",
			replace:  []string{"resourceGroupName", "virtualNetworkName", "subnetName"},
			hidden:   []string{"resourceGroupName", "virtualNetworkName", "subnetName"},
			computed: []string{"name", "etag", "provisioningState", "purpose", "privateEndpoints", "ipConfigurations"},
			id: func(c *call) string {
				return armID(c.who.account, c.str("resourceGroupName"), networkType+"/subnets", c.str("virtualNetworkName"), c.str("subnetName"))
			},
			create:  createVnetSubnet,
			update:  updateVnetSubnet,
			remove:  removeVnetSubnet,
			refresh: refreshVnetSubnet,
		},
		{
			token:    vnetPeeringToken,
			required: []string{"resourceGroupName", "virtualNetworkName"},
			inputs: []string{"virtualNetworkPeeringName", "remoteVirtualNetwork", "allowVirtualNetworkAccess", "allowForwardedTraffic",
				"allowGatewayTransit", "useRemoteGateways"},
			autoname: "virtualNetworkPeeringName",
			replace:  []string{"resourceGroupName", "virtualNetworkName", "virtualNetworkPeeringName", "remoteVirtualNetwork"},
			hidden:   []string{"resourceGroupName", "virtualNetworkName", "virtualNetworkPeeringName"},
			computed: []string{"name", "type", "etag", "provisioningState", "peeringState", "peeringSyncLevel", "remoteAddressSpace", "resourceGuid"},
			id: func(c *call) string {
				return armID(c.who.account, c.str("resourceGroupName"), networkType+"/virtualNetworkPeerings", c.str("virtualNetworkName"), c.str("virtualNetworkPeeringName"))
			},
			create:  createVnetPeering,
			refresh: refreshVnetPeering,
		},
	}
}

const networkType = "Microsoft.Network/virtualNetworks"

func createResourceGroup(c *call) (*Object, error) {
	id := c.row.id(c)
	if c.objects[azureKey(id)] != nil {
		return nil, no("azure-exists", id)
	}
	location := region(c.str("location"))
	switch {
	case location == "":
		return nil, no("azure-location-missing")
	case location == "global" || !locationForm.MatchString(location):
		return nil, no("azure-location-unknown", location)
	}
	if err := c.elsewhere(location); err != nil {
		return nil, err
	}
	o := c.object(id, baseOf(id), map[string]any{"name": baseOf(id), "location": location, "type": "Microsoft.Resources/resourceGroups",
		"properties": map[string]any{"provisioningState": "Succeeded"}})
	o.Region = location
	return o, nil
}

// removeResourceGroup takes everything in the group along, as Azure does.
func removeResourceGroup(c *call) error {
	for _, o := range c.inside(c.old) {
		if o.Type == zoneGroupToken {
			c.dropRecords(o)
		}
	}
	for _, o := range c.inside(c.old) {
		c.drop(o)
	}
	return nil
}

// azurePrefix judges an address prefix in Azure's words.
func azurePrefix(s, resource string) (netip.Prefix, error) {
	p, ok := parsePrefix(s)
	if !ok {
		return p, no("azure-cidr", s, resource)
	}
	if p != p.Masked() {
		return p, no("azure-cidr-host-bits", s, resource, p.Masked())
	}
	return p, nil
}

func (c *call) addressSpace(id string) ([]any, error) {
	cidrs := strs(sub(c.in, "addressSpace"), "addressPrefixes")
	if len(cidrs) == 0 {
		return nil, no("azure-no-address-space", baseOf(id))
	}
	for _, s := range cidrs {
		if _, err := azurePrefix(s, id); err != nil {
			return nil, err
		}
	}
	return list(cidrs...), nil
}

func createNetwork(c *call) (*Object, error) {
	o, err := c.armObject(networkType, regional, map[string]any{"enableDdosProtection": false})
	if err != nil {
		return nil, err
	}
	cidrs, err := c.addressSpace(o.ID)
	if err != nil {
		return nil, err
	}
	o.Attributes = merged(o.Attributes, map[string]any{"_cidrs": cidrs, "addressSpace": map[string]any{"addressPrefixes": cidrs},
		"resourceGuid": guid(o.ID), "etag": etag(o.ID)})
	return o, nil
}

func etag(id string) string { return `W/"` + guid("etag", id) + `"` }

func updateNetwork(c *call) (*Object, error) {
	cidrs, err := c.addressSpace(c.old.ID)
	if err != nil {
		return nil, err
	}
	o := c.old.with(map[string]any{"_cidrs": cidrs, "addressSpace": map[string]any{"addressPrefixes": cidrs}})
	for _, s := range c.of(c.old, vnetSubnetToken) {
		if p, ok := parsePrefix(s.attr("addressPrefix")); ok && !within(p, prefixes(o)) {
			return nil, no("azure-subnet-outside", s.Name, o.Name)
		}
	}
	return o, nil
}

func removeNetwork(c *call) error {
	for _, o := range c.inside(c.old) {
		switch {
		case o.Type == endpointTypeToken, o.Type == dnsResolverToken:
			return no("azure-network-in-use", c.old.Name, o.ID)
		case o.Type == vnetSubnetToken, o.Type == vnetPeeringToken && strings.HasPrefix(o.key(), c.old.key()+"/"):
			c.drop(o) // subresources go with their parent
		}
	}
	return nil
}

func refreshNetwork(c *call, o *Object) (map[string]any, map[string]any) {
	subnets, peerings := []any{}, []any{}
	for _, s := range c.of(o, vnetSubnetToken) {
		subnets = append(subnets, map[string]any{"id": s.ID, "name": s.Name, "addressPrefix": s.attr("addressPrefix"), "provisioningState": "Succeeded"})
	}
	for _, p := range c.of(o, vnetPeeringToken) {
		if strings.HasPrefix(p.key(), o.key()+"/") {
			_, state := refreshVnetPeering(c, p)
			peerings = append(peerings, merged(public(p.Inputs), shown(p, state), map[string]any{"id": p.ID}))
		}
	}
	return nil, map[string]any{"subnets": subnets, "virtualNetworkPeerings": peerings}
}

// A peering is one-sided: it is Initiated until the other network has one back.
func createVnetPeering(c *call) (*Object, error) {
	network := c.arm(networkToken, parentOf(c.row.id(c)))
	o, err := c.armObject(networkType+"/virtualNetworkPeerings", nowhere, map[string]any{"etag": etag(c.row.id(c)), "resourceGuid": guid(c.row.id(c))}, network)
	if err != nil {
		return nil, err
	}
	o.Region = network.Region
	remote, err := c.reference(o, networkToken, refID(c.in, "remoteVirtualNetwork"), "")
	if err != nil {
		return nil, err
	}
	if overlap(network, remote) || network == remote {
		return nil, no("azure-peering-overlap", o.ID, network.ID, remote.ID)
	}
	for _, p := range c.of(network, vnetPeeringToken) {
		if strings.EqualFold(p.attr("_remote"), remote.ID) && strings.HasPrefix(p.key(), network.key()+"/") {
			return nil, no("azure-peering-exists", o.ID, remote.ID, p.ID)
		}
	}
	o = o.with(map[string]any{"_remote": remote.ID, "remoteAddressSpace": remote.Attributes["addressSpace"]})
	o.Refs = append(o.Refs, remote.key())
	return o, nil
}

func refreshVnetPeering(c *call, o *Object) (map[string]any, map[string]any) {
	remote := c.arm(networkToken, o.attr("_remote"))
	if remote == nil {
		return nil, map[string]any{"peeringState": "Disconnected", "peeringSyncLevel": "RemoteNotInSync"}
	}
	// Addresses that the other network got later are not routed until the half is synced
	// (learn: update-virtual-network-peering-address-space, 2024).
	level := "FullyInSync"
	if !slices.Equal(strs(sub(o.Attributes, "remoteAddressSpace"), "addressPrefixes"), strs(sub(remote.Attributes, "addressSpace"), "addressPrefixes")) {
		level = "RemoteNotInSync"
	}
	for _, p := range c.of(remote, vnetPeeringToken) {
		if strings.EqualFold(p.attr("_remote"), parentOf(o.ID)) {
			return nil, map[string]any{"peeringState": "Connected", "peeringSyncLevel": level}
		}
	}
	return nil, map[string]any{"peeringState": "Initiated", "peeringSyncLevel": level}
}
