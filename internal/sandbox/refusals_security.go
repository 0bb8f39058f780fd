package sandbox

// securityRefusals are those of rules of network security groups.
var securityRefusals = []refusal{
	{"azure-rule-priority", "Code=\"SecurityRuleInvalidPriority\" Message=\"Security rule has invalid Priority. Value provided: %s Allowed range 100-4096.\"", "rule: network-security-groups-overview; text recalled", "2026-11", "OBS883"},
	{"azure-rule-conflict", "Code=\"SecurityRuleConflict\" Message=\"Security rule %s conflicts with rule %s. Rules cannot have the same Priority and Direction.\"", "rule: network-security-groups-overview; text recalled", "2026-11", "OBS883"},
	{"azure-rule-prefix", "Code=\"SecurityRuleInvalidAddressPrefix\" Message=\"Security rule %s has invalid Address prefix. Value provided: %s\"", "text recalled", "2026-11", ""},
}
