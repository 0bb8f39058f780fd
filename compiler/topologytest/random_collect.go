package topologytest

// collect lets a site's server send to an open Azure Monitor backend what a rule says. A PrivateOnly one
// wants the server in an Arc scope too, which this maker gives sites of their own.
func (m *maker) collect(network, backend string) {
	b := m.d.At("backends", backend, "azureMonitor")
	if b["ingestion"] != "Open" || b["query"] != "Open" {
		return
	}
	home, said := b["region"].(string)
	if !said { // a scope with endpoints in several networks has one region
		home = m.d.text("networks", network, "region")
		b["region"] = home
	}
	servers := pick(m.r, []string{home, "uksouth"})
	for _, link := range m.d.Keys("links") {
		site := m.d.text("links", link, "from")
		if m.d.text("links", link, "to") == backend && m.d.Has("sites", site) && m.chance(2) {
			m.machine(site, servers, m.d.text("accounts", m.d.text("networks", network, "account"), "azure", "subscription"))
			m.collectorIn(backend, servers)
		}
	}
	if !m.d.Has("backends", backend, "azureMonitor", "dataCollectionEndpoints") {
		return
	}
	workspace := pick(m.r, m.d.Keys("backends", backend, "azureMonitor", "workspaces"))
	if region := m.d.text("backends", backend, "azureMonitor", "workspaces", workspace, "region"); region != "" {
		home = region
	}
	m.collectorIn(backend, home)
	rule := m.d.At("backends", backend, "azureMonitor", "dataCollectionRules", m.key())
	rule["workspaces"] = map[string]any{workspace: map[string]any{}}
	rule["performanceCounters"] = map[string]any{m.key(): map[string]any{"counters": []any{`Processor(*)\% Processor Time`}, "samplingSeconds": 10 + m.r.Intn(600)}}
	if m.chance(2) {
		rule["textLogs"] = map[string]any{m.key(): map[string]any{"files": []any{"/var/log/app/*.log"}, "table": "App_CL"}}
	}
	if m.chance(2) {
		rule["vmInsights"] = true
	}
}

// collectorIn makes the one data collection endpoint of a region, if there is none.
func (m *maker) collectorIn(backend, region string) {
	for _, key := range m.d.Keys("backends", backend, "azureMonitor", "dataCollectionEndpoints") {
		if m.d.text("backends", backend, "azureMonitor", "dataCollectionEndpoints", key, "region") == region {
			return
		}
	}
	m.d.At("backends", backend, "azureMonitor", "dataCollectionEndpoints", m.key())["region"] = region
}

// prometheus adds an Azure Monitor workspace to some backends, without a draw. Where there is a data collection endpoint it is in that one's region, so
// that the endpoints' subnet stays large enough.
func (m *maker) prometheus(backend string) {
	if backend[len(backend)-1]%3 != 0 {
		return
	}
	region := "uksouth"
	for _, key := range m.d.Keys("backends", backend, "azureMonitor", "dataCollectionEndpoints") {
		region = m.d.text("backends", backend, "azureMonitor", "dataCollectionEndpoints", key, "region")
	}
	if !m.d.Has("backends", backend, "azureMonitor", "dataCollectionEndpoints") {
		m.d.At("backends", backend, "azureMonitor", "dataCollectionEndpoints", "amw")["region"] = region
	}
	m.d.At("backends", backend, "azureMonitor", "prometheusWorkspaces", "amw")["region"] = region
}

// Collecting are the rules of a backend that keep their data in a workspace.
func (d Doc) Collecting(backend, workspace string) []string {
	var rules []string
	for _, rule := range d.Keys("backends", backend, "azureMonitor", "dataCollectionRules") {
		if d.Has("backends", backend, "azureMonitor", "dataCollectionRules", rule, "workspaces", workspace) {
			rules = append(rules, rule)
		}
	}
	return rules
}
