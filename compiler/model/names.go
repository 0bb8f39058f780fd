package model

import (
	"slices"
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
	versioned map[string][]versioned
	// spelled are the numbers of the names that exported files list under an FQDN.
	spelled map[string][]int
	// clients are each name's, sorted.
	clients [][]string
	// backend is whose addresses an endpoint has.
	backend map[string]string
}

type versioned struct {
	before, after string // of the version, in the first label
	name          int
}

func indexNames(all []plan.Name) names {
	x := names{
		all: all, known: make(map[string]bool, len(all)), cname: map[string]string{}, canonical: map[string][]int{}, versioned: map[string][]versioned{},
		spelled: make(map[string][]int, len(all)), clients: make([][]string, len(all)), backend: map[string]string{},
	}
	for i := range all {
		n := &all[i]
		fqdn := fold(n.FQDN)
		x.known[fqdn] = true
		x.backend[n.Endpoint] = n.Backend
		x.clients[i] = slices.Sorted(slices.Values(n.Clients))
		x.spelled[fqdn] = append(x.spelled[fqdn], i)
		if canonical := fold(n.Canonical); canonical != "" && canonical != fqdn {
			x.cname[fqdn] = canonical
			x.known[canonical] = true
			x.canonical[canonical] = append(x.canonical[canonical], i)
		}
		for _, a := range n.Aliases {
			alias := fold(a)
			x.known[alias] = true
			x.cname[alias] = fqdn
			x.spelled[alias] = append(x.spelled[alias], i)
		}
		if before, rest, ok := strings.Cut(fold(n.Versioned), "%s"); ok {
			after, _, _ := strings.Cut(rest, ".")
			domain := parent(fold(n.Versioned))
			x.versioned[domain] = append(x.versioned[domain], versioned{before, after, i})
		}
	}
	return x
}

// pointsAt is the name that public DNS answers with in place of a name, or "".
func (x *names) pointsAt(q string) string {
	if to := x.cname[q]; to != "" {
		return to
	}
	if found := x.version(q); len(found) > 0 {
		return fold(x.all[found[0]].FQDN)
	}
	return ""
}

// version lists the names whose versioned form a host name is.
func (x *names) version(q string) []int {
	var found []int
	label, _, _ := strings.Cut(q, ".")
	for _, v := range x.versioned[parent(q)] {
		middle, ok := strings.CutPrefix(label, v.before)
		if !ok {
			continue
		}
		if middle, ok = strings.CutSuffix(middle, v.after); ok && middle != "" {
			found = append(found, v.name)
		}
	}
	return found
}

// exported is the first name that a client's exported files list under an FQDN, or nil.
func (x *names) exported(q, client string) *plan.Name {
	listed := x.spelled[q]
	if len(listed) == 0 {
		listed = x.version(q)
	}
	for _, i := range listed {
		if _, ok := slices.BinarySearch(x.clients[i], client); ok {
			return &x.all[i]
		}
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
	if found := m.names.version(q); len(found) > 0 {
		return found
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
