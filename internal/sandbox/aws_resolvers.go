package sandbox

import (
	"slices"
)

const (
	resolverToken       = "aws:route53/resolverEndpoint:ResolverEndpoint"
	resolversPerRegion  = 4 // facts/datadog_aws.md §4.31
	addressesOfResolver = 2 // the fewest, facts/datadog_aws.md §4.30
)

func awsResolverTypes() []resourceType {
	return []resourceType{{
		token:    resolverToken,
		missing:  "aws-resolver-not-found",
		required: []string{"direction", "ipAddresses", "securityGroupIds"},
		inputs:   []string{"name", "protocols", "resolverEndpointType", "tags"},
		autoname: "name", naming: dashAndSeven,
		replace:  []string{"direction", "securityGroupIds", "resolverEndpointType"},
		sets:     []string{"securityGroupIds", "ipAddresses"},
		computed: []string{"id", "arn", "hostVpcId", "ipAddresses"},
		check:    checkResolver,
		create:   createResolver,
		update:   updateResolver,
		remove:   removeResolver,
	}}
}

// checkResolver is the provider's part: at least two blocks, before anything is asked.
func checkResolver(c *call) []problem {
	if n := len(maps(c.in, "ipAddresses")); n > 0 && n < addressesOfResolver {
		return []problem{{"ipAddresses", no("aws-resolver-addresses")}}
	}
	return nil
}

func createResolver(c *call) (*Object, error) {
	if d := c.str("direction"); d != "INBOUND" {
		return nil, no("unsupported", "a Resolver endpoint of direction "+d)
	}
	count := 0
	for _, o := range c.objects {
		if o.Type == resolverToken && o.Account == c.who.account && o.Region == c.who.region {
			count++
		}
	}
	if count >= resolversPerRegion {
		return nil, no("aws-resolver-quota", c.who.region, resolversPerRegion)
	}
	unique := c.unique()
	id := awsID("rslvr-in", unique...)
	return c.resolver(c.object(id, c.str("name"), map[string]any{"id": id, "arn": c.arn("resolver-endpoint", id), "direction": "INBOUND"}))
}

func updateResolver(c *call) (*Object, error) { return c.resolver(c.old.with(nil)) }

func removeResolver(c *call) error {
	for _, nic := range c.of(c.old, interfaceToken) {
		c.drop(nic)
	}
	return nil
}

// resolver judges the inputs and gives the endpoint its network interfaces; those whose subnet and
// address stay are kept.
func (c *call) resolver(o *Object) (*Object, error) {
	var vpc *Object
	var subnets []*Object
	for _, ip := range maps(c.in, "ipAddresses") {
		s := c.aws(subnetToken, str(ip, "subnetId"))
		switch {
		case s == nil:
			return nil, no("aws-resolver-subnet", str(ip, "subnetId"))
		case vpc == nil:
			vpc = c.aws(vpcToken, s.attr("vpcId"))
		case vpc.ID != s.attr("vpcId"):
			return nil, no("aws-resolver-two-vpcs", vpc.ID, s.attr("vpcId"))
		}
		subnets = append(subnets, s)
	}
	groups, err := c.endpointGroups(vpc)
	if err != nil {
		return nil, err
	}
	addresses, err := c.resolverInterfaces(o, vpc, subnets, groups)
	if err != nil {
		return nil, err
	}
	o = o.with(map[string]any{
		"name": c.str("name"), "hostVpcId": vpc.ID, "securityGroupIds": idsOf(groups), "ipAddresses": addresses,
		"resolverEndpointType": "IPV4", "protocols": list("Do53"),
	})
	o.Refs = keysOf(slices.Concat([]*Object{vpc}, subnets, groups))
	return o, nil
}

// resolverInterfaces are new for what is asked anew: an address that goes is free before another comes.
func (c *call) resolverInterfaces(o, vpc *Object, subnets, groups []*Object) ([]any, error) {
	wanted := maps(c.in, "ipAddresses")
	for _, nic := range c.of(o, interfaceToken) {
		if !slices.ContainsFunc(wanted, func(ip map[string]any) bool {
			return str(ip, "subnetId") == nic.attr("subnetId") && (str(ip, "ip") == "" || str(ip, "ip") == nic.attr("privateIp"))
		}) {
			c.drop(nic)
		}
	}
	out := []any{}
	for i, ip := range wanted {
		id := awsID("eni", o.ID, subnets[i].ID, str(ip, "ip"), itoa(i))
		nic := c.aws(interfaceToken, id)
		if nic == nil {
			a, err := c.allocate(subnets[i], str(ip, "ip"), id)
			if err != nil {
				return nil, err
			}
			nic = c.part(interfaceToken, c.who.region, id, "", map[string]any{
				"id": id, "privateIp": a.String(), "privateIps": list(a.String()), "subnetId": subnets[i].ID, "vpcId": vpc.ID, "ownerId": c.who.account,
				"availabilityZone": subnets[i].attr("availabilityZone"), "interfaceType": "interface", "description": "Route 53 Resolver: " + o.ID,
				"securityGroups": idsOf(groups),
			}, append([]*Object{o, subnets[i]}, groups...)...)
			c.put(nic)
		}
		out = append(out, map[string]any{"subnetId": subnets[i].ID, "ip": nic.attr("privateIp"), "ipId": awsID("rni", id), "ipv6": ""})
	}
	return out, nil
}
