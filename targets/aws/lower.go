package aws

import (
	"cmp"
	"net/netip"
	"slices"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/topology"
)

// account is the body of an account of kind aws.
type account struct {
	ID         string `json:"id"`
	AssumeRole string `json:"assumeRole"`
	Profile    string `json:"profile"`
}

// Lower turns what stands in AWS accounts into VPCs, peerings, endpoints and zones.
func Lower(stack string, t *topology.Topology) compile.Lowered {
	l := &lowering{
		t: t, stack: stack, parts: &Parts{}, providers: map[string]string{}, peerings: map[string]bool{}, routes: map[string]bool{}, groups: map[string]*group{},
		groupParts: map[string]int{}, clientFilters: map[string][]string{}, rules: map[string]bool{},
		peeringNames: map[string]string{}, existingPeers: existingPeerings(t), free: map[string]int{},
		services: servicesOf(t), crossed: crossed(t),
		out: compile.Lowered{Forwards: map[string][]string{}, Refs: map[string]plan.Ref{}, RouteTables: map[string][]plan.RouteTable{}, SubnetTable: map[string]string{}},
	}
	for key := range topology.Sorted(t.Networks) {
		if t.Kind(key) == Name {
			l.network(key)
		}
	}
	l.existingZones()
	l.transitGateways()
	l.vpns()
	hostings := compile.Hostings(t, Name)
	l.makeRoom(hostings)
	for _, h := range hostings {
		l.host(h)
	}
	l.inboundEndpoints()
	l.finish()
	return l.out
}

// lowering holds the parts while they are made.
type lowering struct {
	t         *topology.Topology
	stack     string
	parts     *Parts
	out       compile.Lowered
	providers map[string]string // provider name by account and region
	peerings  map[string]bool
	routes    map[string]bool
	services  func(*compile.Hosting) []*service
	// existingTables are the look-ups of existing route tables, by id.
	existingTables map[string]int
	// groups are the existing security groups by their name in the graph.
	groups map[string]*group
	// groupParts are the look-ups of existing security groups, by id, and clientFilters those of the
	// graph's filters of servers that are one.
	groupParts    map[string]int
	clientFilters map[string][]string
	// rules are the names of rules that let servers out.
	rules map[string]bool
	// existingPeers are links that name a peering, and peeringNames its name in the graph.
	existingPeers map[[2]string]string
	peeringNames  map[string]string
	// free are the names that must be free, by provider and domain.
	free map[string]int
	// crossed are the networks that hold endpoints for services of another region.
	crossed map[string]bool
	// gateways are transit gateways by key; their peerings are found from either of the two.
	gateways        map[string]*gateway
	gatewayPeerings map[[2]string]accepted
	// attachmentAccepters accept the attachments of other accounts' networks, by network.
	attachmentAccepters map[string]string
}

// makeRoom allocates the longest lists once: they hold large values, which growing would copy.
func (l *lowering) makeRoom(hostings []*compile.Hosting) {
	endpoints, names := 0, 0
	for _, h := range hostings {
		for _, s := range l.services(h) { // some of them may be there already
			endpoints++
			names += len(s.hosts)
		}
	}
	l.parts.Endpoints = make([]Endpoint, 0, endpoints)
	l.out.Endpoints = slices.Grow(l.out.Endpoints, endpoints)
	l.out.Names = make([]plan.Name, 0, names)
}

// finish sorts what hostings added in the order of links, whose keys are in no name, and hands it
// over.
func (l *lowering) finish() {
	p := l.parts
	l.addToExistingGateways()
	sortParts(p.Providers, func(x Provider) string { return x.Name })
	sortParts(p.Peerings, func(x Peering) string { return x.Name })
	sortParts(p.PeeringAccepters, func(x PeeringAccepter) string { return x.Name })
	sortParts(p.EgressRules, func(x EgressRule) string { return x.Name })
	sortParts(p.IngressRules, func(x IngressRule) string { return x.Name })
	slices.SortFunc(l.out.Prerequisites, func(a, b plan.Prerequisite) int { return cmp.Compare(a.Text, b.Text) })
	sortParts(p.TransitAssociations, func(x TransitAssociation) string { return x.Name })
	sortParts(p.TransitPropagations, func(x TransitPropagation) string { return x.Name })
	sortParts(p.TransitRoutes, func(x TransitRoute) string { return x.Name })
	sortParts(p.Routes, func(x Route) string { return x.Name })
	sortParts(p.ExistingServices, func(x ExistingService) string { return x.Provider + " " + x.ServiceName })
	for _, t := range p.ExistingRouteTables {
		slices.SortFunc(t.Adds, netip.Prefix.Compare)
		slices.SortFunc(t.Holds, func(a, b HeldRoute) int { return a.Destination.Compare(b.Destination) })
		slices.Sort(t.Interfaces)
		slices.Sort(t.Peerings)
	}
	sortParts(p.ExistingPeerings, func(x ExistingPeering) string { return x.ID })
	sortParts(p.FreeNames, func(x FreeName) string { return x.Provider + " " + x.Domain })
	for _, f := range p.FreeNames {
		slices.Sort(f.VPCs)
	}
	for _, g := range p.ExistingGroups {
		slices.SortFunc(g.Adds, netip.Prefix.Compare)
		slices.SortFunc(g.AddsOut, netip.Prefix.Compare)
	}
	sortParts(p.ExistingEndpoints, func(x ExistingEndpoint) string { return x.Name })
	for _, f := range l.out.Filters {
		slices.SortStableFunc(f.Ingress, func(a, b plan.Rule) int { return a.Prefix.Compare(b.Prefix) })
		slices.SortStableFunc(f.Egress, func(a, b plan.Rule) int { return a.Prefix.Compare(b.Prefix) })
	}
	for _, r := range l.out.Routers {
		sortRoutes(r.RouteTables)
	}
	for _, tables := range l.out.RouteTables {
		sortRoutes(tables)
	}
	if len(p.Providers) > 0 {
		l.out.Parts = p
	}
}
func sortParts[T any](s []T, name func(T) string) {
	slices.SortFunc(s, func(a, b T) int { return cmp.Compare(name(a), name(b)) })
}

// provider returns the name of the provider of a network's account and region.
func (l *lowering) provider(network string) string {
	n := l.t.Networks[network]
	return l.providerIn(n.Account, n.Region)
}

// providerIn returns the name of the provider of an account in a region.
func (l *lowering) providerIn(key, region string) string {
	id := key + "/" + region
	if name, ok := l.providers[id]; ok {
		return name
	}
	a := l.t.Accounts[key]
	body := compile.Decode[account](a.Body)
	part := plan.Named("aws", "", l.origin("accounts."+key), plan.Key{Now: key, Was: a.Was}, plan.K(region))
	l.parts.Providers = append(l.parts.Providers, Provider{
		Part: part, AccountID: body.ID, Region: region, AssumeRole: body.AssumeRole, Profile: body.Profile,
	})
	l.providers[id] = part.Name
	return part.Name
}

func (l *lowering) origin(path string) plan.Origin { return compile.Origin(l.t, path) }

func (l *lowering) networkKey(key string) plan.Key {
	return plan.Key{Now: key, Was: l.t.Networks[key].Was}
}

func (l *lowering) backendKey(key string) plan.Key {
	return plan.Key{Now: key, Was: l.t.Backends[key].Was}
}

// vpc refers to a network's VPC.
func (l *lowering) vpc(network string) plan.Ref {
	if n := l.t.Networks[network]; n.Existing != nil {
		return plan.Ref{Existing: n.Existing.VPC}
	}
	return plan.Ref{Part: "vpc_" + network}
}
