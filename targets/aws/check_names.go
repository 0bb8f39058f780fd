package aws

import (
	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var nameTwice = diag.Code{
	ID: "OBS320", Severity: diag.Error, Title: "one name would be answered twice in one network",
	Cause:   "A VPC sees one private answer for a name: a second zone or endpoint with private DNS for it is refused (ConflictingDomainExists; hashicorp/terraform-provider-aws#37783).",
	Example: "links: {a: {from: \"tokyo\", to: \"dd\", via: peering: endpoints: \"hub\"}, b: {from: \"tokyo\", to: \"dd\", via: peering: endpoints: \"hub2\"}}",
	Mend:    "keep one of the links",
}

// checkNames checks that no network gets two answers for a name.
func checkNames(t *topology.Topology) diag.List {
	var found diag.List
	type answer struct{ path, network, backend string }
	seen := map[string]answer{} // client network/domain
	for _, h := range compile.Hostings(t, Name) {
		if t.Backends[h.Backend].Kind != "datadog" {
			continue
		}
		clients := map[string]string{}
		for _, key := range h.Links {
			if from := t.Links[key].From; t.Networks[from] != nil {
				clients[from] = "links." + key
				clients[h.Network] = "links." + key
			}
		}
		for _, s := range services(compile.Decode[datadog](t.Backends[h.Backend].Body)) {
			for client, path := range topology.Sorted(clients) {
				id := client + "/" + s.row.PrivateDNSName
				if other, taken := seen[id]; taken {
					found = append(found, nameTwice.At(t.At(path), path, "network %q would get %s from %q in %q and from %q in %q",
						client, s.row.PrivateDNSName, other.backend, other.network, h.Backend, h.Network).
						WithNote(t.At(other.path), "the other link").WithHint("keep one of the links, or name different services"))
					continue
				}
				seen[id] = answer{path, h.Network, h.Backend}
			}
		}
	}
	return found
}
