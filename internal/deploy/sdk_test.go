package deploy

import (
	"fmt"
	"maps"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"

	pulumiaws "github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2transitgateway"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ram"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/route53"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/vpc"
	"github.com/pulumi/pulumi-azure-native-sdk/insights/v2"
	"github.com/pulumi/pulumi-azure-native-sdk/network/v2"
	"github.com/pulumi/pulumi-azure-native-sdk/network/v2/v20240601"
	"github.com/pulumi/pulumi-azure-native-sdk/operationalinsights/v2"
	"github.com/pulumi/pulumi-azure-native-sdk/resources/v2"
	azurenative "github.com/pulumi/pulumi-azure-native-sdk/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/targets/aws"
	"github.com/obslink/obslink/targets/azure"
)

// sdkType is what the SDK says of one resource type.
type sdkType struct {
	args  interface{ ElementType() reflect.Type }
	state any // the resource struct
}

var sdkTypes = map[string]sdkType{
	"pulumi:providers:aws":          {pulumiaws.ProviderArgs{}, pulumiaws.Provider{}},
	"pulumi:providers:azure-native": {azurenative.ProviderArgs{}, azurenative.Provider{}},

	"aws:ec2/customerGateway:CustomerGateway":                                   {ec2.CustomerGatewayArgs{}, ec2.CustomerGateway{}},
	"aws:ec2/vpnConnection:VpnConnection":                                       {ec2.VpnConnectionArgs{}, ec2.VpnConnection{}},
	"aws:ec2/vpnConnectionRoute:VpnConnectionRoute":                             {ec2.VpnConnectionRouteArgs{}, ec2.VpnConnectionRoute{}},
	"aws:ec2/vpnGateway:VpnGateway":                                             {ec2.VpnGatewayArgs{}, ec2.VpnGateway{}},
	"aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation":             {ec2.VpnGatewayRoutePropagationArgs{}, ec2.VpnGatewayRoutePropagation{}},
	"aws:ec2/route:Route":                                                       {ec2.RouteArgs{}, ec2.Route{}},
	"aws:ec2/routeTable:RouteTable":                                             {ec2.RouteTableArgs{}, ec2.RouteTable{}},
	"aws:ec2/routeTableAssociation:RouteTableAssociation":                       {ec2.RouteTableAssociationArgs{}, ec2.RouteTableAssociation{}},
	"aws:ec2/securityGroup:SecurityGroup":                                       {ec2.SecurityGroupArgs{}, ec2.SecurityGroup{}},
	"aws:ec2/subnet:Subnet":                                                     {ec2.SubnetArgs{}, ec2.Subnet{}},
	"aws:ec2/vpc:Vpc":                                                           {ec2.VpcArgs{}, ec2.Vpc{}},
	"aws:ec2/vpcEndpoint:VpcEndpoint":                                           {ec2.VpcEndpointArgs{}, ec2.VpcEndpoint{}},
	"aws:ec2/vpcPeeringConnection:VpcPeeringConnection":                         {ec2.VpcPeeringConnectionArgs{}, ec2.VpcPeeringConnection{}},
	"aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter":         {ec2.VpcPeeringConnectionAccepterArgs{}, ec2.VpcPeeringConnectionAccepter{}},
	"aws:ec2transitgateway/peeringAttachment:PeeringAttachment":                 {ec2transitgateway.PeeringAttachmentArgs{}, ec2transitgateway.PeeringAttachment{}},
	"aws:ec2transitgateway/peeringAttachmentAccepter:PeeringAttachmentAccepter": {ec2transitgateway.PeeringAttachmentAccepterArgs{}, ec2transitgateway.PeeringAttachmentAccepter{}},
	"aws:ec2transitgateway/route:Route":                                         {ec2transitgateway.RouteArgs{}, ec2transitgateway.Route{}},
	"aws:ec2transitgateway/routeTable:RouteTable":                               {ec2transitgateway.RouteTableArgs{}, ec2transitgateway.RouteTable{}},
	"aws:ec2transitgateway/routeTableAssociation:RouteTableAssociation":         {ec2transitgateway.RouteTableAssociationArgs{}, ec2transitgateway.RouteTableAssociation{}},
	"aws:ec2transitgateway/routeTablePropagation:RouteTablePropagation":         {ec2transitgateway.RouteTablePropagationArgs{}, ec2transitgateway.RouteTablePropagation{}},
	"aws:ec2transitgateway/transitGateway:TransitGateway":                       {ec2transitgateway.TransitGatewayArgs{}, ec2transitgateway.TransitGateway{}},
	"aws:ec2transitgateway/vpcAttachment:VpcAttachment":                         {ec2transitgateway.VpcAttachmentArgs{}, ec2transitgateway.VpcAttachment{}},
	"aws:ec2transitgateway/vpcAttachmentAccepter:VpcAttachmentAccepter":         {ec2transitgateway.VpcAttachmentAccepterArgs{}, ec2transitgateway.VpcAttachmentAccepter{}},
	"aws:ram/principalAssociation:PrincipalAssociation":                         {ram.PrincipalAssociationArgs{}, ram.PrincipalAssociation{}},
	"aws:ram/resourceAssociation:ResourceAssociation":                           {ram.ResourceAssociationArgs{}, ram.ResourceAssociation{}},
	"aws:ram/resourceShare:ResourceShare":                                       {ram.ResourceShareArgs{}, ram.ResourceShare{}},
	"aws:ram/resourceShareAccepter:ResourceShareAccepter":                       {ram.ResourceShareAccepterArgs{}, ram.ResourceShareAccepter{}},
	"aws:route53/record:Record":                                                 {route53.RecordArgs{}, route53.Record{}},
	"aws:route53/resolverEndpoint:ResolverEndpoint":                             {route53.ResolverEndpointArgs{}, route53.ResolverEndpoint{}},
	"aws:route53/vpcAssociationAuthorization:VpcAssociationAuthorization":       {route53.VpcAssociationAuthorizationArgs{}, route53.VpcAssociationAuthorization{}},
	"aws:route53/zone:Zone":                                                     {route53.ZoneArgs{}, route53.Zone{}},
	"aws:route53/zoneAssociation:ZoneAssociation":                               {route53.ZoneAssociationArgs{}, route53.ZoneAssociation{}},
	"aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule":                   {vpc.SecurityGroupEgressRuleArgs{}, vpc.SecurityGroupEgressRule{}},
	"aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule":                 {vpc.SecurityGroupIngressRuleArgs{}, vpc.SecurityGroupIngressRule{}},

	"azure-native:insights:Component":                      {insights.ComponentArgs{}, insights.Component{}},
	"azure-native:insights:DataCollectionEndpoint":         {insights.DataCollectionEndpointArgs{}, insights.DataCollectionEndpoint{}},
	"azure-native:insights:PrivateLinkScope":               {insights.PrivateLinkScopeArgs{}, insights.PrivateLinkScope{}},
	"azure-native:insights:PrivateLinkScopedResource":      {insights.PrivateLinkScopedResourceArgs{}, insights.PrivateLinkScopedResource{}},
	"azure-native:network/v20240601:VirtualNetworkLink":    {v20240601.VirtualNetworkLinkArgs{}, v20240601.VirtualNetworkLink{}},
	"azure-native:network:DnsResolver":                     {network.DnsResolverArgs{}, network.DnsResolver{}},
	"azure-native:network:InboundEndpoint":                 {network.InboundEndpointArgs{}, network.InboundEndpoint{}},
	"azure-native:network:PrivateDnsZoneGroup":             {network.PrivateDnsZoneGroupArgs{}, network.PrivateDnsZoneGroup{}},
	"azure-native:network:PrivateEndpoint":                 {network.PrivateEndpointArgs{}, network.PrivateEndpoint{}},
	"azure-native:network:PrivateRecordSet":                {network.PrivateRecordSetArgs{}, network.PrivateRecordSet{}},
	"azure-native:network:LocalNetworkGateway":             {network.LocalNetworkGatewayArgs{}, network.LocalNetworkGateway{}},
	"azure-native:network:PublicIPAddress":                 {network.PublicIPAddressArgs{}, network.PublicIPAddress{}},
	"azure-native:network:VirtualNetworkGateway":           {network.VirtualNetworkGatewayArgs{}, network.VirtualNetworkGateway{}},
	"azure-native:network:VirtualNetworkGatewayConnection": {network.VirtualNetworkGatewayConnectionArgs{}, network.VirtualNetworkGatewayConnection{}},
	"azure-native:network:PrivateZone":                     {network.PrivateZoneArgs{}, network.PrivateZone{}},
	"azure-native:network:RouteTable":                      {network.RouteTableArgs{}, network.RouteTable{}},
	"azure-native:network:SecurityRule":                    {network.SecurityRuleArgs{}, network.SecurityRule{}},
	"azure-native:network:Subnet":                          {network.SubnetArgs{}, network.Subnet{}},
	"azure-native:network:VirtualNetwork":                  {network.VirtualNetworkArgs{}, network.VirtualNetwork{}},
	"azure-native:network:VirtualNetworkPeering":           {network.VirtualNetworkPeeringArgs{}, network.VirtualNetworkPeering{}},
	"azure-native:operationalinsights:Workspace":           {operationalinsights.WorkspaceArgs{}, operationalinsights.Workspace{}},
	"azure-native:resources:ResourceGroup":                 {resources.ResourceGroupArgs{}, resources.ResourceGroup{}},
	"azure-native:insights:DataCollectionRule":             {insights.DataCollectionRuleArgs{}, insights.DataCollectionRule{}},
	"azure-native:insights:DataCollectionRuleAssociation":  {insights.DataCollectionRuleAssociationArgs{}, insights.DataCollectionRuleAssociation{}},
	"azure-native:operationalinsights:Table":               {operationalinsights.TableArgs{}, operationalinsights.Table{}},
}

// sdkFunctions are the arguments and results of every look-up.
var sdkFunctions = map[string]struct{ args, result any }{
	"aws:ec2/getVpc:getVpc":                                         {ec2.LookupVpcArgs{}, ec2.LookupVpcResult{}},
	"aws:ec2/getSubnet:getSubnet":                                   {ec2.LookupSubnetArgs{}, ec2.LookupSubnetResult{}},
	"aws:ec2/getInstance:getInstance":                               {ec2.LookupInstanceArgs{}, ec2.LookupInstanceResult{}},
	"aws:ec2/getVpnGateway:getVpnGateway":                           {ec2.LookupVpnGatewayArgs{}, ec2.LookupVpnGatewayResult{}},
	"aws:ec2/getRouteTable:getRouteTable":                           {ec2.LookupRouteTableArgs{}, ec2.LookupRouteTableResult{}},
	"aws:ec2transitgateway/getTransitGateway:getTransitGateway":     {ec2transitgateway.LookupTransitGatewayArgs{}, ec2transitgateway.LookupTransitGatewayResult{}},
	"aws:ec2transitgateway/getRouteTableRoutes:getRouteTableRoutes": {ec2transitgateway.GetRouteTableRoutesArgs{}, ec2transitgateway.GetRouteTableRoutesResult{}},
	"aws:ec2transitgateway/getRouteTable:getRouteTable":             {ec2transitgateway.LookupRouteTableArgs{}, ec2transitgateway.LookupRouteTableResult{}},
	"aws:ec2/getVpcEndpointService:getVpcEndpointService":           {ec2.LookupVpcEndpointServiceArgs{}, ec2.LookupVpcEndpointServiceResult{}},
	"aws:ec2/getVpcEndpoint:getVpcEndpoint":                         {ec2.LookupVpcEndpointArgs{}, ec2.LookupVpcEndpointResult{}},
	"aws:ec2/getNetworkInterface:getNetworkInterface":               {ec2.LookupNetworkInterfaceArgs{}, ec2.LookupNetworkInterfaceResult{}},
	"aws:ec2/getSecurityGroup:getSecurityGroup":                     {ec2.LookupSecurityGroupArgs{}, ec2.LookupSecurityGroupResult{}},
	"aws:vpc/getSecurityGroupRules:getSecurityGroupRules":           {vpc.GetSecurityGroupRulesArgs{}, vpc.GetSecurityGroupRulesResult{}},
	"aws:vpc/getSecurityGroupRule:getSecurityGroupRule":             {vpc.GetSecurityGroupRuleArgs{}, vpc.GetSecurityGroupRuleResult{}},
	"aws:ec2/getVpcPeeringConnection:getVpcPeeringConnection":       {ec2.LookupVpcPeeringConnectionArgs{}, ec2.LookupVpcPeeringConnectionResult{}},
	"aws:route53/getZone:getZone":                                   {route53.LookupZoneArgs{}, route53.LookupZoneResult{}},
	"azure-native:network:getVirtualNetworkGateway":                 {network.LookupVirtualNetworkGatewayArgs{}, network.LookupVirtualNetworkGatewayResult{}},
	"azure-native:network:getNetworkSecurityGroup":                  {network.LookupNetworkSecurityGroupArgs{}, network.LookupNetworkSecurityGroupResult{}},
	"azure-native:network:getPrivateZone":                           {network.LookupPrivateZoneArgs{}, network.LookupPrivateZoneResult{}},
	"azure-native:network/v20240601:getVirtualNetworkLink":          {v20240601.LookupVirtualNetworkLinkArgs{}, v20240601.LookupVirtualNetworkLinkResult{}},
	"azure-native:network:getPrivateEndpoint":                       {network.LookupPrivateEndpointArgs{}, network.LookupPrivateEndpointResult{}},
	"azure-native:network:getVirtualNetwork":                        {network.LookupVirtualNetworkArgs{}, network.LookupVirtualNetworkResult{}},
	"azure-native:network:getSubnet":                                {network.LookupSubnetArgs{}, network.LookupSubnetResult{}},
	"azure-native:insights:getComponent":                            {insights.LookupComponentArgs{}, insights.LookupComponentResult{}},
	"azure-native:insights:getPrivateLinkScope":                     {insights.LookupPrivateLinkScopeArgs{}, insights.LookupPrivateLinkScopeResult{}},
	"azure-native:insights:getDataCollectionEndpoint":               {insights.LookupDataCollectionEndpointArgs{}, insights.LookupDataCollectionEndpointResult{}},
	"azure-native:operationalinsights:getWorkspace":                 {operationalinsights.LookupWorkspaceArgs{}, operationalinsights.LookupWorkspaceResult{}},
	"azure-native:network:getNetworkInterface":                      {network.LookupNetworkInterfaceArgs{}, network.LookupNetworkInterfaceResult{}},
	"azure-native:operationalinsights:getTable":                     {operationalinsights.LookupTableArgs{}, operationalinsights.LookupTableResult{}},
}

// everyPart is a plan with at least one part of every kind.
func everyPart() *plan.Plan {
	p := seedPlan()
	shareZones(p.Parts[aws.Name].(*aws.Parts))
	p.Parts[aws.Name].(*aws.Parts).Endpoints[0].ServiceRegion = "us-east-1"
	transitParts(p.Parts[aws.Name].(*aws.Parts))
	shareParts(p.Parts[aws.Name].(*aws.Parts))
	vpnParts(p.Parts[aws.Name].(*aws.Parts))
	p.Secrets = append(p.Secrets, vpnSecrets...)
	p.Parts[aws.Name].(*aws.Parts).ExistingServices = []aws.ExistingService{{
		Provider: virginia, ServiceName: "com.amazonaws.vpce.us-east-1.vpce-svc-025a56b9187ac1f63", PrivateDNSName: "agent-http-intake.logs.datadoghq.com",
		Origin: at("catalogue.datadog.us1.services.logs-agent", 60),
	}}
	parts := p.Parts[azure.Name].(*azure.Parts)
	parts.VNets = append(parts.VNets, azure.VNet{
		Part: part(azureProvider, "vnet_osaka", 70), In: azure.In{ResourceGroup: created("resource-group_japan"), ResourceName: "osaka"},
		Location: "japanwest", CIDRs: parts.ExistingVNets[0].CIDRs,
	})
	parts.Subnets = append(parts.Subnets, azure.Subnet{
		Part: part(azureProvider, "subnet_osaka_a", 71), In: azure.In{ResourceGroup: created("resource-group_japan"), ResourceName: "a"},
		VNet: created("vnet_osaka"), CIDR: prefix("192.168.2.0/25"),
	})
	resolverParts(p.Parts[aws.Name].(*aws.Parts), parts)
	joinVNets(parts)
	tunnelParts(parts)
	arcParts(parts)
	monitoredParts(parts)
	collectParts(parts)
	existingParts(p.Parts[aws.Name].(*aws.Parts), parts)
	return p
}

// monitoredParts adds what a scope may hold besides workspaces.
func monitoredParts(parts *azure.Parts) {
	in := func(name string) azure.In {
		return azure.In{ResourceGroup: created("resource-group_japan"), ResourceName: name}
	}
	parts.Components = []azure.Component{{
		Part: part(azureProvider, "component_logs_web", 52), In: in("web"), Location: "japaneast", Kind: "web", Workspace: created("workspace_logs_main"),
		Public: azure.Access{Ingestion: "Disabled", Query: "Disabled"},
	}}
	parts.DataCollectionEndpoints = []azure.DataCollectionEndpoint{{
		Part: part(azureProvider, "datacollectionendpoint_logs_jp", 53), In: in("jp"), Location: "japaneast", Public: "Disabled",
	}}
	parts.PrivateEndpoints[0].Pinned = []azure.Member{{Name: "api", Address: netip.MustParseAddr("192.168.2.68")}, {Name: "live", Address: netip.MustParseAddr("192.168.2.69")}}
	existing := func(kind, name, host string, line int) azure.ExistingMonitored {
		return azure.ExistingMonitored{Kind: kind, Provider: azureProvider, ResourceGroup: "rg-logs", Name: name, Location: "japaneast", Host: host,
			Public: azure.Access{Ingestion: "Disabled"}, Origin: at("backends.logs.azureMonitor."+name, line)}
	}
	parts.ExistingMonitored = []azure.ExistingMonitored{
		existing("workspace", "law", "11111111-2222-3333-4444-555555555555", 54),
		existing("component", "appi", "japaneast-1", 55),
		existing("datacollectionendpoint", "dce", "dce-a1b2.japaneast-1", 56),
	}
}

func TestEveryPartIsTried(t *testing.T) {
	for name, parts := range everyPart().Parts {
		v := reflect.ValueOf(parts).Elem()
		for i := range v.NumField() {
			if v.Field(i).Len() == 0 {
				t.Errorf("%s: no test has %s", name, v.Type().Field(i).Name)
			}
		}
	}
}

func TestInputsAreTheSDKs(t *testing.T) {
	m := record(t, everyPart())
	tried := map[string]bool{}
	for _, r := range m.Resources {
		sdk, found := sdkTypes[r.Type]
		if slices.Contains(untypedTypes, r.Type) {
			continue
		}
		if !found {
			t.Fatalf("the test does not know %s", r.Type)
		}
		tried[r.Type] = true
		for _, mistake := range compare(r.Inputs, sdk.args.ElementType()) {
			t.Errorf("%s %q: %s", r.Type, r.Name, mistake)
		}
	}
	if len(tried) != len(sdkTypes) || len(shapes) != len(sdkTypes)+len(untypedTypes) {
		t.Errorf("%d types are registered, %d have a shape, %d are known from the SDK, %d are untyped", len(tried), len(shapes), len(sdkTypes), len(untypedTypes))
	}
}

func TestLookupsAreTheSDKs(t *testing.T) {
	m := record(t, everyPart())
	for _, a := range m.Assumptions {
		sdk, found := sdkFunctions[a.Function]
		if slices.Contains(untypedFunctions, a.Function) {
			continue
		}
		if !found {
			t.Fatalf("the test does not know %s", a.Function)
		}
		for _, mistake := range compare(a.Args, reflect.TypeOf(sdk.args)) {
			t.Errorf("%s: arguments: %s", a.Function, mistake)
		}
		for _, mistake := range unknownNames(a.Expected, reflect.TypeOf(sdk.result)) {
			t.Errorf("%s: expected: %s", a.Function, mistake)
		}
	}
	for function, read := range reads {
		fields := fieldsOf(reflect.TypeOf(sdkFunctions[function].result))
		field, found := fields[read.property]
		if !found || field.Type.Kind() != reflect.Slice || fieldsOf(field.Type.Elem())["id"].Type == nil {
			t.Errorf("%s: %s is no list of objects with an id", function, read.property)
		}
	}
}

// TestShapesAreTheSDKs holds placeholder outputs against the outputs that the SDK decodes.
func TestShapesAreTheSDKs(t *testing.T) {
	inputs := resource.NewPropertyMapFromMap(map[string]any{"subnetConfigurations": []any{map[string]any{}}})
	for token, shape := range shapes {
		outputs, err := plainObject(shape("x", inputs))
		if err != nil {
			t.Fatal(err)
		}
		if slices.Contains(untypedTypes, token) {
			continue
		}
		fields := fieldsOf(reflect.TypeOf(sdkTypes[token].state))
		for name, value := range outputs {
			field, found := fields[name]
			if !found {
				t.Errorf("%s has no output %q", token, name)
				continue
			}
			output := reflect.Zero(field.Type).Interface().(pulumi.Output)
			for _, mistake := range compareValue(name, value, output.ElementType()) {
				t.Errorf("%s: %s", token, mistake)
			}
		}
	}
}

func fieldsOf(t reflect.Type) map[string]reflect.StructField {
	fields := map[string]reflect.StructField{}
	if t.Kind() != reflect.Struct {
		return fields
	}
	for i := range t.NumField() {
		if name := t.Field(i).Tag.Get("pulumi"); name != "" {
			fields[name] = t.Field(i)
		}
	}
	return fields
}

// compare lists what an object has that the type has not, and what the type requires (a field that is
// neither pointer, list nor map) and the object lacks.
func compare(object map[string]any, t reflect.Type) []string {
	mistakes := unknownNames(object, t)
	for name, field := range fieldsOf(t) {
		switch field.Type.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface:
		default:
			if _, found := object[name]; !found {
				mistakes = append(mistakes, fmt.Sprintf("%q is required", name))
			}
		}
	}
	return mistakes
}

func unknownNames(object map[string]any, t reflect.Type) []string {
	var mistakes []string
	fields := fieldsOf(t)
	for _, name := range slices.Sorted(maps.Keys(object)) {
		field, found := fields[name]
		if !found {
			mistakes = append(mistakes, fmt.Sprintf("%s has no %q", t, name))
			continue
		}
		mistakes = append(mistakes, compareValue(name, object[name], field.Type)...)
	}
	return mistakes
}

func compareValue(name string, value any, t reflect.Type) []string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	wrong := []string{fmt.Sprintf("%s is a %T, %s was expected", name, value, t)}
	switch value := value.(type) {
	case map[string]any:
		switch t.Kind() {
		case reflect.Struct:
			return unknownNames(value, t)
		case reflect.Map:
			return nil
		}
	case []any:
		if t.Kind() != reflect.Slice {
			return wrong
		}
		var mistakes []string
		for i, element := range value {
			mistakes = append(mistakes, compareValue(fmt.Sprintf("%s[%d]", name, i), element, t.Elem())...)
		}
		return mistakes
	case string:
		if t.Kind() == reflect.String || t.Kind() == reflect.Interface {
			return nil
		}
	case bool:
		if t.Kind() == reflect.Bool {
			return nil
		}
	case int:
		if t.Kind() == reflect.Int {
			return nil
		}
	case float64:
		if t.Kind() == reflect.Float64 || t.Kind() == reflect.Int && value == float64(int(value)) {
			return nil
		}
	}
	return wrong
}

// TestCompareFindsMistakes keeps the comparison itself from going blind.
func TestCompareFindsMistakes(t *testing.T) {
	got := strings.Join(compare(map[string]any{
		"subnetId": "subnet-1", "vpcEndpointTyp": "Interface", "privateDnsEnabled": "yes", "subnetIds": "subnet-1",
		"subnetConfigurations": []any{map[string]any{"ipv5": "1.2.3.4"}},
	}, ec2.VpcEndpointArgs{}.ElementType()), "\n")
	for _, want := range []string{
		`has no "subnetId"`, `has no "vpcEndpointTyp"`, "privateDnsEnabled is a string", "subnetIds is a string", `has no "ipv5"`, `"vpcId" is required`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q was not found in:\n%s", want, got)
		}
	}
}
