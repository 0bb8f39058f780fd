package schema

import (
	"maps"
	"slices"
	"strings"
)

// DatadogProduct is a product and the hosts that its Agents and libraries contact.
type DatadogProduct struct {
	Label  string        `json:"label"`
	Hosts  []ProductHost `json:"hosts"`
	Source string        `json:"source"`
	AsOf   string        `json:"asOf"`
	Status string        `json:"status"`
}

// ProductHost is a host that a product contacts, with {site} for the site's domain, {dashed} for that
// domain with a dash for its first dot where it has two, and {version} for the Agent's version.
type ProductHost struct {
	Host string `json:"host"`
	For  string `json:"for"`
}

// On is the host on a site. A version stays open.
func (h ProductHost) On(site DatadogSite) string {
	dashed := site.Domain
	if strings.Count(dashed, ".") > 1 {
		dashed = strings.Replace(dashed, ".", "-", 1)
	}
	return strings.NewReplacer("{site}", site.Domain, "{dashed}", dashed, "{version}", "<version>").Replace(h.Host)
}

// Covering finds the service or anchor through which a host is reached: one that lists it, else one
// whose wildcard holds it. Services go first, whose keys topologies know.
func (s DatadogSite) Covering(host string) (key string, ok bool) {
	for _, holds := range []func(DatadogService) bool{
		func(r DatadogService) bool {
			return slices.Contains(r.Hosts, host) || r.VersionedHost != "" && strings.Replace(r.VersionedHost, "%s", "<version>", 1) == host
		},
		func(r DatadogService) bool {
			return slices.ContainsFunc(r.Hosts, func(h string) bool {
				parent, wild := strings.CutPrefix(h, "*")
				return wild && strings.HasSuffix(host, parent)
			})
		},
	} {
		for _, rows := range []map[string]DatadogService{s.Services, s.Anchors} {
			for _, key := range slices.Sorted(maps.Keys(rows)) {
				if holds(rows[key]) {
					return key, true
				}
			}
		}
	}
	return "", false
}
