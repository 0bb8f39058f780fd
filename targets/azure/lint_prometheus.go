package azure

import (
	"strings"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/schema"
)

// prometheusRules are the traps of query endpoints: Azure takes each of these, and nobody answers.
var prometheusRules = []manifest.Rule{
	{Name: "azure-query-endpoint-replaced", Source: "private-endpoint-overview: the connection to a resource that is gone stays Disconnected, also when another of its id comes", AsOf: "2026, inferred", Check: lintQueryReplaced},
	{Name: "azure-query-zone", Source: "private-link-azure-monitor-workspace: a zone for each region of workspaces", AsOf: "2025-08", Check: lintQueryZone},
}

// queried is the workspace of this manifest that an endpoint leads to; nil where it is none.
func queried(v *manifest.View, endpoint *manifest.Resource) *manifest.Resource {
	for _, to := range scopesOf(v, endpoint) {
		if to.Type == prometheusType {
			return to
		}
	}
	return nil
}

func lintQueryReplaced(v *manifest.View, report manifest.Report) {
	for _, endpoint := range v.OfType(endpointType) {
		if w := queried(v, endpoint); w != nil && v.Referred(endpoint.ReplacementTrigger) != w {
			report(endpoint, "", "is not replaced with %s", w.Name)
		}
	}
}

func lintQueryZone(v *manifest.View, report manifest.Report) {
	for _, group := range v.OfType(zoneGroupType) {
		endpoint := v.Referred(group.Inputs["privateEndpointName"])
		if endpoint == nil || queried(v, endpoint) == nil {
			continue
		}
		want := schema.AzurePrometheus().InRegion(plainLocation(queried(v, endpoint).Text("location"))).Zones[0].Domain
		for _, config := range configs(group) {
			if zone := v.Referred(config["privateDnsZoneId"]); zone != nil && !strings.EqualFold(zone.Text("privateZoneName"), want) {
				report(group, "privateDnsZoneConfigs", "have the zone %s, and the workspace's names are in %s", zone.Text("privateZoneName"), want)
			}
		}
	}
}
