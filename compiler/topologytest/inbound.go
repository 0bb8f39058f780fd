package topologytest

import "fmt"

// inbound lets a hub answer the DNS of sites: by an endpoint that is made, in two subnets of its own and
// two zones, or by one that is there already.
func (m *maker) inbound(hub string) {
	if !m.chance(2) {
		return
	}
	m.answers[hub] = true
	n := m.d.At("networks", hub)
	second := m.second(hub)
	existing := m.d.Has("networks", hub, "existing")
	if existing && m.chance(3) {
		m.d.At("networks", hub, "existing")["resolvers"] = []any{fmt.Sprintf("10.%d.250.10", second), fmt.Sprintf("10.%d.251.10", second)}
		return
	}
	for i := range 2 {
		key := m.key()
		s := map[string]any{"cidr": fmt.Sprintf("10.%d.%d.0/28", second, 200+i), "zone": zones(n["region"].(string))[i], "endpoints": false}
		in := map[string]any{"subnet": key}
		if existing && m.chance(2) {
			s["existing"] = "subnet-" + m.id()
		}
		if s["existing"] != nil || m.chance(2) {
			in["address"] = fmt.Sprintf("10.%d.%d.%d", second, 200+i, 4+m.r.Intn(10))
		}
		m.d.At("networks", hub, "subnets")[key] = s
		m.d.At("networks", hub, "inbound")[m.key()] = in
	}
}

// azureInbound lets a VNet answer the DNS of sites: each endpoint has a subnet to itself.
func (m *maker) azureInbound(network string, existing bool) {
	if !m.chance(2) {
		return
	}
	m.answers[network] = true
	second := m.second(network)
	if existing && m.chance(3) {
		m.d.At("networks", network, "existing")["resolvers"] = []any{fmt.Sprintf("10.%d.250.10", second)}
		return
	}
	for i := range 1 + m.r.Intn(2) {
		key := m.key()
		s := map[string]any{"cidr": fmt.Sprintf("10.%d.%d.0/%d", second, 200+i, 24+m.r.Intn(5)), "endpoints": false}
		if existing && m.chance(2) {
			s["existing"] = fmt.Sprintf("snet-dns%d", i)
		}
		in := map[string]any{"subnet": key}
		if m.chance(2) {
			in["address"] = fmt.Sprintf("10.%d.%d.%d", second, 200+i, 4+m.r.Intn(10))
		}
		m.d.At("networks", network, "subnets")[key] = s
		m.d.At("networks", network, "inbound")[m.key()] = in
	}
}

// forward lets a site forward to the network that its connection ends in: the first one that can does.
func (m *maker) forward(site map[string]any, network string) {
	if m.answers[network] && (!m.asked[network] || m.chance(2)) {
		m.asked[network] = true
		site["dns"] = map[string]any{"forwardTo": network}
	}
}

// second is the second number of a network's first range.
func (m *maker) second(network string) int {
	var second int
	_, _ = fmt.Sscanf(m.d.At("networks", network)["cidrs"].([]any)[0].(string), "10.%d.", &second)
	return second
}

// forgetForwarding lets a site without a link forward nothing, and a network that nobody asks answer
// nobody. It returns the keys whose parts may change because of it.
func (d Doc) forgetForwarding(site, network string) []string {
	if d.Has("sites", site) {
		for _, l := range d.Keys("links") {
			if d.text("links", l, "from") == site {
				return nil
			}
		}
		delete(d.At("sites", site), "dns")
	}
	for _, s := range d.Keys("sites") {
		if d.text("sites", s, "dns", "forwardTo") == network {
			return nil
		}
	}
	if d.Has("networks", network) {
		delete(d.At("networks", network), "inbound")
	}
	return []string{network}
}

// answering reports whether a DNS inbound endpoint stands in a subnet.
func (d Doc) answering(network, subnet string) bool {
	for _, in := range d.Keys("networks", network, "inbound") {
		if d.text("networks", network, "inbound", in, "subnet") == subnet {
			return true
		}
	}
	return false
}
