package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/diag"
)

// codeDocument is a code in JSON.
type codeDocument struct {
	Code     string        `json:"code"`
	Severity diag.Severity `json:"severity"`
	Title    string        `json:"title"`
	Cause    string        `json:"cause"`
	Example  string        `json:"example"`
	Mend     string        `json:"mend"`
	// CanBeMilder says that `severities` may lower it.
	CanBeMilder bool `json:"canBeMilder"`
}

func document(c diag.Code) codeDocument {
	return codeDocument{c.ID, c.Severity, c.Title, c.Cause, c.Example, c.Mend, c.CanBeMilder()}
}

// Code explains one code.
func Code(w io.Writer, c diag.Code, format string, style Style) error {
	switch format {
	case "json":
		return JSON(w, document(c))
	case "markdown":
		markdown(w, c)
		return nil
	}
	fmt.Fprintf(w, "%s %s: %s\n\n%s\n\n", style.Paint(Bold, c.ID), c.Severity, c.Title, c.Cause)
	fmt.Fprintf(w, "%s\n%s\n\n%s\n%s\n", style.Paint(Red, "wrong:"), indented(c.Example), style.Paint(Green, "right:"), indented(c.Mend))
	if c.CanBeMilder() {
		fmt.Fprintf(w, "\n%s\n  severities: %s: {level: \"acknowledged\", reason: \"…\"}\n", style.Paint(Blue, "accepted:"), c.ID)
	}
	return nil
}

// Codes lists all codes, in the order of their numbers. As markdown it is docs/codes.md.
func Codes(w io.Writer, codes []diag.Code, format string, style Style) error {
	codes = slices.Clone(codes)
	slices.SortFunc(codes, func(a, b diag.Code) int { return cmp.Compare(a.ID, b.ID) })
	switch format {
	case "json":
		documents := make([]codeDocument, len(codes))
		for i, c := range codes {
			documents[i] = document(c)
		}
		return JSON(w, documents)
	case "markdown":
		fmt.Fprintln(w, "# What obslink can find")
		fmt.Fprintln(w, "\nMade by `obslink explain --format markdown`; a test compares. `obslink explain CODE` prints one.")
		for _, c := range codes {
			fmt.Fprintln(w)
			markdown(w, c)
		}
		return nil
	}
	for _, c := range codes {
		fmt.Fprintf(w, "%s  %-7s  %s\n", style.Paint(Bold, c.ID), c.Severity, c.Title)
	}
	return nil
}

func markdown(w io.Writer, c diag.Code) {
	fmt.Fprintf(w, "## %s: %s\n\n%s", c.ID, c.Title, explanation(c))
}

// explanation is what markdown says of a code below its heading.
func explanation(c diag.Code) string {
	kind := capital(string(c.Severity))
	if c.Judgement {
		kind += ", unless `severities` says otherwise"
	}
	return fmt.Sprintf("%s. %s\n\nWrong:\n\n```\n%s\n```\n\nRight:\n\n```\n%s\n```\n", kind, c.Cause, c.Example, c.Mend)
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func indented(s string) string { return "  " + strings.ReplaceAll(s, "\n", "\n  ") }
