package prove

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/model"
	"github.com/obslink/obslink/compiler/plan"
)

// Trace is one path hop by hop: how a name resolves for a client, the packet out, the answer back.
type Trace struct {
	From    string     `json:"from"`
	Client  string     `json:"client,omitempty"`
	Address netip.Addr `json:"address"`
	FQDN    string     `json:"fqdn"`
	// Endpoint and Server are what the name resolves to, if that is private. Server is an example
	// where the cloud chooses the address, as Chosen says.
	Endpoint    string             `json:"endpoint,omitempty"`
	Server      netip.Addr         `json:"server,omitzero"`
	Chosen      bool               `json:"chosen,omitempty"`
	Verdict     Verdict            `json:"verdict"`
	Reason      model.Reason       `json:"reason,omitempty"`
	Break       *model.Break       `json:"break,omitempty"`
	Resolution  []model.Step       `json:"resolution"`
	Out         []model.Step       `json:"out,omitempty"`
	Back        []model.Step       `json:"back,omitempty"`
	Assumptions []model.Assumption `json:"assumptions,omitempty"`
}

// TraceName follows one name for one client: the key of a network or site, "network/client", or an
// address. Of a client's addresses the first for which the path is worst is shown. It also works for
// names that the client has no link to.
func TraceName(p *plan.Plan, from, fqdn string) (Trace, error) {
	c := begin(p)
	hosts, err := c.from(from)
	if err != nil {
		return Trace{}, err
	}
	name, err := c.name(hosts[0].Node, fqdn)
	if err != nil {
		return Trace{}, err
	}
	if name == nil && c.model.Resolve(hosts[0], fqdn).Kind == model.Public {
		return Trace{}, c.unknownName(fqdn)
	}
	var worst Trace
	for i, h := range hosts {
		for _, t := range c.trace(h, name, fqdn) {
			if i == 0 && worst.Verdict == "" || t.badness() > worst.badness() {
				worst = t
			}
		}
	}
	return worst, nil
}

func (t Trace) badness() int {
	switch {
	case t.Break != nil:
		return 2
	case len(t.Assumptions) > 0:
		return 1
	default:
		return 0
	}
}

// trace follows a name for one host, to each address of the endpoint that answers.
func (c *proving) trace(h model.Host, n *plan.Name, fqdn string) []Trace {
	a := c.model.Resolve(h, fqdn)
	t := Trace{
		From: h.Node, Client: h.Client, Address: h.Address, FQDN: fqdn, Endpoint: a.Endpoint,
		Resolution: a.Steps, Assumptions: a.Assumptions, Break: a.Break,
	}
	if n != nil {
		t.Break = c.model.Expect(h, n, fqdn, a)
	}
	linked := n != nil && n.Needs(h.Node, h.Client)
	servers := c.reached[a.Endpoint]
	if n != nil && a.Endpoint == "" && t.Break == nil {
		t.Endpoint, servers = n.Endpoint, c.reached[n.Endpoint]
	}
	if t.Break != nil || len(servers) == 0 {
		if a.Kind == model.NoSuchName && t.Break == nil {
			t.Reason = model.NXDOMAIN
		}
		return []Trace{t.judged(linked, a.Kind)}
	}
	e := c.endpoints[t.Endpoint]
	var all []Trace
	for _, s := range servers {
		path := c.model.Connect(h, s, 443)
		u := t
		u.Server, u.Chosen = s.Address, len(e.Addresses) == 0
		u.Out, u.Back, u.Break = path.Out, path.Back, path.Break
		u.Assumptions = append(slices.Clip(t.Assumptions), path.Assumptions...)
		all = append(all, u.judged(linked, a.Kind))
	}
	return all
}

// judged sets the verdict.
func (t Trace) judged(linked bool, answer model.Kind) Trace {
	switch {
	case !linked && (answer == model.Private || answer == model.NoSuchName):
		t.Verdict = Captured
	case t.Break != nil:
		t.Verdict = Broken
	case len(t.Assumptions) > 0:
		t.Verdict = Assumed
	default:
		t.Verdict = Proved
	}
	if t.Break != nil {
		t.Reason = t.Break.Reason
	}
	return t
}

// from finds the hosts that a user means.
func (c *proving) from(from string) ([]model.Host, error) {
	if a, err := netip.ParseAddr(from); err == nil {
		return c.at(a)
	}
	node, group, grouped := strings.Cut(from, "/")
	hosts := c.hosts(node)
	if c.networks[node] == nil && c.sites[node] == nil {
		return nil, unknown("network or site", node, c.nodes())
	}
	if grouped {
		all := slices.Clone(hosts)
		hosts = slices.DeleteFunc(hosts, func(h model.Host) bool { return h.Client != group })
		if len(hosts) == 0 {
			return nil, unknown("client of "+node, group, groupsOf(all))
		}
	}
	if len(hosts) == 0 {
		return nil, fmt.Errorf("%q has no addresses", node)
	}
	return hosts, nil
}

func groupsOf(hosts []model.Host) []string {
	var all []string
	for _, h := range hosts {
		if h.Client != "" && !slices.Contains(all, h.Client) {
			all = append(all, h.Client)
		}
	}
	return all
}

// at finds who has an address: the node with the most specific range.
func (c *proving) at(a netip.Addr) ([]model.Host, error) {
	bits, nodes := -1, []string(nil)
	look := func(node string, cidrs []netip.Prefix) {
		for _, p := range cidrs {
			switch {
			case !p.Contains(a) || p.Bits() < bits:
			case p.Bits() == bits:
				nodes = append(nodes, node)
			default:
				bits, nodes = p.Bits(), []string{node}
			}
		}
	}
	for _, n := range c.plan.Graph.Networks {
		look(n.Name, n.CIDRs)
	}
	for _, s := range c.plan.Graph.Sites {
		look(s.Name, s.CIDRs)
	}
	switch len(nodes) {
	case 0:
		return nil, fmt.Errorf("no network or site holds %s", a)
	case 1:
		return []model.Host{{Node: nodes[0], Address: a}}, nil
	default:
		slices.Sort(nodes)
		return nil, fmt.Errorf("%s is an address of %s; name one of them", a, strings.Join(nodes, " and of "))
	}
}

func (c *proving) nodes() []string {
	var all []string
	for _, n := range c.plan.Graph.Networks {
		all = append(all, n.Name)
	}
	for _, s := range c.plan.Graph.Sites {
		all = append(all, s.Name)
	}
	return all
}

// name is the plan's name for an FQDN: the one that the client is linked to, else the first. It is
// nil without an error where a private zone answers for a name that the plan does not know.
func (c *proving) name(client, fqdn string) (*plan.Name, error) {
	found := c.model.Names(fqdn)
	for _, i := range found {
		if n := &c.plan.Names[i]; slices.Contains(n.Clients, client) {
			return n, nil
		}
	}
	if len(found) > 0 {
		return &c.plan.Names[found[0]], nil
	}
	if !c.model.Covered(fqdn) {
		return nil, c.unknownName(fqdn)
	}
	return nil, nil
}

func (c *proving) unknownName(fqdn string) error {
	var all []string
	for _, n := range c.plan.Names {
		all = append(append(all, n.FQDN), n.Aliases...)
	}
	return unknown("name of a backend", fqdn, all)
}

func unknown(what, got string, candidates []string) error {
	if near := diag.DidYouMean(got, candidates); near != "" {
		return fmt.Errorf("there is no %s %q; did you mean %q?", what, got, near)
	}
	return fmt.Errorf("there is no %s %q", what, got)
}
