// Package diag holds diagnostics: what is wrong in a topology, where the user wrote it, and what to
// type instead. Every pass returns a List beside its value; nothing in here prints. A diagnostic is
// a value, so that text, JSON and later formats say the same thing.
//
// Message text is lower case, has no full stop and quotes the wrong value; the hint says what to
// type. Neither uses a word that only obslink's source knows.
package diag

import (
	"cmp"
	"fmt"
	"slices"
)

// Severity says whether a diagnostic stops the work.
type Severity string

const (
	Error   Severity = "error"
	Warning Severity = "warning"
	// Acknowledged is what a topology makes of a finding that it accepts, with a reason. No code has
	// it by itself.
	Acknowledged Severity = "acknowledged"
)

// MilderThan orders severities: acknowledged, warning, error.
func (s Severity) MilderThan(other Severity) bool {
	order := []Severity{Acknowledged, Warning, Error}
	return slices.Index(order, s) < slices.Index(order, other)
}

// Pos is a place in a file of the user's. Line and Column count from 1; a zero Line means that only
// the file is known.
type Pos struct {
	File   string `json:"file"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
}

// IsValid reports whether p names a file.
func (p Pos) IsValid() bool { return p.File != "" }

// String is file:line:column, as compilers print it.
func (p Pos) String() string {
	switch {
	case p.File == "":
		return ""
	case p.Line == 0:
		return p.File
	default:
		return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
	}
}

// Compare orders positions by file, line and column.
func (p Pos) Compare(q Pos) int {
	return cmp.Or(cmp.Compare(p.File, q.File), cmp.Compare(p.Line, q.Line), cmp.Compare(p.Column, q.Column))
}

// Note is a second place that explains a diagnostic, such as the other declaration of a conflict.
type Note struct {
	Pos     Pos    `json:"pos,omitzero"`
	Message string `json:"message"`
}

// Diagnostic is one finding.
type Diagnostic struct {
	Code     string   `json:"code"`
	Severity Severity `json:"severity"`
	Pos      Pos      `json:"pos,omitzero"`
	// Path is where the value stands in the data, such as networks.hub.cidrs[0].
	Path    string `json:"path,omitempty"`
	Message string `json:"message"`
	Notes   []Note `json:"notes,omitempty"`
	Hint    string `json:"hint,omitempty"`
	// Reason is why the topology gives this finding another severity than its code has.
	Reason string `json:"reason,omitempty"`
}

// Code describes a kind of finding; `obslink explain` and docs/codes.md print it.
type Code struct {
	ID       string
	Severity Severity
	Title    string // what is wrong, a phrase
	Cause    string // why it matters, one or two sentences; a cloud's rule names its source and date
	Example  string // a topology fragment that shows it
	Mend     string // what to write instead
	// Judgement says that a plan can be made all the same, so that a topology may lower the severity of
	// these findings; an error of another kind always stops the work.
	Judgement bool
}

// CanBeMilder reports whether a topology may lower the severity of findings of this code.
func (c Code) CanBeMilder() bool { return c.Severity != Error || c.Judgement }

// At makes a diagnostic of this kind.
func (c Code) At(pos Pos, path, format string, args ...any) Diagnostic {
	return Diagnostic{Code: c.ID, Severity: c.Severity, Pos: pos, Path: path, Message: fmt.Sprintf(format, args...)}
}

// WithHint returns d with what to type instead.
func (d Diagnostic) WithHint(format string, args ...any) Diagnostic {
	d.Hint = fmt.Sprintf(format, args...)
	return d
}

// WithNote returns d with one more place that explains it.
func (d Diagnostic) WithNote(pos Pos, format string, args ...any) Diagnostic {
	d.Notes = append(slices.Clip(d.Notes), Note{Pos: pos, Message: fmt.Sprintf(format, args...)})
	return d
}

// List is what a pass found.
type List []Diagnostic

// HasErrors reports whether anything in the list stops the work.
func (l List) HasErrors() bool {
	return slices.ContainsFunc(l, func(d Diagnostic) bool { return d.Severity == Error })
}

// Count returns how many diagnostics of a severity the list holds.
func (l List) Count(s Severity) int {
	n := 0
	for _, d := range l {
		if d.Severity == s {
			n++
		}
	}
	return n
}

// Sorted returns the list in the order it is printed: by position, then code, path and message,
// each finding once.
func (l List) Sorted() List {
	sorted := slices.Clone(l)
	slices.SortStableFunc(sorted, func(a, b Diagnostic) int {
		return cmp.Or(a.Pos.Compare(b.Pos), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Message, b.Message))
	})
	return slices.CompactFunc(sorted, func(a, b Diagnostic) bool {
		return a.Pos == b.Pos && a.Code == b.Code && a.Path == b.Path && a.Message == b.Message
	})
}
