package truth

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/schema"
)

// claimedIn reports whether a network sees a zone of a name already: clouds refuse a second one.
func (m *maker) claimedIn(v *vpc, name string) bool { return slices.Contains(m.seen[v.key], name) }

// see notes that a network sees a zone.
func (m *maker) see(v *vpc, name string) { m.seen[v.key] = append(m.seen[v.key], name) }

// zone makes the private zone that answers a service's name in a hub and its peers: of exactly that
// name, or of its parent with a wildcard, or one that is there already.
func (m *maker) zone(h *hub, endpoint, key, domain string) string {
	_, parent, _ := strings.Cut(domain, ".")
	record := domain
	var sees []*vpc
	for _, v := range append([]*vpc{h.vpc}, h.peers...) {
		if !m.claimedIn(v, domain) && !slices.Contains(h.ruled, v) {
			sees = append(sees, v)
		}
	}
	if len(sees) == 0 {
		return ""
	}
	if m.chance(12) && strings.Count(parent, ".") > 1 && !slices.ContainsFunc(sees, func(v *vpc) bool { return m.claimedIn(v, parent) }) {
		domain, record = parent, "*."+parent
	}
	for _, v := range sees {
		m.see(v, domain)
	}
	zone := ""
	if m.chance(15) {
		zone = m.declaredZone(sees, key, domain)
	} else {
		zone = m.createdZone(h, sees, key, domain)
	}
	m.record("record_"+h.vpc.key+"_"+h.backend+"_"+key, sees[0].provider, zone, record, endpoint)
	return domain
}

func (m *maker) declaredZone(sees []*vpc, key, domain string) string {
	z := plan.Zone{Name: domain, Ref: plan.Ref{Existing: "Z0" + strings.ToUpper(plan.Slug(key))}, Origin: origin("zones", key)}
	for _, v := range sees {
		z.Networks = append(z.Networks, v.key)
	}
	slices.Sort(z.Networks)
	z.Ref.Existing += strings.ToUpper(strings.Join(z.Networks, ""))
	m.w.Declared.Zones = append(m.w.Declared.Zones, z)
	return z.Ref.Existing
}

// createdZone lists the networks of the first one's account in the zone; the others associate.
func (m *maker) createdZone(h *hub, sees []*vpc, key, domain string) string {
	owner := sees[0]
	name := "zone_" + h.vpc.key + "_" + h.backend + "_" + key
	id := m.add("aws:route53/zone:Zone", name, owner.provider, map[string]any{"name": domain})
	zone := len(m.w.Manifest.Resources) - 1
	var vpcs []any
	shared := false
	for _, v := range sees {
		if v.account == owner.account {
			vpcs = append(vpcs, map[string]any{"vpcId": v.id, "vpcRegion": v.region})
			continue
		}
		shared = true
		tail := name + "_" + v.key
		inputs := func() map[string]any { return map[string]any{"zoneId": id, "vpcId": v.id, "vpcRegion": v.region} }
		m.add("aws:route53/vpcAssociationAuthorization:VpcAssociationAuthorization", "zoneauthorization_"+tail, owner.provider, inputs())
		m.add("aws:route53/zoneAssociation:ZoneAssociation", "zoneassociation_"+tail, v.provider, inputs())
		m.last().DependsOn = []string{"zoneauthorization_" + tail}
	}
	z := &m.w.Manifest.Resources[zone]
	z.Inputs["vpcs"] = vpcs
	if shared {
		z.IgnoreChanges, z.ReplacementTrigger, z.DeleteBeforeReplace = []string{"vpcs"}, owner.id, true
	}
	return id
}

// record points a name of a zone at an endpoint: as the program does, by the endpoint's alias.
func (m *maker) record(name, provider, zone, domain, endpoint string) {
	inputs := map[string]any{"zoneId": zone, "name": domain, "type": "A"}
	if e := m.w.there(endpoint); e != nil {
		inputs["ttl"] = 60
		inputs["records"] = texts(e.Addresses)
	} else {
		entry := "${" + endpoint + ".dnsEntries[0]."
		inputs["aliases"] = []any{map[string]any{"name": entry + "dnsName}", "zoneId": entry + "hostedZoneId}", "evaluateTargetHealth": false}}
	}
	m.add("aws:route53/record:Record", name, provider, inputs)
}

// inbound puts an inbound resolver into a hub, declared or created.
func (m *maker) inbound(h *hub) {
	s, other := pick(m, h.vpc.subnets), pick(m, h.vpc.subnets)
	h.resolver = inSubnet(s.cidr, 53)
	name := "resolver_" + h.vpc.key
	if h.vpc.existing && m.chance(50) {
		m.w.Declared.Resolvers = append(m.w.Declared.Resolvers, plan.Resolver{
			Name: name, Ref: plan.Ref{Existing: name}, Network: h.vpc.key, Addresses: []netip.Addr{h.resolver},
			Origin: origin("networks", h.vpc.key, "existing.resolvers"),
		})
		return
	}
	group := m.securityGroup(h.vpc, "resolverfilter_"+h.vpc.key)
	for _, c := range m.sources(h) {
		m.ingress("ingress_dns_udp_"+h.vpc.key+"_"+slug(c), h.vpc, group, c, "udp", 53)
		m.ingress("ingress_dns_tcp_"+h.vpc.key+"_"+slug(c), h.vpc, group, c, "tcp", 53)
	}
	m.add("aws:route53/resolverEndpoint:ResolverEndpoint", name, h.vpc.provider, map[string]any{
		"direction": "INBOUND", "securityGroupIds": []any{group},
		"ipAddresses": []any{map[string]any{"subnetId": s.id, "ip": h.resolver.String()}, map[string]any{"subnetId": other.id, "ip": inSubnet(other.cidr, 55).String()}},
	})
}

// sources are the prefixes that a hub's clients come from.
func (m *maker) sources(h *hub) []netip.Prefix {
	var all []netip.Prefix
	add := func(p netip.Prefix) {
		if !slices.Contains(all, p) {
			all = append(all, p)
		}
	}
	for _, v := range h.peers {
		add(v.cidr)
	}
	for _, s := range h.sites {
		add(s.seen)
	}
	return all
}

// forwards lets sites ask the hub's resolver, and now and then a network that has no zones.
func (m *maker) forwards(h *hub) {
	if !h.resolver.IsValid() {
		return
	}
	for _, s := range h.sites {
		if m.chance(70) {
			d := m.declaredSite(s)
			d.DNS = plan.DNS{Mode: pick(m, []string{plan.DNSExported, plan.DNSPublic}), Origin: origin("sites", s.key, "dns"), Forwards: []plan.Forward{{
				Domain: m.forwarded(h), Servers: []netip.Addr{h.resolver}, Origin: origin("sites", s.key, "dns.forward"),
			}}}
		}
	}
	for _, v := range h.ruled {
		m.rule(h, v)
	}
}

// forwarded is a domain that a client forwards: a whole backend's, or one name's.
func (m *maker) forwarded(h *hub) string {
	var names []string
	for _, n := range m.w.Names {
		if n.Backend == h.backend {
			names = append(names, n.FQDN)
		}
	}
	if len(names) == 0 || m.chance(75) {
		return schema.Datadog().Sites[homes[h.vpc.region]].Domain
	}
	return pick(m, names)
}

// rule makes a resolver rule of a network: it asks the hub's resolver through an outbound endpoint.
func (m *maker) rule(h *hub, v *vpc) {
	if m.has("rule_" + v.key) {
		return // of another hub
	}
	s := pick(m, v.subnets)
	group := m.securityGroup(v, "outboundfilter_"+v.key)
	for _, protocol := range []string{"udp", "tcp"} {
		m.add("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "egress_dns_"+protocol+"_"+v.key, v.provider, map[string]any{
			"securityGroupId": group, "cidrIpv4": h.vpc.cidr.String(), "ipProtocol": protocol, "fromPort": 53, "toPort": 53,
		})
	}
	out := m.add("aws:route53/resolverEndpoint:ResolverEndpoint", "outbound_"+v.key, v.provider, map[string]any{
		"direction": "OUTBOUND", "securityGroupIds": []any{group},
		"ipAddresses": []any{
			map[string]any{"subnetId": s.id, "ip": inSubnet(s.cidr, 54).String()}, map[string]any{"subnetId": s.id, "ip": inSubnet(s.cidr, 56).String()},
		},
	})
	rule := m.add("aws:route53/resolverRule:ResolverRule", "rule_"+v.key, v.provider, map[string]any{
		"domainName": m.forwarded(h), "ruleType": "FORWARD", "resolverEndpointId": out,
		"targetIps": []any{map[string]any{"ip": h.resolver.String(), "port": 53}},
	})
	m.add("aws:route53/resolverRuleAssociation:ResolverRuleAssociation", "ruleassociation_"+v.key, v.provider, map[string]any{
		"resolverRuleId": rule, "vpcId": v.id,
	})
}
