package aws

import (
	"net/netip"
	"slices"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
)

// vpnGateway is one of a VPC. It passes packets on only for the VPNs that end there.
func (l *lifting) vpnGateway(r *manifest.Resource) {
	at, ok := l.network(r, "vpcId", r.Inputs["vpcId"])
	if !ok {
		return
	}
	for _, other := range l.vpnGateways {
		if other == at {
			l.Problem(r, "vpcId", "%q has a VPN gateway already", l.name(at))
			return
		}
	}
	l.vpnGateways[plan.Ref{Part: r.Name}] = at
}

// gatewaysNetwork is the network that a VPN gateway is attached to. Of an existing one a look-up says so.
func (l *lifting) gatewaysNetwork(r *manifest.Resource) (int, bool) {
	const input = "vpnGatewayId"
	ref, ok := l.near(r, input, r.Inputs[input], vpnGatewayType)
	if !ok {
		return 0, false
	}
	if at, made := l.vpnGateways[ref]; made {
		return at, true
	}
	for _, a := range l.View.Assumptions {
		if vpc, _ := a.Expected["attachedVpcId"].(string); ref.Existing != "" && a.Args["id"] == ref.Existing && vpc != "" {
			return l.networkOf(r, input, plan.Ref{Existing: vpc})
		}
	}
	l.Problem(r, input, "VPN gateway %s is attached to no network", ref.Part+ref.Existing)
	return 0, false
}

// vpnSite is the site whose device a VPN leads to.
func (l *lifting) vpnSite(r *manifest.Resource) *plan.Site {
	const input = "customerGatewayId"
	ref, ok := l.near(r, input, r.Inputs[input], customerType)
	if !ok {
		return nil
	}
	device := l.View.Named(ref.Part)
	for i := range l.g.Sites {
		if s := &l.g.Sites[i]; device != nil && s.Device != nil && s.Device.Address == device.Text("ipAddress") {
			return s
		}
	}
	l.Problem(r, input, "%s is no site's device", ref.Part+ref.Existing)
	return nil
}

// vpn is a connection of a site to a network or to a transit gateway. Which way the site's device sends
// its packets the site says.
func (l *lifting) vpn(r *manifest.Resource) {
	s := l.vpnSite(r)
	if s == nil {
		return
	}
	static := l.flag(r, "staticRoutesOnly", false)
	switch toNetwork := r.Has("vpnGatewayId"); {
	case toNetwork == r.Has("transitGatewayId"):
		l.Problem(r, "", "must end at a VPN gateway or at a transit gateway")
	case toNetwork:
		at, ok := l.gatewaysNetwork(r)
		if !ok {
			return
		}
		announced := s.CIDRs
		if static {
			announced = l.staticRoutes(r)
		}
		l.connect(r, plan.Connection{
			Name: r.Name, Kind: plan.KindVPN, Routed: true, A: plan.End{Node: s.Name}, B: plan.End{Node: l.name(at), Allowed: announced},
		})
	default:
		l.vpnAttachment(r, s, static)
	}
}

// vpnAttachment is a VPN at a transit gateway. Nobody asks it whether it wants the gateway's defaults;
// without BGP there is nothing to propagate (VPC Transit Gateways: static routes, 2026-08).
func (l *lifting) vpnAttachment(r *manifest.Resource, s *plan.Site, static bool) {
	at, ok := l.router(r, "transitGatewayId")
	if !ok || !l.here(r, "transitGatewayId", l.place(l.g.Routers[at].Ref)) {
		return
	}
	router := &l.g.Routers[at]
	c := plan.Connection{Name: r.Name, Kind: plan.KindAttachment, A: plan.End{Node: s.Name}, B: plan.End{Node: router.Name}, Assumed: otherRoutes(router.Ref)}
	d := l.transit.defaults[at]
	if d.associate {
		c.B.Table = defaultTable(router.Name)
	}
	if !l.attach(r, c) {
		return
	}
	if static {
		l.transit.static[r.Name] = true
	} else if d.propagate {
		l.transit.propagating = append(l.transit.propagating, spot{at, l.transit.attachments[r.Name]})
	}
}

// staticRoutes are the prefixes that a VPN gateway sends to a device without BGP.
func (l *lifting) staticRoutes(connection *manifest.Resource) []netip.Prefix {
	var all []netip.Prefix
	for _, r := range l.View.OfType(vpnRouteType) {
		name, _ := l.Named(r.Text("vpnConnectionId"), "id")
		if name != connection.Name || !l.here(r, "vpnConnectionId", l.placeOf(connection)) {
			continue
		}
		if p, ok := l.Prefix(r, "destinationCidrBlock", r.Inputs["destinationCidrBlock"]); ok && !slices.Contains(all, p) {
			all = append(all, p)
		}
	}
	slices.SortFunc(all, netip.Prefix.Compare)
	if all == nil {
		all = []netip.Prefix{} // none, where nil would be every prefix
	}
	return all
}

// vpnRoute is read with its connection; here it must only make sense.
func (l *lifting) vpnRoute(r *manifest.Resource) {
	ref, ok := l.Object(r, "vpnConnectionId", r.Inputs["vpnConnectionId"], vpnType)
	if c := l.View.Named(ref.Part); ok && (c == nil || c.Inputs["staticRoutesOnly"] != true || !c.Has("vpnGatewayId")) {
		l.Problem(r, "vpnConnectionId", "%s takes no static routes", ref.Part+ref.Existing)
	}
}

// learns gives a table the routes of its VPC's VPN gateway. A route of its own to the same prefix wins.
func (l *lifting) learns(r *manifest.Resource) {
	table, ok := l.tableOf(r, "routeTableId", r.Inputs["routeTableId"])
	at, found := l.gatewaysNetwork(r)
	switch {
	case !ok || !found:
		return
	case table.at != at:
		l.Problem(r, "routeTableId", "is of network %q, the VPN gateway of %q", l.name(table.at), l.name(at))
		return
	}
	t := l.tableAt(table)
	for _, c := range l.g.Connections {
		if c.Kind != plan.KindVPN || !c.Routed || c.B.Node != l.name(at) {
			continue
		}
		for _, p := range c.B.Allowed {
			if to := (tablePrefix{t.Name, p}); !l.routed[to] {
				l.routed[to] = true
				t.Routes = append(t.Routes, plan.Route{Destination: p, Target: c.Name})
			}
		}
	}
}
