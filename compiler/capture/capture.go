// Package capture says whose names move: which names a private zone or an endpoint's private DNS
// takes over, in which network or site, for which servers, and whether each of them still gets
// through. A move that nobody declared is what one team's endpoint does to another team's traffic, so
// it is a finding until the topology links, lists or acknowledges those servers.
//
// It compares two plans by asking package model the same questions of both. It changes neither.
package capture

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/model"
	"github.com/obslink/obslink/compiler/plan"
)

// Move is one name that resolves differently, or gets through differently, for some servers.
type Move struct {
	// Node is the network or site of the servers.
	Node string `json:"node"`
	// Who is "link <key>", "link <key> (<clients>)", "clients <key>" or Others.
	Who  string `json:"who"`
	Name string `json:"name"`
	// Backend is the backend whose endpoint answers, or answered.
	Backend string `json:"backend,omitempty"`
	// By is what answers now: a zone, an endpoint, exported files, public DNS.
	Before string `json:"before"`
	After  string `json:"after"`
	// Through is Yes, No, or Unknown where nobody said who the servers are.
	Through string `json:"through"`
	// Why says what stops them, or what they can no longer reach.
	Why    string      `json:"why,omitempty"`
	Origin plan.Origin `json:"origin"`

	exclusive bool // the endpoint refuses what is not its backend's
}

// Others are the servers of a network that no link and no client group names.
const Others = "other servers"

// Whether servers get through.
const (
	Yes     = "yes"
	No      = "no"
	Unknown = "unknown"
)

// Plan lists what a plan moves, compared with what is there before it is built.
func Plan(p *plan.Plan) []Move { return Between(unbuilt(p), p) }

// unbuilt is what is there before a plan is built.
func unbuilt(p *plan.Plan) *plan.Plan {
	before := *p
	before.Graph, before.Links = p.Graph.Declared(), nil
	before.Graph.Sites = slices.Clone(before.Graph.Sites)
	for i := range before.Graph.Sites {
		dns := &before.Graph.Sites[i].DNS
		dns.Forwards = slices.DeleteFunc(slices.Clone(dns.Forwards), func(f plan.Forward) bool { return f.Exported })
	}
	before.Names = slices.Clone(p.Names)
	for i := range before.Names {
		before.Names[i].Clients = nil // no files were exported yet
	}
	return &before
}

// Between lists what moves from one plan to another, in the order of nodes, names and servers.
func Between(base, head *plan.Plan) []Move {
	return between(newView(base), newView(head), func(question) bool { return true })
}

// between asks both plans the questions that count.
func between(b, h *view, counts func(question) bool) []Move {
	var moves []Move
	for _, q := range questions(b, h) {
		if !counts(q) {
			continue
		}
		before, after := b.ask(q), h.ask(q)
		if before.text == after.text && before.through == after.through {
			continue
		}
		moves = append(moves, Move{
			Node: q.node, Who: q.who, Name: q.name, Backend: cmp.Or(after.backend, before.backend),
			Before: before.text, After: after.text, Through: after.through, Why: after.why, Origin: q.origin, exclusive: after.exclusive,
		})
	}
	return moves
}

// question is a name asked for by some servers; client is their group, if they are one.
type question struct {
	node, who, client, name string
	host                    netip.Addr
	origin                  plan.Origin
}

// questions are those of both plans, each once; where both have one, the later plan's.
func questions(base, head *view) []question {
	by := map[[3]string]question{}
	for _, v := range []*view{base, head} {
		for _, q := range v.questions() {
			by[[3]string{q.node, q.name, q.who}] = q
		}
	}
	all := make([]question, 0, len(by))
	for _, q := range by {
		all = append(all, q)
	}
	slices.SortFunc(all, func(a, b question) int {
		return cmp.Or(cmp.Compare(a.node, b.node), cmp.Compare(a.name, b.name), cmp.Compare(a.who, b.who))
	})
	return all
}

// view is one plan with what is asked of it.
type view struct {
	*plan.Plan
	model    *model.Model
	networks map[string]*plan.Network
	sites    map[string]*plan.Site
	names    map[string][]*plan.Name // by endpoint
	ends     map[string]*plan.Endpoint
	links    map[[2]string]string // key by client and backend
}

func newView(p *plan.Plan) *view {
	v := &view{
		Plan: p, model: model.New(&p.Graph, p.Names), networks: map[string]*plan.Network{}, sites: map[string]*plan.Site{},
		names: map[string][]*plan.Name{}, ends: map[string]*plan.Endpoint{},
		links: map[[2]string]string{},
	}
	for _, l := range p.Links {
		v.links[[2]string{l.From, l.To}] = "link " + l.Name
	}
	for i := range p.Graph.Networks {
		v.networks[p.Graph.Networks[i].Name] = &p.Graph.Networks[i]
	}
	for i := range p.Graph.Sites {
		v.sites[p.Graph.Sites[i].Name] = &p.Graph.Sites[i]
	}
	for i := range p.Names {
		v.names[p.Names[i].Endpoint] = append(v.names[p.Names[i].Endpoint], &p.Names[i])
	}
	for i := range p.Graph.Endpoints {
		v.ends[p.Graph.Endpoints[i].Name] = &p.Graph.Endpoints[i]
	}
	return v
}

// questions are what the plan's own servers ask: every name that something of the plan takes over
// where they are, and what client groups say they use.
func (v *view) questions() []question {
	var all []question
	for node, names := range v.taken() {
		all = append(all, v.askers(node, names)...)
	}
	for _, n := range v.Graph.Networks {
		for _, c := range n.Clients {
			for _, use := range c.Uses {
				if !strings.HasPrefix(use, "*.") {
					all = append(all, question{n.Name, "clients " + c.Name, c.Name, use, inside(c.CIDR), c.Origin})
				}
			}
		}
	}
	for _, n := range v.Names {
		for _, client := range n.Clients {
			if s := v.sites[client]; s != nil && len(s.CIDRs) > 0 {
				all = append(all, question{client, v.link(client, n.Backend), "", n.FQDN, inside(s.CIDRs[0]), s.Origin})
			}
		}
	}
	return all
}

// taken lists, by network, the names whose answer comes from something that the plan makes.
func (v *view) taken() map[string]map[*plan.Name]bool {
	taken := map[string]map[*plan.Name]bool{}
	take := func(network, endpoint string) {
		if taken[network] == nil {
			taken[network] = map[*plan.Name]bool{}
		}
		for _, n := range v.names[endpoint] {
			taken[network][n] = true
		}
	}
	for _, z := range v.Graph.Zones {
		for _, r := range z.Records {
			for _, network := range z.Networks {
				take(network, r.Endpoint)
			}
		}
	}
	for _, e := range v.Graph.Endpoints {
		if len(e.PrivateDNS) > 0 {
			take(e.Network, e.Name)
		}
	}
	return taken
}

// askers are the servers of a network that may ask for a name: those of a link, the groups that use
// it, and, in a network that was there before and that no link covers, all the others.
func (v *view) askers(node string, names map[*plan.Name]bool) []question {
	n := v.networks[node]
	if n == nil || len(n.CIDRs) == 0 {
		return nil
	}
	var all []question
	for name := range names {
		groups := name.Groups[node]
		linked := slices.Contains(name.Clients, node)
		switch {
		case linked && groups == nil:
			all = append(all, question{node, v.link(node, name.Backend), "", name.FQDN, server(n), n.Origin})
		case n.Existing() && !strings.Contains(name.FQDN, "${"): // nobody asks for what is not there yet
			all = append(all, question{node, Others, "", name.FQDN, server(n), n.Origin})
		}
		for _, c := range n.Clients {
			switch {
			case slices.Contains(groups, c.Name):
				all = append(all, question{node, v.link(node, name.Backend) + " (" + c.Name + ")", c.Name, name.FQDN, inside(c.CIDR), n.Origin})
			case slices.ContainsFunc(c.Uses, func(use string) bool { return below(use, name) }):
				all = append(all, question{node, "clients " + c.Name, c.Name, name.FQDN, inside(c.CIDR), c.Origin})
			}
		}
	}
	return all
}

// link names the link from a node to a backend.
func (v *view) link(node, backend string) string { return v.links[[2]string{node, backend}] }

// below reports whether servers that use every name below a domain ("*.example.net") ask for a
// planned name.
func below(use string, n *plan.Name) bool {
	domain, wild := strings.CutPrefix(use, "*")
	return wild && slices.ContainsFunc(append([]string{n.FQDN}, n.Aliases...), func(name string) bool { return strings.HasSuffix(name, domain) })
}

// server is an address where a network's servers may stand: in a subnet without endpoints, if one is
// declared.
func server(n *plan.Network) netip.Addr {
	for _, s := range n.Subnets {
		if s.CIDR.IsValid() && s.Ref.Existing != "" {
			return inside(s.CIDR)
		}
	}
	return inside(n.CIDRs[0])
}

// inside is an address of a range that no cloud keeps for itself, if the range has one.
func inside(p netip.Prefix) netip.Addr {
	a := p.Masked().Addr()
	for range 9 {
		if next := a.Next(); p.Contains(next) {
			a = next
		}
	}
	return a
}
