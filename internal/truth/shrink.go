package truth

import (
	"context"
	"slices"
	"time"

	"github.com/obslink/obslink/compiler/plan"
)

// Shrink makes a world as small as it can while a pair of it differs: it drops hosts, questions,
// resources and declarations one after another, and keeps what drops the difference with it.
func Shrink(ctx context.Context, w *World, d Difference) (*World, Difference) {
	deadline := time.Now().Add(90 * time.Second)
	still := func(c *World) (Difference, bool) {
		if time.Now().After(deadline) || !slices.Contains(c.Pairs(), d.Pair) {
			return d, false
		}
		for _, found := range Check(ctx, c).Differences {
			if found.Pair == d.Pair {
				return found, true
			}
		}
		return d, false
	}
	w = w.Clone()
	w.Hosts, w.Questions = []Host{d.Pair.Host}, []string{d.Pair.FQDN}
	for again := true; again; {
		again = false
		for _, cut := range cuts(w) {
			c := w.Clone()
			if !cut(c) {
				continue
			}
			if found, ok := still(c); ok {
				w, d, again = c, found, true
			}
		}
	}
	return w, d
}

// cuts are what can be taken out of a world; each reports whether there was something to take. They
// name things, so that one works on what others left.
func cuts(w *World) []func(*World) bool {
	var all []func(*World) bool
	for _, n := range w.Declared.Networks {
		all = append(all, func(c *World) bool { return c.dropNode(n.Name, n.Ref) })
	}
	for _, s := range w.Declared.Sites {
		all = append(all, func(c *World) bool { return c.dropNode(s.Name, plan.Ref{}) })
	}
	for _, n := range w.Names {
		all = append(all, func(c *World) bool {
			before := len(c.Names)
			c.Names = slices.DeleteFunc(c.Names, func(x plan.Name) bool { return x.FQDN == n.FQDN && x.Endpoint == n.Endpoint })
			return len(c.Names) < before
		})
	}
	for _, r := range w.sorted() {
		if !r.IsProvider() {
			all = append(all, func(c *World) bool {
				found := c.resource(r.Name) != nil
				c.remove(r.Name)
				return found
			})
		}
	}
	d := func(c *World) *plan.Graph { return &c.Declared }
	all = append(all, drops(w, func(c *World) *[]plan.Connection { return &d(c).Connections }, func(x plan.Connection) string { return x.Name })...)
	all = append(all, drops(w, func(c *World) *[]plan.Resolver { return &d(c).Resolvers }, func(x plan.Resolver) string { return x.Name })...)
	all = append(all, drops(w, func(c *World) *[]plan.Zone { return &d(c).Zones }, func(x plan.Zone) string { return x.Ref.Existing })...)
	for _, n := range w.Declared.Networks {
		for _, s := range n.Subnets {
			all = append(all, func(c *World) bool { return c.dropSubnet(n.Name, s) })
		}
		for _, g := range n.Clients {
			all = append(all, func(c *World) bool {
				return c.inNetwork(n.Name, func(x *plan.Network) bool {
					before := len(x.Clients)
					x.Clients = slices.DeleteFunc(x.Clients, func(y plan.Client) bool { return y.Name == g.Name })
					return len(x.Clients) < before
				})
			})
		}
	}
	return all
}

// drops takes the elements of one of a world's lists out, one at a time.
func drops[T any](w *World, list func(*World) *[]T, name func(T) string) (all []func(*World) bool) {
	for _, x := range *list(w) {
		all = append(all, func(c *World) bool {
			l := list(c)
			before := len(*l)
			*l = slices.DeleteFunc(*l, func(y T) bool { return name(y) == name(x) })
			c.settle()
			return len(*l) < before
		})
	}
	return all
}

func (w *World) inNetwork(name string, change func(*plan.Network) bool) bool {
	for i := range w.Declared.Networks {
		if w.Declared.Networks[i].Name == name {
			return change(&w.Declared.Networks[i])
		}
	}
	return false
}

func (w *World) dropSubnet(network string, s plan.Subnet) bool {
	if s.Ref.Part != "" {
		return false // its resource goes
	}
	dropped := w.inNetwork(network, func(n *plan.Network) bool {
		before := len(n.Subnets)
		n.Subnets = slices.DeleteFunc(n.Subnets, func(x plan.Subnet) bool { return x.Name == s.Name })
		return len(n.Subnets) < before
	})
	w.settle()
	return dropped
}

// dropNode takes a network or site out, with all that stands in it.
func (w *World) dropNode(name string, ref plan.Ref) bool {
	d := &w.Declared
	before := len(d.Networks) + len(d.Sites)
	d.Networks = slices.DeleteFunc(d.Networks, func(n plan.Network) bool { return n.Name == name })
	d.Sites = slices.DeleteFunc(d.Sites, func(s plan.Site) bool { return s.Name == name })
	if ref.Part != "" {
		w.remove(ref.Part)
	}
	w.settle()
	return len(d.Networks)+len(d.Sites) < before
}
