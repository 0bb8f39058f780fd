package program

import (
	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/targets/azure"
)

// Assumptions lists the look-ups of Lookups with the answers that the plan expects.
func Assumptions(p *azure.Parts) []manifest.Assumption {
	var assumptions []manifest.Assumption
	for _, v := range p.ExistingVNets {
		assumptions = append(assumptions, assumeVNet(v))
	}
	for _, s := range p.ExistingSubnets {
		expected := map[string]any{"name": s.Name, "addressPrefix": s.CIDR.String()}
		if s.Delegation != "" {
			expected["delegations"] = []any{map[string]any{"serviceName": s.Delegation}}
		}
		assumptions = append(assumptions, assume("azure-native:network:getSubnet", s.Provider, s.Origin,
			map[string]any{"resourceGroupName": s.ResourceGroup, "virtualNetworkName": s.VNet, "subnetName": s.Name}, expected))
	}
	for _, g := range p.ExistingGateways {
		assumptions = append(assumptions, assumeGateway(g))
	}
	for _, h := range p.ExistingTunnelHosts {
		assumptions = append(assumptions, assumeTunnelHost(h))
	}
	for _, g := range p.ExistingGroups {
		assumptions = append(assumptions, assumeGroup(g))
	}
	for _, z := range p.ExistingZones {
		assumptions = append(assumptions, assume("azure-native:network:getPrivateZone", z.Provider, z.Origin,
			map[string]any{"resourceGroupName": z.ResourceGroup, "privateZoneName": z.Domain},
			map[string]any{"name": z.Domain, "numberOfVirtualNetworkLinks": float64(z.MinLinks)}))
		for _, l := range z.Links {
			assumptions = append(assumptions, assume("azure-native:network/v20240601:getVirtualNetworkLink", z.Provider, l.Origin,
				map[string]any{"resourceGroupName": z.ResourceGroup, "privateZoneName": z.Domain, "virtualNetworkLinkName": l.Name},
				map[string]any{"name": l.Name, "virtualNetwork": map[string]any{"id": l.VNet}, "resolutionPolicy": policy(l.Redirect)}))
		}
	}
	for _, a := range p.ExistingArc {
		assumptions = append(assumptions, assume(getArcScope, a.Provider, a.Origin,
			map[string]any{"resourceGroupName": a.ResourceGroup, "scopeName": a.Name}, map[string]any{"name": a.Name, "location": a.Location}))
	}
	for _, s := range p.ExistingScopes {
		assumptions = append(assumptions, assume("azure-native:insights:getPrivateLinkScope", s.Provider, s.Origin,
			map[string]any{"resourceGroupName": s.ResourceGroup, "scopeName": s.Name},
			map[string]any{"name": s.Name, "accessModeSettings": map[string]any{"ingestionAccessMode": s.Ingestion, "queryAccessMode": s.Query}}))
	}
	for _, m := range p.ExistingMonitored {
		assumptions = append(assumptions, assumeMonitored(m))
	}
	for _, m := range p.ExistingMachines {
		assumptions = append(assumptions, assume(getMachine, m.Provider, m.Origin,
			map[string]any{"resourceGroupName": m.ResourceGroup, "machineName": m.Name}, map[string]any{"name": m.Name, "location": m.Location, "osType": m.OS}))
	}
	for _, t := range p.ExistingTables {
		assumptions = append(assumptions, assume(getTable, t.Provider, t.Origin,
			map[string]any{"resourceGroupName": t.ResourceGroup, "workspaceName": t.Workspace, "tableName": t.Name}, map[string]any{"name": t.Name}))
	}
	return assumptions
}

// assumeMonitored expects a resource of a scope where and as the topology says.
func assumeMonitored(m azure.ExistingMonitored) manifest.Assumption {
	look := monitoredLookups[m.Kind]
	expected := look.expected(m)
	expected["location"] = m.Location
	return assume(look.function, m.Provider, m.Origin, map[string]any{"resourceGroupName": m.ResourceGroup, look.name: m.Name}, expected)
}

func assume(function, provider string, origin plan.Origin, args, expected map[string]any) manifest.Assumption {
	return manifest.Assumption{
		Function: function, Args: args, Provider: provider, Expected: expected,
		Path: origin.Path, Pos: origin.Pos.String(),
	}
}
