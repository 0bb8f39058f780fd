package truth

import (
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/topology"
	"github.com/obslink/obslink/schema"
)

// service is what the private endpoints of one scope answer.
type service struct {
	key, scope string
	facts      schema.AzurePrivateLink
	// asked are the names that the world asks for, the same at each endpoint.
	asked []schema.AzureMember
}

// ask picks some of the names that are known beforehand and whose zone the endpoint has.
func (m *maker) ask(s service) []schema.AzureMember {
	asked := slices.DeleteFunc(slices.Clone(s.facts.Members), func(a schema.AzureMember) bool {
		zoned := slices.ContainsFunc(s.facts.Zones, func(z schema.AzureZone) bool { return z.Domain == a.Zone })
		return !zoned || strings.Contains(a.FQDN, "{")
	})
	m.Shuffle(len(asked), func(i, j int) { asked[i], asked[j] = asked[j], asked[i] })
	return asked[:min(len(asked), 6)]
}

// monitor makes a private link scope of Azure Monitor with an endpoint in the hub and, now and then, one in a
// network that sees nothing of it.
func (m *maker) monitor(h *vhub) {
	logs := service{key: "logs", facts: schema.AzureMonitor().In(h.cloud)}
	logs.scope = m.add("azure-native:insights:PrivateLinkScope", "scope_logs", h.provider, map[string]any{
		"resourceGroupName": h.group, "scopeName": "logs", "location": "global",
		"accessModeSettings": map[string]any{"ingestionAccessMode": "Open", "queryAccessMode": pick(m, []string{"Open", "PrivateOnly"})},
	})
	if h.cloud != schema.AzurePublic { // a group takes five of its six zones
		logs.facts.Zones = slices.DeleteFunc(slices.Clone(logs.facts.Zones), func(z schema.AzureZone) bool { return strings.Contains(z.Domain, ".adx.") })
	}
	logs.asked = m.ask(logs)
	m.hosted(h, logs, h.vpc, h.peers, h.clients())
	if m.chance(30) {
		alone := m.vnet(h.provider, h.group, h.place)
		own := *h
		own.group = strings.Replace(m.add("azure-native:resources:ResourceGroup", "group_"+alone.key, h.provider, map[string]any{"resourceGroupName": "truth-" + alone.key, "location": h.place}), ".id}", ".name}", 1)
		m.hosted(&own, logs, alone, nil, []string{alone.key})
	}
}

// clients are the hub, its peers and its site.
func (h *vhub) clients() []string {
	all := []string{h.vpc.key}
	for _, v := range h.peers {
		all = append(all, v.key)
	}
	if h.site != nil {
		all = append(all, h.site.key)
	}
	slices.Sort(all)
	return all
}

// arc makes a private link scope of Azure Arc with an endpoint in the hub.
func (m *maker) arc(h *vhub) {
	facts := schema.AzureArc().Clouds[h.cloud].In(h.place, m.chance(50))
	scope := m.add("azure-native:hybridcompute:PrivateLinkScope", "scope_arc", h.provider, map[string]any{
		"resourceGroupName": h.group, "scopeName": "arc", "location": h.place, "properties": map[string]any{"publicNetworkAccess": "Disabled"},
	})
	if h.site != nil && h.resolver.IsValid() {
		m.forward(h, facts.Zones[0].Forwards[0])
	}
	arc := service{key: "arc", scope: scope, facts: facts}
	arc.asked = m.ask(arc)
	m.hosted(h, arc, h.vpc, h.peers, h.clients())
}

// forward lets the hub's site ask the hub's resolver for a domain too.
func (m *maker) forward(h *vhub, domain string) {
	for i := range m.w.Declared.Sites {
		if dns := &m.w.Declared.Sites[i].DNS; m.w.Declared.Sites[i].Name == h.site.key {
			dns.Forwards = append(dns.Forwards, plan.Forward{Domain: domain, Servers: dns.Forwards[0].Servers, Origin: dns.Forwards[0].Origin})
		}
	}
}

// hosted makes the endpoint of a service in a network, with zones that this network and others see, and the
// names that clients ask for.
func (m *maker) hosted(h *vhub, s service, v *vpc, others []*vpc, clients []string) {
	name := "endpoint_" + s.key + "_" + v.key
	m.add(azureNative+"PrivateEndpoint", name, h.provider, map[string]any{
		"resourceGroupName": h.group, "privateEndpointName": s.key, "location": h.place, "customNetworkInterfaceName": s.key + "-nic",
		"subnet":                        map[string]any{"id": v.subnets[0].id},
		"privateLinkServiceConnections": []any{map[string]any{"name": s.key, "privateLinkServiceId": s.scope, "groupIds": []any{s.facts.GroupID}}},
	})
	m.zonesOf(h, s, name, append([]*vpc{v}, others...))
	for _, member := range s.asked {
		m.w.Names = append(m.w.Names, plan.Name{
			FQDN: member.FQDN, Backend: s.key, Service: member.ID, Endpoint: name, Zone: member.Zone, Aliases: member.Aliases, Clients: clients,
			Canonical: strings.TrimSuffix(member.FQDN, strings.TrimPrefix(member.Zone, "privatelink.")) + member.Zone,
			Origin:    origin("backends", s.key, member.ID),
		})
	}
}

func (m *maker) zonesOf(h *vhub, s service, endpoint string, sees []*vpc) {
	var configs []any
	var links []string
	for _, z := range s.facts.Zones {
		key := plan.Slug(z.Domain)
		id, made := m.linkedZone(h, z.Domain, sees, true)
		configs, links = append(configs, map[string]any{"name": key, "privateDnsZoneId": id}), append(links, made...)
	}
	m.add(azureNative+"PrivateDnsZoneGroup", "zonegroup_"+s.key+"_"+sees[0].key, h.provider, map[string]any{
		"resourceGroupName": h.group, "privateEndpointName": "${" + endpoint + ".name}", "privateDnsZoneGroupName": "default", "privateDnsZoneConfigs": configs,
	})
	m.last().DependsOn = links
}

// linkedZone makes a zone that networks see, in the hub's resource group. Only links to zones of private link
// may fall through.
func (m *maker) linkedZone(h *vhub, domain string, sees []*vpc, falls bool) (id string, links []string) {
	key := plan.Slug(domain) + "_" + sees[0].key
	id = m.add(azureNative+"PrivateZone", "zone_"+key, h.provider, map[string]any{"resourceGroupName": h.group, "privateZoneName": domain, "location": "Global"})
	for _, v := range sees {
		link, policy := "zonelink_"+key+"_"+v.key, "Default"
		if falls {
			policy = pick(m, []string{"NxDomainRedirect", "Default"})
		}
		m.add("azure-native:network/v20240601:VirtualNetworkLink", link, h.provider, map[string]any{
			"resourceGroupName": h.group, "privateZoneName": "${zone_" + key + ".name}", "virtualNetworkLinkName": v.key, "location": "Global",
			"virtualNetwork": map[string]any{"id": v.id}, "registrationEnabled": false, "resolutionPolicy": policy,
		})
		links = append(links, link)
	}
	return id, links
}

// datadog makes endpoints to some services of Datadog us3, whose addresses are fixed, with zones and records as
// nobody but the program makes them.
func (m *maker) datadog(h *vhub) {
	made := 0
	for key, row := range topology.Sorted(schema.Datadog().AzureSites["us3"].Services) {
		name := "endpoint_dd_" + row.Endpoint
		if m.w.resource(name) != nil || made > 1 || m.chance(60) {
			continue // another service has the endpoint already
		}
		made++
		address := inSubnet(h.vpc.subnets[0].cidr, 245+made)
		m.add(azureNative+"PrivateEndpoint", name, h.provider, map[string]any{
			"resourceGroupName": h.group, "privateEndpointName": "dd-" + key, "location": h.place, "customNetworkInterfaceName": "dd-" + key + "-nic",
			"subnet":           map[string]any{"id": h.vpc.subnets[0].id},
			"ipConfigurations": []any{map[string]any{"name": "default", "groupId": "", "memberName": "", "privateIPAddress": address.String()}},
			"manualPrivateLinkServiceConnections": []any{map[string]any{
				"name": "dd", "privateLinkServiceId": row.Alias, "requestMessage": "Datadog us3 " + key,
			}},
		})
		m.linkedZone(h, row.Host, append([]*vpc{h.vpc}, h.peers...), false)
		records := []string{"@"}
		if row.Wildcard {
			records = append(records, "*")
		}
		for i, relative := range records {
			m.add(azureNative+"PrivateRecordSet", "record_dd_"+key+[]string{"", "_all"}[i], h.provider, map[string]any{
				"resourceGroupName": h.group, "privateZoneName": "${zone_" + plan.Slug(row.Host) + "_" + h.vpc.key + ".name}", "recordType": "A",
				"relativeRecordSetName": relative, "ttl": float64(300), "aRecords": []any{map[string]any{"ipv4Address": address.String()}},
			})
		}
		if h.site != nil && h.resolver.IsValid() {
			m.forward(h, row.Host)
		}
		m.w.Names = append(m.w.Names, plan.Name{
			FQDN: row.Host, Backend: "dd", Service: key, Endpoint: name, Zone: row.Host, Clients: h.clients(), Origin: origin("backends", "dd", key),
		})
	}
}
