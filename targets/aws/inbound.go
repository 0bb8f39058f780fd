package aws

import (
	"fmt"
	"hash/fnv"
	"net/netip"
	"slices"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/topology"
)

// dnsPort is where a DNS inbound endpoint answers, over UDP and, for long answers, TCP.
const dnsPort = 53

// inboundEndpoints makes one Route 53 Resolver endpoint for each network that is to answer sites.
func (l *lowering) inboundEndpoints() {
	askers := askersOf(l.t)
	for key, n := range topology.Sorted(l.t.Networks) {
		if l.t.Kind(key) == Name && len(n.Inbound) > 0 {
			l.inbound(key, n, askers[key])
		}
	}
}

func (l *lowering) inbound(key string, n *topology.Network, askers []string) {
	origin := l.origin("networks." + key + ".inbound")
	provider := l.provider(key)
	// No "sg" at its beginning, and the oldest key in what cannot change: see securityGroup.
	group := plan.Named("inboundfilter", provider, origin, l.networkKey(key))
	l.parts.SecurityGroups = append(l.parts.SecurityGroups, SecurityGroup{
		Part: group, VPC: l.vpc(key), Description: fmt.Sprintf("obslink: DNS for sites of %s", l.networkKey(key).Oldest()),
	})
	part := InboundEndpoint{Part: plan.Named("inboundendpoint", provider, origin, l.networkKey(key)), SecurityGroup: group.Name}
	node := plan.Resolver{Name: part.Name, Ref: plan.Ref{Part: part.Name}, Network: key, Filters: []string{group.Name}, Origin: origin}
	for name, in := range topology.Sorted(n.Inbound) {
		address, from := inboundAddress(l.t, key, name)
		at := EndpointSubnet{Subnet: subnetRef(key, in.Subnet, n.Subnets[in.Subnet]), Address: address}
		if from == fromTopology {
			at.Origin = l.origin("networks." + key + ".inbound." + name + ".address")
		}
		part.Subnets = append(part.Subnets, at)
		node.Addresses = append(node.Addresses, address)
	}
	l.parts.InboundEndpoints = append(l.parts.InboundEndpoints, part)
	l.out.Resolvers = append(l.out.Resolvers, node)
	l.admitQuestions(key, group.Name, askers, origin)
}

// admitQuestions lets the sites ask, and no one else, and routes the answers back to them.
func (l *lowering) admitQuestions(network, group string, askers []string, origin plan.Origin) {
	filter := plan.Filter{Name: group, Ref: plan.Ref{Part: group}, Origin: origin}
	for _, site := range askers {
		from, who := l.sources(site)
		origin := l.origin("sites." + site + ".dns")
		for _, cidr := range from {
			keys := []plan.Key{l.networkKey(network), who, plan.K(plan.Slug(cidr.String()))}
			client := site
			if l.translated(site) {
				client = "the gateway"
				if slices.ContainsFunc(filter.Ingress, func(r plan.Rule) bool { return r.Prefix == cidr }) {
					continue // sites behind one gateway are one source
				}
				keys = slices.Delete(keys, 1, 2)
			}
			for _, protocol := range []string{"tcp", "udp"} {
				rule := IngressRule{
					Part: plan.Named("dnsingress", l.provider(network), origin, append(slices.Clone(keys), plan.K(protocol))...), SecurityGroup: group,
					From: cidr, Port: dnsPort, Description: fmt.Sprintf("DNS over %s from %s", protocol, client),
				}
				if protocol != "tcp" {
					rule.Protocol = protocol
				}
				l.parts.IngressRules = append(l.parts.IngressRules, rule)
			}
			filter.Ingress = append(filter.Ingress, plan.Rule{Prefix: cidr, Ports: [2]int{dnsPort, dnsPort}, Origin: origin})
		}
		l.wayBack(network, site)
	}
	l.out.Filters = append(l.out.Filters, filter)
}

// askersOf lists, by network, the sites that ask its DNS inbound endpoint: those that forward to it, and
// those that forward a domain of their own to one of its addresses.
func askersOf(t *topology.Topology) map[string][]string {
	askers := map[string][]string{}
	for site, s := range topology.Sorted(t.Sites) {
		if s.DNS.ForwardTo != "" {
			askers[s.DNS.ForwardTo] = append(askers[s.DNS.ForwardTo], site)
		}
		network, _ := s.Network()
		if n := t.Networks[network]; n == nil || len(n.Inbound) == 0 || network == s.DNS.ForwardTo || t.Kind(network) != Name {
			continue
		}
		for name := range t.Networks[network].Inbound {
			address, _ := inboundAddress(t, network, name)
			if asks(s, address) {
				askers[network] = append(askers[network], site)
				break
			}
		}
	}
	return askers
}

// asks reports whether a site forwards a domain of its own to an address.
func asks(s *topology.Site, address netip.Addr) bool {
	for _, server := range s.DNS.Forward {
		if a, err := netip.ParseAddr(server); err == nil && a == address {
			return true
		}
	}
	return false
}

// inboundAddress is the address of one part of a DNS inbound endpoint, chosen as chooseAddress does for
// an endpoint's. A choice is near the end of the subnet, away from those of endpoints.
func inboundAddress(t *topology.Topology, network, name string) (netip.Addr, string) {
	n := t.Networks[network]
	in := n.Inbound[name]
	if in.Address != "" {
		a, _ := netip.ParseAddr(in.Address)
		return a, fromTopology
	}
	subnet := n.Subnets[in.Subnet]
	for _, network := range []string{network, n.Was} {
		for _, name := range []string{name, in.Was} {
			for _, sub := range []string{in.Subnet, subnet.Was} {
				if a, err := netip.ParseAddr(t.Locked[inboundLockKey(network, name, sub)]); err == nil {
					return a, fromLock
				}
			}
		}
	}
	cidr, err := netip.ParsePrefix(subnet.CIDR)
	if subnet.Existing != "" || err != nil {
		return netip.Addr{}, fromNowhere
	}
	return offset(cidr, inboundChoice(plan.Key{Now: name, Was: in.Was}, usable(cidr))), fromChoice
}

// inboundLockKey is an address's key in addresses.lock.json.
func inboundLockKey(network, name, subnet string) string {
	return fmt.Sprintf("inboundendpoint_%s_%s/%s", network, name, subnet)
}

// inboundChoice is the offset of the chosen address from the start of a subnet of so many addresses.
func inboundChoice(name plan.Key, size int) int {
	hash := fnv.New32a()
	hash.Write([]byte(name.Oldest()))
	return reservedFirst + size - 1 - int(hash.Sum32()%uint32(max(1, min(size, 8))))
}

// inboundPins lists the addresses of all DNS inbound endpoints.
func inboundPins(t *topology.Topology) []pinned {
	var all []pinned
	for network, n := range topology.Sorted(t.Networks) {
		if t.Kind(network) != Name {
			continue
		}
		for name, in := range topology.Sorted(n.Inbound) {
			a, from := inboundAddress(t, network, name)
			all = append(all, pinned{hosting: &compile.Hosting{Network: network}, inbound: name, network: network, subnet: in.Subnet, address: a, from: from})
		}
	}
	return all
}
