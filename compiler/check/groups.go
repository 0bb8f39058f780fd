package check

import (
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var (
	siteClients = diag.Code{
		ID: "OBS280", Severity: diag.Error, Title: "clients of a site",
		Cause:   "The clients of a link are groups of servers of a network, as its `clients` declare them. A site has none: its CIDRs say who its servers are.",
		Example: `links: "home-datadog": {from: "home", to: "dd", clients: web: {}}   // home is a site`,
		Mend:    `sites: home: cidrs: ["192.168.1.0/28"]` + "\n" + `links: "home-datadog": {from: "home", to: "dd"}`,
	}
	noClients = diag.Code{
		ID: "OBS281", Severity: diag.Error, Title: "a link for no clients",
		Cause:   "A link with `clients` is for those that it names and nobody else; with an empty one it would be for nobody.",
		Example: `links: "tokyo-datadog": {from: "tokyo", to: "dd", clients: {}}`,
		Mend:    `links: "tokyo-datadog": {from: "tokyo", to: "dd", clients: web: {}}   // or none, for the whole network`,
	}
)

// groups checks the clients that links name.
func groups(t *topology.Topology) diag.List {
	var found diag.List
	for key, l := range topology.Sorted(t.Links) {
		at := "links." + key + ".clients"
		switch {
		case l.Clients == nil:
		case len(l.Clients) == 0:
			found = append(found, noClients.At(t.At(at), at, "link %q names no clients", key).
				WithHint("name some, or remove clients: the link is then for the whole of %q", l.From))
		case t.Sites[l.From] != nil:
			found = append(found, siteClients.At(t.At(at), at, "%q is a site, which has no groups of servers", l.From).
				WithHint("remove clients, and let the site's cidrs hold those servers only"))
		}
	}
	return found
}
