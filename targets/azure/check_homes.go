package azure

import (
	"maps"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var homeless = diag.Code{
	ID: "OBS847", Severity: diag.Error, Title: "a backend of Azure Monitor that could be in two places",
	Cause:   "What a backend creates stands in its region and account; where they are not said, in those of the first network with an endpoint. With endpoints in several regions or accounts, another endpoint or one less would move it, and a workspace that moves is made anew, without its data.",
	Example: `backends: logs: azureMonitor: {workspaces: main: {}, …}   // with endpoints in "tokyo" (japaneast) and "osaka" (japanwest)`,
	Mend:    `backends: logs: azureMonitor: {region: "japaneast", workspaces: main: {}, …}`,
}

// checkHomes wants a region and an account where the endpoints of a backend are in several and something
// that the backend creates says none of its own.
func checkHomes(t *topology.Topology) diag.List {
	regions, accounts := map[string]map[string]bool{}, map[string]map[string]bool{}
	for _, h := range compile.Hostings(t, Name) {
		if t.Backends[h.Backend].Kind != kindMonitor {
			continue
		}
		if regions[h.Backend] == nil {
			regions[h.Backend], accounts[h.Backend] = map[string]bool{}, map[string]bool{}
		}
		regions[h.Backend][t.Networks[h.Network].Region] = true
		accounts[h.Backend][t.Networks[h.Network].Account] = true
	}
	var found diag.List
	for key, b := range topology.Sorted(t.Backends) {
		if len(regions[key]) < 2 && len(accounts[key]) < 2 {
			continue
		}
		body := compile.Decode[monitor](b.Body)
		at := "backends." + key + ".azureMonitor"
		report := func(field string, among map[string]bool) {
			names := slices.Sorted(maps.Keys(among))
			found = append(found, homeless.At(t.At(at), at, "backend %q has endpoints in %s, and says no %s of its own", key, strings.Join(names, " and "), field).
				WithHint("add the one that it is in: %s: %q", field, names[0]))
		}
		if len(regions[key]) > 1 && body.Region == "" && slices.ContainsFunc(body.created(), func(r monitored) bool { return r.Region == "" }) {
			report("region", regions[key])
		}
		if len(accounts[key]) > 1 && body.Account == "" && (body.Existing == "" || slices.ContainsFunc(body.created(), func(r monitored) bool { return r.Account == "" })) {
			report("account", accounts[key])
		}
	}
	return found
}
