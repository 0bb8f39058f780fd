package check

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var (
	zoneTwice = diag.Code{
		ID: "OBS235", Severity: diag.Error, Title: "one network would see two private zones of one name",
		Cause:   "A network sees one private zone of a name: AWS refuses a second with ConflictingDomainExists (hashicorp/terraform-provider-aws#37783), Azure a second link with BadRequest (MicrosoftDocs/azure-aks-docs#212, 2025). One zone is declared once.",
		Example: "zones: {a: {domain: \"metrics.agent.datadoghq.com\", networks: [\"tokyo\"], …}, b: {domain: \"metrics.agent.datadoghq.com\", networks: [\"tokyo\"], …}}",
		Mend:    "zones: a: {domain: \"metrics.agent.datadoghq.com\", networks: [\"tokyo\"], …}",
	}
	outsideZone = diag.Code{
		ID: "OBS236", Severity: diag.Error, Title: "a record is not of its zone",
		Cause:   "A zone answers its own name and the names below it; `records` are by full name.",
		Example: `zones: corp: {domain: "corp.example.net", records: "www": ["10.0.0.10"]}`,
		Mend:    `zones: corp: {domain: "corp.example.net", records: "www.corp.example.net": ["10.0.0.10"]}`,
	}
	unseenZone = diag.Code{
		ID: "OBS237", Severity: diag.Error, Title: "a private zone that no network sees",
		Cause:   "A private zone answers only in the networks that it is attached to, so one without networks says nothing.",
		Example: `zones: corp: {domain: "corp.example.net", existing: "Z0123456789ABCDEFGHIJ", networks: []}`,
		Mend:    `zones: corp: {domain: "corp.example.net", existing: "Z0123456789ABCDEFGHIJ", networks: ["tokyo"]}`,
	}
	zoneAcross = diag.Code{
		ID: "OBS241", Severity: diag.Error, Title: "one private zone in networks of two clouds",
		Cause:   "A private zone is an object of one cloud and answers in networks of that cloud only; zones of one name in two clouds are two.",
		Example: `zones: corp: {domain: "corp.example.net", networks: ["tokyo", "japan"], …}   // an AWS VPC and an Azure VNet`,
		Mend:    `zones: {corp: {…, networks: ["tokyo"]}, "corp-azure": {…, networks: ["japan"]}}`,
	}
)

// zones checks the declared private zones.
func zones(t *topology.Topology) diag.List {
	var found diag.List
	type view struct{ network, domain string }
	seen, ids := map[view]string{}, map[string]string{}
	for key, z := range topology.Sorted(t.Zones) {
		path := "zones." + key
		if z.Networks != nil && len(z.Networks) == 0 {
			found = append(found, unseenZone.At(t.At(path+".networks"), path+".networks", "no network sees zone %q", key).
				WithHint("name the networks that the zone is attached to"))
		}
		for i, network := range z.Networks {
			if first := z.Networks[0]; t.Kind(network) != t.Kind(first) {
				at := fmt.Sprintf("%s.networks[%d]", path, i)
				found = append(found, zoneAcross.At(t.At(at), at, "network %q is in %s, network %q in %s: no zone is seen in both", first, t.Kind(first), network, t.Kind(network)).
					WithHint("declare a zone for each cloud"))
			}
		}
		if other, taken := ids[z.Existing]; taken {
			found = append(found, zoneTwice.At(t.At(path+".existing"), path+".existing", "zones %q and %q are one zone: %q", other, key, z.Existing).
				WithNote(t.At("zones."+other+".existing"), "the other declaration").WithHint("declare it once, with all its networks"))
			continue
		}
		ids[z.Existing] = key
		for _, network := range slices.Compact(slices.Sorted(slices.Values(z.Networks))) {
			id := view{network, strings.ToLower(z.Domain)}
			if other, taken := seen[id]; taken {
				found = append(found, zoneTwice.At(t.At(path+".networks"), path+".networks", "network %q would see zones %q and %q, both for %q", network, other, key, z.Domain).
					WithNote(t.At("zones."+other+".networks"), "the other zone").WithHint("keep %q in the networks of one of them", network))
				continue
			}
			seen[id] = key
		}
		for name := range topology.Sorted(z.Records) {
			at := path + ".records." + strconv.Quote(name)
			if below(name, z.Domain) {
				continue
			}
			d := outsideZone.At(t.At(at), at, "%q is not in zone %q", name, z.Domain)
			if strings.Contains(name, ".") {
				d = d.WithHint("declare it in the zone that holds it, or write a name below %q", z.Domain)
			} else {
				d = d.WithHint("write %q", name+"."+z.Domain)
			}
			found = append(found, d)
		}
	}
	return found
}

// below reports whether a name is a domain or lies below it.
func below(name, domain string) bool {
	name, domain = strings.ToLower(name), strings.ToLower(domain)
	return name == domain || strings.HasSuffix(name, "."+domain)
}
