package azure

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
	resourceGroupType = "azure-native:resources:ResourceGroup"
	workspaceType     = "azure-native:operationalinsights:Workspace"
	securityGroupType = "azure-native:network:NetworkSecurityGroup"
	securityRuleType  = "azure-native:network:SecurityRule"
	routeTableType    = "azure-native:network:RouteTable"
	routeType         = "azure-native:network:Route"
	peeringType       = "azure-native:network:VirtualNetworkPeering"
	recordType        = "azure-native:network:PrivateRecordSet"
	resolverType      = "azure-native:network:DnsResolver"
	inboundType       = "azure-native:network:InboundEndpoint"
)

// ruleInputs are those of a security rule, by itself or inside its group.
const ruleInputs = "priority direction access protocol sourceAddressPrefix sourceAddressPrefixes sourcePortRange sourcePortRanges " +
	"destinationAddressPrefix destinationAddressPrefixes destinationPortRange destinationPortRanges"

// liftTypes are the types that say something about the network, in the order in which they are read:
// what others refer to comes first.
var liftTypes = []liftType{
	{resourceGroupType, "", nil},
	{vnetType, "virtualNetworkName addressSpace", (*lifting).vnet},
	{securityGroupType, "networkSecurityGroupName securityRules", (*lifting).securityGroup},
	{securityRuleType, "networkSecurityGroupName " + ruleInputs, (*lifting).securityRule},
	{routeTableType, "routeTableName routes disableBgpRoutePropagation", (*lifting).routeTable},
	{routeType, "routeTableName addressPrefix nextHopType nextHopIpAddress", (*lifting).route},
	{subnetType, "virtualNetworkName addressPrefix networkSecurityGroup routeTable privateEndpointNetworkPolicies", (*lifting).subnet},
	{peeringType, "virtualNetworkName remoteVirtualNetwork allowVirtualNetworkAccess useRemoteGateways", (*lifting).peering},
	{scopeType, "", (*lifting).scope},
	{workspaceType, "", nil},
	{scopedResourceType, "scopeName linkedResourceId", (*lifting).scopedResource},
	{endpointType, "privateEndpointName subnet ipConfigurations privateLinkServiceConnections", (*lifting).endpoint},
	{zoneType, "privateZoneName", (*lifting).zone},
	{linkType, "privateZoneName virtualNetwork registrationEnabled resolutionPolicy", (*lifting).link},
	{oldLinkType, "privateZoneName virtualNetwork registrationEnabled", (*lifting).link},
	{recordType, "privateZoneName relativeRecordSetName recordType aRecords", (*lifting).record},
	{zoneGroupType, "privateEndpointName privateDnsZoneConfigs", (*lifting).zoneGroup},
	{resolverType, "dnsResolverName virtualNetwork", (*lifting).resolver},
	{inboundType, "dnsResolverName ipConfigurations", (*lifting).inbound},
}

// silentTypes say nothing that a packet or a question depends on.
var silentTypes = map[string]string{
	"azure-native:automation:AutomationAccount": "a backend, which endpoints lead to",
	"azure-native:storage:StorageAccount":       "a backend, which endpoints lead to",
	"azure-native:insights:Component":           "a backend, which endpoints lead to once it is in a scope",
}

// silentInputs say nothing that a packet or a question depends on, in any type that has them.
var silentInputs = map[string]string{
	"tags":                              "labels",
	"description":                       "labels",
	"name":                              "labels",
	"scopeName":                         "labels, where a type does not read it",
	"workspaceName":                     "labels",
	"subnetName":                        "labels",
	"securityRuleName":                  "labels",
	"routeName":                         "labels",
	"virtualNetworkLinkName":            "labels",
	"virtualNetworkPeeringName":         "labels",
	"privateDnsZoneGroupName":           "labels",
	"inboundEndpointName":               "labels",
	"customNetworkInterfaceName":        "labels, by which outputs are read",
	"resourceGroupName":                 "where a thing is kept; read of children and parents alike",
	"location":                          "read where a type must be beside another, else where a thing is kept",
	"accessModeSettings":                "what Azure Monitor says to a packet that has arrived",
	"publicNetworkAccessForIngestion":   "what Azure Monitor says to packets from elsewhere",
	"publicNetworkAccessForQuery":       "what Azure Monitor says to packets from elsewhere",
	"retentionInDays":                   "how long logs are kept",
	"sku":                               "what logs cost",
	"enableDdosProtection":              "public addresses",
	"enableVmProtection":                "public addresses",
	"privateLinkServiceNetworkPolicies": "services that the network offers, not those it uses",
	"defaultOutboundAccess":             "public addresses",
	"delegations":                       "what may be put into a subnet",
	"ttl":                               "how long an answer is kept",
	"allowForwardedTraffic":             "packets from beyond a peered network, which the graph lets none of come back",
	"allowGatewayTransit":               "an offer; useRemoteGateways takes it",
	"syncRemoteAddressSpace":            "how to create",
}

var subscriptionID = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// known reports types and inputs whose meaning Lift does not know: what it does not know it must not
// pass over, since the graph would then say less than what is deployed.
func (l *lifting) known(r *manifest.Resource) {
	const ours = "azure-native"
	if r.Package() != ours || silentTypes[r.Type] != "" {
		return
	}
	if r.IsProvider() {
		if cloud := r.Text("environment"); cloud != "" && cloud != "public" {
			l.problem(r, "environment", "%q is another cloud than the catalogue's", cloud)
		}
		if !subscriptionID.MatchString(r.Text("subscriptionId")) {
			l.problem(r, "subscriptionId", "%q is no subscription", r.Text("subscriptionId"))
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
	if r.Type != resourceGroupType {
		l.home(r)
	}
}
