package program

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-azure-native-sdk/network/v2"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/targets/azure"
	"github.com/obslink/obslink/targets/register"
)

// assumeGateway expects a route-based VPN gateway in the VNet's GatewaySubnet.
func assumeGateway(g azure.ExistingGateway) manifest.Assumption {
	expected := map[string]any{
		"name": g.Name, "gatewayType": "Vpn", "vpnType": "RouteBased",
		"ipConfigurations": []any{map[string]any{"subnet": map[string]any{"id": g.VNet + "/subnets/GatewaySubnet"}}},
	}
	if g.BGP {
		expected["enableBgp"] = true
	}
	return assume("azure-native:network:getVirtualNetworkGateway", g.Provider, g.Origin,
		map[string]any{"resourceGroupName": g.ResourceGroup, "virtualNetworkGatewayName": g.Name}, expected)
}

func (r *Run) lookUpGateway(g azure.ExistingGateway) diag.List {
	what := fmt.Sprintf("VPN gateway %q", g.Name)
	got, err := network.LookupVirtualNetworkGateway(r.Ctx, &network.LookupVirtualNetworkGatewayArgs{
		ResourceGroupName: g.ResourceGroup, VirtualNetworkGatewayName: g.Name,
	}, r.Through(g.Provider))
	if err != nil {
		return register.Failed(g.Origin, what, r.place(g.ResourceGroup, g.Provider), err)
	}
	if kind, way := value(got.GatewayType), value(got.VpnType); kind != "Vpn" || way != "RouteBased" {
		return diag.List{differs(g.Origin, "%s is a gateway of type %q that is %q, not a route-based VPN gateway", what, kind, way).
			WithHint("name the VNet's VPN gateway, or remove existing")}
	}
	var found diag.List
	inside := func(c network.VirtualNetworkGatewayIPConfigurationResponse) bool {
		return c.Subnet != nil && strings.HasPrefix(strings.ToLower(c.Subnet.Id), strings.ToLower(g.VNet)+"/")
	}
	if !slices.ContainsFunc(got.IpConfigurations, inside) {
		found = append(found, differs(g.Origin, "%s is not in VNet %q", what, g.VNet).WithHint("name the gateway of that VNet"))
	}
	if g.BGP && (got.EnableBgp == nil || !*got.EnableBgp) {
		found = append(found, differs(g.Origin, "%s does not speak BGP, and the device of a site does", what).
			WithHint("turn it on: az network vnet-gateway update -g %s -n %s --set enableBgp=true, or remove asn from the site's vpn", g.ResourceGroup, g.Name))
	}
	if b := got.BgpSettings; b != nil && b.Asn != nil && slices.Contains(g.ASNs, int64(*b.Asn)) {
		found = append(found, differs(g.Origin, "%s has ASN %d, as one of its sites' devices", what, int64(*b.Asn)).WithHint("give the device another asn"))
	}
	return found
}
