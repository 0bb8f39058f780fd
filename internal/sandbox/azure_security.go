package sandbox

import (
	"net/netip"
	"strings"
)

const (
	filterToken       = "azure-native:network:NetworkSecurityGroup"
	securityRuleToken = "azure-native:network:SecurityRule"

	filterType = "Microsoft.Network/networkSecurityGroups"
)

// azureSecurityTypes are network security groups and rules that are resources of their own.
func azureSecurityTypes() []resourceType {
	return []resourceType{
		{
			token:    filterToken,
			required: []string{"resourceGroupName"},
			inputs:   []string{"networkSecurityGroupName", "location", "securityRules", "flushConnection", "tags"},
			autoname: "networkSecurityGroupName", naming: eightHex,
			replace:  []string{"resourceGroupName", "networkSecurityGroupName", "location"},
			hidden:   []string{"resourceGroupName", "networkSecurityGroupName"},
			computed: []string{"name", "type", "etag", "provisioningState", "resourceGuid", "defaultSecurityRules", "subnets", "networkInterfaces"},
			id: func(c *call) string {
				return armID(c.who.account, c.str("resourceGroupName"), filterType, c.str("networkSecurityGroupName"))
			},
			create:  createNetworkFilter,
			remove:  removeNetworkFilter,
			refresh: refreshNetworkFilter,
		},
		{
			token:    securityRuleToken,
			required: []string{"resourceGroupName", "networkSecurityGroupName", "access", "direction", "priority", "protocol"},
			inputs: []string{"securityRuleName", "description", "sourceAddressPrefix", "sourceAddressPrefixes", "sourcePortRange", "sourcePortRanges",
				"destinationAddressPrefix", "destinationAddressPrefixes", "destinationPortRange", "destinationPortRanges"},
			autoname: "securityRuleName",
			replace:  []string{"resourceGroupName", "networkSecurityGroupName", "securityRuleName"},
			hidden:   []string{"resourceGroupName", "networkSecurityGroupName", "securityRuleName"},
			computed: []string{"name", "type", "etag", "provisioningState"},
			id: func(c *call) string {
				return armID(c.who.account, c.str("resourceGroupName"), filterType+"/securityRules", c.str("networkSecurityGroupName"), c.str("securityRuleName"))
			},
			create: createSecurityRule,
			update: func(c *call) (*Object, error) { return c.old.with(nil), c.judgeSecurityRule(c.old.ID) },
		},
	}
}

func createNetworkFilter(c *call) (*Object, error) {
	return c.armObject(filterType, regional, map[string]any{"resourceGuid": guid(c.row.id(c)),
		"etag": etag(c.row.id(c)), "defaultSecurityRules": []any{}, "subnets": []any{}})
}

func removeNetworkFilter(c *call) error {
	for _, token := range []string{vnetSubnetToken, nicToken} {
		for _, o := range c.of(c.old, token) {
			return no("azure-group-in-use", c.old.ID, o.ID)
		}
	}
	for _, o := range c.of(c.old, securityRuleToken) {
		c.drop(o) // rules go with their group
	}
	return nil
}

// refreshNetworkFilter shows all rules of a group, in-line ones and others, and what it stands before.
func refreshNetworkFilter(c *call, o *Object) (map[string]any, map[string]any) {
	out := map[string]any{}
	for key, token := range map[string]string{"subnets": vnetSubnetToken, "networkInterfaces": nicToken} {
		all := []any{}
		for _, x := range c.of(o, token) {
			all = append(all, map[string]any{"id": x.ID, "name": x.Name})
		}
		out[key] = all
	}
	rules := []any{}
	for _, rule := range c.rulesOf(o) {
		rules = append(rules, rule)
	}
	out["securityRules"] = rules
	return nil, out
}

func (c *call) rulesOf(group *Object) []map[string]any {
	all := maps(group.Inputs, "securityRules")
	for _, rule := range c.of(group, securityRuleToken) {
		all = append(all, merged(public(rule.Inputs), map[string]any{"id": rule.ID, "name": rule.Name}))
	}
	return all
}

func createSecurityRule(c *call) (*Object, error) {
	id := c.row.id(c)
	if err := c.judgeSecurityRule(id); err != nil {
		return nil, err
	}
	return c.armObject(filterType+"/securityRules", nowhere, map[string]any{"etag": etag(id)}, c.arm(filterToken, parentOf(id)))
}

// judgeSecurityRule judges a rule beside the others of its group.
func (c *call) judgeSecurityRule(id string) error {
	group := c.arm(filterToken, parentOf(id))
	if group == nil {
		return no("azure-parent-missing", filterType+"/securityRules", baseOf(parentOf(id)))
	}
	priority := number(c.in, "priority")
	if priority < 100 || priority > 4096 {
		return no("azure-rule-priority", itoa(priority))
	}
	for _, side := range []string{"source", "destination"} {
		if err := c.judgeSide(id, side); err != nil {
			return err
		}
	}
	for _, other := range c.rulesOf(group) {
		name := str(other, "name")
		if number(other, "priority") == priority && str(other, "direction") == c.str("direction") && !strings.EqualFold(name, baseOf(id)) {
			return no("azure-rule-conflict", baseOf(id), name)
		}
	}
	return nil
}

// judgeSide judges the addresses of one side of a rule. Words that begin with a capital are service tags.
func (c *call) judgeSide(id, side string) error {
	prefixes := strs(c.in, side+"AddressPrefixes")
	if one := c.str(side + "AddressPrefix"); one != "" {
		prefixes = append(prefixes, one)
	}
	if len(prefixes) == 0 {
		return no("azure-rule-prefix", id, "")
	}
	for _, s := range prefixes {
		_, err := netip.ParseAddr(s)
		if _, ok := parsePrefix(s); !ok && err != nil && s != "*" && (s[0] < 'A' || s[0] > 'Z') {
			return no("azure-rule-prefix", id, s)
		}
	}
	return nil
}
