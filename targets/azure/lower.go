package azure

import (
	"cmp"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/topology"
	"github.com/obslink/obslink/schema"
)

// account is the body of an account of kind azure.
type account struct {
	Subscription string `json:"subscription"`
	Cloud        string `json:"cloud"`
}

// Lower turns what stands in Azure subscriptions into VNets, scopes, endpoints and zones.
func Lower(stack string, t *topology.Topology) compile.Lowered {
	l := &lowering{t: t, stack: stack, parts: &Parts{}, providers: map[string]string{}, subnetOwner: map[string]string{}, existingVNets: map[string]int{}, untranslated: untranslatedSites(t), zones: indexZones(t), subscriptions: subscriptions(t), servers: serversOf(t), out: compile.Lowered{
		Refs: map[string]plan.Ref{}, RouteTables: map[string][]plan.RouteTable{}, SubnetTable: map[string]string{}, Forwards: map[string][]string{},
	}}
	for key := range topology.Sorted(t.Networks) {
		if t.Kind(key) == Name {
			l.network(key)
		}
	}
	l.vpns()
	l.hosts()
	l.peerings()
	scopes := map[string]*monitorLowering{} // the Arc scope of each site
	for _, hostings := range byBackend(compile.Hostings(t, Name)) {
		switch t.Backends[hostings[0].Backend].Kind {
		case kindArc:
			for _, h := range hostings {
				scope := l.hostArc(h)
				for _, link := range h.Links {
					scopes[t.Links[link].From] = scope
				}
			}
		case datadogKind:
			for _, h := range hostings {
				l.hostDatadog(h)
			}
		default:
			l.backend(hostings)
		}
	}
	l.machines(scopes)
	slices.SortFunc(l.parts.Providers, func(a, b Provider) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(l.parts.ResourceGroups, func(a, b ResourceGroup) int { return cmp.Compare(a.Name, b.Name) })
	if len(l.parts.Providers) > 0 {
		l.out.Parts = l.parts
	}
	l.out.Found = append(l.out.Found, lengths(l.parts)...)
	return l.out
}

// byBackend groups hostings by backend, in the order of backends.
func byBackend(hostings []*compile.Hosting) [][]*compile.Hosting {
	groups := map[string][]*compile.Hosting{}
	for _, h := range hostings {
		groups[h.Backend] = append(groups[h.Backend], h)
	}
	var all [][]*compile.Hosting
	for _, group := range topology.Sorted(groups) {
		all = append(all, group)
	}
	return all
}

// lowering holds the parts while they are made.
type lowering struct {
	t         *topology.Topology
	stack     string
	parts     *Parts
	out       compile.Lowered
	providers map[string]string // provider name by account
	// untranslated are sites by the network of their gateway host.
	untranslated map[string][]string
	// subnetOwner is the network of a created subnet, by the subnet's part.
	subnetOwner map[string]string
	zones       zoneIndex
	// existingVNets are places in parts.ExistingVNets, by network.
	existingVNets map[string]int
	// subscriptions are accounts, by subscription in lower case.
	subscriptions map[string]string
	// servers are the machines of sites that are linked to a backend.
	servers map[string][]server
}

// provider returns the name of the provider of an account's subscription.
func (l *lowering) provider(key string) string {
	if name, ok := l.providers[key]; ok {
		return name
	}
	a := l.t.Accounts[key]
	part := plan.Named("azure", "", l.origin("accounts."+key), plan.Key{Now: key, Was: a.Was})
	provider := Provider{Part: part, Subscription: compile.Decode[account](a.Body).Subscription}
	if cloud := cloudOf(l.t, key); cloud != schema.AzurePublic {
		provider.Cloud = cloud
	}
	l.parts.Providers = append(l.parts.Providers, provider)
	l.providers[key] = part.Name
	return part.Name
}

func (l *lowering) origin(path string) plan.Origin { return compile.Origin(l.t, path) }

func (l *lowering) networkKey(key string) plan.Key {
	return plan.Key{Now: key, Was: l.t.Networks[key].Was}
}

func (l *lowering) backendKey(key string) plan.Key {
	return plan.Key{Now: key, Was: l.t.Backends[key].Was}
}

// cloudName is a resource's name in Azure. It cannot change without a replacement, so it keeps the
// oldest key of what it is made for.
func (l *lowering) cloudName(keys ...plan.Key) string {
	parts := []string{"obslink", l.stack}
	for _, k := range keys {
		parts = append(parts, k.Oldest())
	}
	return strings.Join(parts, "-")
}

// network lowers one VNet with its subnets.
func (l *lowering) network(key string) {
	n := l.t.Networks[key]
	provider := l.provider(n.Account)
	origin := l.origin("networks." + key)
	group := plan.Ref{}
	if n.Existing != nil {
		group.Existing = n.Existing.ResourceGroup
		l.existingVNets[key] = len(l.parts.ExistingVNets)
		l.parts.ExistingVNets = append(l.parts.ExistingVNets, ExistingVNet{
			Provider: provider, ResourceGroup: n.Existing.ResourceGroup, Name: n.Existing.VirtualNetwork,
			Location: n.Region, CIDRs: compile.Prefixes(n.CIDRs), Origin: l.origin("networks." + key + ".existing.virtualNetwork"),
		})
	} else {
		rg := plan.Named("resourcegroup", provider, origin, plan.K("network"), l.networkKey(key))
		l.parts.ResourceGroups = append(l.parts.ResourceGroups, ResourceGroup{Part: rg, ResourceName: l.cloudName(plan.K("network"), l.networkKey(key)), Location: n.Region})
		group.Part = rg.Name
		l.parts.VNets = append(l.parts.VNets, VNet{
			Part: plan.Named("vnet", provider, origin, l.networkKey(key)), Location: n.Region, CIDRs: compile.Prefixes(n.CIDRs),
			In: In{ResourceGroup: group, ResourceName: l.cloudName(l.networkKey(key))},
		})
	}
	l.out.Refs[key] = l.vnetID(key)
	for sub, s := range topology.Sorted(n.Subnets) {
		l.out.Refs[key+"/"+sub] = l.subnetID(key, sub)
		l.subnet(key, sub, s, provider, group)
	}
	if len(n.Inbound) > 0 {
		l.resolver(key, n, provider, group)
	}
}

func (l *lowering) subnet(network, key string, s topology.Subnet, provider string, group plan.Ref) {
	origin := l.origin("networks." + network + ".subnets." + key)
	n := l.t.Networks[network]
	cidr := compile.Prefixes([]string{s.CIDR})[0]
	delegation := ""
	if holdsInbound(n, key) {
		delegation = resolverService
	}
	if s.Existing != "" {
		l.parts.ExistingSubnets = append(l.parts.ExistingSubnets, ExistingSubnet{
			Provider: provider, ResourceGroup: n.Existing.ResourceGroup, VNet: n.Existing.VirtualNetwork, Name: s.Existing, CIDR: cidr, Delegation: delegation, Origin: origin,
		})
		return
	}
	k := plan.Key{Now: key, Was: s.Was}
	part := plan.Named("subnet", provider, origin, l.networkKey(network), k)
	l.subnetOwner[part.Name] = network
	name := l.cloudName(k)
	if holdsGateway(n, key) {
		name = gatewaySubnet
	}
	l.parts.Subnets = append(l.parts.Subnets, Subnet{
		Part: part, In: In{ResourceGroup: group, ResourceName: name}, VNet: l.vnetName(network), CIDR: cidr, Delegation: delegation,
	})
}

// vnetName refers to a VNet by its name inside its group.
func (l *lowering) vnetName(network string) plan.Ref {
	if e := l.t.Networks[network].Existing; e != nil {
		return plan.Ref{Existing: e.VirtualNetwork}
	}
	return plan.Ref{Part: "vnet_" + network}
}

// networkGroup is the resource group that a network stands in.
func (l *lowering) networkGroup(network string) plan.Ref {
	if e := l.t.Networks[network].Existing; e != nil {
		return plan.Ref{Existing: e.ResourceGroup}
	}
	return plan.Ref{Part: "resourcegroup_network_" + network}
}

// vnetID refers to a VNet by its ARM id.
func (l *lowering) vnetID(network string) plan.Ref {
	if id := vnetIDOf(l.t, network); id != "" {
		return plan.Ref{Existing: id}
	}
	return plan.Ref{Part: "vnet_" + network}
}

// subnetID refers to a subnet by its ARM id.
func (l *lowering) subnetID(network, key string) plan.Ref {
	s := l.t.Networks[network].Subnets[key]
	if s.Existing == "" {
		return plan.Ref{Part: "subnet_" + network + "_" + key}
	}
	return plan.Ref{Existing: l.vnetID(network).Existing + "/subnets/" + s.Existing}
}

func (l *lowering) subscription(key string) string {
	return compile.Decode[account](l.t.Accounts[key].Body).Subscription
}

// endpointSubnet is the subnet that holds a network's private endpoints.
func endpointSubnet(n *topology.Network) string {
	for key, s := range topology.Sorted(n.Subnets) {
		if s.HoldsEndpoints() {
			return key
		}
	}
	return ""
}
