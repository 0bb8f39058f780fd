package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"

	"github.com/obslink/obslink/compiler/model"
	"github.com/obslink/obslink/compiler/prove"
)

// TraceJSON is the JSON form of one path.
type TraceJSON struct {
	Version int    `json:"version"`
	Stack   string `json:"stack"`
	prove.Trace
}

// MatrixJSON is the JSON form of all links and names.
type MatrixJSON struct {
	Version int    `json:"version"`
	Stack   string `json:"stack"`
	prove.Matrix
}

// Trace prints one path, hop by hop.
func Trace(w io.Writer, t prove.Trace, style Style) {
	from := fmt.Sprintf("%s (%s)", t.From, t.Address)
	if t.Client != "" {
		from = fmt.Sprintf("%s/%s (%s)", t.From, t.Client, t.Address)
	}
	fmt.Fprintf(w, "%s → %s\n", style.Paint(Bold, from), style.Paint(Bold, t.FQDN))
	steps(w, "name", t.Resolution, style)
	steps(w, "out", t.Out, style)
	steps(w, "back", t.Back, style)
	if t.Chosen && t.Server.IsValid() {
		fmt.Fprintf(w, "%s stands for the address that the cloud will choose\n", t.Server)
	}
	if len(t.Assumptions) > 0 {
		fmt.Fprintln(w, "assumed")
		for _, a := range t.Assumptions {
			fmt.Fprintf(w, "  %s%s\n", a.Text, at(a.Origin.Pos.String(), style))
		}
	}
	fmt.Fprintf(w, "%s\n", style.Paint(colourOf(t.Verdict), string(t.Verdict)))
	if b := t.Break; b != nil {
		fmt.Fprintf(w, "  %s%s\n", b.Text, at(b.Culprit.Pos.String(), style))
		if b.Mend != "" {
			fmt.Fprintf(w, "  hint: %s\n", b.Mend)
		}
	}
}

func steps(w io.Writer, title string, all []model.Step, style Style) {
	if len(all) == 0 {
		return
	}
	fmt.Fprintln(w, title)
	for i, s := range all {
		fmt.Fprintf(w, "  %d. %s%s\n", i+1, s.Text, at(s.Origin.Pos.String(), style))
	}
}

// at says where a thing is declared, behind the text that speaks of it.
func at(pos string, style Style) string {
	if pos == "" {
		return ""
	}
	return "  " + style.Paint(Dim, pos)
}

func colourOf(v prove.Verdict) string {
	switch v {
	case prove.Proved:
		return Green
	case prove.Assumed:
		return Yellow
	default:
		return Red
	}
}

// shownAssumptions is how many assumptions are listed where the reader did not ask for them.
const shownAssumptions = 5

// Assumptions lists what a proof takes on trust.
func Assumptions(w io.Writer, p prove.Proof) {
	for i, a := range p.Assumptions {
		if i == shownAssumptions {
			fmt.Fprintf(w, "  and %d more; `obslink check --strict` lists them\n", len(p.Assumptions)-i)
			return
		}
		fmt.Fprintf(w, "  assumed: %s (%s)\n", a.Text, a.Origin.Pos)
	}
}

// Matrix prints every link with its names, and the counts.
func Matrix(w io.Writer, m prove.Matrix, style Style) {
	t := newTable(w, "link", "from", "to", "name", "verdict")
	for _, row := range m.Rows {
		for _, cell := range row.Names {
			verdict := style.Paint(colourOf(cell.Verdict), string(cell.Verdict))
			if cell.Reason != "" {
				verdict += ": " + string(cell.Reason)
			}
			t.AppendRow(table.Row{row.Link, row.From, row.To, cell.FQDN, verdict})
		}
	}
	t.Render()
	fmt.Fprintf(w, "\n%s: %s\n", Count(len(m.Rows), "link"), strings.Join([]string{
		fmt.Sprintf("%d proved", m.Proved), fmt.Sprintf("%d assumed", m.Assumed), fmt.Sprintf("%d broken", m.Broken),
	}, ", "))
}

// Count says "1 error" or "2 errors".
func Count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
