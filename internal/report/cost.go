package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"

	"github.com/obslink/obslink/compiler/cost"
)

// Cost prints what a plan costs a month without data, and what each link could cost otherwise.
func Cost(w io.Writer, s *cost.Sheet, style Style) {
	if len(s.Lines) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%s\n", style.Paint(Bold, fmt.Sprintf("a month (%d h), without data, in %s", s.Hours, s.Currency)))
	lines := newTable(w, "backend", "in", "what", "count", "price", "a month")
	for _, l := range s.Lines {
		lines.AppendRow(table.Row{l.Backend, l.Network, l.Rate.Item, l.Count, rate(l.Rate), sum(l.Monthly)})
	}
	lines.AppendRow(table.Row{"total", "", "", "", "", sum(s.Total)})
	lines.Render()
	ways(w, s)
	footnotes(w, s)
}

// ways compares the mechanisms of the links that have a choice.
func ways(w io.Writer, s *cost.Sheet) {
	compared := newTable(w, "link", "mechanism", "a month", "a GB", "shared by")
	rows := 0
	for _, l := range s.Links {
		if len(l.Ways) < 2 {
			continue
		}
		for _, way := range l.Ways {
			who, shared := "", ""
			if way.Used {
				who, shared = l.From+" to "+l.To, fmt.Sprint(l.Shared)
			}
			compared.AppendRow(table.Row{who, way.Mechanism, sum(way.Monthly), sum(way.PerGB), shared})
			rows++
		}
	}
	if rows > 0 {
		fmt.Fprintln(w)
		compared.Render()
	}
}

// footnotes explains the marks.
func footnotes(w io.Writer, s *cost.Sheet) {
	recalled, unknown := false, cost.Sum{}
	note := func(sums ...cost.Sum) {
		for _, x := range sums {
			recalled, unknown = recalled || x.Recalled, unknown.Plus(x)
		}
	}
	note(s.Total)
	for _, l := range s.Links {
		for _, way := range l.Ways {
			if len(l.Ways) > 1 {
				note(way.Monthly, way.PerGB)
			}
		}
	}
	if recalled {
		fmt.Fprintln(w, "~ with a price that has no source; say yours: prices: \"endpoint-hour\": \"ap-northeast-1\": {usd: …, source: \"…\"}")
	}
	if len(unknown.Unknown) > 0 {
		fmt.Fprintf(w, "? and what has no known price: %s\n", strings.Join(unknown.Unknown, ", "))
	}
}

func rate(r cost.Rate) string {
	if !r.Known() {
		return "?"
	}
	text := r.USD.String()
	if r.Sure == "recalled" {
		text = "~" + text
	}
	return text + " (" + r.Sure + ")"
}

func sum(s cost.Sum) string {
	text := s.USD.String()
	if s.Recalled {
		text = "~" + text
	}
	switch {
	case len(s.Unknown) > 0 && s.USD == 0:
		return "?"
	case len(s.Unknown) > 0:
		return text + " + ?"
	default:
		return text
	}
}
