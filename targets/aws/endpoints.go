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
// endpoint for each service, and the zones that make other networks resolve its names.
func (l *lowering) host(h *compile.Hosting) {
	group := l.securityGroup(h)
	clients := l.admit(h, group)
	peered := l.join(h)
	own := slices.ContainsFunc(h.Links, func(k string) bool { return l.t.Links[k].From == h.Network })
	region := l.serviceRegion(h)
	for _, s := range l.services(h) {
		// Private DNS works inside the endpoint's own VPC only; where others need the name too, a
		// zone serves all of them, and the two may not exist side by side (datadog_aws facts 2, 5).
		endpoint := l.endpoint(h, s, group, region, own && len(peered) == 0)
		for _, z := range s.zones {
			if len(peered) > 0 {
				l.zone(h, s, z, endpoint, peered)
			}
		}
		l.names(h, s, endpoint, len(peered) > 0, clients)
	}
}

func (l *lowering) securityGroup(h *compile.Hosting) string {
	// The logical name may not start with "sg": AWS refuses group names that begin with "sg-" and
	// the provider derives the name (seen with a real provider, 2026-11).
	// A group's description cannot change without a replacement, so it keeps the oldest keys.
	part := plan.Named("endpointfilter", l.provider(h.Network), l.origin("backends."+h.Backend), l.networkKey(h.Network), l.backendKey(h.Backend))
	l.parts.SecurityGroups = append(l.parts.SecurityGroups, SecurityGroup{
		Part: part, VPC: l.vpc(h.Network), Description: fmt.Sprintf("obslink: endpoints of %s in %s", l.backendKey(h.Backend).Oldest(), l.networkKey(h.Network).Oldest()),
	})
	return part.Name
}

// admit lets each client in: one rule for each CIDR of each linked network or site, and the route
// back to it. It returns the clients.
func (l *lowering) admit(h *compile.Hosting, group string) []string {
	filter := plan.Filter{Name: group, Ref: plan.Ref{Part: group}, Origin: l.origin("backends." + h.Backend)}
	var clients []string
	for _, key := range h.Links {
		link := l.t.Links[key]
		if slices.Contains(clients, link.From) {
			continue
		}
		clients = append(clients, link.From)
		from, who := l.sources(link.From)
		for _, cidr := range from {
			keys := []plan.Key{l.networkKey(h.Network), l.backendKey(h.Backend), who, plan.K(plan.Slug(cidr.String()))}
			client := link.From
			if l.translated(link.From) {
				client = "the gateway"
				// Sites behind one gateway are one source, and AWS refuses a second rule for it.
				if slices.ContainsFunc(filter.Ingress, func(r plan.Rule) bool { return r.Prefix == cidr }) {
					continue
				}
				keys = slices.Delete(keys, 2, 3)
			}
			part := plan.Named("ingress", l.provider(h.Network), l.origin("links."+key), keys...)
			l.parts.IngressRules = append(l.parts.IngressRules, IngressRule{
				Part: part, SecurityGroup: group, From: cidr, Port: httpsPort, Description: fmt.Sprintf("%s from %s", h.Backend, client),
			})
			filter.Ingress = append(filter.Ingress, plan.Rule{Prefix: cidr, Ports: [2]int{httpsPort, httpsPort}, Origin: part.Origin})
		}
		if s := l.t.Sites[link.From]; s != nil && s.WireGuard != nil && !l.translated(link.From) && s.WireGuard.Gateway.Interface != "" {
			for _, cidr := range from {
				l.route(h.Network, Route{Destination: cidr, Interface: s.WireGuard.Gateway.Interface}, who, l.origin("sites."+link.From+".wireguard.gateway"))
			}
		}
	}
	l.out.Filters = append(l.out.Filters, filter)
	slices.Sort(clients)
	return clients
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

// join joins every client network with the endpoint network and returns them.
func (l *lowering) join(h *compile.Hosting) []string {
	var peered []string
	for _, key := range h.Links {
		link := l.t.Links[key]
		if !link.Via.Joins() || slices.Contains(peered, link.From) {
			continue
		}
		if link.Via.TransitGateway != nil {
			l.through(h.Network, link.From, key)
		} else {
			l.peer(h.Network, link.From, key)
		}
		peered = append(peered, link.From)
	}
	slices.Sort(peered)
	return peered
}

func (l *lowering) endpoint(h *compile.Hosting, s *service, group, region string, privateDNS bool) string {
	n := l.t.Networks[h.Network]
	origin := l.origin(s.path(h.Backend))
	part := plan.Named("endpoint", l.provider(h.Network), origin, l.networkKey(h.Network), l.backendKey(h.Backend), plan.K(s.id))
	e := Endpoint{
		Part: part, VPC: l.vpc(h.Network), ServiceName: s.name, ServiceRegion: region, SecurityGroup: group, PrivateDNS: privateDNS, Policy: s.policy,
		Overridden: s.override != "",
	}
	if e.Overridden {
		l.expect(part.Provider, region, s)
	}
	node := plan.Endpoint{Name: part.Name, Network: h.Network, Filters: []string{group}, Origin: origin}
	for sub, subnet := range topology.Sorted(n.Subnets) {
		if !subnet.HoldsEndpoints() {
			continue
		}
		address, _ := chooseAddress(l.t, h, s, sub, subnet)
		e.Subnets = append(e.Subnets, EndpointSubnet{Subnet: subnetRef(h.Network, sub, subnet), Address: address})
		node.Addresses = append(node.Addresses, address)
		if node.Subnet == "" {
			node.Subnet = sub
		}
	}
	if privateDNS {
		node.PrivateDNS = s.answers()
	}
	l.parts.Endpoints = append(l.parts.Endpoints, e)
	l.out.Endpoints = append(l.out.Endpoints, node)
	return part.Name
}
