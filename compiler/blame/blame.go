// Package blame says which line of a topology a cloud's refusal is about: the resource that was
// refused comes from one line, and what is wrong with it may stand at another, which is the one that a
// check would have named. A target hands over its accusations, each with words of that cloud's answers;
// this package reads the plan and the answer. It asks no cloud, and it knows none by name.
package blame

import (
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/plan"
)

// Refused is a resource that a cloud said no to.
type Refused struct {
	Plan *plan.Plan
	// Resource is the part's name, and Origin the path that it comes from.
	Resource, Origin string
	Answer           string
}

// Accusation is what an answer with certain words is about: About gives a path of the topology, or ""
// where that is the resource's own.
type Accusation struct {
	Says  string
	About func(Refused) string
}

// Path is what the first accusation that fits says; "" where none does.
func Path(all []Accusation, r Refused) string {
	for _, a := range all {
		if strings.Contains(r.Answer, a.Says) {
			return a.About(r)
		}
	}
	return ""
}

// Field is a field of what the resource comes from.
func Field(name string) func(Refused) string {
	return func(r Refused) string { return r.Origin + "." + name }
}

// Network is the network that the resource stands in, or a field of it.
func Network(field string) func(Refused) string {
	return func(r Refused) string {
		name := r.network()
		if name == "" {
			return ""
		}
		return "networks." + name + field
	}
}

// Busiest is the end of a connection that has the most connections.
func Busiest(r Refused) string {
	count := map[string]int{}
	var ends []string
	for _, c := range r.Plan.Graph.Connections {
		count[c.A.Node]++
		count[c.B.Node]++
		if c.Name == r.Resource {
			ends = []string{c.A.Node, c.B.Node}
		}
	}
	for _, n := range r.Plan.Graph.Networks {
		if slices.Contains(ends, n.Name) && count[n.Name] == max(count[ends[0]], count[ends[1]]) {
			return n.Origin.Path
		}
	}
	return ""
}

// network is that of an endpoint, else the first key in the resource's name that is a network's.
func (r Refused) network() string {
	for _, e := range r.Plan.Graph.Endpoints {
		if e.Name == r.Resource {
			return e.Network
		}
	}
	known := map[string]bool{}
	for _, n := range r.Plan.Graph.Networks {
		known[n.Name] = true
	}
	for key := range strings.SplitSeq(r.Resource, "_") {
		if known[key] {
			return key
		}
	}
	return ""
}
