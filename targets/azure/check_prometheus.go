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

// prometheus checks where the metrics of an Azure Monitor workspace go in.
func (c *collection) prometheus(backend string, body monitor) {
	for _, w := range body.queried() {
		path := "backends." + backend + ".azureMonitor." + w.path
		region := cmp.Or(w.Region, c.homes[backend])
		if slices.ContainsFunc(schema.Azure().OtherClouds, func(o schema.Prefixed) bool { return strings.HasPrefix(region, o.Prefix) }) {
			continue // checkClouds or checkRegions says it
		}
		named := body.Prometheus[w.key].Collector
		if named != "" && !c.knows(path+".dataCollectionEndpoint", "backend "+quoted(backend), "data collection endpoint", named, keysOf(body.Collectors)) {
			continue
		}
		c.endpoint(noMetricsEndpoint, path, "Azure Monitor workspace "+quoted(w.key), backend, named, region, body)
	}
}
