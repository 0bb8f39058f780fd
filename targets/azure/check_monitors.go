package azure

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var (
	wrongBackend = diag.Code{
		ID: "OBS361", Severity: diag.Error, Title: "this backend has no endpoint in an Azure network",
		Cause:   "An endpoint stands in a network of the cloud that its backend offers: Azure Monitor and Datadog's us3 in Azure; Datadog's us1, ap1, ap2 and uk1 in AWS.",
		Example: `links: a: {from: "japan", to: "dd", via: endpoint: network: "japan"}`,
		Mend:    `links: a: {from: "japan", to: "logs", via: endpoint: network: "japan"}`,
	}
	noPeering = diag.Code{
		ID: "OBS362", Severity: diag.Error, Title: "a VNet is joined to something that is no VNet",
		Cause:   "Peering joins two VNets; a VPC of AWS cannot be peered with one.",
		Example: `links: a: {from: "tokyo", to: "logs", via: peering: endpoints: "japan"}   // tokyo is a VPC`,
		Mend:    `sites: tokyo: existing: {network: "japan", over: "vpn"}` + "\n" + `links: a: {from: "tokyo", to: "logs", via: endpoint: network: "japan"}`,
	}
	badMonitorAccount = diag.Code{
		ID: "OBS364", Severity: diag.Error, Title: "a backend's account is not an Azure subscription of this topology",
		Cause:   "The scope and its workspaces stand in one subscription: that of the endpoint's network unless `account` names another.",
		Example: `logs: azureMonitor: account: "main"   // an AWS account`,
		Mend:    `logs: azureMonitor: account: "jp"`,
	}
	badRetention = diag.Code{
		ID: "OBS365", Severity: diag.Error, Title: "a retention that Log Analytics does not offer",
		Cause:   "A workspace keeps data for 30 to 730 days (Microsoft.OperationalInsights 2022-10-01).",
		Example: `workspaces: main: retentionDays: 7`,
		Mend:    `workspaces: main: retentionDays: 30`,
	}
	noWorkspaces = diag.Code{
		ID: "OBS366", Severity: diag.Error, Title: "an Azure Monitor backend with nothing in its scope",
		Cause:   "A private link scope without scoped resources lets nothing be reached, and its zones would break Azure Monitor for the network. What the scope cannot do: the access mode `ingestion` does not hold back what is sent to a workspace outside of it, since each workspace has ingestion names of its own; only a firewall does (private-link-design, 2026-01).",
		Example: `logs: azureMonitor: {ingestion: "PrivateOnly", query: "Open"}`,
		Mend:    `logs: azureMonitor: {ingestion: "PrivateOnly", query: "Open", workspaces: main: {}}`,
	}
)

// checkHostings checks that each endpoint network can hold the backend it is asked to.
func checkHostings(t *topology.Topology) diag.List {
	var found diag.List
	for key, l := range topology.Sorted(t.Links) {
		network, field := l.Via.Network()
		if t.Kind(network) != Name {
			continue
		}
		path := "links." + key + "." + field
		switch {
		case !offered(t, l.To):
			found = append(found, wrongBackend.At(t.At(path), path, "network %q is in Azure; the endpoints of backend %q, which is %s, are not", network, l.To, t.Backends[l.To].Kind).
				WithHint("name a network of the cloud that offers %s", t.Backends[l.To].Kind))
		case l.Via.Peering != nil && t.Networks[l.From] != nil && t.Kind(l.From) != Name:
			found = append(found, noPeering.At(t.At(path), path, "%q is an Azure network and %q is not; they cannot be peered", network, l.From).
				WithHint("connect them by a VPN, declare %q as a site of network %q, and write `via: endpoint: network: %q`", l.From, network, network))
		}
	}
	return append(found, sharedDNS(t)...)
}

// checkMonitors checks the values of Azure Monitor backends.
func checkMonitors(t *topology.Topology) diag.List {
	var found diag.List
	for key, b := range topology.Sorted(t.Backends) {
		if b.Kind != kindMonitor {
			continue
		}
		path := "backends." + key + ".azureMonitor"
		body := compile.Decode[monitor](b.Body)
		found = append(found, accountOf(t, path, body.Account)...)
		if len(body.all()) == 0 {
			found = append(found, noWorkspaces.At(t.At(path), path+".workspaces", "backend %q has nothing in its scope", key).WithHint("add workspaces: main: {}"))
		}
		for name, w := range topology.Sorted(body.Workspaces) {
			if days := cmp.Or(w.RetentionDays, defaultRetention); days < 30 || days > 730 {
				at := path + ".workspaces." + name + ".retentionDays"
				found = append(found, badRetention.At(t.At(at), at, "%d days is not offered", days).WithHint("choose 30 to 730"))
			}
		}
	}
	return found
}

// accountOf checks the account that a backend names.
func accountOf(t *topology.Topology, path, name string) diag.List {
	if a := t.Accounts[name]; name == "" || a != nil && a.Kind == Name {
		return nil
	}
	d := badMonitorAccount.At(t.At(path+".account"), path+".account", "%q is not an Azure account of this topology", name)
	return diag.List{d.WithHint("%s", accountHint(t, name))}
}

func accountHint(t *topology.Topology, got string) string {
	var names []string
	for _, key := range slices.Sorted(maps.Keys(t.Accounts)) {
		if t.Accounts[key].Kind == Name {
			names = append(names, key)
		}
	}
	if near := diag.DidYouMean(got, names); near != "" {
		return "did you mean " + `"` + near + `"?`
	}
	if len(names) == 0 {
		return "declare one: accounts: …: azure: subscription: …"
	}
	return "one of: " + strings.Join(names, ", ")
}
