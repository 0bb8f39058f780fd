package prove

import (
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/model"
	"github.com/obslink/obslink/compiler/plan"
)

// Matrix is every link with every name that it needs.
type Matrix struct {
	Rows    []Row `json:"rows"`
	Proved  int   `json:"proved"`
	Assumed int   `json:"assumed"`
	Broken  int   `json:"broken"`
}

// Row is one link.
type Row struct {
	Link    string `json:"link"`
	From    string `json:"from"`
	To      string `json:"to"`
	Network string `json:"network"`
	Names   []Cell `json:"names"`
	Proved  int    `json:"proved"`
	Assumed int    `json:"assumed"`
	Broken  int    `json:"broken"`
}

// Cell is one name of a link.
type Cell struct {
	FQDN    string       `json:"fqdn"`
	Verdict Verdict      `json:"verdict"`
	Reason  model.Reason `json:"reason,omitempty"`
}

// MatrixOf proves a plan and lists the verdicts by link and name.
func MatrixOf(p *plan.Plan) Matrix {
	c := begin(p)
	rows := map[need][]pair{}
	for _, q := range c.all() {
		key := c.need(q)
		rows[key] = append(rows[key], q)
	}
	m := Matrix{Rows: make([]Row, 0, len(p.Links))}
	for _, l := range p.Links {
		row := Row{Link: l.Name, From: l.From, To: l.To, Network: l.Network, Names: []Cell{}}
		for _, q := range rows[need{l.From, l.To, l.Network}] {
			cell := Cell{FQDN: q.name.FQDN, Verdict: q.verdict()}
			switch cell.Verdict {
			case Broken:
				cell.Reason = q.broken[0].Reason
				row.Broken++
			case Assumed:
				row.Assumed++
			default:
				row.Proved++
			}
			row.Names = append(row.Names, cell)
		}
		m.Rows = append(m.Rows, row)
		m.Proved, m.Assumed, m.Broken = m.Proved+row.Proved, m.Assumed+row.Assumed, m.Broken+row.Broken
	}
	slices.SortStableFunc(m.Rows, func(a, b Row) int { return strings.Compare(a.Link, b.Link) })
	return m
}
