package aws

import (
	"net/netip"
	"slices"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
)

// indexExisting finds what is declared of filters and endpoints. A group of servers names the filter
// before them and, beside it, the security group that it is.
func (l *lifting) indexExisting() {
	named := map[string]int{}
	for i, f := range l.g.Filters {
		l.filters[f.Ref], named[f.Name] = i, i
		if f.Ref.Existing != "" {
			l.groupsByID[f.Ref.Existing] = append(l.groupsByID[f.Ref.Existing], i)
		}
	}
	for _, n := range l.g.Networks {
		for _, c := range n.Clients {
			if i, ok := named[c.Filter]; ok && c.SecurityGroup != "" && !slices.Contains(l.groupsByID[c.SecurityGroup], i) {
				l.groupsByID[c.SecurityGroup] = append(l.groupsByID[c.SecurityGroup], i)
			}
		}
	}
	for _, e := range l.g.Endpoints {
		l.answering[joined(e.Addresses)] = e.Name
	}
}

// joined makes a set of addresses a key.
func joined(all []netip.Addr) string {
	sorted := slices.Clone(all)
	slices.SortFunc(sorted, netip.Addr.Compare)
	key := ""
	for _, a := range sorted {
		key += a.String() + " "
	}
	return key
}

// existingRule adds a rule to a security group that is there already: to every filter that it is.
func (l *lifting) existingRule(r *manifest.Resource, id string, rule plan.Rule) {
	rule.Added = true
	for _, i := range l.groupsByID[id] {
		f := &l.g.Filters[i]
		if r.Type == egressType {
			f.Egress = append(slices.Clip(f.Egress), rule)
		} else {
			f.Ingress = append(slices.Clip(f.Ingress), rule)
		}
	}
}
