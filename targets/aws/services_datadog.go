package aws

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"sync"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/topology"
	"github.com/obslink/obslink/schema"
)

const datadogKind = "datadog"

// datadogBlock is how many addresses one backend may take in a subnet: a site's services and anchors.
const datadogBlock = 27

// datadog is the body of a backend of kind datadog.
type datadog struct {
	Site     string              `json:"site"`
	Services map[string]struct{} `json:"services"`
}

// datadogServices lists a backend's endpoint services: services with one id share one endpoint, since
// two endpoints of one service with private DNS conflict in a VPC.
func datadogServices(raw json.RawMessage, _ string) []*service {
	body := compile.Decode[datadog](raw)
	site := schema.Datadog().Sites[body.Site]
	by := map[string]*service{}
	for key := range topology.Sorted(body.Services) {
		row, _ := site.Service(key)
		s := by[row.ServiceName]
		if s == nil {
			s = &service{
				kind: datadogKind, id: cmp.Or(row.Anchor, key), name: row.ServiceName,
				zones: []privateZone{{domain: row.PrivateDNSName, names: []string{row.PrivateDNSName}}},
				place: places()[row.ServiceName], block: datadogBlock,
			}
			by[row.ServiceName] = s
		}
		s.keys = append(s.keys, key)
		s.hosts = append(s.hosts, row.Hosts...)
		s.versioned = cmp.Or(s.versioned, row.VersionedHost)
	}
	all := make([]*service, 0, len(by))
	for _, s := range by {
		slices.Sort(s.hosts)
		s.hosts = slices.Compact(s.hosts)
		all = append(all, s)
	}
	sortParts(all, func(s *service) string { return s.id })
	return all
}

// places are each endpoint service's place among those of its Datadog site, by service name.
var places = sync.OnceValue(func() map[string]int {
	at := map[string]int{}
	for _, site := range schema.Datadog().Sites {
		next := 0
		for _, rows := range []map[string]schema.DatadogService{site.Services, site.Anchors} {
			for _, key := range slices.Sorted(maps.Keys(rows)) {
				name := rows[key].ServiceName
				if _, seen := at[name]; !seen {
					at[name] = next
					next++
				}
			}
		}
	}
	return at
})
