package sandbox

// securityProvocations provoke the rows of refusals_security.go.
var securityProvocations = []provocation{
	{"azure-rule-priority", func(l lab) error {
		return fails(l.securityGroup().try(securityRuleToken, "a", securityRule("a", props{"priority": 99.0})))
	}},
	{"azure-rule-conflict", func(l lab) error {
		s := l.securityGroup()
		s.create(securityRuleToken, "out", securityRule("out", props{"direction": "Outbound"}))
		s.create(securityRuleToken, "a", securityRule("a", nil))
		return fails(s.try(securityRuleToken, "b", securityRule("b", nil)))
	}},
	{"azure-rule-prefix", func(l lab) error {
		return fails(l.securityGroup().try(securityRuleToken, "a", securityRule("a", props{"sourceAddressPrefix": "peer"})))
	}},
}

func (l lab) securityGroup() site {
	s := l.site()
	s.create(filterToken, "nsg", props{"resourceGroupName": "rg", "networkSecurityGroupName": "nsg", "location": "japaneast"})
	return s
}

func securityRule(name string, more props) props {
	return merged(props{"resourceGroupName": "rg", "networkSecurityGroupName": "nsg", "securityRuleName": name, "priority": 1000.0, "direction": "Inbound", "access": "Allow",
		"protocol": "Udp", "sourceAddressPrefix": "203.0.113.7", "sourcePortRange": "*", "destinationAddressPrefix": "192.168.2.4", "destinationPortRange": "51820"}, more)
}
