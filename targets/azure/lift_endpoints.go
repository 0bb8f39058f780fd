package azure

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/schema"
)

// privateEndpoint is an endpoint until its subnet's policies are known.
type privateEndpoint struct {
	in     spot
	number int // in the graph
}

// scope is the list of resources whose names an endpoint answers; it has no place in the network.
func (l *lifting) scope(r *manifest.Resource) { l.global(r) }

// scopedResource is read with the zone group that writes its names; here it must only make sense.
func (l *lifting) scopedResource(r *manifest.Resource) {
	if l.scopeText(r) == "" {
		l.ourParent(r, "scopeName", scopeType, "privateLinkScopes")
	}
	l.monitored(r)
}

// endpoint is the private endpoint of a private link scope, in its network's region.
func (l *lifting) endpoint(r *manifest.Resource) {
	at, ok := l.subnetOf(r, "subnet.id", inner(r.Inputs, "subnet", "id"))
	if !ok || !l.beside(r, at.network) {
		return
	}
	service := r.Has("manualPrivateLinkServiceConnections")
	if service {
		l.aliases[r.Name] = l.aliasOf(r)
	} else if _, _, known := l.scopeOf(r); !known {
		return
	}
	if service && l.aliases[r.Name] == "" {
		return
	}
	e := plan.Endpoint{Name: r.Name, Network: l.name(at.network), Subnet: l.subnetAt(at).Name}
	for i, value := range r.List("ipConfigurations") {
		fields, _ := value.(map[string]any)
		path := fmt.Sprintf("ipConfigurations[%d].privateIPAddress", i)
		if group, member := fields["groupId"], fields["memberName"]; service && (group != "" || member != "") {
			l.Problem(r, path, "is of group %v and member %v, and services of others have neither", group, member)
		}
		if a, ok := l.address(r, path, fields["privateIPAddress"], at); ok && service {
			e.Addresses = append(e.Addresses, a)
		}
	}
	if !service {
		l.pins(r)
	}
	l.endpoints = append(l.endpoints, privateEndpoint{at, len(l.g.Endpoints)})
	l.g.Endpoints = append(l.g.Endpoints, e)
}

// pins are the addresses of a scope's endpoint by member. The graph knows the subnet that they are all in; here they must
// only make sense.
func (l *lifting) pins(r *manifest.Resource) {
	seen := map[any]bool{}
	connections := objects(r.Inputs["privateLinkServiceConnections"])
	for i, fields := range objects(r.Inputs["ipConfigurations"]) {
		path := fmt.Sprintf("ipConfigurations[%d]", i)
		groups := texts(connections[0], "", "groupIds")
		if group, _ := fields["groupId"].(string); !slices.Contains(groups, group) {
			l.Problem(r, path+".groupId", "is %q, and the endpoint is of group %v", group, groups)
		}
		for _, field := range []string{"memberName", "privateIPAddress"} {
			value := fields[field]
			if value == nil || value == "" || seen[value] {
				l.Problem(r, path+"."+field, "is %v, which is nothing or there twice", value)
			}
			seen[value] = true
		}
	}
}

// scopeTypes are the scopes that an endpoint leads to, by its group.
var scopeTypes = map[any]string{"azuremonitor": scopeType, "hybridcompute": arcScopeType, "prometheusMetrics": prometheusType}

// scopeOf is the scope that an endpoint leads to, and its type.
func (l *lifting) scopeOf(endpoint *manifest.Resource) (ref plan.Ref, token string, ok bool) {
	const path = "privateLinkServiceConnections"
	list := endpoint.List(path)
	if len(list) != 1 {
		l.Problem(endpoint, path, "are %d, and must be one", len(list))
		return ref, "", false
	}
	fields, _ := list[0].(map[string]any)
	ids, _ := fields["groupIds"].([]any)
	if len(ids) == 1 {
		token = scopeTypes[ids[0]]
	}
	if token == "" {
		l.Problem(endpoint, path+"[0].groupIds", "%v is no group that lift knows", fields["groupIds"])
		return ref, "", false
	}
	ref, ok = l.Object(endpoint, path+"[0].privateLinkServiceId", fields["privateLinkServiceId"], token)
	_, isKnown := l.known[strings.ToLower(ref.Existing)]
	if ok && ref.Part == "" && (token == scopeType && !l.scopes[strings.ToLower(ref.Existing)] || token == prometheusType && !isKnown) {
		l.Problem(endpoint, path+"[0].privateLinkServiceId", "%s is neither of this manifest nor looked up", ref.Existing)
		ok = false
	}
	if ok {
		l.led[ref.Part] = true
	}
	return ref, token, ok
}

// aliasOf is the private link service of others that an endpoint asks for, if the catalogue knows it.
func (l *lifting) aliasOf(endpoint *manifest.Resource) string {
	const path = "manualPrivateLinkServiceConnections"
	list := endpoint.List(path)
	if len(list) != 1 || len(endpoint.List("privateLinkServiceConnections")) > 0 {
		l.Problem(endpoint, path, "are %d, and must be one by itself", len(list))
		return ""
	}
	fields, _ := list[0].(map[string]any)
	alias, _ := fields["privateLinkServiceId"].(string)
	if len(hostsOf(alias)) == 0 {
		l.Problem(endpoint, path+"[0].privateLinkServiceId", "%q is no service that lift knows", alias)
		return ""
	}
	if groups, _ := fields["groupIds"].([]any); len(groups) > 0 {
		l.Problem(endpoint, path+"[0].groupIds", "are of scopes, not of services")
		return ""
	}
	return alias
}

// hostsOf are the names that a private link service answers.
func hostsOf(alias string) []string {
	var hosts []string
	for _, site := range schema.Datadog().AzureSites {
		for _, s := range site.Services {
			if s.Alias == alias && alias != "" {
				hosts = append(hosts, s.Host)
			}
		}
	}
	return hosts
}

// address reads an address of a subnet; Azure keeps the first four and the last for itself.
func (l *lifting) address(r *manifest.Resource, path string, value any, at spot) (netip.Addr, bool) {
	text, _ := value.(string)
	a, err := netip.ParseAddr(text)
	cidr := l.subnetAt(at).CIDR
	taken := err != nil || !cidr.IsValid() || !cidr.Contains(a) || !cidr.Contains(a.Next())
	for i, first := 0, cidr.Masked().Addr(); i < 4 && !taken; i++ {
		taken, first = first == a, first.Next()
	}
	if taken {
		l.Problem(r, path, "%v is not an address of %s that may be had", value, cidr)
	}
	return a, !taken
}

// placeEndpoints gives endpoints the edge that counts for them. Where the subnet's policies leave them
// out of its security group or table, they are put into a subnet of the graph alone: of the same
// range, and without what does not count.
func (l *lifting) placeEndpoints() {
	for _, p := range l.endpoints {
		edge, n := l.used[p.in], &l.g.Networks[p.in.network]
		if edge == nil || (edge.group == "" || edge.groupForEndpoints) && (edge.table == "" || edge.tableForEndpoints) {
			l.announce(p, edge)
			continue
		}
		s := *l.subnetAt(p.in)
		s.Name += "/endpoints"
		s.Ref.Part += "/endpoints"
		if !edge.groupForEndpoints {
			s.Filters = nil
		}
		if edge.table != "" && !edge.tableForEndpoints {
			s.RouteTable = systemTable(n.Name)
		}
		if !slices.ContainsFunc(n.Subnets, func(x plan.Subnet) bool { return x.Name == s.Name }) {
			n.Subnets = append(n.Subnets, s)
		}
		l.g.Endpoints[p.number].Subnet = s.Name
		l.announce(p, edge)
	}
}

// announce adds the routes that Azure gives an endpoint in every table of its network and of peered
// ones: they win over shorter user-defined ones, unless the policies let tables override them
// (learn: disable-private-endpoint-network-policy, 2024). A network's own prefix stands for the route in
// its own tables. Where the cloud chooses the address, it is the subnet's range.
func (l *lifting) announce(p privateEndpoint, edge *edge) {
	if edge != nil && edge.tableForEndpoints {
		return
	}
	n, e := &l.g.Networks[p.in.network], &l.g.Endpoints[p.number]
	to := []netip.Prefix{l.subnetAt(p.in).CIDR}
	if len(e.Addresses) > 0 {
		to = nil
		for _, a := range e.Addresses {
			to = append(to, netip.PrefixFrom(a, a.BitLen()))
		}
	}
	for _, prefix := range to {
		if !slices.Contains(n.CIDRs, prefix) && l.overridden(n, n.CIDRs, prefix) {
			n.CIDRs = append(slices.Clip(n.CIDRs), prefix)
		}
		for _, other := range l.peers(n.Name) {
			if !l.overridden(other.network, n.CIDRs, prefix) {
				continue
			}
			for i := range other.network.RouteTables {
				t := &other.network.RouteTables[i]
				if !slices.ContainsFunc(t.Routes, func(r plan.Route) bool { return r.Destination == prefix }) {
					t.Routes = append(t.Routes, plan.Route{Destination: prefix, Target: other.connection})
				}
			}
		}
	}
}

// overridden reports whether a table of a network has a user-defined route that would take a prefix
// away from the network that has it.
func (l *lifting) overridden(n *plan.Network, owned []netip.Prefix, prefix netip.Prefix) bool {
	for _, t := range n.RouteTables {
		for _, u := range l.tables[t.Name] {
			if u.to.Overlaps(prefix) && !slices.ContainsFunc(owned, func(c netip.Prefix) bool { return u.to.Bits() < c.Bits() && u.to.Contains(c.Addr()) }) {
				return true
			}
		}
	}
	return false
}
