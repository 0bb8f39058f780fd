package sandbox

import "slices"

func awsFunctions() []function {
	return []function{
		{token: "aws:index/getCallerIdentity:getCallerIdentity", inputs: []string{"id"}, run: callerIdentity},
		{token: "aws:ec2/getVpc:getVpc", required: []string{"id"}, run: getVPC},
		{token: "aws:ec2/getSubnet:getSubnet", required: []string{"id"}, run: getSubnet},
		{token: "aws:ec2/getRouteTable:getRouteTable", inputs: []string{"routeTableId", "subnetId"}, run: getRouteTable},
		{token: "aws:ec2/getSecurityGroup:getSecurityGroup", inputs: []string{"id", "name", "vpcId"}, run: getGroup},
		{token: "aws:ec2/getNetworkInterface:getNetworkInterface", required: []string{"id"}, run: getInterface},
		{token: "aws:ec2/getInstance:getInstance", required: []string{"filters"}, run: getInstance},
		{token: "aws:ec2/getVpnGateway:getVpnGateway", required: []string{"id"}, run: getVPNGateway},
		{token: "aws:ec2/getVpcPeeringConnection:getVpcPeeringConnection", required: []string{"id"}, run: getPeering},
		{token: "aws:ec2/getVpcEndpointService:getVpcEndpointService", required: []string{"serviceName"}, inputs: []string{"serviceRegions"}, run: getService},
		{token: "aws:ec2transitgateway/getTransitGateway:getTransitGateway", required: []string{"id"}, run: getTransitGateway},
		{token: "aws:ec2transitgateway/getRouteTable:getRouteTable", required: []string{"id"}, run: getGatewayTable},
		{token: "aws:ec2transitgateway/getRouteTableRoutes:getRouteTableRoutes", required: []string{"filters", "transitGatewayRouteTableId"}, run: getGatewayRoutes},
		{token: "aws:route53/getZone:getZone", inputs: []string{"zoneId", "name", "privateZone", "vpcId"}, run: getZone},
	}
}

func callerIdentity(c *call) (map[string]any, error) {
	return map[string]any{"id": c.who.account, "accountId": c.who.account, "userId": "AIDASANDBOX" + c.who.account,
		"arn": "arn:aws:iam::" + c.who.account + ":user/sandbox"}, nil
}

// shown gives what a look-up tells of an object: the outputs without what is the sandbox's own, and the tags.
func shown(o *Object, more map[string]any) map[string]any {
	tags := map[string]any{}
	if t := sub(o.Inputs, "tags"); t != nil {
		tags = t
	}
	return merged(map[string]any{"tags": tags}, visibleAttributes(o), map[string]any{"id": o.ID}, more)
}

func visibleAttributes(o *Object) map[string]any {
	out := map[string]any{}
	for k, v := range o.Attributes {
		if k[0] != '_' {
			out[k] = v
		}
	}
	return out
}

func getVPC(c *call) (map[string]any, error) {
	o := c.aws(vpcToken, c.str("id"))
	if o == nil {
		return nil, no("aws-vpc-not-found", c.str("id"))
	}
	associations := []any{}
	for _, cidr := range strs(o.Attributes, "_cidrs") {
		associations = append(associations, map[string]any{"associationId": awsID("vpc-cidr-assoc", o.ID, cidr), "cidrBlock": cidr, "state": "associated"})
	}
	return shown(o, map[string]any{"cidrBlockAssociations": associations, "default": false, "state": "available"}), nil
}

func getSubnet(c *call) (map[string]any, error) {
	o := c.aws(subnetToken, c.str("id"))
	if o == nil {
		return nil, no("aws-subnet-not-found", c.str("id"))
	}
	p, _ := parsePrefix(o.attr("cidrBlock"))
	return shown(o, map[string]any{"state": "available", "defaultForAz": false, "outpostArn": "", "customerOwnedIpv4Pool": "",
		"enableLniAtDeviceIndex": 0, "enableResourceNameDnsARecordOnLaunch": false, "enableResourceNameDnsAaaaRecordOnLaunch": false,
		"mapCustomerOwnedIpOnLaunch": false, "privateDnsHostnameTypeOnLaunch": "ip-name",
		"availableIpAddressCount": max(0, capacity(p)-len(c.usedIn(o)))}), nil
}

// getRouteTable finds a table by its id, or the one that a subnet uses: its own, else the VPC's main one.
func getRouteTable(c *call) (map[string]any, error) {
	id, subnetID := c.str("routeTableId"), c.str("subnetId")
	if subnetID != "" {
		s := c.aws(subnetToken, subnetID)
		if s == nil {
			return nil, no("aws-subnet-not-found", subnetID)
		}
		if id == "" {
			for _, a := range c.of(s, tableAssociationToken) {
				id = a.attr("routeTableId")
			}
		}
		if id == "" {
			if vpc := c.aws(vpcToken, s.attr("vpcId")); vpc != nil {
				id = vpc.attr("mainRouteTableId")
			}
		}
	}
	o, err := c.routeTable(id)
	if err != nil {
		return nil, err
	}
	associations := []any{}
	for _, a := range c.of(o, tableAssociationToken) {
		associations = append(associations, map[string]any{"main": false, "routeTableAssociationId": a.ID, "routeTableId": o.ID,
			"subnetId": a.attr("subnetId"), "gatewayId": ""})
	}
	if flag(o.Attributes, "_main") {
		associations = append(associations, map[string]any{"main": true, "routeTableAssociationId": awsID("rtbassoc", o.ID), "routeTableId": o.ID,
			"subnetId": "", "gatewayId": ""})
	}
	return shown(o, map[string]any{"routeTableId": o.ID, "routes": c.routesOf(o), "associations": associations, "subnetId": subnetID,
		"gatewayId": "", "arn": c.arn("route-table", o.ID)}), nil
}

func getGroup(c *call) (map[string]any, error) {
	id, name, vpcID := c.str("id"), c.str("name"), c.str("vpcId")
	if id != "" {
		if o := c.aws(groupToken, id); o != nil {
			return shown(o, nil), nil
		}
		return nil, no("aws-group-not-found", id)
	}
	if vpc := c.aws(vpcToken, vpcID); vpc != nil && name != "" {
		for _, o := range c.of(vpc, groupToken) {
			if o.attr("name") == name {
				return shown(o, nil), nil
			}
		}
	}
	return nil, no("aws-group-not-found", name)
}

func getInterface(c *call) (map[string]any, error) {
	o := c.aws(interfaceToken, c.str("id"))
	if o == nil {
		return nil, no("aws-interface-not-found", c.str("id"))
	}
	return shown(o, map[string]any{"arn": c.arn("network-interface", o.ID), "associations": []any{}, "attachments": []any{}, "ipv6Addresses": []any{},
		"macAddress": "02:00:00:" + digest(o.ID)[:2] + ":" + digest(o.ID)[2:4] + ":" + digest(o.ID)[4:6], "outpostArn": "", "privateDnsName": "", "requesterId": ""}), nil
}

// getPeering: each side sees the connection with its own tags (recalled), as the resource or the accepter there has set them.
func getPeering(c *call) (map[string]any, error) {
	p := c.peering(c.str("id"))
	if p == nil {
		return nil, no("aws-peering-not-found", c.str("id"))
	}
	side := p
	if c.accepts(p) && (p.Account != c.who.account || p.Region != c.who.region) {
		side = &Object{}
		for _, a := range c.of(p, accepterToken) {
			side = a
		}
	}
	tags := sub(side.Inputs, "tags")
	if tags == nil {
		tags = map[string]any{}
	}
	out := map[string]any{"tags": tags, "status": p.attr("_status"), "ownerId": p.Account, "region": p.Region,
		"accepter": sideOptions(), "requester": sideOptions(), "ipv6CidrBlockSets": []any{}, "peerIpv6CidrBlockSets": []any{}}
	for _, end := range []struct{ account, region, vpc, cidr, sets string }{
		{p.Account, p.Region, p.attr("vpcId"), "cidrBlock", "cidrBlockSets"},
		{p.attr("peerOwnerId"), p.attr("peerRegion"), p.attr("peerVpcId"), "peerCidrBlock", "peerCidrBlockSets"},
	} {
		sets := []any{}
		if vpc := c.objects[awsKey(end.account, end.region, vpcToken, end.vpc)]; vpc != nil {
			out[end.cidr] = vpc.attr("cidrBlock")
			for _, cidr := range strs(vpc.Attributes, "_cidrs") {
				sets = append(sets, map[string]any{"cidrBlock": cidr})
			}
		}
		out[end.sets] = sets
	}
	return merged(visibleAttributes(p), out), nil
}

// getService shows a service in its own region only, as DescribeVpcEndpointServices does unless other regions are named.
func getService(c *call) (map[string]any, error) {
	name := c.str("serviceName")
	s, ok := c.service(name)
	asked := strs(c.in, "serviceRegions")
	if len(asked) == 0 {
		asked = []string{c.who.region}
	}
	if !ok || !slices.Contains(asked, s.region) {
		return nil, no("aws-endpoint-service", name)
	}
	first := ""
	if len(s.names) > 0 {
		first = s.names[0]
	}
	return map[string]any{"id": name, "serviceName": name, "serviceType": "Interface", "serviceId": s.label, "privateDnsName": first,
		"privateDnsNames": list(s.names...), "region": s.region, "owner": "amazon", "acceptanceRequired": false, "managesVpcEndpoints": false,
		"vpcEndpointPolicySupported": false, "availabilityZones": []any{}, "baseEndpointDnsNames": []any{}, "supportedIpAddressTypes": list("ipv4"),
		"arn": c.arn("vpc-endpoint-service", s.label), "tags": map[string]any{}}, nil
}

func getZone(c *call) (map[string]any, error) {
	id, name := c.str("zoneId"), domain(c.str("name"))
	if id == "" {
		vpcs := c.everywhere(vpcToken, c.str("vpcId"))
		for _, vpc := range vpcs {
			for _, z := range c.zonesOn(vpc) {
				if z.attr("name") == name && z.Account == c.who.account {
					id = z.ID
				}
			}
		}
		if id == "" && c.str("vpcId") == "" {
			return c.privateZoneNamed(name)
		}
		if id == "" {
			return nil, no("aws-zone-no-match")
		}
	}
	o, err := c.zone(id)
	if err != nil {
		return nil, err
	}
	return c.shownZone(o), nil
}

func (c *call) shownZone(o *Object) map[string]any {
	return shown(o, map[string]any{"callerReference": "sandbox", "linkedServiceDescription": "", "linkedServicePrincipal": "",
		"privateZone": c.number(o, zoneAssociationToken) > 0, "resourceRecordSetCount": 2 + c.number(o, recordToken), "comment": str(o.Inputs, "comment"),
		"vpcId": c.str("vpcId")})
}
