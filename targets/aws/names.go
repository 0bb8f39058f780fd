package aws

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/topology"
)

// answer is what the records of a service hold: its endpoint, or the addresses of one that is there
// already.
type answer struct {
	endpoint string
	existing *topology.ExistingEndpoint
}

// zone makes one private hosted zone of a service for the networks that are to see it. It is for
// exactly the names that must be answered: a zone for a parent would answer NXDOMAIN for every other
// name below it.
func (l *lowering) zone(h *compile.Hosting, s *service, z privateZone, to answer, v view) {
	origin := l.origin(s.path(h.Backend))
	keys := []plan.Key{l.networkKey(h.Network), l.backendKey(h.Backend), plan.K(s.id)}
	if z.key != "" {
		keys = append(keys, plan.K(z.key))
	}
	keys = append(keys, v.keys...)
	owner := v.networks[0]
	existing := l.existingZone(z.domain, v.networks)
	part := plan.Named("zone", v.provider, origin, keys...)
	node := plan.Zone{Name: z.domain, Ref: plan.Ref{Part: part.Name}, Networks: slices.Sorted(slices.Values(v.networks)), Origin: origin}
	if existing != nil {
		part.Provider = l.zoneProvider(existing)
	} else {
		l.mustBeFree(h, s, z.domain, v.networks)
	}
	for i, name := range z.names {
		record := Record{Part: plan.Named("record", part.Provider, origin, recordKeys(keys, i)...), Zone: node.Ref, Domain: name, Endpoint: to.endpoint}
		if to.existing != nil {
			record.Endpoint, record.Addresses = "", sortedAddresses(to.existing)
		}
		answer := plan.Record{Name: name, Endpoint: to.endpoint}
		if existing != nil {
			if holds(existing, name) {
				continue // which the proof judges
			}
			record.Zone = plan.Ref{Existing: existing.Existing}
			l.out.Records = append(l.out.Records, compile.ZoneRecord{Zone: existing.Existing, Record: answer})
		}
		node.Records = append(node.Records, answer)
		l.parts.Records = append(l.parts.Records, record)
	}
	if existing != nil {
		return
	}
	zone := Zone{Part: part, Domain: z.domain, VPCs: []ZoneVPC{l.zoneVPC(owner)}}
	account := l.t.Networks[owner].Account
	for _, client := range v.networks {
		switch {
		case client == owner:
		case l.t.Networks[client].Account == account:
			zone.VPCs = append(zone.VPCs, l.zoneVPC(client))
		default:
			zone.Shared = true
			l.shareZone(part, client, keys)
		}
	}
	l.parts.Zones = append(l.parts.Zones, zone)
	l.out.Zones = append(l.out.Zones, node)
}

// holds reports whether an existing zone is declared to hold a name already.
func holds(z *topology.Zone, name string) bool {
	for record := range z.Records {
		if strings.EqualFold(record, name) {
			return true
		}
	}
	return false
}

func sortedAddresses(e *topology.ExistingEndpoint) []netip.Addr {
	var all []netip.Addr
	for _, text := range e.Addresses {
		all = append(all, netip.MustParseAddr(text))
	}
	slices.SortFunc(all, netip.Addr.Compare)
	return all
}

// existingZone is the declared zone of exactly a name that one of the networks sees, or nil. A second
// zone of that name would be refused there (ConflictingDomainExists, datadog_aws fact 5), so the
// record goes into the first; which networks see it stays as it is.
func (l *lowering) existingZone(domain string, sees []string) *topology.Zone {
	for _, z := range topology.Sorted(l.t.Zones) {
		if strings.EqualFold(z.Domain, domain) && slices.ContainsFunc(sees, func(n string) bool { return slices.Contains(z.Networks, n) }) {
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
func (l *lowering) shareZone(zone plan.Part, client string, keys []plan.Key) {
	keys = append(slices.Clip(keys), l.networkKey(client))
	authorization := plan.Named("zoneauthorization", zone.Provider, zone.Origin, keys...)
	l.parts.ZoneAuthorizations = append(l.parts.ZoneAuthorizations, ZoneAuthorization{
		Part: authorization, Zone: zone.Name, VPC: l.zoneVPC(client), Removed: l.t.ZoneAuthorizations == "removed",
	})
	l.parts.ZoneAssociations = append(l.parts.ZoneAssociations, ZoneAssociation{
		Part: plan.Named("zoneassociation", l.provider(client), zone.Origin, keys...),
		Zone: zone.Name, VPC: l.zoneVPC(client), Authorization: authorization.Name,
	})
}

// names lists what clients ask for. A wildcard host cannot be listed; the private zone serves it, a
// hosts file cannot.
func (l *lowering) names(h *compile.Hosting, s *service, endpoint string, zoned bool, clients []string) {
	origin := l.origin(s.path(h.Backend))
	versioned := s.versioned
	for _, host := range s.hosts {
		if strings.HasPrefix(host, "*.") {
			continue
		}
		name := plan.Name{FQDN: host, Backend: h.Backend, Service: s.keys[0], Endpoint: endpoint, Clients: clients, Origin: origin}
		zone := s.answering(host)
		if zone == nil {
			zone = &s.zones[0]
			name.Canonical = zone.domain
		}
		if zoned {
			name.Zone = zone.domain
		}
		name.Versioned, versioned = versioned, ""
		l.out.Names = append(l.out.Names, name)
	}
}
