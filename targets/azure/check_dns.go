package azure

import (
	"strings"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var (
	twoZones = diag.Code{
		ID: "OBS850", Severity: diag.Error, Title: "the networks of one endpoint see two zones of one name",
		Cause:   "An endpoint writes its records into one zone of each name, so the networks that use it must see the same one; a VNet that sees another is refused a link to the first (BadRequest, \"cannot be linked to multiple zones with overlapping namespaces\"; MicrosoftDocs/azure-aks-docs#212, 2025). Of privatelink.blob.core.windows.net, which every storage endpoint uses, a second one \"needs manual operations to merge\" (private-endpoint-dns-integration, 2023-11).",
		Example: "zones: {a: {domain: \"privatelink.blob.core.windows.net\", networks: [\"hub\"], …}, b: {domain: \"privatelink.blob.core.windows.net\", networks: [\"spoke\"], …}}\nlinks: a: {from: \"spoke\", to: \"logs\", via: peering: endpoints: \"hub\"}",
		Mend:    "zones: a: {domain: \"privatelink.blob.core.windows.net\", networks: [\"hub\", \"spoke\"], …}   // the records of both in one zone",
	}
	missingZone = diag.Code{
		ID: "OBS851", Severity: diag.Error, Title: "a zone that the endpoint needs is not declared",
		Cause:   "With `dns: \"existing\"` obslink makes no zone: each one that the endpoint's names are in must be among `zones`, by exactly its name (private-endpoint-dns, 2025-08).",
		Example: `logs: azureMonitor: {dns: "existing", …}   // and no zone privatelink.ods.opinsights.azure.com`,
		Mend:    `zones: ods: {domain: "privatelink.ods.opinsights.azure.com", existing: "/subscriptions/…/privateDnsZones/privatelink.ods.opinsights.azure.com"}`,
	}
	zoneStays = diag.Code{
		ID: "OBS853", Severity: diag.Warning, Title: "a zone of private link that does not fall through",
		Cause:   "A VNet that sees a privatelink zone cannot reach what has a private endpoint elsewhere, such as a partner's storage account: its public name leads into the zone, which does not hold it. The link's resolutionPolicy NxDomainRedirect asks public DNS then (API 2024-06-01; learn: private-dns-fallback, 2025). obslink sets it on the links that it makes and changes none that are there.",
		Example: `zones: blob: {domain: "privatelink.blob.core.windows.net", networks: ["japan"], …}`,
		Mend:    `zones: blob: {domain: "privatelink.blob.core.windows.net", networks: ["japan"], fallThrough: true, …}`,
	}
	zoneOfTwo = diag.Code{
		ID: "OBS857", Severity: diag.Error, Title: "one zone would hold the records of two endpoints",
		Cause:   "The names of Azure Monitor, and of Arc, are the same at every endpoint and a zone has one record of each, so \"only the last one set in the DNS applies\" and the networks of the other lose the service (private-link-security, 2026-01).",
		Example: "zones: monitor: {domain: \"privatelink.monitor.azure.com\", networks: [\"tokyo\", \"osaka\"], …}\nlinks: {a: {from: \"tokyo\", to: \"tokyo-logs\"}, b: {from: \"osaka\", to: \"osaka-logs\"}}",
		Mend:    `links: {a: {from: "tokyo", to: "logs"}, b: {from: "osaka", to: "logs", via: peering: endpoints: "tokyo"}}`,
	}
	namesNowhere = diag.Code{
		ID: "OBS856", Severity: diag.Error, Title: "nobody answers the endpoint's names for a network",
		Cause:   "With `dns: \"none\"` obslink keeps the names in no zone; sites read them from what `obslink export` writes, but the servers of a VNet ask Azure DNS, which says the public addresses.",
		Example: `logs: azureMonitor: {dns: "none", …}, links: a: {from: "japan", to: "logs"}`,
		Mend:    `logs: azureMonitor: {dns: "created", …}`,
	}
)

// checkDNS checks that the names of each endpoint have one place, for all networks that use it.
func checkDNS(t *topology.Topology) diag.List {
	var found diag.List
	warned, holder, index, homes := map[string]bool{}, map[string]*compile.Hosting{}, indexZones(t), homes(t)
	for _, h := range compile.Hostings(t, Name) {
		zones, dns := zonesNeeded(t, h, homes)
		if dns.DNS == dnsNone {
			found = append(found, nowhere(t, h)...)
			continue
		}
		seenBy := viewers(t, h)
		path := "backends." + h.Backend + "." + t.Backends[h.Backend].Kind
		for _, z := range zones {
			keys := index.find(seenBy, z.Domain)
			if len(keys) == 0 {
				if dns.DNS == dnsExisting {
					found = append(found, missingZone.At(t.At(path+".dns"), path+".dns", "no zone %q is declared that the endpoint in network %q could use", z.Domain, h.Network).
						WithHint(`add zones: %s: {domain: %q, existing: "/subscriptions/…/privateDnsZones/%s"}`, leaveOutKey(z.Domain), z.Domain, z.Domain))
				}
				continue
			}
			for _, other := range keys[1:] {
				at := "zones." + other
				found = append(found, twoZones.At(t.At(at), at, "zones %q and %q are both for %q, and the endpoint of backend %q in network %q needs one", keys[0], other, z.Domain, h.Backend, h.Network).
					WithNote(t.At("zones."+keys[0]), "the other zone").WithNote(t.At("links."+h.Links[0]), "a link that needs the endpoint").
					WithHint("move the records of both into one zone and let all of its networks see that one"))
			}
			existing, at := t.Zones[keys[0]], "zones."+keys[0]
			if other := holder[keys[0]]; other != nil {
				found = append(found, zoneOfTwo.At(t.At(at), at, "zone %q would hold the records of backend %q in network %q and of backend %q in network %q", keys[0], other.Backend, other.Network, h.Backend, h.Network).
					WithNote(t.At("links."+other.Links[0]), "one link").WithNote(t.At("links."+h.Links[0]), "the other").
					WithHint("use one endpoint for both, or declare a zone for each with the networks that see it"))
				continue
			}
			holder[keys[0]] = h
			if !existing.FallThrough && len(existing.Networks) > 0 && !warned[keys[0]] && strings.HasPrefix(z.Domain, "privatelink.") {
				warned[keys[0]] = true
				found = append(found, zoneStays.At(t.At(at), at, "names that zone %q does not hold do not exist for network %q", z.Domain, existing.Networks[0]).
					WithHint("set resolutionPolicy NxDomainRedirect on its links, and write fallThrough: true"))
			}
		}
	}
	return found
}

// nowhere reports the networks that use an endpoint whose names are in no zone.
func nowhere(t *topology.Topology, h *compile.Hosting) diag.List {
	var found diag.List
	for _, key := range h.Links {
		if from := t.Links[key].From; t.Kind(from) == Name {
			at := "links." + key + ".from"
			found = append(found, namesNowhere.At(t.At(at), at, "network %q asks Azure DNS, and backend %q keeps its names in no zone", from, h.Backend).
				WithNote(t.At("backends."+h.Backend+".azureMonitor.dns"), "what the backend says").
				WithHint("write dns: \"created\", or \"existing\" with the zones that hold them"))
		}
	}
	return found
}
