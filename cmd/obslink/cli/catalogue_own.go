package cli

import (
	"github.com/obslink/obslink/compiler/topology"
	"github.com/obslink/obslink/internal/report"
	"github.com/obslink/obslink/schema"
)

// ownSheets are AWS's own services: what their endpoints answer, and which of their names stay public.
func ownSheets(*schema.DatadogCatalogue, string) (sheets []report.Sheet, document any) {
	c := schema.AWSServiceCatalogue()
	names := report.Sheet{
		Title: "AWS services behind interface endpoints: com.amazonaws.{region}.… (as of " + c.AsOf + ")",
		Head:  []string{"service", "private DNS names", "not answered", "needs", "policy", "cross-region", "source", "sure"},
	}
	for key, row := range topology.Sorted(c.Services) {
		var public []string
		for _, n := range c.Uncovered(key) {
			public = append(public, n.Name)
		}
		names.Rows = append(names.Rows, []string{key, joined(row.Names), joined(public), joined(row.Needs), yes(row.Policies), yes(row.CrossRegion), row.Source, row.Sure})
	}
	elsewhere := report.Sheet{Title: "AWS services that are reached otherwise", Head: []string{"service", "how", "source"}, Notes: sources(c.Sources)}
	for key, row := range topology.Sorted(c.Elsewhere) {
		elsewhere.Rows = append(elsewhere.Rows, []string{key, row.Why, row.Source})
	}
	return []report.Sheet{names, elsewhere}, c
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
