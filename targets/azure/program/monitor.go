package program

import (
	"path"

	"github.com/pulumi/pulumi-azure-native-sdk/insights/v2"
	"github.com/pulumi/pulumi-azure-native-sdk/network/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/targets/azure"
	"github.com/obslink/obslink/targets/register"
)

// registerScopes always says both access modes: the API requires them.
func (r *Run) registerScopes() error {
	known, err := r.known()
	if err != nil {
		return err
	}
	for _, s := range r.parts.Scopes {
		scope, err := insights.NewPrivateLinkScope(r.Ctx, s.Name, &insights.PrivateLinkScopeArgs{
			ResourceGroupName: r.group(s.ResourceGroup),
			ScopeName:         pulumi.String(s.ResourceName),
			Location:          pulumi.String("global"),
			AccessModeSettings: insights.AccessModeSettingsArgs{
				IngestionAccessMode: pulumi.String(s.Ingestion),
				QueryAccessMode:     pulumi.String(s.Query),
				Exclusions:          exclusions(s, known),
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

// known are the names that an earlier run was told by Azure; it asks only where one is wanted.
func (r *Run) known() (map[string]string, error) {
	if len(azure.Wanted(r.parts)) == 0 {
		return nil, nil
	}
	earlier, err := register.Earlier(r.Ctx)
	return azure.Known(r.parts, earlier), err
}

// exclusions leaves out an endpoint whose connection has no name yet: Azure takes any name, and the
// exclusion of a wrong one does nothing (AVM's end-to-end test, 2026-08).
func exclusions(s azure.Scope, known map[string]string) insights.AccessModeSettingsExclusionArray {
	var all insights.AccessModeSettingsExclusionArray
	for _, e := range s.Exclusions {
		if name := azure.Connection(known, e.Endpoint); name != "" {
			all = append(all, insights.AccessModeSettingsExclusionArgs{
				PrivateEndpointConnectionName: pulumi.String(name),
				IngestionAccessMode:           pulumi.String(e.Ingestion),
				QueryAccessMode:               pulumi.String(e.Query),
			})
		}
	}
	return all
}

// exportConnections reads the names of a scope's connections once its endpoints are there; azure.Known
// reads them. The scope's own outputs are as old as the scope.
func (r *Run) exportConnections() {
	for _, s := range r.parts.Scopes {
		if len(s.Exclusions) == 0 {
			continue
		}
		var endpoints []string
		for _, e := range s.Exclusions {
			endpoints = append(endpoints, e.Endpoint)
		}
		scope := insights.LookupPrivateLinkScopeOutput(r.Ctx, insights.LookupPrivateLinkScopeOutputArgs{
			ResourceGroupName: r.group(s.ResourceGroup),
			ScopeName:         pulumi.String(s.ResourceName),
		}, r.Through(s.Provider), r.DependsOn(endpoints...))
		r.Ctx.Export(azure.ConnectionsOutput(s.Name), scope.PrivateEndpointConnections())
	}
}

// registerScopedResources scopes one resource after another: two at a time are refused with 409
// (terraform-provider-azurerm#22236). Each waits for all former ones and not only for the last: when some
// go, the engine deletes at once whatever does not itself wait for another that goes (pulumi v3.250).
func (r *Run) registerScopedResources() error {
	former := map[string][]string{} // by the last of a scope
	for _, s := range r.parts.ScopedResources {
		after := former[s.After]
		former[s.Name] = append(after[max(0, len(after)-azure.MostWaitedFor+1):len(after):len(after)], s.Name)
		scoped, err := insights.NewPrivateLinkScopedResource(r.Ctx, s.Name, &insights.PrivateLinkScopedResourceArgs{
			ResourceGroupName: r.group(s.ResourceGroup),
			ScopeName:         r.scopeName(s.Scope),
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

// scopeName is the name of a scope; an existing one's is the end of its id.
func (r *Run) scopeName(ref plan.Ref) pulumi.StringInput {
	if ref.Existing != "" {
		return pulumi.String(path.Base(ref.Existing))
	}
	return register.Get[*insights.PrivateLinkScope](r.Book, ref.Part).Name
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
			IpConfigurations: pinned(e),
			Tags:             r.tags(),
		}, r.options(e.Part, append(r.lastsWith(e), r.DependsOn(e.ScopedResources...))...))
		if err != nil {
			return err
		}
		r.Keep(e.Name, endpoint)
	}
	return nil
}

// pinned says the address of every member; an endpoint takes all or none.
func pinned(e azure.PrivateEndpoint) network.PrivateEndpointIPConfigurationArrayInput {
	var all network.PrivateEndpointIPConfigurationArray
	for _, m := range e.Pinned {
		all = append(all, network.PrivateEndpointIPConfigurationArgs{
			Name: pulumi.String(plan.Slug(m.Name)), GroupId: pulumi.String(e.GroupID), MemberName: pulumi.String(m.Name), PrivateIPAddress: pulumi.String(m.Address.String()),
		})
	}
	if all == nil {
		return nil // an empty list is another input than none
	}
	return all
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
