package azure

import (
	"cmp"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/schema"
)

var noMetricsEndpoint = diag.Code{
	ID: "OBS813", Severity: diag.Error, Title: "no data collection endpoint for an Azure Monitor workspace in its region",
	Cause:   "An Azure Monitor workspace is in no private link scope: metrics go in through a data collection endpoint that is, in the workspace's region (private-link-security, data-collection-endpoint-overview, 2026-01).",
	Example: `{region: "japaneast", prometheusWorkspaces: main: {}, dataCollectionEndpoints: west: region: "japanwest", …}`,
	Mend:    `{region: "japaneast", prometheusWorkspaces: main: {}, dataCollectionEndpoints: {east: {}, west: region: "japanwest"}, …}`,
}

var prometheusElsewhere = diag.Code{
	ID: "OBS817", Severity: diag.Error, Title: "an Azure Monitor workspace in a cloud whose names obslink does not know",
	Cause:   "The zone privatelink.<region>.prometheus.monitor.azure.com is the public cloud's (private-link-azure-monitor-workspace, 2025-08); no source at hand says that of another.",
	Example: `prometheusWorkspaces: k8s: region: "usgovvirginia"`,
	Mend:    `prometheusWorkspaces: k8s: region: "eastus"`,
}

// prometheus checks where the metrics of an Azure Monitor workspace go in.
func (c *collection) prometheus(backend string, body monitor) {
	for _, w := range body.queried() {
		path := "backends." + backend + ".azureMonitor." + w.path
		region := cmp.Or(w.Region, c.homes[backend])
		if slices.ContainsFunc(schema.Azure().OtherClouds, func(o schema.Prefixed) bool { return strings.HasPrefix(region, o.Prefix) }) {
			c.report(prometheusElsewhere, path, "leave it out, or choose a region of the public cloud", "Azure Monitor workspace %q would be in %q, where obslink knows no query endpoint", w.key, region)
			continue
		}
		named := body.Prometheus[w.key].Collector
		if named != "" && !c.knows(path+".dataCollectionEndpoint", "backend "+quoted(backend), "data collection endpoint", named, keysOf(body.Collectors)) {
			continue
		}
		c.endpoint(noMetricsEndpoint, path, "Azure Monitor workspace "+quoted(w.key), backend, named, region, body)
	}
}
