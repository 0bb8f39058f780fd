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
	zoneInTheWay = diag.Code{
		ID: "OBS375", Severity: diag.Error, Title: "a declared zone has the name of one that the endpoint needs",
		Cause:   "An Azure Monitor endpoint comes with five private DNS zones, among them privatelink.blob.core.windows.net, which every storage endpoint uses too. A VNet that is linked to a zone of that name already refuses a second (BadRequest, \"cannot be linked to multiple zones with overlapping namespaces\"; MicrosoftDocs/azure-aks-docs#212, 2025).",
		Example: "zones: blob: {domain: \"privatelink.blob.core.windows.net\", networks: [\"japan\"], …}\nlinks: a: {from: \"home\", to: \"logs\", via: endpoint: network: \"japan\"}",
		Mend:    "put the endpoint into a VNet that is linked to none of the five zones",
	}
	badZoneID = diag.Code{
		ID: "OBS376", Severity: diag.Error, Title: "not the resource id of that private DNS zone",
		Cause:   "A zone is named by its ARM id, whose last part is its domain (`az network private-dns zone list --query '[].id'`).",
		Example: `zones: corp: {domain: "corp.example.net", existing: "corp.example.net", networks: ["japan"]}`,
		Mend:    `zones: corp: {domain: "corp.example.net", existing: "/subscriptions/…/resourceGroups/rg-dns/providers/Microsoft.Network/privateDnsZones/corp.example.net", networks: ["japan"]}`,
	}
)

var zoneID = regexp.MustCompile(`(?i)^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.Network/privateDnsZones/([^/]+)$`)

// checkZones checks the declared zones that VNets see.
func checkZones(t *topology.Topology) diag.List {
	var found diag.List
	hosts := map[string]*compile.Hosting{}
	for _, h := range compile.Hostings(t, Name) {
		for _, network := range viewers(t, h) {
			hosts[network] = h
		}
	}
	for key, z := range topology.Sorted(t.Zones) {
		if len(z.Networks) == 0 || t.Kind(z.Networks[0]) != Name {
			continue
		}
		at := "zones." + key + ".existing"
		if id := zoneID.FindStringSubmatch(z.Existing); id == nil {
			found = append(found, badZoneID.At(t.At(at), at, "%q is not the resource id of a private DNS zone", z.Existing).
				WithHint(`write "/subscriptions/…/resourceGroups/…/providers/Microsoft.Network/privateDnsZones/%s"`, z.Domain))
		} else if !strings.EqualFold(id[1], z.Domain) {
			found = append(found, badZoneID.At(t.At(at), at, "the id is of zone %q, not of %q", id[1], z.Domain).
				WithNote(t.At("zones."+key+".domain"), "the zone's domain").WithHint("correct the id or the domain"))
		}
		for i, network := range z.Networks {
			if h := hosts[network]; h != nil && needsZone(z.Domain) {
				at := compile.Index("zones."+key+".networks", i)
				found = append(found, zoneInTheWay.At(t.At(at), at, "VNet %q sees zone %q already; the endpoint of backend %q comes with one", network, z.Domain, h.Backend).
					WithNote(t.At("links."+h.Links[0]), "the link that needs the endpoint").
					WithHint("unlink the zone from VNet %q, or put the endpoint into another VNet", network))
			}
		}
	}
	return found
}

// needsZone reports whether a domain is one of the endpoint's zones.
func needsZone(domain string) bool {
	for _, z := range schema.AzureMonitor().Zones {
		if strings.EqualFold(z.Domain, domain) {
			return true
		}
	}
	return false
}
