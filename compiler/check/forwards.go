package check

import (
	"slices"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var (
	noInbound = diag.Code{
		ID: "OBS275", Severity: diag.Error, Title: "a site forwards to a network that answers nobody",
		Cause:   "A network's own resolver answers inside the network only: the address that servers there ask (the VPC's second address, 168.63.129.16) cannot be reached from a site (Route 53 Resolver guide, 2023; what-is-ip-address-168-63-129-16). A site asks a DNS inbound endpoint in its place.",
		Example: "networks: hub: {…}\nsites: home: dns: forwardTo: \"hub\"",
		Mend:    "networks: hub: inbound: {a: subnet: \"a\", b: subnet: \"b\"}\n// or, where one is there already: networks: hub: existing: resolvers: [\"10.0.0.10\"]",
	}
	inboundElsewhere = diag.Code{
		ID: "OBS276", Severity: diag.Error, Title: "a site forwards to a network that it cannot reach",
		Cause:   "Questions take the same way as everything else: into the network in which the site's connection ends, or in which the endpoints stand that it is linked to. Nothing is passed on from there through a peering (VPC peering guide, edge-to-edge routing, 2023).",
		Example: `sites: home: {existing: network: "japan", dns: forwardTo: "hub"}`,
		Mend:    `sites: home: {existing: network: "japan", dns: forwardTo: "japan"}   // and japan: inbound: …`,
	}
	nothingForwarded = diag.Code{
		ID: "OBS277", Severity: diag.Error, Title: "a site forwards to a network that answers none of its names",
		Cause:   "What a site forwards are the names of the backends that it is linked to; a network's resolver answers those whose endpoints or zones are in the same cloud.",
		Example: `sites: home: dns: forwardTo: "hub"   // and no link from home`,
		Mend:    `links: "home-datadog": {from: "home", to: "dd", via: endpoint: network: "hub"}`,
	}
)

// forwards checks what sites forward to, and that they can.
func forwards(t *topology.Topology) diag.List {
	var found diag.List
	links := map[string][]string{} // of sites that forward
	for key, l := range topology.Sorted(t.Links) {
		if t.ForwardsTo(l.From) != "" {
			links[l.From] = append(links[l.From], key)
		}
	}
	for key, s := range topology.Sorted(t.Sites) {
		n := t.Networks[s.DNS.ForwardTo]
		if n == nil {
			continue // forwards to none, or to one that is reported as unknown
		}
		at := "sites." + key + ".dns.forwardTo"
		if !n.AnswersDNS() {
			found = append(found, noInbound.At(t.At(at), at, "network %q has no DNS inbound endpoint for site %q to ask", s.DNS.ForwardTo, key).
				WithNote(t.At("networks."+s.DNS.ForwardTo), "the network").
				WithHint("add inbound: … to network %q, or existing: resolvers: [\"…\"] if there is one", s.DNS.ForwardTo))
		}
		found = append(found, forwarded(t, key, s, links[key])...)
	}
	return found
}

// forwarded checks that a site can ask the network that it forwards to, and has something to ask.
func forwarded(t *topology.Topology, key string, s *topology.Site, links []string) diag.List {
	to, at := s.DNS.ForwardTo, "sites."+key+".dns.forwardTo"
	ends, field := s.Network()
	holds := func(network string) func(string) bool {
		return func(link string) bool { n, _ := t.Links[link].Via.Network(); return n == network }
	}
	switch {
	case len(links) == 0:
		return diag.List{nothingForwarded.At(t.At(at), at, "site %q is linked to no backend, so there is nothing to forward to network %q", key, to).
			WithHint("link the site to a backend, or remove forwardTo")}
	case field != "" && ends != to && !slices.ContainsFunc(links, holds(to)):
		return diag.List{inboundElsewhere.At(t.At(at), at, "site %q is connected to network %q, not %q", key, ends, to).
			WithNote(t.At("sites."+key+"."+field), "the site's connection").
			WithHint("write forwardTo: %q", ends)}
	}
	if gateway, field := s.Gateway(); field != "" && t.Gateway(to) != gateway && !t.Peered(t.Gateway(to), gateway) {
		return diag.List{inboundElsewhere.At(t.At(at), at, "site %q ends at transit gateway %q, which network %q is not attached to", key, gateway, to).
			WithNote(t.At("sites."+key+"."+field), "the site's connection").
			WithHint("attach network %q to it: attach: transitGateway: %q, or forward to a network that is attached", to, gateway)}
	}
	for _, link := range links {
		network, field := t.Links[link].Via.Network()
		if kind := t.Kind(network); kind != "" && kind != t.Kind(to) {
			return diag.List{nothingForwarded.At(t.At(at), at, "the names of backend %q are answered in network %q of another cloud, not in %q", t.Links[link].To, network, to).
				WithNote(t.At("links."+link+"."+field), "the link").
				WithHint("forward to %q, or let a site of its own use the backend", network)}
		}
	}
	return nil
}
