package truth

import (
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
)

// resource is the resource of a name, or nil.
func (w *World) resource(name string) *manifest.Resource {
	i := slices.IndexFunc(w.Manifest.Resources, func(r manifest.Resource) bool { return r.Name == name })
	if i < 0 {
		return nil
	}
	return &w.Manifest.Resources[i]
}

// there is the declared endpoint of a name, or nil.
func (w *World) there(name string) *plan.Endpoint {
	i := slices.IndexFunc(w.Declared.Endpoints, func(e plan.Endpoint) bool { return e.Name == name })
	if i < 0 {
		return nil
	}
	return &w.Declared.Endpoints[i]
}

// Without is a copy that lacks a resource, and what cannot be without it.
func (w *World) Without(name string) *World {
	c := w.Clone()
	c.remove(name)
	return c
}

// remove takes a resource out, with what cannot be without it.
func (w *World) remove(name string) {
	w.Manifest.Resources = slices.DeleteFunc(w.Manifest.Resources, func(r manifest.Resource) bool { return r.Name == name })
	w.settle()
}

// settle takes out what refers to something that is gone: elements of lists, and resources whose
// input it is; then declarations, names and hosts of what is gone.
func (w *World) settle() {
	for again := true; again; {
		again = false
		view := manifest.NewView(w.Manifest)
		var kept []manifest.Resource
		for _, r := range w.Manifest.Resources {
			if keep := prune(view, &r); keep {
				kept = append(kept, r)
			} else {
				again = true
			}
		}
		w.Manifest.Resources = kept
	}
	w.settleDeclared()
}

// prune takes references to nothing out of a resource's lists. It reports whether the resource can
// stand: all else that it refers to exists.
func prune(view *manifest.View, r *manifest.Resource) bool {
	r.DependsOn = slices.DeleteFunc(slices.Clone(r.DependsOn), func(name string) bool { return view.Named(name) == nil })
	if dangles(view, r.ReplacementTrigger) {
		r.ReplacementTrigger = nil
	}
	for field, value := range r.Inputs {
		list, ok := value.([]any)
		if !ok {
			if dangles(view, value) {
				return false
			}
			continue
		}
		kept := slices.DeleteFunc(slices.Clone(list), func(v any) bool { return dangles(view, v) })
		if len(kept) == 0 && len(list) > 0 {
			return false
		}
		r.Inputs[field] = kept
	}
	return true
}

func dangles(view *manifest.View, value any) bool {
	return slices.ContainsFunc(manifest.References("", value), func(ref manifest.Reference) bool { return view.Resolve(ref.Text) == nil })
}

func (w *World) settleDeclared() {
	gone := func(ref plan.Ref) bool { return ref.Part != "" && w.resource(ref.Part) == nil }
	d := &w.Declared
	d.Networks = slices.DeleteFunc(d.Networks, func(n plan.Network) bool { return gone(n.Ref) })
	for i := range d.Networks {
		n := &d.Networks[i]
		n.Subnets = slices.DeleteFunc(n.Subnets, func(s plan.Subnet) bool { return gone(s.Ref) })
		n.RouteTables = slices.DeleteFunc(n.RouteTables, func(t plan.RouteTable) bool { return gone(t.Ref) })
	}
	nodes := w.nodes()
	d.Connections = slices.DeleteFunc(d.Connections, func(c plan.Connection) bool { return !nodes[c.A.Node] || !nodes[c.B.Node] })
	d.Endpoints = slices.DeleteFunc(d.Endpoints, func(e plan.Endpoint) bool { return !nodes[e.Network] })
	d.Resolvers = slices.DeleteFunc(d.Resolvers, func(r plan.Resolver) bool { return !nodes[r.Network] })
	for i := range d.Zones {
		d.Zones[i].Networks = slices.DeleteFunc(d.Zones[i].Networks, func(n string) bool { return !nodes[n] })
	}
	w.Names = slices.DeleteFunc(w.Names, func(n plan.Name) bool { return w.resource(n.Endpoint) == nil && w.there(n.Endpoint) == nil })
	w.Hosts = slices.DeleteFunc(w.Hosts, func(h Host) bool { return !nodes[h.Node] })
	w.dropUnused()
}

// nodes are the networks, sites and routers that there are.
func (w *World) nodes() map[string]bool {
	nodes := map[string]bool{}
	for _, n := range w.Declared.Networks {
		nodes[n.Name] = true
	}
	for _, s := range w.Declared.Sites {
		nodes[s.Name] = true
	}
	for _, r := range w.Manifest.Resources {
		if strings.HasSuffix(r.Type, ":TransitGateway") {
			nodes[r.Name] = true
		}
	}
	return nodes
}

// dropUnused takes out resources that name by an id of the cloud what is no longer declared.
func (w *World) dropUnused() {
	known := map[string]bool{}
	for _, n := range w.Declared.Networks {
		known[n.Ref.Existing] = true
		for _, s := range n.Subnets {
			known[s.Ref.Existing] = true
		}
		for _, t := range n.RouteTables {
			known[t.Ref.Existing] = true
		}
	}
	for _, c := range w.Declared.Connections {
		known[c.A.Interface], known[c.B.Interface] = true, true
	}
	for _, z := range w.Declared.Zones {
		known[z.Ref.Existing] = true
	}
	before := len(w.Manifest.Resources)
	w.Manifest.Resources = slices.DeleteFunc(w.Manifest.Resources, func(r manifest.Resource) bool { return !stripUnknown(&r, known) })
	if len(w.Manifest.Resources) < before {
		w.settle()
	}
}

// stripUnknown reports whether all ids of the cloud in a resource's inputs are known; those in lists
// are taken out.
func stripUnknown(r *manifest.Resource, known map[string]bool) bool {
	for field, value := range r.Inputs {
		list, ok := value.([]any)
		if !ok {
			if unknown(value, known) {
				return false
			}
			continue
		}
		kept := slices.DeleteFunc(slices.Clone(list), func(v any) bool { return unknown(v, known) })
		if len(kept) == 0 && len(list) > 0 {
			return false
		}
		r.Inputs[field] = kept
	}
	return true
}

// unknown reports whether a value holds an id of the cloud that nothing declares.
func unknown(value any, known map[string]bool) bool {
	switch v := value.(type) {
	case string:
		for _, kind := range []string{"vpc-", "subnet-", "rtb-", "eni-", "vpngw-", "tgw-attach-", "pcx-", "Z0"} {
			if strings.HasPrefix(v, kind) {
				return !known[v]
			}
		}
	case map[string]any:
		for _, e := range v {
			if unknown(e, known) {
				return true
			}
		}
	}
	return false
}
