package sandbox

import (
	"cmp"
	"slices"
	"strings"

	"github.com/obslink/obslink/schema"
)

const (
	publicIPToken     = "azure-native:network:PublicIPAddress"
	vnetGatewayToken  = "azure-native:network:VirtualNetworkGateway"
	localGatewayToken = "azure-native:network:LocalNetworkGateway"
	connectionToken   = "azure-native:network:VirtualNetworkGatewayConnection"

	publicIPType     = "Microsoft.Network/publicIPAddresses"
	vnetGatewayType  = "Microsoft.Network/virtualNetworkGateways"
	localGatewayType = "Microsoft.Network/localNetworkGateways"
	connectionType   = "Microsoft.Network/connections"
)

// azureGatewayTypes are VPN gateways and what their tunnels need.
func azureGatewayTypes() []resourceType {
	// row is a type of a resource group with a name of its own.
	row := func(token, kind, name string, inputs ...string) resourceType {
		return resourceType{
			token: token, required: []string{"resourceGroupName"}, inputs: append([]string{name, "location", "tags"}, inputs...),
			autoname: name, naming: eightHex,
			replace:  []string{"resourceGroupName", name, "location"},
			hidden:   []string{"resourceGroupName", name},
			computed: []string{"name", "type", "etag", "provisioningState", "resourceGuid"},
			id:       func(c *call) string { return armID(c.who.account, c.str("resourceGroupName"), kind, c.str(name)) },
		}
	}
	address := row(publicIPToken, publicIPType, "publicIpAddressName", "sku", "publicIPAllocationMethod", "publicIPAddressVersion", "zones")
	address.computed = append(address.computed, "ipAddress")
	address.replace = append(address.replace, "zones", "sku")
	address.create, address.remove = createPublicIP, func(c *call) error { return c.usedBy("azure-public-ip-in-use", vnetGatewayToken) }

	gateway := row(vnetGatewayToken, vnetGatewayType, "virtualNetworkGatewayName", "gatewayType", "vpnType", "sku", "ipConfigurations", "enableBgp", "bgpSettings", "activeActive")
	gateway.replace = append(gateway.replace, "gatewayType", "vpnType")
	gateway.create, gateway.update = createVnetGateway, updateVnetGateway
	gateway.refresh = func(*call, *Object) (in, attributes map[string]any) { return nil, nil } // a look-up shows its inputs
	gateway.remove = func(c *call) error { return c.usedBy("azure-gateway-in-use", connectionToken) }

	local := row(localGatewayToken, localGatewayType, "localNetworkGatewayName", "gatewayIpAddress", "fqdn", "localNetworkAddressSpace", "bgpSettings")
	local.create, local.update = createLocalGateway, func(c *call) (*Object, error) { return c.old.with(nil), c.judgeDevice(c.old.ID) }
	local.remove = func(c *call) error { return c.usedBy("azure-gateway-in-use", connectionToken) }

	connection := row(connectionToken, connectionType, "virtualNetworkGatewayConnectionName", "connectionType", "connectionProtocol", "virtualNetworkGateway1",
		"localNetworkGateway2", "sharedKey", "enableBgp")
	connection.required = append(connection.required, "connectionType", "virtualNetworkGateway1")
	connection.replace = append(connection.replace, "connectionType", "virtualNetworkGateway1", "localNetworkGateway2")
	connection.computed = append(connection.computed, "connectionStatus")
	connection.create, connection.update = createConnection, updateConnection
	return []resourceType{address, gateway, local, connection}
}

// usedBy refuses to delete what an object of a type refers to.
func (c *call) usedBy(row, token string) error {
	for _, o := range c.of(c.old, token) {
		return no(row, c.old.ID, o.ID)
	}
	return nil
}

func createPublicIP(c *call) (*Object, error) {
	id := c.row.id(c)
	return c.armObject(publicIPType, regional, map[string]any{"etag": etag(id), "resourceGuid": guid(id), "ipAddress": "198.51.100." + itoa(1+pick(250, id))})
}

func createVnetGateway(c *call) (*Object, error) {
	id := c.row.id(c)
	o, err := c.armObject(vnetGatewayType, regional, map[string]any{"etag": etag(id), "resourceGuid": guid(id)})
	if err != nil {
		return nil, err
	}
	return c.placeGateway(o)
}

func updateVnetGateway(c *call) (*Object, error) { return c.placeGateway(c.old.with(nil)) }

// placeGateway judges where a gateway stands: in the subnet of Azure's name, one in a network, behind an
// address that has zones if the gateway's size has.
func (c *call) placeGateway(o *Object) (*Object, error) {
	configurations := maps(c.in, "ipConfigurations")
	if len(configurations) != 1 {
		return nil, no("unsupported", "a gateway with "+itoa(len(configurations))+" IP configurations")
	}
	size := str(sub(c.in, "sku"), "name")
	if str(c.in, "gatewayType") != "Vpn" || str(c.in, "vpnType") != "RouteBased" || !strings.HasSuffix(size, "AZ") {
		return nil, no("unsupported", "a gateway other than a route-based VPN gateway of an AZ size")
	}
	subnet, err := c.reference(o, vnetSubnetToken, refID(configurations[0], "subnet"), o.Region)
	if err != nil {
		return nil, err
	}
	address, err := c.reference(o, publicIPToken, refID(configurations[0], "publicIPAddress"), o.Region)
	if err != nil {
		return nil, err
	}
	if !strings.EqualFold(subnet.Name, "GatewaySubnet") {
		return nil, no("azure-gateway-subnet", o.ID, subnet.Name)
	}
	for _, other := range c.of(subnet, vnetGatewayToken) {
		if other.key() != o.key() {
			return nil, no("azure-second-gateway", parentOf(subnet.ID), other.ID)
		}
	}
	if zones, _ := address.Inputs["zones"].([]any); len(zones) == 0 && !slices.Contains(schema.Azure().WithoutZones, o.Region) {
		return nil, no("azure-gateway-zones")
	}
	if str(sub(address.Inputs, "sku"), "name") != "Standard" || str(address.Inputs, "publicIPAllocationMethod") != "Static" {
		return nil, no("azure-gateway-address", address.ID)
	}
	if asn := number(sub(c.in, "bgpSettings"), "asn"); asn != 65515 && reservedASN(asn) {
		return nil, no("azure-asn-reserved", itoa(asn))
	}
	o = o.with(nil)
	o.Refs = keysOf([]*Object{c.arm(groupTypeToken, groupID(o.Account, groupOf(o.ID))), subnet, address})
	return o, nil
}

// reservedASN reports whether an ASN is Azure's own.
func reservedASN(asn int) bool {
	return asn == 8074 || asn == 8075 || asn == 12076 || asn >= 65515 && asn <= 65520
}

func number(m map[string]any, key string) int {
	f, _ := m[key].(float64)
	return int(f)
}

func createLocalGateway(c *call) (*Object, error) {
	id := c.row.id(c)
	if err := c.judgeDevice(id); err != nil {
		return nil, err
	}
	return c.armObject(localGatewayType, regional, map[string]any{"etag": etag(id), "resourceGuid": guid(id)})
}

// judgeDevice judges what is said of a site's device.
func (c *call) judgeDevice(id string) error {
	if (c.str("gatewayIpAddress") == "") == (c.str("fqdn") == "") {
		return no("azure-local-gateway-ends", id)
	}
	for _, s := range strs(sub(c.in, "localNetworkAddressSpace"), "addressPrefixes") {
		if _, err := azurePrefix(s, id); err != nil {
			return err
		}
	}
	bgp := sub(c.in, "bgpSettings")
	if asn := number(bgp, "asn"); reservedASN(asn) {
		return no("azure-asn-reserved", itoa(asn))
	}
	if number(bgp, "asn") != 0 && str(bgp, "bgpPeeringAddress") == "" {
		return no("azure-bgp-address", id)
	}
	return nil
}

func createConnection(c *call) (*Object, error) {
	id := c.row.id(c)
	o, err := c.armObject(connectionType, regional, map[string]any{"etag": etag(id), "resourceGuid": guid(id), "connectionStatus": "Unknown"})
	if err != nil {
		return nil, err
	}
	return c.joinGateways(o)
}

func updateConnection(c *call) (*Object, error) { return c.joinGateways(c.old.with(nil)) }

// joinGateways judges both ends of a tunnel: the gateway is in the connection's region and speaks BGP if the
// connection does, and no other connection leads from it to the same device.
func (c *call) joinGateways(o *Object) (*Object, error) {
	if c.str("connectionType") != "IPsec" {
		return nil, no("unsupported", "a connection of type "+c.str("connectionType"))
	}
	gateway, err := c.reference(o, vnetGatewayToken, refID(c.in, "virtualNetworkGateway1"), o.Region)
	if err != nil {
		return nil, err
	}
	device, err := c.reference(o, localGatewayToken, refID(c.in, "localNetworkGateway2"), "")
	if err != nil {
		return nil, err
	}
	for _, other := range c.of(device, connectionToken) {
		if other.key() != o.key() && slices.Contains(other.Refs, gateway.key()) {
			return nil, no("azure-connection-twice", gateway.ID, device.ID)
		}
	}
	bgp := sub(device.Inputs, "bgpSettings")
	if flag(c.in, "enableBgp") && (!flag(gateway.Inputs, "enableBgp") || number(bgp, "asn") == 0) {
		return nil, no("azure-connection-bgp", o.ID)
	}
	if asn := number(bgp, "asn"); flag(c.in, "enableBgp") && asn == cmp.Or(number(sub(gateway.Inputs, "bgpSettings"), "asn"), 65515) {
		return nil, no("azure-connection-asn", itoa(asn))
	}
	o = o.with(nil)
	o.Refs = keysOf([]*Object{c.arm(groupTypeToken, groupID(o.Account, groupOf(o.ID))), gateway, device})
	return o, nil
}
