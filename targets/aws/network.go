package aws

import (
	"cmp"
	"net/netip"
	"slices"

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
		l.out.RouteTables[key] = []plan.RouteTable{{Name: table.Name, Ref: plan.Ref{Part: table.Name}}}
		l.out.Refs[key] = plan.Ref{Part: part.Name}
	}
	l.clientGroups(key, n, provider)
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
	l.out.Refs[key] = plan.Ref{Existing: n.Existing.VPC}
	l.existingGroups(key, n, provider)
	l.existingEndpoints(key, n, provider)
	for name, id := range topology.Sorted(n.Existing.RouteTables) {
		l.existingTables[id] = len(l.parts.ExistingRouteTables)
		l.parts.ExistingRouteTables = append(l.parts.ExistingRouteTables, ExistingRouteTable{
			Provider: provider, ID: id, VPC: n.Existing.VPC, Origin: l.origin(path + ".existing.routeTables." + name),
		})
		l.out.RouteTables[key] = append(l.out.RouteTables[key], plan.RouteTable{Name: compile.ExistingTable(key, name), Ref: plan.Ref{Existing: id}})
	}
}

func (l *lowering) subnet(network, key string, n *topology.Network, s topology.Subnet, provider string) {
	origin := l.origin("networks." + network + ".subnets." + key)
	cidr := netip.MustParsePrefix(s.CIDR)
	l.out.Refs[network+"/"+key] = subnetRef(network, key, s)
	if s.Existing != "" {
		l.parts.ExistingSubnets = append(l.parts.ExistingSubnets, ExistingSubnet{
			Provider: provider, ID: s.Existing, VPC: n.Existing.VPC, CIDR: cidr, ZoneID: s.Zone, CrossRegion: s.HoldsEndpoints() && l.crossed[network], Origin: origin,
		})
		return
	}
	part := plan.Named("subnet", provider, origin, l.networkKey(network), plan.Key{Now: key, Was: s.Was})
	l.parts.Subnets = append(l.parts.Subnets, Subnet{Part: part, VPC: l.vpc(network), CIDR: cidr, ZoneID: s.Zone})
	table, name := plan.Ref{Part: "routetable_" + network}, "routetable_"+network
	if n.Existing != nil {
		if s.RouteTable == "" {
			return // it uses the VPC's main route table
		}
		table, name = plan.Ref{Existing: n.Existing.RouteTables[s.RouteTable]}, compile.ExistingTable(network, s.RouteTable)
	}
	assoc := plan.Named("routetableassociation", provider, origin, l.networkKey(network), plan.Key{Now: key, Was: s.Was})
	l.parts.RouteTableAssociations = append(l.parts.RouteTableAssociations, RouteTableAssociation{
		Part: assoc, Subnet: plan.Ref{Part: part.Name}, RouteTable: table,
	})
	l.out.SubnetTable[network+"/"+key] = name
}

// subnetRef refers to a subnet.
func subnetRef(network, key string, s topology.Subnet) plan.Ref {
	if s.Existing != "" {
		return plan.Ref{Existing: s.Existing}
	}
	return plan.Ref{Part: "subnet_" + network + "_" + key}
}

// peer joins two networks: one side asks for the peering, the other accepts with its own provider,
// and both route. Two networks that hold endpoints for each other share one peering, since AWS allows
// no second one between two VPCs (VPC peering guide, 2023); so that a link which comes or goes does
// not turn a peering around, the side that asks is the one whose oldest key is first.
func (l *lowering) peer(hub, client, link string) {
	requester, accepter := l.networkKey(hub), l.networkKey(client)
	if accepter.Oldest() < requester.Oldest() {
		requester, accepter = accepter, requester
	}
	name := requester.Now + "_" + accepter.Now
	if l.peerings[name] {
		return
	}
	l.peerings[name] = true
	origin := l.origin("links." + link + ".via.peering")
	if id, at := l.existingPeering(requester.Now, accepter.Now); id != "" {
		l.peerExisting(id, requester, accepter, l.origin(at))
		return
	}
	n := l.t.Networks[accepter.Now]
	peering := plan.Named("peering", l.provider(requester.Now), origin, requester, accepter)
	l.parts.Peerings = append(l.parts.Peerings, Peering{
		Part: peering, Requester: l.vpc(requester.Now), Accepter: l.vpc(accepter.Now), AccepterRegion: n.Region,
		AccepterAccount: compile.Decode[account](l.t.Accounts[n.Account].Body).ID,
	})
	accept := plan.Named("peeringaccepter", l.provider(accepter.Now), origin, requester, accepter)
	l.parts.PeeringAccepters = append(l.parts.PeeringAccepters, PeeringAccepter{Part: accept, Peering: peering.Name})
	l.out.Connections = append(l.out.Connections, plan.Connection{
		Name: peering.Name, Kind: plan.KindPeering, A: plan.End{Node: requester.Now}, B: plan.End{Node: accepter.Now}, Origin: origin,
	})
	through := Route{Peering: peering.Name, Accepter: accept.Name}
	l.routeBetween(requester, accepter, through, origin)
	l.routeBetween(accepter, requester, through, origin)
}

// cidrs are those of a network or site.
func (l *lowering) cidrs(node string) []netip.Prefix {
	if n := l.t.Networks[node]; n != nil {
		return compile.Prefixes(n.CIDRs)
	}
	return compile.Prefixes(l.t.Sites[node].CIDRs)
}

// nodeKey is the key of a network or site.
func (l *lowering) nodeKey(node string) plan.Key {
	if l.t.Networks[node] != nil {
		return l.networkKey(node)
	}
	return l.siteKey(node)
}

// routeBetween adds routes from every route table of one network to the CIDRs of the other.
func (l *lowering) routeBetween(from, to plan.Key, through Route, origin plan.Origin) {
	for _, cidr := range l.cidrs(to.Now) {
		through.Destination = cidr
		l.route(from.Now, through, to, origin)
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
		held := l.held(network, table, r)
		if !held {
			l.parts.Routes = append(l.parts.Routes, r)
		}
		target := cmp.Or(r.Peering, l.peeringNames[r.ExistingPeering], r.Attachment, compile.SiteConnection(to.Now))
		for i := range l.out.RouteTables[network] {
			if t := &l.out.RouteTables[network][i]; t.Name == graphName {
				t.Routes = append(t.Routes, plan.Route{Destination: r.Destination, Target: target, Existing: held, Origin: origin})
			}
		}
		if i, ok := l.existingTables[table.Existing]; ok && !held {
			t := &l.parts.ExistingRouteTables[i]
			t.Adds = append(t.Adds, r.Destination)
			if r.Interface != "" && !slices.Contains(t.Interfaces, r.Interface) {
				t.Interfaces = append(t.Interfaces, r.Interface)
			}
			if gateway := r.TransitGateway.Existing; gateway != "" && !slices.Contains(t.Gateways, gateway) {
				t.Gateways = append(t.Gateways, gateway)
			}
			if id := r.ExistingPeering; id != "" && !slices.Contains(t.Peerings, id) {
				t.Peerings = append(t.Peerings, id)
			}
		}
	}
	if n.Existing == nil {
		add(plan.Ref{Part: "routetable_" + network}, "routetable_"+network, l.networkKey(network))
		return
	}
	for name, id := range topology.Sorted(n.Existing.RouteTables) {
		add(plan.Ref{Existing: id}, compile.ExistingTable(network, name), l.networkKey(network), plan.K(name))
	}
}
