package azure

import (
	"fmt"
	"strings"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var (
	twoArcScopes = diag.Code{
		ID: "OBS830", Severity: diag.Error, Title: "two Arc private link scopes for one network or site, or two endpoints of one",
		Cause:   "A VNet is associated with one Arc private link scope at most, a machine belongs to one, and all endpoints of Arc answer the same names: two of them where DNS is shared overwrite each other (Arc: private-link-security, 2026-05).",
		Example: "links: {a: {from: \"home\", to: \"arc\", via: endpoint: network: \"japan\"}, b: {from: \"home\", to: \"arc-west\", via: endpoint: network: \"osaka\"}}",
		Mend:    `links: a: {from: "home", to: "arc", via: endpoint: network: "japan"}`,
	}
	badArcScope = diag.Code{
		ID: "OBS831", Severity: diag.Error, Title: "not the id of an Arc private link scope of the backend's subscription",
		Cause:   "An existing scope is named by its ARM id, and looked up through the subscription of the backend's account.",
		Example: `arc: azureArc: {region: "japaneast", existing: "arc-scope"}`,
		Mend:    `arc: azureArc: {region: "japaneast", existing: "/subscriptions/…/resourceGroups/rg-arc/providers/Microsoft.HybridCompute/privateLinkScopes/arc-scope"}`,
	}
	stillPublic = diag.Code{
		ID: "OBS832", Severity: diag.Warning, Title: "what an Arc-enabled server still needs from the internet",
		Cause:   "No private endpoint answers for Entra ID, Arc's notifications or packages (Arc: network-requirements, 2026-04), so a fully closed Arc-enabled server does not exist: these names need a way out, a proxy or a firewall that lets them pass.",
		Example: "links: \"home-arc\": {from: \"home\", to: \"arc\", via: endpoint: network: \"japan\"}",
		Mend:    "severities: OBS832: {level: \"acknowledged\", reason: \"the proxy lets these names pass\"}",
	}
)

// checkArc checks the Arc scopes and says what their machines need besides.
func checkArc(t *topology.Topology) diag.List {
	var found diag.List
	clouds := backendClouds(t)
	for key, b := range topology.Sorted(t.Backends) {
		if b.Kind != kindArc {
			continue
		}
		path := "backends." + key + "." + kindArc
		body := compile.Decode[arc](b.Body)
		found = append(found, region(t, path+".region", body.Region, clouds[key])...)
		found = append(found, accountOf(t, path, body.Account)...)
	}
	byNetwork, byBackend, bySite := map[string]*compile.Hosting{}, map[string]*compile.Hosting{}, map[string]string{}
	for _, h := range compile.Hostings(t, Name) {
		if t.Backends[h.Backend].Kind != kindArc {
			continue
		}
		found = append(found, existingArc(t, h)...)
		if other := byBackend[h.Backend]; other != nil {
			found = append(found, secondArc(t, "backend "+quoted(h.Backend), h.Links[0], other.Links[0]))
		}
		for _, network := range viewers(t, h) {
			if other := byNetwork[network]; other == nil {
				byNetwork[network] = h
			} else if other.Backend != h.Backend {
				found = append(found, secondArc(t, "network "+quoted(network), h.Links[0], other.Links[0]))
			}
		}
		byBackend[h.Backend] = h
		for _, link := range h.Links {
			from := t.Links[link].From
			if other := bySite[from]; t.Sites[from] != nil && other != "" && byNetwork[h.Network] == h && t.Links[other].To != h.Backend {
				found = append(found, secondArc(t, "client "+quoted(from), link, other))
			}
			bySite[from] = link
		}
		at := "backends." + h.Backend + "." + kindArc
		found = append(found, stillPublic.At(t.At(at), at, "servers of %s still need from the internet: %s", strings.Join(clientsOf(t, h), ", "), publicNeeds(cloudOf(t, t.Networks[h.Network].Account))).
			WithHint("let these pass (`obslink catalogue azure` lists more, for some products), and accept it: severities: OBS832: {level: \"acknowledged\", reason: \"…\"}"))
	}
	return found
}

func secondArc(t *topology.Topology, whose, link, other string) diag.Diagnostic {
	endpoint := func(link string) string {
		network, _ := t.Links[link].Via.Network()
		return fmt.Sprintf("that of backend %q in network %q", t.Links[link].To, network)
	}
	return twoArcScopes.At(t.At("links."+link), "links."+link, "%s would have two Arc endpoints: %s and %s", whose, endpoint(other), endpoint(link)).
		WithNote(t.At("links."+other), "the other link").WithHint("use one Arc backend and one endpoint network here")
}

// existingArc checks the id of a scope that is there already.
func existingArc(t *topology.Topology, h *compile.Hosting) diag.List {
	body := compile.Decode[arc](t.Backends[h.Backend].Body)
	if body.Existing == "" {
		return nil
	}
	at := "backends." + h.Backend + "." + kindArc + ".existing"
	id := arcScopeID.FindStringSubmatch(body.Existing)
	key := body.Account
	if key == "" {
		key = t.Networks[h.Network].Account
	}
	switch a := t.Accounts[key]; {
	case id == nil:
		return diag.List{badArcScope.At(t.At(at), at, "%q is not the id of an Arc private link scope", body.Existing).
			WithHint("paste the id from `az connectedmachine private-link-scope list --query '[].id'`")}
	case a != nil && a.Kind == Name && !strings.EqualFold(id[1], compile.Decode[account](a.Body).Subscription):
		return diag.List{badArcScope.At(t.At(at), at, "the scope is in subscription %s, account %q is not", id[1], key).
			WithNote(t.At("accounts."+key), "the account").WithHint("name the account of that subscription: account: …")}
	}
	return nil
}

// clientsOf are the clients of a hosting, quoted, each once.
func clientsOf(t *topology.Topology, h *compile.Hosting) []string {
	clients := map[string]bool{}
	for _, link := range h.Links {
		clients[quoted(t.Links[link].From)] = true
	}
	var all []string
	for c := range topology.Sorted(clients) {
		all = append(all, c)
	}
	return all
}

// publicNeeds lists what every server asks for and stays public, by what it is for; the catalogue has
// more for some products.
func publicNeeds(cloud string) string {
	hosts, when := map[string][]string{}, map[string]string{}
	var order []string
	for _, p := range arcFacts(cloud).Public {
		if p.When == "only with that product" {
			continue
		}
		if hosts[p.For] == nil {
			order = append(order, p.For)
		}
		hosts[p.For], when[p.For] = append(hosts[p.For], p.Host), p.When
	}
	var all []string
	for _, what := range order {
		text := fmt.Sprintf("%s (%s", strings.Join(hosts[what], ", "), what)
		if when[what] != "always" {
			text += "; " + when[what]
		}
		all = append(all, text+")")
	}
	return strings.Join(all, "; ")
}
