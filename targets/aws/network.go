package aws

import (
	"net/netip"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/topology"
)

// network lowers one VPC with its subnets and route tables.
func (l *lowering) network(key string) {
	n := l.t.Networks[key]
	provider := l.provider(key)
	path := "networks." + key
	if n.Existing != nil {
		l.existingNetwork(key, n, provider)
	} else {
		part := plan.Named("vpc", provider, l.origin(path), l.networkKey(key))
		l.parts.VPCs = append(l.parts.VPCs, VPC{Part: part, CIDR: netip.MustParsePrefix(n.CIDRs[0])})
		table := plan.Named("routetable", provider, l.origin(path), l.networkKey(key))
		l.parts.RouteTables = append(l.parts.RouteTables, RouteTable{Part: table, VPC: l.vpc(key)})
		l.out.RouteTables[key] = []plan.RouteTable{{Name: table.Name}}
	}
	for sub, s := range topology.Sorted(n.Subnets) {
		l.subnet(key, sub, n, s, provider)
	}
}

// existingNetwork lists what must be true of a VPC that is already there.
func (l *lowering) existingNetwork(key string, n *topology.Network, provider string) {
	path := "networks." + key
	l.parts.ExistingVPCs = append(l.parts.ExistingVPCs, ExistingVPC{
		Provider: provider, ID: n.Existing.VPC, CIDRs: compile.Prefixes(n.CIDRs), Origin: l.origin(path + ".existing.vpc"),
	})
	if l.existingTables == nil {
		l.existingTables = map[string]int{}
	}
	for name, id := range topology.Sorted(n.Existing.RouteTables) {
		l.existingTables[id] = len(l.parts.ExistingRouteTables)
		l.parts.ExistingRouteTables = append(l.parts.ExistingRouteTables, ExistingRouteTable{
			Provider: provider, ID: id, VPC: n.Existing.VPC, Origin: l.origin(path + ".existing.routeTables." + name),
		})
		l.out.RouteTables[key] = append(l.out.RouteTables[key], plan.RouteTable{Name: tableName(key, name), Existing: true})
	}
}

// tableName is an existing route table's name in the graph.
func tableName(network, name string) string { return "routetable_" + network + "_" + name }

func (l *lowering) subnet(network, key string, n *topology.Network, s topology.Subnet, provider string) {
	origin := l.origin("networks." + network + ".subnets." + key)
	cidr := netip.MustParsePrefix(s.CIDR)
	if s.Existing != "" {
		l.parts.ExistingSubnets = append(l.parts.ExistingSubnets, ExistingSubnet{
			Provider: provider, ID: s.Existing, VPC: n.Existing.VPC, CIDR: cidr, ZoneID: s.Zone, Origin: origin,
		})
		return
	}
	part := plan.Named("subnet", provider, origin, l.networkKey(network), plan.Key{Now: key, Was: s.Was})
	l.parts.Subnets = append(l.parts.Subnets, Subnet{Part: part, VPC: l.vpc(network), CIDR: cidr, ZoneID: s.Zone})
	if n.Existing != nil {
		return // it uses the VPC's main route table
	}
	assoc := plan.Named("routetableassociation", provider, origin, l.networkKey(network), plan.Key{Now: key, Was: s.Was})
	l.parts.RouteTableAssociations = append(l.parts.RouteTableAssociations, RouteTableAssociation{
		Part: assoc, Subnet: plan.Ref{Part: part.Name}, RouteTable: plan.Ref{Part: "routetable_" + network},
	})
	l.out.SubnetTable[network+"/"+key] = "routetable_" + network
}

// subnetRef refers to a subnet.
func subnetRef(network, key string, s topology.Subnet) plan.Ref {
	if s.Existing != "" {
		return plan.Ref{Existing: s.Existing}
	}
	return plan.Ref{Part: "subnet_" + network + "_" + key}
}

// peer joins the endpoint network with a client's: the peering is asked for by the network that
// holds the endpoints, accepted with the client's own provider, and routed on both sides. Two
// networks that hold endpoints for each other share one peering, since AWS allows no second one
// between two VPCs (VPC peering guide, 2023).
func (l *lowering) peer(hub, client, link string) {
	if l.peerings[client+"_"+hub] {
		return
	}
	name := hub + "_" + client
	origin := l.origin("links." + link + ".via.peering")
	if !l.peerings[name] {
		l.peerings[name] = true
		keys := []plan.Key{l.networkKey(hub), l.networkKey(client)}
		accepter := l.t.Networks[client]
		peering := plan.Named("peering", l.provider(hub), origin, keys...)
		l.parts.Peerings = append(l.parts.Peerings, Peering{
			Part: peering, Requester: l.vpc(hub), Accepter: l.vpc(client), AccepterRegion: accepter.Region,
			AccepterAccount: compile.Decode[account](l.t.Accounts[accepter.Account].Body).ID,
		})
		l.parts.PeeringAccepters = append(l.parts.PeeringAccepters, PeeringAccepter{
			Part: plan.Named("peeringaccepter", l.provider(client), origin, keys...), Peering: peering.Name,
		})
		l.out.Connections = append(l.out.Connections, plan.Connection{Name: peering.Name, Kind: plan.KindPeering, A: hub, B: client, Origin: origin})
	}
	l.routeBetween(hub, client, origin)
	l.routeBetween(client, hub, origin)
}

// routeBetween adds routes from every route table of one peered network to the CIDRs of the other.
func (l *lowering) routeBetween(from, to string, origin plan.Origin) {
	hub, client := from, to
	if !l.peerings[from+"_"+to] {
		hub, client = to, from
	}
	for _, cidr := range compile.Prefixes(l.t.Networks[to].CIDRs) {
		l.route(from, Route{
			Destination: cidr, Peering: "peering_" + hub + "_" + client, Accepter: "peeringaccepter_" + hub + "_" + client,
		}, plan.Key{Now: to, Was: l.t.Networks[to].Was}, origin)
	}
}

// route adds a route to every route table of a network; to is the key of what it leads to.
func (l *lowering) route(network string, r Route, to plan.Key, origin plan.Origin) {
	n := l.t.Networks[network]
	slug := plan.K(plan.Slug(r.Destination.String()))
	add := func(table plan.Ref, graphName string, keys ...plan.Key) {
		r.Part = plan.Named("route", l.provider(network), origin, append(keys, to, slug)...)
		if l.routes[r.Name] {
			return
		}
		l.routes[r.Name] = true
		r.RouteTable = table
		l.parts.Routes = append(l.parts.Routes, r)
		target := r.Peering
		if target == "" {
			target = "site_" + to.Now
		}
		for i := range l.out.RouteTables[network] {
			if t := &l.out.RouteTables[network][i]; t.Name == graphName {
				t.Routes = append(t.Routes, plan.Route{Destination: r.Destination, Target: target, Origin: origin})
			}
		}
		if i, ok := l.existingTables[table.Existing]; ok {
			l.parts.ExistingRouteTables[i].Adds = append(l.parts.ExistingRouteTables[i].Adds, r.Destination)
		}
	}
	if n.Existing == nil {
		add(plan.Ref{Part: "routetable_" + network}, "routetable_"+network, l.networkKey(network))
		return
	}
	for name, id := range topology.Sorted(n.Existing.RouteTables) {
		add(plan.Ref{Existing: id}, tableName(network, name), l.networkKey(network), plan.K(name))
	}
}
