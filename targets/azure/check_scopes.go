package azure

import (
	"regexp"
	"strings"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var (
	badScopeID = diag.Code{
		ID: "OBS810", Severity: diag.Error, Title: "not the id of a private link scope in a subscription of the topology",
		Cause:   "An existing scope is named by its ARM id, and looked up through the provider of its subscription before anything is changed; the resources that are put into it are written there too.",
		Example: `logs: azureMonitor: {existing: "ampls-main", …}`,
		Mend:    `logs: azureMonitor: {existing: "/subscriptions/…/resourceGroups/rg-monitor/providers/Microsoft.Insights/privateLinkScopes/ampls-main", …}`,
	}
	existingScope = diag.Code{
		ID: "OBS811", Severity: diag.Error, Title: "a setting of a scope that is there already",
		Cause:   "obslink changes nothing of an existing scope: its access modes, with those of single endpoints, are its owner's; its subscription is in its id.",
		Example: `logs: azureMonitor: {existing: "/subscriptions/…", exclusions: tokyo: query: "Open", …}`,
		Mend:    `logs: azureMonitor: {existing: "/subscriptions/…", …}   // and the exclusion by the scope's owner`,
	}
	scopeTwice = diag.Code{
		ID: "OBS812", Severity: diag.Error, Title: "two backends are one scope",
		Cause:   "A scope takes one resource after another and refuses a second at the same time (409, hashicorp/terraform-provider-azurerm#22236); only within one backend there is an order.",
		Example: `backends: {a: azureMonitor: {existing: "/subscriptions/…/ampls-main", …}, b: azureMonitor: {existing: "/subscriptions/…/ampls-main", …}}`,
		Mend:    "put the resources of both into one backend",
	}
)

var scopeID = regexp.MustCompile(`(?i)^/subscriptions/([^/]+)/resourceGroups/([^/]+)/providers/Microsoft\.Insights/privateLinkScopes/([^/]+)$`)

type scopeParts struct{ subscription, group, name string }

func parseScopeID(id string) (scopeParts, bool) {
	m := scopeID.FindStringSubmatch(id)
	if m == nil {
		return scopeParts{}, false
	}
	return scopeParts{m[1], m[2], m[3]}, true
}

// checkScopes checks the scopes that are there already.
func checkScopes(t *topology.Topology) diag.List {
	var found diag.List
	first, accounts := map[string]string{}, subscriptions(t)
	for key, b := range topology.Sorted(t.Backends) {
		if b.Kind != kindMonitor {
			continue
		}
		path := "backends." + key + ".azureMonitor"
		body := compile.Decode[monitor](b.Body)
		if body.Existing == "" {
			continue
		}
		at := path + ".existing"
		id, ok := parseScopeID(body.Existing)
		owner := accounts[strings.ToLower(id.subscription)]
		switch {
		case !ok:
			found = append(found, badScopeID.At(t.At(at), at, "%q is not the id of an Azure Monitor private link scope", body.Existing).
				WithHint("paste the id from `az monitor private-link-scope list --query '[].id'`"))
		case owner == "":
			found = append(found, badScopeID.At(t.At(at), at, "subscription %q is no account of this topology", id.subscription).
				WithHint("declare it: accounts: other: azure: subscription: %q", id.subscription))
		case body.Account != "" && body.Account != owner:
			found = append(found, existingScope.At(t.At(path+".account"), path+".account", "the scope is in subscription %q, which is account %q", id.subscription, owner).
				WithHint("remove account: the id says it; a resource may name another of its own"))
		}
		for network := range topology.Sorted(body.Exclusions) {
			at := path + ".exclusions." + network
			found = append(found, existingScope.At(t.At(at), at, "the scope is existing; obslink changes no access mode of it").
				WithHint("remove exclusions, and have the scope's owner set them"))
		}
		if other := first[strings.ToLower(body.Existing)]; other != "" {
			found = append(found, scopeTwice.At(t.At(at), at, "backends %q and %q are one scope", other, key).
				WithNote(t.At("backends."+other+".azureMonitor.existing"), "the other backend").WithHint("put the resources of both into one backend"))
		} else {
			first[strings.ToLower(body.Existing)] = key
		}
	}
	return found
}
