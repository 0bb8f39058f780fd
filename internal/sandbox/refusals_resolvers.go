package sandbox

// resolverRefusals are what both clouds refuse of DNS inbound endpoints.
var resolverRefusals = []refusal{
	{"aws-resolver-addresses", "Insufficient ip_address blocks: at least 2 \"ip_address\" blocks are required (InvalidRequestException: [RSLVR-00400] Resolver endpoint need to have at least 2 IP addresses)", "hashicorp/terraform#22195; hashicorp/terraform-provider-aws#6563", "2019-07", "OBS750"},
	{"aws-resolver-not-found", "ResourceNotFoundException: [RSLVR-00703] The resolver endpoint '%s' does not exist", "Route 53 Resolver API, recalled", "2026-11", ""},
	{"aws-resolver-subnet", "InvalidParameterException: The subnet ID '%s' does not exist", "Route 53 Resolver API, recalled", "2026-11", ""},
	{"aws-resolver-two-vpcs", "InvalidRequestException: the subnets of a resolver endpoint are in one VPC, not in %s and %s", "rule: API reference, CreateResolverEndpoint; text inferred", "2026-11", ""},
	{"aws-resolver-quota", "LimitExceededException: the account has the most Resolver endpoints that %s takes (%d)", inAWS + " §4.31; text inferred", "2023", "OBS754"},

	{"azure-second-resolver", "Code=\"Conflict\" Message=\"Virtual network %s is linked to DNS resolver %s already\"", inAzure + " §4; text inferred", "2023-11", ""},
	{"azure-inbound-network", "Code=\"BadRequest\" Message=\"Subnet %s is not in the virtual network of DNS resolver %s\"", "rule: dns-private-resolver-overview; text inferred", "2023-11", ""},
	{"azure-inbound-delegation", "Code=\"SubnetMissingRequiredDelegation\" Message=\"Subnet %s requires the delegation Microsoft.Network/dnsResolvers to reference the service association link\"", "Azure/terraform-azurerm-caf-enterprise-scale#505 (the code)", "2022-11", ""},
	{"azure-inbound-subnet", "Code=\"BadRequest\" Message=\"The specified subnet %s could not be used to provision the inbound endpoint. Please make sure you use a subnet of at least /28 and at most /24 size, which is not currently in use by any other DNS resolver endpoint or any other Azure service workloads\"", "Azure/azure-rest-api-specs#21744", "2022-12", "OBS890"},
	{"azure-delegated-subnet", "Code=\"PrivateEndpointCannotBeCreatedInSubnetWithDelegation\" Message=\"Private endpoint %s cannot be created in subnet %s, which is delegated to %s\"", "rule: dns-private-resolver-overview, subnet restrictions; code and text inferred", "2023-11", "OBS891"},
}
