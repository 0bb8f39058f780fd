package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/obslink/obslink/internal/deploy"
	"github.com/obslink/obslink/internal/report"
)

// runDocument is the document of `up --format json` and its like.
type runDocument struct {
	Version   int            `json:"version"`
	Stack     string         `json:"stack"`
	Sandbox   bool           `json:"sandbox"`
	Operation string         `json:"operation"`
	Summary   deploy.Summary `json:"summary"`
}

// signs are the marks of what happens to a resource.
var signs = map[string]struct{ sign, code string }{
	"create":  {"+", report.Green},
	"update":  {"~", report.Yellow},
	"replace": {"±", report.Yellow},
	"delete":  {"-", report.Red},
	"refresh": {"·", report.Dim},
}

// step is one resource that is done or has failed.
func step(kind, op, resourceType, name string, style report.Style) string {
	s := signs[op]
	if s.sign == "" {
		s.sign = " "
	}
	text := fmt.Sprintf("%s %s %s", style.Paint(s.code, s.sign), name, style.Paint(report.Dim, shortType(resourceType)))
	if kind == "failed" {
		text += " " + style.Paint(report.Red, "failed")
	}
	return text
}

// note is something that a person should know while a command works.
func note(message string, style report.Style) string {
	return style.Paint(report.Blue, "note:") + " " + message
}

// changes prints what a run did, or would do: each change with what forces it, then the counts.
func changes(w io.Writer, would bool, s deploy.Summary, style report.Style) {
	if would {
		for _, c := range s.Changes {
			fmt.Fprintf(w, "%s\n", step("done", c.Op, c.Type, c.Name, style))
			if c.Op == "update" || c.Op == "replace" {
				fmt.Fprintf(w, "    %s %s\n", style.Paint(report.Dim, "changes"), strings.Join(c.Properties, ", "))
			}
			if c.Reason != "" {
				fmt.Fprintf(w, "    %s\n", c.Reason)
			}
			if len(c.Dead) > 0 {
				fmt.Fprintf(w, "    %s\n", dead(c.Dead))
			}
		}
	}
	if s.Empty() {
		fmt.Fprintf(w, "no change: %s\n", report.Count(s.Same, "resource"))
		return
	}
	format := "%d created, %d updated, %d replaced, %d deleted, %d the same\n"
	if would {
		format = "%d to create, %d to update, %d to replace, %d to delete, %d the same\n"
	}
	fmt.Fprintf(w, format, s.Create, s.Update, s.Replace, s.Delete, s.Same)
}

// dead says which names nobody answers for while an endpoint is replaced.
func dead(names []string) string {
	const most = 3
	text := strings.Join(names[:min(most, len(names))], ", ")
	if more := len(names) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return "until it is there, nobody answers for " + text
}

// shortType is a resource type without its package and module: ec2/vpc:Vpc says Vpc.
func shortType(t string) string {
	return t[strings.LastIndex(t, ":")+1:]
}
