package azure

import (
	"regexp"
	"strings"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
	"github.com/obslink/obslink/schema"
)

var (
	badZoneID = diag.Code{
		ID: "OBS376", Severity: diag.Error, Title: "not the resource id of that private DNS zone",
		Cause:   "A zone is named by its ARM id, whose last part is its domain (`az network private-dns zone list --query '[].id'`).",
		Example: `zones: corp: {domain: "corp.example.net", existing: "corp.example.net", networks: ["japan"]}`,
		Mend:    `zones: corp: {domain: "corp.example.net", existing: "/subscriptions/…/resourceGroups/rg-dns/providers/Microsoft.Network/privateDnsZones/corp.example.net", networks: ["japan"]}`,
	}
	zoneElsewhere = diag.Code{
		ID: "OBS852", Severity: diag.Error, Title: "an existing zone is in a subscription that the topology does not know",
		Cause:   "obslink looks the zone up, links it to VNets and lets an endpoint write records into it, all through the provider of the zone's own subscription; a provider works in one subscription (azure-native 2.90.0).",
		Example: `zones: blob: existing: "/subscriptions/00000000-0000-0000-0000-000000000009/…"   // and no account with that subscription`,
		Mend:    `accounts: dns: azure: subscription: "00000000-0000-0000-0000-000000000009"`,
	}
	emptyMonitorZone = diag.Code{
		ID: "OBS854", Severity: diag.Error, Title: "a VNet sees the zone of Azure Monitor and reaches no endpoint",
		Cause:   "Azure Monitor's public names lead to their privatelink names whether or not there is an endpoint, so a zone without records says NXDOMAIN for all of them: queries and Application Insights stop in every VNet that sees it (Azure/Enterprise-Scale#1017; Azure/ALZ-Bicep#720, 2024).",
		Example: `zones: monitor: {domain: "privatelink.monitor.azure.com", networks: ["spoke"], …}   // and no link of spoke to an azureMonitor backend`,
		Mend:    `links: "spoke-logs": {from: "spoke", to: "logs", via: peering: endpoints: "hub"}`,
	}
	idleZone = diag.Code{
		ID: "OBS855", Severity: diag.Error, Title: "an existing zone that no network sees and no endpoint needs",
		Cause:   "Without `networks`, a zone is there for an endpoint that needs one of exactly its name; where none does, the declaration says nothing.",
		Example: `zones: corp: {domain: "corp.example.net", existing: "/subscriptions/…"}`,
		Mend:    `zones: corp: {domain: "corp.example.net", existing: "/subscriptions/…", networks: ["japan"]}`,
	}
)

var zoneID = regexp.MustCompile(`(?i)^/subscriptions/([^/]+)/resourceGroups/([^/]+)/providers/Microsoft\.Network/privateDnsZones/([^/]+)$`)

// zoneParts are what a zone's id is made of.
type zoneParts struct{ subscription, group, domain string }

func parseZoneID(id string) (zoneParts, bool) {
	m := zoneID.FindStringSubmatch(id)
	if m == nil {
		return zoneParts{}, false
	}
	return zoneParts{m[1], m[2], m[3]}, true
}

// checkZones checks the declared zones that VNets see, or that endpoints are to take.
func checkZones(t *topology.Topology) diag.List {
	var found diag.List
	taken, accounts := zonesTaken(t), subscriptions(t)
	for key, z := range topology.Sorted(t.Zones) {
		if z.Networks == nil && !taken[key] {
			at := "zones." + key
			found = append(found, idleZone.At(t.At(at), at, "no network sees zone %q, and no endpoint needs a zone of its name", key).
				WithHint("name the networks that see it, or remove it"))
			continue
		}
		if !taken[key] && (len(z.Networks) == 0 || t.Kind(z.Networks[0]) != Name) {
			continue
		}
		found = append(found, identity(t, key, z, taken[key], accounts)...)
		if taken[key] || z.FallThrough || len(z.Records) > 0 || !monitorZone(z.Domain) {
			continue
		}
		for i, network := range z.Networks {
			at := compile.Index("zones."+key+".networks", i)
			found = append(found, emptyMonitorZone.At(t.At(at), at, "VNet %q sees zone %q and reaches no endpoint of Azure Monitor: the names of Azure Monitor do not exist there", network, z.Domain).
				WithHint("link network %q to an azureMonitor backend, take the zone off the VNet, or set resolutionPolicy NxDomainRedirect on the link and write fallThrough: true", network))
		}
	}
	return found
}

// identity checks a zone's id.
func identity(t *topology.Topology, key string, z *topology.Zone, taken bool, accounts map[string]string) diag.List {
	at := "zones." + key + ".existing"
	id, ok := parseZoneID(z.Existing)
	switch {
	case !ok:
		return diag.List{badZoneID.At(t.At(at), at, "%q is not the resource id of a private DNS zone", z.Existing).
			WithHint(`write "/subscriptions/…/resourceGroups/…/providers/Microsoft.Network/privateDnsZones/%s"`, z.Domain)}
	case !strings.EqualFold(id.domain, z.Domain):
		return diag.List{badZoneID.At(t.At(at), at, "the id is of zone %q, not of %q", id.domain, z.Domain).
			WithNote(t.At("zones."+key+".domain"), "the zone's domain").WithHint("correct the id or the domain")}
	case taken && accounts[strings.ToLower(id.subscription)] == "":
		return diag.List{zoneElsewhere.At(t.At(at), at, "zone %q is in subscription %q, which is no account of this topology", key, id.subscription).
			WithHint("declare it: accounts: dns: azure: subscription: %q", id.subscription)}
	}
	return nil
}

// zonesTaken are the declared zones that endpoints would write their records into.
func zonesTaken(t *topology.Topology) map[string]bool {
	taken, index, homes := map[string]bool{}, indexZones(t), homes(t)
	for _, h := range compile.Hostings(t, Name) {
		zones, dns := zonesNeeded(t, h, homes)
		seenBy := viewers(t, h)
		for _, z := range zones {
			for _, key := range index.find(seenBy, z.Domain) { // a second one is reported by checkDNS
				taken[key] = taken[key] || dns.DNS != dnsNone
			}
		}
	}
	return taken
}

// zonesNeeded are the zones of a hosting's endpoint, without those that are left out, and what its
// backend says of them; homes are the regions of backends.
func zonesNeeded(t *topology.Topology, h *compile.Hosting, homes map[string]string) ([]schema.AzureZone, monitorDNS) {
	b, cloud := t.Backends[h.Backend], cloudOf(t, t.Networks[h.Network].Account)
	switch b.Kind {
	case kindArc:
		return arcFacts(cloud).In("", compile.Decode[arc](b.Body).Kubernetes).Zones, monitorDNS{}
	case kindMonitor:
	default:
		return nil, monitorDNS{}
	}
	body := compile.Decode[monitor](b.Body)
	dns := body.monitorDNS
	var all []schema.AzureZone
	for _, z := range schema.AzureMonitor().In(cloud).Zones {
		if !dns.leavesOut(z.Domain) {
			all = append(all, z)
		}
	}
	return append(all, body.prometheusZones(homes[h.Backend])...), dns
}

// monitorZone reports whether a zone holds the names that every client of Azure Monitor asks for.
func monitorZone(domain string) bool {
	return strings.HasPrefix(strings.ToLower(domain), "privatelink.monitor.azure.")
}
