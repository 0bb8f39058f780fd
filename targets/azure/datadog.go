package azure

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/topology"
	"github.com/obslink/obslink/schema"
)

const datadogKind = "datadog"

// datadog is the body of a backend of kind datadog.
type datadog struct {
	Site     string              `json:"site"`
	Services map[string]struct{} `json:"services"`
	Products map[string]struct{} `json:"products"`
}

// datadogSite is the site of a Datadog backend, if Azure Private Link reaches it.
func datadogSite(t *topology.Topology, backend string) (datadog, schema.DatadogAzureSite, bool) {
	b := t.Backends[backend]
	if b == nil || b.Kind != datadogKind {
		return datadog{}, schema.DatadogAzureSite{}, false
	}
	body := compile.Decode[datadog](b.Body)
	site, ok := schema.Datadog().AzureSites[body.Site]
	return body, site, ok
}

// offered reports whether a backend's endpoints can stand in a VNet.
func offered(t *topology.Topology, backend string) bool {
	if b := t.Backends[backend]; b != nil && (b.Kind == kindMonitor || b.Kind == kindArc) {
		return true
	}
	_, _, ok := datadogSite(t, backend)
	return ok
}

// intake is one endpoint of a Datadog site with the services that it answers.
type intake struct {
	id, alias string
	place     int
	services  []string
}

// intakes lists the endpoints that a backend's services need, by id.
func intakes(body datadog, site schema.DatadogAzureSite) []intake {
	var all []intake
	for key := range topology.Sorted(body.Services) {
		row, ok := site.Services[key]
		if !ok {
			continue
		}
		i := slices.IndexFunc(all, func(x intake) bool { return x.id == row.Endpoint })
		if i < 0 {
			all = append(all, intake{id: row.Endpoint, alias: row.Alias, place: row.Place})
			i = len(all) - 1
		}
		all[i].services = append(all[i].services, key)
	}
	slices.SortFunc(all, func(a, b intake) int { return strings.Compare(a.id, b.id) })
	return all
}

// address is where an endpoint answers: what the topology says of one of its services, else one counted
// from the end of the subnet, since Azure gives those that it chooses from the start. Ok is false where
// the subnet is there already and the topology says nothing: others may stand there.
func (i intake) address(s topology.Subnet, backend string) (netip.Addr, string, bool) {
	for _, key := range i.services {
		if text := s.Addresses[backend][key]; text != "" {
			a, err := netip.ParseAddr(text)
			return a, key, err == nil
		}
	}
	cidr, err := netip.ParsePrefix(s.CIDR)
	if err != nil || s.Existing != "" {
		return netip.Addr{}, "", false
	}
	return fromEnd(cidr, i.place+2), "", true // the last is the broadcast address
}

// fromEnd is the nth address of a range from its end, which is the first.
func fromEnd(cidr netip.Prefix, n int) netip.Addr {
	bytes := cidr.Masked().Addr().As4()
	value := uint32(bytes[0])<<24 | uint32(bytes[1])<<16 | uint32(bytes[2])<<8 | uint32(bytes[3])
	value += uint32(1)<<(32-cidr.Bits()) - uint32(n)
	return netip.AddrFrom4([4]byte{byte(value >> 24), byte(value >> 16), byte(value >> 8), byte(value)})
}

// hostDatadog lowers one Datadog backend with its private endpoints in one network. Datadog's side
// writes no records ("Private DNS integration: No"; azure-private-link.md, 2026-08), so they are made
// here, and it approves each endpoint by hand.
func (l *lowering) hostDatadog(h *compile.Hosting) {
	body, site, _ := datadogSite(l.t, h.Backend)
	n := l.t.Networks[h.Network]
	path := "backends." + h.Backend + ".datadog"
	backend, network := l.backendKey(h.Backend), l.networkKey(h.Network)
	set := zoneSet{h: h, provider: l.provider(n.Account), region: n.Region, backend: backend, origin: l.origin(path)}
	group := plan.Named("resourcegroup", set.provider, set.origin, plan.K("backend"), backend, network)
	l.parts.ResourceGroups = append(l.parts.ResourceGroups, ResourceGroup{
		Part: group, ResourceName: l.cloudName(plan.K("backend"), backend, network), Location: n.Region,
	})
	set.in = plan.Ref{Part: group.Name}
	subnet := endpointSubnet(n)
	for _, i := range intakes(body, site) {
		part := plan.Named("endpoint", set.provider, set.origin, backend, network, plan.K(i.id))
		name := l.cloudName(backend, network, plan.K(i.id))
		address, _, _ := i.address(n.Subnets[subnet], h.Backend)
		l.parts.PrivateEndpoints = append(l.parts.PrivateEndpoints, PrivateEndpoint{
			Part: part, In: In{set.in, name}, Location: n.Region, Subnet: l.subnetID(h.Network, subnet), NIC: name + "-nic",
			Alias: i.alias, Address: address, RequestMessage: requestMessage(body.Site, i.id),
		})
		l.out.Endpoints = append(l.out.Endpoints, plan.Endpoint{
			Name: part.Name, Network: h.Network, Subnet: subnet, Addresses: []netip.Addr{address}, Origin: set.origin,
		})
		l.out.Prerequisites = append(l.out.Prerequisites, plan.Prerequisite{
			Text: fmt.Sprintf("Datadog Support approves private endpoint %q of subscription %s for site %s, %s: until then its connection is Pending and nobody answers; it asks with the message %q",
				name, l.subscription(n.Account), body.Site, i.id, requestMessage(body.Site, i.id)),
			Origin: set.origin,
		})
		set.endpoint = part.Name
		l.intakeNames(set, site, i, address)
	}
	slices.SortStableFunc(l.out.Prerequisites, func(a, b plan.Prerequisite) int { return strings.Compare(a.Text, b.Text) })
}

// requestMessage is what Datadog reads of an endpoint that it is to approve; Azure takes 140 characters
// (ARM schema of Microsoft.Network 2023-02-01), which no row of the catalogue comes near.
func requestMessage(site, id string) string { return fmt.Sprintf("Datadog %s %s", site, id) }

// intakeNames makes a zone for each host of an endpoint, with its records: a zone of a parent would
// answer for the hosts of others.
func (l *lowering) intakeNames(set zoneSet, site schema.DatadogAzureSite, i intake, address netip.Addr) {
	done := map[string]bool{}
	for _, key := range i.services {
		row := site.Services[key]
		if done[row.Host] {
			continue
		}
		done[row.Host] = true
		names := map[string]string{"@": row.Host}
		if row.Wildcard {
			names["*"] = "*." + row.Host
		}
		set.records = func(string) []plan.Record {
			var all []plan.Record
			for _, name := range topology.Sorted(names) {
				all = append(all, plan.Record{Name: name, Endpoint: set.endpoint})
			}
			return all
		}
		zone, _ := l.zone(set, schema.AzureZone{Domain: row.Host})
		link := l.recordHome(set, zone)
		for relative := range topology.Sorted(names) {
			part := plan.Named("record", link.Provider, set.origin, set.backend, l.networkKey(set.h.Network), plan.K(plan.Slug(row.Host)), plan.K(recordKey(relative)))
			l.parts.Records = append(l.parts.Records, Record{
				Part: part, In: In{link.ResourceGroup, relative}, Zone: zone, Address: address, Endpoint: set.endpoint,
			})
		}
		l.out.Forwards[set.endpoint] = append(l.out.Forwards[set.endpoint], row.Host)
		l.out.Names = append(l.out.Names, plan.Name{
			FQDN: row.Host, Backend: set.h.Backend, Service: key, Endpoint: set.endpoint, Zone: row.Host, Versioned: row.VersionedHost,
			Clients: clients(l.t, set.h), Origin: l.origin("backends." + set.h.Backend + ".datadog.services." + key),
		})
	}
}

func recordKey(relative string) string {
	if relative == "*" {
		return "all"
	}
	return "apex"
}

// home is the provider and resource group of a zone's children.
type home struct {
	Provider      string
	ResourceGroup plan.Ref
}

func (l *lowering) recordHome(set zoneSet, zone plan.Ref) home {
	if zone.Existing == "" {
		return home{set.provider, l.zoneGroupOfResources(set)}
	}
	id, _ := parseZoneID(zone.Existing)
	return home{l.provider(l.subscriptions[strings.ToLower(id.subscription)]), plan.Ref{Existing: id.group}}
}

// clients are the networks and sites that use a hosting, sorted.
func clients(t *topology.Topology, h *compile.Hosting) []string {
	var all []string
	for _, key := range h.Links {
		all = append(all, t.Links[key].From)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
