package program

import (
	"github.com/pulumi/pulumi-azure-native-sdk/insights/v2"
	"github.com/pulumi/pulumi-azure-native-sdk/network/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/obslink/obslink/targets/register"
)

// registerScopes always says both access modes: the API requires them.
func (r *Run) registerScopes() error {
	for _, s := range r.parts.Scopes {
		scope, err := insights.NewPrivateLinkScope(r.Ctx, s.Name, &insights.PrivateLinkScopeArgs{
			ResourceGroupName: r.group(s.ResourceGroup),
			ScopeName:         pulumi.String(s.ResourceName),
			Location:          pulumi.String("global"),
			AccessModeSettings: insights.AccessModeSettingsArgs{
				IngestionAccessMode: pulumi.String(s.Ingestion),
				QueryAccessMode:     pulumi.String(s.Query),
			},
			Tags: r.tags(),
		}, r.options(s.Part))
		if err != nil {
			return err
		}
		r.Keep(s.Name, scope)
	}
	return nil
}

// registerScopedResources scopes one resource after another: two at a time are refused with 409
// (terraform-provider-azurerm#22236).
func (r *Run) registerScopedResources() error {
	for _, s := range r.parts.ScopedResources {
		var after []string
		if s.After != "" {
			after = append(after, s.After)
		}
		scoped, err := insights.NewPrivateLinkScopedResource(r.Ctx, s.Name, &insights.PrivateLinkScopedResourceArgs{
			ResourceGroupName: r.group(s.ResourceGroup),
			ScopeName:         register.Get[*insights.PrivateLinkScope](r.Book, s.Scope).Name,
			Name:              pulumi.String(s.ResourceName),
			LinkedResourceId:  r.ID(s.Target),
		}, r.options(s.Part, r.DependsOn(after...)))
		if err != nil {
			return err
		}
		r.Keep(s.Name, scoped)
	}
	return nil
}

// registerPrivateEndpoints waits for every scoped resource, else the endpoint is created with too few
// members ("Mismatching RequiredMembers in Request", bicep#13851). Its network interface has a fixed
// name, by which exportAddresses finds it.
func (r *Run) registerPrivateEndpoints() error {
	for _, e := range r.parts.PrivateEndpoints {
		if e.Alias != "" {
			continue // registerServiceEndpoints
		}
		endpoint, err := network.NewPrivateEndpoint(r.Ctx, e.Name, &network.PrivateEndpointArgs{
			ResourceGroupName:          r.group(e.ResourceGroup),
			PrivateEndpointName:        pulumi.String(e.ResourceName),
			Location:                   pulumi.String(e.Location),
			Subnet:                     network.SubnetTypeArgs{Id: r.ID(e.Subnet)},
			CustomNetworkInterfaceName: pulumi.String(e.NIC),
			PrivateLinkServiceConnections: network.PrivateLinkServiceConnectionArray{
				network.PrivateLinkServiceConnectionArgs{
					Name:                 pulumi.String(e.ResourceName),
					PrivateLinkServiceId: r.ID(e.Scope),
					GroupIds:             pulumi.ToStringArray([]string{e.GroupID}),
				},
			},
			Tags: r.tags(),
		}, r.options(e.Part, r.DependsOn(e.ScopedResources...)))
		if err != nil {
			return err
		}
		r.Keep(e.Name, endpoint)
	}
	return nil
}

// exportAddresses reads each endpoint's network interface, the only place that tells addresses, member
// names and FQDNs whether or not there is a zone group (facts/azure.md §6). It waits for the zone
// group, and so for the endpoint and all that it waits for.
func (r *Run) exportAddresses() {
	groups := map[string][]string{}
	for _, g := range r.parts.ZoneGroups {
		groups[g.Endpoint] = append(groups[g.Endpoint], g.Name)
	}
	for _, e := range r.parts.PrivateEndpoints {
		after := append([]string{e.Name}, groups[e.Name]...)
		nic := network.LookupNetworkInterfaceOutput(r.Ctx, network.LookupNetworkInterfaceOutputArgs{
			ResourceGroupName:    r.group(e.ResourceGroup),
			NetworkInterfaceName: pulumi.String(e.NIC),
		}, r.Through(e.Provider), r.DependsOn(after...))
		// azure.EndpointOutputs reads it.
		r.Ctx.Export(e.Name, nic.IpConfigurations())
		if e.Alias != "" {
			r.exportConnection(e)
		}
	}
}
