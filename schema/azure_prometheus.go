package schema

import (
	"slices"
	"strings"
	"sync"
)

// AzurePrometheus returns what is known about the query endpoint of an Azure Monitor workspace in the
// public cloud. In its names, {region} is the workspace's.
var AzurePrometheus = sync.OnceValue(func() *AzureMonitorCatalogue { return read[AzureMonitorCatalogue]("azure_prometheus") })

// InRegion is what the endpoints of a region answer.
func (l AzurePrivateLink) InRegion(region string) AzurePrivateLink {
	fill := func(s string) string { return strings.ReplaceAll(s, "{region}", region) }
	is := AzurePrivateLink{GroupID: l.GroupID, Zones: slices.Clone(l.Zones), Members: slices.Clone(l.Members)}
	for i, z := range is.Zones {
		is.Zones[i].Domain, is.Zones[i].Forwards = fill(z.Domain), slices.Clone(z.Forwards)
		for j, f := range z.Forwards {
			is.Zones[i].Forwards[j] = fill(f)
		}
	}
	for i, m := range is.Members {
		is.Members[i].FQDN, is.Members[i].Zone = fill(m.FQDN), fill(m.Zone)
	}
	return is
}
