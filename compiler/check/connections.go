package check

import (
	"cmp"
	"fmt"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var (
	noConnection = diag.Code{
		ID: "OBS212", Severity: diag.Error, Title: "a linked site has no connection",
		Cause:   "A site reaches an endpoint through a tunnel, a VPN or an existing connection, into one network or to a transit gateway.",
		Example: `sites: home: cidrs: ["192.168.1.0/24"]`,
		Mend:    `sites: home: {cidrs: ["192.168.1.0/24"], existing: {network: "japan", over: "vpn"}}`,
	}
	connectionElsewhere = diag.Code{
		ID: "OBS213", Severity: diag.Error, Title: "the endpoint is not where the client is",
		Cause:   "`via: endpoint` names the client's own network or the one in which the site's connection ends. AWS does not pass traffic on from a tunnel through a peering (VPC peering guide, edge-to-edge routing, 2023); a transit gateway does, and so does Azure with gatewayTransit.",
		Example: `sites: home: existing: network: "japan"` + "\n" + `links: a: {from: "home", to: "logs", via: endpoint: network: "hub"}`,
		Mend:    `links: a: {from: "home", to: "logs", via: endpoint: network: "japan"}`,
	}
	toItself = diag.Code{
		ID: "OBS214", Severity: diag.Error, Title: "a network is peered with itself",
		Cause:   "Peering joins two networks. A network that holds the endpoints itself needs none.",
		Example: `links: a: {from: "hub", to: "dd", via: peering: endpoints: "hub"}`,
		Mend:    `links: a: {from: "hub", to: "dd", via: endpoint: network: "hub"}`,
	}
)

// connections checks that each link's mechanism can join its client to its endpoints.
func connections(t *topology.Topology) diag.List {
	var found diag.List
	for key, l := range topology.Sorted(t.Links) {
		path := "links." + key
		site := t.Sites[l.From]
		endpoints, field := l.Via.Network()
		switch {
		case len(l.Via.Kinds()) > 1: // reported as two kinds
		case site != nil && t.Networks[l.From] == nil:
			found = append(found, siteConnection(t, path, l, site)...)
		case l.Via.Joins() && endpoints == l.From:
			found = append(found, toItself.At(t.At(path+"."+field), path+"."+field, "%q cannot be peered with itself", l.From).
				WithHint("write `via: endpoint: network: %q`", l.From))
		case l.Via.Endpoint != nil && t.Networks[l.From] != nil && l.Via.Endpoint.Network != l.From:
			found = append(found, connectionElsewhere.At(t.At(path+".via.endpoint.network"), path+".via.endpoint.network", "network %q is not the client's own", l.Via.Endpoint.Network).
				WithHint("write `via: peering: endpoints: %q`", l.Via.Endpoint.Network))
		}
	}
	return found
}

func siteConnection(t *topology.Topology, path string, l *topology.Link, site *topology.Site) diag.List {
	ends, field := site.Network()
	target, via := l.Via.Network()
	gateway, at := site.Gateway()
	switch {
	case gateway != "" && via != "" && l.Via.TransitGateway == nil:
		return diag.List{connectionElsewhere.At(t.At(path+"."+via), path+"."+via, "site %q is connected to transit gateway %q, not to network %q", l.From, gateway, target).
			WithNote(t.At("sites."+l.From+"."+at), "the site's connection").
			WithHint("write `via: transitGateway: endpoints: %q`", target)}
	case gateway != "" || len(connectionsOf(site)) > 0 && field == "":
		return nil // a connection that ends nowhere is reported as of no kind
	case field == "":
		return diag.List{noConnection.At(t.At("sites."+l.From), "sites."+l.From, "site %q is linked but connected to no network", l.From).
			WithNote(t.At(path), "the link").
			WithHint("add `wireguard: {…}`, `vpn: {…}` or `existing: network: %q`", cmp.Or(target, "…"))}
	case l.Via.Joins() && ends == target:
		return diag.List{connectionElsewhere.At(t.At(path+"."+via), path+"."+via, "site %q is not peered: its connection ends in network %q", l.From, ends).
			WithNote(t.At("sites."+l.From+"."+field), "the site's connection").
			WithHint("write `via: endpoint: network: %q`", ends)}
	case l.Via.Peering != nil && l.Via.Peering.GatewayTransit && target != "" && ends != target:
		return nil // the gateway of the one network serves the other
	case via != "" && ends != target:
		return diag.List{connectionElsewhere.At(t.At(path+"."+via), path+"."+via, "site %q is connected to network %q, not %q", l.From, ends, target).
			WithNote(t.At("sites."+l.From+"."+field), "the site's connection").
			WithHint("write `via: endpoint: network: %q`%s", ends, orGateway(t, l, site, target))}
	}
	return nil
}

// orGateway is the other way of a site that asks for endpoints elsewhere: a transit gateway passes on
// what a peering does not.
func orGateway(t *topology.Topology, l *topology.Link, site *topology.Site, target string) string {
	gateway := t.Gateway(target)
	if gateway == "" || site.WireGuard != nil {
		return ""
	}
	kind := "existing"
	if site.VPN != nil {
		kind = "vpn"
	}
	return fmt.Sprintf(", or sites.%s.%s: transitGateway: %q with `via: transitGateway: endpoints: %q`", l.From, kind, gateway, target)
}
