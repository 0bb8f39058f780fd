// Package report turns results into what people and programs read: diagnostics with the line they
// speak of, plans, names and codes, as text, JSON or markdown. It decides nothing, and it shows nothing
// that could be a key.
package report

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/prove"
)

// Style says how text looks.
type Style struct {
	Color bool
	// Files gives the source lines that a diagnostic quotes; nil quotes none.
	Files fs.FS
	// Prefix leads from where the user stands to the root of Files, such as "..".
	Prefix string
}

// Diagnostics prints findings for people: each with the line it speaks of, then what the topology
// acknowledges, a line each.
func Diagnostics(w io.Writer, found diag.List, style Style) {
	src := newSources(style.Files)
	acknowledged := func(d diag.Diagnostic) bool { return d.Severity == diag.Acknowledged }
	full := slices.DeleteFunc(slices.Clone(found), acknowledged)
	for i, d := range full {
		if i > 0 {
			fmt.Fprintln(w)
		}
		style.one(w, d, src)
	}
	if len(full) > 0 && len(full) < len(found) {
		fmt.Fprintln(w)
	}
	for _, d := range found {
		if acknowledged(d) {
			fmt.Fprintf(w, "%s %s (%s)\n", style.Paint(Dim, strings.TrimSpace(fmt.Sprintf("%s %s %s", d.Severity, d.Code, style.at(d.Pos)))+":"), d.Message, oneLine(d.Reason))
		}
	}
}

// oneLine joins the lines of a text that a person wrote.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

func (s Style) one(w io.Writer, d diag.Diagnostic, src *sources) {
	mark := Red
	if d.Severity == diag.Warning {
		mark = Yellow
	}
	fmt.Fprintf(w, "%s %s\n", s.Paint(mark, fmt.Sprintf("%s %s:", d.Severity, d.Code)), s.Paint(Bold, d.Message))
	if d.Pos.IsValid() {
		where := s.at(d.Pos)
		if d.Path != "" {
			where += "  " + s.Paint(Dim, d.Path)
		}
		fmt.Fprintf(w, "  %s %s\n", s.Paint(Blue, "-->"), where)
		s.quote(w, d.Pos, mark, src)
	}
	for _, n := range d.Notes {
		if n.Pos.IsValid() {
			fmt.Fprintf(w, "  %s %s: %s\n", s.Paint(Blue, "note:"), s.at(n.Pos), n.Message)
		} else {
			fmt.Fprintf(w, "  %s %s\n", s.Paint(Blue, "note:"), n.Message)
		}
	}
	if d.Hint != "" {
		fmt.Fprintf(w, "  %s %s\n", s.Paint(Green, "hint:"), d.Hint)
	}
	if d.Reason != "" {
		fmt.Fprintf(w, "  %s %s\n", s.Paint(Blue, "reason:"), oneLine(d.Reason))
	}
}

// at is a position as seen from where the user stands.
func (s Style) at(p diag.Pos) string {
	if !path.IsAbs(p.File) && s.Prefix != "" {
		p.File = path.Join(s.Prefix, p.File)
	}
	return p.String()
}

// quote shows the line and points at the column.
func (s Style) quote(w io.Writer, p diag.Pos, mark string, src *sources) {
	line, ok := src.line(p)
	if !ok || p.Column < 1 || p.Column > len(line)+1 {
		return
	}
	line = keyMaterial.ReplaceAllStringFunc(line, func(key string) string { return strings.Repeat("*", len(key)) })
	number := fmt.Sprintf("%5d", p.Line)
	indent := strings.Map(func(r rune) rune {
		if r == '\t' {
			return '\t'
		}
		return ' '
	}, line[:p.Column-1])
	bar := s.Paint(Blue, "|")
	fmt.Fprintf(w, "%s %s %s\n", s.Paint(Blue, number), bar, line)
	fmt.Fprintf(w, "      %s %s%s\n", bar, indent, s.Paint(mark, "^"))
}

// keyMaterial is what could be a key that someone pasted: it is not shown, wherever it stands.
var keyMaterial = regexp.MustCompile(`[A-Za-z0-9+/_-]{40,}={0,2}`)

// sources reads each quoted file once.
type sources struct {
	fsys  fs.FS
	lines map[string][]string
}

func newSources(fsys fs.FS) *sources { return &sources{fsys, map[string][]string{}} }

// longest is the length of a line over which it is not quoted.
const longest = 160

func (s *sources) line(p diag.Pos) (string, bool) {
	if p.Line == 0 {
		return "", false
	}
	lines := s.file(p.File)
	if p.Line > len(lines) || len(lines[p.Line-1]) > longest {
		return "", false
	}
	return lines[p.Line-1], true
}

// file returns the lines of a file; none if it cannot be read.
func (s *sources) file(name string) []string {
	if s.fsys == nil {
		return nil
	}
	lines, read := s.lines[name]
	if !read {
		raw, _ := fs.ReadFile(s.fsys, name)
		scan := bufio.NewScanner(bytes.NewReader(raw))
		scan.Buffer(nil, len(raw)+1)
		for scan.Scan() {
			lines = append(lines, scan.Text())
		}
		s.lines[name] = lines
	}
	return lines
}

// StackFindings are the findings of one stack, in `check --format json`.
type StackFindings struct {
	Stack        string    `json:"stack"`
	Errors       int       `json:"errors"`
	Warnings     int       `json:"warnings"`
	Acknowledged int       `json:"acknowledged"`
	Diagnostics  diag.List `json:"diagnostics"`
	// Proof counts the paths and lists what they take on trust; nil where there is no plan.
	Proof *prove.Proof `json:"proof,omitempty"`
	// Root is where the stack's files lie; SARIF and annotations speak of files of a repository.
	Root Root `json:"-"`
}

// NewStackFindings counts a stack's findings.
func NewStackFindings(stack string, found diag.List, root Root) StackFindings {
	return StackFindings{
		Stack: stack, Diagnostics: append(diag.List{}, found...), Root: root,
		Errors: found.Count(diag.Error), Warnings: found.Count(diag.Warning), Acknowledged: found.Count(diag.Acknowledged),
	}
}

// Findings is the document of `check --format json`.
type Findings struct {
	Version int             `json:"version"`
	Stacks  []StackFindings `json:"stacks"`
}
