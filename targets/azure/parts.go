// Package azure is the Azure target: it lowers a topology to VNets, Azure Monitor Private Link
// Scopes with their scoped resources, private endpoints and private DNS zones (parts, plain data),
// checks what only Azure forbids, and reads a manifest back. It is pure: no cloud calls and no
// Pulumi. The program that registers the parts is targets/azure/program.
package azure

import (
	"net/netip"

	"github.com/obslink/obslink/compiler/plan"
)

// Name is the target's key in plans and tables.
const Name = "azure"

// Package is the Pulumi package of the target's resources.
const Package = "azure-native"

// Parts are the Azure objects of a plan, each slice in the order of names.
type Parts struct {
	Providers               []Provider               `json:"providers,omitempty"`
	ExistingVNets           []ExistingVNet           `json:"existingVnets,omitempty"`
	ExistingSubnets         []ExistingSubnet         `json:"existingSubnets,omitempty"`
	ResourceGroups          []ResourceGroup          `json:"resourceGroups,omitempty"`
	VNets                   []VNet                   `json:"vnets,omitempty"`
	RouteTables             []RouteTable             `json:"routeTables,omitempty"`
	Subnets                 []Subnet                 `json:"subnets,omitempty"`
	PublicIPs               []PublicIP               `json:"publicIps,omitempty"`
	ExistingGateways        []ExistingGateway        `json:"existingGateways,omitempty"`
	VPNGateways             []VPNGateway             `json:"vpnGateways,omitempty"`
	LocalGateways           []LocalGateway           `json:"localGateways,omitempty"`
	VPNConnections          []VPNConnection          `json:"vpnConnections,omitempty"`
	ExistingTunnelHosts     []ExistingTunnelHost     `json:"existingTunnelHosts,omitempty"`
	ExistingGroups          []ExistingGroup          `json:"existingGroups,omitempty"`
	TunnelRules             []TunnelRule             `json:"tunnelRules,omitempty"`
	Peerings                []Peering                `json:"peerings,omitempty"`
	Workspaces              []Workspace              `json:"workspaces,omitempty"`
	Components              []Component              `json:"components,omitempty"`
	DataCollectionEndpoints []DataCollectionEndpoint `json:"dataCollectionEndpoints,omitempty"`
	ExistingMonitored       []ExistingMonitored      `json:"existingMonitored,omitempty"`
	PrometheusWorkspaces    []PrometheusWorkspace    `json:"prometheusWorkspaces,omitempty"`
	ExistingScopes          []ExistingScope          `json:"existingScopes,omitempty"`
	Scopes                  []Scope                  `json:"scopes,omitempty"`
	ScopedResources         []ScopedResource         `json:"scopedResources,omitempty"`
	ExistingArc             []ExistingArc            `json:"existingArc,omitempty"`
	ArcScopes               []ArcScope               `json:"arcScopes,omitempty"`
	ExistingMachines        []ExistingMachine        `json:"existingMachines,omitempty"`
	ArcMembers              []ArcMember              `json:"arcMembers,omitempty"`
	Agents                  []Agent                  `json:"agents,omitempty"`
	ExistingTables          []ExistingTable          `json:"existingTables,omitempty"`
	Tables                  []Table                  `json:"tables,omitempty"`
	DataCollectionRules     []DataCollectionRule     `json:"dataCollectionRules,omitempty"`
	RuleAssociations        []RuleAssociation        `json:"ruleAssociations,omitempty"`
	PrivateEndpoints        []PrivateEndpoint        `json:"privateEndpoints,omitempty"`
	ExistingZones           []ExistingZone           `json:"existingZones,omitempty"`
	Zones                   []Zone                   `json:"zones,omitempty"`
	ZoneLinks               []ZoneLink               `json:"zoneLinks,omitempty"`
	ZoneGroups              []ZoneGroup              `json:"zoneGroups,omitempty"`
	Records                 []Record                 `json:"records,omitempty"`
	DNSResolvers            []DNSResolver            `json:"dnsResolvers,omitempty"`
	InboundEndpoints        []InboundEndpoint        `json:"inboundEndpoints,omitempty"`
}

// Provider is one explicit provider: a subscription.
type Provider struct {
	plan.Part
	Subscription string `json:"subscription"`
	// Cloud is the subscription's where that is not the public one.
	Cloud string `json:"cloud,omitempty"`
}

// ExistingVNet is looked up before anything is registered: its prefixes and location must be the
// declared ones.
type ExistingVNet struct {
	Provider      string         `json:"provider"`
	ResourceGroup string         `json:"resourceGroup"`
	Name          string         `json:"name"`
	Location      string         `json:"location"`
	CIDRs         []netip.Prefix `json:"cidrs"`
	// Halves are those of peerings with VNets that are there too: existing ones, which must carry what the
	// links need, and those that the plan makes, beside which there is room for no other.
	Halves []ExistingHalf `json:"halves,omitempty"`
	Origin plan.Origin    `json:"origin"`
}

// ExistingHalf is the half of a peering in an existing VNet. Name is the half's where it is known; Made
// says that the plan makes it. Remote is the ARM id of the other VNet.
type ExistingHalf struct {
	Name   string         `json:"name,omitempty"`
	Made   bool           `json:"made,omitempty"`
	Remote string         `json:"remote"`
	CIDRs  []netip.Prefix `json:"cidrs"`
	// Offers and Uses are those of Peering.
	Offers bool        `json:"offers,omitempty"`
	Uses   bool        `json:"uses,omitempty"`
	Origin plan.Origin `json:"origin"`
}

// ExistingSubnet is looked up: its prefix must be the declared one, and it must be delegated to the
// service that is to stand in it.
type ExistingSubnet struct {
	Provider      string       `json:"provider"`
	ResourceGroup string       `json:"resourceGroup"`
	VNet          string       `json:"vnet"`
	Name          string       `json:"name"`
	CIDR          netip.Prefix `json:"cidr"`
	Delegation    string       `json:"delegation,omitempty"`
	Origin        plan.Origin  `json:"origin"`
}

// In says where an ARM resource stands and what it is called there. ResourceGroup.Existing holds a
// group's name.
type In struct {
	ResourceGroup plan.Ref `json:"resourceGroup"`
	ResourceName  string   `json:"resourceName"`
}

// ResourceGroup is created.
type ResourceGroup struct {
	plan.Part
	ResourceName string `json:"resourceName"`
	Location     string `json:"location"`
}

// VNet is created; its subnets are resources of their own.
type VNet struct {
	plan.Part
	In
	Location string         `json:"location"`
	CIDRs    []netip.Prefix `json:"cidrs"`
}

// Subnet is created in a created or existing VNet. The VNet's reference holds its name where it is
// existing.
type Subnet struct {
	plan.Part
	In
	VNet plan.Ref     `json:"vnet"`
	CIDR netip.Prefix `json:"cidr"`
	// Delegation is the service that has the subnet to itself; empty where none has.
	Delegation string `json:"delegation,omitempty"`
	// RouteTable is the table of this plan that the subnet uses, its private endpoints too; "" for none.
	RouteTable string `json:"routeTable,omitempty"`
}

// Scope is an Azure Monitor Private Link Scope; its location is always global.
type Scope struct {
	plan.Part
	In
	Ingestion string `json:"ingestion"`
	Query     string `json:"query"`
	// Exclusions are in the order of endpoints.
	Exclusions []Exclusion `json:"exclusions,omitempty"`
}

// Exclusion gives one endpoint of a scope access modes of its own. Azure wants the name of the endpoint's
// connection, which it makes up: it is in no plan but in the stack's outputs (Connections).
type Exclusion struct {
	Endpoint  string `json:"endpoint"`
	Ingestion string `json:"ingestion"`
	Query     string `json:"query"`
}

// ScopedResource puts a resource into a scope. Target.Existing holds an ARM id. After names the scoped resource before it: Azure
// refuses two at a time (409).
type ScopedResource struct {
	plan.Part
	In
	Scope  plan.Ref `json:"scope"`
	Target plan.Ref `json:"target"`
	After  string   `json:"after,omitempty"`
}

// MostWaitedFor is how many scoped resources one waits for, the nearest former ones: a scope takes
// thousands, and each with all others would be millions of dependencies in the state.
const MostWaitedFor = 300

// PrivateEndpoint is a scope's endpoint (groupId azuremonitor or hybridcompute), that of an Azure Monitor workspace
// (prometheusMetrics), or one of a service of others. The
// ScopedResources must all be there before it, else its members are wrong.
type PrivateEndpoint struct {
	plan.Part
	In
	Location        string   `json:"location"`
	Subnet          plan.Ref `json:"subnet"`
	Scope           plan.Ref `json:"scope,omitzero"`
	GroupID         string   `json:"groupId,omitempty"`
	NIC             string   `json:"nic"`
	ScopedResources []string `json:"scopedResources,omitempty"`
	// Alias is that of a private link service of others, whose owner approves by hand; RequestMessage is
	// what it is told, and Address where the endpoint answers.
	Alias          string     `json:"alias,omitempty"`
	RequestMessage string     `json:"requestMessage,omitempty"`
	Address        netip.Addr `json:"address,omitzero"`
	// Pinned are all members of the endpoint with their addresses, in the order of their names; none where Azure
	// chooses them.
	Pinned []Member `json:"pinned,omitempty"`
}

// Member is a member of an endpoint, by Azure's name.
type Member struct {
	Name    string     `json:"name"`
	Address netip.Addr `json:"address"`
}

// Zone is a private DNS zone; its location is always global.
type Zone struct {
	plan.Part
	In
	Domain string `json:"domain"`
}

// ExistingZone is looked up: it must be there and have at least the links that are declared; those
// whose names are declared must lead to their VNets and do what is declared of them.
type ExistingZone struct {
	Provider      string         `json:"provider"`
	ResourceGroup string         `json:"resourceGroup"`
	Domain        string         `json:"domain"`
	MinLinks      int            `json:"minLinks,omitempty"`
	Links         []ExistingLink `json:"links,omitempty"`
	Origin        plan.Origin    `json:"origin"`
}

// ExistingLink is a VNet link of an existing zone. VNet is the ARM id of a VNet that is there already.
type ExistingLink struct {
	Name     string      `json:"name"`
	VNet     string      `json:"vnet"`
	Redirect bool        `json:"redirect,omitempty"`
	Origin   plan.Origin `json:"origin"`
}

// ZoneLink links a zone to a VNet. Redirect is NxDomainRedirect, which only zones of private link know:
// names that the zone does not hold fall through to public DNS. Zone.Existing holds the zone's ARM id, VNet.Existing the VNet's.
type ZoneLink struct {
	plan.Part
	In
	Zone     plan.Ref `json:"zone"`
	VNet     plan.Ref `json:"vnet"`
	Redirect bool     `json:"redirect"`
}

// Record is an A record of a zone; its ResourceName is relative to the zone. Endpoint must be there first.
type Record struct {
	plan.Part
	In
	Zone     plan.Ref   `json:"zone"`
	Address  netip.Addr `json:"address"`
	Endpoint string     `json:"endpoint"`
}

// ZoneGroup writes the endpoint's records into the zones. Links must be there first.
type ZoneGroup struct {
	plan.Part
	In
	Endpoint string            `json:"endpoint"`
	Zones    []ZoneGroupMember `json:"zones"`
	Links    []string          `json:"links"`
}

// ZoneGroupMember is one zone of a group; its config name may hold no dot. Zone.Existing holds an ARM id.
type ZoneGroupMember struct {
	ConfigName string   `json:"configName"`
	Zone       plan.Ref `json:"zone"`
}

// DNSResolver is the DNS Private Resolver of a VNet, which has one at most. VNet.Existing holds the ARM
// id.
type DNSResolver struct {
	plan.Part
	In
	Location string   `json:"location"`
	VNet     plan.Ref `json:"vnet"`
}

// InboundEndpoint is an address at which a VNet's resolver answers sites, in a subnet of its own.
type InboundEndpoint struct {
	plan.Part
	In
	Location string     `json:"location"`
	Resolver string     `json:"resolver"`
	Subnet   plan.Ref   `json:"subnet"`
	Address  netip.Addr `json:"address"`
}
