// Package topologytest makes random legal topologies for tests, and changes them as a user would:
// it inserts, deletes and renames elements. A topology is kept as a tree, so that the same one can
// be written as CUE, JSON or YAML with its fields in any order.
package topologytest

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand"
	"slices"
	"strings"
)

// Doc is a topology as a tree of map[string]any, []any, string, int and bool.
type Doc map[string]any

// Clone returns a copy that shares nothing with d.
func (d Doc) Clone() Doc { return Doc(clone(map[string]any(d)).(map[string]any)) }

func clone(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			out[k] = clone(e)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = clone(e)
		}
		return out
	}
	return v
}

// At returns the map at a path, which is made where it is missing.
func (d Doc) At(path ...string) map[string]any {
	m := map[string]any(d)
	for _, step := range path {
		next, ok := m[step].(map[string]any)
		if !ok {
			next = map[string]any{}
			m[step] = next
		}
		m = next
	}
	return m
}

// Has reports whether there is a map at a path.
func (d Doc) Has(path ...string) bool {
	m := map[string]any(d)
	for _, step := range path {
		next, ok := m[step].(map[string]any)
		if !ok {
			return false
		}
		m = next
	}
	return true
}

// Keys lists the keys of the map at a path, sorted.
func (d Doc) Keys(path ...string) []string {
	if !d.Has(path...) {
		return nil
	}
	return slices.Sorted(maps.Keys(d.At(path...)))
}

// text returns the string at the end of a path, "" where there is none.
func (d Doc) text(path ...string) string {
	last := len(path) - 1
	if !d.Has(path[:last]...) {
		return ""
	}
	s, _ := d.At(path[:last]...)[path[last]].(string)
	return s
}

// order is the order in which a map's keys are written: sorted, or shuffled by r.
func order(m map[string]any, r *rand.Rand) []string {
	keys := slices.Sorted(maps.Keys(m))
	if r != nil {
		r.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
	}
	return keys
}

// CUE writes the topology as a CUE file, with fields sorted or, with r, in a random order.
func (d Doc) CUE(r *rand.Rand) []byte {
	var b strings.Builder
	b.WriteString("package stack\n\nimport \"obslink.dev/schema\"\n\nschema.#Topology & ")
	writeBraces(&b, map[string]any(d), r, "", "\n")
	b.WriteString("\n")
	return []byte(b.String())
}

// JSON writes the topology as JSON, with fields sorted or in a random order.
func (d Doc) JSON(r *rand.Rand) []byte {
	var b strings.Builder
	writeBraces(&b, map[string]any(d), r, "", ",\n")
	b.WriteString("\n")
	return []byte(b.String())
}

// writeBraces writes what CUE and JSON have in common; between is what stands between two fields.
func writeBraces(b *strings.Builder, v any, r *rand.Rand, indent, between string) {
	switch v := v.(type) {
	case map[string]any:
		if len(v) == 0 {
			b.WriteString("{}")
			return
		}
		b.WriteString("{\n")
		for i, k := range order(v, r) {
			if i > 0 {
				b.WriteString(between)
			}
			fmt.Fprintf(b, "%s\t%q: ", indent, k)
			writeBraces(b, v[k], r, indent+"\t", between)
		}
		b.WriteString("\n" + indent + "}")
	case []any:
		b.WriteString("[")
		for i, e := range v {
			if i > 0 {
				b.WriteString(", ")
			}
			writeBraces(b, e, r, indent, between)
		}
		b.WriteString("]")
	default:
		b.WriteString(scalar(v))
	}
}

// YAML writes the topology as block YAML, with fields sorted or in a random order.
func (d Doc) YAML(r *rand.Rand) []byte {
	var b strings.Builder
	writeYAML(&b, map[string]any(d), r, "")
	return []byte(b.String())
}

func writeYAML(b *strings.Builder, m map[string]any, r *rand.Rand, indent string) {
	for _, k := range order(m, r) {
		fmt.Fprintf(b, "%s%q:", indent, k)
		switch v := m[k].(type) {
		case map[string]any:
			if len(v) == 0 {
				b.WriteString(" {}\n")
				continue
			}
			b.WriteString("\n")
			writeYAML(b, v, r, indent+"  ")
		case []any:
			b.WriteString("\n")
			for _, e := range v {
				fmt.Fprintf(b, "%s- %s\n", indent, scalar(e))
			}
		default:
			b.WriteString(" " + scalar(v) + "\n")
		}
	}
}

func scalar(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic("a topology does not marshal: " + err.Error())
	}
	return string(raw)
}
