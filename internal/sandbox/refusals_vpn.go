package sandbox

// vpnRefusals are those of VPNs in AWS.
var vpnRefusals = []refusal{
	{"aws-customer-not-found", "InvalidCustomerGatewayID.NotFound: The customerGateway ID '%s' does not exist", fromEC2, "2026-11", ""},
	{"aws-customer-in-use", "IncorrectState: The customer gateway %s is in use.", fromEC2, "2026-11", ""},
	{"aws-customer-asns", `"bgp_asn": conflicts with bgp_asn_extended`, fromTF, "2026-11", ""},
	{"aws-customer-address", "InvalidParameterCombination: either the IP address of the device or a certificate must be given", "rule: EC2 CreateCustomerGateway, text inferred", "2026-11", "OBS730"},
	{"aws-vpn-gateway-not-found", "InvalidVpnGatewayID.NotFound: The vpnGateway ID '%s' does not exist", fromEC2, "2026-11", "OBS401"},
	{"aws-vpn-gateway-attached", "VpnGatewayAttachmentLimitExceeded: The maximum number of virtual private gateway attachments has been reached. (%s has %s)", fromEC2, "2026-11", ""},
	{"aws-vpn-gateway-in-use", "IncorrectState: The vpnGateway ID '%s' is in use.", fromEC2, "2026-11", ""},
	{"aws-vpn-gateway-elsewhere", "Gateway.NotAttached: resource %s is not attached to network %s", fromEC2, "2026-11", "OBS401"},
	{"aws-vpn-not-found", "InvalidVpnConnectionID.NotFound: The vpnConnection ID '%s' does not exist", fromEC2, "2026-11", ""},
	{"aws-vpn-ends", `one of "transit_gateway_id,vpn_gateway_id" must be specified`, fromTF, "2026-11", "OBS203"},
	{"aws-vpn-key", "invalid value for %s: can only contain alphanumeric, period and underscore characters, 8 to 64 of them, and cannot begin with zero", fromTF, "2026-11", ""},
	{"aws-vpn-not-static", "IncorrectState: The vpnConnection %s takes no static routes", "rule: " + inAWS + " §6 (static, VGW-type VPN), text inferred", "2026-11", ""},
	{"aws-instance-not-found", "Your query returned no results. Please change your search criteria and try again.", fromTF, "2026-11", "OBS401"},
}
