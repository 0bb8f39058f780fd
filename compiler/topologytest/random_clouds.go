package topologytest

// governmentRegions stand for the regions of the public cloud that the makers write.
var governmentRegions = map[string]string{
	"japaneast": "usgovvirginia", "westeurope": "usgovtexas", "japanwest": "usgovarizona", "northeurope": "usdodeast", "uksouth": "usdodcentral",
}

// government moves what stands in Azure to Azure Government, which has six zones for Azure Monitor, of which
// a zone group takes five, and no names for Arc-enabled Kubernetes.
func (m *maker) government() {
	for _, account := range m.azure {
		m.d.At("accounts", account, "azure")["cloud"] = "usgovernment"
	}
	for _, backend := range m.d.Keys("backends") {
		if m.d.Has("backends", backend, "azureMonitor") {
			m.d.At("backends", backend, "azureMonitor", "leaveOut", pick(m.r, []string{"adx", "blob"}))["reason"] = "a zone group takes five zones"
		}
		if m.d.Has("backends", backend, "azureArc") {
			delete(m.d.At("backends", backend, "azureArc"), "kubernetes")
		}
	}
	inGovernment(m.d)
}

// inGovernment replaces the regions of a value.
func inGovernment(value map[string]any) {
	for key, inner := range value {
		switch inner := inner.(type) {
		case map[string]any:
			inGovernment(inner)
		case string:
			if region, found := governmentRegions[inner]; found && key == "region" {
				value[key] = region
			}
		}
	}
}

// intakes lets an Azure network reach some intakes of Datadog us3, whose endpoints have addresses of their own.
func (m *maker) intakes(network string) {
	for _, key := range m.d.Keys("networks", network, "subnets") {
		subnet := m.d.At("networks", network, "subnets", key)
		if cidr := subnet["cidr"].(string); subnet["endpoints"] == nil && (subnet["existing"] != nil || cidr[len(cidr)-2:] != "24") {
			return // too small, or its addresses would have to be said
		}
	}
	if !m.chance(2) {
		return
	}
	backend := m.key()
	services := [][]string{{"metrics", "traces"}, {"logs-agent"}, {"metrics", "traces", "logs-agent", "profiling"}, {"remote-config"}}
	b := m.d.At("backends", backend, "datadog")
	b["site"] = "us3"
	for _, service := range pick(m.r, services) {
		m.d.At("backends", backend, "datadog", "services", service)
	}
	m.link(network, backend, m.endpoint(network))
}
