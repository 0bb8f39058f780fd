package aws

import (
	"strings"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var zoneInTheWay = diag.Code{
	ID: "OBS340", Severity: diag.Error, Title: "a declared zone has the name that an endpoint would answer",
	Cause:   "Servers of the endpoints' own network get the name through the endpoint's private DNS, which is a zone of AWS's in that VPC. A VPC that sees another zone of that name already refuses it (ConflictingDomainExists; hashicorp/terraform-provider-aws#37783).",
	Example: "zones: z: {domain: \"metrics.agent.datadoghq.com\", networks: [\"hub\"], …}\nlinks: a: {from: \"hub\", to: \"dd\", via: endpoint: network: \"hub\"}",
	Mend:    "zones: {}   // and delete the zone, or take it off the VPC",
}

// checkPrivateDNS checks that no declared zone stands in the way of an endpoint's private DNS. Where
// other networks use the endpoints too, the record goes into the declared zone instead.
func checkPrivateDNS(t *topology.Topology) diag.List {
	if len(t.Zones) == 0 {
		return nil
	}
	type view struct{ network, domain string }
	seen := map[view]string{}
	for key, z := range topology.Sorted(t.Zones) {
		for _, network := range z.Networks {
			seen[view{network, strings.ToLower(z.Domain)}] = key
		}
	}
	var found diag.List
	services := servicesOf(t)
	for _, h := range compile.Hostings(t, Name) {
		own, others := seenFrom(t, h)
		if own == "" || len(others) > 0 || !offered(t, h.Backend) {
			continue
		}
		for _, s := range made(t, h, services(h)) {
			for _, z := range s.zones {
				key, taken := seen[view{h.Network, z.domain}]
				if !taken {
					continue
				}
				at := "zones." + key
				found = append(found, zoneInTheWay.At(t.At(at+".domain"), at+".domain", "network %q sees zone %q, so the endpoint for %q cannot answer that name there", h.Network, key, s.keys[0]).
					WithNote(t.At("links."+own), "the link that needs the name").
					WithHint("take the zone off VPC %q and out of `zones`", h.Network))
			}
		}
	}
	return found
}
