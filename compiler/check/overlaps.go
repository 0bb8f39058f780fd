package check

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var overlap = diag.Code{
	ID: "OBS211", Severity: diag.Error, Title: "two ranges that meet overlap",
	Cause:   "Where two networks or sites reach the same endpoint network, an address must mean one of them: otherwise the answer has no way back. AWS refuses a peering of VPCs with overlapping CIDRs (VPC peering guide, 2023).",
	Example: "tokyo: cidrs: [\"10.0.0.0/16\"]\nhub: cidrs: [\"10.0.0.0/8\"]\nlinks: a: {from: \"tokyo\", to: \"dd\", via: peering: endpoints: \"hub\"}",
	Mend:    "hub: cidrs: [\"192.168.0.0/16\"]",
}

// span is one declared range and who declared it.
type span struct {
	prefix     netip.Prefix
	path, node string
}

// overlaps checks, for each network that holds endpoints, that it and everything that reaches it
// have ranges of their own; and that the subnets of a network do.
func overlaps(t *topology.Topology) diag.List {
	var found diag.List
	seen := map[[2]string]bool{}
	report := func(code diag.Code, spans []span, same string) {
		for _, pair := range overlapping(spans) {
			a, b := pair[0], pair[1]
			if seen[[2]string{a.path, b.path}] {
				continue
			}
			seen[[2]string{a.path, b.path}] = true
			found = append(found, code.At(t.At(b.path), b.path, "%s of %s overlaps %s of %s", b.prefix, b.node, a.prefix, a.node).
				WithNote(t.At(a.path), "%s", a.prefix).WithHint("%s", same))
		}
	}
	for _, group := range meetings(t) {
		report(overlap, group, "give one of them another range: both reach the same endpoints")
	}
	for _, group := range attachedSpans(t) {
		report(meetAtGateway, group, "give one of them another range: one transit gateway routes to both")
	}
	for key, n := range topology.Sorted(t.Networks) {
		var spans []span
		for sub, s := range topology.Sorted(n.Subnets) {
			if p, err := netip.ParsePrefix(s.CIDR); err == nil {
				path := "networks." + key + ".subnets." + sub
				spans = append(spans, span{p.Masked(), path + ".cidr", fmt.Sprintf("subnet %q", sub)})
			}
		}
		report(overlap, spans, "give one of the subnets another range")
	}
	return found
}

// meetings lists, for each network that something is joined to, the ranges of all that meet there.
func meetings(t *topology.Topology) [][]span {
	members, gateways := map[string]map[string]bool{}, t.Gateways()
	join := func(network, node string) {
		if t.Networks[network] == nil {
			return
		}
		if members[network] == nil {
			members[network] = map[string]bool{network: true}
		}
		members[network][node] = true
	}
	for key, s := range topology.Sorted(t.Sites) {
		if name, _ := s.Network(); name != "" {
			join(name, key)
		}
	}
	for _, l := range topology.Sorted(t.Links) {
		if name, _ := l.Via.Network(); name != "" {
			join(name, l.From)
		}
		if client, endpoints, ok := t.Transit(l); ok {
			if gateways[client] == "" {
				client, endpoints = endpoints, client
			}
			join(client, endpoints) // with the sites behind its gateway
		}
	}
	var groups [][]span
	for _, nodes := range topology.Sorted(members) {
		var group []span
		for node := range topology.Sorted(nodes) {
			group = append(group, spansOf(t, node)...)
		}
		groups = append(groups, group)
	}
	return groups
}

// spansOf lists the valid ranges of a network or site.
func spansOf(t *topology.Topology, node string) []span {
	section, what, values := "sites", "site", []string(nil)
	if n := t.Networks[node]; n != nil {
		section, what, values = "networks", "network", n.CIDRs
	} else if s := t.Sites[node]; s != nil {
		values = s.CIDRs
	}
	var spans []span
	for i, v := range values {
		if p, err := netip.ParsePrefix(v); err == nil {
			spans = append(spans, span{p.Masked(), fmt.Sprintf("%s.%s.cidrs[%d]", section, node, i), fmt.Sprintf("%s %q", what, node)})
		}
	}
	return spans
}

// overlapping finds the pairs of spans that overlap: after sorting, a span can only overlap those
// that follow it before its end. Prefixes nest or are apart, so a stack of open spans is enough.
func overlapping(spans []span) [][2]span {
	slices.SortStableFunc(spans, func(a, b span) int {
		return cmp.Or(a.prefix.Addr().Compare(b.prefix.Addr()), cmp.Compare(a.prefix.Bits(), b.prefix.Bits()), cmp.Compare(a.path, b.path))
	})
	var pairs [][2]span
	var open []span
	for _, s := range spans {
		for len(open) > 0 && !open[len(open)-1].prefix.Overlaps(s.prefix) {
			open = open[:len(open)-1]
		}
		if len(open) > 0 {
			a, b := open[len(open)-1], s
			if b.path < a.path {
				a, b = b, a
			}
			pairs = append(pairs, [2]span{a, b})
		}
		open = append(open, s)
	}
	return pairs
}
