package azure

import (
	"strings"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
	"github.com/obslink/obslink/schema"
)

var (
	noSixthZone = diag.Code{
		ID: "OBS846", Severity: diag.Error, Title: "a zone is left out that this cloud does not have",
		Cause:   "privatelink.adx.monitor.azure.us is the sixth zone of Azure Monitor in Azure Government; the public cloud has five (private-endpoint-dns, 2025-08).",
		Example: `logs: azureMonitor: leaveOut: adx: reason: "a zone group takes five zones"   // in the public cloud`,
		Mend:    `logs: azureMonitor: {…}   // without leaveOut: adx`,
	}
	sixZones = diag.Code{
		ID: "OBS858", Severity: diag.Error, Title: "the endpoint has more zones than a zone group takes",
		Cause:   "Azure Government lists six zones for Azure Monitor (private-endpoint-dns, 2025-08); a zone group takes five, and an endpoint has one group (private-endpoint-dns-integration, 2023-11). No document says which names the sixth holds, so obslink cannot make records beside the group: one zone is left out, and its names stay public.",
		Example: `logs: azureMonitor: {ingestion: "PrivateOnly", query: "Open", workspaces: main: {}}   // in Azure Government`,
		Mend:    `logs: azureMonitor: {leaveOut: blob: reason: "no server runs the Log Analytics agent", …}`,
	}
	mixedClouds = diag.Code{
		ID: "OBS859", Severity: diag.Error, Title: "two Azure clouds in one place",
		Cause:   "Azure's public cloud and Azure Government have directories, networks and resource managers of their own: no VNet is peered with one of the other, and no endpoint, scope or zone names a resource there (inferred from Azure Government's own endpoints, compare-azure-government-global-azure, 2025).",
		Example: "links: a: {from: \"japan\", to: \"logs\", via: peering: endpoints: \"virginia\"}   // japan is in the public cloud",
		Mend:    "links: a: {from: \"japan\", to: \"logs\"}   // a backend and an endpoint in each cloud",
	}
	notInCloud = diag.Code{
		ID: "OBS860", Severity: diag.Error, Title: "this Azure cloud does not have it",
		Cause:   "Datadog us3's private link services are in the public cloud (Datadog's Azure Private Link guide, 2026-08), the zone of Arc's Kubernetes is listed for that cloud only (private-endpoint-dns, 2025-08), and so is that of Azure Monitor workspaces (private-link-azure-monitor-workspace, 2025-08).",
		Example: `arc: azureArc: {region: "usgovvirginia", kubernetes: true}`,
		Mend:    `arc: azureArc: region: "usgovvirginia"`,
	}
)

// checkClouds checks what differs between Azure's clouds, and that nothing spans two of them.
func checkClouds(t *topology.Topology) diag.List {
	var found diag.List
	clouds, accounts, said := backendClouds(t), subscriptions(t), map[string]bool{}
	for key, b := range topology.Sorted(t.Backends) {
		at := "backends." + key + ".azureMonitor.leaveOut.adx"
		if b.Kind == kindMonitor && compile.Decode[monitor](b.Body).leavesOut("adx") && clouds[key] == schema.AzurePublic {
			found = append(found, noSixthZone.At(t.At(at), at, "there is no zone adx in Azure's public cloud").WithHint("remove leaveOut: adx"))
		}
	}
	for _, h := range compile.Hostings(t, Name) {
		cloud := cloudOf(t, t.Networks[h.Network].Account)
		if !said[h.Backend] {
			said[h.Backend] = true
			found = append(found, lacks(t, h, cloud)...)
			found = append(found, resourcesElsewhere(t, h, cloud, accounts)...)
		}
		for _, link := range h.Links {
			from := t.Links[link].From
			if n := t.Networks[from]; t.Kind(from) == Name && cloudOf(t, n.Account) != cloud {
				at := "links." + link + ".from"
				found = append(found, mixedClouds.At(t.At(at), at, "network %q is in %s, and the endpoint in network %q is in %s", from, nameOfCloud(cloudOf(t, n.Account)), h.Network, nameOfCloud(cloud)).
					WithHint("make a backend of its own for network %q, with an endpoint in a network of its cloud", from))
			}
		}
	}
	return found
}

// lacks reports what a backend wants and its cloud does not have, or has too much of.
func lacks(t *topology.Topology, h *compile.Hosting, cloud string) diag.List {
	if cloud == schema.AzurePublic || !builtIn(cloud) {
		return nil
	}
	b := t.Backends[h.Backend]
	at := "backends." + h.Backend + "." + b.Kind
	switch b.Kind {
	case kindMonitor:
		var found diag.List
		body := compile.Decode[monitor](b.Body)
		for _, w := range body.queried() {
			path := at + "." + w.path
			found = append(found, notInCloud.At(t.At(path), path, "no private zone of Azure Monitor workspaces is known in %s", nameOfCloud(cloud)).WithHint("remove workspace %q", w.key))
		}
		zones, dns := zonesNeeded(t, h, nil)
		if len(found) > 0 {
			return found
		}
		if len(zones) <= zonesPerGroup || dns.DNS == dnsNone {
			return nil
		}
		return diag.List{sixZones.At(t.At(at), at, "the endpoint of backend %q has %d zones, and a zone group takes %d", h.Backend, len(zones), zonesPerGroup).
			WithHint("leave out the one that serves a retired agent alone, leaveOut: blob: reason: \"…\", or leaveOut: adx: reason: \"…\"")}
	case kindArc:
		if compile.Decode[arc](b.Body).Kubernetes {
			return diag.List{notInCloud.At(t.At(at+".kubernetes"), at+".kubernetes", "no zone is known for Arc-enabled Kubernetes in %s", nameOfCloud(cloud)).WithHint("remove kubernetes: true")}
		}
	case datadogKind:
		return diag.List{notInCloud.At(t.At(at), at, "Datadog offers no private link service in %s, where network %q is", nameOfCloud(cloud), h.Network).
			WithHint("let the endpoints stand in a network of the public cloud")}
	}
	return nil
}

// zonesPerGroup is how many zones a zone group takes (private-endpoint-dns-integration, 2023-11).
const zonesPerGroup = 5

// resourcesElsewhere finds the accounts of a backend that are of another cloud than its endpoint.
func resourcesElsewhere(t *topology.Topology, h *compile.Hosting, cloud string, accounts map[string]string) diag.List {
	var found diag.List
	b := t.Backends[h.Backend]
	path := "backends." + h.Backend + "." + b.Kind
	differs := func(at, account string) {
		if a := t.Accounts[account]; a != nil && a.Kind == Name && cloudOf(t, account) != cloud {
			found = append(found, mixedClouds.At(t.At(at), at, "account %q is of %s, and the endpoint in network %q is in %s", account, nameOfCloud(cloudOf(t, account)), h.Network, nameOfCloud(cloud)).
				WithNote(t.At("accounts."+account), "the account").WithHint("name an account of %s", nameOfCloud(cloud)))
		}
	}
	switch b.Kind {
	case kindArc:
		differs(path+".account", compile.Decode[arc](b.Body).Account)
	case kindMonitor:
		body := compile.Decode[monitor](b.Body)
		differs(path+".account", body.Account)
		if id, ok := parseScopeID(body.Existing); ok {
			differs(path+".existing", accounts[strings.ToLower(id.subscription)])
		}
		for _, r := range body.all() {
			if r.existing == "" {
				differs(path+"."+r.path+".account", r.Account)
			} else if id := monitoredID.FindStringSubmatch(r.existing); id != nil {
				differs(path+"."+r.path+".existing.id", accounts[strings.ToLower(id[1])])
			}
		}
	}
	return found
}
