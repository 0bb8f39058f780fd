package sandbox

import (
	"errors"
	"fmt"
	"strings"
)

func (a awsWorld) build(c *call) error {
	if a.Account == "" || !regionForm.MatchString(a.Region) {
		return fmt.Errorf("account %q, region %q; write both", a.Account, a.Region)
	}
	for _, v := range a.VPCs {
		if err := v.build(c); err != nil {
			return fmt.Errorf("vpc %q: %w", v.ID, err)
		}
	}
	for _, g := range a.TransitGateways {
		if err := g.build(c); err != nil {
			return fmt.Errorf("transit gateway %q: %w", g.ID, err)
		}
	}
	for _, s := range a.EndpointServices {
		if _, ok := parseService(s.Name); !ok {
			return fmt.Errorf("endpoint service %q; write com.amazonaws.vpce.REGION.vpce-svc-…", s.Name)
		}
		c.put(c.part(serviceToken, c.who.region, s.Name, s.Name, map[string]any{"privateDnsNames": list(s.PrivateDNSNames...)}))
	}
	return nil
}

func (v worldVPC) build(c *call) error {
	if v.ID == "" || len(v.CIDRs) == 0 {
		return errors.New("write id and cidrs")
	}
	for _, s := range v.CIDRs {
		if err := awsPrefix(s); err != nil {
			return err
		}
	}
	if c.aws(vpcToken, v.ID) != nil {
		return errors.New("the id is there twice in one account and region")
	}
	main, group := awsID("rtb", v.ID, "main"), awsID("sg", v.ID, "default")
	for _, t := range v.RouteTables {
		if t.Main {
			main = t.ID
		}
	}
	for _, g := range v.SecurityGroups {
		if g.Name == "default" {
			group = g.ID
		}
	}
	vpc := makeVPC(c, v.ID, v.CIDRs, v.DNSSupport == nil || *v.DNSSupport, v.DNSHostnames != nil && *v.DNSHostnames, main, group)
	vpc.Inputs = map[string]any{"cidrBlock": v.CIDRs[0], "enableDnsSupport": vpc.Attributes["enableDnsSupport"],
		"enableDnsHostnames": vpc.Attributes["enableDnsHostnames"], "instanceTenancy": "default"}
	for _, s := range v.Subnets {
		if err := s.build(c, vpc); err != nil {
			return fmt.Errorf("subnet %q: %w", s.ID, err)
		}
	}
	for _, t := range v.RouteTables {
		if err := t.build(c, vpc); err != nil {
			return fmt.Errorf("route table %q: %w", t.ID, err)
		}
	}
	for _, g := range v.SecurityGroups {
		if g.ID == "" {
			return errors.New("a security group without id")
		}
		if c.aws(groupToken, g.ID) == nil {
			o := c.part(groupToken, c.who.region, g.ID, g.Name, map[string]any{"id": g.ID, "arn": c.arn("security-group", g.ID), "name": g.Name,
				"vpcId": v.ID, "ownerId": c.who.account, "description": "existing"}, vpc)
			o.Inputs = map[string]any{"vpcId": v.ID, "name": g.Name, "description": "existing", "revokeRulesOnDelete": false}
			c.put(o)
		}
		if err := g.rules(c, c.aws(groupToken, g.ID)); err != nil {
			return err
		}
	}
	if g := v.VPNGateway; g != nil {
		if err := g.build(c, vpc); err != nil {
			return fmt.Errorf("VPN gateway %q: %w", g.ID, err)
		}
	}
	for _, n := range v.NetworkInterfaces {
		if err := n.build(c, vpc); err != nil {
			return fmt.Errorf("network interface %q: %w", n.ID, err)
		}
	}
	return nil
}

func (s worldSubnet) build(c *call, vpc *Object) error {
	c.in = map[string]any{"availabilityZoneId": s.Zone}
	defer func() { c.in = map[string]any{} }()
	zone, zoneID, err := chooseZone(c, []string{s.ID})
	if err != nil {
		return err
	}
	p, ok := parsePrefix(s.CIDR)
	if s.ID == "" || !ok || !within(p, prefixes(vpc)) {
		return fmt.Errorf("cidr %q; write an id, and a cidr inside the VPC's", s.CIDR)
	}
	o := makeSubnet(c, s.ID, vpc, s.CIDR, zone, zoneID)
	o.Inputs = map[string]any{"vpcId": vpc.ID, "cidrBlock": s.CIDR, "availabilityZoneId": zoneID, "mapPublicIpOnLaunch": false}
	c.put(o)
	return nil
}

func (t worldTable) build(c *call, vpc *Object) error {
	if t.ID == "" {
		return errors.New("write id")
	}
	table := c.aws(routeTableToken, t.ID)
	if table == nil {
		table = c.part(routeTableToken, c.who.region, t.ID, "", map[string]any{"id": t.ID, "arn": c.arn("route-table", t.ID), "vpcId": vpc.ID, "ownerId": c.who.account}, vpc)
		c.put(table)
	}
	table.Inputs = map[string]any{"vpcId": vpc.ID}
	for _, id := range t.Subnets {
		subnet := c.aws(subnetToken, id)
		if subnet == nil || subnet.attr("vpcId") != vpc.ID {
			return fmt.Errorf("subnet %q is not in this VPC", id)
		}
		o := makeTableAssociation(c, awsID("rtbassoc", t.ID, id), table, subnet)
		o.Inputs = map[string]any{"routeTableId": t.ID, "subnetId": id}
		c.put(o)
	}
	for _, r := range t.Routes {
		target, ok := targetOf(r.Target)
		if _, isPrefix := parsePrefix(r.CIDR); !ok || !isPrefix {
			return fmt.Errorf("route %q to %q; write a cidr, and pcx-…, igw-…, nat-…, tgw-… or eni-…", r.CIDR, r.Target)
		}
		c.put(c.part(routeToken, c.who.region, routeID(t.ID, r.CIDR), "", map[string]any{"id": routeID(t.ID, r.CIDR), "routeTableId": t.ID,
			"destinationCidrBlock": r.CIDR, target: r.Target, "origin": "CreateRoute"}, table))
	}
	return nil
}

func targetOf(id string) (string, bool) {
	for prefix, key := range map[string]string{"pcx-": "vpcPeeringConnectionId", "igw-": "gatewayId", "vgw-": "gatewayId", "nat-": "natGatewayId",
		"tgw-": "transitGatewayId", "eni-": "networkInterfaceId"} {
		if strings.HasPrefix(id, prefix) {
			return key, true
		}
	}
	return "", false
}

func (n worldInterface) build(c *call, vpc *Object) error {
	subnet := c.aws(subnetToken, n.Subnet)
	if n.ID == "" || subnet == nil {
		return fmt.Errorf("subnet %q; write an id, and a subnet of this VPC", n.Subnet)
	}
	if _, err := c.allocate(subnet, n.Address, n.ID); err != nil || n.Address == "" {
		return fmt.Errorf("address %q is not free in the subnet", n.Address)
	}
	c.put(c.part(interfaceToken, c.who.region, n.ID, "", map[string]any{"id": n.ID, "privateIp": n.Address, "privateIps": list(n.Address), "subnetId": n.Subnet,
		"vpcId": vpc.ID, "ownerId": c.who.account, "availabilityZone": subnet.attr("availabilityZone"), "interfaceType": "interface", "description": "",
		"securityGroups": list(n.SecurityGroups...), "_sourceDestCheck": n.SourceDestCheck == nil || *n.SourceDestCheck}, subnet))
	return nil
}

func (g worldVPNGateway) build(c *call, vpc *Object) error {
	if g.ID == "" {
		return errors.New("write id")
	}
	if g.ASN == 0 {
		g.ASN = 64512
	}
	o := c.part(vpnGatewayToken, c.who.region, g.ID, "", map[string]any{"id": g.ID, "arn": c.arn("vpn-gateway", g.ID), "vpcId": vpc.ID}, vpc)
	o.Inputs = map[string]any{"amazonSideAsn": itoa(g.ASN), "vpcId": vpc.ID}
	c.put(o)
	return nil
}

func (a awsWorld) buildZones(c *call) error {
	for _, z := range a.Zones {
		if z.ID == "" || z.Name == "" {
			return errors.New("a zone without id or name")
		}
		zone := makeZone(c, z.ID, domain(z.Name))
		c.put(zone)
		vpcs := []any{}
		for _, id := range z.VPCs {
			var vpc *Object
			for _, v := range c.everywhere(vpcToken, id) {
				if v.Account == a.Account && (vpc == nil || v.Region == a.Region) {
					vpc = v
				}
			}
			if vpc == nil {
				return fmt.Errorf("zone %q: vpc %q is not in account %s", z.ID, id, a.Account)
			}
			association, err := c.association(zone, vpc)
			if err != nil {
				return fmt.Errorf("zone %q: %w", z.ID, err)
			}
			c.put(association)
			vpcs = append(vpcs, map[string]any{"vpcId": id, "vpcRegion": vpc.Region})
		}
		if err := z.share(c, zone); err != nil {
			return fmt.Errorf("zone %q: %w", z.ID, err)
		}
		zone.Inputs = map[string]any{"name": z.Name, "vpcs": vpcs, "comment": "", "forceDestroy": false}
	}
	return nil
}
