package cost

import (
	"cmp"
	"slices"

	"github.com/obslink/obslink/compiler/plan"
)

// Sum is an amount and what could not be counted, since its price is not known. Recalled says that a
// price in it has no source.
type Sum struct {
	USD      USD      `json:"usd"`
	Recalled bool     `json:"recalled,omitempty"`
	Unknown  []string `json:"unknown,omitempty"`
}

// Plus adds two sums.
func (s Sum) Plus(other Sum) Sum {
	unknown := slices.Concat(s.Unknown, other.Unknown)
	slices.Sort(unknown)
	return Sum{USD: s.USD + other.USD, Recalled: s.Recalled || other.Recalled, Unknown: slices.Compact(unknown)}
}

// Line is one kind of thing that a plan builds for one backend in one network.
type Line struct {
	Network string `json:"network"`
	Backend string `json:"backend"`
	Rate    Rate   `json:"rate"`
	Count   int    `json:"count"`
	Monthly Sum    `json:"monthly"`
}

// Way is one mechanism by which a link's client could reach its backend, with what it would cost if no
// other link shared it.
type Way struct {
	Mechanism string `json:"mechanism"`
	// Used says that the link has this mechanism.
	Used    bool `json:"used"`
	Monthly Sum  `json:"monthly"`
	// PerGB is what a gigabyte from the client to the backend costs.
	PerGB Sum `json:"perGb"`
}

// Link is a link of the plan with its ways, the one that it uses first.
type Link struct {
	Name    string `json:"name"`
	From    string `json:"from"`
	To      string `json:"to"`
	Network string `json:"network"`
	// Shared is how many links use the same endpoints.
	Shared int   `json:"shared"`
	Ways   []Way `json:"ways"`
}

// Sheet is what a plan costs.
type Sheet struct {
	Version  int    `json:"version"`
	Stack    string `json:"stack"`
	Currency string `json:"currency"`
	Hours    int    `json:"hours"`
	Lines    []Line `json:"lines"`
	// Total is a month without data.
	Total Sum    `json:"total"`
	Links []Link `json:"links"`
}

// Counted is what a target's parts come to.
type Counted struct {
	Lines []Line
	Links []Link
}

// Of joins what the targets counted.
func Of(p *plan.Plan, counted []Counted) *Sheet {
	s := &Sheet{Version: Version, Stack: p.Stack, Currency: "USD", Hours: Hours, Lines: []Line{}, Links: []Link{}}
	for _, c := range counted {
		s.Lines, s.Links = append(s.Lines, c.Lines...), append(s.Links, c.Links...)
	}
	slices.SortStableFunc(s.Lines, func(a, b Line) int {
		return cmp.Or(cmp.Compare(a.Backend, b.Backend), cmp.Compare(a.Network, b.Network), cmp.Compare(a.Rate.Item, b.Rate.Item))
	})
	slices.SortStableFunc(s.Links, func(a, b Link) int { return cmp.Compare(a.Name, b.Name) })
	for _, l := range s.Lines {
		s.Total = s.Total.Plus(l.Monthly)
	}
	return s
}

// Lines counts units by network, backend and item.
type Lines struct {
	all []Line
	at  map[[3]string]int
}

// Add counts some units.
func (l *Lines) Add(network, backend string, rate Rate, count int) {
	if l.at == nil {
		l.at = map[[3]string]int{}
	}
	id := [3]string{network, backend, rate.Item}
	i, ok := l.at[id]
	if !ok {
		i = len(l.all)
		l.at[id] = i
		l.all = append(l.all, Line{Network: network, Backend: backend, Rate: rate})
	}
	l.all[i].Count += count
	l.all[i].Monthly = rate.Monthly(l.all[i].Count)
}

// All are the lines so far.
func (l *Lines) All() []Line { return l.all }
