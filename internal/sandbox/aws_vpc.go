package sandbox

import (
	"net/netip"
	"strings"
)

const (
	vpcToken        = "aws:ec2/vpc:Vpc"
	subnetToken     = "aws:ec2/subnet:Subnet"
	routeTableToken = "aws:ec2/routeTable:RouteTable"
	groupToken      = "aws:ec2/securityGroup:SecurityGroup"
	interfaceToken  = "aws:ec2/networkInterface:NetworkInterface" // made by AWS, for endpoints
)

func awsNetworkTypes() []resourceType {
	return []resourceType{
		{
			token:    vpcToken,
			missing:  "aws-vpc-not-found",
			required: []string{"cidrBlock"},
			inputs:   []string{"enableDnsHostnames", "enableDnsSupport", "instanceTenancy", "tags"},
			defaults: map[string]any{"enableDnsSupport": true, "instanceTenancy": "default"},
			replace:  []string{"cidrBlock"},
			computed: []string{"id", "arn", "mainRouteTableId", "defaultRouteTableId", "defaultSecurityGroupId", "defaultNetworkAclId", "dhcpOptionsId", "ownerId", "enableDnsHostnames"},
			check:    checkVPC,
			create:   createVPC,
			update:   updateVPC,
			remove:   removeVPC,
		},
		{
			token:    subnetToken,
			missing:  "aws-subnet-not-found",
			required: []string{"vpcId", "cidrBlock"},
			inputs:   []string{"availabilityZone", "availabilityZoneId", "mapPublicIpOnLaunch", "tags"},
			defaults: map[string]any{"mapPublicIpOnLaunch": false},
			replace:  []string{"vpcId", "cidrBlock", "availabilityZone", "availabilityZoneId"},
			computed: []string{"id", "arn", "ownerId", "availabilityZone", "availabilityZoneId"},
			check:    checkSubnet,
			create:   createSubnet,
			remove:   removeSubnet,
		},
	}
}

func checkVPC(c *call) []problem {
	out := c.cidrProblems("cidrBlock")
	if p, ok := parsePrefix(c.str("cidrBlock")); ok && len(out) == 0 && (p.Bits() < 16 || p.Bits() > 28) {
		out = append(out, problem{"cidrBlock", no("aws-cidr-size", p.Bits())})
	}
	return out
}

func createVPC(c *call) (*Object, error) {
	id := awsID("vpc", c.unique()...)
	return makeVPC(c, id, []string{c.str("cidrBlock")}, flag(c.in, "enableDnsSupport"), flag(c.in, "enableDnsHostnames"),
		awsID("rtb", id, "main"), awsID("sg", id, "default")), nil
}

// makeVPC makes a VPC with what AWS puts into every one: a main route table and a default security group.
func makeVPC(c *call, id string, cidrs []string, support, hostnames bool, mainTable, defaultGroup string) *Object {
	o := c.object(id, c.name, map[string]any{
		"id": id, "arn": c.arn("vpc", id), "ownerId": c.who.account,
		"cidrBlock": cidrs[0], "_cidrs": list(cidrs...),
		"enableDnsSupport": support, "enableDnsHostnames": hostnames, "instanceTenancy": "default",
		"enableNetworkAddressUsageMetrics": false, "assignGeneratedIpv6CidrBlock": false,
		"ipv6AssociationId": "", "ipv6CidrBlock": "", "ipv6IpamPoolId": "", "ipv6CidrBlockNetworkBorderGroup": "",
		"mainRouteTableId": mainTable, "defaultRouteTableId": mainTable, "defaultSecurityGroupId": defaultGroup,
		"defaultNetworkAclId": awsID("acl", id), "dhcpOptionsId": awsID("dopt", c.who.account, c.who.region),
	})
	o.Type = vpcToken
	c.put(o)
	if c.aws(routeTableToken, mainTable) == nil {
		c.put(c.part(routeTableToken, c.who.region, mainTable, "", map[string]any{"vpcId": id, "_main": true, "ownerId": c.who.account}, o))
	}
	if c.aws(groupToken, defaultGroup) == nil {
		c.put(c.part(groupToken, c.who.region, defaultGroup, "default", map[string]any{"vpcId": id, "name": "default",
			"arn": c.arn("security-group", defaultGroup), "description": "default VPC security group", "ownerId": c.who.account}, o))
	}
	return o
}

func updateVPC(c *call) (*Object, error) {
	return c.old.with(map[string]any{
		"enableDnsSupport":   flag(c.in, "enableDnsSupport"),
		"enableDnsHostnames": flag(c.in, "enableDnsHostnames"),
	}), nil
}

// removeVPC: peerings go with the VPC, and private zones stay associated with an id that is no more (DESIGN §5.7);
// everything else has to be gone before.
func removeVPC(c *call) error {
	main, group := c.old.attr("mainRouteTableId"), c.old.attr("defaultSecurityGroupId")
	for _, o := range c.inside(c.old) {
		switch {
		case o.Type == peeringToken:
			c.dropPeering(o)
		case o.Type == zoneAssociationToken, o.Type == authorizationToken:
		case o.ID == main, o.ID == group:
			if o.ID == main {
				for _, r := range c.of(o, routeToken) {
					c.drop(r)
				}
			}
			c.drop(o)
		default:
			return no("aws-vpc-in-use", c.old.ID)
		}
	}
	return nil
}

// vpc finds the VPC of an input.
func (c *call) vpc(key string) (*Object, error) {
	if o := c.aws(vpcToken, c.str(key)); o != nil {
		return o, nil
	}
	return nil, no("aws-vpc-not-found", c.str(key))
}

func prefixes(o *Object) []netip.Prefix {
	var out []netip.Prefix
	for _, s := range strs(o.Attributes, "_cidrs") {
		if p, ok := parsePrefix(s); ok {
			out = append(out, p)
		}
	}
	return out
}

func within(p netip.Prefix, space []netip.Prefix) bool {
	for _, s := range space {
		if s.Bits() <= p.Bits() && s.Contains(p.Addr()) {
			return true
		}
	}
	return false
}

func checkSubnet(c *call) []problem {
	out := c.cidrProblems("cidrBlock")
	if c.str("availabilityZone") != "" && c.str("availabilityZoneId") != "" {
		out = append(out, problem{"availabilityZone", no("aws-both-zones")})
	}
	return out
}

func createSubnet(c *call) (*Object, error) {
	vpc, err := c.vpc("vpcId")
	if err != nil {
		return nil, err
	}
	cidr := c.str("cidrBlock")
	p, ok := parsePrefix(cidr)
	if !ok || p.Bits() < 16 || p.Bits() > 28 || !within(p, prefixes(vpc)) {
		return nil, no("aws-subnet-range", cidr)
	}
	for _, s := range c.of(vpc, subnetToken) {
		if q, ok := parsePrefix(s.attr("cidrBlock")); ok && q.Overlaps(p) {
			return nil, no("aws-subnet-conflict", cidr)
		}
	}
	unique := c.unique()
	zone, zoneID, err := chooseZone(c, unique)
	if err != nil {
		return nil, err
	}
	return makeSubnet(c, awsID("subnet", unique...), vpc, cidr, zone, zoneID), nil
}

func makeSubnet(c *call, id string, vpc *Object, cidr, zone, zoneID string) *Object {
	o := c.object(id, c.name, map[string]any{
		"id": id, "arn": c.arn("subnet", id), "ownerId": c.who.account, "vpcId": vpc.ID, "cidrBlock": cidr,
		"availabilityZone": zone, "availabilityZoneId": zoneID, "mapPublicIpOnLaunch": flag(c.in, "mapPublicIpOnLaunch"),
		"ipv6CidrBlock": "", "ipv6CidrBlockAssociationId": "", "ipv6Native": false, "assignIpv6AddressOnCreation": false, "enableDns64": false,
	}, vpc)
	o.Type = subnetToken
	return o
}

func removeSubnet(c *call) error {
	for _, o := range c.inside(c.old) {
		if o.Type == interfaceToken || o.Type == endpointToken || o.Type == resolverToken {
			return no("aws-subnet-in-use", c.old.ID)
		}
	}
	for _, o := range c.of(c.old, tableAssociationToken) { // AWS drops the association with the subnet
		c.drop(o)
	}
	return nil
}

// usedIn lists the addresses of a subnet that belong to a network interface.
func (c *call) usedIn(subnet *Object) map[netip.Addr]string {
	used := map[netip.Addr]string{}
	for _, o := range c.of(subnet, interfaceToken) {
		if a, err := netip.ParseAddr(o.attr("privateIp")); err == nil {
			used[a] = o.ID
		}
	}
	return used
}

// zoneCount gives how many availability zones a region has where it is not three (recalled; ids may have gaps for an account, which
// the sandbox does not know).
var zoneCount = map[string]int{"us-east-1": 6, "us-west-2": 4, "ap-northeast-1": 4, "ap-northeast-2": 4, "ca-central-1": 4}

// zonesOf maps zone ids to the names that this account sees: AWS shuffles the letters for each account.
func zonesOf(account, region string) map[string]string {
	n := 3
	if k, ok := zoneCount[region]; ok {
		n = k
	}
	shift := pick(n, account, region)
	out := map[string]string{}
	for i := range n {
		out[zonePrefix(region)+"-az"+itoa(i+1)] = region + string(rune('a'+(i+shift)%n))
	}
	return out
}

// zonePrefix shortens a region as zone ids do: us-east-1 is use1, ap-northeast-1 is apne1, us-gov-west-1 is usgw1.
func zonePrefix(region string) string {
	parts := strings.Split(region, "-")
	out := parts[0]
	for _, p := range parts[1 : len(parts)-1] {
		for _, word := range []string{"north", "south"} {
			if rest, ok := strings.CutPrefix(p, word); ok && rest != "" {
				out, p = out+word[:1], rest
			}
		}
		out += p[:1]
	}
	return out + parts[len(parts)-1]
}

func chooseZone(c *call, unique []string) (name, id string, err error) {
	zones := zonesOf(c.who.account, c.who.region)
	ids := sortedKeys(zones)
	wantName, wantID := c.str("availabilityZone"), c.str("availabilityZoneId")
	if wantName == "" && wantID == "" {
		id = ids[pick(len(ids), unique...)]
		return zones[id], id, nil
	}
	for _, id := range ids {
		if id == wantID || zones[id] == wantName {
			return zones[id], id, nil
		}
	}
	if wantID != "" {
		return "", "", no("aws-zone-unknown", wantID, "availabilityZoneId", strings.Join(ids, ", "))
	}
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = zones[id]
	}
	return "", "", no("aws-zone-unknown", wantName, "availabilityZone", strings.Join(names, ", "))
}
