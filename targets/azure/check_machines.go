package azure

import (
	"strings"

	"github.com/obslink/obslink/compiler/check"
	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var (
	retiredAgent = diag.Code{
		ID: "OBS840", Severity: diag.Error, Title: "the Log Analytics agent is retired",
		Cause:   "The Log Analytics agent (MMA, OMS) was retired on 2024-08-31, and what it still sends is taken less and less (azure-monitor-agent-migration, 2026-01). The Azure Monitor Agent replaces it; outside of Azure it is an extension of the Arc agent.",
		Example: `machines: web: {arc: "/subscriptions/…", region: "japaneast", os: "linux", agent: "logAnalytics"}`,
		Mend:    `machines: web: {arc: "/subscriptions/…", region: "japaneast", os: "linux", agent: "azureMonitor"}`,
	}
	badMachine = diag.Code{
		ID: "OBS841", Severity: diag.Error, Title: "not the id of an Arc machine of a subscription of this topology",
		Cause:   "A machine is named by the ARM id of its Arc resource, and looked up through the account of that subscription. Non-Azure machines need the Arc agent first (azure-monitor-agent-migration, 2026-01).",
		Example: `machines: web: {arc: "web", region: "japaneast", os: "linux"}`,
		Mend:    `machines: web: {arc: "/subscriptions/…/resourceGroups/rg-arc/providers/Microsoft.HybridCompute/machines/web", region: "japaneast", os: "linux"}`,
	}
	machineElsewhere = diag.Code{
		ID: "OBS842", Severity: diag.Error, Title: "an Arc scope in another region than a machine of its site",
		Cause:   "An Arc private link scope takes machines of its own region; the endpoint may stand in another (Arc: private-link-security, 2026-05).",
		Example: "sites: home: machines: web: {region: \"japaneast\", …}\nbackends: arc: azureArc: region: \"japanwest\"",
		Mend:    `backends: arc: azureArc: region: "japaneast"`,
	}
	noArcScope = diag.Code{
		ID: "OBS843", Severity: diag.Error, Title: "machines of a site that reaches a PrivateOnly scope and no Arc scope",
		Cause:   "PrivateOnly is chosen to keep servers off the public network, and the Arc agent, which installs and configures the Azure Monitor Agent, would still work over it (Arc: private-link-security, 2026-05).",
		Example: `links: a: {from: "home", to: "logs", …}   // logs is PrivateOnly, and home has machines`,
		Mend:    "backends: arc: azureArc: region: \"japaneast\"\nlinks: \"home-arc\": {from: \"home\", to: \"arc\"}",
	}
)

// checkMachines checks the Arc-enabled servers of sites.
func checkMachines(t *topology.Topology) diag.List {
	var found diag.List
	arcOf, closed := siteScopes(t)
	accounts, first := subscriptions(t), map[string]string{}
	for site, s := range topology.Sorted(t.Sites) {
		path, was := "sites."+site+".machines", map[string]string{}
		for key, raw := range topology.Sorted(s.Machines) {
			body, at := compile.Decode[machine](raw), path+"."+key
			was[key] = body.Was
			found = append(found, region(t, at+".region", body.Region, machineCloud(t, body.Arc, accounts))...)
			found = append(found, machineAt(t, at+".arc", body.Arc, accounts, first)...)
			if body.Agent == agentLogAnalytics {
				found = append(found, retiredAgent.At(t.At(at+".agent"), at+".agent", "the Log Analytics agent was retired on 2024-08-31").
					WithHint(`write agent: "azureMonitor", which replaces it`))
			}
			if b := t.Backends[arcOf[site]]; b != nil {
				if scope := compile.Decode[arc](b.Body).Region; scope != body.Region {
					found = append(found, machineElsewhere.At(t.At(at+".region"), at+".region", "machine %q is in %q, Arc scope %q in %q", key, body.Region, arcOf[site], scope).
						WithNote(t.At("backends."+arcOf[site]), "the scope").WithHint("declare a scope in %q", body.Region))
				}
			}
		}
		found = append(found, check.Keys(t, path, was)...)
		if link := closed[site]; len(s.Machines) > 0 && link != "" && arcOf[site] == "" {
			found = append(found, noArcScope.At(t.At(path), path, "site %q reaches the PrivateOnly scope %q, and its machines no Arc scope", site, t.Links[link].To).
				WithNote(t.At("links."+link), "the link").WithHint("add backends: arc: azureArc: region: … and link the site to it"))
		}
	}
	return found
}

// siteScopes are the Arc backend of each site, and a link of it to a scope that is PrivateOnly.
func siteScopes(t *topology.Topology) (arcs, closed map[string]string) {
	arcs, closed = map[string]string{}, map[string]string{}
	for key, l := range topology.Sorted(t.Links) {
		switch b := t.Backends[l.To]; b.Kind {
		case kindArc:
			arcs[l.From] = l.To
		case kindMonitor:
			if m := compile.Decode[monitor](b.Body); m.Ingestion == "PrivateOnly" || m.Query == "PrivateOnly" {
				closed[l.From] = key
			}
		}
	}
	return arcs, closed
}

// machineCloud is the cloud of a machine's subscription; "" where that is no account.
func machineCloud(t *topology.Topology, id string, accounts map[string]string) string {
	if m := machineID.FindStringSubmatch(id); m != nil && accounts[strings.ToLower(m[1])] != "" {
		return cloudOf(t, accounts[strings.ToLower(m[1])])
	}
	return ""
}

// machineAt checks a machine's id; each machine is declared once.
func machineAt(t *topology.Topology, at, value string, accounts, first map[string]string) diag.List {
	id := machineID.FindStringSubmatch(value)
	switch other := first[strings.ToLower(value)]; {
	case id == nil:
		return diag.List{badMachine.At(t.At(at), at, "%q is not the id of an Arc machine", value).WithHint("paste the id from `az connectedmachine list --query '[].id'`")}
	case accounts[strings.ToLower(id[1])] == "":
		return diag.List{badMachine.At(t.At(at), at, "the machine is in subscription %q, which is no account of this topology", id[1]).
			WithHint("declare it: accounts: machines: azure: subscription: %q", id[1])}
	case other != "":
		return diag.List{declaredTwice.At(t.At(at), at, "machine %q is declared twice", id[3]).WithNote(t.At(other), "the other declaration").WithHint("declare it once")}
	}
	first[strings.ToLower(value)] = at
	return nil
}
