package truth

import (
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/schema"
)

// offer is a service that an endpoint in some region can lead to. region is the service's where it is
// another one.
type offer struct {
	key, region string
	row         schema.DatadogService
}

// offered are the services of one maker of them: Datadog's of a region, of the other one, or AWS's own
// whose names are no wildcards.
func (m *maker) offered(region string) []offer {
	if m.chance(15) {
		return ownServices(region)
	}
	var all []offer
	other := ""
	if m.chance(15) {
		for r := range homes {
			if r != region {
				other = r
			}
		}
	}
	at := region
	if other != "" {
		at = other
	}
	site := schema.Datadog().Sites[homes[at]]
	keys := slices.Sorted(maps.Keys(site.Services))
	if m.chance(40) {
		keys = append(keys, slices.Sorted(maps.Keys(site.Anchors))...)
	}
	for _, key := range keys {
		row, _ := site.Service(key)
		all = append(all, offer{key, other, row})
	}
	return all
}

func ownServices(region string) []offer {
	services := schema.AWSServiceCatalogue().Services
	var all []offer
	for _, key := range slices.Sorted(maps.Keys(services)) {
		var hosts []string
		for _, name := range services[key].Names {
			hosts = append(hosts, schema.Fill(name, region, accountA))
		}
		if len(hosts) == 1 && !strings.HasPrefix(hosts[0], "*.") {
			all = append(all, offer{key, "", schema.DatadogService{ServiceName: "com.amazonaws." + region + "." + key, PrivateDNSName: hosts[0], Hosts: hosts}})
		}
	}
	return all
}

// peeringThere declares a peering of two networks that was there before, and returns its id.
func (m *maker) peeringThere(a, b *vpc) string {
	pair := a.key + "_" + b.key
	id, at := "pcx-"+pair, origin("links", pair, "via.peering.existing")
	m.w.Declared.Connections = append(m.w.Declared.Connections, plan.Connection{
		Name: "peering_" + pair, Kind: plan.KindPeering, Existing: true, Origin: at,
		A: plan.End{Node: a.key, Interface: id, Origin: at}, B: plan.End{Node: b.key, Interface: id, Origin: at},
	})
	return id
}

// endpointThere declares an endpoint that was there before, behind a security group of its own that admits
// the hub's clients.
func (m *maker) endpointThere(h *hub, name string, row schema.DatadogService, own bool, configurations []any) {
	at := origin("networks", h.vpc.key, "existing.endpoints", name)
	filter := plan.Filter{Name: "group_" + name, Ref: plan.Ref{Existing: "sg-" + name}, Origin: at}
	for _, from := range h.admitted {
		filter.Ingress = append(filter.Ingress, plan.Rule{Prefix: from, Ports: [2]int{443, 443}, Origin: at})
	}
	m.w.Declared.Filters = append(m.w.Declared.Filters, filter)
	e := plan.Endpoint{Name: name, Ref: plan.Ref{Existing: "vpce-" + name}, Network: h.vpc.key, Filters: []string{filter.Name}, Origin: at}
	if own {
		e.PrivateDNS = []string{row.PrivateDNSName}
	}
	for _, value := range configurations {
		address := netip.MustParseAddr(value.(map[string]any)["ipv4"].(string))
		e.Addresses = append(e.Addresses, address)
		for _, s := range h.vpc.subnets {
			if e.Subnet == "" && s.cidr.Contains(address) {
				e.Subnet = s.key
			}
		}
	}
	m.w.Declared.Endpoints = append(m.w.Declared.Endpoints, e)
}

func texts(all []netip.Addr) []any {
	var list []any
	for _, a := range all {
		list = append(list, a.String())
	}
	return list
}
