package sandbox

import (
	"fmt"
	"regexp"
	"slices"
)

// refusal is one thing that a cloud, or the provider in front of it, says no to.
type refusal struct {
	Name        string
	Text        string // the cloud's own words, as a format
	Source      string // where the words or the rule were read; "recalled" and "inferred" where they were not
	AsOf        string
	CompileCode string // the diagnostic that finds it before any cloud is asked; empty where none is known
}

// Refusal is a row of the table, for those who hold the compiler against it.
type Refusal = refusal

// Refusals is the table.
func Refusals() []Refusal { return slices.Clone(refusals) }

var formatVerb = regexp.MustCompile(`%[sdqv]`)

// Pattern is what the row's errors look like.
func (r refusal) Pattern() *regexp.Regexp {
	return regexp.MustCompile("(?s)" + formatVerb.ReplaceAllString(regexp.QuoteMeta(r.Text), ".*"))
}

func (r refusal) err(args ...any) error { return refused{r.Name, fmt.Sprintf(r.Text, args...)} }

// refused keeps the row's name, so that a test can say which row it has provoked.
type refused struct{ name, text string }

func (e refused) Error() string { return e.text }

// no finds a row. The names are constants of this package, so a miss is a mistake in it.
func no(name string, args ...any) error {
	for _, r := range refusals {
		if r.Name == name {
			return r.err(args...)
		}
	}
	panic("sandbox: no refusal is called " + name + "; this is a bug in obslink")
}

const (
	fromTF  = "terraform-provider-aws, validation text, recalled"
	fromEC2 = "EC2 API error codes, text recalled"
	fromARM = "Azure Resource Manager, text recalled"
	inAWS   = "facts/datadog_aws.md"
	inAzure = "facts/azure.md"
)

// refusals is the table of everything that the sandbox refuses; each row is provoked by a test.
var refusals = slices.Concat(generalRefusals, vpnRefusals, gatewayRefusals, resolverRefusals, shareRefusals, collectRefusals, securityRefusals)

var generalRefusals = []refusal{
	// the sandbox's own limits
	{"unknown-type", "the sandbox does not simulate %s; it simulates %s", "sandbox", "2026-11", ""},
	{"unknown-function", "the sandbox does not simulate the look-up %s; it simulates %s", "sandbox", "2026-11", ""},
	{"unknown-input", "the sandbox does not simulate %q of %s; it simulates %s", "sandbox", "2026-11", ""},
	{"unsupported", "the sandbox does not simulate %s", "sandbox", "2026-11", ""},
	{"not-configured", "this connection was never configured: the engine must call Configure before it uses a provider", "sandbox", "2026-11", ""},

	// both providers, before a cloud is asked
	{"aws-missing-input", `Missing required argument. The argument "%s" is required, but no definition was found.. Examine values at '%s.%s'.`, fromTF, "2026-11", ""},
	{"azure-missing-input", "missing required property '%s'", "azure-native 2.90.0, recalled", "2026-11", ""},
	{"function-missing-input", "missing required argument %q of %s", "sandbox", "2026-11", ""},

	// AWS provider configuration
	{"aws-no-region", "invalid AWS Region: %q", fromTF, "2026-11", "OBS323"},
	{"aws-no-account", "no valid credential sources found: the sandbox takes the account from assumeRoles or from exactly one of allowedAccountIds", "sandbox", "2026-11", ""},
	{"aws-account-not-allowed", "AWS account ID not allowed: %s", fromTF, "2026-11", "OBS329"},
	{"aws-bad-configuration", "unable to read the provider's %q: %v", "sandbox", "2026-11", ""},
	{"azure-no-subscription", "a subscription id is required: set azure-native:subscriptionId", "azure-native 2.90.0, recalled", "2026-11", ""},

	// VPC and subnets
	{"aws-cidr-syntax", "%q is not a valid CIDR block: invalid CIDR address: %s", fromTF, "2026-11", "OBS205"},
	{"aws-cidr-host-bits", "%q is not a valid IPv4 CIDR block; did you mean %q?", fromTF, "2026-11", "OBS206"},
	{"aws-cidr-size", `expected "cidr_block" to contain a network Value with between 16 and 28 significant bits, got: %d`, fromTF, "2026-11", "OBS308"},
	{"aws-vpc-not-found", "InvalidVpcID.NotFound: The vpc ID '%s' does not exist", fromEC2, "2026-11", ""},
	{"aws-vpc-in-use", "DependencyViolation: The vpc '%s' has dependencies and cannot be deleted.", fromEC2, "2026-11", ""},
	{"aws-subnet-not-found", "InvalidSubnetID.NotFound: The subnet ID '%s' does not exist", fromEC2, "2026-11", ""},
	{"aws-subnet-range", "InvalidSubnet.Range: The CIDR '%s' is invalid.", "HHS/simpler-grants-gov#1357", "2024-02", "OBS207"},
	{"aws-subnet-conflict", "InvalidSubnet.Conflict: The CIDR '%s' conflicts with another subnet", "hashicorp/terraform#33470", "2023-07", "OBS211"},
	{"aws-subnet-in-use", "DependencyViolation: The subnet '%s' has dependencies and cannot be deleted.", fromEC2, "2026-11", ""},
	{"aws-zone-unknown", "InvalidParameterValue: Value (%s) for parameter %s is invalid. Subnets can currently only be created in the following availability zones: %s.", fromEC2, "2026-11", "OBS326"},
	{"aws-both-zones", `"availability_zone": conflicts with availability_zone_id`, fromTF, "2026-11", ""},

	// routes
	{"aws-route-table-not-found", "InvalidRouteTableID.NotFound: The routeTable ID '%s' does not exist", fromEC2, "2026-11", ""},
	{"aws-route-table-in-use", "DependencyViolation: The routeTable '%s' has dependencies and cannot be deleted.", fromEC2, "2026-11", ""},
	{"aws-already-associated", "Resource.AlreadyAssociated: the specified association for route table %s conflicts with an existing association", fromEC2, "2026-11", ""},
	{"aws-different-networks", "InvalidParameterValue: route table %s and %s %s belong to different networks", fromEC2, "2026-11", ""},
	{"aws-route-exists", "RouteAlreadyExists: The route identified by %s already exists.", fromEC2, "2026-11", "OBS211"},
	{"aws-route-quota", "RouteLimitExceeded: The maximum number of routes has been reached. (%d in %s)", fromEC2, "2026-11", "OBS336"},
	{"aws-route-inside-vpc", "InvalidParameterValue: The destination CIDR block %s is equal to or more specific than one of this VPC's CIDR blocks. This route can target only an interface or an instance.", fromEC2, "2026-11", "OBS211"},
	{"aws-route-target", `one of "vpc_peering_connection_id,gateway_id,nat_gateway_id,network_interface_id,transit_gateway_id" must be specified`, fromTF, "2026-11", ""},
	{"aws-interface-not-found", "InvalidNetworkInterfaceID.NotFound: The networkInterface ID '%s' does not exist", fromEC2, "2026-11", ""},

	// filters
	{"aws-group-name", "invalid value for name (cannot begin with sg-)", "facts/aws_provider_seen.md", "2026-11", ""},
	{"aws-group-no-vpc", "VPCIdNotSpecified: No default VPC for this user", fromEC2, "2026-11", ""},
	{"aws-group-exists", "InvalidGroup.Duplicate: The security group '%s' already exists for VPC '%s'", fromEC2, "2026-11", ""},
	{"aws-group-not-found", "InvalidGroup.NotFound: The security group '%s' does not exist", fromEC2, "2026-11", ""},
	{"aws-group-in-use", "DependencyViolation: resource %s has a dependent object", fromEC2, "2026-11", ""},
	{"aws-rule-exists", `InvalidPermission.Duplicate: the specified rule "peer: %s, %s, from port: %s, to port: %s, ALLOW" already exists`, fromEC2, "2026-11", "OBS211"},
	{"aws-rule-source", "exactly one of cidr_ipv4, cidr_ipv6, prefix_list_id, referenced_security_group_id must be specified", fromTF, "2026-11", ""},
	{"aws-rule-ports", "InvalidParameterValue: Invalid value '%s' for portRange: from and to port must both be given with protocol %s", fromEC2, "2026-11", ""},
	{"aws-rule-not-found", "InvalidSecurityGroupRuleId.NotFound: The security group rule ID '%s' does not exist", fromEC2, "2026-11", ""},
	{"aws-rule-quota", "RulesPerSecurityGroupLimitExceeded: The maximum number of rules per security group has been reached. (%d for %s)", inAWS + " §4.32", "2023", "OBS334"},

	// interface endpoints
	{"aws-endpoint-no-subnets", "InvalidParameter: an interface endpoint needs at least one subnet", "inferred, " + inAWS + " §4.11", "2026-11", "OBS311"},
	{"aws-endpoint-service", "InvalidServiceName: The Vpc Endpoint Service '%s' does not exist", "hashicorp/terraform-provider-aws#40438 (in the region that was asked)", "2024-12", "OBS350"},
	{"aws-endpoint-cross-region-zone", "InvalidParameter: the availability zone %s of subnet %s does not support cross-Region endpoints", "rule: " + inAWS + " §4.8, text inferred", "2026", "OBS343"},
	{"aws-endpoint-opt-in", "InvalidParameter: The service region %s is not enabled for account %s", "rule: " + inAWS + " §4.7, text inferred", "2026", ""},
	{"aws-endpoint-two-subnets-in-zone", "DuplicateSubnetsInSameZone: Found another VPC endpoint subnet in the availability zone of %s. VPC endpoint subnets should be in different availability zones supported by the VPC endpoint service.", "terraform-aws-modules/terraform-aws-vpc#583", "2021-02", "OBS312"},
	{"aws-endpoint-subnet-vpc", "InvalidParameter: The subnet ID '%s' is not in the VPC %s", "recalled", "2026-11", ""},
	{"aws-endpoint-group-vpc", "InvalidParameter: Security Group %s and VPC %s belong to different networks", "recalled", "2026-11", ""},
	{"aws-endpoint-subnet-config", "InvalidParameter: subnet configuration names subnet %s, which is not among the subnet ids", "rule: DESIGN §5.6, text inferred", "2026-11", ""},
	{"aws-address-syntax", "InvalidParameterValue: Invalid IPv4 address: %s", fromEC2, "2026-11", "OBS234"},
	{"aws-address-outside", "InvalidParameterValue: Address %s does not fall within the subnet's address range", fromEC2, "2026-11", "OBS207"},
	{"aws-address-reserved", "InvalidParameterValue: Address %s is in subnet's reserved address range", fromEC2, "2026-11", "OBS316"},
	{"aws-address-in-use", "InvalidIPAddress.InUse: Address %s is in use.", fromEC2, "2026-11", "OBS315"},
	{"aws-subnet-full", "InsufficientFreeAddressesInSubnet: The specified subnet does not have enough free addresses to satisfy the request. (%s)", fromEC2, "2026-11", ""},
	{"aws-private-dns-attributes", "InvalidParameter: Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for %s", "rule: " + inAWS + " §4.1, text recalled", "2026-11", ""},
	{"aws-private-dns-conflict", "InvalidParameter: private-dns-enabled cannot be set because there is already a conflicting DNS domain for %s in the VPC %s", "hashicorp/terraform-provider-aws#17535", "2021", "OBS320"},
	{"aws-private-dns-none", "InvalidParameter: Private DNS can't be enabled because the service %s does not provide a private DNS name.", "recalled", "2026-11", ""},
	{"aws-endpoint-across", "InvalidServiceName: The Vpc Endpoint Service '%s' does not support cross-Region access from %s", "rule: " + inAWS + " §5 (PrivateLink guide p. 54-56), text inferred", "2026", "OBS708"},
	{"aws-policy-json", `"policy" contains an invalid JSON: %v`, fromTF, "2026-11", "OBS113"},
	{"aws-policy-document", "InvalidPolicyDocument: The specified policy document is not a valid JSON policy document.", fromEC2, "2026-11", "OBS703"},
	{"aws-policy-unsupported", "InvalidParameter: Endpoint policies are not supported for the service %s.", "rule: VpcEndpointPolicySupported of DescribeVpcEndpointServices; text inferred", "2026-11", "OBS703"},
	{"aws-endpoint-quota", "VpcEndpointLimitExceeded: The maximum number of VPC endpoints has been reached. (%d in %s)", inAWS + " §4.12", "2026", "OBS331"},
	{"aws-endpoint-no-match", "no matching EC2 VPC Endpoint found", fromTF, "2026-11", ""},
	{"aws-endpoint-matches", "multiple EC2 VPC Endpoints matched; use additional constraints to reduce matches to a single EC2 VPC Endpoint", fromTF, "2026-11", ""},
	{"aws-endpoint-not-found", "InvalidVpcEndpointId.NotFound: The Vpc Endpoint Id '%s' does not exist", fromEC2, "2026-11", ""},

	// peering
	{"aws-peering-auto-cross", "`peer_region` cannot be set whilst `auto_accept` is `true` when creating an EC2 VPC Peering Connection", fromTF, "2026-11", ""},
	{"aws-peering-auto-account", "OperationNotPermitted: User %s cannot accept peering %s", fromEC2, "2026-11", ""},
	{"aws-peering-failed", "VPC Peering Connection (%s) unexpected state 'failed', wanted target 'active, pending-acceptance': Failed due to incorrect VPC-ID, Account ID, or overlapping CIDR range (%s)", "rule: " + inAWS + " §4.20, text recalled", "2026-11", "OBS211"},
	{"aws-peering-quota", "ActiveVpcPeeringConnectionPerVpcLimitExceeded: the limit on the number of active VPC peering connections has been reached. (%d for %s)", fromEC2, "2026-11", "OBS332"},
	{"aws-peering-not-found", "InvalidVpcPeeringConnectionID.NotFound: The vpcPeeringConnection ID '%s' does not exist", fromEC2, "2026-11", ""},

	// transit gateways
	{"aws-transit-asn", "expected amazon_side_asn to be in the range (64512 - 65534) or (4200000000 - 4294967294), got %d", fromTF, "2026-11", "OBS724"},
	{"aws-transit-not-found", "InvalidTransitGatewayID.NotFound: Transit Gateway %s was deleted or does not exist.", fromEC2, "2026-11", "OBS401"},
	{"aws-transit-in-use", "IncorrectState: %s has non-deleted Transit Gateway Attachments: %s.", fromEC2, "2026-11", ""},
	{"aws-transit-table-not-found", "InvalidRouteTableID.NotFound: Transit Gateway Route Table %s was deleted or does not exist.", fromEC2, "2026-11", "OBS401"},
	{"aws-transit-table-in-use", "IncorrectState: Cannot delete route table %s: it is associated with attachments.", "rule: EC2 DeleteTransitGatewayRouteTable, text inferred", "2026-11", ""},
	{"aws-transit-attachment-not-found", "InvalidTransitGatewayAttachmentID.NotFound: Transit Gateway Attachment %s was deleted or does not exist.", fromEC2, "2026-11", ""},
	{"aws-transit-attached", "DuplicateTransitGatewayAttachment: %s has non-deleted Transit Gateway Attachments with same VPC ID.", fromEC2, "2026-11", ""},
	{"aws-transit-no-subnets", "MissingParameter: the request must contain the parameter SubnetIds", fromEC2, "2026-11", "OBS266"},
	{"aws-transit-two-subnets-in-zone", "DuplicateSubnetsInSameZone: Duplicate Subnets for same AZ", fromEC2, "2026-11", "OBS721"},
	{"aws-transit-not-attached", "InvalidTransitGatewayID.NotFound: The transitGateway ID '%s' does not exist.", fromEC2 + "; also where the VPC is not attached", "2026-11", "OBS260"},
	{"aws-transit-unavailable", "IncorrectState: %s is in invalid state", fromEC2, "2026-11", ""},
	{"aws-transit-other-gateway", "InvalidParameterValue: attachment %s and route table %s belong to different transit gateways", "text inferred", "2026-11", ""},
	{"aws-transit-associated", "Resource.AlreadyAssociated: Transit Gateway Attachment %s is already associated to a route table.", "hashicorp/terraform-provider-aws#16452", "2021", ""},
	{"aws-transit-propagation", "InvalidParameterValue: propagation is not supported for the peering attachment %s", "rule: " + inAWS + " §4.24, text inferred", "2026", ""},
	{"aws-transit-propagated", "TransitGatewayRouteTablePropagation.Duplicate: Propagation %s already exists in Transit Gateway Route Table %s.", fromEC2, "2026-11", ""},
	{"aws-transit-route-exists", "RouteAlreadyExists: Route %s already exists in Transit Gateway Route Table %s.", fromEC2, "2026-11", "OBS264"},
	{"aws-transit-peering-failed", "waiting for EC2 Transit Gateway Peering Attachment (%s) create: unexpected state 'failed', wanted target 'available, pendingAcceptance'", fromTF, "2026-11", "OBS263"},
	{"aws-transit-peered", "DuplicateTransitGatewayAttachment: %s has a non-deleted peering with %s", "text inferred", "2026-11", "OBS263"},

	// Route 53
	{"aws-zone-not-found", "NoSuchHostedZone: No hosted zone found with ID: %s", "Route 53 API, recalled", "2026-11", ""},
	{"aws-zone-no-match", "no matching Route 53 Hosted Zone found", fromTF, "2026-11", ""},
	{"aws-zone-matches", "multiple Route 53 Hosted Zones matched; use additional constraints to reduce matches to a single Route 53 Hosted Zone", fromTF, "2026-11", ""},
	{"aws-zone-vpc", "InvalidVPCId: The VPC %s in region %s that you provided does not exist, or is not yours", "Route 53 API, code recalled, text inferred", "2026-11", ""},
	{"aws-zone-conflict", "ConflictingDomainExists: A conflicting domain is already associated with the given VPC or Delegation Set. (%s in %s)", "ansible/ansible-modules-extras#915; " + inAWS + " §4.5", "2015-09", "OBS320"},
	{"aws-zone-not-empty", "HostedZoneNotEmpty: The specified hosted zone contains non-required resource record sets and so cannot be deleted.", "Route 53 API, recalled", "2026-11", ""},
	{"aws-zone-last-vpc", "LastVPCAssociation: The VPC %s is the last VPC associated with the hosted zone %s", "Route 53 API, recalled; " + inAWS + " §6", "2026-11", ""},
	{"aws-zone-public", "PublicZoneVPCAssociation: The hosted zone %s is public; a VPC cannot be associated with it", "floci-io/floci#2638", "2026-08", ""},
	{"aws-zone-quota", "LimitsExceeded: Limits Exceeded: MAX_VPCS_ASSOCIATED_WITH_HOSTED_ZONE (%d for %s)", inAWS + " §4.28", "2026", "OBS338"},
	{"aws-zone-unauthorised", "NotAuthorizedException: The VPC: %s has not authorized to associate with your hosted zone.", "hashicorp/terraform#12804", "2017-03", ""},
	{"aws-record-value", "InvalidInput: one of `alias,records` must be specified", fromTF, "2026-11", ""},
	{"aws-record-ttl", "all of `records,ttl` must be specified", fromTF, "2026-11", ""},
	{"aws-record-exists", "InvalidChangeBatch: [Tried to create resource record set [name='%s.', type='%s'] but it already exists]", "Route 53 API, recalled", "2026-11", ""},
	{"aws-record-cname", "InvalidChangeBatch: [RRSet of type %s with DNS name %s. is not permitted because a conflicting RRSet of type %s with the same DNS name already exists in zone %s.]", "RJPearson94/terraform-aws-open-next#21", "2024-03", ""},
	{"aws-record-address", "InvalidChangeBatch: [Invalid Resource Record: 'FATAL problem: ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address) encountered with '%s'']", "Route 53 API, recalled", "2026-11", ""},
	{"aws-alias-target", "InvalidChangeBatch: [Tried to create an alias that targets %s., type A in zone %s, but that target was not found]", "Route 53 API, recalled", "2026-11", ""},
	{"aws-alias-zone", "InvalidChangeBatch: [Tried to create an alias that targets %s., type A in zone %s, but the alias target name does not lie within the target zone]", "Route 53 API, recalled", "2026-11", ""},

	// Azure Resource Manager
	{"azure-group-missing", "Code=\"ResourceGroupNotFound\" Message=\"Resource group '%s' could not be found.\"", fromARM, "2026-11", ""},
	{"azure-exists", "cannot create already existing resource '%s'", "azure-native 2.90.0, recalled", "2026-11", ""},
	{"azure-location", "Code=\"LocationNotAvailableForResourceType\" Message=\"The provided location '%s' is not available for resource type '%s'. List of available regions for the resource type is 'global'.\"", fromARM, "2026-11", ""},
	{"azure-location-missing", "Code=\"LocationRequired\" Message=\"The location property is required for this definition.\"", fromARM, "2026-11", ""},
	{"azure-location-unknown", "Code=\"LocationNotAvailableForResourceGroup\" Message=\"The provided location '%s' is not available for resource group.\"", fromARM, "2026-11", "OBS367"},
	{"azure-location-cloud", "Code=\"LocationNotAvailableForResourceGroup\" Message=\"The provided location '%s' is not available for resource group. List of available regions is '%s'.\"", fromARM, "2026-11", "OBS369"},
	{"azure-parent-missing", "Code=\"ParentResourceNotFound\" Message=\"Failed to perform 'write' on resource of type '%s', because the parent resource '%s' could not be found.\"", fromARM, "2026-11", ""},
	{"azure-reference", "Code=\"InvalidResourceReference\" Message=\"Resource %s referenced by resource %s was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.\"", fromARM, "2026-11", ""},
	{"azure-not-found", "Code=\"ResourceNotFound\" Message=\"The Resource '%s' under resource group '%s' was not found.\"", fromARM, "2026-11", ""},
	{"azure-nested", "Code=\"CannotDeleteResource\" Message=\"Cannot delete resource while nested resources exist. Some existing nested resource IDs include: '%s'. Please delete all nested resources before deleting this resource.\"", fromARM, "2026-11", ""},

	// Azure networks
	{"azure-no-address-space", "Code=\"InvalidRequestFormat\" Message=\"Virtual network '%s' has no address space\"", "inferred", "2026-11", ""},
	{"azure-cidr", "Code=\"InvalidAddressPrefixFormat\" Message=\"Address prefix %s of resource %s is not formatted correctly. It should follow CIDR notation, for example 10.0.0.0/24.\"", fromARM, "2026-11", "OBS205"},
	{"azure-cidr-host-bits", "Code=\"InvalidCIDRNotation\" Message=\"The address prefix %s in resource %s has an invalid CIDR notation. For the given prefix length, the address prefix should be %s.\"", fromARM, "2026-11", "OBS206"},
	{"azure-subnet-outside", "Code=\"NetcfgInvalidSubnet\" Message=\"Subnet '%s' is not valid in virtual network '%s'.\"", fromARM, "2026-11", "OBS207"},
	{"azure-subnet-overlap", "Code=\"NetcfgSubnetRangesOverlap\" Message=\"Subnet '%s' is not valid because its IP address range overlaps with that of an existing subnet in virtual network '%s'.\"", fromARM, "2026-11", "OBS211"},
	{"azure-subnet-in-use", "Code=\"InUseSubnetCannotBeDeleted\" Message=\"Subnet %s is in use by %s and cannot be deleted. In order to delete the subnet, delete all the resources within the subnet.\"", fromARM, "2026-11", ""},
	{"azure-network-in-use", "Code=\"InUseVirtualNetworkCannotBeDeleted\" Message=\"Virtual network %s is in use by %s and cannot be deleted.\"", fromARM, "2026-11", ""},
	{"azure-group-in-use", "Code=\"InUseNetworkSecurityGroupCannotBeDeleted\" Message=\"Network security group %s cannot be deleted because it is in use by the following resources: %s.\"", fromARM, "2026-11", ""},
	{"azure-table-in-use", "Code=\"InUseRouteTableCannotBeDeleted\" Message=\"Route table %s is in use and cannot be deleted. Subnet: %s\"", fromARM, "2026-11", ""},
	{"azure-route-next-hop", "Code=\"InvalidRequestFormat\" Message=\"Next hop IP address is required for route %s of type VirtualAppliance\"", "rule: learn virtual-networks-udr-overview; text inferred", "2026-11", ""},
	{"azure-route-twice", "Code=\"RouteConflict\" Message=\"Route %s conflicts with another route to %s\"", "rule: learn virtual-networks-udr-overview; text inferred", "2026-11", ""},
	{"azure-peering-overlap", "Code=\"VnetAddressSpacesOverlap\" Message=\"Cannot create or update peering %s. Virtual networks %s and %s cannot be peered because their address spaces overlap.\"", fromARM, "2026-11", "OBS211"},
	{"azure-peering-exists", "Code=\"AnotherPeeringAlreadyReferencesRemoteVnet\" Message=\"Peering %s cannot reference remote virtual network %s because another peering %s belonging to the same parent virtual network already references it.\"", fromARM, "2026-11", ""},

	// private endpoints
	{"azure-endpoint-group", "Code=\"BadRequest\" Message=\"Call to %s failed. Error message: the group id must be '%s', got '%s'\"", "rule: ampls_dns.json, text inferred", "2026-11", ""},
	{"azure-subnet-full", "Code=\"SubnetIsFull\" Message=\"Subnet %s with address prefix %s does not have enough capacity for %d IP addresses.\" (%d are free)", "MicrosoftDocs/azure-docs#88211", "2022-02", "OBS354"},
	{"azure-address-outside", "Code=\"PrivateIPAddressNotInSubnet\" Message=\"Private static IP address %s does not belong to the range of subnet prefix %s.\"", fromARM, "2026-11", "OBS816"},
	{"azure-address-reserved", "Code=\"PrivateIPAddressInReservedRange\" Message=\"Private IP address %s falls within reserved IP range of subnet prefix %s.\"", fromARM, "2026-11", "OBS816"},
	{"azure-address-in-use", "Code=\"PrivateIPAddressInUse\" Message=\"IP configuration is using the private IP address %s which is already allocated to resource %s.\"", fromARM, "2026-11", "OBS816"},
	{"azure-members-missing", "Code=\"PrivateEndpointIpConfigurationMissingMemberNamesRequiredByFps\" Message=\"Private endpoint %s is missing the member names %s in its ip configurations.\"", inAzure + " §2.3; bicep-registry-modules#1389", "2024", "OBS815"},
	{"azure-member-unknown", "Code=\"BadRequest\" Message=\"Private endpoint %s has no members %s.\"", "inferred", "2026-11", "OBS815"},
	{"azure-address-mapping", "Code=\"PrivateEndpointStaticIpMustMatchDynamicIpMapping\" Message=\"Private endpoint %s has member %s at %s, not at %s.\"", "code: a public runbook for ACR's endpoints, reproduced there with az 2.85.0; text inferred", "2026", ""},
	{"azure-second-scope", "Code=\"BadRequest\" Message=\"Virtual network %s is already connected to Azure Monitor private link scope %s\"", "limit: " + inAzure + " §1.7; that ARM refuses is inferred", "2025-05", "OBS363"},
	{"azure-second-arc-scope", "Code=\"BadRequest\" Message=\"Virtual network %s is already connected to Azure Arc private link scope %s\"", "limit: " + inAzure + " §3; that ARM refuses is inferred", "2026-05", "OBS830"},
	{"azure-machine-region", "Code=\"BadRequest\" Message=\"Machine %s is in %s; private link scope %s is in %s\"", "rule: " + inAzure + " §3; text inferred", "2026-05", "OBS842"},
	{"azure-machine-scope", "Code=\"BadRequest\" Message=\"Machine %s is already associated with private link scope %s\"", "rule: " + inAzure + " §3; text inferred", "2026-05", ""},
	{"azure-extension-region", "Code=\"BadRequest\" Message=\"Extension %s is in %s; machine %s is in %s\"", "text inferred", "2026-11", ""},
	{"azure-extension-system", "Code=\"BadRequest\" Message=\"Extension %s is not for machine %s, which runs %s\"", "text inferred", "2026-11", ""},
	{"azure-arc-access", "Code=\"BadRequest\" Message=\"publicNetworkAccess is '%s'; Enabled and Disabled are known\"", "ARM schema of Microsoft.HybridCompute 2022-12-27; text inferred", "2026-08", ""},
	{"azure-arc-scope-in-use", "Code=\"CannotDeleteResource\" Message=\"Azure Arc private link scope %s cannot be deleted while %s refers to it\"", "text inferred", "2026-11", ""},
	{"azure-endpoint-quota", "Code=\"BadRequest\" Message=\"Azure Monitor private link scope %s already has %d private endpoint connections\"", "limit: " + inAzure + " §1.7; text inferred", "2025-05", "OBS807"},
	{"azure-interface-name", "Code=\"BadRequest\" Message=\"Custom network interface name %s of private endpoint %s is already in use\"", "inferred", "2026-11", ""},
	{"azure-endpoint-subnet-change", "Code=\"BadRequest\" Message=\"The subnet of private endpoint %s cannot be changed\"", "inferred", "2026-11", ""},
	{"azure-alias-unknown", "Code=\"PrivateLinkServiceNotFound\" Message=\"Private link service alias %s that private endpoint %s refers to was not found.\"", "inferred", "2026-11", ""},
	{"azure-request-message", "Code=\"InvalidRequestFormat\" Message=\"The request message of a private link service connection is limited to 140 characters; this one has %d.\"", "ARM schema of Microsoft.Network 2023-02-01 (\"Restricted to 140 chars\"); text inferred", "2026-08", ""},

	// private DNS
	{"azure-record-address", "Code=\"BadRequest\" Message=\"The value '%s' of record set %s is no IPv4 address, or is there twice.\"", "text inferred", "2026-11", ""},
	{"azure-group-zones", "Code=\"BadRequest\" Message=\"Private DNS zone group %s has %d zones; the limit is 5\"", inAzure + " §2.1; text inferred", "2023-11", "OBS858"},
	{"azure-second-group", "Code=\"BadRequest\" Message=\"Private endpoint %s already has private DNS zone group %s\"", inAzure + " §2.1; text inferred", "2023-11", ""},
	{"azure-group-config-name", "Code=\"InvalidResourceName\" Message=\"Resource name %s is invalid. The name can be up to 80 characters long. It must begin with a word character, and it must end with a word character or with '_'. The name may contain word characters or '-', '_'.\"", inAzure + " §2.1; text recalled", "2022-03", ""},
	{"azure-link-overlap", "Code=\"BadRequest\" Message=\"A virtual network cannot be linked to multiple zones with overlapping namespaces. You tried to link virtual network with '%s' and '%s' zones.\"", "MicrosoftDocs/azure-aks-docs#212", "2025-04", "OBS363"},
	{"azure-link-policy", "Code=\"BadRequest\" Message=\"The resolution policy '%s' is not valid for zone '%s'\"", "learn private-dns-fallback; text inferred", "2026-11", ""},
	{"azure-link-network-change", "Code=\"BadRequest\" Message=\"The virtual network of link %s cannot be changed\"", "inferred", "2026-11", ""},

	// Azure Monitor
	{"azure-access-mode", "Code=\"BadRequest\" Message=\"accessModeSettings needs ingestionAccessMode and queryAccessMode, each Open or PrivateOnly\"", inAzure + " §1.3; text inferred", "2026-11", "OBS114"},
	{"azure-scope-in-use", "Code=\"Conflict\" Message=\"Private link scope %s cannot be deleted while it has %s\"", "inferred", "2026-11", ""},
	{"azure-scoped-exists", "Code=\"Conflict\" Message=\"Scoped resource with same linked resource id already exists in this private link scope\"", "Azure/azure-rest-api-specs#28176", "2024-03", ""},
	{"azure-scope-busy", "Code=\"Conflict\" Message=\"Cannot modify resource while in provisioning state: 'Provisioning'\"", "hashicorp/terraform-provider-azurerm#22236", "2023-06", ""},
	{"azure-scoped-kind", "Code=\"BadRequest\" Message=\"Resource %s cannot be linked to a private link scope\"", inAzure + " §1.5; text inferred", "2026-01", ""},
	{"azure-still-scoped", "Code=\"Conflict\" Message=\"Resource %s cannot be deleted while it is linked to private link scope %s\"", inAzure + " §1.17; text inferred", "2026-01", ""},
	{"azure-component-kind", "Code=\"BadRequest\" Message=\"ingestionMode LogAnalytics needs workspaceResourceId\"", "recalled", "2026-11", ""},
}
