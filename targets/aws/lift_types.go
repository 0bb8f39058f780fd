package aws

import (
	"regexp"

	"github.com/obslink/obslink/compiler/lift"
	"github.com/obslink/obslink/compiler/manifest"
)

// Further types, which lowering does not make yet; a manifest may hold them all the same.
const (
	subnetType             = "aws:ec2/subnet:Subnet"
	cidrType               = "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation"
	tableAssociationType   = "aws:ec2/routeTableAssociation:RouteTableAssociation"
	mainTableType          = "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation"
	aclType                = "aws:ec2/networkAcl:NetworkAcl"
	aclRuleType            = "aws:ec2/networkAclRule:NetworkAclRule"
	aclAssociationType     = "aws:ec2/networkAclAssociation:NetworkAclAssociation"
	internetGatewayType    = "aws:ec2/internetGateway:InternetGateway"
	authorizationType      = "aws:route53/vpcAssociationAuthorization:VpcAssociationAuthorization"
	resolverEndpointType   = "aws:route53/resolverEndpoint:ResolverEndpoint"
	resolverRuleType       = "aws:route53/resolverRule:ResolverRule"
	resolverRuleVPCType    = "aws:route53/resolverRuleAssociation:ResolverRuleAssociation"
	transitType            = "aws:ec2transitgateway/transitGateway:TransitGateway"
	transitTableType       = "aws:ec2transitgateway/routeTable:RouteTable"
	transitVPCType         = "aws:ec2transitgateway/vpcAttachment:VpcAttachment"
	transitVPCAccepterType = "aws:ec2transitgateway/vpcAttachmentAccepter:VpcAttachmentAccepter"
	transitPeerType        = "aws:ec2transitgateway/peeringAttachment:PeeringAttachment"
	transitAccepterType    = "aws:ec2transitgateway/peeringAttachmentAccepter:PeeringAttachmentAccepter"
	transitAssociationType = "aws:ec2transitgateway/routeTableAssociation:RouteTableAssociation"
	transitPropagationType = "aws:ec2transitgateway/routeTablePropagation:RouteTablePropagation"
	transitRouteType       = "aws:ec2transitgateway/route:Route"
	shareType              = "aws:ram/resourceShare:ResourceShare"
	sharedType             = "aws:ram/resourceAssociation:ResourceAssociation"
	sharePrincipalType     = "aws:ram/principalAssociation:PrincipalAssociation"
	shareAccepterType      = "aws:ram/resourceShareAccepter:ResourceShareAccepter"
	customerType           = "aws:ec2/customerGateway:CustomerGateway"
	vpnGatewayType         = "aws:ec2/vpnGateway:VpnGateway"
	vpnType                = "aws:ec2/vpnConnection:VpnConnection"
	vpnRouteType           = "aws:ec2/vpnConnectionRoute:VpnConnectionRoute"
	learningType           = "aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation"
)

// liftTypes are the types that say something about the network, in the order in which they are read:
// what others refer to comes first.
var liftTypes = []lift.Type[*lifting]{
	{Token: vpcType, Reads: "cidrBlock enableDnsHostnames enableDnsSupport", Lift: (*lifting).vpc},
	{Token: cidrType, Reads: "vpcId cidrBlock", Lift: (*lifting).moreCIDRs},
	{Token: subnetType, Reads: "vpcId cidrBlock", Lift: (*lifting).subnet},
	{Token: routeTableType, Reads: "vpcId", Lift: (*lifting).routeTable},
	{Token: mainTableType, Reads: "vpcId routeTableId", Lift: (*lifting).mainTable},
	{Token: tableAssociationType, Reads: "subnetId routeTableId", Lift: (*lifting).tableAssociation},
	{Token: internetGatewayType, Reads: "vpcId"},
	{Token: aclType, Reads: "vpcId subnetIds ingress egress", Lift: (*lifting).acl},
	{Token: aclRuleType, Reads: "networkAclId ruleNumber egress ruleAction cidrBlock ipv6CidrBlock fromPort toPort protocol", Lift: (*lifting).aclRule},
	{Token: aclAssociationType, Reads: "networkAclId subnetId", Lift: (*lifting).aclAssociation},
	{Token: groupType, Reads: "vpcId", Lift: (*lifting).group},
	{Token: ingressType, Reads: "securityGroupId cidrIpv4 cidrIpv6 ipProtocol fromPort toPort", Lift: (*lifting).groupRule},
	{Token: egressType, Reads: "securityGroupId cidrIpv4 cidrIpv6 ipProtocol fromPort toPort", Lift: (*lifting).groupRule},
	{Token: peeringType, Reads: "vpcId peerVpcId peerRegion peerOwnerId autoAccept", Lift: (*lifting).peering},
	{Token: accepterType, Reads: "vpcPeeringConnectionId autoAccept", Lift: (*lifting).accepter},
	{Token: transitType, Reads: "defaultRouteTableAssociation defaultRouteTablePropagation autoAcceptSharedAttachments", Lift: (*lifting).transitGateway},
	{Token: transitTableType, Reads: "transitGatewayId", Lift: (*lifting).transitTable},
	{Token: shareType, Reads: "allowExternalPrincipals"},
	{Token: sharedType, Reads: "resourceShareArn resourceArn", Lift: (*lifting).shared},
	{Token: sharePrincipalType, Reads: "resourceShareArn principal", Lift: (*lifting).sharePrincipal},
	{Token: shareAccepterType, Reads: "shareArn", Lift: (*lifting).shareAccepter},
	{Token: transitVPCType, Reads: "vpcId transitGatewayId subnetIds transitGatewayDefaultRouteTableAssociation transitGatewayDefaultRouteTablePropagation", Lift: (*lifting).transitVPC},
	{Token: transitVPCAccepterType, Reads: "transitGatewayAttachmentId transitGatewayDefaultRouteTableAssociation transitGatewayDefaultRouteTablePropagation", Lift: (*lifting).transitAccepter},
	{Token: transitPeerType, Reads: "transitGatewayId peerTransitGatewayId peerRegion peerAccountId", Lift: (*lifting).transitPeering},
	{Token: transitAccepterType, Reads: "transitGatewayAttachmentId", Lift: (*lifting).transitAccepter},
	{Token: customerType, Reads: "type ipAddress bgpAsn bgpAsnExtended"},
	{Token: vpnGatewayType, Reads: "vpcId", Lift: (*lifting).vpnGateway},
	{Token: vpnType, Reads: "type customerGatewayId vpnGatewayId transitGatewayId staticRoutesOnly", Lift: (*lifting).vpn},
	{Token: vpnRouteType, Reads: "vpnConnectionId destinationCidrBlock", Lift: (*lifting).vpnRoute},
	{Token: transitAssociationType, Reads: "transitGatewayAttachmentId transitGatewayRouteTableId", Lift: (*lifting).transitAssociation},
	{Token: transitRouteType, Reads: "destinationCidrBlock transitGatewayRouteTableId transitGatewayAttachmentId blackhole", Lift: (*lifting).transitRoute},
	{Token: transitPropagationType, Reads: "transitGatewayAttachmentId transitGatewayRouteTableId", Lift: (*lifting).transitPropagation},
	{Token: routeType, Reads: "routeTableId destinationCidrBlock vpcPeeringConnectionId transitGatewayId networkInterfaceId gatewayId", Lift: (*lifting).route},
	{Token: learningType, Reads: "vpnGatewayId routeTableId", Lift: (*lifting).learns},
	{Token: endpointType, Reads: "vpcId serviceName serviceRegion vpcEndpointType ipAddressType privateDnsEnabled subnetIds subnetConfigurations securityGroupIds", Lift: (*lifting).endpoint},
	{Token: resolverEndpointType, Reads: "direction ipAddresses securityGroupIds resolverEndpointType", Lift: (*lifting).resolverEndpoint},
	{Token: resolverRuleType, Reads: "domainName ruleType targetIps resolverEndpointId", Lift: (*lifting).resolverRule},
	{Token: resolverRuleVPCType, Reads: "resolverRuleId vpcId", Lift: (*lifting).resolverRuleVPC},
	{Token: zoneType, Reads: "name vpcs", Lift: (*lifting).zone},
	{Token: authorizationType, Reads: "zoneId vpcId vpcRegion", Lift: (*lifting).authorization},
	{Token: associationType, Reads: "zoneId vpcId vpcRegion", Lift: (*lifting).association},
	{Token: recordType, Reads: "zoneId name type aliases records", Lift: (*lifting).record},
}

// silentTypes say nothing that a packet or a question depends on.
var silentTypes = map[string]string{
	"aws:ec2/peeringConnectionOptions:PeeringConnectionOptions": "public host names of instances over a peering, not private zones (VPC Peering Guide, 2023)",
	"aws:ec2/flowLog:FlowLog":                                   "looks on",
	"aws:ec2/tag:Tag":                                           "labels",
	"aws:cloudwatch/logGroup:LogGroup":                          "holds logs",
	"aws:iam/role:Role":                                         "permissions",
	"aws:iam/rolePolicy:RolePolicy":                             "permissions",
}

// silentInputs say nothing that a packet or a question depends on, in any type that has them.
var silentInputs = map[string]string{
	"tags":                       "labels",
	"description":                "labels",
	"comment":                    "labels",
	"name":                       "labels, where a type does not read it",
	"availabilityZone":           "a route does not ask for the zone",
	"availabilityZoneId":         "a route does not ask for the zone",
	"mapPublicIpOnLaunch":        "public addresses",
	"instanceTenancy":            "hardware",
	"forceDestroy":               "how to delete",
	"revokeRulesOnDelete":        "how to delete",
	"autoAccept":                 "who accepts a request for a service, where a type does not read it",
	"policy":                     "what the service lets callers do once a packet has arrived",
	"ttl":                        "how long an answer is kept",
	"allowOverwrite":             "how to create",
	"amazonSideAsn":              "BGP",
	"tunnel1PresharedKey":        "who may come in, not where packets go",
	"tunnel2PresharedKey":        "who may come in, not where packets go",
	"vpnEcmpSupport":             "which of several tunnels, not whether",
	"dnsSupport":                 "public host names of instances over a transit gateway",
	"protocols":                  "what the resolver speaks beside DNS on port 53",
	"replaceExistingAssociation": "how to create; the association is the same",
}

var (
	oneAccount = regexp.MustCompile(`^\d{12}$`)
	oneRegion  = regexp.MustCompile(`^[a-z]{2,}(-[a-z]+)+-\d$`)
)

// language is what Lift understands of a manifest.
var language = lift.Language[*lifting]{
	Package: Name, Types: liftTypes, SilentTypes: silentTypes, SilentInputs: silentInputs, Provider: (*lifting).provider,
}

// provider reports one that works nowhere.
func (l *lifting) provider(r *manifest.Resource) {
	if p := placeOf(l.View, &manifest.Resource{Provider: r.Name}); len(r.List("allowedAccountIds")) != 1 || !oneAccount.MatchString(p.account) || !oneRegion.MatchString(p.region) {
		l.Problem(r, "", "works in %s: it must be one account and a region", p)
	}
}
