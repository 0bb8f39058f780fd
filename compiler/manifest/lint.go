package manifest

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Rule is one trap that a manifest must not walk into. A rule reads; each names the source that it
// was learnt from and the date of that source.
type Rule struct {
	Name   string
	Source string
	AsOf   string
	Check  func(*View, Report)
}

// Report notes that a resource breaks the rule, at a path of its inputs.
type Report func(r *Resource, path, format string, args ...any)

// Finding is one broken rule. A finding is a bug in obslink, or a cloud's rule that lowering ought to
// have told the user in the words of the topology: no message here is meant for users.
type Finding struct {
	Rule     string `json:"rule"`
	Type     string `json:"type"`
	Resource string `json:"resource"`
	Path     string `json:"path,omitempty"`
	Message  string `json:"message"`
	Source   string `json:"source"`
}

func (f Finding) String() string {
	where := f.Resource
	if f.Path != "" {
		where += "." + f.Path
	}
	return fmt.Sprintf("%s %s: %s (%s: %s)", f.Type, where, f.Message, f.Rule, f.Source)
}

// Lint tries the rules on a manifest, and returns what breaks them in one order.
func Lint(m *Manifest, rules []Rule) []Finding {
	v := NewView(m)
	var findings []Finding
	for _, rule := range rules {
		rule.Check(v, func(r *Resource, path, format string, args ...any) {
			findings = append(findings, Finding{
				Rule: rule.Name, Type: r.Type, Resource: r.Name, Path: path, Message: fmt.Sprintf(format, args...), Source: rule.Source,
			})
		})
	}
	slices.SortFunc(findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Resource, b.Resource), cmp.Compare(a.Path, b.Path),
			cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Message, b.Message))
	})
	return slices.Compact(findings)
}

// Rules are those that hold in every cloud.
var Rules = []Rule{
	{"explicit-provider", "DESIGN §5.5", "2026-11", checkProvider},
	{"no-component", "DESIGN §5.1", "2026-11", checkComponent},
	{"reference", "Pulumi YAML reference: interpolation", "2026-11", checkReferences},
	{"unique-name", "pulumi/pulumi: duplicate resource URN", "2026-11", checkNames},
	{"no-open-ingress", "DESIGN §7", "2026-11", checkIngress},
}

// checkProvider wants a provider of the type's package that the manifest itself registers.
func checkProvider(v *View, report Report) {
	for i := range v.Resources {
		r := &v.Resources[i]
		if r.IsProvider() {
			if strings.HasPrefix(r.Name, "default") {
				report(r, "", "is a default provider, which takes account and region from its surroundings")
			}
			continue
		}
		if len(v.byType[providerPrefix+r.Package()]) == 0 {
			continue // no-component tells
		}
		provider := v.Named(r.Provider)
		switch {
		case r.Provider == "":
			report(r, "", "has no explicit provider")
		case provider == nil || !provider.IsProvider():
			report(r, "", "has provider %q, which is not registered", r.Provider)
		case provider.Package() != r.Package():
			report(r, "", "has provider %q, which is one of %s", r.Provider, provider.Package())
		}
	}
}

// checkComponent wants every resource to be of a package that has a provider: a component has none.
func checkComponent(v *View, report Report) {
	for i := range v.Resources {
		if r := &v.Resources[i]; len(v.byType[providerPrefix+r.Package()]) == 0 {
			report(r, "", "is of package %q, which has no provider: programs are flat", r.Package())
		}
	}
}

func checkReferences(v *View, report Report) {
	for i := range v.Resources {
		r := &v.Resources[i]
		for _, reference := range slices.Concat(References("", r.Inputs), References("replacementTrigger", r.ReplacementTrigger)) {
			if v.Resolve(reference.Text) == nil {
				report(r, reference.Path, "refers to ${%s}, which is not registered", reference.Text)
			}
		}
		for j, name := range r.DependsOn {
			if v.Named(name) == nil {
				report(r, fmt.Sprintf("dependsOn[%d]", j), "depends on %q, which is not registered", name)
			}
		}
	}
	for _, output := range slices.Sorted(maps.Keys(v.Outputs)) {
		for _, reference := range References(output, v.Outputs[output]) {
			if v.Resolve(reference.Text) == nil {
				report(&Resource{Name: "outputs"}, reference.Path, "refers to ${%s}, which is not registered", reference.Text)
			}
		}
	}
}

// checkNames wants names that are unique in the whole manifest, not only within a type: a reference
// says no type.
func checkNames(v *View, report Report) {
	for _, same := range v.byName {
		for _, r := range same[1:] {
			report(r, "", "has the name of a %s", same[0].Type)
		}
	}
}

// sources are the inputs that say who may come in, over both clouds.
var sources = []string{"cidrIpv4", "cidrIpv6", "cidrBlocks", "ipv6CidrBlocks", "sourceAddressPrefix", "sourceAddressPrefixes"}

// anyone is everybody, in the words of either cloud.
var anyone = []string{"0.0.0.0/0", "::/0", "*", "Internet", "Any"}

func checkIngress(v *View, report Report) {
	for i := range v.Resources {
		r := &v.Resources[i]
		if strings.Contains(r.Type, "Egress") {
			continue
		}
		lookForAnyone("", r.Inputs, func(path, value string) {
			report(r, path, "lets %s in", value)
		})
	}
}

// lookForAnyone walks rules and lists of rules. Rules that deny, and those of the way out, may name all.
func lookForAnyone(path string, value any, found func(path, value string)) {
	switch value := value.(type) {
	case []any:
		for i, element := range value {
			lookForAnyone(fmt.Sprintf("%s[%d]", path, i), element, found)
		}
	case map[string]any:
		if value["access"] == "Deny" || value["direction"] == "Outbound" {
			return
		}
		for _, key := range slices.Sorted(maps.Keys(value)) {
			switch {
			case slices.Contains(sources, key):
				for _, text := range texts(value[key]) {
					if slices.Contains(anyone, text) {
						found(join(path, key), text)
					}
				}
			case key != "egress":
				lookForAnyone(join(path, key), value[key], found)
			}
		}
	}
}

// texts are the strings of a string or a list of strings.
func texts(value any) []string {
	switch value := value.(type) {
	case string:
		return []string{value}
	case []any:
		var all []string
		for _, element := range value {
			all = append(all, texts(element)...)
		}
		return all
	}
	return nil
}
