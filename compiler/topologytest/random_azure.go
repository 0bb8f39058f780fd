package topologytest

import (
	"fmt"
	"strings"
)

func (m *maker) azureAccount() {
	key := m.key()
	m.d.At("accounts", key)["azure"] = map[string]any{"subscription": fmt.Sprintf("%08x-0000-4000-8000-%012x", m.r.Uint32(), m.r.Int63n(1<<40))}
	m.azure = append(m.azure, key)
}

// vnet makes an Azure network with one Azure Monitor backend, and sites that reach it.
func (m *maker) vnet(gov bool) {
	key, backend := m.key(), m.key()
	cidr, second := m.net()
	n := m.d.At("networks", key)
	n["account"], n["region"], n["cidrs"] = pick(m.r, m.azure), pick(m.r, []string{"japaneast", "westeurope"}), []any{cidr}
	existing := m.chance(2)
	if existing {
		n["existing"] = map[string]any{"resourceGroup": "rg-" + key, "virtualNetwork": "vnet-" + key}
	}
	for i := range 1 + m.r.Intn(2) {
		s := map[string]any{"cidr": fmt.Sprintf("10.%d.%d.0/%d", second, i, pick(m.r, []int{24, 27}))}
		if i > 0 {
			s["endpoints"] = false
		}
		if existing && m.chance(2) {
			s["existing"] = fmt.Sprintf("snet%d", i)
		}
		m.d.At("networks", key, "subnets")[m.key()] = s
	}
	m.monitor(backend)
	if m.chance(2) {
		m.link(key, backend, m.endpoint(key))
	} else if existing {
		m.acknowledge(key, backend)
	}
	var peerings []map[string]any
	for range m.r.Intn(3) {
		spoke := m.spoke()
		peerings = append(peerings, map[string]any{"endpoints": key})
		m.link(spoke, backend, map[string]any{"peering": peerings[len(peerings)-1]})
		m.peeredAlready(peerings[len(peerings)-1], key, spoke)
	}
	m.azureInbound(key, existing)
	for range 1 + m.r.Intn(2) {
		m.site(key, backend)
	}
	m.collect(key, backend)
	if !gov {
		m.intakes(key)
		m.prometheus(backend)
	}
	if m.chance(2) {
		m.arc(key, existing)
	}
	if m.chance(3) { // the same scope for a network that sees nothing of this one
		isolated := m.spoke()
		cidr, _, _ := strings.Cut(m.d.At("networks", isolated)["cidrs"].([]any)[0].(string), "/")
		octets := strings.Split(cidr, ".")
		m.d.At("networks", isolated, "subnets")[m.key()] = map[string]any{"cidr": octets[0] + "." + octets[1] + ".9.0/24"}
		m.link(isolated, backend, m.endpoint(isolated))
		for _, field := range []string{"account", "region"} { // else the scope would go along with the first network
			if b := m.d.At("backends", backend, "azureMonitor"); b[field] == nil {
				b[field] = m.d.text("networks", key, field)
			}
		}
	}
	if m.chance(3) && m.d.text("backends", backend, "azureMonitor", "existing") == "" {
		m.d.At("backends", backend, "azureMonitor", "exclusions", key)[pick(m.r, []string{"ingestion", "query"})] = pick(m.r, []string{"Open", "PrivateOnly"})
	}
	for _, p := range peerings {
		if m.gatewaySites(key) > 1 { // so that one may go
			p["gatewayTransit"] = true
		}
	}
}

// peeredAlready names the peering of two VNets, mostly where both are there already. It draws nothing, so
// that other seeds stay as they were.
func (m *maker) peeredAlready(peering map[string]any, hub, spoke string) {
	if !m.d.Has("networks", hub, "existing") || !m.d.Has("networks", spoke, "existing") || spoke[0]%3 == 0 {
		return
	}
	half := hub
	if spoke[0]%3 == 1 {
		half = spoke
	}
	peering["existing"] = "/subscriptions/" + m.d.text("accounts", m.d.text("networks", half, "account"), "azure", "subscription") +
		"/resourceGroups/rg-" + half + "/providers/Microsoft.Network/virtualNetworks/vnet-" + half + "/virtualNetworkPeerings/" + half
}

// arc lets some clients of an Azure network use an Arc scope through it.
func (m *maker) arc(network string, existing bool) {
	backend := m.key()
	b := m.d.At("backends", backend, "azureArc")
	b["region"] = pick(m.r, []string{"japaneast", "northeurope"})
	if m.chance(3) {
		b["account"] = pick(m.r, m.azure)
	}
	if m.chance(3) {
		b["kubernetes"] = m.chance(2)
	}
	if m.chance(3) {
		b["publicNetworkAccess"] = pick(m.r, []string{"Enabled", "Disabled"})
	}
	if m.chance(3) {
		account := m.d.text("networks", network, "account")
		if b["account"] != nil {
			account = b["account"].(string)
		}
		b["existing"] = "/subscriptions/" + m.d.text("accounts", account, "azure", "subscription") + "/resourceGroups/rg-" + backend + "/providers/Microsoft.HybridCompute/privateLinkScopes/" + backend
	}
	if m.chance(2) {
		m.link(network, backend, m.endpoint(network))
	} else if existing {
		m.acknowledge(network, backend)
	}
	m.site(network, backend)
	for _, link := range m.d.Keys("links") {
		site := m.d.text("links", link, "from")
		if m.d.text("links", link, "to") == backend && m.d.Has("sites", site) {
			m.machine(site, b["region"], m.d.text("accounts", m.d.text("networks", network, "account"), "azure", "subscription"))
		}
	}
}

// machine connects a server of a site to Arc.
func (m *maker) machine(site string, region any, subscription string) {
	key := m.key()
	machine := m.d.At("sites", site, "machines", key)
	machine["arc"] = "/subscriptions/" + subscription + "/resourceGroups/rg-" + key + "/providers/Microsoft.HybridCompute/machines/" + key
	machine["region"], machine["os"] = region, pick(m.r, []string{"linux", "windows"})
	if m.chance(3) {
		machine["agent"] = pick(m.r, []string{"azureMonitor", "none"})
	}
}

// gatewaySites counts the sites whose connection ends at a gateway of a network.
func (m *maker) gatewaySites(network string) int {
	count := 0
	for _, site := range m.d.Keys("sites") {
		if over := m.d.text("sites", site, "existing", "over"); m.d.text("sites", site, "existing", "network") == network && over != "openvpn" {
			count++
		}
	}
	return count
}

// spoke makes an Azure network that is peered with one that holds an endpoint.
func (m *maker) spoke() string {
	key := m.key()
	cidr, second := m.net()
	n := m.d.At("networks", key)
	n["account"], n["region"], n["cidrs"] = pick(m.r, m.azure), pick(m.r, []string{"japaneast", "westeurope"}), []any{cidr}
	if m.chance(3) {
		more, _ := m.net()
		n["cidrs"] = []any{cidr, more}
	}
	existing := m.chance(2)
	if existing {
		n["existing"] = map[string]any{"resourceGroup": "rg-" + key, "virtualNetwork": "vnet-" + key}
	}
	if m.chance(2) {
		s := map[string]any{"cidr": fmt.Sprintf("10.%d.8.0/24", second), "endpoints": false}
		if existing && m.chance(2) {
			s["existing"] = "snet-vms"
		}
		m.d.At("networks", key, "subnets")[m.key()] = s
	}
	return key
}

func (m *maker) monitor(backend string) {
	b := m.d.At("backends", backend, "azureMonitor")
	b["ingestion"], b["query"] = pick(m.r, []string{"Open", "PrivateOnly"}), pick(m.r, []string{"Open", "PrivateOnly"})
	if m.chance(3) {
		b["account"] = pick(m.r, m.azure)
	}
	if m.chance(4) {
		account := pick(m.r, m.azure)
		b["account"] = account
		b["existing"] = "/subscriptions/" + m.d.text("accounts", account, "azure", "subscription") + "/resourceGroups/rg-" + backend + "/providers/Microsoft.Insights/privateLinkScopes/" + backend
	}
	if m.chance(3) {
		b["region"] = "japanwest"
	}
	for range 1 + m.r.Intn(3) {
		w := map[string]any{}
		if m.chance(2) {
			w["retentionDays"] = 30 + m.r.Intn(700)
		}
		if m.chance(3) {
			w["region"] = "northeurope"
		}
		m.d.At("backends", backend, "azureMonitor", "workspaces")[m.key()] = w
	}
	if workspaces := m.d.Keys("backends", backend, "azureMonitor", "workspaces"); len(workspaces) == 1 && m.chance(2) {
		m.d.At("backends", backend, "azureMonitor", "components")[m.key()] = map[string]any{"workspace": workspaces[0]}
	}
}
