package cli

import (
	"fmt"
	"strings"

	"github.com/obslink/obslink/compiler/topology"
	"github.com/obslink/obslink/internal/report"
	"github.com/obslink/obslink/schema"
)

func joined(list []string) string { return strings.Join(list, ", ") }

// datadogSheets are one site, or all with the products and the sites that PrivateLink does not reach.
func datadogSheets(c *schema.DatadogCatalogue, only string) (sheets []report.Sheet, document any) {
	shown := *c
	if only != "" {
		shown.Sites = map[string]schema.DatadogSite{only: c.Sites[only]}
		shown.WithoutPrivateLink = nil
	}
	for key, site := range topology.Sorted(shown.Sites) {
		sheets = append(sheets, siteSheet(key, site))
	}
	sheets = append(sheets, productSheet(&shown))
	if only == "" {
		s := report.Sheet{Title: "Datadog sites without AWS PrivateLink", Head: []string{"site", "domain", "offers", "source", "as of"}}
		for key, o := range topology.Sorted(shown.WithoutPrivateLink) {
			offers := o.Offers
			if offers == "" {
				offers = "nothing private"
			}
			s.Rows = append(s.Rows, []string{key, o.Domain, offers, o.Source, o.AsOf})
		}
		sheets = append(sheets, s)
	}
	sheets[len(sheets)-1].Notes = sources(shown.Sources)
	return sheets, &shown
}

func siteSheet(key string, site schema.DatadogSite) report.Sheet {
	s := report.Sheet{
		Title: fmt.Sprintf("Datadog %s (%s): endpoint services in %s", key, site.Domain, site.HomeRegion),
		Head:  []string{"service", "endpoint service", "private DNS name", "names", "source", "as of", "sure"},
	}
	add := func(key string, row schema.DatadogService, status string) {
		names := fmt.Sprint(len(row.Hosts))
		if len(row.Hosts) == 1 {
			names = row.Hosts[0]
		}
		id := row.ServiceName[strings.LastIndex(row.ServiceName, ".")+1:]
		s.Rows = append(s.Rows, []string{key, id, row.PrivateDNSName, names, row.Source, row.AsOf, status})
	}
	for _, rows := range []map[string]schema.DatadogService{site.Services, site.Anchors} {
		for key, row := range topology.Sorted(rows) {
			add(key, row, row.Status)
		}
	}
	for key, row := range topology.Sorted(site.Excluded) {
		add(key, row, "not for use")
	}
	for id, row := range topology.Sorted(site.Retired) {
		s.Notes = append(s.Notes, fmt.Sprintf("%s was %s (%s; %s)", id, row.Service, row.Generation, row.Source))
	}
	return s
}

// productSheet says on which sites the hosts of each product are reached privately.
func productSheet(c *schema.DatadogCatalogue) report.Sheet {
	s := report.Sheet{Title: "Datadog products", Head: []string{"product", "host", "for"}}
	for key := range topology.Sorted(c.Sites) {
		s.Head = append(s.Head, key)
	}
	s.Head = append(s.Head, "source", "as of", "sure")
	for key, product := range topology.Sorted(c.Products) {
		for _, h := range product.Hosts {
			row := []string{key, h.Host, h.For}
			for _, site := range topology.Sorted(c.Sites) {
				by, ok := site.Covering(h.On(site))
				if !ok {
					by = "public"
				}
				row = append(row, by)
			}
			s.Rows = append(s.Rows, append(row, product.Source, product.AsOf, product.Status))
		}
	}
	return s
}

func limitSheets(*schema.DatadogCatalogue, string) (sheets []report.Sheet, document any) {
	aws, azure := schema.AWS(), schema.Azure()
	quotas := report.Sheet{Title: "AWS: quotas (as of " + aws.AsOf + ")", Head: []string{"quota", "default", "at most", "source"}, Notes: sources(aws.Sources)}
	for _, q := range topology.Sorted(aws.Quotas) {
		most := "not said"
		if q.Max > 0 {
			most = fmt.Sprint(q.Max)
		}
		quotas.Rows = append(quotas.Rows, []string{q.Name, fmt.Sprint(q.Default), most, q.Source})
	}
	quotas.Notes = append(quotas.Notes, fmt.Sprintf("%d regions (%s)", len(aws.Regions), aws.RegionsSource))
	lengths := azureLengths()
	return []report.Sheet{quotas, lengths}, map[string]any{"version": 1, "aws": aws, "azure": azure}
}

// sources spells out the short names that rows use.
func sources(of map[string]string) (notes []string) {
	for name, text := range topology.Sorted(of) {
		notes = append(notes, name+": "+text)
	}
	return notes
}
