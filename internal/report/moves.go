package report

import (
	"fmt"
	"io"

	"github.com/jedib0t/go-pretty/v6/table"

	"github.com/obslink/obslink/compiler/capture"
)

// MovesJSON is the JSON form of `capture`.
type MovesJSON struct {
	Version int `json:"version"`
	// Base is empty where the comparison is with what is there before the stack is built.
	Base  string         `json:"base,omitempty"`
	Head  string         `json:"head"`
	Moves []capture.Move `json:"moves"`
	// Stays are names in use that do not move; none where two stacks are compared.
	Stays []capture.Stay `json:"stays,omitempty"`
}

// Moves prints the names that move, and those in use that stay, with a line that sums them up.
func Moves(w io.Writer, moves []capture.Move, stays []capture.Stay, style Style) {
	if len(moves)+len(stays) == 0 {
		fmt.Fprintln(w, "no name moves")
		return
	}
	t := newTable(w, "where", "who", "name", "before", "after", "gets through")
	counts := map[string]int{}
	for _, m := range moves {
		counts[m.Through]++
		t.AppendRow(table.Row{m.Node, m.Who, m.Name, m.Before, m.After, through(m, style)})
	}
	for _, s := range stays {
		t.AppendRow(table.Row{s.Node, s.Who, s.Name, s.Answer, "the same", "as before"})
	}
	t.Render()
	fmt.Fprintf(w, "\n%d move: %d get through, %d do not, %d unknown\n", len(moves), counts[capture.Yes], counts[capture.No], counts[capture.Unknown])
	if len(stays) > 0 {
		fmt.Fprintf(w, "%d stay as they are: nothing of this stack answers them\n", len(stays))
	}
}

func through(m capture.Move, style Style) string {
	switch {
	case m.Through == capture.No:
		return style.Paint(Red, "no") + ": " + m.Why
	case m.Why != "":
		return m.Through + "; " + m.Why
	default:
		return m.Through
	}
}
