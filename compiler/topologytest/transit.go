package topologytest

import (
	"fmt"
	"slices"

	"github.com/obslink/obslink/schema"
)

// transit joins two networks by transit gateways, and returns the mechanism of their links.
func (m *maker) transit(client, hub string) map[string]any {
	a, b := m.attach(client), m.attach(hub)
	if a != b && !m.d.Has("transitGateways", a, "peers", b) && !m.d.Has("transitGateways", b, "peers", a) {
		m.d.At("transitGateways", a, "peers", b)
		for _, g := range []string{a, b} {
			if m.d.Has("transitGateways", g, "existing") {
				m.name(g)
			}
		}
	}
	return map[string]any{"transitGateway": m.across(hub, map[string]any{"endpoints": hub})}
}

// attach attaches a network, in every zone that its subnets are in, to the transit gateway of its
// account and region.
func (m *maker) attach(network string) string {
	n := m.d.At("networks", network)
	if m.d.Has("networks", network, "attach") {
		return m.d.text("networks", network, "attach", "transitGateway")
	}
	place := fmt.Sprint(n["account"], n["region"])
	gateway := m.gateways[place]
	if gateway == "" {
		others := m.shared(n["region"])
		gateway = m.gateway(n["account"], n["region"])
		if others != "" {
			delete(m.d.At("transitGateways"), gateway)
			gateway = others
		}
		m.gateways[place] = gateway
	}
	second := m.second(network)
	if len(m.d.Keys("networks", network, "subnets")) == 0 {
		s := m.d.At("networks", network, "subnets", m.key())
		if s["cidr"] = fmt.Sprintf("10.%d.9.0/28", second); m.d.Has("networks", network, "existing") && m.chance(2) {
			s["existing"] = "subnet-" + m.id()
		}
	}
	var subnets []any
	covered := map[any]bool{}
	for i, key := range m.d.Keys("networks", network, "subnets") {
		s := m.d.At("networks", network, "subnets", key)
		if s["zone"] == nil {
			s["zone"] = schema.AWS().Regions[n["region"].(string)].Zones + "-az1"
		} else if s["endpoints"] == nil { // a hub's
			key = m.key()
			m.d.At("networks", network, "subnets")[key] = map[string]any{"cidr": fmt.Sprintf("10.%d.%d.0/28", second, 128+i), "zone": s["zone"], "endpoints": false}
		}
		if covered[s["zone"]] {
			continue // by another subnet of the zone
		}
		covered[s["zone"]] = true
		subnets = slices.Insert(subnets, m.r.Intn(len(subnets)+1), any(key))
	}
	n["attach"] = map[string]any{"transitGateway": gateway, "subnets": subnets}
	return gateway
}

// shared is a gateway of the region that another account has, or "": one in two of the networks is attached to it.
func (m *maker) shared(region any) string {
	for _, key := range m.d.Keys("transitGateways") {
		g := m.d.At("transitGateways", key)
		if g["region"] != region || m.nets%2 == 1 {
			continue
		}
		if g["share"] == nil {
			ways := []string{"organization", "invitation", "existing"}
			if g["existing"] == nil {
				ways = ways[:2]
			}
			g["share"] = ways[m.nets/2%len(ways)]
		}
		return key
	}
	return ""
}

func (m *maker) gateway(account, region any) string {
	key := m.key()
	g := m.d.At("transitGateways", key)
	g["account"], g["region"] = account, region
	switch {
	case m.chance(3):
		g["existing"] = map[string]any{"transitGateway": "tgw-" + m.id()}
		if m.chance(2) {
			m.name(key)
		}
	case m.chance(2):
		g["asn"] = 64512 + m.r.Intn(1000)
	}
	return key
}

// name names the route table of an existing gateway.
func (m *maker) name(gateway string) {
	existing := m.d.At("transitGateways", gateway, "existing")
	if existing["routeTable"] == nil {
		existing["routeTable"] = "tgw-rtb-" + m.id()
	}
}
