package aws

import (
	"encoding/json"
	"net/netip"
	"reflect"
	"strings"
	"testing"

	"github.com/obslink/obslink/compiler/plan"
)

func TestEndpointOutputs(t *testing.T) {
	parts := &Parts{Endpoints: []Endpoint{
		{Part: plan.Part{Name: "endpoint_hub_dd_api"}, Subnets: make([]EndpointSubnet, 2)},
		{Part: plan.Part{Name: "endpoint_hub_dd_metrics"}, Subnets: make([]EndpointSubnet, 1)},
	}}
	const metrics = `"endpoint_hub_dd_metrics": [{"ipv4": "192.168.0.11", "subnetId": "subnet-1"}], "obslink": {"version": 1}`
	for _, test := range []struct{ name, raw, err string }{
		{name: "in no order", raw: `{"endpoint_hub_dd_api": [{"ipv4": "192.168.16.10", "subnetId": "subnet-2"}, {"ipv4": "192.168.0.10", "subnetId": "subnet-1"}], ` + metrics + `}`},
		{name: "an endpoint without output", raw: `{` + metrics + `}`, err: `output "endpoint_hub_dd_api": a list of subnet configurations was expected, got <nil>`},
		{name: "an address too few", raw: `{"endpoint_hub_dd_api": [{"ipv4": "192.168.0.10"}], ` + metrics + `}`, err: "the endpoint has 1 addresses, one for each of 2 subnets was expected"},
		{name: "no address", raw: `{"endpoint_hub_dd_api": [{"subnetId": "subnet-1"}, {"ipv4": "192.168.0.10"}], ` + metrics + `}`, err: `[0].ipv4: "" is no address`},
		{name: "an address that is none", raw: `{"endpoint_hub_dd_api": [{"ipv4": "192.168.0.10"}, {"ipv4": "${x.ipv4}"}], ` + metrics + `}`, err: `[1].ipv4: "${x.ipv4}" is no address`},
		{name: "something else", raw: `{"endpoint_hub_dd_api": "[secret]", ` + metrics + `}`, err: "got [secret]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var raw map[string]any
			if err := json.Unmarshal([]byte(test.raw), &raw); err != nil {
				t.Fatal(err)
			}
			got, err := EndpointOutputs(parts, raw)
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) {
					t.Fatalf("error %v, want %q", err, test.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			want := []plan.EndpointOutput{
				{Endpoint: "endpoint_hub_dd_api", Addresses: []plan.EndpointMember{{Address: netip.MustParseAddr("192.168.0.10")}, {Address: netip.MustParseAddr("192.168.16.10")}}},
				{Endpoint: "endpoint_hub_dd_metrics", Addresses: []plan.EndpointMember{{Address: netip.MustParseAddr("192.168.0.11")}}},
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}
