package model

import (
	"strings"

	"github.com/obslink/obslink/compiler/plan"
)

// names is what public DNS and exported files know of the plan's names.
type names struct {
	all []plan.Name
	// known are names that public DNS answers, and cname where it points them elsewhere.
	known map[string]bool
	cname map[string]string
	// canonical are the numbers of the names whose chain of CNAMEs ends at a name.
	canonical map[string][]int
	// versioned are host names with an Agent's version in their first label, by the domain behind it.
	versioned map[string][]*versioned
	// spelled are the numbers of the names that an FQDN spells.
	spelled map[string][]int
	// exported is the first name that a client's exported files list under a spelling.
	exported map[spelling]int
	// backend is whose addresses an endpoint has.
	backend map[string]string
}

// spelling is an FQDN, or the pattern of versioned ones, in the files of a client.
type spelling struct{ fqdn, client string }

type versioned struct {
	pattern       string
	before, after string // of the version, in the first label
	names         []int
}

func indexNames(all []plan.Name) names {
	x := names{
		all: all, known: make(map[string]bool, len(all)), cname: map[string]string{}, canonical: map[string][]int{}, versioned: map[string][]*versioned{},
		spelled: make(map[string][]int, len(all)), exported: map[spelling]int{}, backend: map[string]string{},
	}
	patterns := map[string]*versioned{}
	for i := range all {
		n := &all[i]
		fqdn := fold(n.FQDN)
		x.known[fqdn] = true
		x.backend[n.Endpoint] = n.Backend
		x.spell(fqdn, i)
		if canonical := fold(n.Canonical); canonical != "" && canonical != fqdn {
			x.cname[fqdn] = canonical
			x.known[canonical] = true
			x.canonical[canonical] = append(x.canonical[canonical], i)
		}
		for _, a := range n.Aliases {
			alias := fold(a)
			x.known[alias] = true
			x.cname[alias] = fqdn
			x.spell(alias, i)
		}
		pattern := fold(n.Versioned)
		if before, rest, ok := strings.Cut(pattern, "%s"); ok {
			v := patterns[pattern]
			if v == nil {
				after, _, _ := strings.Cut(rest, ".")
				v = &versioned{pattern: pattern, before: before, after: after}
				patterns[pattern] = v
				x.versioned[parent(pattern)] = append(x.versioned[parent(pattern)], v)
			}
			v.names = append(v.names, i)
			x.export(pattern, i)
		}
	}
	return x
}

func (x *names) spell(fqdn string, name int) {
	x.spelled[fqdn] = append(x.spelled[fqdn], name)
	x.export(fqdn, name)
}

func (x *names) export(fqdn string, name int) {
	for _, client := range x.all[name].Clients {
		if key := (spelling{fqdn, client}); !x.has(key) {
			x.exported[key] = name
		}
	}
}

func (x *names) has(key spelling) bool { _, ok := x.exported[key]; return ok }

// pointsAt is the name that public DNS answers with in place of a name, or "".
func (x *names) pointsAt(q string) string {
	if to := x.cname[q]; to != "" {
		return to
	}
	if v := x.version(q); v != nil {
		return fold(x.all[v.names[0]].FQDN)
	}
	return ""
}

// version is the pattern that a host name follows, or nil.
func (x *names) version(q string) *versioned {
	label, _, _ := strings.Cut(q, ".")
	for _, v := range x.versioned[parent(q)] {
		middle, ok := strings.CutPrefix(label, v.before)
		if !ok {
			continue
		}
		if middle, ok = strings.CutSuffix(middle, v.after); ok && middle != "" {
			return v
		}
	}
	return nil
}

// listed is the first name that a client's exported files list under an FQDN, or nil.
func (x *names) listed(q, client string) *plan.Name {
	key := spelling{q, client}
	if v := x.version(q); v != nil && !x.has(key) {
		key.fqdn = v.pattern
	}
	if i, ok := x.exported[key]; ok {
		return &x.all[i]
	}
	return nil
}

// Names lists the numbers of the plan's names that an FQDN stands for: their own, an alias, a
// versioned form or the end of a chain of CNAMEs.
func (m *Model) Names(fqdn string) []int {
	q := fold(fqdn)
	if found := m.names.spelled[q]; len(found) > 0 {
		return found
	}
	if v := m.names.version(q); v != nil {
		return v.names
	}
	return m.names.canonical[q]
}

// Covered reports whether a private zone, or an endpoint's own names, would answer for a name in some
// network.
func (m *Model) Covered(fqdn string) bool {
	for domain := fold(fqdn); domain != ""; domain = parent(domain) {
		if len(m.byName[domain]) > 0 {
			return true
		}
	}
	return false
}

// fold makes two spellings of a name equal.
func fold(name string) string { return strings.ToLower(strings.TrimSuffix(name, ".")) }

// parent is the name without its first label; ${…} at its beginning is one label, whatever is in it.
func parent(name string) string {
	skip := 0
	if strings.HasPrefix(name, "${") {
		skip = strings.IndexByte(name, '}') + 1
	}
	if dot := strings.IndexByte(name[skip:], '.'); dot >= 0 {
		return name[skip+dot+1:]
	}
	return ""
}
