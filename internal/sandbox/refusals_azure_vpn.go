package sandbox

// gatewayRefusals are those of VPN gateways in Azure.
var gatewayRefusals = []refusal{
	{"azure-gateway-subnet", "Code=\"InvalidRequestFormat\" Message=\"Gateway %s must be in the subnet GatewaySubnet, not in %s\"", "rule: about-vpn-gateway-settings; text inferred", "2026", "OBS874"},
	{"azure-second-gateway", "Code=\"Conflict\" Message=\"Virtual network %s has gateway %s of the same type already\"", "rule: vpn-gateway-about-vpngateways (each network one VPN gateway); text inferred", "2026", ""},
	{"azure-gateway-zones", "Code=\"VmssVpnGatewayPublicIpsMustHaveZonesConfigured\" Message=\"Standard Public IPs associated with VPN Gateways with AZ VPN skus must have zones configured.\"", "Azure/ResourceModules#2609; ansible-collections/azure#2208", "2026-04", ""},
	{"azure-gateway-address", "Code=\"PublicIPAddressNotSupported\" Message=\"Public IP address %s must be of SKU Standard and static for this gateway\"", "rule: public-ip-basic-upgrade-guidance; text inferred", "2025-09", ""},
	{"azure-public-ip-in-use", "Code=\"PublicIPAddressCannotBeDeleted\" Message=\"Public IP address %s can not be deleted since it is still allocated to resource %s.\"", fromARM, "2026-11", ""},
	{"azure-gateway-in-use", "Code=\"VirtualNetworkGatewayCannotBeDeleted\" Message=\"%s cannot be deleted, since it is referenced by %s\"", "code recalled, text inferred", "2026-11", ""},
	{"azure-local-gateway-ends", "Code=\"InvalidRequestFormat\" Message=\"Local network gateway %s needs one of gatewayIpAddress and fqdn\"", "rule: facts/azure.md §5; text inferred", "2026", "OBS270"},
	{"azure-asn-reserved", "Code=\"InvalidBgpSettings\" Message=\"ASN %s is reserved for Azure\"", "rule: vpn-gateway-bgp-overview, recalled; text inferred", "2026-11", "OBS877"},
	{"azure-bgp-address", "Code=\"InvalidBgpSettings\" Message=\"The BGP peering address of local network gateway %s is missing\"", "rule: vpn-gateway-bgp-overview; text inferred", "2026", "OBS878"},
	{"azure-connection-twice", "Code=\"Conflict\" Message=\"Gateway %s has a connection to local network gateway %s already\"", "recalled, text inferred", "2026-11", ""},
	{"azure-connection-bgp", "Code=\"InvalidBgpSettings\" Message=\"BGP is on for connection %s and not at both of its ends\"", "rule: vpn-gateway-bgp-overview; text inferred", "2026", "OBS401"},
	{"azure-connection-asn", "Code=\"InvalidBgpSettings\" Message=\"The ASN %s is that of both ends\"", "rule: vpn-gateway-bgp-overview, recalled; text inferred", "2026-11", "OBS271"},
}
