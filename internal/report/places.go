package report

import (
	"cmp"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"unicode/utf16"

	"github.com/obslink/obslink/compiler/diag"
)

// Root says where a stack's files lie.
type Root struct {
	Files fs.FS
	// Path leads from the repository's root to Files, slash-separated: "" where they are the same,
	// absolute where Files lie outside of the repository.
	Path string
}

// place is a position as programs outside of obslink count: the file from the repository's root (or
// absolute), the columns in UTF-16 code units. End is behind the last one. What is unknown is 0.
type place struct {
	file              string
	line, column, end int
}

// remark is a note at its place.
type remark struct {
	place
	message string
}

// finding is a diagnostic at its place, with the stacks that have it.
type finding struct {
	diag.Diagnostic
	place
	remarks []remark
	stacks  []string
}

// merged lists the findings of all stacks, in the order of places. What several stacks find in a file
// that they share is one finding; it counts as much as in the stack where it counts most.
func merged(stacks []StackFindings) []*finding {
	type key struct {
		place
		code, path, message string
	}
	seen := map[key]*finding{}
	var all []*finding
	for _, s := range stacks {
		src := newSources(s.Root.Files)
		for _, d := range s.Diagnostics {
			k := key{s.Root.place(d.Pos, src), d.Code, d.Path, d.Message}
			f := seen[k]
			if f == nil {
				f = &finding{Diagnostic: d, place: k.place}
				seen[k] = f
				all = append(all, f)
			}
			if f.Severity.MilderThan(d.Severity) {
				f.Severity, f.Reason = d.Severity, d.Reason
			}
			f.stacks = append(f.stacks, s.Stack)
			for _, n := range d.Notes {
				if r := (remark{s.Root.place(n.Pos, src), n.Message}); !slices.Contains(f.remarks, r) {
					f.remarks = append(f.remarks, r)
				}
			}
		}
	}
	slices.SortStableFunc(all, func(a, b *finding) int {
		return cmp.Or(
			cmp.Compare(a.file, b.file), cmp.Compare(a.line, b.line), cmp.Compare(a.column, b.column),
			cmp.Compare(a.Code, b.Code), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Message, b.Message),
		)
	})
	return all
}

// place is where a position lies. In a file that can be read, it lies inside the file.
func (r Root) place(p diag.Pos, src *sources) place {
	at := place{file: p.File, line: p.Line, column: p.Column}
	if p.File != "" && !absolute(p.File) {
		at.file = path.Join(r.Path, p.File)
	}
	lines := src.file(p.File)
	if p.Line == 0 || len(lines) == 0 {
		return at
	}
	at.line = min(p.Line, len(lines))
	line := lines[at.line-1]
	if p.Column == 0 {
		return at
	}
	start := min(p.Column-1, len(line))
	if p.Line > len(lines) { // behind the end, as where a bracket is missing
		start = len(line)
	}
	at.column = units(line[:start]) + 1
	if word := word(line[start:]); word != "" {
		at.end = at.column + units(word)
	}
	return at
}

var (
	drive = regexp.MustCompile(`^[A-Za-z]:/`)
	bare  = regexp.MustCompile("^[^\\s\"'`,:;(){}\\[\\]]+")
)

func absolute(file string) bool { return path.IsAbs(file) || drive.MatchString(file) }

// word is the text in quotes, the number or the name that a line begins with.
func word(line string) string {
	if quoted, err := strconv.QuotedPrefix(line); err == nil {
		return quoted
	}
	return bare.FindString(line)
}

// units is the length of a text in UTF-16 code units.
func units(text string) int {
	n := 0
	for _, r := range text {
		n += utf16.RuneLen(r)
	}
	return n
}
