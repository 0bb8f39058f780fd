// Package mutation spoils what obslink would deploy, one declaration at a time, and compares two
// judges: packets in internal/lab, which decide whether a link still works, and the proof on the graph
// that is lifted from the spoiled manifest. A Case is a compiled topology with its recorded manifest;
// Mutations lists what can be deleted or changed in it.
//
// It needs the clouds' SDKs, by which manifests are recorded; package truth does not.
package mutation

import (
	"context"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/prove"
	"github.com/obslink/obslink/internal/lab"
	"github.com/obslink/obslink/internal/truth"
)

// Case is a topology whose links work.
type Case struct {
	Name  string
	Plan  *plan.Plan
	World *truth.World
}

// New makes a case of a plan and its manifest. Where hosts of an existing network use a subnet or a table
// that is not declared, which the proof takes on trust, one is, since a lab takes nothing on trust.
func New(name string, p *plan.Plan, m *manifest.Manifest) *Case {
	w := &truth.World{Manifest: m, Declared: p.Graph.Declared(), Names: p.Names}
	w = w.Clone()
	lifted, _ := w.Lift()
	for i := range w.Declared.Networks {
		if n := &w.Declared.Networks[i]; n.Existing() {
			fill(n, lifted)
			tables(w, n)
		}
	}
	c := &Case{Name: name, Plan: p, World: w}
	w.Hosts = c.hosts()
	return c
}

// fill declares a subnet at either end of each range of an existing network, around each gateway, and for
// each group of servers, where none is.
func fill(n *plan.Network, lifted plan.Graph) {
	var taken, wanted []netip.Prefix
	for _, x := range lifted.Networks {
		for _, s := range x.Subnets {
			if x.Name == n.Name {
				taken = append(taken, s.CIDR)
			}
		}
	}
	for _, cidr := range n.CIDRs {
		if cidr.Addr().Is4() {
			bits := min(cidr.Bits()+4, 28)
			wanted = append(wanted, netip.PrefixFrom(cidr.Addr(), bits).Masked(), netip.PrefixFrom(last(cidr), bits).Masked())
		}
	}
	for _, c := range lifted.Connections {
		if c.B.Node == n.Name && c.B.Gateway.IsValid() {
			wanted = append(wanted, netip.PrefixFrom(c.B.Gateway, 28).Masked())
		}
	}
	for _, c := range n.Clients {
		wanted = append(wanted, c.CIDR)
	}
	for i, p := range wanted {
		if slices.ContainsFunc(taken, p.Overlaps) {
			continue
		}
		taken = append(taken, p)
		s := plan.Subnet{Name: "undeclared-" + plan.Slug(p.String()), Ref: plan.Ref{Existing: "subnet-" + plan.Slug(p.String())}, CIDR: p, Origin: n.Origin}
		if count := len(n.RouteTables); count > 0 {
			s.RouteTable = n.RouteTables[i%count].Name
		}
		n.Subnets = append(n.Subnets, s)
	}
}

// tables lets every subnet of an existing network use a table that is known.
func tables(w *truth.World, n *plan.Network) {
	if len(n.RouteTables) == 0 {
		return
	}
	for i := range n.Subnets {
		s := &n.Subnets[i]
		if s.Ref.Existing != "" && s.RouteTable == "" {
			s.RouteTable = n.RouteTables[0].Name
		}
		id := "${" + s.Ref.Part + ".id}"
		uses := func(r manifest.Resource) bool { return r.Text("subnetId") == id && r.Has("routeTableId") }
		if s.Ref.Part == "" || slices.ContainsFunc(w.Manifest.Resources, uses) {
			continue
		}
		for _, r := range w.Manifest.Resources {
			if r.Name == s.Ref.Part {
				w.Manifest.Resources = append(w.Manifest.Resources, manifest.Resource{
					Type: "aws:ec2/routeTableAssociation:RouteTableAssociation", Name: "assumed_" + s.Ref.Part, Provider: r.Provider,
					Inputs: map[string]any{"subnetId": id, "routeTableId": n.RouteTables[0].Ref.Existing},
				})
			}
		}
	}
}

// last is the highest address of an IPv4 prefix.
func last(p netip.Prefix) netip.Addr {
	b := p.Masked().Addr().As4()
	for bit := p.Bits(); bit < 32; bit++ {
		b[bit/8] |= 1 << (7 - bit%8)
	}
	return netip.AddrFrom4(b)
}

// hosts are two for every subnet and site that a name is for: one in the lower half of the range, one
// in the upper, so that a range that is halved loses one.
func (c *Case) hosts() []truth.Host {
	graph, _ := c.World.Lift()
	taken := map[netip.Addr]bool{}
	for _, e := range graph.Endpoints {
		for _, a := range e.Addresses {
			taken[a] = true
		}
	}
	for _, x := range graph.Connections {
		taken[x.A.Gateway], taken[x.B.Gateway] = true, true
	}
	for _, r := range graph.Resolvers {
		for _, a := range r.Addresses {
			taken[a] = true
		}
	}
	var hosts []truth.Host
	add := func(node string, ranges []netip.Prefix) {
		for _, p := range ranges {
			if !c.client(node) || !p.IsValid() || !p.Addr().Is4() {
				continue
			}
			for _, quarter := range []uint32{1, 3} {
				a := within(p, quarter)
				for taken[a] {
					a = a.Next()
				}
				taken[a] = true
				hosts = append(hosts, truth.Host{Node: node, Address: a})
			}
		}
	}
	for _, n := range graph.Networks {
		var ranges []netip.Prefix
		for _, s := range n.Subnets {
			if !strings.HasSuffix(s.Name, "/endpoints") { // lift's own
				ranges = append(ranges, s.CIDR)
			}
		}
		for _, group := range n.Clients {
			if slices.ContainsFunc(c.World.Names, func(x plan.Name) bool { return slices.Contains(x.Groups[n.Name], group.Name) }) {
				ranges = append(ranges, group.CIDR)
			}
		}
		add(n.Name, ranges)
	}
	for _, s := range graph.Sites {
		add(s.Name, s.CIDRs)
	}
	return hosts
}

// within is the address at some quarters of a prefix.
func within(p netip.Prefix, quarters uint32) netip.Addr {
	b := p.Masked().Addr().As4()
	at := uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
	at += uint32(uint64(quarters) << (32 - p.Bits()) / 4)
	return netip.AddrFrom4([4]byte{byte(at >> 24), byte(at >> 16), byte(at >> 8), byte(at)})
}

// client reports whether a name is meant for a node.
func (c *Case) client(node string) bool {
	return slices.ContainsFunc(c.World.Names, func(n plan.Name) bool { return slices.Contains(n.Clients, node) })
}

// need is what a pair must get. A name that real endpoints were seen without may be a public one, or
// none, but not one that nobody answers.
type need struct {
	endpoint string
	optional bool
}

func (n need) met(o lab.Observation) bool {
	return o.DNS == lab.Private && o.Endpoint == n.endpoint && len(o.Reached) == len(o.Addresses) ||
		n.optional && (o.DNS == lab.Public || o.DNS == lab.NXDomain)
}

// needs are the pairs that must work, in an order that stays.
func (c *Case) needs(w *truth.World) (pairs []truth.Pair, wanted map[truth.Pair]need) {
	wanted = map[truth.Pair]need{}
	for _, n := range c.World.Names {
		for _, h := range w.Hosts {
			spelled := append([]string{n.FQDN}, n.Aliases...)
			// A site's hosts file holds the versions that the topology lists, which neither side is told.
			if n.Versioned != "" && !c.site(h.Node) {
				spelled = append(spelled, strings.Replace(n.Versioned, "%s", "7-0-0", 1))
			}
			for _, name := range spelled {
				if pair := (truth.Pair{Host: h, FQDN: name}); c.needed(n, h) && wanted[pair].endpoint == "" {
					pairs, wanted[pair] = append(pairs, pair), need{n.Endpoint, n.Optional}
				}
			}
		}
	}
	return pairs, wanted
}

// needed reports whether a host needs a name: where links name groups of servers, those do.
func (c *Case) needed(n plan.Name, h truth.Host) bool {
	if n.Needs(h.Node, "") {
		return true
	}
	return slices.ContainsFunc(c.World.Declared.Networks, func(x plan.Network) bool {
		return x.Name == h.Node && slices.ContainsFunc(x.Clients, func(g plan.Client) bool { return g.CIDR.Contains(h.Address) && n.Needs(h.Node, g.Name) })
	})
}

// unseen is a client that no host of the world stands in, or "".
func (c *Case) unseen() string {
	for _, n := range c.World.Names {
		for _, client := range n.Clients {
			if !slices.ContainsFunc(c.World.Hosts, func(h truth.Host) bool { return h.Node == client }) {
				return client
			}
		}
	}
	return ""
}

func (c *Case) site(node string) bool {
	return slices.ContainsFunc(c.World.Declared.Sites, func(s plan.Site) bool { return s.Name == node })
}

// Broken are the pairs of a world that packets say do not work: the name leads elsewhere, or one of
// the endpoint's addresses does not answer. Where the cloud chooses an address, a low and a high one of
// the subnet are tried.
func (c *Case) Broken(ctx context.Context, w *truth.World, patience time.Duration) ([]string, error) {
	broken, err := c.broken(ctx, w, patience)
	if high := c.high(w); err == nil && len(broken) == 0 && high != nil {
		return c.broken(ctx, high, patience)
	}
	return broken, err
}

func (c *Case) broken(ctx context.Context, w *truth.World, patience time.Duration) ([]string, error) {
	pairs, wanted := c.needs(w)
	works := func(p truth.Pair, o lab.Observation) bool { return wanted[p].met(o) }
	seen, err := truth.Observe(ctx, w, pairs, patience, works)
	if err != nil {
		return nil, err
	}
	var broken []string
	for _, p := range pairs {
		if o := seen[p]; !works(p, o) {
			broken = append(broken, p.Host.Node+" "+p.Host.Address.String()+" "+p.FQDN+" "+o.DNS)
		}
	}
	return broken, nil
}

// high is a world whose endpoints have a high address of their subnet, each its own, where the cloud
// chooses; nil where it chooses none.
func (c *Case) high(w *truth.World) *truth.World {
	graph, _ := c.World.Lift()
	next := map[netip.Prefix]netip.Addr{}
	var changed *truth.World
	for _, e := range graph.Endpoints {
		if len(e.Addresses) > 0 {
			continue
		}
		for _, n := range graph.Networks {
			for _, s := range n.Subnets {
				if n.Name != e.Network || s.Name != e.Subnet {
					continue
				}
				if changed == nil {
					changed = w.Clone()
				}
				if !next[s.CIDR].IsValid() {
					next[s.CIDR] = last(s.CIDR).Prev()
				}
				next[s.CIDR] = next[s.CIDR].Prev()
				for i := range changed.Manifest.Resources {
					if r := &changed.Manifest.Resources[i]; r.Name == e.Name {
						r.Inputs["ipConfigurations"] = []any{map[string]any{"name": "high", "privateIPAddress": next[s.CIDR].String()}}
					}
				}
			}
		}
	}
	return changed
}

// Prove proves the plan's links on the graph that a world's manifest makes.
func (c *Case) Prove(w *truth.World) (prove.Proof, []string) {
	graph, problems := w.Lift()
	p := *c.Plan
	p.Graph, p.Names = graph, c.World.Names
	return prove.Plan(&p), problems
}
