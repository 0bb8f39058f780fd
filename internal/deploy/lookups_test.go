package deploy

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/targets/aws"
)

// world is a recorder whose look-ups are answered by the test.
type world struct {
	*recorder
	answers map[string]any // by function and a distinguishing argument: a map, or an error
	mu      sync.Mutex
	asked   []string
}

func (w *world) Call(args pulumi.MockCallArgs) (resource.PropertyMap, error) {
	plain, err := plainObject(args.Args)
	if err != nil {
		return nil, err
	}
	var values []string
	for _, key := range slices.Sorted(maps.Keys(plain)) {
		text, ok := plain[key].(string)
		if !ok {
			text = string(mustMarshal(plain[key]))
		}
		values = append(values, text)
	}
	key := args.Token[strings.LastIndex(args.Token, ":")+1:] + " " + strings.Join(values, " ")
	w.mu.Lock()
	w.asked = append(w.asked, key)
	w.mu.Unlock()
	switch answer := w.answers[key].(type) {
	case error:
		return nil, answer
	case map[string]any:
		return resource.NewPropertyMapFromMap(answer), nil
	}
	return w.recorder.Call(args)
}

// runIn runs the plan's program in a world of answers that differ from what the plan expects.
func runIn(t *testing.T, p *plan.Plan, answers map[string]any) (*world, error) {
	t.Helper()
	w := &world{recorder: newRecorder(p), answers: answers}
	config, keys := secretConfig(p, "obslink")
	ctx, err := pulumi.NewContext(t.Context(), pulumi.RunInfo{Project: "obslink", Stack: p.Stack, Mocks: w, Config: config, ConfigSecretKeys: keys})
	if err != nil {
		t.Fatal(err)
	}
	return w, pulumi.RunWithContext(ctx, func(ctx *pulumi.Context) error { return Run(ctx, p) })
}

func routeTable(route map[string]any) map[string]any {
	return map[string]any{"routeTableId": "rtb-1", "vpcId": "vpc-0a1b", "routes": []any{
		map[string]any{"cidrBlock": "10.0.0.0/16", "gatewayId": "local"}, route,
	}}
}

func TestLookups(t *testing.T) {
	vpc := func(change map[string]any) map[string]any {
		answer := map[string]any{
			"id": "vpc-0a1b", "cidrBlock": "10.0.0.0/16", "enableDnsSupport": true, "enableDnsHostnames": true,
			"cidrBlockAssociations": []any{map[string]any{"cidrBlock": "10.0.0.0/16", "state": "associated"}},
		}
		maps.Copy(answer, change)
		return answer
	}
	const vnet = "getVirtualNetwork rg-net vnet-japan"
	for _, test := range []struct {
		name    string
		answers map[string]any
		want    []string // code and message of each finding, in order
		hint    string   // in the first
	}{
		{name: "as the plan expects"},
		{
			name: "a VPC that is not there", answers: map[string]any{"getVpc vpc-0a1b": errors.New("invoking aws:ec2/getVpc:getVpc: no matching EC2 VPC found")},
			want: []string{`OBS401 VPC "vpc-0a1b" was not found in ap-northeast-1 of account 123456789012`}, hint: "write the id of an object that is there",
		},
		{
			name: "credentials that may not look", answers: map[string]any{"getVpc vpc-0a1b": errors.New("AccessDenied: no ec2:DescribeVpcs\nmore")},
			want: []string{`OBS401 VPC "vpc-0a1b" cannot be looked up in ap-northeast-1 of account 123456789012: AccessDenied: no ec2:DescribeVpcs`}, hint: "credentials",
		},
		{
			name: "other CIDRs", answers: map[string]any{"getVpc vpc-0a1b": vpc(map[string]any{"cidrBlockAssociations": []any{
				map[string]any{"cidrBlock": "10.1.0.0/16", "state": "associated"}, map[string]any{"cidrBlock": "10.0.0.0/16", "state": "disassociated"},
			}})},
			want: []string{`OBS402 VPC "vpc-0a1b" has the CIDRs "10.1.0.0/16", the topology says "10.0.0.0/16"`}, hint: `write cidrs: ["10.1.0.0/16"]`,
		},
		{
			name: "a second CIDR", answers: map[string]any{"getVpc vpc-0a1b": vpc(map[string]any{"cidrBlockAssociations": []any{
				map[string]any{"cidrBlock": "10.0.0.0/16", "state": "associated"}, map[string]any{"cidrBlock": "100.64.0.0/16", "state": "associated"},
			}})},
			want: []string{`OBS402 VPC "vpc-0a1b" has the CIDRs "10.0.0.0/16", "100.64.0.0/16", the topology says "10.0.0.0/16"`}, hint: `write cidrs: ["10.0.0.0/16", "100.64.0.0/16"]`,
		},
		{
			name: "DNS attributes off", answers: map[string]any{"getVpc vpc-0a1b": vpc(map[string]any{"enableDnsSupport": false, "enableDnsHostnames": false})},
			want: []string{
				`OBS402 VPC "vpc-0a1b" has enableDnsHostnames off, so private names would not resolve in it`,
				`OBS402 VPC "vpc-0a1b" has enableDnsSupport off, so private names would not resolve in it`,
			}, hint: "aws ec2 modify-vpc-attribute --vpc-id vpc-0a1b --enable-dns-hostnames",
		},
		{
			name:    "a subnet of another VPC, with another CIDR and zone",
			answers: map[string]any{"getSubnet subnet-1": map[string]any{"id": "subnet-1", "vpcId": "vpc-9", "cidrBlock": "10.9.0.0/24", "availabilityZoneId": "apne1-az1"}},
			want: []string{
				`OBS402 subnet "subnet-1" has the CIDR "10.9.0.0/24", the topology says "10.0.1.0/24"`,
				`OBS402 subnet "subnet-1" is in VPC "vpc-9", the topology says "vpc-0a1b"`,
				`OBS402 subnet "subnet-1" is in zone "apne1-az1", the topology says "apne1-az4"`,
			}, hint: `write cidr: "10.9.0.0/24"`,
		},
		{
			name: "a route that claims the prefix", answers: map[string]any{"getRouteTable rtb-1": routeTable(map[string]any{"cidrBlock": "192.168.0.0/16", "transitGatewayId": "tgw-1"})},
			want: []string{`OBS402 route table "rtb-1" already sends "192.168.0.0/16" to "tgw-1", and obslink would send "192.168.0.0/16" elsewhere`},
		},
		{
			name: "a longer route inside the prefix", answers: map[string]any{"getRouteTable rtb-1": routeTable(map[string]any{"cidrBlock": "192.168.8.0/24", "natGatewayId": "nat-1"})},
			want: []string{`OBS402 route table "rtb-1" already sends "192.168.8.0/24" to "nat-1", and obslink would send "192.168.0.0/16" elsewhere`},
		},
		{name: "a default route", answers: map[string]any{"getRouteTable rtb-1": routeTable(map[string]any{"cidrBlock": "0.0.0.0/0", "natGatewayId": "nat-1"})}},
		{name: "a prefix list", answers: map[string]any{"getRouteTable rtb-1": routeTable(map[string]any{"destinationPrefixListId": "pl-1", "gatewayId": "vpce-1"})}},
		{
			name: "our own route, on the second run", answers: map[string]any{
				"getRouteTable rtb-1":           routeTable(map[string]any{"cidrBlock": "192.168.0.0/16", "vpcPeeringConnectionId": "pcx-1"}),
				"getVpcPeeringConnection pcx-1": map[string]any{"id": "pcx-1", "tags": map[string]any{"obslink:stack": "prod"}},
			},
		},
		{name: "our own route to a gateway", answers: map[string]any{"getRouteTable rtb-1": routeTable(map[string]any{"cidrBlock": "192.168.0.0/16", "networkInterfaceId": "eni-gateway"})}},
		{
			name: "a route to another interface", answers: map[string]any{"getRouteTable rtb-1": routeTable(map[string]any{"cidrBlock": "192.168.0.0/16", "networkInterfaceId": "eni-9"})},
			want: []string{`OBS402 route table "rtb-1" already sends "192.168.0.0/16" to "eni-9", and obslink would send "192.168.0.0/16" elsewhere`},
		},
		{
			name: "a route of another stack", answers: map[string]any{
				"getRouteTable rtb-1":           routeTable(map[string]any{"cidrBlock": "192.168.0.0/16", "vpcPeeringConnectionId": "pcx-1"}),
				"getVpcPeeringConnection pcx-1": map[string]any{"id": "pcx-1", "tags": map[string]any{"obslink:stack": "dev"}},
			},
			want: []string{`OBS402 route table "rtb-1" already sends "192.168.0.0/16" to "pcx-1", and obslink would send "192.168.0.0/16" elsewhere`},
		},
		{
			name: "a route to a peering that is gone", answers: map[string]any{
				"getRouteTable rtb-1":           routeTable(map[string]any{"cidrBlock": "192.168.0.0/16", "vpcPeeringConnectionId": "pcx-1"}),
				"getVpcPeeringConnection pcx-1": errors.New("no matching EC2 VPC Peering Connection found"),
			},
			want: []string{`OBS402 route table "rtb-1" already sends "192.168.0.0/16" to "pcx-1", and obslink would send "192.168.0.0/16" elsewhere`},
		},
		{
			name: "a VNet with another space, elsewhere", answers: map[string]any{vnet: map[string]any{"name": "vnet-japan", "location": "westeurope", "addressSpace": map[string]any{"addressPrefixes": []any{"10.0.0.0/8"}}}},
			want: []string{
				`OBS402 VNet "vnet-japan" has the address space "10.0.0.0/8", the topology says "192.168.2.0/24"`,
				`OBS402 VNet "vnet-japan" is in "westeurope", the topology says "japaneast"`,
			}, hint: `write cidrs: ["10.0.0.0/8"]`,
		},
		{name: "a location written out", answers: map[string]any{vnet: map[string]any{"name": "vnet-japan", "location": "Japan East", "addressSpace": map[string]any{"addressPrefixes": []any{"192.168.2.0/24"}}}}},
		{name: "a subnet with a list of prefixes", answers: map[string]any{"getSubnet rg-net gateway vnet-japan": map[string]any{"name": "gateway", "addressPrefixes": []any{"192.168.2.0/27"}}}},
		{
			name: "mistakes in both clouds", answers: map[string]any{
				"getVpc vpc-0a1b":                     errors.New("no matching EC2 VPC found"),
				vnet:                                  errors.New(`Status=404 Code="ResourceNotFound" Message="The Resource was not found."`),
				"getSubnet rg-net gateway vnet-japan": map[string]any{"name": "gateway", "addressPrefix": "192.168.2.32/27"},
			},
			want: []string{
				`OBS401 VPC "vpc-0a1b" was not found in ap-northeast-1 of account 123456789012`,
				`OBS401 VNet "vnet-japan" was not found in resource group "rg-net" of subscription 00000000-0000-0000-0000-000000000000`,
				`OBS402 subnet "gateway" of VNet "vnet-japan" has the prefix "192.168.2.32/27", the topology says "192.168.2.0/27"`,
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			w, err := runIn(t, seedPlan(), test.answers)
			for key := range test.answers {
				if !slices.Contains(w.asked, key) {
					t.Errorf("nothing asked %q; asked %q", key, w.asked)
				}
			}
			if len(test.want) == 0 {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			var disagreement *Disagreement
			if !errors.As(err, &disagreement) {
				t.Fatalf("got %v, want a disagreement", err)
			}
			var got []string
			for _, d := range disagreement.Diagnostics {
				got = append(got, d.Code+" "+d.Message)
				if !d.Pos.IsValid() || d.Path == "" || d.Hint == "" {
					t.Errorf("%s: position %s, path %q, hint %q", d.Message, d.Pos, d.Path, d.Hint)
				}
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
			if hint := disagreement.Diagnostics[0].Hint; !strings.Contains(hint, test.hint) {
				t.Errorf("hint %q, want %q in it", hint, test.hint)
			}
			for _, r := range w.resources {
				if !strings.HasPrefix(r.Type, "pulumi:providers:") {
					t.Errorf("%s was registered although look-ups disagree", r.Name)
				}
			}
		})
	}
}

// A subnet that is to hold cross-region endpoints is looked up for its zone, be it declared or not.
func TestLookupOfCrossRegionSubnet(t *testing.T) {
	for zone, want := range map[string]string{
		"apne1-az4": "",
		"apne1-az3": `subnet "subnet-1" is in zone "apne1-az3", which has no cross-region endpoints`,
	} {
		p := seedPlan()
		subnet := &p.Parts[aws.Name].(*aws.Parts).ExistingSubnets[0]
		subnet.ZoneID, subnet.CrossRegion = "", true
		_, err := runIn(t, p, map[string]any{"getSubnet subnet-1": map[string]any{
			"id": "subnet-1", "vpcId": "vpc-0a1b", "cidrBlock": "10.0.1.0/24", "availabilityZoneId": zone,
		}})
		var disagreement *Disagreement
		switch {
		case want == "" && err != nil:
			t.Errorf("%s: %v", zone, err)
		case want != "" && (!errors.As(err, &disagreement) || disagreement.Diagnostics[0].Message != want):
			t.Errorf("%s: got %v, want %s", zone, err, want)
		}
	}
}
