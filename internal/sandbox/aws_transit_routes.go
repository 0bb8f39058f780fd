package sandbox

func awsTransitRouteTypes() []resourceType {
	pair := []string{"transitGatewayAttachmentId", "transitGatewayRouteTableId"}
	return []resourceType{
		{
			token:    transitJoinToken,
			missing:  "aws-transit-table-not-found",
			required: pair,
			inputs:   []string{"replaceExistingAssociation"},
			replace:  pair,
			computed: []string{"id", "resourceId", "resourceType"},
			create:   createTransitAssociation,
		},
		{
			token:    propagationToken,
			missing:  "aws-transit-table-not-found",
			required: pair,
			replace:  pair,
			computed: []string{"id", "resourceId", "resourceType"},
			create:   createPropagation,
		},
		{
			token:    transitRouteToken,
			missing:  "aws-transit-table-not-found",
			required: []string{"destinationCidrBlock", "transitGatewayRouteTableId"},
			inputs:   []string{"transitGatewayAttachmentId", "blackhole"},
			defaults: map[string]any{"blackhole": false},
			replace:  []string{"destinationCidrBlock", "transitGatewayRouteTableId", "transitGatewayAttachmentId", "blackhole"},
			computed: []string{"id"},
			check:    func(c *call) []problem { return c.cidrProblems("destinationCidrBlock") },
			create:   createTransitRoute,
		},
	}
}

func awsTransitPeeringTypes() []resourceType {
	return []resourceType{
		{
			token:    transitPeerToken,
			missing:  "aws-transit-attachment-not-found",
			required: []string{"peerRegion", "peerTransitGatewayId", "transitGatewayId"},
			inputs:   []string{"peerAccountId", "tags"},
			replace:  []string{"peerRegion", "peerTransitGatewayId", "transitGatewayId", "peerAccountId"},
			computed: []string{"id", "arn", "state", "peerAccountId"},
			create:   createTransitPeering,
			remove:   removeTransitPeering,
			refresh:  refreshTransitPeering,
		},
		{
			token:    transitAcceptToken,
			missing:  "aws-transit-attachment-not-found",
			required: []string{"transitGatewayAttachmentId"},
			inputs:   []string{"tags"},
			replace:  []string{"transitGatewayAttachmentId"},
			computed: []string{"id", "peerAccountId", "peerRegion", "peerTransitGatewayId", "transitGatewayId"},
			create:   createTransitAccepter,
			remove:   removeTransitAccepter,
		},
	}
}

// attachmentOf finds an attachment that ends in this account and region: a VPC's, or either side of a peering.
func (c *call) attachmentOf(id string) *Object {
	for _, token := range []string{vpcAttachmentToken, vpnAttachmentToken} {
		if o := c.aws(token, id); o != nil {
			return o
		}
	}
	for _, o := range c.everywhere(vpcAttachmentToken, id) { // of an account with which the gateway is shared
		if o.Region == c.who.region && c.aws(gatewayToken, o.attr("transitGatewayId")) != nil {
			return o
		}
	}
	for _, o := range c.everywhere(transitPeerToken, id) {
		if o.Account == c.who.account && o.Region == c.who.region || c.transitAccepts(o) {
			return o
		}
	}
	return nil
}

func (c *call) transitAccepts(o *Object) bool {
	return o.attr("peerAccountId") == c.who.account && o.attr("peerRegion") == c.who.region
}

// pairOf finds the table and the attachment that an input pairs; the attachment must be available.
func (c *call) pairOf() (table, attachment *Object, err error) {
	if table, err = c.gatewayTable(c.str("transitGatewayRouteTableId")); err != nil {
		return nil, nil, err
	}
	id := c.str("transitGatewayAttachmentId")
	attachment = c.attachmentOf(id)
	switch {
	case attachment == nil:
		return nil, nil, no("aws-transit-attachment-not-found", id)
	case attachment.attr("_status") != "available":
		return nil, nil, no("aws-transit-unavailable", id)
	}
	if gateway := table.attr("transitGatewayId"); attachment.attr("transitGatewayId") != gateway && attachment.attr("peerTransitGatewayId") != gateway {
		return nil, nil, no("aws-transit-other-gateway", id, table.ID)
	}
	return table, attachment, nil
}

func (c *call) paired(table, attachment *Object) *Object {
	resource, kind := attachment.attr("vpcId"), "vpc"
	if attachment.Type == transitPeerToken {
		resource, kind = attachment.attr("peerTransitGatewayId"), "peering"
	}
	if attachment.Type == vpnAttachmentToken {
		resource, kind = attachment.attr("_vpn"), "vpn"
	}
	id := pairID(table, attachment)
	return c.object(id, c.name, map[string]any{"id": id, "resourceId": resource, "resourceType": kind}, table, attachment)
}

func createTransitAssociation(c *call) (*Object, error) {
	table, attachment, err := c.pairOf()
	if err != nil {
		return nil, err
	}
	for _, o := range c.of(attachment, transitJoinToken) {
		if o.Account != c.who.account || o.Region != c.who.region {
			continue // the other side of a peering has a table of its own
		}
		if !flag(c.in, "replaceExistingAssociation") {
			return nil, no("aws-transit-associated", attachment.ID)
		}
		c.drop(o)
	}
	return c.paired(table, attachment), nil
}

func createPropagation(c *call) (*Object, error) {
	table, attachment, err := c.pairOf()
	if err != nil {
		return nil, err
	}
	if attachment.Type == transitPeerToken {
		return nil, no("aws-transit-propagation", attachment.ID)
	}
	for _, o := range c.of(attachment, propagationToken) {
		if o.ID == pairID(table, attachment) {
			return nil, no("aws-transit-propagated", attachment.ID, table.ID)
		}
	}
	return c.paired(table, attachment), nil
}

// createTransitRoute adds a static route; one that is propagated to the same prefix yields to it.
func createTransitRoute(c *call) (*Object, error) {
	table, err := c.gatewayTable(c.str("transitGatewayRouteTableId"))
	if err != nil {
		return nil, err
	}
	refs := []*Object{table}
	if !flag(c.in, "blackhole") {
		_, attachment, err := c.pairOf()
		if err != nil {
			return nil, err
		}
		refs = append(refs, attachment)
	}
	destination := c.str("destinationCidrBlock")
	for _, r := range c.of(table, transitRouteToken) {
		if r.attr("destinationCidrBlock") == destination {
			return nil, no("aws-transit-route-exists", destination, table.ID)
		}
	}
	id := table.ID + "_" + destination
	return c.object(id, c.name, map[string]any{"id": id, "destinationCidrBlock": destination}, refs...), nil
}

func createTransitPeering(c *call) (*Object, error) {
	gateway, err := c.gateway(c.str("transitGatewayId"))
	if err != nil {
		return nil, err
	}
	account, region := c.who.account, c.str("peerRegion")
	if s := c.str("peerAccountId"); s != "" {
		account = s
	}
	id := awsID("tgw-attach", c.unique()...)
	peer := c.objects[awsKey(account, region, gatewayToken, c.str("peerTransitGatewayId"))]
	if peer == nil || peer == gateway { // AWS accepts the request and lets it fail
		return nil, no("aws-transit-peering-failed", id)
	}
	for _, o := range c.of(gateway, transitPeerToken) {
		if o.attr("transitGatewayId") == peer.ID || o.attr("peerTransitGatewayId") == peer.ID {
			return nil, no("aws-transit-peered", gateway.ID, peer.ID)
		}
	}
	return c.object(id, c.name, map[string]any{"id": id, "arn": c.arn("transit-gateway-attachment", id), "peerAccountId": account, "peerRegion": region,
		"transitGatewayId": gateway.ID, "peerTransitGatewayId": peer.ID, "_status": "pendingAcceptance"}, gateway, peer), nil
}

func refreshTransitPeering(_ *call, o *Object) (map[string]any, map[string]any) {
	return nil, map[string]any{"state": o.attr("_status")}
}

// removeTransitPeering: with the peering go its acceptance and its associations; routes stay, as black holes.
func removeTransitPeering(c *call) error {
	c.dropTransitPeering(c.old)
	return nil
}

func (c *call) dropTransitPeering(peering *Object) {
	c.dropAttached(peering)
	for _, o := range c.of(peering, transitAcceptToken) {
		c.drop(o)
	}
	c.drop(peering)
}

func createTransitAccepter(c *call) (*Object, error) {
	id := c.str("transitGatewayAttachmentId")
	for _, p := range c.everywhere(transitPeerToken, id) {
		if !c.transitAccepts(p) || p.attr("_status") != "pendingAcceptance" {
			continue
		}
		p = p.with(map[string]any{"_status": "available"})
		c.put(p)
		return c.object(id, c.name, map[string]any{"id": id, "peerAccountId": p.Account, "peerRegion": p.Region,
			"peerTransitGatewayId": p.attr("transitGatewayId"), "transitGatewayId": p.attr("peerTransitGatewayId")}, p), nil
	}
	return nil, no("aws-transit-attachment-not-found", id)
}

// removeTransitAccepter deletes the peering, as the provider does (terraform-provider-aws, recalled 2026-11).
func removeTransitAccepter(c *call) error {
	for _, p := range c.everywhere(transitPeerToken, c.old.ID) {
		c.dropTransitPeering(p)
	}
	return nil
}

func getTransitGateway(c *call) (map[string]any, error) {
	o, err := c.reachable(c.str("id"))
	if err != nil {
		return nil, err
	}
	if o.Account != c.who.account { // others do not see its tags
		o = o.with(nil)
		o.Inputs = merged(o.Inputs, map[string]any{"tags": map[string]any{}})
	}
	return shown(o, map[string]any{"amazonSideAsn": o.Inputs["amazonSideAsn"], "autoAcceptSharedAttachments": str(o.Inputs, "autoAcceptSharedAttachments"),
		gatewayAssociation: onOff(o.attr(associationTableKey)), gatewayPropagation: onOff(o.attr(propagationTableKey)),
		"description": str(o.Inputs, "description"), "dnsSupport": "enable", "multicastSupport": "disable", "securityGroupReferencingSupport": "disable",
		"transitGatewayCidrBlocks": []any{}, "vpnEcmpSupport": "enable"}), nil
}

func onOff(table string) string {
	if table == "" {
		return "disable"
	}
	return "enable"
}

func getGatewayTable(c *call) (map[string]any, error) {
	o, err := c.gatewayTable(c.str("id"))
	if err != nil {
		return nil, err
	}
	return shown(o, nil), nil
}

// getGatewayRoutes lists a table's static routes and those that its attachments propagate.
func getGatewayRoutes(c *call) (map[string]any, error) {
	table, err := c.gatewayTable(c.str("transitGatewayRouteTableId"))
	if err != nil {
		return nil, err
	}
	var routes []any
	add := func(destination, kind string) {
		routes = append(routes, map[string]any{"destinationCidrBlock": destination, "type": kind, "state": "active", "prefixListId": "", "transitGatewayRouteTableAnnouncementId": ""})
	}
	for _, r := range c.of(table, transitRouteToken) {
		add(r.attr("destinationCidrBlock"), "static")
	}
	for _, p := range c.of(table, propagationToken) {
		if a := c.attachmentOf(str(p.Inputs, "transitGatewayAttachmentId")); a != nil {
			for _, vpc := range c.everywhere(vpcToken, a.attr("vpcId")) {
				for _, prefix := range prefixes(vpc) {
					add(prefix.String(), "propagated")
				}
			}
		}
	}
	return map[string]any{"id": table.ID, "transitGatewayRouteTableId": table.ID, "filters": c.in["filters"], "routes": routes}, nil
}
