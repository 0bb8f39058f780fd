package aws

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/topology"
)

// httpsPort is the only port that PrivateLink intakes answer on.
const httpsPort = 443

// host lowers one backend in one network: a security group with a rule for each client CIDR, an
// endpoint for each service that has none yet, and the zones that make other networks resolve its names.
func (l *lowering) host(h *compile.Hosting) {
	groups, fresh := l.groupsOf(h)
	clients := l.admit(h, groups)
	var doors []door
	l.join(h)
	own, others := seenFrom(l.t, h)
	region := ""
	if fresh != nil {
		region = l.serviceRegion(h)
	}
	for _, s := range l.services(h) {
		endpoint, private := l.endpointPart(h, s), own != "" && len(others) == 0
		existing, _ := existingFor(l.t, h.Network, h.Backend, s)
		if existing != nil {
			private = existing.AnswersNames()
			for _, a := range sortedAddresses(existing) {
				doors = append(doors, door{a, s, plan.K(plan.Slug(a.String()))})
			}
		} else {
			doors = append(doors, l.endpoint(h, s, endpoint, fresh, region, private)...)
			if private {
				for _, z := range s.zones {
					l.mustBeFree(h, s, z.domain, []string{h.Network})
				}
			}
		}
		views := l.views(h.Network, others, own != "", private)
		for _, z := range s.zones {
			for _, v := range views {
				l.zone(h, s, z, answer{endpoint: endpoint.Name, existing: existing}, v)
			}
		}
		l.names(h, s, endpoint.Name, len(views) > 0, clients)
		l.out.Forwards[endpoint.Name] = s.domains()
	}
	l.letOut(h, doors)
}

// view is a set of networks that see the zones of a service together, and what tells their zones apart.
type view struct {
	networks []string
	provider string
	keys     []plan.Key
}

// views are the networks that need zones. Private DNS works inside the endpoint's own VPC only; where
// others need the name too, a zone serves all of them. In one VPC the two may not exist side by side
// (datadog_aws facts 2, 5), so zones leave out that of an existing endpoint which answers by itself. Then
// each account of clients has a zone of its own: one for all would have to move to another account when
// clients come and go, and be dead meanwhile.
func (l *lowering) views(hub string, others []string, own, private bool) []view {
	if !private {
		if !own && len(others) == 0 {
			return nil
		}
		return []view{{networks: append([]string{hub}, others...), provider: l.provider(hub)}}
	}
	by := map[string][]string{}
	for _, client := range others {
		account := l.t.Networks[client].Account
		by[account] = append(by[account], client)
	}
	var all []view
	for account, networks := range topology.Sorted(by) {
		key := plan.Key{Now: account, Was: l.t.Accounts[account].Was}
		all = append(all, view{networks: networks, provider: l.providerIn(account, l.t.Networks[hub].Region), keys: []plan.Key{key}})
	}
	return all
}

// seenFrom says where the names of a hosting must be answered: own is a link for which its own network
// must, others are the other networks. A site asks the network that it forwards to; one that does not
// forward has its own records.
func seenFrom(t *topology.Topology, h *compile.Hosting) (own string, others []string) {
	for _, key := range h.Links {
		link := t.Links[key]
		client := link.From
		if to := t.ForwardsTo(client); to != "" {
			client = to
		} else if t.Networks[client] == nil {
			continue
		}
		switch {
		case client == h.Network:
			own = key
		case !slices.Contains(others, client):
			others = append(others, client)
		}
	}
	slices.Sort(others)
	return own, others
}

// securityGroup makes a group before the endpoints of a hosting.
func (l *lowering) securityGroup(h *compile.Hosting) *group {
	// The logical name may not start with "sg": AWS refuses group names that begin with "sg-" and
	// the provider derives the name (seen with a real provider, 2026-11).
	// A group's description cannot change without a replacement, so it keeps the oldest keys.
	origin, keys := l.origin("backends."+h.Backend), []plan.Key{l.networkKey(h.Network), l.backendKey(h.Backend)}
	part := plan.Named("endpointfilter", l.provider(h.Network), origin, keys...)
	l.parts.SecurityGroups = append(l.parts.SecurityGroups, SecurityGroup{
		Part: part, VPC: l.vpc(h.Network), Description: fmt.Sprintf("obslink: endpoints of %s in %s", l.backendKey(h.Backend).Oldest(), l.networkKey(h.Network).Oldest()),
	})
	g := &group{filter: len(l.out.Filters), ref: plan.Ref{Part: part.Name}, name: part.Name, keys: keys, kind: "ingress"}
	l.out.Filters = append(l.out.Filters, plan.Filter{Name: part.Name, Ref: g.ref, Origin: origin})
	return g
}

// admit lets each client in: one rule for each CIDR of each linked network or site, or of the groups of
// servers that links name, and the route back to it. It returns the clients.
func (l *lowering) admit(h *compile.Hosting, groups []*group) []string {
	var clients []string
	named := h.Groups(l.t)
	for _, key := range h.Links {
		link := l.t.Links[key]
		if slices.Contains(clients, link.From) {
			continue
		}
		clients = append(clients, link.From)
		from, who := l.sources(link.From)
		if n := l.t.Networks[link.From]; named[link.From] != nil {
			from = nil
			for _, client := range named[link.From] {
				from = append(from, compile.ClientPrefix(n, n.Clients[client]))
			}
		}
		for _, cidr := range from {
			for _, g := range groups {
				l.allow(h, g, link.From, who, cidr, l.origin("links."+key))
			}
		}
		l.wayBack(h.Network, link.From)
	}
	slices.Sort(clients)
	return clients
}

// allow adds a rule to a group. What an existing group lets in already needs none, and AWS refuses a
// second rule like the first: sites behind one gateway are one source, and backends may share a group.
func (l *lowering) allow(h *compile.Hosting, g *group, client string, who plan.Key, cidr netip.Prefix, origin plan.Origin) {
	filter := &l.out.Filters[g.filter]
	existing := g.ref.Existing != ""
	if slices.ContainsFunc(filter.Ingress, func(r plan.Rule) bool {
		return r.Prefix == cidr || existing && r.Prefix.Bits() <= cidr.Bits() && r.Prefix.Contains(cidr.Addr())
	}) {
		return
	}
	keys := append(slices.Clone(g.keys), who, plan.K(plan.Slug(cidr.String())))
	if l.translated(client) {
		client = "the gateway"
		keys = slices.Delete(keys, len(g.keys), len(g.keys)+1)
	}
	rule := IngressRule{
		Part:          plan.Named(g.kind, l.provider(h.Network), origin, keys...),
		SecurityGroup: g.ref.Part, ExistingGroup: g.ref.Existing, From: cidr, Port: httpsPort, Description: fmt.Sprintf("%s from %s", h.Backend, client),
	}
	l.parts.IngressRules = append(l.parts.IngressRules, rule)
	filter.Ingress = append(filter.Ingress, plan.Rule{Prefix: cidr, Ports: [2]int{httpsPort, httpsPort}, Added: existing, Origin: origin})
	if existing {
		x := &l.parts.ExistingGroups[g.part]
		x.Adds = append(x.Adds, cidr)
		l.addTo(g.ref.Existing, compile.FilterRule{Ingress: true, Rule: filter.Ingress[len(filter.Ingress)-1]})
	}
}

// wayBack routes answers to a site behind a gateway that does not translate.
func (l *lowering) wayBack(network, client string) {
	s := l.t.Sites[client]
	if s == nil || s.WireGuard == nil || l.translated(client) || s.WireGuard.Gateway.Interface == "" {
		return
	}
	from, who := l.sources(client)
	for _, cidr := range from {
		l.route(network, Route{Destination: cidr, Interface: s.WireGuard.Gateway.Interface}, who, l.origin("sites."+client+".wireguard.gateway"))
	}
}

// sources are the addresses that a client's packets come from: a site behind a gateway that
// translates is seen as the gateway.
func (l *lowering) sources(client string) ([]netip.Prefix, plan.Key) {
	if n := l.t.Networks[client]; n != nil {
		return compile.Prefixes(n.CIDRs), plan.Key{Now: client, Was: n.Was}
	}
	s := l.t.Sites[client]
	key := plan.Key{Now: client, Was: s.Was}
	if gateway := s.Translated(); gateway != "" {
		a := netip.MustParseAddr(gateway)
		return []netip.Prefix{netip.PrefixFrom(a, a.BitLen())}, key
	}
	return compile.Prefixes(s.CIDRs), key
}

// translated reports whether a client is seen as its gateway.
func (l *lowering) translated(client string) bool {
	s := l.t.Sites[client]
	return s != nil && s.Translated() != ""
}

// join joins every client with the endpoint network.
func (l *lowering) join(h *compile.Hosting) {
	var joined []string
	for _, key := range h.Links {
		link := l.t.Links[key]
		if !link.Via.Joins() || slices.Contains(joined, link.From) {
			continue
		}
		if link.Via.TransitGateway != nil {
			l.through(h.Network, link.From, key)
		} else {
			l.peer(h.Network, link.From, key)
		}
		joined = append(joined, link.From)
	}
}

// endpointPart is what the endpoint of a service in a network is called, be it made or there already.
func (l *lowering) endpointPart(h *compile.Hosting, s *service) plan.Part {
	return plan.Named("endpoint", l.provider(h.Network), l.origin(s.path(h.Backend)), l.networkKey(h.Network), l.backendKey(h.Backend), plan.K(s.id))
}

// endpoint makes the endpoint of a service and returns where it answers.
func (l *lowering) endpoint(h *compile.Hosting, s *service, part plan.Part, g *group, region string, privateDNS bool) []door {
	n := l.t.Networks[h.Network]
	e := Endpoint{
		Part: part, VPC: l.vpc(h.Network), ServiceName: s.name, ServiceRegion: region, SecurityGroup: g.ref.Part, ExistingGroup: g.ref.Existing,
		PrivateDNS: privateDNS, Policy: s.policy, Overridden: s.override != "",
	}
	if e.Overridden {
		l.expect(part.Provider, region, s)
	}
	var doors []door
	node := plan.Endpoint{Name: part.Name, Network: h.Network, Filters: []string{g.name}, Origin: part.Origin}
	for sub, subnet := range topology.Sorted(n.Subnets) {
		if !subnet.HoldsEndpoints() {
			continue
		}
		address, from := chooseAddress(l.t, h, s, sub, subnet)
		at := EndpointSubnet{Subnet: subnetRef(h.Network, sub, subnet), Address: address}
		if from == fromTopology {
			at.Origin = l.origin(pinned{hosting: h, service: s, network: h.Network, subnet: sub, from: from}.line(l.t))
		}
		e.Subnets = append(e.Subnets, at)
		node.Addresses = append(node.Addresses, address)
		doors = append(doors, door{address, s, plan.Key{Now: sub, Was: subnet.Was}})
		if node.Subnet == "" {
			node.Subnet = sub
		}
	}
	if privateDNS {
		node.PrivateDNS = s.answers()
	}
	l.parts.Endpoints = append(l.parts.Endpoints, e)
	l.out.Endpoints = append(l.out.Endpoints, node)
	return doors
}
