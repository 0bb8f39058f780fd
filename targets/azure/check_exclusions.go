package azure

import (
	"strings"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var (
	strayExclusion = diag.Code{
		ID: "OBS805", Severity: diag.Error, Title: "access modes for an endpoint that is not there",
		Cause:   "An exclusion gives one endpoint of the scope access modes of its own, by the name of its connection; Azure takes any name, and one of no connection does nothing (bicep-registry-modules, avm/res/insights/private-link-scope, 2026-08).",
		Example: "logs: azureMonitor: {ingestion: \"PrivateOnly\", query: \"PrivateOnly\", exclusions: osaka: query: \"Open\"}\nlinks: a: {from: \"tokyo\", to: \"logs\", via: endpoint: network: \"tokyo\"}",
		Mend:    `exclusions: tokyo: query: "Open"`,
	}
	nothingEnforced = diag.Code{
		ID: "OBS806", Severity: diag.Warning, Title: "a resource that anybody reaches from anywhere",
		Cause:   "The access mode Open lets the endpoint's clients reach resources outside of the scope too, and public network access lets networks outside of it reach this resource: the link carries the traffic and guards nothing (private-link-design, 2026-01).",
		Example: `logs: azureMonitor: {ingestion: "Open", query: "PrivateOnly", workspaces: main: publicNetworkAccess: ingestion: "Enabled"}`,
		Mend:    `logs: azureMonitor: {ingestion: "PrivateOnly", query: "PrivateOnly", workspaces: main: publicNetworkAccess: ingestion: "Enabled"}`,
	}
)

// checkModes checks the access modes of each scope and of its endpoints.
func checkModes(t *topology.Topology) diag.List {
	var found diag.List
	endpoints := map[string][]string{} // networks, by backend
	for _, h := range compile.Hostings(t, Name) {
		endpoints[h.Backend] = append(endpoints[h.Backend], h.Network)
	}
	for key, b := range topology.Sorted(t.Backends) {
		if b.Kind != kindMonitor {
			continue
		}
		path := "backends." + key + ".azureMonitor"
		body := compile.Decode[monitor](b.Body)
		at := map[string]bool{}
		for _, network := range endpoints[key] {
			at[network] = true
		}
		for network := range topology.Sorted(body.Exclusions) {
			if !at[network] {
				found = append(found, stray(t, path+".exclusions."+network, key, network, endpoints[key]))
			}
		}
		found = append(found, unguarded(t, path, &body)...)
	}
	return found
}

func stray(t *topology.Topology, path, backend, network string, endpoints []string) diag.Diagnostic {
	hint := "remove it, or link a client to the endpoint there"
	if near := diag.DidYouMean(network, endpoints); near != "" {
		hint = `did you mean "` + near + `"?`
	} else if len(endpoints) > 0 {
		hint = "its endpoints are in: " + strings.Join(endpoints, ", ")
	}
	return strayExclusion.At(t.At(path), path, "backend %q has no endpoint in network %q", backend, network).WithHint("%s", hint)
}

// unguarded finds the resources that the topology itself opens to all networks, while their scope is open
// as well. What obslink chooses is closed, but for queries of an open scope.
func unguarded(t *topology.Topology, path string, body *monitor) diag.List {
	var found diag.List
	for _, r := range body.all() {
		for _, side := range []struct{ word, mode, public string }{{"ingestion", body.Ingestion, r.public.Ingestion}, {"query", body.Query, r.public.Query}} {
			if side.mode != "Open" || side.public != "Enabled" {
				continue
			}
			at := path + "." + r.path + ".publicNetworkAccess"
			if r.kind != kindCollector {
				at += "." + side.word
			}
			found = append(found, nothingEnforced.At(t.At(at), at, "%q is open to every network, and its scope's %s mode is Open: the link guards nothing", r.key, side.word).
				WithNote(t.At(path+"."+side.word), "the mode").
				WithHint("write %s: \"PrivateOnly\", or \"Disabled\" here", side.word))
		}
	}
	return found
}
