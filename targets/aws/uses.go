package aws

import (
	"cmp"
	"slices"

	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/topology"
	"github.com/obslink/obslink/schema"
)

// ServiceUse is a row of the catalogue that a plan uses, from one account and region.
type ServiceUse struct {
	Provider      Provider
	Key           string
	ServiceName   string
	ServiceRegion string
	// PrivateDNSName is empty where the Datadog catalogue does not have the service.
	PrivateDNSName string
	Source         string
	// Zones are the ids of the zones where endpoints stand, as far as the topology says.
	Zones  []string
	Origin plan.Origin
}

// ServiceUses lists the endpoint services of a plan, once for each account and region.
func ServiceUses(t *topology.Topology, p *plan.Plan) []ServiceUse {
	parts, ok := p.Parts[Name].(*Parts)
	if !ok {
		return nil
	}
	type row struct {
		key string
		schema.DatadogService
	}
	rows, providers, zones := map[string]row{}, map[string]Provider{}, map[plan.Ref]string{}
	for _, site := range Catalogue(t).Sites {
		for _, key := range serviceKeys(site) {
			s, _ := site.Service(key)
			if _, seen := rows[s.ServiceName]; !seen {
				rows[s.ServiceName] = row{key, s}
			}
		}
	}
	for _, x := range parts.Providers {
		providers[x.Name] = x
	}
	for _, s := range parts.Subnets {
		zones[plan.Ref{Part: s.Name}] = s.ZoneID
	}
	for _, s := range parts.ExistingSubnets {
		zones[plan.Ref{Existing: s.ID}] = s.ZoneID
	}
	at := map[[2]string]int{}
	var uses []ServiceUse
	for _, e := range parts.Endpoints {
		id := [2]string{e.Provider, e.ServiceName}
		i, seen := at[id]
		if !seen {
			i, at[id] = len(uses), len(uses)
			r := rows[e.ServiceName]
			uses = append(uses, ServiceUse{
				Provider: providers[e.Provider], Key: cmp.Or(r.key, e.ServiceName), ServiceName: e.ServiceName, ServiceRegion: e.ServiceRegion,
				PrivateDNSName: r.PrivateDNSName, Source: r.Source, Origin: e.Origin,
			})
		}
		for _, s := range e.Subnets {
			if zone := zones[s.Subnet]; zone != "" && !slices.Contains(uses[i].Zones, zone) {
				uses[i].Zones = append(uses[i].Zones, zone)
			}
		}
	}
	for i := range uses {
		slices.Sort(uses[i].Zones)
	}
	return uses
}
