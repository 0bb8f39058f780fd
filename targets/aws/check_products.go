package aws

import (
	"fmt"
	"strings"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
	"github.com/obslink/obslink/schema"
)

var (
	unknownProduct = diag.Code{
		ID: "OBS390", Severity: diag.Error, Title: "no such Datadog product",
		Cause:   "The catalogue lists products by the hosts that their Agents and libraries contact; `obslink catalogue datadog` prints them.",
		Example: `products: {infrastructure: {}}`,
		Mend:    `products: {infra: {}}`,
	}
	publicProduct = diag.Code{
		ID: "OBS391", Severity: diag.Error, Title: "a product that PrivateLink reaches nothing of on this site",
		Cause:   "No endpoint service of the site has a host of the product (Datadog's PrivateLink guide, 2026-08), so an endpoint could not help it.",
		Example: `backends: dd: datadog: {site: "ap1", products: {infra: {}, otlp: {}}}`,
		Mend:    `backends: dd: datadog: {site: "ap1", products: {infra: {}}}`,
	}
	publicHosts = diag.Code{
		ID: "OBS392", Severity: diag.Warning, Title: "hosts of a product that stay public",
		Cause:   "PrivateLink covers the intakes that Datadog's PrivateLink guide lists (2026-08). What else the product contacts still needs a way to the internet, or does not work: flares, packages, clocks, some sites' telemetry.",
		Example: `backends: dd: datadog: {site: "us1", products: infra: {}}`,
		Mend:    "backends: dd: datadog: {site: \"us1\", products: infra: {}}\nseverities: OBS392: {level: \"acknowledged\", reason: \"packages come from our mirror, flares are not sent\"}",
	}
)

// checkProducts says what of a backend's products PrivateLink does not reach.
func checkProducts(t *topology.Topology) diag.List {
	var found diag.List
	catalogue := Catalogue(t)
	for key, b := range topology.Sorted(t.Backends) {
		if b.Kind != "datadog" {
			continue
		}
		body := compile.Decode[datadog](b.Body)
		site, ok := catalogue.Sites[body.Site]
		if !ok || len(body.Products) == 0 {
			continue
		}
		path := "backends." + key + ".datadog.products"
		public := map[string]string{} // what for, by host
		for name := range topology.Sorted(body.Products) {
			at := path + "." + name
			product, ok := catalogue.Products[name]
			if !ok {
				found = append(found, productFinding(t, at, name, site))
				continue
			}
			open, private := openHosts(site, product)
			if !private {
				found = append(found, publicProduct.At(t.At(at), at, "PrivateLink reaches nothing of %s on %s: not %s", product.Label, body.Site, hostList(open)).
					WithHint("%s", elsewhere(catalogue, body.Site, name)))
				continue
			}
			for host, what := range open {
				public[host] = what
			}
		}
		if len(public) > 0 {
			found = append(found, publicHosts.At(t.At(path), path, "what backend %q uses stays public in part on %s: %s", key, body.Site, hostList(public)).
				WithHint("give servers another way to them, switch them off, or accept it: severities: OBS392: {level: \"acknowledged\", reason: \"…\"}"))
		}
	}
	return found
}

func productFinding(t *topology.Topology, at, name string, site schema.DatadogSite) diag.Diagnostic {
	known := schema.Datadog().Products
	var keys []string
	for key := range topology.Sorted(known) {
		keys = append(keys, key)
	}
	d := unknownProduct.At(t.At(at), at, "there is no Datadog product %q", name)
	if _, service := site.Service(name); service {
		return d.WithHint("it is a service: write services: %q: {}", name)
	}
	if near := diag.DidYouMean(name, keys); near != "" {
		return d.WithHint("did you mean %q?", near)
	}
	return d.WithHint("one of: %s", strings.Join(keys, ", "))
}

// openHosts are a product's hosts that no service of a site covers, with what each is for, and whether
// any other is covered.
func openHosts(site schema.DatadogSite, product schema.DatadogProduct) (open map[string]string, private bool) {
	open = map[string]string{}
	for _, h := range product.Hosts {
		host := h.On(site)
		if _, ok := site.Covering(host); ok {
			private = true
		} else {
			open[host] = h.For
		}
	}
	return open, private
}

func hostList(hosts map[string]string) string {
	var list []string
	for host, what := range topology.Sorted(hosts) {
		list = append(list, fmt.Sprintf("%s (%s)", host, what))
	}
	return strings.Join(list, ", ")
}

// elsewhere is the way out of a product that a site does not reach.
func elsewhere(c *schema.DatadogCatalogue, site, product string) string {
	var others []string
	for key, other := range topology.Sorted(c.Sites) {
		if _, private := openHosts(other, c.Products[product]); private {
			others = append(others, key)
		}
	}
	if len(others) == 0 {
		return "remove the product: it goes over the internet on every site"
	}
	return fmt.Sprintf("remove the product here: it goes over the internet on %s; sites that reach it privately: %s", site, strings.Join(others, ", "))
}
