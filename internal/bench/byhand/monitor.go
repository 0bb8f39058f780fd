package main

import (
	"strings"

	"github.com/pulumi/pulumi-azure-native-sdk/insights/v2"
	"github.com/pulumi/pulumi-azure-native-sdk/network/v2"
	"github.com/pulumi/pulumi-azure-native-sdk/network/v2/v20240601"
	"github.com/pulumi/pulumi-azure-native-sdk/operationalinsights/v2"
	"github.com/pulumi/pulumi-azure-native-sdk/resources/v2"
	azurenative "github.com/pulumi/pulumi-azure-native-sdk/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const (
	subscription = "00000000-0000-0000-0000-000000000000"
	japan        = "japaneast"
)

// monitor reaches Azure Monitor from the VNet in Japan.
func monitor(ctx *pulumi.Context) error {
	provider := pulumi.Provider(must(azurenative.NewProvider(ctx, "azure", &azurenative.ProviderArgs{SubscriptionId: pulumi.String(subscription)})))
	if _, err := network.LookupVirtualNetwork(ctx, &network.LookupVirtualNetworkArgs{ResourceGroupName: "rg-home", VirtualNetworkName: "vnet-home"}, provider); err != nil {
		return err
	}
	group := must(resources.NewResourceGroup(ctx, "logs", &resources.ResourceGroupArgs{ResourceGroupName: pulumi.String("logs"), Location: pulumi.String(japan)}, provider)).Name
	subnet := must(network.NewSubnet(ctx, "endpoints", &network.SubnetArgs{
		ResourceGroupName: pulumi.String("rg-home"), VirtualNetworkName: pulumi.String("vnet-home"), SubnetName: pulumi.String("endpoints"), AddressPrefix: pulumi.String("192.168.2.64/27"),
	}, provider))
	workspace := must(operationalinsights.NewWorkspace(ctx, "main", &operationalinsights.WorkspaceArgs{
		ResourceGroupName: group, WorkspaceName: pulumi.String("main"), Location: pulumi.String(japan),
		Sku: operationalinsights.WorkspaceSkuArgs{Name: pulumi.String("PerGB2018")}, RetentionInDays: pulumi.Int(30),
		PublicNetworkAccessForIngestion: pulumi.String("Disabled"), PublicNetworkAccessForQuery: pulumi.String("Enabled"),
	}, provider))
	scope := must(insights.NewPrivateLinkScope(ctx, "logs", &insights.PrivateLinkScopeArgs{
		ResourceGroupName: group, ScopeName: pulumi.String("logs"), Location: pulumi.String("global"),
		AccessModeSettings: insights.AccessModeSettingsArgs{IngestionAccessMode: pulumi.String("PrivateOnly"), QueryAccessMode: pulumi.String("Open")},
	}, provider))
	scoped := must(insights.NewPrivateLinkScopedResource(ctx, "main", &insights.PrivateLinkScopedResourceArgs{
		ResourceGroupName: group, ScopeName: scope.Name, Name: pulumi.String("main"), LinkedResourceId: workspace.ID(),
	}, provider))
	endpoint := must(network.NewPrivateEndpoint(ctx, "logs", &network.PrivateEndpointArgs{
		ResourceGroupName: group, PrivateEndpointName: pulumi.String("logs"), Location: pulumi.String(japan),
		Subnet: network.SubnetTypeArgs{Id: subnet.ID()}, CustomNetworkInterfaceName: pulumi.String("logs-nic"),
		PrivateLinkServiceConnections: network.PrivateLinkServiceConnectionArray{network.PrivateLinkServiceConnectionArgs{
			Name: pulumi.String("logs"), PrivateLinkServiceId: scope.ID(), GroupIds: pulumi.ToStringArray([]string{"azuremonitor"}),
		}},
	}, provider, pulumi.DependsOn([]pulumi.Resource{scoped})))

	var configs network.PrivateDnsZoneConfigArray
	var links []pulumi.Resource
	for _, domain := range []string{"monitor.azure.com", "oms.opinsights.azure.com", "ods.opinsights.azure.com", "agentsvc.azure-automation.net", "blob.core.windows.net"} {
		name := strings.ReplaceAll(domain, ".", "-")
		zone := must(network.NewPrivateZone(ctx, name, &network.PrivateZoneArgs{
			ResourceGroupName: group, PrivateZoneName: pulumi.String("privatelink." + domain), Location: pulumi.String("Global"),
		}, provider))
		links = append(links, must(v20240601.NewVirtualNetworkLink(ctx, name, &v20240601.VirtualNetworkLinkArgs{
			ResourceGroupName: group, PrivateZoneName: zone.Name, VirtualNetworkLinkName: pulumi.String("japan"), Location: pulumi.String("Global"),
			VirtualNetwork:      v20240601.SubResourceArgs{Id: pulumi.String("/subscriptions/" + subscription + "/resourceGroups/rg-home/providers/Microsoft.Network/virtualNetworks/vnet-home")},
			RegistrationEnabled: pulumi.Bool(false), ResolutionPolicy: pulumi.String("NxDomainRedirect"),
		}, provider)))
		configs = append(configs, network.PrivateDnsZoneConfigArgs{Name: pulumi.String("privatelink-" + name), PrivateDnsZoneId: zone.ID()})
	}
	records := must(network.NewPrivateDnsZoneGroup(ctx, "logs", &network.PrivateDnsZoneGroupArgs{
		ResourceGroupName: group, PrivateEndpointName: endpoint.Name, PrivateDnsZoneGroupName: pulumi.String("default"), PrivateDnsZoneConfigs: configs,
	}, provider, pulumi.DependsOn(links)))
	nic := network.LookupNetworkInterfaceOutput(ctx, network.LookupNetworkInterfaceOutputArgs{
		ResourceGroupName: group, NetworkInterfaceName: pulumi.String("logs-nic"),
	}, provider, pulumi.DependsOn([]pulumi.Resource{records}))
	ctx.Export("logs", nic.IpConfigurations())
	return nil
}
