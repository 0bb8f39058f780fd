package azure

import (
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var noSNAT = diag.Code{
	ID: "OBS873", Severity: diag.Warning, Title: "a gateway host before a private endpoint does not translate",
	Cause:   "Azure recommends SNAT for what an appliance sends to a private endpoint (private-endpoint-overview, 2025): otherwise answers need a route table with network policies in the endpoint's subnet, which obslink adds to subnets that it creates, and IP forwarding on the host's interface.",
	Example: `sites: home: wireguard: {network: "japan", …}`,
	Mend:    `sites: home: wireguard: {network: "japan", …, snat: true}   // and masquerading on the host`,
}

// checkSNAT warns of sites that reach private endpoints through a host that leaves their addresses as
// they are.
func checkSNAT(t *topology.Topology) diag.List {
	var found diag.List
	linked := map[string]bool{}
	for _, l := range t.Links {
		linked[l.From] = true
	}
	for network, sites := range topology.Sorted(untranslatedSites(t)) {
		for _, key := range sites {
			if at := "sites." + key + ".wireguard"; linked[key] {
				found = append(found, noSNAT.At(t.At(at), at, "the gateway of site %q in Azure network %q does not hide the site", key, network).
					WithHint("masquerade on the host and write `snat: true`, or accept it: severities: %s: {level: \"acknowledged\", reason: …}", "OBS873"))
			}
		}
	}
	return found
}
