package load

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cuelang.org/go/cue"

	"github.com/obslink/obslink/compiler/diag"
)

// fieldsOf lists the fields that a schema struct names and those of them that are required.
func fieldsOf(schema cue.Value) (fields map[string]cue.Value, required []string) {
	fields = map[string]cue.Value{}
	it, err := schema.Fields(cue.Optional(true))
	if err != nil {
		return fields, nil
	}
	for it.Next() {
		name := it.Selector().Unquoted()
		fields[name] = it.Value()
		if it.Selector().ConstraintType() == cue.RequiredConstraint {
			required = append(required, name)
		}
	}
	return fields, required
}

// wordsOf lists the strings that a schema leaf takes.
func wordsOf(schema cue.Value) []string {
	op, args := cue.Dereference(schema).Expr()
	if op != cue.OrOp {
		if s, err := schema.String(); err == nil {
			return []string{s}
		}
		return nil
	}
	var words []string
	for _, a := range args {
		words = append(words, wordsOf(a)...)
	}
	return words
}

// kindName is a kind in the words of a person who writes a topology.
func kindName(k cue.Kind) string {
	switch k {
	case cue.StructKind:
		return "a struct {…}"
	case cue.ListKind:
		return "a list […]"
	case cue.StringKind:
		return "a string"
	case cue.IntKind:
		return "a whole number"
	case cue.NumberKind:
		return "a number"
	case cue.BoolKind:
		return "true or false"
	default:
		return k.String()
	}
}

// typeHint says what to type instead of a value of the wrong type.
func typeHint(schema, data cue.Value) string {
	text, want := valueText(data), schema.IncompleteKind()
	fields, _ := fieldsOf(schema)
	words := wordsOf(schema)
	switch {
	case len(words) > 0:
		return "one of: " + strings.Join(words, ", ")
	case want == cue.StructKind && len(fields) == 0 && !schema.LookupPath(cue.MakePath(cue.AnyString)).Exists():
		return "write {}"
	case data.Kind() == cue.NullKind:
		return "leave it out, or write " + kindName(want)
	case want == cue.ListKind && data.Kind() != cue.StructKind:
		return "write [" + text + "]"
	case want == cue.StringKind && data.Kind() != cue.StructKind && data.Kind() != cue.ListKind:
		return "write " + strconv.Quote(text)
	default:
		return "write " + kindName(want)
	}
}

var privateStep = regexp.MustCompile(`(?i)(key|secret|password|token)(\.|\[|$)`)

// private reports whether the value at a path may be a secret that was pasted where its name, or a
// public key, belongs. No message repeats it: build logs are read by many.
func private(path string) bool { return privateStep.MatchString(path) }

// secretHint says how a secret is referred to.
func secretHint(want cue.Kind, path string) string {
	if want == cue.StructKind {
		return fmt.Sprintf(`write %s: secret: "…" with a name, and store the value with `+"`obslink secret set`", lastStep(path))
	}
	return "write " + kindName(want)
}

// valueText shows a value, cut where it is long.
func valueText(v cue.Value) string {
	switch v.Kind() {
	case cue.StructKind:
		return "a struct"
	case cue.ListKind:
		return "a list"
	}
	b, err := v.MarshalJSON()
	if err != nil {
		return "not concrete"
	}
	if len(b) > 60 {
		return string(b[:57]) + "…"
	}
	return string(b)
}

// sampleOf is a placeholder of the right type for a missing field.
func sampleOf(schema cue.Value) string {
	if words := wordsOf(schema); len(words) > 0 {
		return strconv.Quote(words[0])
	}
	switch schema.IncompleteKind() {
	case cue.StringKind:
		return `"…"`
	case cue.ListKind:
		return "[…]"
	case cue.StructKind:
		return "{…}"
	case cue.IntKind:
		return "0"
	default:
		return "…"
	}
}

// pathString joins steps as networks.hub.cidrs[0]; keys that are no identifiers are quoted.
func pathString(steps []string) string {
	var b strings.Builder
	for _, s := range steps {
		if _, err := strconv.Atoi(s); err == nil {
			s = "[" + s + "]"
		}
		switch {
		case strings.HasPrefix(s, "["):
			b.WriteString(s)
			continue
		case b.Len() > 0:
			b.WriteByte('.')
		}
		b.WriteString(diag.Step(s))
	}
	return b.String()
}

func join(path, name string) string {
	if path == "" {
		return diag.Step(name)
	}
	return path + "." + diag.Step(name)
}

// lastStep is the end of a path, for messages: cidrs[0] of networks.hub.cidrs[0].
func lastStep(path string) string {
	if i := strings.LastIndexByte(path, '.'); i >= 0 {
		return path[i+1:]
	}
	if path == "" {
		return "the topology"
	}
	return path
}

// quoteStep says `region of networks.hub`.
func quoteStep(path, name string) string {
	if path == "" {
		return name
	}
	return fmt.Sprintf("%s of %s", name, path)
}

func sortedKeys(m map[string]cue.Value) []string { return slices.Sorted(maps.Keys(m)) }
