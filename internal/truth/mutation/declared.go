package mutation

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/obslink/obslink/compiler/plan"
)

var (
	nowhere = netip.MustParsePrefix("10.251.0.0/16")
	nobody  = netip.MustParseAddr("10.251.0.53")
)

func halved(p netip.Prefix) netip.Prefix { return netip.PrefixFrom(p.Addr(), min(p.Bits()+1, 32)) }

// connection spoils what the ends of a site's connection carry.
func (m *list) connection(i int) {
	c := m.c.World.Declared.Connections[i]
	words := []string{c.Name, `"` + c.A.Node + `"`, `"` + c.B.Node + `"`}
	m.change("without "+c.Name, words, func(g *plan.Graph) { g.Connections = slices.Delete(g.Connections, i, i+1) })
	for _, end := range []struct {
		name string
		of   func(*plan.Connection) *plan.End
	}{
		{"a", func(c *plan.Connection) *plan.End { return &c.A }},
		{"b", func(c *plan.Connection) *plan.End { return &c.B }},
	} {
		at := func(g *plan.Graph) *plan.End { return end.of(&g.Connections[i]) }
		what := c.Name + " " + end.name
		m.change(what+" allows elsewhere only", words, func(g *plan.Graph) { at(g).Allowed = []netip.Prefix{nowhere} })
		for j, p := range end.of(&c).Allowed {
			m.change(fmt.Sprintf("%s: %s halved", what, p), words, func(g *plan.Graph) { at(g).Allowed[j] = halved(p) })
			m.change(fmt.Sprintf("%s: %s more", what, p), words, func(g *plan.Graph) { at(g).Allowed = append(at(g).Allowed, nowhere) })
			if len(end.of(&c).Allowed) > 1 {
				m.change(fmt.Sprintf("%s: without %s", what, p), words, func(g *plan.Graph) { at(g).Allowed = slices.Delete(at(g).Allowed, j, j+1) })
			}
		}
	}
	if c.Kind == plan.KindWireGuard {
		m.change(c.Name+" translates or not", words, func(g *plan.Graph) { g.Connections[i].B.SNAT = !c.B.SNAT })
	}
}

// network spoils who answers in a network and what its subnets and clients use.
func (m *list) network(i int) {
	n := m.c.World.Declared.Networks[i]
	words := []string{`"` + n.Name + `"`}
	m.change(n.Name+" asks public DNS", words, func(g *plan.Graph) {
		g.Networks[i].DNS = plan.DNS{Mode: plan.DNSPublic, Origin: n.Origin}
	})
	if n.Existing() && n.DNSAttributes && n.Ref.Existing[0] != '/' {
		m.change(n.Name+" without DNS attributes", words, func(g *plan.Graph) { g.Networks[i].DNSAttributes = false })
	}
	for j, s := range n.Subnets {
		for _, t := range n.RouteTables {
			if s.RouteTable != "" && t.Name != s.RouteTable {
				m.change(n.Name+"/"+s.Name+" uses "+t.Name, append(words, t.Name), func(g *plan.Graph) { g.Networks[i].Subnets[j].RouteTable = t.Name })
			}
		}
	}
}

// filter spoils the rules of declared filters.
func (m *list) filter(i int) {
	f := m.c.World.Declared.Filters[i]
	words := []string{f.Name}
	for _, n := range m.c.World.Declared.Networks {
		of := slices.ContainsFunc(n.Clients, func(c plan.Client) bool { return c.Filter == f.Name })
		for _, s := range n.Subnets {
			of = of || slices.Contains(s.Filters, f.Name)
		}
		if of {
			words = append(words, `"`+n.Name+`"`)
		}
	}
	for _, side := range []struct {
		name string
		of   func(*plan.Filter) *[]plan.Rule
	}{
		{"in", func(f *plan.Filter) *[]plan.Rule { return &f.Ingress }},
		{"out", func(f *plan.Filter) *[]plan.Rule { return &f.Egress }},
	} {
		rules := func(g *plan.Graph) *[]plan.Rule { return side.of(&g.Filters[i]) }
		for j, r := range *side.of(&f) {
			what := fmt.Sprintf("%s %s %s", f.Name, side.name, r.Prefix)
			m.change("without "+what, words, func(g *plan.Graph) { *rules(g) = slices.Delete(*rules(g), j, j+1) })
			m.change(what+" turned", words, func(g *plan.Graph) { (*rules(g))[j].Deny = !r.Deny })
			m.change(what+" for port 80", words, func(g *plan.Graph) { (*rules(g))[j].Ports = [2]int{80, 80} })
			if r.Prefix.Bits() > 0 {
				m.change(what+" halved", words, func(g *plan.Graph) { (*rules(g))[j].Prefix = halved(r.Prefix) })
			}
		}
	}
}

// site spoils who answers at a site.
func (m *list) site(i int) {
	s := m.c.World.Declared.Sites[i]
	words := []string{`"` + s.Name + `"`}
	m.change(s.Name+" asks public DNS", words, func(g *plan.Graph) { g.Sites[i].DNS = plan.DNS{Mode: plan.DNSPublic, Origin: s.Origin} })
	if s.Device != nil {
		m.change(s.Name+" carries elsewhere only", words, func(g *plan.Graph) {
			g.Sites[i].Device = &plan.Device{Address: s.Device.Address, Carries: []netip.Prefix{nowhere}, Origin: s.Device.Origin}
		})
	}
	for j, f := range s.DNS.Forwards {
		m.change(s.Name+" forwards "+f.Domain+" to nobody", words, func(g *plan.Graph) { g.Sites[i].DNS.Forwards[j].Servers = []netip.Addr{nobody} })
		m.change(s.Name+" forwards another domain than "+f.Domain, words, func(g *plan.Graph) { g.Sites[i].DNS.Forwards[j].Domain = "other." + f.Domain })
	}
}

// zone spoils an existing zone.
func (m *list) zone(i int) {
	z := m.c.World.Declared.Zones[i]
	for j, n := range z.Networks {
		m.change(z.Name+" is not for "+n, []string{z.Name, `"` + n + `"`}, func(g *plan.Graph) {
			g.Zones[i].Networks = slices.Delete(g.Zones[i].Networks, j, j+1)
		})
	}
}
