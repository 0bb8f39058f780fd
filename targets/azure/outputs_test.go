package azure

import (
	"encoding/json"
	"net/netip"
	"reflect"
	"strings"
	"testing"

	"github.com/obslink/obslink/compiler/plan"
)

func TestEndpointOutputs(t *testing.T) {
	parts := &Parts{PrivateEndpoints: []PrivateEndpoint{{Part: plan.Part{Name: "endpoint_japan_logs"}}}}
	for _, test := range []struct {
		name, configurations, err string
	}{
		{name: "as a network interface says it", configurations: `[
			{"name": "privateEndpointIpConfig.2", "privateIPAddress": "192.168.2.69", "privateLinkConnectionProperties": {"groupId": "azuremonitor", "requiredMemberName": "api", "fqdns": ["api.monitor.azure.com"]}},
			{"name": "privateEndpointIpConfig.1", "privateIPAddress": "192.168.2.68", "privateLinkConnectionProperties": {"fqdns": ["Ws-2.ods.privatelink.opinsights.azure.com", "ws-1.ods.opinsights.azure.com."]}}]`},
		{name: "no address", configurations: `[]`, err: "the endpoint has no address"},
		{name: "no output", configurations: `null`, err: `output "endpoint_japan_logs": a list of IP configurations was expected, got <nil>`},
		{name: "an address that is none", configurations: `[{"privateIPAddress": ""}]`, err: `[0].privateIPAddress: "" is no address`},
		{name: "a member without names", configurations: `[{"privateIPAddress": "192.168.2.68", "privateLinkConnectionProperties": {"fqdns": []}}]`, err: "a list of fqdns was expected"},
		{name: "a name that is none", configurations: `[{"privateIPAddress": "192.168.2.68", "privateLinkConnectionProperties": {"fqdns": [7]}}]`, err: "7 is no name"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var raw map[string]any
			if err := json.Unmarshal([]byte(`{"endpoint_japan_logs": `+test.configurations+`}`), &raw); err != nil {
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
			want := []plan.EndpointOutput{{Endpoint: "endpoint_japan_logs", Addresses: []plan.EndpointMember{
				{Address: netip.MustParseAddr("192.168.2.68"), FQDNs: []string{"ws-1.ods.opinsights.azure.com", "ws-2.ods.opinsights.azure.com"}},
				{Address: netip.MustParseAddr("192.168.2.69"), FQDNs: []string{"api.monitor.azure.com"}, Member: "api"},
			}}}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

// TestValuesPrometheus: where an Azure Monitor workspace is asked, and where Prometheus writes to, through a
// data collection endpoint that is made or one that is there.
func TestValuesPrometheus(t *testing.T) {
	const dce = "/subscriptions/s/resourceGroups/RG-ops/providers/Microsoft.Insights/dataCollectionEndpoints/dce"
	rule := func(name string, endpoint plan.Ref) DataCollectionRule {
		return DataCollectionRule{Part: plan.Part{Name: name}, Forwarder: "prometheus", Endpoint: endpoint}
	}
	parts := &Parts{
		PrometheusWorkspaces:    []PrometheusWorkspace{{Part: plan.Part{Name: "amw"}, Location: "japaneast"}},
		DataCollectionEndpoints: []DataCollectionEndpoint{{Part: plan.Part{Name: "east"}}},
		DataCollectionRules:     []DataCollectionRule{rule("made", plan.Ref{Part: "east"}), rule("there", plan.Ref{Existing: dce}), {Part: plan.Part{Name: "syslog"}}},
		ExistingMonitored:       []ExistingMonitored{{Kind: kindCollector, ResourceGroup: "rg-ops", Name: "dce", Host: "dce-c3d4.japaneast-1"}},
	}
	raw := func() map[string]any {
		return map[string]any{
			"amw": map[string]any{"prometheusQueryEndpoint": "https://amw-a1b2.japaneast.prometheus.monitor.azure.com"}, "made": "dcr-1", "there": "dcr-2",
			"east": map[string]any{"endpoint": "https://east-a1b2.japaneast-1.ingest.monitor.azure.com"},
		}
	}
	const end = "/streams/Microsoft-PrometheusMetrics/api/v1/write?api-version=2023-04-24"
	want := map[string]string{
		"amw.query": "amw-a1b2", "east.host": "east-a1b2.japaneast-1",
		"made.remoteWrite":  "https://east-a1b2.japaneast-1.metrics.ingest.monitor.azure.com/dataCollectionRules/dcr-1" + end,
		"there.remoteWrite": "https://dce-c3d4.japaneast-1.metrics.ingest.monitor.azure.com/dataCollectionRules/dcr-2" + end,
	}
	if got, err := Values(parts, raw()); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v (%v), want %v", got, err, want)
	}
	for _, missing := range []string{"amw", "made", "there"} {
		said := raw()
		delete(said, missing)
		if _, err := Values(parts, said); err == nil || !strings.Contains(err.Error(), `output "`+missing+`"`) {
			t.Errorf("without %s: %v", missing, err)
		}
	}
}
