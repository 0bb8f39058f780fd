package aws

import (
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var (
	otherCloud = diag.Code{
		ID: "OBS317", Severity: diag.Error, Title: "a network of another cloud cannot be peered",
		Cause:   "VPC peering joins two VPCs. Between regions it carries packets of 1500 bytes, which TCP agrees on by itself, and its DNS option is about the host names of instances, not about endpoints: their names get private zones (VPC peering guide, 2023).",
		Example: `links: a: {from: "japan", to: "dd", via: peering: endpoints: "hub"}   // japan is an Azure VNet`,
		Mend:    `links: a: {from: "tokyo", to: "dd", via: peering: endpoints: "hub"}`,
	}
	noRouteTables = diag.Code{
		ID: "OBS318", Severity: diag.Error, Title: "an existing network names no route table",
		Cause:   "A peering or a transit gateway needs a route on both sides, and a VPN one back to the site; obslink adds it to the route tables that the topology names and to no other.",
		Example: `tokyo: existing: vpc: "vpc-0a1b"`,
		Mend:    `tokyo: existing: {vpc: "vpc-0a1b", routeTables: private: "rtb-0c3d"}`,
	}
	noWayBack = diag.Code{
		ID: "OBS319", Severity: diag.Error, Title: "answers have no way back to the site",
		Cause:   "obslink owns the route table of a network that it creates. Without address translation on the gateway, the table needs a route to the site through the gateway's network interface.",
		Example: `wireguard: {network: "hub", gateway: existing: "192.168.0.10", …}`,
		Mend:    `wireguard: {network: "hub", gateway: {existing: "192.168.0.10", interface: "eni-0a1b"}, …}   // or snat: true`,
	}
)

// checkRoutes checks that both ways of every link can be routed.
func checkRoutes(t *topology.Topology) diag.List {
	var found diag.List
	for key, l := range topology.Sorted(t.Links) {
		network, field := l.Via.Network()
		if t.Kind(network) != Name {
			continue
		}
		switch {
		case l.Via.Joins() && t.Kind(l.From) != Name && t.Networks[l.From] != nil:
			found = append(found, otherCloud.At(t.At("links."+key+".from"), "links."+key+".from", "network %q is not in AWS; %q is", l.From, network).
				WithHint("link a network of an AWS account"))
		case l.Via.Joins():
			for _, n := range []string{l.From, network} {
				found = append(found, routeTables(t, n, l, "links."+key+"."+field)...)
			}
		case t.Sites[l.From] != nil:
			found = append(found, wayBack(t, l.From, network)...)
		}
	}
	return found
}

func routeTables(t *topology.Topology, network string, l *topology.Link, link string) diag.List {
	n := t.Networks[network]
	if n == nil || n.Existing == nil || len(n.Existing.RouteTables) > 0 {
		return nil
	}
	path := "networks." + network + ".existing"
	joined, what := "peered", "the peering"
	if l.Via.TransitGateway != nil {
		joined, what = "linked through a transit gateway", "the link"
	}
	return diag.List{noRouteTables.At(t.At(path), path+".routeTables", "existing network %q is %s but names no route table", network, joined).
		WithNote(t.At(link), "%s", what).WithHint(`add routeTables: private: "rtb-…"`)}
}

func wayBack(t *topology.Topology, site, network string) diag.List {
	if v, n := t.Sites[site].VPN, t.Networks[network]; v != nil && n.Existing != nil && len(n.Existing.RouteTables) == 0 {
		path := "networks." + network + ".existing"
		return diag.List{noRouteTables.At(t.At(path), path+".routeTables", "existing network %q has a VPN but names no route table", network).
			WithNote(t.At("sites."+site+".vpn"), "the VPN").WithHint(`add routeTables: private: "rtb-…"`)}
	}
	w := t.Sites[site].WireGuard
	if w == nil || w.SNAT || w.Gateway.Interface != "" || t.Networks[network].Existing != nil {
		return nil
	}
	path := "sites." + site + ".wireguard.gateway"
	return diag.List{noWayBack.At(t.At(path), path+".interface", "network %q has no route back to site %q", network, site).
		WithHint(`add interface: "eni-…" to the gateway, or snat: true if it translates addresses`)}
}
