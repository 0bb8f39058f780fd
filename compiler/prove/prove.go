// Package prove turns a plan into a proof: for every name and every network or site that is linked
// to it, whether each of the client's addresses gets the endpoint's address as the answer, reaches
// it on port 443 and gets its answers back. Addresses are not enumerated: they are split into atoms
// that all tests of the graph treat alike, and one address of each is followed through the model.
//
// It reads the neutral graph, the names and the links of a plan, never a target's parts, and says
// nothing about what exists: what the topology does not declare of existing networks is listed as an
// assumption.
package prove

import (
	"cmp"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/model"
	"github.com/obslink/obslink/compiler/plan"
)

// Proof is what was found. A pair is a name and one network or site that is linked to it.
type Proof struct {
	Pairs       int          `json:"pairs"`
	Proved      int          `json:"proved"`
	Assumed     int          `json:"assumed"`
	Broken      int          `json:"broken"`
	Found       diag.List    `json:"found,omitempty"`
	Assumptions []Assumption `json:"assumptions,omitempty"`
}

// Assumption is existing state that the topology does not declare, and how many pairs rest on it.
type Assumption struct {
	model.Assumption
	Pairs int `json:"pairs"`
}

// Plan proves a plan.
func Plan(p *plan.Plan) Proof {
	c := begin(p)
	return c.report(c.all())
}

// Verdict says how a pair came out.
type Verdict string

// Verdicts.
const (
	Proved  Verdict = "proved"
	Assumed Verdict = "assumed"
	Broken  Verdict = "broken"
	// Captured says that a name resolves privately for a client that has no link to it.
	Captured Verdict = "captured"
)

// pair is one name for one client.
type pair struct {
	client  string
	name    *plan.Name
	broken  []*model.Break // one for each reason and culprit
	assumed []model.Assumption
}

func (p pair) verdict() Verdict {
	switch {
	case len(p.broken) > 0:
		return Broken
	case len(p.assumed) > 0:
		return Assumed
	default:
		return Proved
	}
}

// proving is a plan under proof; nothing in it changes after begin.
type proving struct {
	plan      *plan.Plan
	model     *model.Model
	networks  map[string]*plan.Network
	sites     map[string]*plan.Site
	endpoints map[string]*plan.Endpoint
	bounds    boundaries
	reached   map[string][]model.Server // by endpoint
}

func begin(p *plan.Plan) *proving {
	g := &p.Graph
	c := &proving{
		plan: p, model: model.New(g, p.Names), bounds: bound(g),
		networks: make(map[string]*plan.Network, len(g.Networks)), sites: make(map[string]*plan.Site, len(g.Sites)),
		endpoints: make(map[string]*plan.Endpoint, len(g.Endpoints)), reached: make(map[string][]model.Server, len(g.Endpoints)),
	}
	for i := range g.Networks {
		c.networks[g.Networks[i].Name] = &g.Networks[i]
	}
	for i := range g.Sites {
		c.sites[g.Sites[i].Name] = &g.Sites[i]
	}
	for i := range g.Endpoints {
		e := &g.Endpoints[i]
		c.endpoints[e.Name] = e
		c.reached[e.Name] = c.servers(e)
	}
	return c
}

// all proves every pair, clients side by side; the pairs are in the order of clients, then of the
// plan's names.
func (c *proving) all() []pair {
	byClient := map[string][]*plan.Name{}
	for i := range c.plan.Names {
		for _, client := range c.plan.Names[i].Clients {
			if known := byClient[client]; len(known) == 0 || known[len(known)-1] != &c.plan.Names[i] {
				byClient[client] = append(known, &c.plan.Names[i])
			}
		}
	}
	clients := make([]string, 0, len(byClient))
	for client := range byClient {
		clients = append(clients, client)
	}
	slices.Sort(clients)
	results := make([][]pair, len(clients))
	work := make(chan int)
	var busy sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		busy.Go(func() {
			for i := range work {
				results[i] = c.client(clients[i], byClient[clients[i]])
			}
		})
	}
	for i := range clients {
		work <- i
	}
	close(work)
	busy.Wait()
	return slices.Concat(results...)
}

// client proves the names of one client. Names share endpoints, so each endpoint is reached for once.
func (c *proving) client(client string, names []*plan.Name) []pair {
	hosts := c.hosts(client)
	if len(hosts) == 0 {
		return c.nowhere(client, names)
	}
	perHost := c.model.PerHost(client)
	reached := map[string]pair{}
	var all []pair
	for _, n := range names {
		needing := needing(hosts, n)
		if len(needing) == 0 {
			all = append(all, c.nowhere(client, []*plan.Name{n})...)
			continue
		}
		asking := needing
		if !perHost {
			asking = needing[:1]
		}
		r, ok := reached[n.Endpoint]
		if !ok {
			r = c.connect(needing, n)
			reached[n.Endpoint] = r
		}
		p := pair{client: client, name: n, broken: slices.Clip(r.broken), assumed: slices.Clip(r.assumed)}
		if c.resolve(asking, n, &p) {
			all = append(all, p)
		}
	}
	return all
}

// needing are the hosts that need a name.
func needing(hosts []model.Host, n *plan.Name) []model.Host {
	if len(n.Groups) == 0 {
		return hosts
	}
	return slices.DeleteFunc(slices.Clone(hosts), func(h model.Host) bool { return !n.Needs(h.Node, h.Client) })
}

// nowhere is the result for a client without any address.
func (c *proving) nowhere(client string, names []*plan.Name) []pair {
	var o plan.Origin
	if n := c.networks[client]; n != nil {
		o = n.Origin
	}
	if s := c.sites[client]; s != nil {
		o = s.Origin
	}
	b := &model.Break{Reason: model.Missing, Text: `"` + client + `" has no addresses`, Culprit: o, Mend: "write its cidrs"}
	all := make([]pair, 0, len(names))
	for _, n := range names {
		all = append(all, pair{client: client, name: n, broken: []*model.Break{b}})
	}
	return all
}

// connect follows every host to every address of a name's endpoint.
func (c *proving) connect(hosts []model.Host, n *plan.Name) pair {
	var p pair
	servers := c.reached[n.Endpoint]
	if len(servers) == 0 {
		p.add(&model.Break{Reason: model.Missing, Text: "its endpoint has no place in any network", Culprit: n.Origin}, nil)
	}
	for _, h := range hosts {
		for _, s := range servers {
			p.add(c.model.Reaches(h, s, 443))
		}
	}
	return p
}

// resolve asks for a name and all its spellings. It returns false where the name may be lacking from
// real endpoints and is lacking here.
func (c *proving) resolve(hosts []model.Host, n *plan.Name, p *pair) bool {
	asked := append([]string{n.FQDN}, n.Aliases...)
	if n.Versioned != "" {
		asked = append(asked, strings.Replace(n.Versioned, "%s", "7-0-0", 1))
	}
	for _, h := range hosts {
		for _, name := range asked {
			a := c.model.Resolve(h, name)
			b := c.model.Expect(h, n, name, a)
			if b != nil && n.Optional && (b.Reason == model.NXDOMAIN || b.Reason == model.PublicAnswer) {
				return false
			}
			p.add(b, a.Assumptions)
		}
	}
	return true
}

// add notes what became of one host's attempt; a break only once for each reason and culprit.
func (p *pair) add(b *model.Break, assumed []model.Assumption) {
	if b != nil {
		if !slices.ContainsFunc(p.broken, func(o *model.Break) bool { return o.Reason == b.Reason && o.Culprit == b.Culprit }) {
			p.broken = append(p.broken, b)
		}
		return
	}
	for _, a := range assumed {
		if !slices.ContainsFunc(p.assumed, func(o model.Assumption) bool { return o.Text == a.Text }) {
			p.assumed = append(p.assumed, a)
		}
	}
}

// report counts pairs and gathers what they have in common.
func (c *proving) report(pairs []pair) Proof {
	proof := Proof{Pairs: len(pairs), Found: c.diagnose(pairs)}
	rest := map[string]*Assumption{}
	for _, p := range pairs {
		switch p.verdict() {
		case Broken:
			proof.Broken++
			continue
		case Assumed:
			proof.Assumed++
		default:
			proof.Proved++
		}
		for _, a := range p.assumed {
			if rest[a.Text] == nil {
				rest[a.Text] = &Assumption{Assumption: a}
			}
			rest[a.Text].Pairs++
		}
	}
	for _, a := range rest {
		proof.Assumptions = append(proof.Assumptions, *a)
	}
	slices.SortFunc(proof.Assumptions, func(a, b Assumption) int {
		return cmp.Or(cmp.Compare(a.Text, b.Text), a.Origin.Pos.Compare(b.Origin.Pos))
	})
	return proof
}
