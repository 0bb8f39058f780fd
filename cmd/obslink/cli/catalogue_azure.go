package cli

import (
	"fmt"

	"github.com/obslink/obslink/compiler/topology"
	"github.com/obslink/obslink/internal/report"
	"github.com/obslink/obslink/schema"
)

// azureDocument is the document of `catalogue azure --format json`.
type azureDocument struct {
	*schema.AzureMonitorCatalogue
	Prometheus *schema.AzureMonitorCatalogue      `json:"prometheus"`
	Arc        *schema.AzureArcCatalogue          `json:"arc"`
	Datadog    map[string]schema.DatadogAzureSite `json:"datadog"`
	Limits     *schema.AzureLimits                `json:"limits"`
	Prices     *schema.Prices                     `json:"prices"`
}

func azureSheets(*schema.DatadogCatalogue, string) (sheets []report.Sheet, document any) {
	c := schema.AzureMonitor()
	zones := report.Sheet{Title: "Azure Monitor: zones of a Private Link Scope's endpoint (as of " + c.AsOf + ")", Head: []string{"zone", "on-prem servers forward"}}
	for _, z := range c.Zones {
		zones.Rows = append(zones.Rows, []string{z.Domain, joined(z.Forwards)})
	}
	members := report.Sheet{
		Title: "Azure Monitor: members and names", Head: []string{"name", "member", "per", "also asked for as", "access mode", "source"}, Notes: sources(c.Sources),
	}
	for _, m := range c.Members {
		members.Rows = append(members.Rows, []string{m.FQDN, m.Member, m.Per, joined(m.Aliases), m.Mode, m.Source})
	}
	sheets = append([]report.Sheet{zones, members, prometheusSheet(schema.AzurePrometheus()), otherClouds(c)}, arcSheets(schema.AzureArc())...)
	return append(sheets, azureDatadog(), azureLengths(), azurePrices()),
		azureDocument{c, schema.AzurePrometheus(), schema.AzureArc(), schema.Datadog().AzureSites, schema.Azure(), schema.AzurePrices()}
}

// prometheusSheet is what the query endpoint of an Azure Monitor workspace answers.
func prometheusSheet(c *schema.AzureMonitorCatalogue) report.Sheet {
	s := report.Sheet{Title: "Azure Monitor workspaces: the query endpoint (as of " + c.AsOf + ")", Head: []string{"name", "zone", "source"}, Notes: sources(c.Sources)}
	for _, m := range c.Members {
		s.Rows = append(s.Rows, []string{m.FQDN, m.Zone, m.Source})
	}
	return s
}

// otherClouds are what differs in clouds other than the public one.
func otherClouds(c *schema.AzureMonitorCatalogue) report.Sheet {
	s := report.Sheet{Title: "Azure Monitor in other clouds", Head: []string{"cloud", "what", "there", "public cloud", "source"}}
	for key, cloud := range topology.Sorted(c.OtherClouds) {
		if cloud.Refused != "" {
			s.Rows = append(s.Rows, []string{key, "refused", cloud.Refused, "", cloud.ZonesSource})
		}
		for _, z := range cloud.Zones {
			s.Rows = append(s.Rows, []string{key, "zone", z.Domain, "", cloud.ZonesSource})
		}
		for public, own := range topology.Sorted(cloud.Suffixes) {
			s.Rows = append(s.Rows, []string{key, "names end in", own, public, cloud.SuffixesSource})
		}
		for member, names := range topology.Sorted(cloud.Aliases) {
			s.Rows = append(s.Rows, []string{key, "also asked for as", joined(names), member, cloud.AliasesSource})
		}
		for _, region := range schema.Azure().CloudRegions[key] {
			s.Rows = append(s.Rows, []string{key, "region", region, "", schema.Azure().CloudRegionsSource})
		}
	}
	return s
}

// arcSheets are the names of Arc's endpoints by cloud, and what stays public beside them.
func arcSheets(c *schema.AzureArcCatalogue) []report.Sheet {
	names := report.Sheet{Title: "Azure Arc: names of a private link scope's endpoint (as of " + c.AsOf + ")", Head: []string{"cloud", "name", "per", "zone", "source"}}
	public := report.Sheet{Title: "Azure Arc: what a server asks for besides, and no endpoint answers", Head: []string{"cloud", "host", "for", "when", "source"}, Notes: sources(c.Sources)}
	for cloud, row := range topology.Sorted(c.Clouds) {
		for _, m := range row.Members {
			names.Rows = append(names.Rows, []string{cloud, m.FQDN, m.Per, m.Zone, m.Source})
		}
		for _, h := range row.Public {
			public.Rows = append(public.Rows, []string{cloud, h.Host, h.For, h.When, h.Source})
		}
	}
	return []report.Sheet{names, public}
}

// azureDatadog are the sites of Datadog that Azure Private Link reaches.
func azureDatadog() report.Sheet {
	s := report.Sheet{Title: "Datadog over Azure Private Link (as of " + schema.Datadog().AsOf + ")", Head: []string{"site", "service", "alias", "host", "source", "sure"}}
	for key, site := range topology.Sorted(schema.Datadog().AzureSites) {
		for name, row := range topology.Sorted(site.Services) {
			s.Rows = append(s.Rows, []string{key, name, row.Alias, row.Host, row.Source, row.Status})
		}
		s.Notes = append(s.Notes, key+": approved "+site.Approval)
	}
	return s
}

func azureLengths() report.Sheet {
	azure := schema.Azure()
	lengths := report.Sheet{Title: "Azure: lengths of names, and limits (as of " + azure.AsOf + ")", Head: []string{"of a", "at most", "source"}, Notes: sources(azure.Sources)}
	for kind, l := range topology.Sorted(azure.NameLengths) {
		lengths.Rows = append(lengths.Rows, []string{kind, fmt.Sprint(l.Max), l.Source})
	}
	for what, l := range topology.Sorted(azure.RuleLimits) {
		lengths.Rows = append(lengths.Rows, []string{"data collection rule: " + what, fmt.Sprint(l.Max), l.Source})
	}
	lengths.Notes = append(lengths.Notes, fmt.Sprintf("%d regions (%s)", len(azure.Regions), azure.RegionsSource))
	return lengths
}

func azurePrices() report.Sheet {
	prices := schema.AzurePrices()
	s := report.Sheet{Title: "Azure: prices in USD (as of " + prices.AsOf + ")", Head: []string{"item", "what", "a", "region", "price", "sure", "source"}, Notes: sources(prices.Sources)}
	for key, item := range topology.Sorted(prices.Items) {
		if len(item.Prices) == 0 {
			s.Rows = append(s.Rows, []string{key, item.What, item.Unit, "", "not known", "", ""})
		}
		for region, p := range topology.Sorted(item.Prices) {
			s.Rows = append(s.Rows, []string{key, item.What, item.Unit, region, p.USD, p.Sure, p.Source})
		}
	}
	return s
}
