// Package lift holds what the lifts of all targets share: it reads a manifest's resources type by
// type, follows references, and notes what could not be understood. What a type means for the network
// is the target's, which hands over a Language. It must pass nothing over that it does not know, and
// it changes neither manifest nor graph.
package lift

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
)

// Reader reads the resources of a manifest. A target's own state embeds it.
type Reader struct {
	View *manifest.View
	// Problems are what could not be understood, and what the cloud would not do.
	Problems []string
}

// Problem notes what could not be understood of a resource, at a path of its inputs.
func (l *Reader) Problem(r *manifest.Resource, path, format string, args ...any) {
	where := r.Type + " " + r.Name
	if path != "" {
		where += "." + path
	}
	l.Problems = append(l.Problems, where+": "+fmt.Sprintf(format, args...))
}

// Object is what an input refers to by id: a resource of the wanted type, or an id of something that
// is there already.
func (l *Reader) Object(r *manifest.Resource, path string, value any, token string) (plan.Ref, bool) {
	text, _ := value.(string)
	switch name, ok := l.Named(text, "id"); {
	case text == "":
		l.Problem(r, path, "is not given")
	case !strings.Contains(text, "${"):
		return plan.Ref{Existing: text}, true
	case !ok:
		l.Problem(r, path, "%s is not the id of a resource that is there", text)
	case l.View.Named(name).Type != token:
		l.Problem(r, path, "%s is a %s, not a %s", text, l.View.Named(name).Type, token)
	default:
		return plan.Ref{Part: name}, true
	}
	return plan.Ref{}, false
}

// Named takes the name out of ${name.property}, if a resource of that name is there.
func (l *Reader) Named(text, property string) (name string, ok bool) {
	inside, opened := strings.CutPrefix(text, "${")
	name, closed := strings.CutSuffix(inside, "."+property+"}")
	return name, opened && closed && l.View.Named(name) != nil
}

// Prefix reads an IPv4 CIDR. The clouds refuse one with host bits (EC2 API: InvalidParameterValue; ARM:
// InvalidCIDRNotation).
func (l *Reader) Prefix(r *manifest.Resource, path string, value any) (netip.Prefix, bool) {
	text, _ := value.(string)
	p, err := netip.ParsePrefix(text)
	if err != nil || p != p.Masked() || !p.Addr().Is4() {
		l.Problem(r, path, "%v is no IPv4 CIDR", value)
		return p, false
	}
	return p, true
}

// Type says which inputs of a resource type are read, and by what. A type without function is read by
// another, which refers to it or is referred to.
type Type[L any] struct {
	Token string
	Reads string
	Lift  func(L, *manifest.Resource)
}

// Language is what a target's lift understands of a manifest.
type Language[L any] struct {
	// Package is the Pulumi package of the resources.
	Package string
	// Types say something about the network, in the order in which they are read: what others refer
	// to comes first.
	Types []Type[L]
	// SilentTypes and SilentInputs say nothing that a packet or a question depends on; the value is why.
	SilentTypes, SilentInputs map[string]string
	// Provider judges a provider.
	Provider func(L, *manifest.Resource)
}

// Read lifts every resource of the language's package, after reporting types and inputs that it does
// not know: what it does not know it must not pass over, since the graph would then say less than what
// is deployed.
func (g Language[L]) Read(l *Reader, target L) {
	known := make(map[string]*Type[L], len(g.Types))
	for i := range g.Types {
		known[g.Types[i].Token] = &g.Types[i]
	}
	for i := range l.View.Resources {
		switch r := &l.View.Resources[i]; {
		case r.Package() != g.Package || g.SilentTypes[r.Type] != "":
		case r.IsProvider():
			g.Provider(target, r)
		default:
			g.inputs(l, r, known[r.Type])
		}
	}
	for _, t := range g.Types {
		if t.Lift != nil {
			for _, r := range l.View.OfType(t.Token) {
				t.Lift(target, r)
			}
		}
	}
}

// inputs reports what is not known of a resource.
func (g Language[L]) inputs(l *Reader, r *manifest.Resource, t *Type[L]) {
	if t == nil {
		l.Problem(r, "", "is of a type that lift does not know")
		return
	}
	reads := strings.Fields(t.Reads)
	for _, input := range slices.Sorted(maps.Keys(r.Inputs)) {
		if !slices.Contains(reads, input) && g.SilentInputs[input] == "" {
			l.Problem(r, input, "is an input that lift does not know")
		}
	}
}
