package check

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var unknownReference = diag.Code{
	ID: "OBS204", Severity: diag.Error, Title: "a reference to something that is not declared",
	Cause:   "The value must be the key of an element of this topology.",
	Example: `links: "tokyo-datadog": {from: "tokio", …}`,
	Mend:    `links: "tokyo-datadog": {from: "tokyo", …}`,
}

// references checks every value that names another element.
func references(t *topology.Topology) diag.List {
	r := &referrer{t: t, accounts: keySet(t.Accounts), networks: keySet(t.Networks), backends: keySet(t.Backends)}
	r.nodes = append(slices.Clone(r.networks), keySet(t.Sites)...)
	slices.Sort(r.nodes)
	for key, n := range topology.Sorted(t.Networks) {
		r.refer("networks."+key+".account", "account", n.Account, r.accounts)
		r.network("networks."+key, n)
	}
	for key, g := range topology.Sorted(t.TransitGateways) {
		r.refer("transitGateways."+key+".account", "account", g.Account, r.accounts)
		for peer := range topology.Sorted(g.Peers) {
			r.refer("transitGateways."+key+".peers."+peer, "transit gateway", peer, keySet(t.TransitGateways))
		}
	}
	for key, s := range topology.Sorted(t.Sites) {
		if name, field := s.Network(); field != "" {
			r.refer("sites."+key+"."+field, "network", name, r.networks)
		}
		if gateway, field := s.Gateway(); field != "" {
			r.refer("sites."+key+"."+field, "transit gateway", gateway, keySet(t.TransitGateways))
		}
		if s.DNS.ForwardTo != "" {
			r.refer("sites."+key+".dns.forwardTo", "network", s.DNS.ForwardTo, r.networks)
		}
	}
	for key, z := range topology.Sorted(t.Zones) {
		if z.Account != "" {
			r.refer("zones."+key+".account", "account", z.Account, r.accounts)
		}
		for i, name := range z.Networks {
			r.refer(fmt.Sprintf("zones.%s.networks[%d]", key, i), "network", name, r.networks)
		}
		for name := range topology.Sorted(z.Links) {
			r.refer("zones."+key+".links."+name, "network of the zone", name, z.Networks)
		}
	}
	for key, l := range topology.Sorted(t.Links) {
		r.refer("links."+key+".from", "network or site", l.From, r.nodes)
		r.refer("links."+key+".to", "backend", l.To, r.backends)
		if name, field := l.Via.Network(); field != "" {
			r.refer("links."+key+"."+field, "network", name, r.networks)
		}
		if n := t.Networks[l.From]; n != nil {
			for client := range topology.Sorted(l.Clients) {
				r.refer("links."+key+".clients."+client, "client group", client, keySet(n.Clients))
			}
		}
	}
	return r.found
}

// network checks what stands in one network: route tables and servers are named by the network's own
// keys.
func (r *referrer) network(path string, n *topology.Network) {
	subnets := keySet(n.Subnets)
	var tables []string
	if n.Existing != nil {
		tables = keySet(n.Existing.RouteTables)
	}
	for sub, s := range topology.Sorted(n.Subnets) {
		if at := path + ".subnets." + sub + ".routeTable"; s.RouteTable != "" && n.Existing == nil {
			r.found = append(r.found, unknownReference.At(r.t.At(at), at, "there is no existing route table %q", s.RouteTable).
				WithHint("remove routeTable: obslink makes the route table of a network that it creates"))
		} else if s.RouteTable != "" {
			r.refer(at, "existing route table", s.RouteTable, tables)
		}
		for backend := range topology.Sorted(s.Addresses) {
			r.refer(path+".subnets."+sub+".addresses."+backend, "backend", backend, r.backends)
		}
	}
	for name, c := range topology.Sorted(n.Clients) {
		if c.Subnet != "" {
			r.refer(path+".clients."+name+".subnet", "subnet", c.Subnet, subnets)
		}
	}
	for name, in := range topology.Sorted(n.Inbound) {
		r.refer(path+".inbound."+name+".subnet", "subnet", in.Subnet, subnets)
	}
	if n.VPNGateway != nil && n.VPNGateway.Subnet != "" {
		r.refer(path+".vpnGateway.subnet", "subnet", n.VPNGateway.Subnet, subnets)
	}
	if n.Attach != nil {
		r.refer(path+".attach.transitGateway", "transit gateway", n.Attach.TransitGateway, keySet(r.t.TransitGateways))
		for i, sub := range n.Attach.Subnets {
			r.refer(fmt.Sprintf("%s.attach.subnets[%d]", path, i), "subnet", sub, subnets)
		}
	}
	if n.Existing != nil {
		r.existing(path+".existing", n.Existing)
	}
	for backend := range topology.Sorted(n.Acknowledge) {
		r.refer(path+".acknowledge."+backend, "backend", backend, r.backends)
	}
}

// existing checks what existing endpoints and their groups refer to.
func (r *referrer) existing(path string, e *topology.Existing) {
	groups := keySet(e.SecurityGroups)
	for table := range topology.Sorted(e.Routes) {
		r.refer(path+".routes."+table, "existing route table", table, keySet(e.RouteTables))
	}
	for backend, services := range topology.Sorted(e.Endpoints) {
		r.refer(path+".endpoints."+backend, "backend", backend, r.backends)
		for service, x := range topology.Sorted(services) {
			at := path + ".endpoints." + backend + "." + diag.Step(service) + ".securityGroup"
			r.refer(at, "existing security group", x.SecurityGroup, groups)
		}
	}
	for name, g := range topology.Sorted(e.SecurityGroups) {
		for i, backend := range g.Backends {
			r.refer(fmt.Sprintf("%s.securityGroups.%s.backends[%d]", path, name, i), "backend", backend, r.backends)
		}
	}
}

type referrer struct {
	t                                   *topology.Topology
	accounts, networks, backends, nodes []string
	found                               diag.List
}

// refer reports a value that is none of the declared keys, which are sorted.
func (r *referrer) refer(path, what, value string, declared []string) {
	if _, ok := slices.BinarySearch(declared, value); ok {
		return
	}
	d := unknownReference.At(r.t.At(path), path, "there is no %s %q", what, value)
	switch near := diag.DidYouMean(value, declared); {
	case near != "":
		d = d.WithHint("did you mean %q?", near)
	case len(declared) == 0:
		d = d.WithHint("declare it first")
	case len(declared) <= 10:
		d = d.WithHint("one of: %s", strings.Join(declared, ", "))
	default:
		d = d.WithHint("declare %q, or use the key of one of the %d that are declared", value, len(declared))
	}
	r.found = append(r.found, d)
}

func keySet[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
