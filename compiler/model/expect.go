package model

import (
	"fmt"
	"slices"

	"github.com/obslink/obslink/compiler/plan"
)

// Expect says why an answer is not the one that a client of a name must get, or nil where it is.
// asked is the name, or an alias of it.
func (m *Model) Expect(h Host, n *plan.Name, asked string, a Answer) *Break {
	switch a.Kind {
	case Unreachable:
		return a.Break
	case Private:
		if m.answers(a, n.Endpoint) {
			return nil
		}
		return m.wrongEndpoint(h, n, asked, a)
	case NoSuchName:
		return m.noSuchName(h, n, a)
	default:
		return m.publicAnswer(h, n, asked, a)
	}
}

// answers reports whether a private answer is an endpoint's: by name, or by addresses all of which
// are the endpoint's.
func (m *Model) answers(a Answer, endpoint string) bool {
	if a.Endpoint != "" {
		return a.Endpoint == endpoint
	}
	e := m.endpoints[endpoint]
	if e == nil || len(a.Addresses) == 0 {
		return false
	}
	for _, addr := range a.Addresses {
		if !slices.Contains(e.Addresses, addr) {
			return false
		}
	}
	return true
}

func (m *Model) wrongEndpoint(h Host, n *plan.Name, asked string, a Answer) *Break {
	b := &Break{Reason: WrongEndpoint, Culprit: n.Origin}
	got := list(a.Addresses)
	if e := m.endpoints[a.Endpoint]; e != nil {
		got = fmt.Sprintf("an endpoint of %q in network %q", m.names.backend[e.Name], e.Network)
		b.Mend = fmt.Sprintf("let only one of %q and %q answer %s for %q", m.names.backend[e.Name], n.Backend, asked, h.Node)
	}
	if a.record != nil && a.Endpoint == "" {
		b.Culprit = a.zone.origin
		b.Mend = fmt.Sprintf("take %s out of %s", a.record.Name, a.zone.named())
	}
	want := n.Endpoint
	if e := m.endpoints[want]; e != nil {
		want = fmt.Sprintf("the endpoint of %q in network %q", m.names.backend[e.Name], e.Network)
	}
	b.Text = fmt.Sprintf("%s resolves to %s and not to %s", asked, got, want)
	return b
}

func (m *Model) noSuchName(h Host, n *plan.Name, a Answer) *Break {
	b := &Break{Reason: NXDOMAIN, Culprit: a.zone.origin}
	b.Text = fmt.Sprintf("%s answers for network %q and does not hold the name", a.zone.named(), a.By)
	b.Mend = fmt.Sprintf("take %s away from network %q, or add every name below it that %q asks for, %s with the addresses of %s", a.zone.named(), a.By, h.Node, n.FQDN, n.Endpoint)
	if a.zone.declared != nil && a.zone.declared.Ref.Existing == "" {
		b.Mend = fmt.Sprintf("link %q to %q through the same network as the backend that %s serves", h.Node, n.Backend, a.zone.named())
	}
	return b
}

// publicAnswer says why nothing private answered: by the switches of the network, by a zone that the
// network does not see, or by the DNS that a site uses.
func (m *Model) publicAnswer(h Host, n *plan.Name, asked string, a Answer) *Break {
	b := &Break{Reason: PublicAnswer, Culprit: m.origin(h.Node)}
	linked := slices.Contains(n.Clients, h.Node)
	x := m.networks[a.By]
	switch {
	case x != nil && x.DNS.Mode != plan.DNSCloud:
		b.Text = fmt.Sprintf("network %q uses DNS servers that answer %s with a public address", x.Name, asked)
		b.Mend = fmt.Sprintf("take networks.%s.resolver out, so that the network's own resolver answers", x.Name)
		b.Culprit = either(x.DNS.Origin, x.Origin)
	case x != nil && !x.DNSAttributes:
		b.Reason, b.Culprit = DNSAttributesOff, x.Origin
		b.Text = fmt.Sprintf("private DNS names do not work in network %q: its DNS support or DNS host names are off", x.Name)
		b.Mend = fmt.Sprintf("switch both on, then write networks.%s.existing.dnsSupport: true and dnsHostnames: true", x.Name)
	case x != nil:
		b.Culprit, b.Mend = x.Origin, fmt.Sprintf("declare a link from %q to %q", x.Name, n.Backend)
		if z := m.zoneFor(n); z != nil && z.endpoint != nil {
			b.Text = fmt.Sprintf("the endpoint answers %s inside network %q only, so in %q it is a public address", asked, z.endpoint.Network, x.Name)
		} else if z != nil {
			b.Text = fmt.Sprintf("%s is not associated with network %q, so %s is a public address there", z.named(), x.Name, asked)
			if z.declared.Ref.Existing != "" {
				b.Culprit, b.Mend = z.origin, fmt.Sprintf("associate the zone with network %q, then add %q to %s.networks", x.Name, x.Name, z.origin.Path)
				break
			}
		} else if a.zone != nil {
			b.Text = fmt.Sprintf("%s of network %q does not hold %s and lets it fall through, so it is a public address", a.zone.named(), x.Name, a.Name)
			b.Mend = fmt.Sprintf("let %s answer it with the addresses of %s", a.zone.named(), n.Endpoint)
		} else {
			b.Text = fmt.Sprintf("no private zone answers %s in network %q, so it is a public address", asked, x.Name)
		}
	case !linked:
		b.Text = fmt.Sprintf("site %q has no link to %q, so %s is a public address there", h.Node, n.Backend, asked)
		b.Mend = fmt.Sprintf("declare a link from %q to %q", h.Node, n.Backend)
	default:
		b.Text = fmt.Sprintf("the DNS of site %q answers %s with a public address", h.Node, asked)
		b.Mend = fmt.Sprintf("take sites.%s.dns.resolver out, so that what obslink exports answers, or forward %q to a resolver inside a network", h.Node, parent(fold(n.FQDN)))
		if s := m.sites[h.Node]; s != nil {
			b.Culprit = either(s.DNS.Origin, s.Origin)
		}
	}
	return b
}

func either(a, b plan.Origin) plan.Origin {
	if a != (plan.Origin{}) {
		return a
	}
	return b
}

// zoneFor is the most specific private zone of any network that holds a name, or nil.
func (m *Model) zoneFor(n *plan.Name) *zone {
	var best *zone
	for _, name := range []string{fold(n.FQDN), fold(n.Canonical)} {
		for domain := name; domain != ""; domain = parent(domain) {
			for _, z := range m.byName[domain] {
				if z.answer(name) != nil && (best == nil || len(z.name) > len(best.name)) {
					best = z
				}
			}
		}
	}
	return best
}
