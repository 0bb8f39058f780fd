package topologytest

import "fmt"

// servers declares two groups of servers of some existing networks: of the first, which links name, also what
// lets it out. It draws nothing, so that other seeds stay as they were.
func (m *maker) servers(network string, second int) {
	if m.nets%3 != 0 {
		return
	}
	out := []any{fmt.Sprintf("10.%d.0.0/16", second)}
	one := map[string]any{"cidr": fmt.Sprintf("10.%d.16.0/24", second), "securityGroup": fmt.Sprintf("sg-%017x", m.nets), "egress": out}
	m.d.At("networks", network, "clients")[fmt.Sprintf("g%d", m.nets)] = one
	m.d.At("networks", network, "clients")[fmt.Sprintf("h%d", m.nets)] = map[string]any{"cidr": fmt.Sprintf("10.%d.17.0/24", second), "uses": []any{"www.example.net"}}
}

// groups lets a link from a network with groups of servers be for the one that a security group lets out;
// the names move for the others too.
func (m *maker) groups(link, from, to string) {
	for _, name := range m.d.Keys("networks", from, "clients") {
		if m.d.text("networks", from, "clients", name, "securityGroup") != "" {
			m.d.At("links", link, "clients")[name] = map[string]any{}
			m.acknowledge(from, to)
		}
	}
}
