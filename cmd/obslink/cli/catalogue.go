package cli

import (
	"fmt"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/internal/report"
	"github.com/obslink/obslink/schema"
	"github.com/obslink/obslink/targets/aws"
)

// catalogues are what `obslink catalogue` prints, by name.
var catalogues = map[string]func(*schema.DatadogCatalogue, string) ([]report.Sheet, any){
	"azure":    azureSheets,
	"datadog":  datadogSheets,
	"limits":   limitSheets,
	"services": ownSheets,
}

func (a *app) catalogueCommand() *cobra.Command {
	var site string
	names := slices.Sorted(maps.Keys(catalogues))
	c := &cobra.Command{
		Use:   "catalogue [datadog|services|azure|limits] [STACK]",
		Short: "print what is known about backends and clouds, with sources",
		Long: `Each row says where it was read, since when, and how sure it is. With STACK, the rows are those that
its topology sees: what it overrides is marked. Without a name, lists the catalogues.
` + "`obslink catalogue check STACK` asks the cloud whether the rows that a stack uses still hold.",
		Example:   "  obslink catalogue datadog --site ap1\n  obslink catalogue limits --format json",
		ValidArgs: append(names, "check"),
	}
	format := formatFlag(c, "text", "json", "markdown")
	c.Flags().StringVar(&site, "site", "", "one Datadog site: us1, ap1, ap2, uk1")
	c.RunE = func(_ *cobra.Command, args []string) error {
		if len(args) == 0 {
			if site != "" {
				return hinted(fmt.Errorf("--site is of one catalogue"), "obslink catalogue datadog --site %s", site)
			}
			return a.listCatalogues(*format)
		}
		sheets := catalogues[args[0]]
		switch {
		case sheets == nil && diag.DidYouMean(args[0], names) != "":
			return hinted(fmt.Errorf("there is no catalogue %q", args[0]), "did you mean %q?", diag.DidYouMean(args[0], names))
		case sheets == nil:
			return hinted(fmt.Errorf("there is no catalogue %q", args[0]), "one of: %s", joined(names))
		case len(args) > 2:
			return hinted(fmt.Errorf("catalogue takes one stack"), "`obslink catalogue --help` shows an example")
		case args[0] != "datadog" && (site != "" || len(args) > 1):
			return hinted(fmt.Errorf("only the datadog catalogue has sites and rows of a stack"), "obslink catalogue %s", args[0])
		}
		known := schema.Datadog()
		if len(args) == 2 {
			s, err := a.plan(args[1])
			if err != nil {
				return err
			}
			known = aws.Catalogue(s.Topology)
		}
		if _, ok := known.Sites[site]; !ok && site != "" {
			sites := slices.Sorted(maps.Keys(known.Sites))
			if other, ok := known.WithoutPrivateLink[site]; ok && other.Offers != "" {
				return hinted(fmt.Errorf("datadog site %q has no AWS PrivateLink; it offers %s", site, other.Offers), "one of: %s", joined(sites))
			}
			return hinted(fmt.Errorf("there is no Datadog site %q that AWS PrivateLink reaches", site), "one of: %s", joined(sites))
		}
		printed, document := sheets(known, site)
		return a.sheets(printed, document, *format)
	}
	c.AddCommand(a.catalogueCheckCommand())
	return c
}

// sheets prints a catalogue for a person, or as the document that it is.
func (a *app) sheets(printed []report.Sheet, document any, format string) error {
	if format == "json" {
		return report.JSON(a.out, document)
	}
	report.Sheets(a.out, printed, format, a.style(a.out))
	return nil
}

func (a *app) listCatalogues(format string) error {
	list := []struct {
		Name string `json:"name"`
		AsOf string `json:"asOf"`
		Of   string `json:"of"`
	}{
		{"azure", schema.AzureMonitor().AsOf, "zones, members and names of an Azure Monitor Private Link Scope; limits and prices of Azure"},
		{"datadog", schema.Datadog().AsOf, "Datadog's endpoint services, by site, and its products' hosts"},
		{"limits", schema.AWS().AsOf, "regions, quotas and lengths of names of AWS and Azure"},
		{"services", schema.AWSServiceCatalogue().AsOf, "AWS's own services: the names that their endpoints answer"},
	}
	sheet := report.Sheet{Title: "Catalogues", Head: []string{"name", "as of", "of"}}
	for _, l := range list {
		sheet.Rows = append(sheet.Rows, []string{l.Name, l.AsOf, l.Of})
	}
	return a.sheets([]report.Sheet{sheet}, map[string]any{"version": 1, "catalogues": list}, format)
}
