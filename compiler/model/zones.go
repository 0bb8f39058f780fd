package model

import (
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/plan"
)

// zone is a private zone, or the hidden one of an endpoint's own names.
type zone struct {
	name        string
	fallThrough bool
	records     map[string]*plan.Record // wildcards under the name behind "*."
	wildcards   map[string]*plan.Record
	// exists holds every name of the zone, with those that are only on the way to one.
	exists   map[string]bool
	declared *plan.Zone     // nil for an endpoint's own
	endpoint *plan.Endpoint // whose own names these are; nil for a declared zone
	origin   plan.Origin
}

func newZone(name string, o plan.Origin) *zone {
	return &zone{name: name, origin: o, records: map[string]*plan.Record{}, wildcards: map[string]*plan.Record{}, exists: map[string]bool{}}
}

// add lists a record; of two for one name the first counts.
func (z *zone) add(r *plan.Record) {
	name := fold(r.Name)
	into := z.records
	if base, ok := strings.CutPrefix(name, "*."); ok {
		name, into = base, z.wildcards
	}
	if into[name] == nil {
		into[name] = r
	}
	for ; name != "" && !z.exists[name]; name = parent(name) {
		z.exists[name] = true
		if name == z.name {
			break
		}
	}
}

// answer is the record for a name of the zone, or nil. A wildcard answers below the nearest name that
// exists (RFC 4592), so it does not reach behind a name of its own.
func (z *zone) answer(q string) *plan.Record {
	if r := z.records[q]; r != nil {
		return r
	}
	if z.exists[q] {
		return nil
	}
	for d := parent(q); d != ""; d = parent(d) {
		if r := z.wildcards[d]; r != nil {
			return r
		}
		if z.exists[d] || d == z.name {
			return nil
		}
	}
	return nil
}

// indexZones gives every network the zones that it sees: those associated with it, and the names that
// endpoints answer inside their own network.
func (m *Model) indexZones(g *plan.Graph) {
	for i := range g.Zones {
		declared := &g.Zones[i]
		z := newZone(fold(declared.Name), declared.Origin)
		z.declared, z.fallThrough = declared, declared.FallThrough
		for j := range declared.Records {
			z.add(&declared.Records[j])
		}
		m.byName[z.name] = append(m.byName[z.name], z)
		for _, name := range declared.Networks {
			m.networks[name].see(z)
		}
	}
	for i := range g.Endpoints {
		m.indexOwnNames(&g.Endpoints[i])
	}
	for i := range g.Rules {
		r := &g.Rules[i]
		for _, name := range r.Networks {
			if n := m.networks[name]; n != nil {
				if n.rules == nil {
					n.rules = map[string]*plan.Forward{}
				}
				if domain := fold(r.Domain); n.rules[domain] == nil {
					n.rules[domain] = r
				}
			}
		}
	}
}

// indexOwnNames makes a zone of each domain that an endpoint answers for.
func (m *Model) indexOwnNames(e *plan.Endpoint) {
	own := map[string]*zone{}
	for _, name := range e.PrivateDNS {
		base := strings.TrimPrefix(fold(name), "*.")
		z := own[base]
		if z == nil {
			z = newZone(base, e.Origin)
			z.endpoint = e
			own[base] = z
			m.byName[z.name] = append(m.byName[z.name], z)
			m.networks[e.Network].see(z)
		}
		z.add(&plan.Record{Name: name, Endpoint: e.Name})
	}
}

// see adds a zone to those of a network; n may be nil where the graph lacks the network.
func (n *network) see(z *zone) {
	if n == nil {
		return
	}
	if n.zones == nil {
		n.zones = map[string][]*zone{}
	}
	if !slices.Contains(n.zones[z.name], z) {
		n.zones[z.name] = append(n.zones[z.name], z)
	}
}
