package sandbox

import (
	"regexp"
	"slices"
	"strings"
)

const (
	customerToken   = "aws:ec2/customerGateway:CustomerGateway"
	vpnGatewayToken = "aws:ec2/vpnGateway:VpnGateway"
	vpnToken        = "aws:ec2/vpnConnection:VpnConnection"
	vpnRouteToken   = "aws:ec2/vpnConnectionRoute:VpnConnectionRoute"
	learningToken   = "aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation"
	// vpnAttachmentToken is what AWS makes at a transit gateway along with a VPN.
	vpnAttachmentToken = "sandbox:aws/vpnAttachment:VpnAttachment"
)

func awsVPNTypes() []resourceType {
	return []resourceType{
		{
			token:    customerToken,
			missing:  "aws-customer-not-found",
			required: []string{"type"},
			inputs:   []string{"bgpAsn", "bgpAsnExtended", "ipAddress", "tags"},
			replace:  []string{"type", "bgpAsn", "bgpAsnExtended", "ipAddress"},
			computed: []string{"id", "arn"},
			check:    checkCustomer,
			create:   createCustomer,
			remove:   func(c *call) error { return c.unused("aws-customer-in-use") },
		},
		{
			token:    vpnGatewayToken,
			missing:  "aws-vpn-gateway-not-found",
			inputs:   []string{"amazonSideAsn", "vpcId", "tags"},
			defaults: map[string]any{"amazonSideAsn": "64512"},
			replace:  []string{"amazonSideAsn"},
			computed: []string{"id", "arn"},
			create:   createVPNGateway,
			update:   updateVPNGateway,
			remove:   removeVPNGateway,
		},
		{
			token:    vpnToken,
			missing:  "aws-vpn-not-found",
			required: []string{"customerGatewayId", "type"},
			inputs:   []string{"vpnGatewayId", "transitGatewayId", "staticRoutesOnly", "tunnel1PresharedKey", "tunnel2PresharedKey", "tags"},
			defaults: map[string]any{"staticRoutesOnly": false},
			replace:  []string{"type", "staticRoutesOnly"},
			computed: []string{"id", "arn", "transitGatewayAttachmentId", "tunnel1Address", "tunnel2Address"},
			check:    checkVPN,
			create:   createVPN,
			update:   updateVPN,
			remove:   removeVPN,
		},
		{
			token:    vpnRouteToken,
			missing:  "aws-vpn-not-found",
			required: []string{"destinationCidrBlock", "vpnConnectionId"},
			replace:  []string{"destinationCidrBlock", "vpnConnectionId"},
			computed: []string{"id"},
			check:    func(c *call) []problem { return c.cidrProblems("destinationCidrBlock") },
			create:   createVPNRoute,
		},
		{
			token:    learningToken,
			missing:  "aws-vpn-gateway-not-found",
			required: []string{"routeTableId", "vpnGatewayId"},
			replace:  []string{"routeTableId", "vpnGatewayId"},
			computed: []string{"id"},
			create:   createLearning,
		},
	}
}

// unused refuses to delete what VPNs use.
func (c *call) unused(row string) error {
	if c.number(c.old, vpnToken) > 0 {
		return no(row, c.old.ID)
	}
	return nil
}

func checkCustomer(c *call) []problem {
	if c.str("bgpAsn") != "" && c.str("bgpAsnExtended") != "" {
		return []problem{{"bgpAsn", no("aws-customer-asns")}}
	}
	return nil
}

// createCustomer: a second request for the same device is answered with the gateway that is there.
func createCustomer(c *call) (*Object, error) {
	if c.str("ipAddress") == "" {
		return nil, no("aws-customer-address")
	}
	device := strings.Join([]string{c.str("type"), c.str("ipAddress"), c.str("bgpAsn"), c.str("bgpAsnExtended")}, "|")
	id := awsID("cgw", c.who.account, c.who.region, device)
	return c.object(id, c.name, map[string]any{"id": id, "arn": c.arn("customer-gateway", id)}), nil
}

func createVPNGateway(c *call) (*Object, error) {
	id := awsID("vgw", c.unique()...)
	return attachVPNGateway(c, c.object(id, c.name, map[string]any{"id": id, "arn": c.arn("vpn-gateway", id)}))
}

func updateVPNGateway(c *call) (*Object, error) { return attachVPNGateway(c, c.old.with(nil)) }

// attachVPNGateway: a VPC has one VPN gateway.
func attachVPNGateway(c *call, o *Object) (*Object, error) {
	vpc, err := c.vpc("vpcId")
	if err != nil {
		return nil, err
	}
	for _, other := range c.of(vpc, vpnGatewayToken) {
		if other.ID != o.ID {
			return nil, no("aws-vpn-gateway-attached", vpc.ID, other.ID)
		}
	}
	o = o.with(map[string]any{"vpcId": vpc.ID})
	o.Refs = keysOf([]*Object{vpc})
	return o, nil
}

func removeVPNGateway(c *call) error {
	for _, l := range c.of(c.old, learningToken) {
		c.drop(l)
	}
	return c.unused("aws-vpn-gateway-in-use")
}

// sharedKey is what EC2 takes as a tunnel's pre-shared key (VpnTunnelOptionsSpecification).
var sharedKey = regexp.MustCompile(`^[A-Za-z1-9._][A-Za-z0-9._]{7,63}$`)

func checkVPN(c *call) []problem {
	var found []problem
	if (c.str("vpnGatewayId") == "") == (c.str("transitGatewayId") == "") {
		found = append(found, problem{"vpnGatewayId", no("aws-vpn-ends")})
	}
	for _, input := range []string{"tunnel1PresharedKey", "tunnel2PresharedKey"} {
		if key := c.str(input); key != "" && !sharedKey.MatchString(key) {
			found = append(found, problem{input, no("aws-vpn-key", input)})
		}
	}
	return found
}

func createVPN(c *call) (*Object, error) {
	id := awsID("vpn", c.unique()...)
	return c.endVPN(c.object(id, c.name, map[string]any{"id": id, "arn": c.arn("vpn-connection", id),
		"tunnel1Address": "198.51.100." + itoa(1+pick(120, id, "1")), "tunnel2Address": "198.51.100." + itoa(121+pick(120, id, "2"))}))
}

func updateVPN(c *call) (*Object, error) { return c.endVPN(c.old.with(nil)) }

// endVPN finds both ends. At a transit gateway the VPN is an attachment, which joins the default table
// whether anybody wants it or not.
func (c *call) endVPN(o *Object) (*Object, error) {
	customer := c.aws(customerToken, c.str("customerGatewayId"))
	if customer == nil {
		return nil, no("aws-customer-not-found", c.str("customerGatewayId"))
	}
	if id := c.str("vpnGatewayId"); id != "" {
		gateway := c.aws(vpnGatewayToken, id)
		if gateway == nil {
			return nil, no("aws-vpn-gateway-not-found", id)
		}
		o = o.with(map[string]any{"transitGatewayAttachmentId": "", "_static": flag(c.in, "staticRoutesOnly")})
		o.Refs = keysOf([]*Object{customer, gateway})
		return o, nil
	}
	gateway, err := c.gateway(c.str("transitGatewayId"))
	if err != nil {
		return nil, err
	}
	id := awsID("tgw-attach", o.ID)
	o = o.with(map[string]any{"transitGatewayAttachmentId": id})
	o.Refs = keysOf([]*Object{customer, gateway})
	if c.aws(vpnAttachmentToken, id) != nil {
		return o, nil
	}
	attachment := c.part(vpnAttachmentToken, c.who.region, id, "", map[string]any{"id": id, "transitGatewayId": gateway.ID, "_status": "available", "_vpn": o.ID}, gateway)
	c.put(attachment)
	for token, key := range map[string]string{transitJoinToken: associationTableKey, propagationToken: propagationTableKey} {
		if table := c.aws(gatewayTableToken, gateway.attr(key)); table != nil {
			c.put(c.part(token, c.who.region, pairID(table, attachment), "", map[string]any{"id": pairID(table, attachment)}, table, attachment))
		}
	}
	return o, nil
}

func removeVPN(c *call) error {
	for _, r := range c.of(c.old, vpnRouteToken) {
		c.drop(r)
	}
	if attachment := c.aws(vpnAttachmentToken, c.old.attr("transitGatewayAttachmentId")); attachment != nil {
		c.dropAttached(attachment)
		c.drop(attachment)
	}
	return nil
}

func createVPNRoute(c *call) (*Object, error) {
	connection := c.aws(vpnToken, c.str("vpnConnectionId"))
	switch {
	case connection == nil:
		return nil, no("aws-vpn-not-found", c.str("vpnConnectionId"))
	case !flag(connection.Attributes, "_static"):
		return nil, no("aws-vpn-not-static", connection.ID)
	}
	id := c.str("destinationCidrBlock") + ":" + connection.ID
	return c.object(id, c.name, map[string]any{"id": id, "destinationCidrBlock": c.str("destinationCidrBlock")}, connection), nil
}

func createLearning(c *call) (*Object, error) {
	table, err := c.routeTable(c.str("routeTableId"))
	if err != nil {
		return nil, err
	}
	gateway := c.aws(vpnGatewayToken, c.str("vpnGatewayId"))
	switch {
	case gateway == nil:
		return nil, no("aws-vpn-gateway-not-found", c.str("vpnGatewayId"))
	case gateway.attr("vpcId") != table.attr("vpcId"):
		return nil, no("aws-vpn-gateway-elsewhere", gateway.ID, table.attr("vpcId"))
	}
	id := gateway.ID + "_" + table.ID
	return c.object(id, c.name, map[string]any{"id": id}, table, gateway), nil
}

// learned are the routes that a table has from VPN gateways. What a device says over BGP nobody knows here.
func (c *call) learned(table *Object) []any {
	var routes []any
	for _, l := range c.of(table, learningToken) {
		gateway, _, _ := strings.Cut(l.ID, "_")
		o := c.aws(vpnGatewayToken, gateway)
		if o == nil {
			continue
		}
		for _, vpn := range c.of(o, vpnToken) {
			for _, r := range c.of(vpn, vpnRouteToken) {
				entry := map[string]any{"cidrBlock": r.attr("destinationCidrBlock"), "gatewayId": gateway}
				for _, k := range slices.Concat([]string{"instanceId", "ipv6CidrBlock", "vpcEndpointId"}, routeTargets) {
					if entry[k] == nil {
						entry[k] = ""
					}
				}
				routes = append(routes, entry)
			}
		}
	}
	return routes
}

func getVPNGateway(c *call) (map[string]any, error) {
	o := c.aws(vpnGatewayToken, c.str("id"))
	if o == nil {
		return nil, no("aws-vpn-gateway-not-found", c.str("id"))
	}
	return shown(o, map[string]any{"amazonSideAsn": str(o.Inputs, "amazonSideAsn"), "attachedVpcId": o.attr("vpcId"), "availabilityZone": "", "state": "available", "arn": o.attr("arn")}), nil
}

// getInstance finds the instance that has a network interface.
func getInstance(c *call) (map[string]any, error) {
	for _, f := range maps(c.in, "filters") {
		if str(f, "name") != "network-interface.network-interface-id" {
			return nil, no("unsupported", "the filter "+str(f, "name"))
		}
		for _, id := range strs(f, "values") {
			if nic := c.aws(interfaceToken, id); nic != nil && nic.attr("interfaceType") == "interface" {
				instance := awsID("i", id)
				return map[string]any{"id": instance, "instanceId": instance, "networkInterfaceId": id, "privateIp": nic.attr("privateIp"), "secondaryPrivateIps": []any{},
					"subnetId": nic.attr("subnetId"), "sourceDestCheck": flag(nic.Attributes, "_sourceDestCheck"), "vpcSecurityGroupIds": nic.Attributes["securityGroups"], "tags": map[string]any{}}, nil
			}
		}
	}
	return nil, no("aws-instance-not-found")
}
