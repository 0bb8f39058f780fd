package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/obslink/obslink/compiler/diag"
)

// GitHub prints findings as workflow commands of GitHub Actions, which become annotations in a pull
// request. What is acknowledged gets none. GitHub shows ten errors and ten warnings of a step (2026-08)
// and keeps all in the log, which shows the message only: so the message says the place, too.
func GitHub(w io.Writer, stacks []StackFindings) error {
	for _, f := range merged(stacks) {
		if f.Severity == diag.Acknowledged {
			continue
		}
		if _, err := fmt.Fprintf(w, "::%s %s::%s\n", f.Severity, f.properties(), inMessage.Replace(f.annotation())); err != nil {
			return err
		}
	}
	return nil
}

// properties are where the annotation goes, and its title.
func (f *finding) properties() string {
	var all []string
	add := func(key, value string) { all = append(all, key+"="+inProperty.Replace(value)) }
	if f.file != "" {
		add("file", f.file)
	}
	if f.line > 0 {
		add("line", fmt.Sprint(f.line))
	}
	if f.column > 0 {
		add("col", fmt.Sprint(f.column))
	}
	add("title", f.Code)
	return strings.Join(all, ",")
}

func (f *finding) annotation() string {
	text := f.Message
	if f.Hint != "" {
		text += "\nhint: " + f.Hint
	}
	for _, r := range f.remarks {
		text += "\nnote: "
		if r.file != "" {
			text += r.String() + ": "
		}
		text += r.message
	}
	if f.Reason != "" {
		text += "\nreason: " + oneLine(f.Reason)
	}
	if where := strings.TrimSpace(f.place.String() + "  " + f.Path); where != "" {
		text += "\n--> " + where
	}
	return text
}

// String is file:line:column, as compilers print it.
func (p place) String() string {
	return diag.Pos{File: p.file, Line: p.line, Column: p.column}.String()
}

// How workflow commands are escaped (GitHub, actions/toolkit, packages/core/src/command.ts).
var (
	inMessage  = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	inProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)
