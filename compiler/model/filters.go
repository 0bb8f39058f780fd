package model

import (
	"net/netip"
	"slices"

	"github.com/gaissmai/bart"

	"github.com/obslink/obslink/compiler/plan"
)

// answerPorts are the ports that clients take answers on; which one is the client's choice, so all
// must pass. Linux uses 32768–60999, Windows 49152–65535, gateways that translate 1024–65535.
var answerPorts = [2]int{1024, 65535}

// fewRules is how long a list may be before an index beats reading it.
const fewRules = 8

type filter struct {
	*plan.Filter
	in, out ruleList
}

// ruleList finds the rules of a filter whose prefix holds an address without reading all of them: an
// endpoint shared by a thousand networks has a rule for each.
type ruleList struct {
	rules    []plan.Rule
	byPrefix *bart.Table[[]int32]
}

func indexFilter(f *plan.Filter) *filter {
	return &filter{Filter: f, in: indexRules(f.Ingress), out: indexRules(f.Egress)}
}

func indexRules(rules []plan.Rule) ruleList {
	l := ruleList{rules: rules}
	if len(rules) <= fewRules {
		return l
	}
	l.byPrefix = new(bart.Table[[]int32])
	for i, r := range rules {
		same, _ := l.byPrefix.Get(r.Prefix)
		l.byPrefix.Insert(r.Prefix, append(same, int32(i)))
	}
	return l
}

// matching lists the rules whose prefix holds an address, in their order.
func (l ruleList) matching(a netip.Addr) []int32 {
	var found []int32
	if l.byPrefix == nil {
		for i, r := range l.rules {
			if r.Prefix.Contains(a) {
				found = append(found, int32(i))
			}
		}
		return found
	}
	for _, same := range l.byPrefix.Supernets(netip.PrefixFrom(a, a.BitLen())) {
		found = append(found, same...)
	}
	slices.Sort(found)
	return found
}

// pass reports whether all of a range of ports to or from an address pass: the first rule that
// matches a port decides about it. denied is the rule that drops some of them, nil where it is the
// lack of a rule.
func (l ruleList) pass(a netip.Addr, ports [2]int) (ok bool, denied *plan.Rule) {
	open := [][2]int{ports}
	for _, i := range l.matching(a) {
		r := &l.rules[i]
		var rest [][2]int
		for _, o := range open {
			if r.Ports[0] > o[1] || r.Ports[1] < o[0] {
				rest = append(rest, o)
				continue
			}
			if r.Deny {
				return false, r
			}
			if o[0] < r.Ports[0] {
				rest = append(rest, [2]int{o[0], r.Ports[0] - 1})
			}
			if o[1] > r.Ports[1] {
				rest = append(rest, [2]int{r.Ports[1] + 1, o[1]})
			}
		}
		if open = rest; len(open) == 0 {
			return true, nil
		}
	}
	return false, nil
}

// verdict is what a filter that dropped a packet says of it.
type verdict struct {
	filter  *filter
	name    string // the filter's, which the graph may lack
	denied  *plan.Rule
	ingress bool
	peer    netip.Addr // the address that the rules were held against
	ports   [2]int
}

// try holds a packet against one direction of a filter; nil is a pass. A filter that the graph lacks
// passes nothing.
func (m *Model) try(name string, ingress bool, peer netip.Addr, ports [2]int) *verdict {
	f := m.filters[name]
	v := verdict{filter: f, name: name, ingress: ingress, peer: peer, ports: ports}
	if f == nil {
		return &v
	}
	list := f.out
	if ingress {
		list = f.in
	}
	ok, denied := list.pass(peer, ports)
	if ok {
		return nil
	}
	v.denied = denied
	return &v
}

func (m *Model) stateless(name string) bool { f := m.filters[name]; return f != nil && f.Stateless }
