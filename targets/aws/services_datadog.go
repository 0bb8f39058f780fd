package aws

import (
	"cmp"
	"encoding/json"
	"slices"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/topology"
)

const datadogKind = "datadog"

// datadogBlock is how many addresses one backend may take in a subnet: a site's services and anchors.
const datadogBlock = 27

// datadog is the body of a backend of kind datadog.
type datadog struct {
	Site         string              `json:"site"`
	Services     map[string]struct{} `json:"services"`
	Products     map[string]struct{} `json:"products"`
	APIKeySecret bool                `json:"apiKeySecret"`
}

// datadogServices lists a backend's endpoint services: services with one id share one endpoint, since
// two endpoints of one service with private DNS conflict in a VPC.
func datadogServices(t *topology.Topology, raw json.RawMessage, _ place) []*service {
	body := compile.Decode[datadog](raw)
	site, changed := Catalogue(t).Sites[body.Site], overridesOf(t)[body.Site].Services
	by := map[string]*service{}
	for _, a := range body.asks(site) {
		row, _ := site.Service(a.key)
		s := by[row.ServiceName]
		if s == nil {
			s = &service{
				kind: datadogKind, id: cmp.Or(row.Anchor, a.key), name: row.ServiceName, field: a.field,
				zones: []privateZone{{domain: row.PrivateDNSName, names: []string{row.PrivateDNSName}}},
				place: row.Place, block: datadogBlock,
			}
			for key, o := range topology.Sorted(changed) {
				if row.Overridden && o.ServiceName == row.ServiceName {
					s.override = overridePath(body.Site, key)
				}
			}
			by[row.ServiceName] = s
		}
		s.keys = append(s.keys, a.key)
		s.hosts = append(append(s.hosts, row.Hosts...), a.hosts...)
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
