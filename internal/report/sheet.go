package report

import (
	"fmt"
	"io"

	"github.com/jedib0t/go-pretty/v6/table"
)

// Sheet is a table with a title, for people.
type Sheet struct {
	Title string
	Head  []string
	Rows  [][]string
	// Notes stand below the table.
	Notes []string
}

// Sheets prints sheets as text or markdown.
func Sheets(w io.Writer, sheets []Sheet, format string, style Style) {
	for i, s := range sheets {
		if i > 0 {
			fmt.Fprintln(w)
		}
		title := style.Paint(Bold, s.Title)
		if format == "markdown" {
			title = "## " + s.Title + "\n"
		}
		fmt.Fprintln(w, title)
		t := newTable(w, s.Head...)
		for _, cells := range s.Rows {
			row := make(table.Row, len(cells))
			for i, c := range cells {
				row[i] = c
			}
			t.AppendRow(row)
		}
		if format == "markdown" {
			t.RenderMarkdown()
		} else {
			t.Render()
		}
		if len(s.Notes) > 0 {
			fmt.Fprintln(w)
		}
		for _, n := range s.Notes {
			if format == "markdown" {
				n = "- " + n
			}
			fmt.Fprintln(w, n)
		}
	}
}
