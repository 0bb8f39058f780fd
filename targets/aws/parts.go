// Package aws is the AWS target: it lowers a topology to VPCs, peerings, interface endpoints and
// private hosted zones (parts, plain data), checks what only AWS forbids, and reads a manifest back.
// It is pure: no cloud calls and no Pulumi. The program that registers the parts is targets/aws/program.
package aws

import (
	"net/netip"

	"github.com/obslink/obslink/compiler/plan"
)

// Name is the target's key in plans and tables, and the Pulumi package's name.
const Name = "aws"

// Parts are the AWS objects of a plan, each slice in the order of names.
type Parts struct {
	Providers              []Provider              `json:"providers,omitempty"`
	ExistingVPCs           []ExistingVPC           `json:"existingVpcs,omitempty"`
	ExistingSubnets        []ExistingSubnet        `json:"existingSubnets,omitempty"`
	ExistingRouteTables    []ExistingRouteTable    `json:"existingRouteTables,omitempty"`
	ExistingServices       []ExistingService       `json:"existingServices,omitempty"`
	ExistingPeerings       []ExistingPeering       `json:"existingPeerings,omitempty"`
	ExistingZones          []ExistingZone          `json:"existingZones,omitempty"`
	FreeNames              []FreeName              `json:"freeNames,omitempty"`
	ExistingGroups         []ExistingGroup         `json:"existingGroups,omitempty"`
	ExistingEndpoints      []ExistingEndpoint      `json:"existingEndpoints,omitempty"`
	VPCs                   []VPC                   `json:"vpcs,omitempty"`
	Subnets                []Subnet                `json:"subnets,omitempty"`
	RouteTables            []RouteTable            `json:"routeTables,omitempty"`
	RouteTableAssociations []RouteTableAssociation `json:"routeTableAssociations,omitempty"`
	Peerings               []Peering               `json:"peerings,omitempty"`
	PeeringAccepters       []PeeringAccepter       `json:"peeringAccepters,omitempty"`

	ExistingTransitGateways    []ExistingTransitGateway `json:"existingTransitGateways,omitempty"`
	TransitGateways            []TransitGateway         `json:"transitGateways,omitempty"`
	TransitRouteTables         []TransitRouteTable      `json:"transitRouteTables,omitempty"`
	TransitAttachments         []TransitAttachment      `json:"transitAttachments,omitempty"`
	TransitPeerings            []TransitPeering         `json:"transitPeerings,omitempty"`
	TransitPeeringAccepters    []TransitPeeringAccepter `json:"transitPeeringAccepters,omitempty"`
	TransitAssociations        []TransitAssociation     `json:"transitAssociations,omitempty"`
	TransitPeeringAssociations []TransitAssociation     `json:"transitPeeringAssociations,omitempty"`
	TransitPropagations        []TransitPropagation     `json:"transitPropagations,omitempty"`

	TransitShares              []TransitShare              `json:"transitShares,omitempty"`
	TransitShared              []TransitShared             `json:"transitShared,omitempty"`
	TransitSharePrincipals     []TransitSharePrincipal     `json:"transitSharePrincipals,omitempty"`
	TransitShareAccepters      []TransitShareAccepter      `json:"transitShareAccepters,omitempty"`
	TransitAttachmentAccepters []TransitAttachmentAccepter `json:"transitAttachmentAccepters,omitempty"`

	TransitRoutes []TransitRoute `json:"transitRoutes,omitempty"`

	ExistingVPNGateways []ExistingVPNGateway `json:"existingVpnGateways,omitempty"`
	ExistingTunnelHosts []ExistingTunnelHost `json:"existingTunnelHosts,omitempty"`
	CustomerGateways    []CustomerGateway    `json:"customerGateways,omitempty"`
	VPNGateways         []VPNGateway         `json:"vpnGateways,omitempty"`
	VPNConnections      []VPNConnection      `json:"vpnConnections,omitempty"`
	VPNRoutes           []VPNRoute           `json:"vpnRoutes,omitempty"`
	VPNPropagations     []VPNPropagation     `json:"vpnPropagations,omitempty"`
	TunnelRules         []TunnelRule         `json:"tunnelRules,omitempty"`

	Routes             []Route             `json:"routes,omitempty"`
	SecurityGroups     []SecurityGroup     `json:"securityGroups,omitempty"`
	IngressRules       []IngressRule       `json:"ingressRules,omitempty"`
	EgressRules        []EgressRule        `json:"egressRules,omitempty"`
	Endpoints          []Endpoint          `json:"endpoints,omitempty"`
	InboundEndpoints   []InboundEndpoint   `json:"inboundEndpoints,omitempty"`
	Zones              []Zone              `json:"zones,omitempty"`
	ZoneAuthorizations []ZoneAuthorization `json:"zoneAuthorizations,omitempty"`
	ZoneAssociations   []ZoneAssociation   `json:"zoneAssociations,omitempty"`
	Records            []Record            `json:"records,omitempty"`
}

// Provider is one explicit provider: an account in a region.
type Provider struct {
	plan.Part
	// AccountID is the 12-digit id; the provider may act in no other account.
	AccountID  string `json:"accountId"`
	Region     string `json:"region"`
	AssumeRole string `json:"assumeRole,omitempty"`
	Profile    string `json:"profile,omitempty"`
}

// ExistingVPC is looked up before anything is registered: its CIDRs must be the declared ones and
// both DNS attributes must be on.
type ExistingVPC struct {
	Provider string         `json:"provider"`
	ID       string         `json:"id"`
	CIDRs    []netip.Prefix `json:"cidrs"`
	Origin   plan.Origin    `json:"origin"`
}

// ExistingSubnet is looked up: it must lie in the VPC with the declared CIDR and zone.
type ExistingSubnet struct {
	Provider string       `json:"provider"`
	ID       string       `json:"id"`
	VPC      string       `json:"vpc"`
	CIDR     netip.Prefix `json:"cidr"`
	// ZoneID is empty where the topology does not say.
	ZoneID string `json:"zoneId,omitempty"`
	// CrossRegion says that endpoints for another region's services are to stand in it, which not every
	// zone takes.
	CrossRegion bool        `json:"crossRegion,omitempty"`
	Origin      plan.Origin `json:"origin"`
}

// ExistingRouteTable is looked up: it must belong to the VPC, and none of its routes may already
// claim one of the prefixes that the plan adds.
type ExistingRouteTable struct {
	Provider string         `json:"provider"`
	ID       string         `json:"id"`
	VPC      string         `json:"vpc"`
	Adds     []netip.Prefix `json:"adds,omitempty"`
	// Interfaces are where the plan's own routes of the table may lead: such a route is no conflict.
	Interfaces []string `json:"interfaces,omitempty"`
	// Gateways are transit gateways and Peerings existing peerings of which the same is true.
	Gateways []string `json:"gateways,omitempty"`
	Peerings []string `json:"peerings,omitempty"`
	// VPNGateways are those whose routes the table learns.
	VPNGateways []string `json:"vpnGateways,omitempty"`
	// Holds are routes that must be there.
	Holds  []HeldRoute `json:"holds,omitempty"`
	Origin plan.Origin `json:"origin"`
}

// ExistingService is an endpoint service that the topology knows better than the catalogue. It is
// looked up: it must exist and answer that name.
type ExistingService struct {
	Provider       string `json:"provider"`
	ServiceName    string `json:"serviceName"`
	PrivateDNSName string `json:"privateDnsName"`
	// Region is the service's, where it is another than the provider's.
	Region string      `json:"region,omitempty"`
	Origin plan.Origin `json:"origin"`
}

// VPC is created with both DNS attributes on.
type VPC struct {
	plan.Part
	CIDR netip.Prefix `json:"cidr"`
}

// Subnet is created in one availability zone, named by its id (use1-az6), which means the same zone
// in every account.
type Subnet struct {
	plan.Part
	VPC    plan.Ref     `json:"vpc"`
	CIDR   netip.Prefix `json:"cidr"`
	ZoneID string       `json:"zoneId,omitempty"`
}

// RouteTable is created empty; its routes are resources of their own.
type RouteTable struct {
	plan.Part
	VPC plan.Ref `json:"vpc"`
}

// RouteTableAssociation binds a created subnet to a created table.
type RouteTableAssociation struct {
	plan.Part
	Subnet     plan.Ref `json:"subnet"`
	RouteTable plan.Ref `json:"routeTable"`
}

// Peering is requested from the network that holds the endpoints.
type Peering struct {
	plan.Part
	Requester       plan.Ref `json:"requester"`
	Accepter        plan.Ref `json:"accepter"`
	AccepterRegion  string   `json:"accepterRegion"`
	AccepterAccount string   `json:"accepterAccount"`
}

// PeeringAccepter accepts a peering with the accepter's own provider.
type PeeringAccepter struct {
	plan.Part
	Peering string `json:"peering"`
}

// Route sends a prefix to a peering (with its accepter, which must be done first), to a transit gateway
// (with the VPC's attachment, which must be there first) or to a network interface.
type Route struct {
	plan.Part
	RouteTable  plan.Ref     `json:"routeTable"`
	Destination netip.Prefix `json:"destination"`
	Peering     string       `json:"peering,omitempty"`
	Accepter    string       `json:"accepter,omitempty"`
	// ExistingPeering is the id of a peering that is there already.
	ExistingPeering string `json:"existingPeering,omitempty"`
	Interface       string `json:"interface,omitempty"`

	TransitGateway plan.Ref `json:"transitGateway,omitzero"`
	Attachment     string   `json:"attachment,omitempty"`
}

// SecurityGroup stands in front of the endpoints of one backend in one network, or of the network's DNS
// inbound endpoint. It has no rules of
// its own and, since the provider removes AWS's default, no egress.
type SecurityGroup struct {
	plan.Part
	VPC         plan.Ref `json:"vpc"`
	Description string   `json:"description"`
}

// IngressRule admits one declared CIDR: to TCP 443, or to port 53 of TCP or UDP.
type IngressRule struct {
	plan.Part
	// SecurityGroup is a part; ExistingGroup is the id of one that is there already.
	SecurityGroup string       `json:"securityGroup,omitempty"`
	ExistingGroup string       `json:"existingGroup,omitempty"`
	From          netip.Prefix `json:"from"`
	Port          int          `json:"port"`
	// Protocol is "udp", or empty for TCP.
	Protocol    string `json:"protocol,omitempty"`
	Description string `json:"description"`
}

// EgressRule lets servers out to one address, to TCP 443; their security group is there already.
type EgressRule struct {
	plan.Part
	ExistingGroup string       `json:"existingGroup"`
	To            netip.Prefix `json:"to"`
	Port          int          `json:"port"`
	Description   string       `json:"description"`
}

// Endpoint is an interface endpoint with pinned addresses.
type Endpoint struct {
	plan.Part
	VPC         plan.Ref `json:"vpc"`
	ServiceName string   `json:"serviceName"`
	// ServiceRegion is the service's region where that is not the VPC's own.
	ServiceRegion string           `json:"serviceRegion,omitempty"`
	Subnets       []EndpointSubnet `json:"subnets"`
	SecurityGroup string           `json:"securityGroup,omitempty"`
	ExistingGroup string           `json:"existingGroup,omitempty"`
	PrivateDNS    bool             `json:"privateDns"`
	// Overridden says that the topology's own row of the catalogue gave the service's name.
	Overridden bool `json:"overridden,omitempty"`
	// Policy is the endpoint's policy as JSON; empty where everything passes.
	Policy string `json:"policy,omitempty"`
}

// InboundEndpoint is a Route 53 Resolver endpoint with pinned addresses: the VPC's resolver answers
// there for sites.
type InboundEndpoint struct {
	plan.Part
	Subnets       []EndpointSubnet `json:"subnets"`
	SecurityGroup string           `json:"securityGroup"`
}

// EndpointSubnet is one subnet of an endpoint and the address it takes there.
type EndpointSubnet struct {
	Subnet  plan.Ref   `json:"subnet"`
	Address netip.Addr `json:"address"`
	// Origin is where the topology fixes the address, if it does.
	Origin plan.Origin `json:"origin,omitzero"`
}

// Zone is a private hosted zone for one name. VPCs are those of the zone's own account; the first
// is the one the zone is created with.
type Zone struct {
	plan.Part
	Domain string    `json:"domain"`
	VPCs   []ZoneVPC `json:"vpcs"`
	// Shared says that VPCs of other accounts are associated too: Route 53 then reports them in the
	// zone's own list, which must be ignored.
	Shared bool `json:"shared,omitempty"`
}

// ZoneVPC is a VPC that sees a zone.
type ZoneVPC struct {
	VPC    plan.Ref `json:"vpc"`
	Region string   `json:"region"`
}

// ZoneAuthorization lets another account's VPC be associated; it uses the zone owner's provider.
type ZoneAuthorization struct {
	plan.Part
	Zone string  `json:"zone"`
	VPC  ZoneVPC `json:"vpc"`
	// Removed says that it goes again once the VPC is associated.
	Removed bool `json:"removed,omitempty"`
}

// ZoneAssociation associates another account's VPC; it uses the VPC owner's provider.
type ZoneAssociation struct {
	plan.Part
	Zone          string  `json:"zone"`
	VPC           ZoneVPC `json:"vpc"`
	Authorization string  `json:"authorization"`
}

// Record is an alias A record to an endpoint's regional name. An endpoint that is there already answers
// with its addresses, which AWS keeps for its life: its name is known to look-ups only.
type Record struct {
	plan.Part
	Zone      plan.Ref     `json:"zone"`
	Domain    string       `json:"domain"`
	Endpoint  string       `json:"endpoint,omitempty"`
	Addresses []netip.Addr `json:"addresses,omitempty"`
}
