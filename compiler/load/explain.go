package load

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cuelang.org/go/cue"
	cueerrors "cuelang.org/go/cue/errors"
	"cuelang.org/go/cue/token"

	"github.com/obslink/obslink/compiler/diag"
)

// explain says what is wrong with a value that CUE refused. It walks the user's data beside the
// schema, element by element, since CUE's own errors name the schema's place first, give one error
// for each alternative of a disjunction, and hide missing fields behind any other mistake.
func explain(schema cue.Value, src *source) diag.List {
	e := &explainer{where: src.where}
	e.broken(src.value)
	e.visit(schema, src.value, nil)
	if len(e.found) == 0 {
		e.found = fromCUE(schema.Unify(src.value).Validate(cue.Concrete(true), cue.All()), wrongType)
	}
	return e.found
}

type explainer struct {
	where *positions
	found diag.List
	// bad holds paths that the user's own files contradict each other on.
	bad map[string]bool
}

// broken reports what is wrong in the files themselves, whatever the schema says.
func (e *explainer) broken(v cue.Value) {
	e.bad = map[string]bool{}
	err := v.Validate(cue.All())
	for _, one := range cueerrors.Errors(err) {
		path := userPath(one)
		if e.bad[path] && path != "" {
			continue
		}
		e.bad[path] = path != ""
		d := e.fromConflict(one, path)
		if !slices.ContainsFunc(e.found, func(f diag.Diagnostic) bool { return f.Pos == d.Pos && f.Message == d.Message }) {
			e.found = append(e.found, d)
		}
	}
}

// fromConflict turns one of CUE's evaluation errors into a diagnostic.
func (e *explainer) fromConflict(err cueerrors.Error, path string) diag.Diagnostic {
	format, args := err.Msg()
	n := e.where.find(path)
	code := notConcrete
	switch {
	case strings.Contains(format, notAllowedField):
		pos := userPosition(err) // in the definition that has the field
		if !pos.IsValid() {
			pos = e.where.labelAt(path)
		}
		return unknownField.At(pos, path, "unknown field %q", lastStep(path)).
			WithHint("neither the language nor a definition that is used here has it")
	case strings.Contains(format, "conflicting values"), strings.Contains(format, "incompatible list lengths"):
		code = conflict
	}
	message := tidy(fmt.Sprintf(format, args...))
	if private(path) {
		message = lastStep(path) + " has two values that disagree"
	}
	d := code.At(e.where.at(path), path, "%s", message)
	if !d.Pos.IsValid() || code.ID == notConcrete.ID {
		if p := err.Position(); p.IsValid() {
			d.Pos = position(p)
		}
	}
	for _, p := range n.more {
		d = d.WithNote(position(p), "also written here")
	}
	missing, isReference := strings.CutPrefix(message, "reference \"")
	switch {
	case code.ID == conflict.ID && (strings.HasSuffix(path, "]") || strings.Contains(format, "list lengths")):
		d = d.WithHint("lists are not merged: write the whole list in one of the places only")
	case code.ID == conflict.ID:
		d = d.WithHint("write %s in one of the places only", lastStep(path))
	case isReference:
		missing, _, _ = strings.Cut(missing, "\"")
		d = d.WithHint("declare %s, or put it in quotes if it is a text: %q", missing, missing)
	}
	return d
}

// visit compares the data at a path with the schema there.
func (e *explainer) visit(schema, data cue.Value, path []string) {
	p := pathString(path)
	if e.bad[p] {
		return
	}
	want, got := schema.IncompleteKind(), data.IncompleteKind()
	if got == cue.BottomKind {
		// Something below is broken and reported already; what stands beside it is still judged.
		if _, err := data.Fields(); err == nil && want == cue.StructKind {
			e.visitStruct(schema, data, path)
		}
		return
	}
	if !data.IsConcrete() {
		e.report(notConcrete.At(e.where.at(p), p, "%s has no concrete value", lastStep(p)).WithHint("write %s", kindName(want)))
		return
	}
	switch {
	case want&got == 0 && private(p):
		e.report(wrongType.At(e.where.at(p), p, "%s is %s, not %s", lastStep(p), kindName(got), kindName(want)).WithHint("%s", secretHint(want, p)))
	case want&got == 0:
		e.report(wrongType.At(e.where.at(p), p, "%s is %s, not %s", lastStep(p), valueText(data), kindName(want)).WithHint("%s", typeHint(schema, data)))
	case want == cue.StructKind:
		e.visitStruct(schema, data, path)
	case want == cue.ListKind:
		e.visitList(schema, data, path)
	default:
		e.visitLeaf(schema, data, p)
	}
}

func (e *explainer) visitStruct(schema, data cue.Value, path []string) {
	p := pathString(path)
	fields, required := fieldsOf(schema)
	pattern := schema.LookupPath(cue.MakePath(cue.AnyString))
	seen := map[string]bool{}
	for it, _ := data.Fields(); it.Next(); {
		name := it.Selector().Unquoted()
		seen[name] = true
		child, known := fields[name]
		if !known && e.bad[join(p, name)] {
			continue
		}
		if !known {
			child, known = pattern, pattern.Exists()
		}
		if !known {
			d, meant := e.unknown(p, name, fields)
			e.report(d)
			seen[meant] = true // a typo is not a missing field too
			continue
		}
		e.visit(child, it.Value(), append(slices.Clip(path), name))
	}
	for _, name := range required {
		if !seen[name] {
			e.report(e.missing(p, name, fields[name]))
		}
	}
}

// unknown reports a field that the schema does not name, and which one was meant.
func (e *explainer) unknown(path, name string, fields map[string]cue.Value) (d diag.Diagnostic, meant string) {
	full := join(path, name)
	names := sortedKeys(fields)
	d = unknownField.At(e.where.labelAt(full), full, "unknown field %q", name)
	if near := diag.DidYouMean(name, names); near != "" {
		return d.WithHint("did you mean %q?", near), near
	}
	return d.WithHint("one of: %s", strings.Join(names, ", ")), ""
}

func (e *explainer) missing(path, name string, schema cue.Value) diag.Diagnostic {
	d := missingField.At(e.where.at(path), join(path, name), "%s is missing", quoteStep(path, name))
	return d.WithHint("add %s: %s", name, sampleOf(schema))
}

func (e *explainer) visitList(schema, data cue.Value, path []string) {
	elem := schema.LookupPath(cue.MakePath(cue.AnyIndex))
	it, err := data.List()
	if err != nil || !elem.Exists() {
		return
	}
	for i := 0; it.Next(); i++ {
		e.visit(elem, it.Value(), append(slices.Clip(path), fmt.Sprintf("[%d]", i)))
	}
}

func (e *explainer) visitLeaf(schema, data cue.Value, path string) {
	if schema.Unify(data).Err() == nil {
		return
	}
	words := wordsOf(schema)
	d := notAllowed.At(e.where.at(path), path, "%s cannot be %s", lastStep(path), valueText(data))
	got, _ := data.String()
	if near := diag.DidYouMean(got, words); near != "" {
		e.report(d.WithHint("did you mean %q?", near))
		return
	}
	e.report(d.WithHint("one of: %s", strings.Join(words, ", ")))
}

func (e *explainer) report(d diag.Diagnostic) { e.found = append(e.found, d) }

// fromCUE turns CUE's errors into diagnostics where nothing better is known.
func fromCUE(err error, code diag.Code) diag.List {
	var found diag.List
	for _, one := range cueerrors.Errors(err) {
		pos, message := userPosition(one), wholeMessage(one)
		if m := yamlPosition.FindStringSubmatch(message); m != nil && !pos.IsValid() {
			line, _ := strconv.Atoi(cmp.Or(m[2], "1")) // the parser leaves out its first line
			pos, message = diag.Pos{File: m[1], Line: line, Column: 1}, m[3]
		}
		found = append(found, code.At(pos, userPath(one), "%s", message))
	}
	return found
}

// yamlPosition is where the YAML parser puts its position: in front of the text.
var yamlPosition = regexp.MustCompile(`^([^:]+\.ya?ml):(?:(\d+):)? (.*)`)

// userPath is an error's path; a let clause has none that a user would know.
func userPath(err cueerrors.Error) string {
	path := pathString(err.Path())
	if strings.Contains(path, "let[") {
		return ""
	}
	return path
}

// fromParser reports where a parser stopped. What it says after that follows from the first mistake.
func fromParser(err error) diag.List {
	found := fromCUE(err, badSyntax).Sorted()
	return found[:min(1, len(found))]
}

// wholeMessage is an error's message with that of what caused it: encoders put the reason there.
func wholeMessage(err cueerrors.Error) string {
	format, args := err.Msg()
	message := tidy(fmt.Sprintf(format, args...))
	cause := errors.Unwrap(err)
	var inner cueerrors.Error
	if cause == nil || errors.As(cause, &inner) && message != "" {
		return cmp.Or(message, tidy(err.Error()))
	}
	if message == "" {
		return tidy(cause.Error())
	}
	return message + ": " + tidy(cause.Error())
}

// userPosition picks the first position of an error that is not in the schema.
func userPosition(err cueerrors.Error) diag.Pos {
	for _, p := range append([]token.Pos{err.Position()}, cueerrors.Positions(err)...) {
		if p.IsValid() && p.Filename() != "" && p.Filename() != "schema.cue" {
			return position(p)
		}
	}
	return diag.Pos{}
}

// tidy takes CUE's inner words out of a message.
func tidy(message string) string {
	message = strings.ReplaceAll(message, "_|_", "nothing")
	message, _, _ = strings.Cut(message, "\n")
	return strings.TrimSuffix(message, ":")
}
