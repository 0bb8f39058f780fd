package azure

import (
	"cmp"
	"slices"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var (
	twoEndpoints = diag.Code{
		ID: "OBS363", Severity: diag.Error, Title: "two Azure Monitor endpoints for one VNet or site",
		Cause:   "A VNet can be connected to one private link scope only, and all endpoints answer the same names: one DNS has one record of each, so \"only the last one set in the DNS applies\" (private-link-security, 2026-01). A VNet, or a site with its DNS server and hosts files, is one DNS; so is a client that is peered with two endpoint networks.",
		Example: "links: {a: {to: \"logs\", via: endpoint: network: \"japan\", …}, b: {to: \"logs2\", via: endpoint: network: \"japan\", …}}",
		Mend:    "put the workspaces of both into one backend",
	}
	peeredEndpoints = diag.Code{
		ID: "OBS809", Severity: diag.Warning, Title: "two peered VNets have an Azure Monitor endpoint each",
		Cause:   "Networks that are peered should share one endpoint (private-link-design, 2026-01). Each endpoint has zones of its own here, which holds until somebody links one VNet's DNS to the other's: then the later endpoint's records are everybody's.",
		Example: "links: {a: {from: \"tokyo\", to: \"logs\"}, b: {from: \"osaka\", to: \"logs\"}, c: {from: \"osaka\", to: \"arc\", via: peering: endpoints: \"tokyo\"}}",
		Mend:    `links: b: {from: "osaka", to: "logs", via: peering: endpoints: "tokyo"}`,
	}
	overLimit = diag.Code{
		ID: "OBS807", Severity: diag.Error, Title: "more than a private link scope takes",
		Cause:   "A scope has 10 private endpoints, 3,000 workspaces and 10,000 Application Insights components at most (azure-monitor-docs, ampls-limitations, 2025-05).",
		Example: "links: {a: {from: \"vnet-1\", to: \"logs\"}, …, k: {from: \"vnet-11\", to: \"logs\"}}   // each with an endpoint of its own",
		Mend:    `links: k: {from: "vnet-11", to: "logs", via: peering: endpoints: "hub"}`,
	}
	inTooMany = diag.Code{
		ID: "OBS808", Severity: diag.Error, Title: "one resource in more than 100 scopes",
		Cause:   "A workspace, component or data collection endpoint can be in 100 private link scopes (azure-monitor-docs, ampls-limitations, 2025-05; 5 before).",
		Example: `backends: "logs-101": azureMonitor: workspaces: main: existing: {id: "/subscriptions/…/workspaces/law-main", …}`,
		Mend:    "let several isolated networks use one backend, each with an endpoint of its own",
	}
)

// The limits of a scope (ampls-limitations, 2025-05).
const (
	endpointsPerScope  = 10
	workspacesPerScope = 3000
	componentsPerScope = 10000
	scopesPerResource  = 100
)

// sharedDNS finds the clients that would see two endpoints: VNets by their zones, sites by their hosts
// files and forwarders.
func sharedDNS(t *topology.Topology) diag.List {
	var found diag.List
	seen, hosts := map[string]*compile.Hosting{}, map[string]*compile.Hosting{}
	for _, h := range compile.Hostings(t, Name) {
		if t.Backends[h.Backend].Kind != kindMonitor {
			continue
		}
		hosts[h.Network] = cmp.Or(hosts[h.Network], h)
		var others []*compile.Hosting
		for _, client := range askers(t, h) {
			if other := seen[client]; other == nil {
				seen[client] = h
			} else if !slices.Contains(others, other) {
				others = append(others, other)
			}
		}
		for _, other := range others {
			path := "links." + h.Links[0]
			found = append(found, twoEndpoints.At(t.At(path), path, "backend %q in network %q and backend %q in network %q would have endpoints that share DNS",
				other.Backend, other.Network, h.Backend, h.Network).
				WithNote(t.At("links."+other.Links[0]), "the other link").
				WithHint("use one backend and one endpoint network for the clients of both"))
		}
	}
	return append(found, peered(t, hosts)...)
}

// askers are the clients of an endpoint: the VNets that see its zones, and its sites.
func askers(t *topology.Topology, h *compile.Hosting) []string {
	all := viewers(t, h)
	for _, key := range h.Links {
		if from := t.Links[key].From; t.Sites[from] != nil && !slices.Contains(all, from) {
			all = append(all, from)
		}
	}
	return all
}

// peered finds peerings between two endpoint networks that do not share their zones, for which sharedDNS
// has another word.
func peered(t *topology.Topology, hosts map[string]*compile.Hosting) diag.List {
	var found diag.List
	for key, l := range topology.Sorted(t.Links) {
		if l.Via.Peering == nil || hosts[l.From] == nil || hosts[l.Via.Peering.Endpoints] == nil || t.Backends[l.To].Kind == kindMonitor {
			continue
		}
		path := "links." + key + ".via.peering"
		found = append(found, peeredEndpoints.At(t.At(path), path, "networks %q and %q are peered, and each has an endpoint of Azure Monitor", l.From, l.Via.Peering.Endpoints).
			WithNote(t.At("links."+hosts[l.From].Links[0]), "one endpoint").WithNote(t.At("links."+hosts[l.Via.Peering.Endpoints].Links[0]), "the other").
			WithHint("let %q use the endpoint in %q too: via: peering: endpoints: %q", l.From, l.Via.Peering.Endpoints, l.Via.Peering.Endpoints))
	}
	return found
}

// checkLimits counts what scopes hold.
func checkLimits(t *topology.Topology) diag.List {
	var found diag.List
	endpoints, scopes := map[string]int{}, map[string]int{}
	for _, h := range compile.Hostings(t, Name) {
		if t.Backends[h.Backend].Kind != kindMonitor {
			continue
		}
		if endpoints[h.Backend]++; endpoints[h.Backend] == endpointsPerScope+1 {
			path := "backends." + h.Backend + ".azureMonitor"
			found = append(found, overLimit.At(t.At(path), path, "backend %q would have an endpoint in more than %d networks", h.Backend, endpointsPerScope).
				WithNote(t.At("links."+h.Links[0]), "one of its links").
				WithHint("peer some of the networks with one that has an endpoint, or make a second backend"))
		}
	}
	for key, b := range topology.Sorted(t.Backends) {
		if b.Kind != kindMonitor {
			continue
		}
		path := "backends." + key + ".azureMonitor"
		body := compile.Decode[monitor](b.Body)
		for _, kind := range []struct {
			field       string
			count, most int
		}{{"workspaces", len(body.Workspaces), workspacesPerScope}, {"components", len(body.Components), componentsPerScope}} {
			if at := path + "." + kind.field; kind.count > kind.most {
				found = append(found, overLimit.At(t.At(at), at, "%d %s are more than the %d of a scope", kind.count, kind.field, kind.most).WithHint("make a second backend"))
			}
		}
		for _, r := range body.all() {
			if r.existing == "" {
				continue
			}
			if scopes[r.existing]++; scopes[r.existing] == scopesPerResource+1 {
				at := path + "." + r.path + ".existing.id"
				found = append(found, inTooMany.At(t.At(at), at, "%q would be in more than %d scopes", r.existing, scopesPerResource).
					WithHint("let several networks use one backend, each with an endpoint of its own"))
			}
		}
	}
	return found
}
