package aws

import (
	"maps"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
	"github.com/obslink/obslink/schema"
)

var (
	unsupportedSite = diag.Code{
		ID: "OBS301", Severity: diag.Error, Title: "this Datadog site has no AWS PrivateLink",
		Cause:   "Datadog offers AWS PrivateLink on us1, ap1, ap2 and uk1. us3 has Azure Private Link, us5 and eu have Google Cloud Private Service Connect, gov and gov2 have nothing of the kind (Datadog's PrivateLink guide, 2026-08).",
		Example: `backends: dd: datadog: {site: "us5", services: metrics: {}}`,
		Mend:    `backends: dd: datadog: {site: "us1", services: metrics: {}}`,
	}
	unknownSite = diag.Code{
		ID: "OBS302", Severity: diag.Error, Title: "no such Datadog site",
		Cause:   "A Datadog site is named by its short name, as in the address bar of the Datadog web page.",
		Example: `backends: dd: datadog: site: "us-1"`,
		Mend:    `backends: dd: datadog: site: "us1"`,
	}
	unknownService = diag.Code{
		ID: "OBS303", Severity: diag.Error, Title: "no such Datadog service on this site",
		Cause:   "Each intake is an endpoint service of its own; the catalogue lists those of each site.",
		Example: `services: {metric: {}}`,
		Mend:    `services: {metrics: {}}`,
	}
	noServices = diag.Code{
		ID: "OBS304", Severity: diag.Error, Title: "a Datadog backend without services or products",
		Cause:   "obslink makes an endpoint for each service; without one there is nothing to reach.",
		Example: `services: {}`,
		Mend:    `services: {metrics: {}, "logs-agent": {}}`,
	}
)

// checkDatadog holds Datadog backends against the catalogue.
func checkDatadog(t *topology.Topology) diag.List {
	var found diag.List
	catalogue := Catalogue(t)
	hosted := map[string]bool{}
	for _, h := range compile.Hostings(t, Name) {
		hosted[h.Backend] = true
	}
	for key, b := range topology.Sorted(t.Backends) {
		if b.Kind != "datadog" {
			continue
		}
		path := "backends." + key + ".datadog"
		body := compile.Decode[datadog](b.Body)
		site, ok := catalogue.Sites[body.Site]
		if _, azure := catalogue.AzureSites[body.Site]; azure && !hosted[key] {
			continue
		}
		if !ok {
			found = append(found, siteFinding(t, path+".site", body.Site))
			continue
		}
		if len(body.Services)+len(body.Products) == 0 {
			found = append(found, noServices.At(t.At(path+".services"), path+".services", "backend %q names no service and no product", key).
				WithHint("add some of: %s", strings.Join(serviceKeys(site), ", ")))
		}
		for name := range topology.Sorted(body.Services) {
			if _, ok := site.Service(name); ok {
				continue
			}
			at := path + ".services." + name
			d := unknownService.At(t.At(at), at, "Datadog site %s has no service %q", body.Site, name)
			if near := diag.DidYouMean(name, serviceKeys(site)); near != "" {
				d = d.WithHint("did you mean %q?", near)
			} else {
				d = d.WithHint("one of: %s", strings.Join(serviceKeys(site), ", "))
			}
			found = append(found, d)
		}
	}
	return found
}

// siteFinding tells a site that PrivateLink does not reach from one that does not exist.
func siteFinding(t *topology.Topology, path, site string) diag.Diagnostic {
	c := schema.Datadog()
	supported := slices.Sorted(maps.Keys(c.Sites))
	for key, row := range topology.Sorted(c.Sites) {
		if row.Domain == site {
			return unknownSite.At(t.At(path), path, "%q is the domain of a Datadog site", site).WithHint("write %q", key)
		}
	}
	aliases := map[string]string{"eu1": "eu", "us1-fed": "gov", "us2-fed": "gov2"}
	for key, row := range c.WithoutPrivateLink {
		aliases[row.Domain] = key
	}
	known := site
	if a, ok := aliases[site]; ok {
		known = a
	}
	other, ok := c.WithoutPrivateLink[known]
	if !ok {
		d := unknownSite.At(t.At(path), path, "there is no Datadog site %q", site)
		if near := diag.DidYouMean(site, supported); near != "" {
			return d.WithHint("did you mean %q?", near)
		}
		return d.WithHint("one of: %s", strings.Join(supported, ", "))
	}
	if other.Offers == "" {
		return unsupportedSite.At(t.At(path), path, "Datadog site %q (%s) has no private connectivity", site, other.Domain).
			WithHint("sites that AWS PrivateLink reaches: %s", strings.Join(supported, ", "))
	}
	if azure, ok := c.AzureSites[known]; ok {
		return unsupportedSite.At(t.At(path), path, "Datadog site %q (%s) has no AWS PrivateLink; it offers %s", site, azure.Domain, other.Offers).
			WithHint("link a network of an Azure account to it, or a site that is connected to one; sites that AWS PrivateLink reaches: %s", strings.Join(supported, ", "))
	}
	return unsupportedSite.At(t.At(path), path, "Datadog site %q (%s) has no AWS PrivateLink; it offers %s", site, other.Domain, other.Offers).
		WithHint("sites that AWS PrivateLink reaches: %s", strings.Join(supported, ", "))
}

func serviceKeys(site schema.DatadogSite) []string {
	return append(slices.Sorted(maps.Keys(site.Services)), slices.Sorted(maps.Keys(site.Anchors))...)
}
