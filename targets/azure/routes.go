package azure

import (
	"net/netip"
	"slices"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/topology"
)

// RouteTable is created for the subnets that obslink creates in a network with gateway hosts that do
// not translate: without it Azure drops what is addressed to their sites.
type RouteTable struct {
	plan.Part
	In
	Location string  `json:"location"`
	Routes   []Route `json:"routes"`
}

// Route sends a site's range to a gateway host.
type Route struct {
	ResourceName string       `json:"resourceName"`
	Destination  netip.Prefix `json:"destination"`
	NextHop      netip.Addr   `json:"nextHop"`
}

// gatewayRoutes makes the route table of a network, where it needs one, and returns what it routes.
func (l *lowering) gatewayRoutes(network string) []plan.Route {
	n := l.t.Networks[network]
	if !slices.ContainsFunc(l.parts.Subnets, func(s Subnet) bool { return l.subnetOwner[s.Name] == network }) {
		return nil
	}
	table := RouteTable{
		Part: plan.Named("routetable", l.provider(n.Account), l.origin("networks."+network), l.networkKey(network)), Location: n.Region,
		In: In{l.networkGroup(network), l.cloudName(l.networkKey(network))},
	}
	var routes []plan.Route
	for _, key := range l.untranslated[network] {
		w := l.t.Sites[key].WireGuard
		gateway, origin := netip.MustParseAddr(w.Gateway.Existing), l.origin("sites."+key+".wireguard.gateway")
		for _, cidr := range compile.Prefixes(l.t.Sites[key].CIDRs) {
			table.Routes = append(table.Routes, Route{plan.Slug(cidr.String()), cidr, gateway})
			routes = append(routes, plan.Route{Destination: cidr, Target: compile.SiteConnection(key), Origin: origin})
		}
	}
	if len(routes) == 0 {
		return nil
	}
	l.parts.RouteTables = append(l.parts.RouteTables, table)
	for i := range l.parts.Subnets {
		if s := &l.parts.Subnets[i]; l.subnetOwner[s.Name] == network && s.ResourceName != gatewaySubnet {
			s.RouteTable = table.Name
		}
	}
	return routes
}

// untranslatedSites are the sites behind gateway hosts that leave their addresses as they are, by the
// network of the host.
func untranslatedSites(t *topology.Topology) map[string][]string {
	all := map[string][]string{}
	for key, s := range topology.Sorted(t.Sites) {
		if w := s.WireGuard; w != nil && !w.SNAT && t.Kind(w.Network) == Name {
			all[w.Network] = append(all[w.Network], key)
		}
	}
	return all
}
