package prove

import (
	"fmt"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/model"
	"github.com/obslink/obslink/compiler/plan"
)

// cause is what one declaration would mend.
type cause struct {
	reason  model.Reason
	culprit plan.Origin
}

// failure gathers the pairs that break for one cause.
type failure struct {
	first          *model.Break
	pair           pair // the first that breaks so
	clients, names seen
}

// seen counts different names in the order of their coming.
type seen struct {
	all   map[string]bool
	first string
}

func (s *seen) add(name string) {
	if s.all == nil {
		s.all, s.first = map[string]bool{}, name
	}
	s.all[name] = true
}

// and names the first, and how many more there are.
func (s *seen) and(one, many string) string {
	switch more := len(s.all) - 1; more {
	case 0:
		return s.first
	case 1:
		return fmt.Sprintf("%s and 1 more%s", s.first, one)
	default:
		return fmt.Sprintf("%s and %d more%s", s.first, more, many)
	}
}

// diagnose makes one diagnostic of every cause: a forgotten range breaks every name of a site at
// once, and a forgotten rule every site of a network.
func (c *proving) diagnose(pairs []pair) diag.List {
	failures := map[cause]*failure{}
	var order []*failure
	for _, p := range pairs {
		for _, b := range p.broken {
			key := cause{b.Reason, b.Culprit}
			f := failures[key]
			if f == nil {
				f = &failure{first: b, pair: p}
				failures[key] = f
				order = append(order, f)
			}
			f.clients.add(p.client)
			f.names.add(p.name.FQDN)
		}
	}
	links := c.links()
	found := make(diag.List, 0, len(order))
	for _, f := range order {
		found = append(found, c.diagnostic(f, links))
	}
	return found.Sorted()
}

// need is what makes a pair one that must work.
type need struct{ from, backend, network string }

func (c *proving) links() map[need]*plan.Link {
	links := make(map[need]*plan.Link, len(c.plan.Links))
	for i := range c.plan.Links {
		l := &c.plan.Links[i]
		if key := (need{l.From, l.To, l.Network}); links[key] == nil {
			links[key] = l
		}
	}
	return links
}

func (c *proving) need(p pair) need {
	network := ""
	if e := c.endpoints[p.name.Endpoint]; e != nil {
		network = e.Network
	}
	return need{p.client, p.name.Backend, network}
}

func (c *proving) diagnostic(f *failure, links map[need]*plan.Link) diag.Diagnostic {
	link := links[c.need(f.pair)]
	at := f.first.Culprit
	if !at.Pos.IsValid() && link != nil {
		at = link.Origin
	}
	d := CodeOf(f.first.Reason).At(at.Pos, at.Path, "%s cannot reach %s: %s", f.clients.and("", ""), f.names.and(" name", " names"), f.first.Text)
	if link != nil {
		d = d.WithNote(link.Origin.Pos, "link %q needs it", link.Name)
	}
	if f.first.Mend != "" {
		d = d.WithHint("%s", f.first.Mend)
	}
	return d
}

// Strict turns what a proof takes on trust into errors.
func Strict(proof Proof) diag.List {
	found := make(diag.List, 0, len(proof.Assumptions))
	for _, a := range proof.Assumptions {
		paths := fmt.Sprintf("%d paths rest", a.Pairs)
		if a.Pairs == 1 {
			paths = "1 path rests"
		}
		d := assumedPath.At(a.Origin.Pos, a.Origin.Path, "%s on what is not declared: %s", paths, a.Text)
		if a.Declare != "" {
			d = d.WithHint("%s", a.Declare)
		}
		found = append(found, d)
	}
	return found.Sorted()
}
