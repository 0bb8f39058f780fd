package sandbox

import (
	"cmp"
	"slices"
)

func existingFunctions() []function {
	return []function{
		{token: "aws:ec2/getVpcEndpoint:getVpcEndpoint", inputs: []string{"id", "vpcId", "serviceName"}, run: getEndpoint},
		{token: "aws:vpc/getSecurityGroupRules:getSecurityGroupRules", required: []string{"filters"}, run: getGroupRules},
		{token: "aws:vpc/getSecurityGroupRule:getSecurityGroupRule", required: []string{"securityGroupRuleId"}, run: getGroupRule},
	}
}

// getEndpoint finds the one endpoint that has all of the given properties; none and several are errors.
func getEndpoint(c *call) (map[string]any, error) {
	var found []*Object
	for _, o := range c.here(endpointToken) {
		if !slices.ContainsFunc([]string{"id", "vpcId", "serviceName"}, func(k string) bool { return c.str(k) != "" && c.str(k) != o.attr(k) }) {
			found = append(found, o)
		}
	}
	switch len(found) {
	case 1:
		return shown(found[0], map[string]any{"dnsOptions": []any{}}), nil
	case 0:
		return nil, no("aws-endpoint-no-match")
	default:
		return nil, no("aws-endpoint-matches")
	}
}

// here lists the objects of a type in the caller's account and region, by id.
func (c *call) here(token string) []*Object {
	var all []*Object
	for _, o := range c.objects {
		if o.Type == token && o.Account == c.who.account && o.Region == c.who.region {
			all = append(all, o)
		}
	}
	slices.SortFunc(all, func(a, b *Object) int { return cmp.Compare(a.ID, b.ID) })
	return all
}

// getGroupRules lists the rules of a group by their ids.
func getGroupRules(c *call) (map[string]any, error) {
	ids := []string{}
	for _, f := range maps(c.in, "filters") {
		if str(f, "name") != "group-id" {
			return nil, no("unsupported", "the filter "+str(f, "name")+" of getSecurityGroupRules")
		}
		for _, id := range strs(f, "values") {
			group := c.aws(groupToken, id)
			if group == nil {
				continue
			}
			for _, token := range []string{ingressToken, egressToken} {
				for _, r := range c.of(group, token) {
					if r.attr("securityGroupId") == id {
						ids = append(ids, r.ID)
					}
				}
			}
		}
	}
	slices.Sort(ids)
	return map[string]any{"id": c.who.region, "ids": list(ids...), "tags": map[string]any{}}, nil
}

func getGroupRule(c *call) (map[string]any, error) {
	id := c.str("securityGroupRuleId")
	for _, token := range []string{ingressToken, egressToken} {
		if o := c.aws(token, id); o != nil {
			out := map[string]any{"isEgress": token == egressToken}
			for _, k := range []string{"cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId", "ipProtocol", "description"} {
				out[k] = str(o.Inputs, k)
			}
			for _, k := range []string{"fromPort", "toPort"} {
				n, _ := num(o.Inputs, k)
				out[k] = n
			}
			return shown(o, out), nil
		}
	}
	return nil, no("aws-rule-not-found", id)
}

// privateZoneNamed finds the one private zone of the account that has a name.
func (c *call) privateZoneNamed(name string) (map[string]any, error) {
	if !flag(c.in, "privateZone") {
		return nil, no("unsupported", "getZone for a public zone; give zoneId, name and vpcId, or name and privateZone")
	}
	var found []*Object
	for _, o := range c.objects {
		if o.Type == zoneToken && o.Account == c.who.account && o.attr("name") == name && c.number(o, zoneAssociationToken) > 0 {
			found = append(found, o)
		}
	}
	switch len(found) {
	case 1:
		return c.shownZone(found[0]), nil
	case 0:
		return nil, no("aws-zone-no-match")
	default:
		return nil, no("aws-zone-matches")
	}
}
