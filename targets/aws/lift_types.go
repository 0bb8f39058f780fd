package aws

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/manifest"
)

// liftType says which inputs of a type are read, and by what. A type without function is read by
// another, which refers to it or is referred to.
type liftType struct {
	token string
	reads string
	lift  func(*lifting, *manifest.Resource)
}

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
)

// liftTypes are the types that say something about the network, in the order in which they are read:
// what others refer to comes first.
var liftTypes = []liftType{
	{vpcType, "cidrBlock enableDnsHostnames enableDnsSupport", (*lifting).vpc},
	{cidrType, "vpcId cidrBlock", (*lifting).moreCIDRs},
	{subnetType, "vpcId cidrBlock", (*lifting).subnet},
	{routeTableType, "vpcId", (*lifting).routeTable},
	{mainTableType, "vpcId routeTableId", (*lifting).mainTable},
	{tableAssociationType, "subnetId routeTableId", (*lifting).tableAssociation},
	{internetGatewayType, "vpcId", nil},
	{aclType, "vpcId subnetIds ingress egress", (*lifting).acl},
	{aclRuleType, "networkAclId ruleNumber egress ruleAction cidrBlock ipv6CidrBlock fromPort toPort protocol", (*lifting).aclRule},
	{aclAssociationType, "networkAclId subnetId", (*lifting).aclAssociation},
	{groupType, "vpcId", (*lifting).group},
	{ingressType, "securityGroupId cidrIpv4 cidrIpv6 ipProtocol fromPort toPort", (*lifting).groupRule},
	{egressType, "securityGroupId cidrIpv4 cidrIpv6 ipProtocol fromPort toPort", (*lifting).groupRule},
	{peeringType, "vpcId peerVpcId peerRegion peerOwnerId autoAccept", (*lifting).peering},
	{accepterType, "vpcPeeringConnectionId autoAccept", (*lifting).accepter},
	{transitType, "defaultRouteTableAssociation defaultRouteTablePropagation autoAcceptSharedAttachments", (*lifting).transitGateway},
	{transitTableType, "transitGatewayId", (*lifting).transitTable},
	{transitVPCType, "vpcId transitGatewayId subnetIds transitGatewayDefaultRouteTableAssociation transitGatewayDefaultRouteTablePropagation", (*lifting).transitVPC},
	{transitVPCAccepterType, "transitGatewayAttachmentId transitGatewayDefaultRouteTableAssociation transitGatewayDefaultRouteTablePropagation", (*lifting).transitAccepter},
	{transitPeerType, "transitGatewayId peerTransitGatewayId peerRegion peerAccountId", (*lifting).transitPeering},
	{transitAccepterType, "transitGatewayAttachmentId", (*lifting).transitAccepter},
	{transitAssociationType, "transitGatewayAttachmentId transitGatewayRouteTableId", (*lifting).transitAssociation},
	{transitRouteType, "destinationCidrBlock transitGatewayRouteTableId transitGatewayAttachmentId blackhole", (*lifting).transitRoute},
	{transitPropagationType, "transitGatewayAttachmentId transitGatewayRouteTableId", (*lifting).transitPropagation},
	{routeType, "routeTableId destinationCidrBlock vpcPeeringConnectionId transitGatewayId networkInterfaceId gatewayId", (*lifting).route},
	{endpointType, "vpcId serviceName serviceRegion vpcEndpointType ipAddressType privateDnsEnabled subnetIds subnetConfigurations securityGroupIds", (*lifting).endpoint},
	{resolverEndpointType, "direction ipAddresses securityGroupIds resolverEndpointType", (*lifting).resolverEndpoint},
	{resolverRuleType, "domainName ruleType targetIps resolverEndpointId", (*lifting).resolverRule},
	{resolverRuleVPCType, "resolverRuleId vpcId", (*lifting).resolverRuleVPC},
	{zoneType, "name vpcs", (*lifting).zone},
	{authorizationType, "zoneId vpcId vpcRegion", (*lifting).authorization},
	{associationType, "zoneId vpcId vpcRegion", (*lifting).association},
	{recordType, "zoneId name type aliases records", (*lifting).record},
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
	"vpnEcmpSupport":             "which of several tunnels, not whether",
	"dnsSupport":                 "public host names of instances over a transit gateway",
	"protocols":                  "what the resolver speaks beside DNS on port 53",
	"replaceExistingAssociation": "how to create; the association is the same",
}

var (
	oneAccount = regexp.MustCompile(`^\d{12}$`)
	oneRegion  = regexp.MustCompile(`^[a-z]{2,}(-[a-z]+)+-\d$`)
)

// known reports types and inputs whose meaning Lift does not know: what it does not know it must not
// pass over, since the graph would then say less than what is deployed.
func (l *lifting) known(r *manifest.Resource) {
	if r.Package() != Name || silentTypes[r.Type] != "" {
		return
	}
	if r.IsProvider() {
		if p := placeOf(l.v, &manifest.Resource{Provider: r.Name}); len(r.List("allowedAccountIds")) != 1 || !oneAccount.MatchString(p.account) || !oneRegion.MatchString(p.region) {
			l.problem(r, "", "works in %s: it must be one account and a region", p)
		}
		return
	}
	t := l.byType[r.Type]
	if t == nil {
		l.problem(r, "", "is of a type that lift does not know")
		return
	}
	reads := strings.Fields(t.reads)
	for _, input := range slices.Sorted(maps.Keys(r.Inputs)) {
		if !slices.Contains(reads, input) && silentInputs[input] == "" {
			l.problem(r, input, "is an input that lift does not know")
		}
	}
}
