package blame

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/plan"
)

// CIDR is the range of a network or subnet that was refused, else of a node that the answer names.
func CIDR(r Refused) string {
	for _, n := range r.Plan.Graph.Networks {
		if n.Ref.Part == r.Resource {
			return n.Origin.Path + ".cidrs[0]"
		}
		for _, s := range n.Subnets {
			if s.Ref.Part == r.Resource {
				return s.Origin.Path + ".cidr"
			}
		}
	}
	for _, s := range r.spans() {
		if slices.Contains(named(r.Answer), s.prefix) {
			return s.path
		}
	}
	return ""
}

var prefixes = regexp.MustCompile(`\d+\.\d+\.\d+\.\d+/\d+`)

// named are the prefixes that an answer names.
func named(answer string) []netip.Prefix {
	var all []netip.Prefix
	for _, text := range prefixes.FindAllString(answer, -1) {
		if p, err := netip.ParsePrefix(text); err == nil {
			all = append(all, p)
		}
	}
	return all
}

// Overlap is the later of two ranges that overlap: those of a connection's ends, or, where the answer
// names a prefix, those that overlap it.
func Overlap(r Refused) string {
	spans, about := r.spans(), named(r.Answer)
	latest := ""
	for i, a := range spans {
		if len(about) > 0 && !slices.ContainsFunc(about, a.prefix.Overlaps) {
			continue
		}
		for _, b := range spans[:i] {
			if a.prefix.Overlaps(b.prefix) {
				latest = max(latest, a.path, b.path)
			}
		}
	}
	return latest
}

type span struct {
	path   string
	prefix netip.Prefix
}

// spans are the ranges of a connection's ends, or of all that meets the resource's network, or of all.
func (r Refused) spans() (all []span) {
	nodes := map[string]bool{}
	for _, c := range r.Plan.Graph.Connections {
		if c.Name == r.Resource {
			nodes[c.A.Node], nodes[c.B.Node] = true, true
		}
	}
	_, keys, _ := strings.Cut(r.Resource, "_")
	first, _, _ := strings.Cut(keys, "_")
	// A resource whose first key is no network's, such as a transit gateway's route, may meet any.
	if network := r.network(); network == first && len(nodes) == 0 {
		nodes[network] = true
		for _, l := range r.Plan.Links {
			if l.Network == network {
				nodes[l.From] = true
			}
		}
	}
	add := func(o plan.Origin, name string, cidrs []netip.Prefix) {
		if len(nodes) > 0 && !nodes[name] {
			return
		}
		for i, p := range cidrs {
			all = append(all, span{fmt.Sprintf("%s.cidrs[%d]", o.Path, i), p})
		}
	}
	for _, n := range r.Plan.Graph.Networks {
		add(n.Origin, n.Name, n.CIDRs)
	}
	for _, s := range r.Plan.Graph.Sites {
		add(s.Origin, s.Name, s.CIDRs)
	}
	return all
}
