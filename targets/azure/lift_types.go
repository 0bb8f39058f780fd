package azure

import (
	"cmp"
	"regexp"

	"github.com/obslink/obslink/compiler/lift"
	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/schema"
)

// Further types, which lowering does not make yet; a manifest may hold them all the same.
const (
	resourceGroupType = "azure-native:resources:ResourceGroup"
	workspaceType     = "azure-native:operationalinsights:Workspace"
	componentType     = "azure-native:insights:Component"
	collectorType     = "azure-native:insights:DataCollectionEndpoint"
	prometheusType    = "azure-native:monitor:AzureMonitorWorkspace"
	ruleType          = "azure-native:insights:DataCollectionRule"
	associationType   = "azure-native:insights:DataCollectionRuleAssociation"
	tableType         = "azure-native:operationalinsights:Table"
	securityGroupType = "azure-native:network:NetworkSecurityGroup"
	securityRuleType  = "azure-native:network:SecurityRule"
	routeTableType    = "azure-native:network:RouteTable"
	routeType         = "azure-native:network:Route"
	peeringType       = "azure-native:network:VirtualNetworkPeering"
	recordType        = "azure-native:network:PrivateRecordSet"
	resolverType      = "azure-native:network:DnsResolver"
	publicIPType      = "azure-native:network:PublicIPAddress"
	gatewayType       = "azure-native:network:VirtualNetworkGateway"
	localGatewayType  = "azure-native:network:LocalNetworkGateway"
	connectionType    = "azure-native:network:VirtualNetworkGatewayConnection"
	inboundType       = "azure-native:network:InboundEndpoint"
)

// ruleInputs are those of a security rule, by itself or inside its group.
const ruleInputs = "priority direction access protocol sourceAddressPrefix sourceAddressPrefixes sourcePortRange sourcePortRanges " +
	"destinationAddressPrefix destinationAddressPrefixes destinationPortRange destinationPortRanges"

// liftTypes are the types that say something about the network, in the order in which they are read:
// what others refer to comes first.
var liftTypes = []lift.Type[*lifting]{
	{Token: resourceGroupType},
	{Token: vnetType, Reads: "virtualNetworkName addressSpace", Lift: (*lifting).vnet},
	{Token: securityGroupType, Reads: "networkSecurityGroupName securityRules", Lift: (*lifting).securityGroup},
	{Token: securityRuleType, Reads: "networkSecurityGroupName " + ruleInputs, Lift: (*lifting).securityRule},
	{Token: routeTableType, Reads: "routeTableName routes disableBgpRoutePropagation", Lift: (*lifting).routeTable},
	{Token: routeType, Reads: "routeTableName addressPrefix nextHopType nextHopIpAddress", Lift: (*lifting).route},
	{Token: subnetType, Reads: "virtualNetworkName addressPrefix networkSecurityGroup routeTable privateEndpointNetworkPolicies delegations", Lift: (*lifting).subnet},
	{Token: gatewayType, Reads: "virtualNetworkGatewayName gatewayType vpnType ipConfigurations enableBgp bgpSettings", Lift: (*lifting).vpnGateway},
	{Token: localGatewayType, Reads: "localNetworkGatewayName gatewayIpAddress fqdn localNetworkAddressSpace bgpSettings"},
	{Token: connectionType, Reads: "connectionType virtualNetworkGateway1 localNetworkGateway2 enableBgp", Lift: (*lifting).vpn},
	{Token: peeringType, Reads: "virtualNetworkName remoteVirtualNetwork allowVirtualNetworkAccess allowGatewayTransit useRemoteGateways", Lift: (*lifting).peering},
	{Token: scopeType, Reads: "", Lift: (*lifting).scope},
	{Token: arcScopeType, Reads: "scopeName", Lift: (*lifting).arcScope},
	{Token: workspaceType},
	{Token: componentType, Reads: "resourceName workspaceResourceId", Lift: (*lifting).component},
	{Token: collectorType, Reads: "dataCollectionEndpointName"},
	{Token: prometheusType},
	{Token: scopedResourceType, Reads: "scopeName linkedResourceId", Lift: (*lifting).scopedResource},
	{Token: endpointType, Reads: "privateEndpointName subnet ipConfigurations privateLinkServiceConnections manualPrivateLinkServiceConnections", Lift: (*lifting).endpoint},
	{Token: zoneType, Reads: "privateZoneName", Lift: (*lifting).zone},
	{Token: linkType, Reads: "privateZoneName virtualNetwork registrationEnabled resolutionPolicy", Lift: (*lifting).link},
	{Token: oldLinkType, Reads: "privateZoneName virtualNetwork registrationEnabled", Lift: (*lifting).link},
	{Token: recordType, Reads: "privateZoneName relativeRecordSetName recordType aRecords", Lift: (*lifting).record},
	{Token: zoneGroupType, Reads: "privateEndpointName privateDnsZoneConfigs", Lift: (*lifting).zoneGroup},
	{Token: resolverType, Reads: "dnsResolverName virtualNetwork", Lift: (*lifting).resolver},
	{Token: inboundType, Reads: "dnsResolverName ipConfigurations", Lift: (*lifting).inbound},
}

// silentTypes say nothing that a packet or a question depends on.
var silentTypes = map[string]string{
	"azure-native:hybridcompute:PrivateLinkScopedResource": "which machines Arc takes through the endpoint",
	"azure-native:hybridcompute:MachineExtension":          "what runs on a machine",
	publicIPType:    "an address of the internet, at which a gateway's tunnels end",
	ruleType:        "what agents collect, and where it is kept: its endpoints are read where they are scoped",
	associationType: "which rules a machine follows",
	tableType:       "where lines of text are kept",
	"azure-native:automation:AutomationAccount": "a backend, which endpoints lead to",
	"azure-native:storage:StorageAccount":       "a backend, which endpoints lead to",
}

// silentInputs say nothing that a packet or a question depends on, in any type that has them.
var silentInputs = map[string]string{
	"tags":                                "labels",
	"description":                         "labels",
	"name":                                "labels",
	"scopeName":                           "labels, where a type does not read it",
	"workspaceName":                       "labels",
	"azureMonitorWorkspaceName":           "labels",
	"subnetName":                          "labels",
	"securityRuleName":                    "labels",
	"routeName":                           "labels",
	"virtualNetworkLinkName":              "labels",
	"virtualNetworkPeeringName":           "labels",
	"privateDnsZoneGroupName":             "labels",
	"inboundEndpointName":                 "labels",
	"customNetworkInterfaceName":          "labels, by which outputs are read",
	"resourceGroupName":                   "where a thing is kept; read of children and parents alike",
	"location":                            "read where a type must be beside another, else where a thing is kept",
	"accessModeSettings":                  "what Azure Monitor says to a packet that has arrived",
	"properties":                          "what Arc says to packets from elsewhere",
	"publicNetworkAccessForIngestion":     "what Azure Monitor says to packets from elsewhere",
	"publicNetworkAccessForQuery":         "what Azure Monitor says to packets from elsewhere",
	"networkAcls":                         "what Azure Monitor says to packets from elsewhere",
	"kind":                                "labels",
	"applicationType":                     "labels",
	"ingestionMode":                       "where logs are kept",
	"requestSource":                       "labels",
	"flowType":                            "labels",
	"retentionInDays":                     "how long logs are kept",
	"sku":                                 "what logs cost, and how large a gateway is",
	"enableDdosProtection":                "public addresses",
	"enableVmProtection":                  "public addresses",
	"privateLinkServiceNetworkPolicies":   "services that the network offers, not those it uses",
	"defaultOutboundAccess":               "public addresses",
	"connectionProtocol":                  "how a tunnel is encrypted",
	"sharedKey":                           "a secret",
	"virtualNetworkGatewayConnectionName": "labels",
	"ttl":                                 "how long an answer is kept",
	"metadata":                            "labels",
	"allowForwardedTraffic":               "packets from beyond a peered network, which the graph lets none of come back",
	"syncRemoteAddressSpace":              "how to create",
}

var subscriptionID = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// language is what Lift understands of a manifest.
var language = lift.Language[*lifting]{
	Package: Package, Types: liftTypes, SilentTypes: silentTypes, SilentInputs: silentInputs, Provider: (*lifting).provider,
}

// provider reports one that works nowhere.
func (l *lifting) provider(r *manifest.Resource) {
	if cloud := r.Text("environment"); !builtIn(cmp.Or(cloud, schema.AzurePublic)) {
		l.Problem(r, "environment", "%q is a cloud whose names the catalogue does not have", cloud)
	}
	if !subscriptionID.MatchString(r.Text("subscriptionId")) {
		l.Problem(r, "subscriptionId", "%q is no subscription", r.Text("subscriptionId"))
	}
}
