package program

import (
	"github.com/pulumi/pulumi-azure-native-sdk/network/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// registerRouteTables keeps the routes in their table: they come and go with it.
func (r *Run) registerRouteTables() error {
	for _, t := range r.parts.RouteTables {
		var routes network.RouteTypeArray
		for _, route := range t.Routes {
			routes = append(routes, network.RouteTypeArgs{
				Name: pulumi.String(route.ResourceName), AddressPrefix: pulumi.String(route.Destination.String()),
				NextHopType: pulumi.String("VirtualAppliance"), NextHopIpAddress: pulumi.String(route.NextHop.String()),
			})
		}
		table, err := network.NewRouteTable(r.Ctx, t.Name, &network.RouteTableArgs{
			ResourceGroupName: r.group(t.ResourceGroup), RouteTableName: pulumi.String(t.ResourceName), Location: pulumi.String(t.Location),
			Routes: routes, Tags: r.tags(),
		}, r.options(t.Part))
		if err != nil {
			return err
		}
		r.Keep(t.Name, table)
	}
	return nil
}

// registerPeerings makes each half in its own network's subscription. A half is known to be open only
// if it says so, and forwards nothing from beyond the other network; what the
// other network's gateway lets in is not forwarded traffic (learn: vpn-gateway-peering-gateway-transit).
func (r *Run) registerPeerings() error {
	for _, p := range r.parts.Peerings {
		peering, err := network.NewVirtualNetworkPeering(r.Ctx, p.Name, &network.VirtualNetworkPeeringArgs{
			ResourceGroupName:         r.group(p.ResourceGroup),
			VirtualNetworkName:        r.vnetName(p.VNet),
			VirtualNetworkPeeringName: pulumi.String(p.ResourceName),
			RemoteVirtualNetwork:      network.SubResourceArgs{Id: r.ID(p.Remote)},
			AllowVirtualNetworkAccess: pulumi.Bool(true),
			AllowForwardedTraffic:     pulumi.Bool(false),
			AllowGatewayTransit:       pulumi.Bool(p.Offers),
			UseRemoteGateways:         pulumi.Bool(p.Uses),
		}, r.options(p.Part, r.DependsOn(p.After...)))
		if err != nil {
			return err
		}
		r.Keep(p.Name, peering)
	}
	return nil
}
