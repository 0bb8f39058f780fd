package deploy

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/topologytest"
	"github.com/obslink/obslink/targets"
)

// archived is the plan of one of the compiler's own cases.
func archived(t *testing.T, name string) *plan.Plan {
	t.Helper()
	a, err := topologytest.ReadArchive("../../compiler/compile/testdata/" + name + ".txtar")
	if err != nil {
		t.Fatal(err)
	}
	r := compile.Stack(a.Files, a.Stack, targets.All)
	if r.Plan == nil {
		t.Fatal(r.Found)
	}
	return r.Plan
}

// existingLookup is an answer of the cloud and what must be said of it.
type existingLookup struct {
	name    string
	answers map[string]any
	want    []string
}

func checkLookups(t *testing.T, archive string, tests []existingLookup) {
	t.Helper()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w, err := runIn(t, archived(t, archive), test.answers)
			for key := range test.answers {
				if !slices.Contains(w.asked, key) {
					t.Errorf("nothing asked %q; asked %q", key, w.asked)
				}
			}
			var disagreement *Disagreement
			var got []string
			if errors.As(err, &disagreement) {
				for _, d := range disagreement.Diagnostics {
					got = append(got, d.Code+" "+d.Message)
					if !d.Pos.IsValid() || d.Path == "" || d.Hint == "" {
						t.Errorf("%s: position %s, path %q, hint %q", d.Message, d.Pos, d.Path, d.Hint)
					}
				}
			} else if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}

func changed(answer map[string]any, change map[string]any) map[string]any {
	c := maps.Clone(answer)
	maps.Copy(c, change)
	return c
}

func TestLookupsOfEndpoints(t *testing.T) {
	const asked, group = "getVpcEndpoint vpce-0001", "getSecurityGroup sg-0e5f"
	endpoint := map[string]any{
		"id": "vpce-0001", "vpcId": "vpc-0e5f", "serviceName": "com.amazonaws.vpce.us-east-1.vpce-svc-09a8006e245d1e7b8", "state": "available",
		"vpcEndpointType": "Interface", "privateDnsEnabled": true, "securityGroupIds": []any{"sg-9", "sg-0e5f"},
		"networkInterfaceIds": []any{"eni-1", "eni-2"},
	}
	one := map[string]any{"id": "eni-1", "privateIp": "192.168.0.10"}
	two := map[string]any{"id": "eni-2", "privateIp": "192.168.16.10"}
	whole := map[string]any{asked: endpoint, "getNetworkInterface eni-1": one, "getNetworkInterface eni-2": two}
	rule := func(cidr string, change map[string]any) map[string]any {
		return changed(map[string]any{"isEgress": false, "ipProtocol": "tcp", "fromPort": 443, "toPort": 443, "cidrIpv4": cidr}, change)
	}
	const rules = `getSecurityGroupRules [{"name":"group-id","values":["sg-0e5f"]}]`
	own := rule("192.168.0.0/16", nil)
	checkLookups(t, "aws-existing-endpoints", []existingLookup{
		{name: "as declared", answers: whole},
		{
			name: "not there", answers: map[string]any{asked: errors.New("invoking: no matching EC2 VPC Endpoint found")},
			want: []string{`OBS401 VPC endpoint "vpce-0001" was not found in us-east-1 of account 123456789012`},
		},
		{
			name: "pending, for another service, without private DNS, behind another group, in another VPC", answers: changed(whole, map[string]any{asked: changed(endpoint, map[string]any{
				"state": "pendingAcceptance", "serviceName": "com.amazonaws.us-east-1.logs", "privateDnsEnabled": false, "securityGroupIds": []any{"sg-9"}, "vpcId": "vpc-9",
			})}),
			want: []string{
				`OBS402 VPC endpoint "vpce-0001" has private DNS off, the topology says on`,
				`OBS402 VPC endpoint "vpce-0001" has the security groups "sg-9", the topology says "sg-0e5f"`,
				`OBS402 VPC endpoint "vpce-0001" is "pendingAcceptance", not available`,
				`OBS402 VPC endpoint "vpce-0001" is for the service "com.amazonaws.us-east-1.logs", the topology says "com.amazonaws.vpce.us-east-1.vpce-svc-09a8006e245d1e7b8"`,
				`OBS402 VPC endpoint "vpce-0001" is in VPC "vpc-9", the topology says "vpc-0e5f"`,
			},
		},
		{
			name: "other addresses", answers: changed(whole, map[string]any{"getNetworkInterface eni-2": map[string]any{"id": "eni-2", "privateIp": "192.168.16.99"}}),
			want: []string{`OBS402 VPC endpoint "vpce-0001" has the addresses "192.168.0.10", "192.168.16.99", the topology says "192.168.0.10", "192.168.16.10"`},
		},
		{
			name: "a group of another VPC", answers: map[string]any{group: map[string]any{"id": "sg-0e5f", "vpcId": "vpc-9"}},
			want: []string{`OBS402 security group "sg-0e5f" is in VPC "vpc-9", the topology says "vpc-0e5f"`},
		},
		{
			name: "a declared rule is for another port", answers: map[string]any{rules: map[string]any{"ids": []any{"sgr-1"}}, "getSecurityGroupRule sgr-1": rule("192.168.0.0/16", map[string]any{"fromPort": 80, "toPort": 80})},
			want: []string{`OBS402 security group "sg-0e5f" does not let "192.168.0.0/16" in to port 443, the topology says that it does`},
		},
		{name: "wider rules", answers: map[string]any{rules: map[string]any{"ids": []any{"sgr-1"}}, "getSecurityGroupRule sgr-1": rule("0.0.0.0/0", map[string]any{"ipProtocol": "-1", "fromPort": -1, "toPort": -1})}},
		{
			name: "a rule that the plan adds is there", answers: map[string]any{
				rules: map[string]any{"ids": []any{"sgr-1", "sgr-2"}}, "getSecurityGroupRule sgr-1": own, "getSecurityGroupRule sgr-2": rule("10.0.0.0/16", nil),
			},
			want: []string{`OBS402 security group "sg-0e5f" lets "10.0.0.0/16" in to port 443 already, and obslink would add the rule`},
		},
		{name: "our own rule, on the second run", answers: map[string]any{
			rules: map[string]any{"ids": []any{"sgr-1", "sgr-2"}}, "getSecurityGroupRule sgr-1": own,
			"getSecurityGroupRule sgr-2": rule("10.0.0.0/16", map[string]any{"tags": map[string]any{"obslink:stack": "t"}}),
		}},
	})
}

func TestLookupsOfPeerings(t *testing.T) {
	peering := map[string]any{"id": "pcx-0a1b", "status": "active", "vpcId": "vpc-0a1b", "peerVpcId": "vpc-0e5f"}
	table := func(routes ...any) map[string]any {
		return map[string]any{"routeTableId": "rtb-0e5f", "vpcId": "vpc-0e5f", "routes": routes}
	}
	const asked = "getVpcPeeringConnection pcx-0a1b"
	checkLookups(t, "aws-existing-peering", []existingLookup{
		{name: "from either side", answers: map[string]any{asked: peering}},
		{
			name: "pending, of other VPCs", answers: map[string]any{asked: changed(peering, map[string]any{"status": "pending-acceptance", "peerVpcId": "vpc-9"})},
			want: []string{
				`OBS402 VPC peering "pcx-0a1b" is "pending-acceptance", not active`,
				`OBS402 VPC peering "pcx-0a1b" joins the VPCs "vpc-0a1b", "vpc-9", the topology says "vpc-0a1b", "vpc-0e5f"`,
			},
		},
		{
			name: "not there", answers: map[string]any{asked: errors.New("no matching EC2 VPC Peering Connection found")},
			want: []string{`OBS401 VPC peering "pcx-0a1b" was not found in us-east-1 of account 123456789012`},
		},
		{
			name: "no route where one is declared", answers: map[string]any{"getRouteTable rtb-0e5f": table()},
			want: []string{`OBS402 route table "rtb-0e5f" has no route to "10.0.0.0/16", the topology says that it has`},
		},
		{
			name: "a declared route leads elsewhere", answers: map[string]any{"getRouteTable rtb-0e5f": table(map[string]any{"cidrBlock": "10.0.0.0/16", "transitGatewayId": "tgw-1"})},
			want: []string{`OBS402 route table "rtb-0e5f" sends "10.0.0.0/16" to "tgw-1", the links need "pcx-0a1b"`},
		},
		{name: "our own route over the existing peering", answers: map[string]any{"getRouteTable rtb-0c3d": map[string]any{
			"routeTableId": "rtb-0c3d", "vpcId": "vpc-0a1b", "routes": []any{map[string]any{"cidrBlock": "192.168.0.0/16", "vpcPeeringConnectionId": "pcx-0a1b"}},
		}}},
	})
}

func TestLookupsOfNames(t *testing.T) {
	const (
		id, sees   = "getZone Z0123456789ABCDEFGHIJ", "getZone metrics.agent.datadoghq.com vpc-0a1b"
		named, one = "getZone agent-http-intake.logs.datadoghq.com true", "getZone agent-http-intake.logs.datadoghq.com vpc-0a1b"
		two        = "getZone agent-http-intake.logs.datadoghq.com vpc-0e5f"
		endpoint   = "getVpcEndpoint com.amazonaws.vpce.us-east-1.vpce-svc-025a56b9187ac1f63 vpc-0e5f"
	)
	zone := map[string]any{"zoneId": "Z9", "name": "agent-http-intake.logs.datadoghq.com", "privateZone": true}
	none := errors.New("no matching Route 53 Hosted Zone found")
	ours := map[string]any{"tags": map[string]any{"obslink:stack": "t"}}
	checkLookups(t, "aws-existing-peering", []existingLookup{
		{
			name: "a declared zone of another name", answers: map[string]any{id: map[string]any{"zoneId": "Z0123456789ABCDEFGHIJ", "name": "datadoghq.com.", "privateZone": true}},
			want: []string{`OBS402 hosted zone "Z0123456789ABCDEFGHIJ" is for "datadoghq.com.", the topology says "metrics.agent.datadoghq.com"`},
		},
		{
			name: "a declared zone that is public", answers: map[string]any{id: map[string]any{"zoneId": "Z0123456789ABCDEFGHIJ", "name": "metrics.agent.datadoghq.com", "privateZone": false}},
			want: []string{`OBS402 hosted zone "Z0123456789ABCDEFGHIJ" is public: VPCs do not see it`},
		},
		{
			name: "a declared zone that a VPC does not see", answers: map[string]any{sees: none},
			want: []string{`OBS402 VPC "vpc-0a1b" does not see hosted zone "Z0123456789ABCDEFGHIJ", the topology says that it does`},
		},
		{
			name: "a zone of the name that a VPC sees", answers: map[string]any{named: errors.New("multiple Route 53 Hosted Zones matched"), one: zone, two: none},
			want: []string{`OBS402 VPC "vpc-0a1b" sees a private zone for agent-http-intake.logs.datadoghq.com already: "Z9"`},
		},
		{name: "a zone of the name that others see", answers: map[string]any{named: zone, one: none, two: none}},
		{name: "our own zone", answers: map[string]any{named: changed(zone, ours), one: changed(zone, ours), two: none}},
		{
			name: "an endpoint that answers the name", answers: map[string]any{endpoint: map[string]any{"id": "vpce-9", "privateDnsEnabled": true}},
			want: []string{`OBS402 endpoint "vpce-9" answers agent-http-intake.logs.datadoghq.com in VPC "vpc-0e5f" already`},
		},
		{name: "an endpoint that does not", answers: map[string]any{endpoint: map[string]any{"id": "vpce-9", "privateDnsEnabled": false}}},
		{name: "our own endpoint", answers: map[string]any{endpoint: changed(ours, map[string]any{"id": "vpce-9", "privateDnsEnabled": true})}},
		{
			name: "nobody may look", answers: map[string]any{named: errors.New("AccessDenied: no route53:ListHostedZones")},
			want: []string{
				`OBS401 private zones for agent-http-intake.logs.datadoghq.com cannot be looked up in ap-northeast-1 of account 123456789012: AccessDenied: no route53:ListHostedZones`,
				`OBS401 private zones for agent-http-intake.logs.datadoghq.com cannot be looked up in us-east-1 of account 123456789012: AccessDenied: no route53:ListHostedZones`,
			},
		},
	})
}
