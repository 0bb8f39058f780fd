package deploy

import (
	"errors"
	"strings"
	"testing"
)

// TestServiceLookups: what the topology says of an endpoint service is asked before anything is made,
// and what AWS says otherwise is a finding at the row.
func TestServiceLookups(t *testing.T) {
	s := openScenario(t, "testdata/scenarios/service_id.txtar")
	s.change(t)
	const service = "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0"
	answer := func(name, kind string) map[string]any {
		return map[string]any{"serviceName": service, "privateDnsName": name, "serviceType": kind}
	}
	for _, test := range []struct {
		answer any
		want   string
	}{
		{answer("metrics.agent.datadoghq.com", "Interface"), ""},
		{answer("other.datadoghq.com", "Interface"), `OBS402 endpoint service "` + service + `" answers the private DNS name "other.datadoghq.com", the topology says "metrics.agent.datadoghq.com"`},
		{answer("metrics.agent.datadoghq.com", "GatewayLoadBalancer"), `OBS402 endpoint service "` + service + `" is of type "GatewayLoadBalancer"; only an interface endpoint has addresses`},
		{errors.New("InvalidServiceName: The Vpc Endpoint Service '" + service + "' does not exist"), `OBS401 endpoint service "` + service + `"`},
	} {
		w, err := runIn(t, s.stack(t).Plan, map[string]any{"getVpcEndpointService " + service: test.answer})
		if len(w.asked) != 2 {
			t.Errorf("asked %v, want each of two services once", w.asked)
		}
		if test.want == "" {
			if err != nil {
				t.Error(err)
			}
			continue
		}
		var d *Disagreement
		if !errors.As(err, &d) || len(d.Diagnostics) != 1 {
			t.Errorf("%v, want %s", err, test.want)
			continue
		}
		if got := d.Diagnostics[0]; !strings.HasPrefix(got.Code+" "+got.Message, test.want) || got.Path != "catalogue.datadog.us1.services.metrics" || got.Pos.Line == 0 {
			t.Errorf("%s %s at %s %s, want %s", got.Code, got.Message, got.Path, got.Pos, test.want)
		}
	}
}
