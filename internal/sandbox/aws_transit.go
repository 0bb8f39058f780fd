package sandbox

import "slices"

const (
	gatewayToken        = "aws:ec2transitgateway/transitGateway:TransitGateway"
	gatewayTableToken   = "aws:ec2transitgateway/routeTable:RouteTable"
	vpcAttachmentToken  = "aws:ec2transitgateway/vpcAttachment:VpcAttachment"
	transitJoinToken    = "aws:ec2transitgateway/routeTableAssociation:RouteTableAssociation"
	propagationToken    = "aws:ec2transitgateway/routeTablePropagation:RouteTablePropagation"
	transitRouteToken   = "aws:ec2transitgateway/route:Route"
	transitPeerToken    = "aws:ec2transitgateway/peeringAttachment:PeeringAttachment"
	transitAcceptToken  = "aws:ec2transitgateway/peeringAttachmentAccepter:PeeringAttachmentAccepter"
	defaultAssociation  = "transitGatewayDefaultRouteTableAssociation"
	defaultPropagation  = "transitGatewayDefaultRouteTablePropagation"
	gatewayAssociation  = "defaultRouteTableAssociation"
	gatewayPropagation  = "defaultRouteTablePropagation"
	associationTableKey = "associationDefaultRouteTableId"
	propagationTableKey = "propagationDefaultRouteTableId"
)

func awsTransitTypes() []resourceType {
	return slices.Concat(awsGatewayTypes(), awsTransitRouteTypes(), awsTransitPeeringTypes(), awsShareTypes())
}

func awsGatewayTypes() []resourceType {
	return []resourceType{
		{
			token:   gatewayToken,
			missing: "aws-transit-not-found",
			inputs:  []string{"amazonSideAsn", "autoAcceptSharedAttachments", gatewayAssociation, gatewayPropagation, "description", "dnsSupport", "vpnEcmpSupport", "tags"},
			defaults: map[string]any{"amazonSideAsn": 64512, "autoAcceptSharedAttachments": "disable", gatewayAssociation: "enable", gatewayPropagation: "enable",
				"dnsSupport": "enable", "vpnEcmpSupport": "enable"},
			computed: []string{"id", "arn", "ownerId", associationTableKey, propagationTableKey},
			check:    checkGateway,
			create:   createGateway,
			remove:   removeGateway,
		},
		{
			token:    gatewayTableToken,
			missing:  "aws-transit-table-not-found",
			required: []string{"transitGatewayId"},
			inputs:   []string{"tags"},
			replace:  []string{"transitGatewayId"},
			computed: []string{"id", "arn", "defaultAssociationRouteTable", "defaultPropagationRouteTable"},
			create:   createGatewayTable,
			remove:   removeGatewayTable,
		},
		{
			token:    vpcAttachmentToken,
			missing:  "aws-transit-attachment-not-found",
			required: []string{"subnetIds", "transitGatewayId", "vpcId"},
			inputs:   []string{defaultAssociation, defaultPropagation, "dnsSupport", "ipv6Support", "applianceModeSupport", "tags"},
			defaults: map[string]any{defaultAssociation: true, defaultPropagation: true, "dnsSupport": "enable", "ipv6Support": "disable", "applianceModeSupport": "disable"},
			sets:     []string{"subnetIds"},
			replace:  []string{"transitGatewayId", "vpcId"},
			computed: []string{"id", "arn", "vpcOwnerId", "securityGroupReferencingSupport"},
			create:   createVPCAttachment,
			update:   updateVPCAttachment,
			remove:   removeVPCAttachment,
			refresh:  refreshAttachment,
		},
	}
}

func checkGateway(c *call) []problem {
	n, given := num(c.in, "amazonSideAsn")
	if given && (n < 64512 || n > 65534) && (n < 4200000000 || n > 4294967294) {
		return []problem{{"amazonSideAsn", no("aws-transit-asn", n)}}
	}
	return nil
}

func createGateway(c *call) (*Object, error) {
	id := awsID("tgw", c.unique()...)
	return makeGateway(c, id, c.str(gatewayAssociation) != "disable", c.str(gatewayPropagation) != "disable", awsID("tgw-rtb", id)), nil
}

// makeGateway makes a gateway with the table that AWS makes with it, where one of the defaults is on.
func makeGateway(c *call, id string, associate, propagate bool, table string) *Object {
	attributes := map[string]any{"id": id, "arn": c.arn("transit-gateway", id), "ownerId": c.who.account, associationTableKey: "", propagationTableKey: ""}
	if associate {
		attributes[associationTableKey] = table
	}
	if propagate {
		attributes[propagationTableKey] = table
	}
	o := c.object(id, c.name, attributes)
	o.Type = gatewayToken
	c.put(o)
	if associate || propagate {
		c.put(c.part(gatewayTableToken, c.who.region, table, "", tableAttributes(c, table, id, associate, propagate), o))
	}
	return o
}

func tableAttributes(c *call, id, gateway string, associate, propagate bool) map[string]any {
	return map[string]any{"id": id, "arn": c.arn("transit-gateway-route-table", id), "transitGatewayId": gateway,
		"defaultAssociationRouteTable": associate, "defaultPropagationRouteTable": propagate}
}

// removeGateway: what is attached has to be gone; the route tables go with the gateway.
func removeGateway(c *call) error {
	for _, token := range []string{vpcAttachmentToken, transitPeerToken, vpnAttachmentToken} {
		for _, o := range c.of(c.old, token) {
			return no("aws-transit-in-use", c.old.ID, o.ID)
		}
	}
	for _, t := range c.of(c.old, gatewayTableToken) {
		for _, o := range c.inside(t) {
			c.drop(o)
		}
		c.drop(t)
	}
	for _, r := range c.of(c.old, routeToken) { // a VPC's route stays, as a black hole
		r = r.with(nil)
		r.Refs = slices.DeleteFunc(slices.Clone(r.Refs), func(key string) bool { return key == c.old.key() })
		c.put(r)
	}
	return nil
}

func (c *call) gateway(id string) (*Object, error) {
	if o := c.aws(gatewayToken, id); o != nil {
		return o, nil
	}
	return nil, no("aws-transit-not-found", id)
}

func createGatewayTable(c *call) (*Object, error) {
	gateway, err := c.gateway(c.str("transitGatewayId"))
	if err != nil {
		return nil, err
	}
	id := awsID("tgw-rtb", c.unique()...)
	return c.object(id, c.name, tableAttributes(c, id, gateway.ID, false, false), gateway), nil
}

func removeGatewayTable(c *call) error {
	if c.number(c.old, transitJoinToken) > 0 {
		return no("aws-transit-table-in-use", c.old.ID)
	}
	for _, o := range c.inside(c.old) { // routes and propagations go with the table
		c.drop(o)
	}
	return nil
}

func (c *call) gatewayTable(id string) (*Object, error) {
	if o := c.aws(gatewayTableToken, id); o != nil {
		return o, nil
	}
	return nil, no("aws-transit-table-not-found", id)
}

func createVPCAttachment(c *call) (*Object, error) {
	gateway, err := c.reachable(c.str("transitGatewayId"))
	if err != nil {
		return nil, err
	}
	vpc, err := c.vpc("vpcId")
	if err != nil {
		return nil, err
	}
	for _, o := range c.of(gateway, vpcAttachmentToken) {
		if o.attr("vpcId") == vpc.ID {
			return nil, no("aws-transit-attached", gateway.ID)
		}
	}
	status := "available"
	if gateway.Account != c.who.account && str(gateway.Inputs, "autoAcceptSharedAttachments") != "enable" {
		status = "pendingAcceptance"
	}
	id := awsID("tgw-attach", c.unique()...)
	o := c.object(id, c.name, map[string]any{"id": id, "arn": c.arn("transit-gateway-attachment", id), "vpcOwnerId": c.who.account, "vpcId": vpc.ID,
		"transitGatewayId": gateway.ID, "securityGroupReferencingSupport": "disable", "_status": status})
	if o, err = c.attachSubnets(o, gateway, vpc); err != nil {
		return nil, err
	}
	if status == "available" {
		c.useDefaults(o, gateway)
	}
	return o, nil
}

// useDefaults associates and propagates as the gateway does by itself, in its owner's tables.
func (c *call) useDefaults(attachment, gateway *Object) {
	for input, key := range map[string]string{defaultAssociation: associationTableKey, defaultPropagation: propagationTableKey} {
		table := c.objects[awsKey(gateway.Account, gateway.Region, gatewayTableToken, gateway.attr(key))]
		if table == nil || !flag(c.in, input) {
			continue
		}
		token := transitJoinToken
		if input == defaultPropagation {
			token = propagationToken
		}
		o := c.part(token, c.who.region, pairID(table, attachment), "", map[string]any{"id": pairID(table, attachment)}, table, attachment)
		o.Account = gateway.Account
		c.put(o)
	}
}

// pairID is how the provider names an attachment in a table.
func pairID(table, attachment *Object) string { return table.ID + "_" + attachment.ID }

// attachSubnets puts an interface of the gateway into each subnet, one in a zone.
func (c *call) attachSubnets(o, gateway, vpc *Object) (*Object, error) {
	refs, zones, wanted := []*Object{gateway, vpc}, map[string]bool{}, strs(c.in, "subnetIds")
	for _, nic := range c.of(o, interfaceToken) {
		if !slices.Contains(wanted, nic.attr("subnetId")) {
			c.drop(nic)
		}
	}
	for _, id := range wanted {
		subnet := c.aws(subnetToken, id)
		switch {
		case subnet == nil:
			return nil, no("aws-subnet-not-found", id)
		case subnet.attr("vpcId") != vpc.ID:
			return nil, no("aws-endpoint-subnet-vpc", id, vpc.ID)
		case zones[subnet.attr("availabilityZone")]:
			return nil, no("aws-transit-two-subnets-in-zone")
		}
		zones[subnet.attr("availabilityZone")] = true
		refs = append(refs, subnet)
		nic := awsID("eni", o.ID, id)
		if c.aws(interfaceToken, nic) != nil {
			continue
		}
		address, err := c.allocate(subnet, "", nic)
		if err != nil {
			return nil, err
		}
		c.put(c.part(interfaceToken, c.who.region, nic, "", map[string]any{"id": nic, "privateIp": address.String(), "privateIps": list(address.String()),
			"subnetId": id, "vpcId": vpc.ID, "ownerId": c.who.account, "availabilityZone": subnet.attr("availabilityZone"),
			"interfaceType": "transit_gateway", "description": "", "securityGroups": []any{}}, subnet, o))
	}
	if len(wanted) == 0 {
		return nil, no("aws-transit-no-subnets")
	}
	o = o.with(nil)
	o.Refs = keysOf(refs)
	return o, nil
}

func updateVPCAttachment(c *call) (*Object, error) {
	gateway, err := c.reachable(c.old.attr("transitGatewayId"))
	if err != nil {
		return nil, err
	}
	c.changeDefaults(c.old, gateway)
	return c.attachSubnets(c.old, gateway, c.aws(vpcToken, c.old.attr("vpcId")))
}

// changeDefaults takes an attachment out of the default tables where an input was turned off, as the
// provider does (terraform-provider-aws, recalled 2026-11).
func (c *call) changeDefaults(attachment, gateway *Object) {
	for input, key := range map[string]string{defaultAssociation: associationTableKey, defaultPropagation: propagationTableKey} {
		if flag(c.in, input) || !flag(c.old.Inputs, input) {
			continue
		}
		table := c.objects[awsKey(gateway.Account, gateway.Region, gatewayTableToken, gateway.attr(key))]
		token := transitJoinToken
		if input == defaultPropagation {
			token = propagationToken
		}
		for _, o := range c.of(attachment, token) {
			if table != nil && o.ID == pairID(table, attachment) {
				c.drop(o)
			}
		}
	}
}

// removeVPCAttachment: with an attachment go its interfaces, associations and propagations; routes to it
// stay, as black holes.
func removeVPCAttachment(c *call) error {
	c.dropAttached(c.old)
	return nil
}

func (c *call) dropAttached(attachment *Object) {
	for _, token := range []string{interfaceToken, transitJoinToken, propagationToken, attachmentAcceptToken} {
		for _, o := range c.of(attachment, token) {
			c.drop(o)
		}
	}
}
