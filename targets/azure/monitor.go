package azure

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/topology"
	"github.com/obslink/obslink/schema"
)

// defaultRetention is the workspace's retention where the topology does not say.
const defaultRetention = 30

// host lowers one Azure Monitor backend with its private endpoint in one network, in the order that
// Azure needs: scope, workspaces, scoped resources one after another, endpoint, zones, links, group.
func (l *lowering) host(h *compile.Hosting) {
	body := compile.Decode[monitor](l.t.Backends[h.Backend].Body)
	n := l.t.Networks[h.Network]
	accountKey, region := cmp.Or(body.Account, n.Account), cmp.Or(body.Region, n.Region)
	m := &monitorLowering{
		lowering: l, h: h, body: body, region: region, provider: l.provider(accountKey),
		path: "backends." + h.Backend + ".azureMonitor", key: l.backendKey(h.Backend), facts: schema.AzureMonitor().AzurePrivateLink,
	}
	m.origin = l.origin(m.path)
	m.group()
	m.scope()
	scoped := m.workspaces()
	m.endpoint(scoped)
	m.nameZones()
	m.names()
}

// monitorLowering is one backend in one network.
type monitorLowering struct {
	*lowering
	h        *compile.Hosting
	body     monitor
	region   string
	provider string
	path     string
	key      plan.Key
	origin   plan.Origin // of the backend
	in       plan.Ref    // the backend's resource group
	facts    schema.AzurePrivateLink
	// closed says that the endpoint's names serve nothing outside of the scope, whatever its modes say.
	closed   bool
	scopeRef plan.Ref
	endRef   string
}

// named makes a part of the backend; more keys follow the backend's.
func (m *monitorLowering) named(kind string, more ...plan.Key) plan.Part {
	return plan.Named(kind, m.provider, m.origin, append([]plan.Key{m.key}, more...)...)
}

func (m *monitorLowering) group() {
	part := plan.Named("resourcegroup", m.provider, m.origin, plan.K("backend"), m.key)
	m.parts.ResourceGroups = append(m.parts.ResourceGroups, ResourceGroup{
		Part: part, ResourceName: m.cloudName(plan.K("backend"), m.key), Location: m.region,
	})
	m.in = plan.Ref{Part: part.Name}
}

func (m *monitorLowering) scope() {
	part := m.named("scope")
	m.parts.Scopes = append(m.parts.Scopes, Scope{
		Part: part, In: In{m.in, m.cloudName(m.key)}, Ingestion: m.body.Ingestion, Query: m.body.Query,
	})
	m.scopeRef = plan.Ref{Part: part.Name}
}

// workspaces makes the workspaces and puts each into the scope, one after another: two at a time
// are refused with 409 (hashicorp/terraform-provider-azurerm#22236).
func (m *monitorLowering) workspaces() (scoped []string) {
	for name, w := range topology.Sorted(m.body.Workspaces) {
		key := plan.Key{Now: name, Was: w.Was}
		part := m.named("workspace", key)
		part.Origin = m.lowering.origin(m.path + ".workspaces." + name)
		m.parts.Workspaces = append(m.parts.Workspaces, Workspace{
			Part: part, In: In{m.in, m.cloudName(m.key, key)}, Location: cmp.Or(w.Region, m.region),
			RetentionDays: cmp.Or(w.RetentionDays, defaultRetention), PublicQuery: m.body.Query == "Open",
		})
		resource := m.named("scopedresource", key)
		resource.Origin = part.Origin
		after := ""
		if len(scoped) > 0 {
			after = scoped[len(scoped)-1]
		}
		m.parts.ScopedResources = append(m.parts.ScopedResources, ScopedResource{
			Part: resource, In: In{m.in, m.cloudName(m.key, key)}, Scope: m.scopeRef.Part, Target: plan.Ref{Part: part.Name}, After: after,
		})
		scoped = append(scoped, resource.Name)
	}
	return scoped
}

func (m *monitorLowering) endpoint(scoped []string) {
	n := m.t.Networks[m.h.Network]
	network := m.networkKey(m.h.Network)
	subnet := endpointSubnet(n)
	part := m.named("endpoint", network)
	name := m.cloudName(m.key, network)
	m.parts.PrivateEndpoints = append(m.parts.PrivateEndpoints, PrivateEndpoint{
		Part: part, In: In{m.in, name}, Location: n.Region, Subnet: m.subnetID(m.h.Network, subnet), Scope: m.scopeRef,
		GroupID: m.facts.GroupID, NIC: name + "-nic", ScopedResources: scoped,
	})
	m.endRef = part.Name
	m.out.Endpoints = append(m.out.Endpoints, plan.Endpoint{
		Name: part.Name, Network: m.h.Network, Subnet: subnet, Origin: m.origin,
	})
}

// exclusive reports whether the scope refuses what a member's name would reach outside of it.
func (m *monitorLowering) exclusive(member schema.AzureMember) bool {
	const only = "PrivateOnly"
	return m.closed || member.Mode == "ingestion" && m.body.Ingestion == only || member.Mode == "query" && m.body.Query == only
}

// canonical is the name in the private zone that public DNS points a member's name at.
func canonical(n memberName) string {
	return strings.TrimSuffix(n.fqdn, strings.TrimPrefix(n.member.Zone, "privatelink.")) + n.member.Zone
}

// memberName is one name of the endpoint.
type memberName struct {
	member schema.AzureMember
	fqdn   string
	origin plan.Origin
}

// members lists the endpoint's names: the global ones, and those of each workspace, whose id only
// Azure knows.
func (m *monitorLowering) members() []memberName {
	var all []memberName
	for _, member := range m.facts.Members {
		switch member.Per {
		case "global", "region", "kubernetes":
			all = append(all, memberName{member, regionCode(member.FQDN, m.endRef), m.origin})
		case "workspace":
			for name := range topology.Sorted(m.body.Workspaces) {
				id := fmt.Sprintf("${workspace_%s_%s.customerId}", m.h.Backend, name)
				all = append(all, memberName{member, strings.ReplaceAll(member.FQDN, "{workspaceId}", id), m.lowering.origin(m.path + ".workspaces." + name)})
			}
		}
	}
	return all
}

func (m *monitorLowering) names() {
	var clients []string
	for _, key := range m.h.Links {
		if from := m.t.Links[key].From; !slices.Contains(clients, from) {
			clients = append(clients, from)
		}
	}
	slices.Sort(clients)
	for _, n := range m.members() {
		if m.body.leavesOut(n.member.Zone) {
			continue
		}
		zone := n.member.Zone
		if m.body.DNS == dnsNone {
			zone = ""
		}
		m.out.Names = append(m.out.Names, plan.Name{
			FQDN: n.fqdn, Canonical: canonical(n), Backend: m.h.Backend, Service: n.member.ID, Endpoint: m.endRef, Zone: zone,
			Aliases: n.member.Aliases, Exclusive: m.exclusive(n.member), Optional: n.member.Optional, Clients: clients, Origin: n.origin,
		})
	}
}
