package aws

import (
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/topology"
)

// zone makes the private hosted zone of one service for the endpoint network and its peers. It is
// for exactly the name that must be answered: a zone for a parent would answer NXDOMAIN for every
// other name below it.
func (l *lowering) zone(h *compile.Hosting, s *service, endpoint string, peered []string) string {
	origin := l.origin("backends." + h.Backend + ".datadog.services." + s.keys[0])
	keys := []plan.Key{l.networkKey(h.Network), l.backendKey(h.Backend), plan.K(s.id)}
	provider := l.provider(h.Network)
	record := Record{Part: plan.Named("record", provider, origin, keys...), Domain: s.row.PrivateDNSName, Endpoint: endpoint}
	if z := l.existingZone(h, record.Domain, peered); z != nil {
		record.Zone = plan.Ref{Existing: z.Existing}
		l.parts.Records = append(l.parts.Records, record)
		l.out.Records = append(l.out.Records, compile.ZoneRecord{Zone: z.Existing, Record: plan.Record{Name: record.Domain, Endpoint: endpoint}})
		return record.Domain
	}
	part := plan.Named("zone", provider, origin, keys...)
	zone := Zone{Part: part, Domain: s.row.PrivateDNSName, VPCs: []ZoneVPC{l.zoneVPC(h.Network)}}
	account := l.t.Networks[h.Network].Account
	for _, client := range peered {
		if l.t.Networks[client].Account == account {
			zone.VPCs = append(zone.VPCs, l.zoneVPC(client))
			continue
		}
		zone.Shared = true
		l.shareZone(h, s, part, client)
	}
	l.parts.Zones = append(l.parts.Zones, zone)
	record.Zone = plan.Ref{Part: part.Name}
	l.parts.Records = append(l.parts.Records, record)
	l.out.Zones = append(l.out.Zones, plan.Zone{
		Name: zone.Domain, Ref: plan.Ref{Part: part.Name}, Networks: slices.Sorted(slices.Values(append([]string{h.Network}, peered...))),
		Records: []plan.Record{{Name: zone.Domain, Endpoint: endpoint}}, Origin: origin,
	})
	return zone.Domain
}

// existingZone is the declared zone of exactly a name that one of the networks sees, or nil. A second
// zone of that name would be refused there (ConflictingDomainExists, datadog_aws fact 5), so the
// record goes into the first; which networks see it stays as it is.
func (l *lowering) existingZone(h *compile.Hosting, domain string, peered []string) *topology.Zone {
	for _, z := range topology.Sorted(l.t.Zones) {
		sees := func(network string) bool { return slices.Contains(z.Networks, network) }
		if z.Domain == domain && (sees(h.Network) || slices.ContainsFunc(peered, sees)) {
			return z
		}
	}
	return nil
}

func (l *lowering) zoneVPC(network string) ZoneVPC {
	return ZoneVPC{VPC: l.vpc(network), Region: l.t.Networks[network].Region}
}

// shareZone associates a VPC of another account: the zone's owner authorises, the VPC's owner
// associates (Route 53 developer guide, 2023).
func (l *lowering) shareZone(h *compile.Hosting, s *service, zone plan.Part, client string) {
	keys := []plan.Key{l.networkKey(h.Network), l.backendKey(h.Backend), plan.K(s.id), l.networkKey(client)}
	authorization := plan.Named("zoneauthorization", zone.Provider, zone.Origin, keys...)
	l.parts.ZoneAuthorizations = append(l.parts.ZoneAuthorizations, ZoneAuthorization{
		Part: authorization, Zone: zone.Name, VPC: l.zoneVPC(client),
	})
	l.parts.ZoneAssociations = append(l.parts.ZoneAssociations, ZoneAssociation{
		Part: plan.Named("zoneassociation", l.provider(client), zone.Origin, keys...),
		Zone: zone.Name, VPC: l.zoneVPC(client), Authorization: authorization.Name,
	})
}

// names lists what clients ask for. A wildcard host cannot be listed; the private zone serves it
// through the public CNAME, a hosts file cannot.
func (l *lowering) names(h *compile.Hosting, s *service, endpoint, zone string, clients []string) {
	origin := l.origin("backends." + h.Backend + ".datadog.services." + s.keys[0])
	versioned := s.versioned
	for _, host := range s.hosts {
		if strings.HasPrefix(host, "*.") {
			continue
		}
		name := plan.Name{
			FQDN: host, Backend: h.Backend, Service: s.keys[0], Endpoint: endpoint, Zone: zone, Clients: clients, Origin: origin,
		}
		if host != s.row.PrivateDNSName {
			name.Canonical = s.row.PrivateDNSName
		}
		name.Versioned, versioned = versioned, ""
		l.out.Names = append(l.out.Names, name)
	}
}
