package aws

import (
	"encoding/json"
	"hash/fnv"
	"maps"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/topology"
	"github.com/obslink/obslink/schema"
)

// overrides are the rows that a topology replaces or adds, by Datadog site and service.
type overrides map[string]struct {
	Services map[string]override `json:"services"`
}

// override is a row as the user knows it better.
type override struct {
	ServiceName    string   `json:"serviceName"`
	PrivateDNSName string   `json:"privateDnsName"`
	Hosts          []string `json:"hosts"`
	Source         string   `json:"source"`
	AsOf           string   `json:"asOf"`
}

// overridesOf reads what the schema has already checked the shape of.
func overridesOf(t *topology.Topology) overrides {
	var o overrides
	if raw := t.Catalogue["datadog"]; raw != nil {
		if err := json.Unmarshal(raw, &o); err != nil {
			panic("the catalogue of a topology does not decode: " + err.Error() + "; this is a bug in obslink")
		}
	}
	return o
}

// overridePath is the path of an overridden row.
func overridePath(site, service string) string {
	return "catalogue.datadog." + site + ".services." + service
}

// Catalogue is the Datadog catalogue with the rows that a topology overrides.
func Catalogue(t *topology.Topology) *schema.DatadogCatalogue {
	known, changed := schema.Datadog(), overridesOf(t)
	if len(changed) == 0 {
		return known
	}
	c := *known
	c.Sites = maps.Clone(known.Sites)
	for key, o := range changed {
		if site, ok := known.Sites[key]; ok {
			c.Sites[key] = overridden(site, o.Services)
		}
	}
	return &c
}

// overridden is a site with other rows. An endpoint service that several rows share is one service:
// who gives it another id moves them all, unless a row gets a private DNS name of its own.
func overridden(known schema.DatadogSite, rows map[string]override) schema.DatadogSite {
	site := known
	site.Services, site.Anchors = maps.Clone(known.Services), maps.Clone(known.Anchors)
	put := func(key string, row schema.DatadogService) {
		if _, anchor := site.Anchors[key]; anchor {
			site.Anchors[key] = row
		} else {
			site.Services[key] = row
		}
	}
	moved := map[string]string{} // the first id that is given, by the catalogue's
	for key, o := range topology.Sorted(rows) {
		base, is := known.Service(key)
		if !is {
			base = schema.DatadogService{Place: placeOfAdded(known, key), Hosts: []string{o.PrivateDNSName}}
		}
		alone := !is || o.on(base).PrivateDNSName != base.PrivateDNSName
		if first := moved[base.ServiceName]; first != "" && !alone {
			o.ServiceName = first // another one is a mistake, which the check reports
		}
		put(key, o.on(base))
		if !alone {
			moved[base.ServiceName] = o.ServiceName
			for _, other := range sharing(known, base.ServiceName) {
				if _, own := rows[other]; !own {
					shared, _ := known.Service(other)
					put(other, override{ServiceName: o.ServiceName, Source: o.Source, AsOf: o.AsOf}.on(shared))
				}
			}
		}
	}
	return site
}

// on is a row with what the override says of it.
func (o override) on(row schema.DatadogService) schema.DatadogService {
	row.ServiceName, row.Source, row.AsOf = o.ServiceName, o.Source, o.AsOf
	row.Status, row.Overridden = "overridden", true
	if o.PrivateDNSName != "" && o.PrivateDNSName != row.PrivateDNSName {
		row.PrivateDNSName, row.Anchor = strings.ToLower(o.PrivateDNSName), ""
	}
	if o.Hosts != nil {
		row.Hosts = o.Hosts
	}
	return row
}

// sharing lists the rows of a site that stand for one endpoint service.
func sharing(site schema.DatadogSite, serviceName string) []string {
	return slices.DeleteFunc(serviceKeys(site), func(key string) bool {
		row, _ := site.Service(key)
		return row.ServiceName != serviceName
	})
}

// placeOfAdded is the place of a row that the catalogue has not: behind those that it has, by the hash
// of its key, so that another row that is added moves no address.
func placeOfAdded(site schema.DatadogSite, key string) int {
	used := 0
	for _, k := range serviceKeys(site) {
		row, _ := site.Service(k)
		used = max(used, row.Place+1)
	}
	hash := fnv.New32a()
	hash.Write([]byte(key))
	return used + int(hash.Sum32()%uint32(datadogBlock-used))
}

// asked is a service that a backend names, or needs for a product.
type asked struct {
	key   string
	field string   // of the backend: services.metrics, products.infra
	hosts []string // what a product contacts beside the service's own
}

// asks lists what a backend asks for, by key: what it names, then what its products need.
func (d datadog) asks(site schema.DatadogSite) []asked {
	var all []asked
	for key := range d.Services {
		all = append(all, asked{key: key, field: "services." + key})
	}
	for product := range topology.Sorted(d.Products) {
		for _, h := range schema.Datadog().Products[product].Hosts {
			key, hosts, ok := reach(site, h.On(site))
			if !ok {
				continue
			}
			i := slices.IndexFunc(all, func(a asked) bool { return a.key == key })
			if i < 0 {
				i, all = len(all), append(all, asked{key: key, field: "products." + product})
			}
			all[i].hosts = append(all[i].hosts, hosts...)
		}
	}
	sortParts(all, func(a asked) string { return a.key })
	return all
}

// reach finds the row through which a product's host is reached. Where only a wildcard holds it, a
// service of that endpoint goes before the anchor, and the host itself is a name that clients ask for.
func reach(site schema.DatadogSite, host string) (key string, hosts []string, ok bool) {
	key, ok = site.Covering(host)
	row, _ := site.Service(key)
	if !ok || slices.Contains(row.Hosts, host) || strings.HasPrefix(host, "<") && row.VersionedHost != "" {
		return key, nil, ok
	}
	for _, other := range sharing(site, row.ServiceName) {
		if _, service := site.Services[other]; service {
			key = other
			break
		}
	}
	if strings.Contains(host, "<") { // an Agent's version: no one name
		return key, nil, true
	}
	return key, []string{host}, true
}

// expect has an overridden service looked up, once for each provider.
func (l *lowering) expect(provider, region string, s *service) {
	o := ExistingService{Provider: provider, Region: region, ServiceName: s.name, PrivateDNSName: s.answers()[0], Origin: l.origin(s.override)}
	if !slices.ContainsFunc(l.parts.ExistingServices, func(other ExistingService) bool {
		return other.Provider == provider && other.ServiceName == o.ServiceName
	}) {
		l.parts.ExistingServices = append(l.parts.ExistingServices, o)
	}
}
