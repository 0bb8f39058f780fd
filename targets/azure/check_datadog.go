package azure

import (
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var (
	unknownIntake = diag.Code{
		ID: "OBS861", Severity: diag.Error, Title: "no such Datadog service behind Azure Private Link",
		Cause:   "Each intake of Datadog us3 is a private link service of its own; products are known for the sites of AWS only (Datadog's Azure Private Link guide, 2026-08).",
		Example: `backends: dd: datadog: {site: "us3", services: metric: {}}`,
		Mend:    `backends: dd: datadog: {site: "us3", services: metrics: {}}`,
	}
	intakeAddress = diag.Code{
		ID: "OBS863", Severity: diag.Error, Title: "an endpoint of Datadog has no address that it may have",
		Cause:   "Records of the endpoint are made before Datadog approves it, so obslink fixes its address: in a subnet of its own one from the end, in an existing subnet the one that the topology says. Azure keeps the first four addresses of a subnet and the last (Azure Virtual Network FAQ, 2026-08).",
		Example: `japan: subnets: endpoints: {cidr: "10.0.0.0/27", existing: "snet-endpoints"}   // and a link to Datadog us3`,
		Mend:    `japan: subnets: endpoints: {cidr: "10.0.0.0/27", existing: "snet-endpoints", addresses: dd: metrics: "10.0.0.30"}`,
	}
	tracesTaken = diag.Code{
		ID: "OBS864", Severity: diag.Warning, Title: "the metrics of Datadog us3 take its traces along",
		Cause:   "The Agent sends metrics to a name that carries its version, below agent.us3.datadoghq.com, so the zone answers every name below it: also trace.agent.us3.datadoghq.com, which the metrics endpoint does not serve (Datadog's Azure Private Link guide, 2026-08).",
		Example: `backends: dd: datadog: {site: "us3", services: metrics: {}}`,
		Mend:    `backends: dd: datadog: {site: "us3", services: {metrics: {}, traces: {}}}`,
	}
	twoIntakes = diag.Code{
		ID: "OBS866", Severity: diag.Error, Title: "one VNet would see two endpoints of one Datadog name",
		Cause:   "A VNet sees one private zone of a name, and the zone leads to one endpoint (MicrosoftDocs/azure-aks-docs#212, 2025).",
		Example: "links: {a: {from: \"spoke\", to: \"dd\", via: peering: endpoints: \"hub\"}, b: {from: \"spoke\", to: \"dd\", via: peering: endpoints: \"hub2\"}}",
		Mend:    `links: a: {from: "spoke", to: "dd", via: peering: endpoints: "hub"}`,
	}
)

// checkDatadog checks the Datadog backends whose endpoints stand in VNets.
func checkDatadog(t *topology.Topology) diag.List {
	var found diag.List
	checked := map[string]bool{}
	sees := map[zoneView]*compile.Hosting{}
	for _, h := range compile.Hostings(t, Name) {
		body, site, ok := datadogSite(t, h.Backend)
		if !ok {
			continue
		}
		if !checked[h.Backend] {
			checked[h.Backend] = true
			found = append(found, services(t, h.Backend)...)
		}
		found = append(found, intakeAddresses(t, h, intakes(body, site))...)
		for key := range topology.Sorted(body.Services) {
			for _, network := range viewers(t, h) {
				view := zoneView{network, site.Services[key].Host}
				other := sees[view]
				if other == nil {
					sees[view] = h
				} else if other != h && view.domain != "" {
					at := "links." + h.Links[0]
					found = append(found, twoIntakes.At(t.At(at), at, "VNet %q would see %q at endpoints of backend %q in network %q and of backend %q in network %q", network, view.domain, other.Backend, other.Network, h.Backend, h.Network).
						WithNote(t.At("links."+other.Links[0]), "the other link").WithHint("let network %q use one of them", network))
					break
				}
			}
		}
	}
	return found
}

// services checks what a backend asks of its site.
func services(t *topology.Topology, backend string) diag.List {
	body, site, _ := datadogSite(t, backend)
	var found diag.List
	path := "backends." + backend + ".datadog"
	known := slices.Sorted(maps.Keys(site.Services))
	if len(body.Services) == 0 || len(body.Products) > 0 {
		at := path
		if len(body.Products) > 0 {
			at += ".products"
		}
		found = append(found, unknownIntake.At(t.At(at), at, "backend %q must name its services: products of site %q are not known", backend, body.Site).
			WithHint("write services: with some of: %s", strings.Join(known, ", ")))
	}
	for key := range topology.Sorted(body.Services) {
		if _, ok := site.Services[key]; ok {
			continue
		}
		at := path + ".services." + key
		d := unknownIntake.At(t.At(at), at, "Datadog site %s has no service %q", body.Site, key)
		if near := diag.DidYouMean(key, known); near != "" {
			d = d.WithHint("did you mean %q?", near)
		} else {
			d = d.WithHint("one of: %s", strings.Join(known, ", "))
		}
		found = append(found, d)
	}
	_, metrics := body.Services["metrics"]
	if _, traces := body.Services["traces"]; metrics && !traces {
		at := path + ".services.metrics"
		found = append(found, tracesTaken.At(t.At(at), at, "clients of backend %q find the metrics endpoint at %q", backend, site.Services["traces"].Host).
			WithHint("add traces: {}, or accept it: severities: %s: {level: \"acknowledged\", reason: \"…\"}", tracesTaken.ID))
	}
	return found
}

// intakeAddresses checks that each endpoint has an address of its own.
func intakeAddresses(t *topology.Topology, h *compile.Hosting, all []intake) diag.List {
	n := t.Networks[h.Network]
	sub := endpointSubnet(n)
	if sub == "" {
		return nil // another check reports it
	}
	var found diag.List
	path := "networks." + h.Network + ".subnets." + sub
	cidr, err := netip.ParsePrefix(n.Subnets[sub].CIDR)
	if err != nil {
		return nil
	}
	taken := map[netip.Addr]string{}
	for _, i := range all {
		a, key, ok := i.address(n.Subnets[sub], h.Backend)
		at := path + ".addresses"
		if key != "" {
			at += "." + h.Backend + "." + key
		}
		switch {
		case key == "" && !ok:
			found = append(found, intakeAddress.At(t.At(path), at, "subnet %q is there already, and nothing says which address the endpoint for %q of backend %q may have", sub, i.services[0], h.Backend).
				WithHint("write addresses: %s: %s: %q", h.Backend, i.services[0], fromEnd(cidr, i.place+2)))
		case !ok || !cidr.Contains(a) || a.Compare(fromEnd(cidr, 1<<(32-cidr.Bits())-4)) < 0 || a == fromEnd(cidr, 1):
			found = append(found, intakeAddress.At(t.At(at), at, "%s is no address that the endpoint for %q may have in %s", a, i.services[0], cidr).
				WithHint("choose one of %s to %s", fromEnd(cidr, 1<<(32-cidr.Bits())-4), fromEnd(cidr, 2)))
		case taken[a] != "":
			found = append(found, intakeAddress.At(t.At(at), at, "%s is the address of the endpoint for %q too", a, taken[a]).WithHint("choose another"))
		}
		taken[a] = i.services[0]
	}
	return found
}
