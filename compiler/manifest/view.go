package manifest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// View is a manifest with its resources by name and type, for readers that follow references.
type View struct {
	*Manifest
	byName map[string][]*Resource
	byType map[string][]*Resource
}

// NewView indexes a manifest, which must not change while the view is in use.
func NewView(m *Manifest) *View {
	v := &View{Manifest: m, byName: map[string][]*Resource{}, byType: map[string][]*Resource{}}
	for i := range m.Resources {
		r := &m.Resources[i]
		v.byName[r.Name] = append(v.byName[r.Name], r)
		v.byType[r.Type] = append(v.byType[r.Type], r)
	}
	return v
}

// OfType are the resources of a type, in the order of names.
func (v *View) OfType(token string) []*Resource { return v.byType[token] }

// Named is the resource of that logical name, or nil if there is none or more than one.
func (v *View) Named(name string) *Resource {
	if found := v.byName[name]; len(found) == 1 {
		return found[0]
	}
	return nil
}

// Reference is one ${name.property} in a value.
type Reference struct {
	// Path is where it stands: subnetConfigurations[0].subnetId.
	Path string
	// Text is what stands between the braces.
	Text string
}

// References are all references in a value, in the order of paths. Secrets, ${secret:name}, refer to
// no resource and are left out.
func References(path string, value any) []Reference {
	var found []Reference
	switch value := value.(type) {
	case string:
		for _, text := range references(value) {
			found = append(found, Reference{path, text})
		}
	case []any:
		for i, element := range value {
			found = append(found, References(fmt.Sprintf("%s[%d]", path, i), element)...)
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(value)) {
			found = append(found, References(join(path, key), value[key])...)
		}
	}
	return found
}

func references(text string) []string {
	var found []string
	for {
		_, after, opened := strings.Cut(text, "${")
		inside, rest, closed := strings.Cut(after, "}")
		if !opened || !closed {
			return found
		}
		if !strings.HasPrefix(inside, "secret:") {
			found = append(found, inside)
		}
		text = rest
	}
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// Resolve is the resource that a reference's text names, or nil. What follows the name is a property;
// the longest name that fits is meant.
func (v *View) Resolve(text string) *Resource {
	for end := len(text); end > 0; end = strings.LastIndexAny(text[:end], ".[") {
		if r := v.Named(text[:end]); r != nil {
			return r
		}
	}
	return nil
}

// Referred is the resource that a value refers to, or nil if the value is a literal.
func (v *View) Referred(value any) *Resource {
	text, _ := value.(string)
	if found := references(text); len(found) == 1 {
		return v.Resolve(found[0])
	}
	return nil
}

// Text is an input that is a string, else "".
func (r *Resource) Text(name string) string {
	text, _ := r.Inputs[name].(string)
	return text
}

// List is an input that is a list, else nil.
func (r *Resource) List(name string) []any {
	list, _ := r.Inputs[name].([]any)
	return list
}

// Object is an input that is an object, else nil.
func (r *Resource) Object(name string) map[string]any {
	object, _ := r.Inputs[name].(map[string]any)
	return object
}

// Has reports whether an input is given.
func (r *Resource) Has(name string) bool {
	_, found := r.Inputs[name]
	return found
}

// Package is the Pulumi package of a type: aws of aws:ec2/vpc:Vpc, and of pulumi:providers:aws.
func (r *Resource) Package() string {
	if name, ok := strings.CutPrefix(r.Type, providerPrefix); ok {
		return name
	}
	name, _, _ := strings.Cut(r.Type, ":")
	return name
}

// IsProvider reports whether the resource is a provider.
func (r *Resource) IsProvider() bool { return strings.HasPrefix(r.Type, providerPrefix) }

const providerPrefix = "pulumi:providers:"
