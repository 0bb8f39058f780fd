package deploy

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/targets/aws"
)

// vpnParts adds a part of every kind that the connections of sites need, to those of transitParts.
func vpnParts(p *aws.Parts) {
	in := func(name string, line int) plan.Part { return part(virginia, name, line) }
	p.ExistingVPNGateways = append(p.ExistingVPNGateways, aws.ExistingVPNGateway{Provider: tokyo, ID: "vgw-1", VPC: "vpc-0a1b", ASNs: []int64{65010}, Origin: at("networks.tokyo.vpnGateway", 90)})
	p.ExistingTunnelHosts = append(p.ExistingTunnelHosts, aws.ExistingTunnelHost{
		Provider: tokyo, Interface: "eni-1", Address: prefix("10.0.1.9/32").Addr(), SecurityGroup: "sg-1", Origin: at("sites.lab.wireguard.gateway", 91),
	})
	p.CustomerGateways = append(p.CustomerGateways,
		aws.CustomerGateway{Part: in("customergateway_home", 92), Address: prefix("203.0.113.1/32").Addr()},
		aws.CustomerGateway{Part: in("customergateway_lab", 93), Address: prefix("203.0.113.2/32").Addr(), ASN: 65010},
		aws.CustomerGateway{Part: in("customergateway_large", 93), Address: prefix("203.0.113.3/32").Addr(), ASN: 4200000001})
	p.VPNGateways = append(p.VPNGateways, aws.VPNGateway{Part: in("vpngateway_hub", 94), VPC: created("vpc_hub"), ASN: 64512})
	p.VPNConnections = append(p.VPNConnections,
		aws.VPNConnection{Part: in("vpnconnection_home", 92), CustomerGateway: "customergateway_home", VPNGateway: created("vpngateway_hub"), Static: true, Secret: "home-psk"},
		aws.VPNConnection{Part: in("vpnconnection_lab", 93), CustomerGateway: "customergateway_lab", TransitGateway: created("transitgateway_core"), Secret: "lab-psk"},
		aws.VPNConnection{Part: in("vpnconnection_large", 93), CustomerGateway: "customergateway_large", TransitGateway: existing("tgw-9"), Secret: "lab-psk"})
	p.VPNRoutes = append(p.VPNRoutes, aws.VPNRoute{Part: in("vpnroute_home_a", 92), Connection: "vpnconnection_home", Destination: prefix("172.16.0.0/24")})
	p.VPNPropagations = append(p.VPNPropagations, aws.VPNPropagation{Part: in("vpnpropagation_hub", 94), RouteTable: created("route-table_hub_endpoints"), VPNGateway: created("vpngateway_hub")})
	p.TunnelRules = append(p.TunnelRules, aws.TunnelRule{Part: in("tunnelingress_lab", 91), SecurityGroup: "sg-1", From: prefix("203.0.113.2/32"), Port: 51820, Description: "the tunnel of site lab"})
	p.TransitAssociations = append(p.TransitAssociations,
		aws.TransitAssociation{Part: in("transitassociation_lab_core", 93), Attachment: "vpnconnection_lab", RouteTable: created("transitroutetable_core")},
		aws.TransitAssociation{Part: in("transitassociation_large_usual", 93), Attachment: "vpnconnection_large", RouteTable: existing("tgw-rtb-9"), Replace: true})
	p.TransitPropagations = append(p.TransitPropagations, aws.TransitPropagation{Part: in("transitpropagation_lab_core", 93), Attachment: "vpnconnection_lab", RouteTable: created("transitroutetable_core")})
}

// vpnSecrets are what vpnParts refer to.
var vpnSecrets = []plan.Secret{{Name: "home-psk", Origin: at("sites.home.vpn.preSharedKey", 92)}, {Name: "lab-psk", Origin: at("sites.lab.vpn.preSharedKey", 93)}}

// TestVPNLookups asks for gateways and hosts that are not what the topology says.
func TestVPNLookups(t *testing.T) {
	plans := func() *plan.Plan {
		p := seedPlan()
		parts := &aws.Parts{}
		vpnParts(parts)
		all := p.Parts[aws.Name].(*aws.Parts)
		all.ExistingVPNGateways, all.ExistingTunnelHosts = parts.ExistingVPNGateways, parts.ExistingTunnelHosts
		all.ExistingRouteTables[0].VPNGateways = []string{"vgw-9"}
		return p
	}
	const host = `getInstance [{"name":"network-interface.network-interface-id","values":["eni-1"]}]`
	fits := func(change map[string]any) map[string]any {
		answer := map[string]any{"networkInterfaceId": "eni-1", "privateIp": "10.0.1.9", "sourceDestCheck": false, "vpcSecurityGroupIds": []any{"sg-1", "sg-2"}}
		for k, v := range change {
			answer[k] = v
		}
		return answer
	}
	route := routeTable(map[string]any{"cidrBlock": "192.168.0.0/16", "gatewayId": "vgw-9"})
	foreign := routeTable(map[string]any{"cidrBlock": "192.168.0.0/16", "gatewayId": "vgw-8"})
	for name, test := range map[string]struct {
		answers map[string]any
		want    string
	}{
		"as the plan expects":  {},
		"not there":            {map[string]any{"getVpnGateway vgw-1": errors.New("no matching EC2 VPN Gateway found")}, `VPN gateway "vgw-1" was not found in ap-northeast-1`},
		"of another VPC":       {map[string]any{"getVpnGateway vgw-1": map[string]any{"id": "vgw-1", "attachedVpcId": "vpc-9"}}, `VPN gateway "vgw-1" is attached to VPC "vpc-9", the topology says "vpc-0a1b"`},
		"a device's ASN":       {map[string]any{"getVpnGateway vgw-1": map[string]any{"id": "vgw-1", "attachedVpcId": "vpc-0a1b", "amazonSideAsn": "65010"}}, `VPN gateway "vgw-1" has ASN 65010`},
		"no host":              {map[string]any{host: errors.New("Your query returned no results")}, `the host of network interface "eni-1" cannot be looked up`},
		"another address":      {map[string]any{host: fits(map[string]any{"privateIp": "10.0.1.8"})}, `has the address "10.0.1.8", the topology says "10.0.1.9"`},
		"a second address":     {map[string]any{host: fits(map[string]any{"privateIp": "10.0.1.8", "secondaryPrivateIps": []any{"10.0.1.9"}})}, ""},
		"the check is on":      {map[string]any{host: fits(map[string]any{"sourceDestCheck": true})}, `its source/destination check is on`},
		"its second interface": {map[string]any{host: fits(map[string]any{"networkInterfaceId": "eni-0", "sourceDestCheck": true})}, ""},
		"another group":        {map[string]any{host: fits(map[string]any{"vpcSecurityGroupIds": []any{"sg-2"}})}, `is not in security group "sg-1"`},
		"a learned route":      {map[string]any{"getRouteTable rtb-1": route}, ""},
		"the stack's gateway":  {map[string]any{"getRouteTable rtb-1": foreign, "getVpnGateway vgw-8": map[string]any{"id": "vgw-8", "tags": map[string]any{"obslink:stack": "prod"}}}, ""},
		"someone's gateway":    {map[string]any{"getRouteTable rtb-1": foreign, "getVpnGateway vgw-8": map[string]any{"id": "vgw-8"}}, `route table "rtb-1" already sends "192.168.0.0/16" to "vgw-8"`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := runIn(t, plans(), test.answers)
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

// TestPreSharedKeyIsNowhere brings up VPNs with a pre-shared key: neither the plan nor the manifest, nor any
// file that the run leaves, holds it in clear. The simulated clouds keep only what tells two keys apart.
func TestPreSharedKeyIsNowhere(t *testing.T) {
	needCLI(t)
	for _, scenario := range []string{"site_vpn", "azure_vpn"} {
		t.Run(scenario, func(t *testing.T) { preSharedKeyIsNowhere(t, scenario) })
	}
}

func preSharedKeyIsNowhere(t *testing.T, scenario string) {
	const canary = "cAnArY.0123456789"
	s := openScenario(t, "testdata/scenarios/"+scenario+".txtar")
	stack := s.stack(t)
	for _, name := range []string{"home-psk", "lab-psk"} {
		if err := s.runner.SecretSet(t.Context(), stack, name, canary); err != nil {
			t.Fatal(err)
		}
	}
	var heard []Event
	if _, err := s.runner.Up(t.Context(), stack, func(e Event) { heard = append(heard, e) }); err != nil {
		t.Fatal(err)
	}
	for what, text := range map[string]string{"plan": string(asJSON(t, stack.Plan)), "manifest": string(asJSON(t, record(t, stack.Plan))), "talk": show(heard)} {
		if strings.Contains(text, canary) {
			t.Errorf("the %s holds the key in clear", what)
		}
	}
	if !strings.Contains(string(asJSON(t, record(t, stack.Plan))), "${secret:home-psk}") {
		t.Error("the manifest does not refer to the key")
	}
	files := 0
	err := filepath.WalkDir(s.root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files++
		raw, err := os.ReadFile(path)
		if strings.Contains(string(raw), canary) {
			t.Errorf("%s holds the key in clear", path)
		}
		return err
	})
	if err != nil || files < 5 {
		t.Error(files, err)
	}
}
