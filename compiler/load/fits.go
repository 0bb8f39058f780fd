package load

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"cuelang.org/go/cue"
)

// shape is a schema value in the form that data is held against quickly. It knows what the language
// uses: closed and open structs, maps, lists, a few words, strings, whole numbers and booleans. That it judges
// as CUE does is tested on topologies with mistakes; whatever it refuses, CUE judges.
type shape struct {
	kind     cue.Kind
	fields   map[string]*shape
	required []string
	each     *shape // of a map or list
	words    []string
}

// shapeOf reads a schema value.
func shapeOf(schema cue.Value) *shape {
	s := &shape{kind: schema.IncompleteKind()}
	switch s.kind {
	case cue.StructKind:
		fields, required := fieldsOf(schema)
		s.fields, s.required = make(map[string]*shape, len(fields)), required
		for name, field := range fields {
			s.fields[name] = shapeOf(field)
		}
		if each := schema.LookupPath(cue.MakePath(cue.AnyString)); each.Exists() {
			s.each = shapeOf(each)
		} else if schema.Allows(cue.AnyString) { // {...}
			s.each = &shape{kind: cue.TopKind}
		}
	case cue.ListKind:
		if each := schema.LookupPath(cue.MakePath(cue.AnyIndex)); each.Exists() {
			s.each = shapeOf(each)
		}
	default:
		s.words = wordsOf(schema)
	}
	return s
}

// fits reports whether JSON has the shape.
func (s *shape) fits(raw []byte) bool {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var data any
	return d.Decode(&data) == nil && s.holds(data)
}

func (s *shape) holds(data any) bool {
	if s.kind == cue.TopKind {
		return true
	}
	switch data := data.(type) {
	case map[string]any:
		return s.kind == cue.StructKind && s.holdsFields(data)
	case []any:
		return s.kind == cue.ListKind && s.each != nil && !slices.ContainsFunc(data, func(e any) bool { return !s.each.holds(e) })
	case string:
		return s.kind == cue.StringKind && (len(s.words) == 0 || slices.Contains(s.words, data))
	case json.Number:
		return s.kind == cue.NumberKind || s.kind == cue.IntKind && !strings.ContainsAny(string(data), ".eE")
	case bool:
		return s.kind == cue.BoolKind
	}
	return false
}

func (s *shape) holdsFields(data map[string]any) bool {
	for name, value := range data {
		field := s.fields[name]
		if field == nil {
			field = s.each
		}
		if field == nil || !field.holds(value) {
			return false
		}
	}
	for _, name := range s.required {
		if _, written := data[name]; !written {
			return false
		}
	}
	return true
}
