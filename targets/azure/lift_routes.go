package azure

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
)

// userRoute is a user-defined route; where an appliance's leads depends on the network.
type userRoute struct {
	r       *manifest.Resource
	path    string
	to      netip.Prefix
	kind    string
	nextHop string
}

func (l *lifting) routeTable(r *manifest.Resource) {
	l.tables[r.Name] = nil
	if r.Inputs["disableBgpRoutePropagation"] == true {
		l.Problem(r, "disableBgpRoutePropagation", "keeps a gateway's routes out, which the graph cannot say of one table")
	}
	for i, value := range r.List("routes") {
		fields, _ := value.(map[string]any)
		l.addUserRoute(r, r.Name, fmt.Sprintf("routes[%d].", i), fields)
	}
}

func (l *lifting) route(r *manifest.Resource) {
	if p := l.ourParent(r, "routeTableName", routeTableType, "routeTables"); p != nil {
		l.addUserRoute(r, p.Name, "", r.Inputs)
	}
}

// addUserRoute adds a route; a table has one to each prefix.
func (l *lifting) addUserRoute(r *manifest.Resource, table, path string, fields map[string]any) {
	to, ok := l.Prefix(r, path+"addressPrefix", fields["addressPrefix"])
	if !ok {
		return
	}
	if slices.ContainsFunc(l.tables[table], func(x userRoute) bool { return x.to == to }) {
		l.Problem(r, path+"addressPrefix", "%s is routed in %s already", to, table)
		return
	}
	route := userRoute{r: r, path: path, to: to}
	route.kind, _ = fields["nextHopType"].(string)
	route.nextHop, _ = fields["nextHopIpAddress"].(string)
	l.tables[table] = append(l.tables[table], route)
}

// systemTable is the graph's name of the routes that Azure gives every subnet of a network.
func systemTable(network string) string { return "system_" + network }

// makeTables writes down the routes of networks that need it: those with peerings, which put a route
// to the other network into every subnet (learn: virtual-networks-udr-overview, 2024), and those
// with tables of their own. The other networks list none.
func (l *lifting) makeTables() {
	for i := range l.g.Networks {
		n := &l.g.Networks[i]
		if !l.isVNet(n) {
			continue // peerings of AWS have routes of their own
		}
		system := l.systemRoutes(n.Name)
		own := map[string]bool{}
		for j := range n.Subnets {
			if e := l.used[spot{i, j}]; e != nil && e.table != "" {
				own[e.table] = true
			}
		}
		if len(system) == 0 && len(own) == 0 {
			continue
		}
		n.RouteTables = append(n.RouteTables, plan.RouteTable{Name: systemTable(n.Name), Ref: plan.Ref{Part: systemTable(n.Name)}, System: true, Routes: system})
		for _, r := range l.View.OfType(routeTableType) {
			if own[r.Name] {
				n.RouteTables = append(n.RouteTables, plan.RouteTable{Name: r.Name, Ref: plan.Ref{Part: r.Name}, Routes: l.routesOf(n, r.Name, system)})
			}
		}
		for j := range n.Subnets {
			if e := l.used[spot{i, j}]; e != nil && e.table != "" {
				n.Subnets[j].RouteTable = e.table
			}
		}
	}
}

func (l *lifting) systemRoutes(network string) []plan.Route {
	var all []plan.Route
	for _, p := range l.peers(network) {
		for _, cidr := range p.network.CIDRs {
			all = append(all, plan.Route{Destination: cidr, Target: p.connection})
		}
	}
	return all
}

// isVNet reports whether a network is one of Azure.
func (l *lifting) isVNet(n *plan.Network) bool {
	r := l.View.Named(n.Ref.Part)
	return r != nil && r.Type == vnetType || strings.HasPrefix(strings.ToLower(n.Ref.Existing), "/subscriptions/")
}

// routesOf are the routes of a subnet with a table: user-defined ones win over Azure's to the same
// prefix (learn: virtual-networks-udr-overview, 2024).
func (l *lifting) routesOf(n *plan.Network, table string, system []plan.Route) []plan.Route {
	var all []plan.Route
	taken := map[netip.Prefix]bool{}
	for _, u := range l.tables[table] {
		taken[u.to] = true
		if target := l.nextHop(n, u); target != "" {
			all = append(all, plan.Route{Destination: u.to, Target: target})
		}
	}
	for _, r := range system {
		if !taken[r.Destination] {
			all = append(all, r)
		}
	}
	return all
}

// nextHop is what a user-defined route leads to in a network. What is private and goes to the
// internet is dropped there.
func (l *lifting) nextHop(n *plan.Network, u userRoute) string {
	switch u.kind {
	case "None", "Internet":
		return plan.Blackhole
	case "VnetLocal":
		if slices.Contains(n.CIDRs, u.to) {
			return "" // as it is anyway
		}
	case "VirtualNetworkGateway":
		return l.gateway(n, u, func(c *plan.Connection) bool { return c.Kind == plan.KindVPN })
	case "VirtualAppliance":
		return l.gateway(n, u, func(c *plan.Connection) bool { return c.B.Gateway.IsValid() && c.B.Gateway.String() == u.nextHop })
	}
	l.Problem(u.r, u.path+"nextHopType", "%q to %s is not known", u.kind, u.to)
	return plan.Blackhole
}

// gateway is the declared connection of a network that fits. Several sites may have one gateway: the
// one that the prefix is of is meant.
func (l *lifting) gateway(n *plan.Network, u userRoute, fits func(*plan.Connection) bool) string {
	found, best := "", 0
	for i := range l.g.Connections {
		c := &l.g.Connections[i]
		if c.B.Node != n.Name || !fits(c) {
			continue
		}
		score := 1
		for _, s := range l.g.Sites {
			if s.Name == c.A.Node && slices.Contains(s.CIDRs, u.to) {
				score = 3
			}
		}
		if score == 1 && slices.ContainsFunc(c.B.Allowed, func(p netip.Prefix) bool { return p.Bits() <= u.to.Bits() && p.Contains(u.to.Addr()) }) {
			score = 2
		}
		if score > best {
			found, best = c.Name, score
		}
	}
	if found == "" {
		l.Problem(u.r, u.path+"nextHopIpAddress", "%q is no gateway that network %q declares", u.nextHop, n.Name)
		return plan.Blackhole
	}
	return found
}
