package deploy

import (
	"strings"
	"testing"
)

// TestLookupsOfVNetPeerings asks for VNets whose peerings are not what the links need.
func TestLookupsOfVNetPeerings(t *testing.T) {
	const (
		eu, jp  = "/subscriptions/11111111-1111-1111-1111-111111111111", "/subscriptions/00000000-0000-0000-0000-000000000000"
		vnets   = "/providers/Microsoft.Network/virtualNetworks/"
		monitor = jp + "/resourceGroups/rg-monitor" + vnets + "vnet-monitor"
		old     = eu + "/resourceGroups/rg-dublin" + vnets + "vnet-old"
		hub     = jp + "/resourceGroups/rg-hub" + vnets + "vnet-hub"
	)
	vnet := func(cidr string, halves ...any) map[string]any {
		return map[string]any{"location": "japaneast", "addressSpace": map[string]any{"addressPrefixes": []any{cidr}}, "virtualNetworkPeerings": halves}
	}
	half := func(name, remote, cidr string, change map[string]any) map[string]any {
		return changed(map[string]any{
			"id": "ID/" + name, "name": name, "remoteVirtualNetwork": map[string]any{"id": strings.ToUpper(remote)}, "remoteAddressSpace": map[string]any{"addressPrefixes": []any{cidr}},
			"peeringState": "Connected", "peeringSyncLevel": "FullyInSync",
		}, change)
	}
	toMonitor := func(change map[string]any) map[string]any { return half("to-monitor", monitor, "10.1.0.0/24", change) }
	offers, uses := map[string]any{"allowGatewayTransit": true}, map[string]any{"useRemoteGateways": true}
	asked := func(name string, answer map[string]any) map[string]any {
		return map[string]any{"getVirtualNetwork rg-" + name + " vnet-" + name: answer}
	}
	of := func(change map[string]any) map[string]any {
		return asked("hub", vnet("10.0.0.0/16", toMonitor(changed(offers, change))))
	}
	dublin := half("dublin", eu+"/resourceGroups/rg-dublin"+vnets+"vnet-dublin", "10.2.0.0/16", nil)
	checkLookups(t, "azure-peerings-existing", []existingLookup{
		{name: "as the plan expects", answers: of(nil)},
		{name: "none", answers: asked("hub", vnet("10.0.0.0/16")), want: []string{`OBS402 VNet "vnet-hub" has no peering with VNet "vnet-monitor"`}},
		{
			name: "of another name", answers: asked("hub", vnet("10.0.0.0/16", half("other", monitor, "10.1.0.0/24", offers))),
			want: []string{`OBS402 the peering of VNet "vnet-hub" with VNet "vnet-monitor" is "other", the topology says "to-monitor"`},
		},
		{
			name: "one half", answers: of(map[string]any{"peeringState": "Initiated"}),
			want: []string{`OBS402 the peering of VNet "vnet-hub" with VNet "vnet-monitor" is "Initiated", not Connected`},
		},
		{
			name: "closed", answers: of(map[string]any{"allowVirtualNetworkAccess": false}),
			want: []string{`OBS402 the peering of VNet "vnet-hub" with VNet "vnet-monitor" lets nothing through`},
		},
		{
			name: "out of sync", answers: of(map[string]any{"peeringSyncLevel": "RemoteNotInSync"}),
			want: []string{`OBS402 the peering of VNet "vnet-hub" with VNet "vnet-monitor" is "RemoteNotInSync" and leads to "10.1.0.0/24", not in sync with "10.1.0.0/24"`},
		},
		{
			name: "of other addresses", answers: of(map[string]any{"remoteAddressSpace": map[string]any{"addressPrefixes": []any{"10.9.0.0/16"}}}),
			want: []string{`OBS402 the peering of VNet "vnet-hub" with VNet "vnet-monitor" is "FullyInSync" and leads to "10.9.0.0/16", not in sync with "10.1.0.0/24"`},
		},
		{
			name: "the gateway is not offered", answers: of(map[string]any{"allowGatewayTransit": false}),
			want: []string{`OBS402 the peering of VNet "vnet-hub" with VNet "vnet-monitor" does not offer the VNet's gateway`},
		},
		{
			name: "the gateway is not used", answers: asked("monitor", vnet("10.1.0.0/24", half("any", hub, "10.0.0.0/16", nil), dublin)),
			want: []string{`OBS402 the peering of VNet "vnet-monitor" with VNet "vnet-hub" does not use the other VNet's gateway`},
		},
		{
			name: "our own half", answers: asked("monitor", vnet("10.1.0.0/24", half("any", hub, "10.0.0.0/16", uses), dublin, half("obslink-t-old", old, "10.3.0.0/16", nil))),
		},
		{
			name: "somebody's half where ours is to be", answers: asked("monitor", vnet("10.1.0.0/24", half("any", hub, "10.0.0.0/16", uses), dublin, half("old", old, "10.3.0.0/16", nil))),
			want: []string{`OBS402 VNet "vnet-monitor" is peered with VNet "vnet-old" already: "old"`},
		},
	})
}
