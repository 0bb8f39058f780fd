package azure

import (
	"cmp"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/schema"
)

// defaultRetention is the workspace's retention where the topology does not say.
const defaultRetention = 30

// backend lowers one Azure Monitor backend with its private endpoints, in the order that Azure needs:
// scope, resources, scoped resources one after another, endpoints, zones, links, groups.
func (l *lowering) backend(hostings []*compile.Hosting) {
	backend := hostings[0].Backend
	body := compile.Decode[monitor](l.t.Backends[backend].Body)
	first := l.t.Networks[hostings[0].Network]
	m := &monitorLowering{
		lowering: l, backend: backend, body: body, account: cmp.Or(body.Account, first.Account), region: cmp.Or(body.Region, first.Region),
		path: "backends." + backend + ".azureMonitor", key: l.backendKey(backend), refs: map[[2]string]plan.Ref{}, groups: map[string]plan.Ref{}, all: body.all(),
		facts: schema.AzureMonitor().In(cloudOf(l.t, first.Account)),
	}
	if id, ok := parseScopeID(body.Existing); ok {
		m.account = cmp.Or(l.subscriptions[strings.ToLower(id.subscription)], m.account)
	}
	m.provider, m.origin = l.provider(m.account), l.origin(m.path)
	m.scope(hostings)
	m.resources()
	m.prometheus()
	m.scopeAll()
	m.rules()
	for _, h := range hostings {
		m.endpointFor(h)
	}
}

// monitorLowering is one backend.
type monitorLowering struct {
	*lowering
	backend  string
	body     monitor
	account  string
	region   string
	provider string
	path     string
	key      plan.Key
	origin   plan.Origin // of the backend
	in       plan.Ref    // the scope's resource group
	facts    schema.AzurePrivateLink
	// closed says that the endpoint's names serve nothing outside of the scope, whatever its modes say.
	closed   bool
	scopeRef plan.Ref
	refs     map[[2]string]plan.Ref // resources of the scope, by kind and key
	groups   map[string]plan.Ref    // resource groups, by account; "" is the backend's
	all      []monitored
	scoped   []string
}

// named makes a part of the backend; more keys follow the backend's.
func (m *monitorLowering) named(kind string, more ...plan.Key) plan.Part {
	return plan.Named(kind, m.provider, m.origin, append([]plan.Key{m.key}, more...)...)
}

// group is the backend's resource group in the subscription of an account; "" is the scope's own.
func (m *monitorLowering) group(account string) plan.Ref {
	if made, found := m.groups[account]; found {
		return made
	}
	keys := []plan.Key{plan.K("backend"), m.key}
	if account != "" {
		keys = append(keys, plan.Key{Now: account, Was: m.t.Accounts[account].Was})
	}
	part := plan.Named("resourcegroup", m.lowering.provider(cmp.Or(account, m.account)), m.origin, keys...)
	m.parts.ResourceGroups = append(m.parts.ResourceGroups, ResourceGroup{Part: part, ResourceName: m.cloudName(keys...), Location: m.region})
	m.groups[account] = plan.Ref{Part: part.Name}
	return m.groups[account]
}

func (m *monitorLowering) scope(hostings []*compile.Hosting) {
	if id, ok := parseScopeID(m.body.Existing); ok {
		m.parts.ExistingScopes = append(m.parts.ExistingScopes, ExistingScope{
			Provider: m.provider, ResourceGroup: id.group, Name: id.name, Ingestion: m.body.Ingestion, Query: m.body.Query, Origin: m.lowering.origin(m.path + ".existing"),
		})
		m.scopeRef, m.in = plan.Ref{Existing: m.body.Existing}, plan.Ref{Existing: id.group}
		return
	}
	m.in = m.group("")
	part := m.named("scope")
	scope := Scope{Part: part, In: In{m.in, m.cloudName(m.key)}, Ingestion: m.body.Ingestion, Query: m.body.Query}
	for _, h := range hostings {
		if _, said := m.body.Exclusions[h.Network]; said {
			own := m.body.modesIn(h.Network)
			scope.Exclusions = append(scope.Exclusions, Exclusion{
				Endpoint: m.named("endpoint", m.networkKey(h.Network)).Name, Ingestion: own.Ingestion, Query: own.Query,
			})
		}
	}
	m.parts.Scopes = append(m.parts.Scopes, scope)
	m.scopeRef = plan.Ref{Part: part.Name}
}

// scopeAll puts each resource into the scope, one after another: two at a time are refused with 409
// (hashicorp/terraform-provider-azurerm#22236).
func (m *monitorLowering) scopeAll() {
	for _, r := range m.all {
		key := plan.Key{Now: r.key, Was: r.Was}
		part, name := m.named("scopedresource", key), m.cloudName(m.key, key)
		if r.kind != kindWorkspace {
			part, name = m.named("scopedresource", plan.K(r.kind), key), name+"_"+r.kind
		}
		part.Origin = m.lowering.origin(m.path + "." + r.path)
		after := ""
		if len(m.scoped) > 0 {
			after = m.scoped[len(m.scoped)-1]
		}
		m.parts.ScopedResources = append(m.parts.ScopedResources, ScopedResource{
			Part: part, In: In{m.in, name}, Scope: m.scopeRef, Target: m.refs[[2]string{r.kind, r.key}], After: after,
		})
		m.scoped = append(m.scoped, part.Name)
	}
}

// forwarded are the domains that a site forwards: the public parents of the zones, which a privatelink
// name cannot stand for (private-endpoint-dns-integration, 2023-11), and further names that public DNS
// points at one of them, for DNS servers that do not follow a CNAME by their own rules.
func forwarded(facts schema.AzurePrivateLink) []string {
	var all []string
	left := map[string]bool{}
	for _, z := range facts.Zones {
		if left[z.Domain] = z.InCloudOnly != ""; !left[z.Domain] {
			all = append(all, z.Forwards...)
		}
	}
	for _, member := range facts.Members {
		if !left[member.Zone] {
			all = append(all, member.Aliases...)
		}
	}
	return all
}

// inCloudOnly reports whether sites that forward leave a zone out.
func inCloudOnly(facts schema.AzurePrivateLink, zone string) bool {
	return slices.ContainsFunc(facts.Zones, func(z schema.AzureZone) bool { return z.Domain == zone && z.InCloudOnly != "" })
}

// exclusive reports whether the endpoint refuses what a member's name would reach outside of the scope.
func (e *endpointLowering) exclusive(member schema.AzureMember) bool {
	const only = "PrivateOnly"
	own := e.body.modesIn(e.h.Network)
	return e.closed || member.Mode == "ingestion" && own.Ingestion == only || member.Mode == "query" && own.Query == only
}

// resources makes the resources of the scope, or has them looked up where they are there already.
func (m *monitorLowering) resources() {
	for _, r := range m.all {
		if r.existing != "" {
			m.lookUp(r)
			continue
		}
		switch at := m.made(r); r.kind {
		case kindWorkspace:
			m.parts.Workspaces = append(m.parts.Workspaces, Workspace{
				Part: at.Part, In: at.In, Location: at.location, Public: m.body.closed(r.public),
				RetentionDays: cmp.Or(m.body.Workspaces[r.key].RetentionDays, defaultRetention),
			})
		case kindComponent:
			c := m.body.Components[r.key]
			m.parts.Components = append(m.parts.Components, Component{
				Part: at.Part, In: at.In, Location: at.location, Kind: cmp.Or(c.Kind, "web"), Public: m.body.closed(r.public),
				Workspace: m.refs[[2]string{kindWorkspace, m.body.workspaceOf(c)}],
			})
		case kindCollector:
			m.parts.DataCollectionEndpoints = append(m.parts.DataCollectionEndpoints, DataCollectionEndpoint{
				Part: at.Part, In: at.In, Location: at.location, Public: cmp.Or(r.public.Ingestion, "Disabled"),
			})
		}
	}
}

// place is where a created resource stands.
type place struct {
	plan.Part
	In
	location string
}

// made is the place of a resource that obslink creates.
func (m *monitorLowering) made(r monitored) place {
	k := plan.Key{Now: r.key, Was: r.Was}
	at := place{Part: m.named(r.kind, k), In: In{m.group(""), m.cloudName(m.key, k)}, location: cmp.Or(r.Region, m.region)}
	at.Origin = m.lowering.origin(m.path + "." + r.path)
	if r.Account != "" && r.Account != m.account {
		at.Provider, at.ResourceGroup = m.lowering.provider(r.Account), m.group(r.Account)
	}
	m.refs[[2]string{r.kind, r.key}] = plan.Ref{Part: at.Name}
	return at
}

// lookUp has a resource looked up that is there already.
func (m *monitorLowering) lookUp(r monitored) {
	m.refs[[2]string{r.kind, r.key}] = plan.Ref{Existing: r.existing}
	id := monitoredID.FindStringSubmatch(r.existing)
	account, cloud := m.subscriptions[strings.ToLower(id[1])], ""
	if in := cloudOf(m.t, account); in != schema.AzurePublic {
		cloud = in
	}
	m.parts.ExistingMonitored = append(m.parts.ExistingMonitored, ExistingMonitored{
		Kind: r.kind, Cloud: cloud, Provider: m.lowering.provider(account), ResourceGroup: id[2], Name: id[4], Location: cmp.Or(r.Region, m.region),
		Host: r.host, Public: r.public, Origin: m.lowering.origin(m.path + "." + r.path + ".existing"),
	})
}
