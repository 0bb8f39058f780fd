package azure

import (
	"cmp"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/schema"
)

// endpointLowering is one backend's private endpoint in one network. Everything of it stands in the
// network's own subscription, as Azure wants of an endpoint (private-endpoint-overview), and in a
// resource group of its own: two zones of one name cannot share a group.
type endpointLowering struct {
	*monitorLowering
	h       *compile.Hosting
	network plan.Key
	endRef  string
	group   plan.Ref
	// more tells a query endpoint from the scope's own.
	more []plan.Key
}

// endpointFor lowers the endpoint of a hosting with its zones and names.
func (m *monitorLowering) endpointFor(h *compile.Hosting) {
	e := &endpointLowering{monitorLowering: m, h: h, network: m.networkKey(h.Network)}
	e.endpoint()
	e.zones()
	e.names()
	e.queryEndpoints()
}

func (e *endpointLowering) endpoint() {
	n := e.t.Networks[e.h.Network]
	group := plan.Named("resourcegroup", e.lowering.provider(n.Account), e.origin, plan.K("endpoint"), e.key, e.network)
	e.parts.ResourceGroups = append(e.parts.ResourceGroups, ResourceGroup{
		Part: group, ResourceName: e.cloudName(plan.K("endpoint"), e.key, e.network), Location: n.Region,
	})
	e.group = plan.Ref{Part: group.Name}
	e.privateEndpoint()
}

func (e *endpointLowering) privateEndpoint() {
	n := e.t.Networks[e.h.Network]
	subnet := endpointSubnet(n)
	keys := append([]plan.Key{e.key, e.network}, e.more...)
	part := plan.Named("endpoint", e.lowering.provider(n.Account), e.origin, keys...)
	name := e.cloudName(keys...)
	var pinned []Member
	if e.body.Pin {
		pinned = lockedMembers(e.t, part)
	}
	e.parts.PrivateEndpoints = append(e.parts.PrivateEndpoints, PrivateEndpoint{
		Pinned: pinned, Part: part, In: In{e.group, name}, Location: n.Region, Subnet: e.subnetID(e.h.Network, subnet), Scope: e.scopeRef,
		GroupID: e.facts.GroupID, NIC: name + "-nic", ScopedResources: e.scoped,
	})
	e.endRef = part.Name
	e.out.Endpoints = append(e.out.Endpoints, plan.Endpoint{
		Name: part.Name, Network: e.h.Network, Subnet: subnet, Origin: e.origin,
	})
}

// zones makes the private DNS zones that the endpoint's zone group needs, or takes those that are
// there, links each to the networks that use the endpoint and lets the group write the records.
func (e *endpointLowering) zones() {
	if e.body.DNS == dnsNone {
		return
	}
	records := e.records()
	set := e.zonesFor(func(domain string) []plan.Record { return records[domain] })
	for _, z := range e.facts.Zones {
		if !e.body.leavesOut(z.Domain) {
			set.zones = append(set.zones, z)
		}
	}
	e.zoneSet(set)
}

// zonesFor are zones of the endpoint's network that hold records.
func (e *endpointLowering) zonesFor(records func(domain string) []plan.Record) zoneSet {
	n := e.t.Networks[e.h.Network]
	return zoneSet{
		h: e.h, provider: e.lowering.provider(n.Account), region: n.Region, backend: e.key, origin: e.origin, in: e.group, endpoint: e.endRef, records: records,
	}
}

// records are the names that the endpoint answers, by zone.
func (e *endpointLowering) records() map[string][]plan.Record {
	records := map[string][]plan.Record{}
	for _, n := range e.members() {
		records[n.member.Zone] = append(records[n.member.Zone], plan.Record{Name: canonical(n), Endpoint: e.endRef})
	}
	return records
}

// canonical is the name in the private zone that public DNS points a member's name at.
func canonical(n memberName) string {
	return strings.TrimSuffix(n.fqdn, strings.TrimPrefix(n.member.Zone, "privatelink.")) + n.member.Zone
}

// memberName is one name of the endpoint.
type memberName struct {
	member  schema.AzureMember
	fqdn    string
	aliases []string
	origin  plan.Origin
}

// members lists the endpoint's names: the global ones, and those of each resource of the scope.
func (e *endpointLowering) members() []memberName {
	var named []naming
	for _, r := range e.all {
		host := r.host
		if host == "" {
			host = unknownHost(r.kind, e.refs[[2]string{r.kind, r.key}].Part)
		}
		named = append(named, naming{kind: r.kind, host: host, region: cmp.Or(r.Region, e.region), origin: e.lowering.origin(e.path + "." + r.path)})
	}
	all := membersOf(e.facts.Members, named, e.origin)
	for i, n := range all {
		all[i].fqdn = regionCode(n.fqdn, e.endRef)
	}
	return all
}

func (e *endpointLowering) names() {
	var clients []string
	for _, key := range e.h.Links {
		if from := e.t.Links[key].From; !slices.Contains(clients, from) {
			clients = append(clients, from)
		}
	}
	slices.Sort(clients)
	e.out.Forwards[e.endRef] = forwarded(e.facts)
	inCloud := slices.DeleteFunc(slices.Clone(clients), func(client string) bool { return e.t.ForwardsTo(client) != "" })
	for _, n := range e.members() {
		if e.body.leavesOut(n.member.Zone) {
			continue
		}
		zone := n.member.Zone
		if e.body.DNS == dnsNone {
			zone = ""
		}
		name := plan.Name{
			FQDN: n.fqdn, Canonical: canonical(n), Backend: e.backend, Service: n.member.ID, Endpoint: e.endRef, Zone: zone,
			Aliases: n.aliases, Exclusive: e.exclusive(n.member), Optional: n.member.Optional, Clients: clients, Origin: n.origin,
		}
		if inCloudOnly(e.facts, n.member.Zone) {
			name.Clients = inCloud
		}
		e.out.Names = append(e.out.Names, name)
	}
}
