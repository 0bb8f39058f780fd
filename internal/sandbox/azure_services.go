package sandbox

import (
	"net/netip"
	"slices"

	"github.com/obslink/obslink/schema"
)

// knownAlias reports whether a private link service of that alias exists: those of Datadog.
func knownAlias(alias string) bool {
	for _, site := range schema.Datadog().AzureSites {
		for _, s := range site.Services {
			if s.Alias == alias {
				return true
			}
		}
	}
	return false
}

// createServiceEndpoint makes an endpoint to a service of others. Its connection is Pending: whoever
// owns the service approves it, which nobody does here. It has its address meanwhile.
func (c *call) createServiceEndpoint(o, subnet, network *Object) (*Object, error) {
	connections := maps(c.in, "manualPrivateLinkServiceConnections")
	if len(connections) != 1 || len(maps(c.in, "privateLinkServiceConnections")) > 0 {
		return nil, no("unsupported", "a private endpoint with several service connections")
	}
	connection := connections[0]
	if alias := str(connection, "privateLinkServiceId"); !knownAlias(alias) {
		return nil, no("azure-alias-unknown", alias, o.Name)
	}
	if message := str(connection, "requestMessage"); len(message) > 140 {
		return nil, no("azure-request-message", len(message))
	}
	if len(strs(connection, "groupIds")) > 0 {
		return nil, no("unsupported", "a group of a private link service of others")
	}
	nicID, err := c.interfaceFor(o)
	if err != nil {
		return nil, err
	}
	address, err := c.serviceAddress(subnet, nicID)
	if err != nil {
		return nil, err
	}
	o = o.with(map[string]any{"subnet": map[string]any{"id": subnet.ID}, "networkInterfaces": list(map[string]any{"id": nicID}),
		"customNetworkInterfaceName": c.str("customNetworkInterfaceName"),
		"manualPrivateLinkServiceConnections": list(merged(connection, map[string]any{
			"id": o.ID + "/manualPrivateLinkServiceConnections/" + str(connection, "name"), "provisioningState": "Succeeded",
			"privateLinkServiceConnectionState": map[string]any{"status": "Pending", "description": str(connection, "requestMessage"), "actionsRequired": "None"},
		}))})
	o.Refs = append(o.Refs, subnet.key(), network.key())
	c.put(o)
	nic := c.part(nicToken, o.Region, nicID, baseOf(nicID), map[string]any{
		"name": baseOf(nicID), "type": "Microsoft.Network/networkInterfaces", "location": o.Region, "provisioningState": "Succeeded",
		"ipConfigurations": list(map[string]any{"name": "privateEndpointIpConfig." + guid(nicID), "primary": true, "id": nicID + "/ipConfigurations/privateEndpointIpConfig." + guid(nicID),
			"provisioningState": "Succeeded", "privateIPAddress": address.String(), "privateIPAllocationMethod": "Dynamic", "privateIPAddressVersion": "IPv4",
			"subnet": map[string]any{"id": subnet.ID}, "privateLinkConnectionProperties": map[string]any{"groupId": "", "requiredMemberName": "", "fqdns": []any{}}}),
		"privateEndpoint": map[string]any{"id": o.ID}, "resourceGuid": guid(nicID), "etag": etag(nicID), "nicType": "Standard",
	}, o, subnet, c.arm(groupTypeToken, groupID(o.Account, groupOf(o.ID))))
	nic.Account = o.Account
	c.put(nic)
	return o, nil
}

// serviceAddress is the one that the program fixed, or the lowest free one.
func (c *call) serviceAddress(subnet *Object, nicID string) (netip.Addr, error) {
	p, _ := parsePrefix(subnet.attr("addressPrefix"))
	used := c.usedInSubnet(subnet, p, nicID)
	if fixed := maps(c.in, "ipConfigurations"); len(fixed) > 0 {
		want := str(fixed[0], "privateIPAddress")
		if err := azureAddress(want, p, used); err != nil {
			return netip.Addr{}, err
		}
		return netip.ParseAddr(want)
	}
	a, ok := freeAddress(p, 0, used)
	if !ok {
		return a, no("azure-subnet-full", subnet.Name, p, 1, 0)
	}
	return a, nil
}

func azureRecordTypes() []resourceType {
	return []resourceType{{
		token:    recordSetToken,
		required: []string{"resourceGroupName", "privateZoneName", "recordType"},
		inputs:   []string{"relativeRecordSetName", "aRecords", "ttl", "metadata"},
		replace:  []string{"resourceGroupName", "privateZoneName", "recordType", "relativeRecordSetName"},
		hidden:   []string{"resourceGroupName", "privateZoneName", "recordType", "relativeRecordSetName"},
		computed: []string{"name", "type", "etag", "fqdn", "isAutoRegistered"},
		id: func(c *call) string {
			return armID(c.who.account, c.str("resourceGroupName"), privateZoneType+"/A", c.str("privateZoneName"), c.str("relativeRecordSetName"))
		},
		create: createRecordSet,
		update: func(c *call) (*Object, error) { return c.recordsFor(c.old.with(nil)) },
	}}
}

func createRecordSet(c *call) (*Object, error) {
	if kind := c.str("recordType"); kind != "A" {
		return nil, no("unsupported", "a private record set of type "+kind)
	}
	zone := c.arm(privateZoneToken, parentOf(c.row.id(c)))
	o, err := c.armObject(privateZoneType+"/A", nowhere, map[string]any{"etag": etag(c.row.id(c)), "isAutoRegistered": false}, zone)
	if err != nil {
		return nil, err
	}
	name := str(c.in, "relativeRecordSetName")
	fqdn := name + "." + zone.Name
	if name == "@" {
		fqdn = zone.Name
	}
	o.Region = "global"
	return c.recordsFor(o.with(map[string]any{"fqdn": fqdn, "_owner": ""}))
}

func (c *call) recordsFor(o *Object) (*Object, error) {
	var addresses []string
	for _, a := range maps(c.in, "aRecords") {
		address := str(a, "ipv4Address")
		if parsed, err := netip.ParseAddr(address); err != nil || !parsed.Is4() || slices.Contains(addresses, address) {
			return nil, no("azure-record-address", address, o.Name)
		}
		addresses = append(addresses, address)
	}
	return o.with(map[string]any{"_addresses": list(addresses...)}), nil
}
