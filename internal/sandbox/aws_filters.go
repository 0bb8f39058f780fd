package sandbox

import (
	"fmt"
	"strings"
)

const (
	ingressToken = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
	egressToken  = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
)

func awsFilterTypes() []resourceType {
	rule := resourceType{
		missing:  "aws-group-not-found",
		required: []string{"securityGroupId", "ipProtocol"},
		inputs:   []string{"cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId", "fromPort", "toPort", "description", "tags"},
		replace:  []string{"securityGroupId"},
		computed: []string{"id", "arn", "securityGroupRuleId"},
		check:    checkRule,
		create:   createRule,
		update:   updateRule,
	}
	ingress, egress := rule, rule
	ingress.token, egress.token = ingressToken, egressToken
	return []resourceType{
		{
			token:    groupToken,
			missing:  "aws-group-not-found",
			inputs:   []string{"name", "description", "vpcId", "revokeRulesOnDelete", "tags"}, // no in-line rules, as for routes
			defaults: map[string]any{"description": "Managed by Pulumi", "revokeRulesOnDelete": false},
			autoname: "name", naming: dashAndSeven, oneName: true,
			replace:  []string{"name", "description", "vpcId"},
			computed: []string{"id", "arn", "ownerId", "ingress", "egress"},
			check:    checkGroup,
			create:   createGroup,
			remove:   removeGroup,
		},
		ingress, egress,
	}
}

func checkGroup(c *call) []problem {
	name := c.str("name")
	if name == "" && c.in["name"] == nil {
		name = c.name
	}
	if strings.HasPrefix(strings.ToLower(name), "sg-") {
		return []problem{{"name", no("aws-group-name")}}
	}
	return nil
}

func createGroup(c *call) (*Object, error) {
	if c.str("vpcId") == "" {
		return nil, no("aws-group-no-vpc")
	}
	vpc, err := c.vpc("vpcId")
	if err != nil {
		return nil, err
	}
	name := c.str("name")
	for _, g := range c.of(vpc, groupToken) {
		if g.attr("name") == name {
			return nil, no("aws-group-exists", name, vpc.ID)
		}
	}
	id := awsID("sg", c.unique()...)
	return c.object(id, name, map[string]any{"id": id, "arn": c.arn("security-group", id), "ownerId": c.who.account,
		"name": name, "namePrefix": "", "vpcId": vpc.ID, "ingress": []any{}, "egress": []any{}}, vpc), nil
}

// removeGroup: its own rules go with it; interfaces and other groups' rules that name it hold it back.
func removeGroup(c *call) error {
	for _, o := range c.inside(c.old) {
		isRule := o.Type == ingressToken || o.Type == egressToken
		switch {
		case isRule && o.attr("securityGroupId") == c.old.ID:
			c.drop(o)
		case isRule, o.Type == interfaceToken, o.Type == endpointToken, o.Type == resolverToken:
			return no("aws-group-in-use", c.old.ID)
		}
	}
	return nil
}

func checkRule(c *call) []problem {
	out := c.cidrProblems("cidrIpv4")
	n := 0
	for _, k := range []string{"cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"} {
		if v := c.in[k]; v != nil && v != "" {
			n++
		}
	}
	if n != 1 {
		out = append(out, problem{"cidrIpv4", no("aws-rule-source")})
	}
	return out
}

func createRule(c *call) (*Object, error) {
	id := awsID("sgr", c.unique()...)
	return ruleFor(c, c.object(id, c.name, map[string]any{"id": id, "securityGroupRuleId": id, "arn": c.arn("security-group-rule", id)}))
}

func updateRule(c *call) (*Object, error) { return ruleFor(c, c.old.with(nil)) }

func ruleFor(c *call, o *Object) (*Object, error) {
	group := c.aws(groupToken, c.str("securityGroupId"))
	if group == nil {
		return nil, no("aws-group-not-found", c.str("securityGroupId"))
	}
	refs := []*Object{group}
	peer := c.str("cidrIpv4") + c.str("cidrIpv6") + c.str("prefixListId")
	if other := c.str("referencedSecurityGroupId"); other != "" {
		g := c.aws(groupToken, other)
		if g == nil {
			return nil, no("aws-group-not-found", other)
		}
		peer, refs = other, append(refs, g)
	}
	protocol := c.str("ipProtocol")
	from, hasFrom := num(c.in, "fromPort")
	to, hasTo := num(c.in, "toPort")
	if protocol != "-1" && (!hasFrom || !hasTo || from > to) {
		return nil, no("aws-rule-ports", fmt.Sprintf("%v-%v", c.in["fromPort"], c.in["toPort"]), protocol)
	}
	identity := strings.Join([]string{peer, protocol, itoa(from), itoa(to)}, "|")
	n := 0
	for _, r := range c.of(group, c.row.token) {
		if r.ID == o.ID || r.attr("securityGroupId") != group.ID {
			continue
		}
		n++
		if r.attr("_rule") == identity {
			return nil, no("aws-rule-exists", peer, strings.ToUpper(protocol), itoa(from), itoa(to))
		}
	}
	if quota := c.quota("rulesPerGroup"); n >= quota {
		return nil, no("aws-rule-quota", quota, group.ID)
	}
	o = o.with(map[string]any{"_rule": identity, "securityGroupId": group.ID})
	o.Refs = keysOf(refs)
	return o, nil
}
