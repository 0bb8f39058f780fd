package azure

import (
	"cmp"
	"slices"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/topology"
)

// rule is the body of a data collection rule.
type rule struct {
	Counters map[string]struct {
		Counters []string `json:"counters"`
		Seconds  int      `json:"samplingSeconds"`
	} `json:"performanceCounters"`
	Syslog map[string]struct {
		Facilities []string `json:"facilities"`
		Levels     []string `json:"levels"`
	} `json:"syslog"`
	Events map[string]struct {
		Queries []string `json:"queries"`
	} `json:"windowsEvents"`
	TextLogs map[string]struct {
		Files []string `json:"files"`
		Table string   `json:"table"`
	} `json:"textLogs"`
	VMInsights bool                           `json:"vmInsights"`
	Workspaces map[string]struct{}            `json:"workspaces"`
	Collector  string                         `json:"dataCollectionEndpoint"`
	Machines   map[string]map[string]struct{} `json:"machines"`
	Was        string                         `json:"was"`
}

// sources counts the data sources of a rule.
func (r rule) sources() int {
	n := len(r.Counters) + len(r.Syslog) + len(r.Events) + len(r.TextLogs)
	if r.VMInsights {
		n++
	}
	return n
}

// workspacesOf are the workspaces that keep what a rule collects: those that it names, else the only one.
func (m *monitor) workspacesOf(r rule) []string {
	var keys []string
	for key := range topology.Sorted(r.Workspaces) {
		keys = append(keys, key)
	}
	if len(keys) == 0 && len(m.Workspaces) == 1 {
		for key := range m.Workspaces {
			keys = append(keys, key)
		}
	}
	return keys
}

// collectorsIn are the data collection endpoints of a backend in a region; those that say none are in home.
func (m *monitor) collectorsIn(region, home string) []string {
	var keys []string
	for key, e := range topology.Sorted(m.Collectors) {
		if cmp.Or(e.Region, home) == region {
			keys = append(keys, key)
		}
	}
	return keys
}

// collector is the endpoint that a rule or a machine names, else the only one of the region; "" where that
// is none.
func (m *monitor) collector(named, region, home string) string {
	if in := m.collectorsIn(region, home); named == "" && len(in) == 1 {
		return in[0]
	}
	return named
}

// server is a machine of a site.
type server struct {
	site, key string
	machine
}

// path is where it is declared.
func (s server) path() string { return "sites." + s.site + ".machines." + s.key }

// serversOf are the machines of all sites that are linked to each backend, in the order of sites and keys.
func serversOf(t *topology.Topology) map[string][]server {
	linked := map[string]map[string]bool{}
	for _, l := range t.Links {
		if t.Sites[l.From] != nil {
			if linked[l.From] == nil {
				linked[l.From] = map[string]bool{}
			}
			linked[l.From][l.To] = true
		}
	}
	all := map[string][]server{}
	for site, s := range topology.Sorted(t.Sites) {
		for key, raw := range topology.Sorted(s.Machines) {
			body := compile.Decode[machine](raw)
			for backend := range topology.Sorted(linked[site]) {
				all[backend] = append(all[backend], server{site: site, key: key, machine: body})
			}
		}
	}
	return all
}

// collects are the servers that a rule is for, of those of its backend.
func (r rule) collects(of []server) []server {
	if r.Machines == nil {
		return of
	}
	return slices.DeleteFunc(slices.Clone(of), func(s server) bool {
		_, named := r.Machines[s.site][s.key]
		return !named
	})
}

// homes are the regions of backends of Azure Monitor that say none: those of the first network with an
// endpoint of theirs.
func homes(t *topology.Topology) map[string]string {
	all := map[string]string{}
	for _, h := range compile.Hostings(t, Name) {
		if all[h.Backend] == "" && t.Backends[h.Backend].Kind == kindMonitor {
			all[h.Backend] = cmp.Or(compile.Decode[monitor](t.Backends[h.Backend].Body).Region, t.Networks[h.Network].Region)
		}
	}
	return all
}
