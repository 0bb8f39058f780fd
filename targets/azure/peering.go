package azure

import (
	"cmp"
	"slices"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/topology"
)

// Peering is one half of a peering: it stands in its own network, and both halves must be there
// before anything passes. After are the writes of both networks that it waits for: Azure refuses two
// writes of one VNet at a time (409 AnotherOperationInProgress).
type Peering struct {
	plan.Part
	In
	VNet   plan.Ref `json:"vnet"`
	Remote plan.Ref `json:"remote"`
	// Offers and Uses say that the other network uses this one's gateway, or this one the other's.
	Offers bool     `json:"offers,omitempty"`
	Uses   bool     `json:"uses,omitempty"`
	After  []string `json:"after,omitempty"`
}

// pair are two VNets that links join, sorted.
type pair struct {
	networks [2]string
	link     string   // the first that needs it
	gateway  string   // the network whose gateway the other uses, or ""
	shares   string   // the first link that says so
	named    []string // links that name a peering that is there already
}

// pairs lists the VNets to be peered, by their names.
func pairs(t *topology.Topology) []pair {
	at, gateways := map[[2]string]int{}, t.Gateways()
	var all []pair
	for key, l := range topology.Sorted(t.Links) {
		if l.Via.Peering == nil {
			continue
		}
		client, transit := l.From, false
		if a, _, ok := t.Transit(l); ok {
			client, transit = a, true
		}
		p := pair{networks: [2]string{client, l.Via.Peering.Endpoints}, link: key}
		if t.Kind(p.networks[0]) != Name || t.Kind(p.networks[1]) != Name {
			continue
		}
		slices.Sort(p.networks[:])
		i, seen := at[p.networks]
		if !seen {
			i = len(all)
			at[p.networks] = i
			all = append(all, p)
		}
		if l.Via.Peering.Existing != "" {
			all[i].named = append(all[i].named, key)
		}
		if transit && all[i].gateway == "" {
			all[i].gateway, all[i].shares = p.networks[0], key
			if gateways[p.networks[0]] == "" {
				all[i].gateway = p.networks[1]
			}
		}
	}
	slices.SortFunc(all, func(a, b pair) int {
		return cmp.Or(cmp.Compare(a.networks[0], b.networks[0]), cmp.Compare(a.networks[1], b.networks[1]))
	})
	return all
}

// peerings makes both halves of each peering, each with the provider of its own network. No routes are
// made: Azure gives every subnet one to the other network (learn: virtual-networks-udr-overview, 2024).
func (l *lowering) peerings() {
	last := map[string]string{} // the last write of a network
	for _, s := range l.parts.Subnets {
		last[l.subnetOwner[s.Name]] = s.Name
	}
	routes := map[string][]plan.Route{}
	for _, p := range pairs(l.t) {
		origin := l.origin("links." + p.link + ".via.peering")
		a, b := p.networks[0], p.networks[1]
		if p.gateway == b { // who offers comes first: a gateway cannot be used before
			a, b = b, a
		}
		if len(p.named) > 0 {
			origin = l.origin("links." + p.named[0] + ".via.peering.existing")
		}
		name, other := l.half(a, b, p, origin, last), l.half(b, a, p, origin, last)
		c := plan.Connection{Name: name, Kind: plan.KindPeering, Existing: len(p.named) > 0, A: plan.End{Node: a, Transit: p.gateway == a}, B: plan.End{Node: b}, Origin: origin}
		if other < name { // the half whose name is first stands for both
			c.Name, c.A, c.B = other, c.B, c.A
		}
		l.out.Connections = append(l.out.Connections, c)
		for _, way := range [][2]string{{a, b}, {b, a}} {
			for _, cidr := range compile.Prefixes(l.t.Networks[way[1]].CIDRs) {
				routes[way[0]] = append(routes[way[0]], plan.Route{Destination: cidr, Target: c.Name, Origin: origin})
			}
		}
	}
	for network := range topology.Sorted(l.t.Networks) {
		if l.t.Kind(network) == Name {
			l.routeTables(network, routes[network])
		}
	}
}

// half makes one side of a peering, or has it looked up, and returns its name.
func (l *lowering) half(from, to string, p pair, origin plan.Origin, last map[string]string) string {
	n := l.t.Networks[from]
	part := plan.Named("vnetpeering", l.provider(n.Account), origin, l.networkKey(from), l.networkKey(to))
	half := Peering{
		Part: part, In: In{l.networkGroup(from), l.cloudName(l.networkKey(to))}, VNet: l.vnetName(from), Remote: l.vnetID(to),
		Offers: p.gateway == from, Uses: p.gateway == to,
	}
	l.expectHalf(from, to, p, half)
	if len(p.named) > 0 {
		return part.Name
	}
	for _, network := range []string{from, to} {
		if before := last[network]; before != "" && !slices.Contains(half.After, before) {
			half.After = append(half.After, before)
		}
		last[network] = part.Name
	}
	// A gateway that is being made refuses what uses it (ARM: ReferencedResourceNotProvisioned, recalled).
	if gateway := l.t.Networks[cmp.Or(p.gateway, from)].VPNGateway; p.gateway != "" && gateway != nil && gateway.Existing == "" {
		half.After = append(half.After, "vpngateway_"+p.gateway)
	}
	l.parts.Peerings = append(l.parts.Peerings, half)
	return part.Name
}

// routeTables writes down what Azure's own routes of a network are, and beside them those to sites, which
// only the subnets that obslink creates have.
func (l *lowering) routeTables(network string, system []plan.Route) {
	own := l.gatewayRoutes(network)
	if len(system)+len(own) == 0 {
		return
	}
	table := func(name string, isSystem bool, routes []plan.Route) {
		slices.SortStableFunc(routes, func(a, b plan.Route) int {
			return cmp.Or(a.Destination.Compare(b.Destination), cmp.Compare(a.Target, b.Target))
		})
		l.out.RouteTables[network] = append(l.out.RouteTables[network], plan.RouteTable{Name: name, Ref: plan.Ref{Part: name}, System: isSystem, Routes: routes})
	}
	table(systemTable(network), true, system)
	if len(own) == 0 {
		return
	}
	name := "routetable_" + network
	table(name, false, slices.Concat(own, system))
	for sub, s := range l.t.Networks[network].Subnets {
		if s.Existing == "" && !holdsGateway(l.t.Networks[network], sub) {
			l.out.SubnetTable[network+"/"+sub] = name
		}
	}
}

// viewers are the VNets that see the names of a backend in a network: the network itself, the clients
// that are peered with it, and those that linked sites forward to.
func viewers(t *topology.Topology, h *compile.Hosting) []string {
	all := []string{h.Network}
	for _, key := range h.Links {
		from := t.Links[key].From
		if to := t.ForwardsTo(from); to != "" {
			from = to
		}
		if t.Kind(from) == Name && !slices.Contains(all, from) {
			all = append(all, from)
		}
	}
	slices.Sort(all)
	return all
}
