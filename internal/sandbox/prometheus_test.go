package sandbox

import (
	"strings"
	"testing"
)

// An Azure Monitor workspace says where it is asked, metrics go into it by a rule of its own region, and its
// endpoint has one address.
func TestPrometheus(t *testing.T) {
	e := start(t, Config{})
	c := makeSite(e.azure(sub1)).collecting()
	amw := c.create(prometheusToken, "amw", props{"resourceGroupName": "rg", "azureMonitorWorkspaceName": "amw", "location": "japanwest"})
	seen, err := c.invoke("azure-native:monitor:getAzureMonitorWorkspace", props{"resourceGroupName": "rg", "azureMonitorWorkspaceName": "amw"})
	host := str(sub(seen, "metrics"), "prometheusQueryEndpoint")
	if err != nil || !strings.HasPrefix(host, "https://amw-") || !strings.HasSuffix(host, ".japanwest.prometheus.monitor.azure.com") {
		t.Fatal(host, err)
	}
	rule := func(change props) props {
		return c.ruleInputs(merged(props{
			"dataSources":  props{"prometheusForwarder": list(props{"name": "p", "streams": list("Microsoft-PrometheusMetrics")})},
			"destinations": props{"monitoringAccounts": list(props{"name": "amw", "accountResourceId": amw.id})},
			"dataFlows":    list(props{"streams": list("Microsoft-PrometheusMetrics"), "destinations": list("amw")}),
		}, change))
	}
	c.create(ruleToken, "prometheus", rule(nil))
	other := c.create(collectorToken, "other", props{"resourceGroupName": "rg", "dataCollectionEndpointName": "other", "location": "japaneast"})
	wantError(t, fails(c.try(ruleToken, "away", rule(props{"dataCollectionRuleName": "away", "location": "japaneast", "dataCollectionEndpointId": other.id}))), "workspace amw is in japanwest")
	wantError(t, fails(c.try(ruleToken, "lost", rule(props{"dataCollectionRuleName": "lost",
		"destinations": props{"monitoringAccounts": list(props{"name": "amw", "accountResourceId": amw.id + "2"})}}))), "InvalidResourceReference")
}
