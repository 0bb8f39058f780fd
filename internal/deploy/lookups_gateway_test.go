package deploy

import (
	"errors"
	"strings"
	"testing"

	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/targets/azure"
)

// TestGatewayLookups asks for a VPN gateway of Azure that is not what the topology says.
func TestGatewayLookups(t *testing.T) {
	plans := func() *plan.Plan {
		p := seedPlan()
		p.Parts[azure.Name].(*azure.Parts).ExistingGateways = []azure.ExistingGateway{{
			Provider: azureProvider, ResourceGroup: "rg-net", Name: "vgw-japan", VNet: vnetID, BGP: true, ASNs: []int64{65011}, Origin: at("networks.japan.vpnGateway", 74),
		}}
		return p
	}
	is := func(change map[string]any) map[string]any {
		answer := map[string]any{"name": "vgw-japan", "gatewayType": "Vpn", "vpnType": "RouteBased", "enableBgp": true, "bgpSettings": map[string]any{"asn": 65515.0},
			"ipConfigurations": []any{map[string]any{"subnet": map[string]any{"id": strings.ToUpper(vnetID) + "/subnets/GatewaySubnet"}}}}
		for k, v := range change {
			answer[k] = v
		}
		return answer
	}
	for name, test := range map[string]struct {
		answer any
		want   string
	}{
		"as the plan expects": {is(nil), ""},
		"not there":           {errors.New("ResourceNotFound"), `VPN gateway "vgw-japan"`},
		"ExpressRoute":        {is(map[string]any{"gatewayType": "ExpressRoute"}), `is a gateway of type "ExpressRoute"`},
		"policy-based":        {is(map[string]any{"vpnType": "PolicyBased"}), `that is "PolicyBased"`},
		"of another VNet":     {is(map[string]any{"ipConfigurations": []any{map[string]any{"subnet": map[string]any{"id": vnetID + "2/subnets/GatewaySubnet"}}}}), `is not in VNet`},
		"without BGP":         {is(map[string]any{"enableBgp": false}), `does not speak BGP`},
		"with a device's ASN": {is(map[string]any{"bgpSettings": map[string]any{"asn": 65011.0}}), `has ASN 65011`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := runIn(t, plans(), map[string]any{"getVirtualNetworkGateway rg-net vgw-japan": test.answer})
			var d *Disagreement
			switch {
			case test.want == "" && err != nil:
				t.Fatal(err)
			case test.want == "":
			case !errors.As(err, &d) || len(d.Diagnostics) != 1 || !strings.Contains(d.Diagnostics[0].Message, test.want):
				t.Errorf("found %v, want %q", err, test.want)
			}
		})
	}
}
