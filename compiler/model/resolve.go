package model

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/obslink/obslink/compiler/plan"
)

// Kind is what a resolver answers.
type Kind string

// Kinds of answers.
const (
	Private     Kind = "private"     // an endpoint's addresses, or others from a private zone
	Public      Kind = "public"      // an address on the internet, or what public DNS says
	NoSuchName  Kind = "nxdomain"    // a private zone holds no such name
	Unreachable Kind = "unreachable" // nobody answers
)

// Answer is what a client learns of a name.
type Answer struct {
	Kind Kind
	// Name is the one at the end of the chain of CNAMEs.
	Name string
	// Endpoint and Addresses are those of the record; an endpoint that the cloud gives an address has
	// no Addresses yet.
	Endpoint  string
	Addresses []netip.Addr
	// By is the network whose resolver answered; empty for a site's own DNS.
	By    string
	Steps []Step
	// Break says why nobody answers.
	Break       *Break
	Assumptions []Assumption

	zone   *zone // that answered, or let a public answer through
	record *plan.Record
}

// maxQuestions ends a chain of CNAMEs or forwarders that goes round in a circle.
const maxQuestions = 16

// question is a name on its way from resolver to resolver.
type question struct {
	m     *Model
	host  Host
	asked int
	// relays are the forwarders that the question went through, the first asker's first.
	relays []relay
	a      Answer
}

// relay is a resolver that forwarded a question for a domain.
type relay struct {
	domain string
	ask    func(name string)
	// nearer reports whether the resolver has data or a rule of its own for a name that is more specific
	// than the domain.
	nearer func(name, domain string) bool
}

// chase follows a CNAME. A resolver that forwards takes only names of the forwarded domain from the
// server; where a CNAME leads out of it, or to something that it knows more of, it asks for the rest by
// its own rules (Unbound's scrubber, RFC 5452 6), and so does every resolver before it.
func (q *question) chase(to string, here func(name string)) {
	for i, r := range q.relays {
		if domain := fold(r.domain); !below(to, domain) || r.nearer(to, domain) {
			q.relays, here = q.relays[:i], r.ask
			break
		}
	}
	here(to)
}

// Resolve asks the resolver that a host uses for a name.
func (m *Model) Resolve(h Host, fqdn string) Answer {
	q := question{m: m, host: h}
	switch {
	case m.networks[h.Node] != nil:
		q.network(m.networks[h.Node], fold(fqdn))
	case m.sites[h.Node] != nil:
		q.site(m.sites[h.Node], fold(fqdn))
	default:
		q.fail(&Break{Reason: Missing, Text: "there is no network or site " + quoted(h.Node)})
	}
	return q.a
}

// PerHost reports whether the answers to a node's hosts depend on where in the node they are: they do
// where a question is forwarded to a server, since the way there may be barred to some.
func (m *Model) PerHost(node string) bool {
	if n := m.networks[node]; n != nil {
		return len(n.rules) > 0 || len(n.DNS.Forwards) > 0
	}
	if s := m.sites[node]; s != nil {
		return len(s.DNS.Forwards) > 0
	}
	return false
}

func (q *question) step(node string, o plan.Origin, format string, args ...any) {
	q.a.Steps = append(q.a.Steps, Step{Node: node, Text: fmt.Sprintf(format, args...), Origin: o})
}

func (q *question) fail(b *Break) { q.a.Kind, q.a.Break = Unreachable, b }

// circle counts the questions, and ends one that goes round.
func (q *question) circle(name string, o plan.Origin) bool {
	if q.asked++; q.asked <= maxQuestions {
		return false
	}
	q.fail(&Break{
		Reason: Loop, Culprit: o, Text: fmt.Sprintf("the question for %s is passed on in a circle", name),
		Mend: "let one of the DNS servers or CNAMEs lead out of the circle",
	})
	return true
}

// nearer reports whether a network's own zones or rules know more of a name than a domain does.
func (n *network) nearer(name, domain string) bool {
	for ; name != "" && name != domain; name = parent(name) {
		if n.rules[name] != nil || len(n.zones[name]) > 0 && n.DNSAttributes {
			return true
		}
	}
	return false
}

// nearer reports whether a site forwards a name by a narrower domain.
func (s *site) nearer(name, domain string) bool {
	f := forward(s.DNS.Forwards, name)
	return f != nil && len(fold(f.Domain)) > len(domain)
}

// below reports whether a name is a domain or lies below it.
func below(name, domain string) bool {
	for ; name != ""; name = parent(name) {
		if name == domain {
			return true
		}
	}
	return false
}

// network asks a network's resolver.
func (q *question) network(n *network, name string) {
	if q.circle(name, n.Origin) {
		return
	}
	q.a.By, q.a.Name, q.a.zone = n.Name, name, nil
	again := func(name string) { q.network(n, name) }
	if f := forward(n.DNS.Forwards, name); f != nil {
		q.forward(n.Name, f, name, again, n.nearer)
		return
	}
	if n.DNS.Mode == plan.DNSExported && q.exported(n.Name, n.DNS.Origin, name) {
		return
	}
	if n.DNS.Mode == plan.DNSCloud && q.cloud(n, name, again) {
		return
	}
	if to := q.public(n.Name, n.Origin, name); to != "" {
		q.chase(to, again)
	}
}

// cloud asks a network's own resolver: of its rules and zones the one of the most specific domain, and
// of two alike the rule. It reports whether that settles the question.
func (q *question) cloud(n *network, name string, again func(string)) bool {
	for domain := name; domain != ""; domain = parent(domain) {
		if r := n.rules[domain]; r != nil {
			q.forward(n.Name, r, name, again, n.nearer)
			return true
		}
		if zones := n.zones[domain]; len(zones) > 0 && n.DNSAttributes {
			return q.private(n, zones, name)
		}
	}
	return false
}

// private asks the zones of one name; it reports whether one of them answered. Some clouds let a
// network see several zones of one name: the first record found counts.
func (q *question) private(n *network, zones []*zone, name string) bool {
	var open *zone // that lets the name fall through
	for _, z := range zones {
		r := z.answer(name)
		if r == nil {
			if z.fallThrough {
				open = z
			}
			continue
		}
		q.a.Kind, q.a.Endpoint, q.a.Addresses, q.a.zone, q.a.record = Private, r.Endpoint, r.Addresses, z, r
		if e := q.m.endpoints[r.Endpoint]; e != nil && len(r.Addresses) == 0 {
			q.a.Addresses = e.Addresses
		}
		q.step(n.Name, z.origin, "the resolver of network %q answers %s from %s: %s", n.Name, name, z.named(), q.told())
		return true
	}
	if open != nil {
		q.a.zone = open
		q.step(n.Name, open.origin, "%s holds no %s and lets it fall through to public DNS", open.named(), name)
		return false
	}
	z := zones[0]
	q.a.Kind, q.a.zone = NoSuchName, z
	q.step(n.Name, z.origin, "the resolver of network %q answers from %s: there is no %s", n.Name, z.named(), name)
	return true
}

func (z *zone) named() string {
	if z.endpoint != nil {
		return "the names of endpoint " + z.endpoint.Name
	}
	return "private zone " + z.name
}

// told is the answer in words.
func (q *question) told() string {
	var all []string
	for _, a := range q.a.Addresses {
		all = append(all, a.String())
	}
	addresses := strings.Join(all, ", ")
	switch {
	case q.a.Endpoint == "":
		return addresses
	case addresses == "":
		return "endpoint " + q.a.Endpoint
	default:
		return "endpoint " + q.a.Endpoint + " at " + addresses
	}
}

// site asks a site's DNS.
func (q *question) site(s *site, name string) {
	if q.circle(name, s.Origin) {
		return
	}
	q.a.By, q.a.Name = "", name
	again := func(name string) { q.site(s, name) }
	if f := forward(s.DNS.Forwards, name); f != nil {
		q.forward(s.Name, f, name, again, s.nearer)
		return
	}
	if s.DNS.Mode != plan.DNSPublic && q.exported(s.Name, s.DNS.Origin, name) {
		return
	}
	if to := q.public(s.Name, s.Origin, name); to != "" {
		q.chase(to, again)
	}
}

// exported looks into the files that obslink exports for a client.
func (q *question) exported(node string, o plan.Origin, name string) bool {
	n := q.m.names.listed(name, node)
	if n == nil {
		return false
	}
	q.a.Kind, q.a.Endpoint = Private, n.Endpoint
	if e := q.m.endpoints[n.Endpoint]; e != nil {
		q.a.Addresses = e.Addresses
	}
	q.step(node, o, "the files that obslink exports for %q answer %s: %s", node, name, q.told())
	return true
}

// public asks public DNS. It returns the name that a CNAME leads to, which the client's own resolver
// then looks up.
func (q *question) public(node string, o plan.Origin, name string) (next string) {
	if to := q.m.names.pointsAt(name); to != "" {
		q.step(node, o, "public DNS answers %s with the CNAME %s", name, to)
		return to
	}
	q.a.Kind = Public
	if q.m.names.known[name] {
		q.step(node, o, "public DNS answers %s with a public address", name)
	} else {
		q.step(node, o, "%s is left to public DNS", name)
	}
	return ""
}

// forward is the conditional forwarder of the most specific domain that holds a name, or nil.
func forward(all []plan.Forward, name string) *plan.Forward {
	for domain := name; domain != "" && len(all) > 0; domain = parent(domain) {
		for i := range all {
			if fold(all[i].Domain) == domain {
				return &all[i]
			}
		}
	}
	return nil
}

// forward passes a question to the first of some servers that can be reached; the network that it
// stands in answers.
func (q *question) forward(node string, f *plan.Forward, name string, again func(name string), nearer func(name, domain string) bool) {
	var worst *Break
	for _, address := range f.Servers {
		for _, r := range q.m.resolvers[address] {
			server := resolverAt(r, address)
			broken, assumed := q.m.Reaches(q.host, server, 53)
			if broken != nil {
				if worst == nil {
					worst = &Break{
						Reason: ResolverUnreachable, Culprit: broken.Culprit, Mend: broken.Mend,
						Text: fmt.Sprintf("%q asks the DNS server %s for %s and cannot reach it: %s", node, address, f.Domain, broken.Text),
					}
				}
				continue
			}
			n := q.m.networks[r.Network]
			if n == nil {
				continue
			}
			for _, a := range assumed {
				q.a.Assumptions = assume(q.a.Assumptions, a)
			}
			q.step(node, f.Origin, "%q forwards %s to the DNS server %s in network %q", node, f.Domain, address, r.Network)
			q.relays = append(q.relays, relay{f.Domain, again, nearer})
			q.network(n, name)
			return
		}
	}
	if worst == nil {
		worst = &Break{
			Reason: ResolverUnreachable, Culprit: f.Origin,
			Text: fmt.Sprintf("%q forwards %s to %s, and obslink knows no DNS server there", node, f.Domain, list(f.Servers)),
			Mend: "forward it to the address of a resolver that the topology declares",
		}
	}
	q.fail(worst)
}

func list(all []netip.Addr) string {
	names := make([]string, len(all))
	for i, a := range all {
		names[i] = a.String()
	}
	if len(names) == 0 {
		return "no server"
	}
	return strings.Join(names, ", ")
}
