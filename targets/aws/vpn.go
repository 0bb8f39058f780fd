package aws

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/topology"
)

// vpns lowers the connections of sites: VPN gateways and VPNs, what is at a transit gateway already, and
// the hosts of tunnels.
func (l *lowering) vpns() {
	used := map[string]bool{} // the networks in which a connection ends at a gateway
	for _, s := range l.t.Sites {
		if network, _ := s.Network(); s.WireGuard == nil {
			used[network] = true
		}
	}
	for key, n := range topology.Sorted(l.t.Networks) {
		if l.t.Kind(key) == Name && n.VPNGateway != nil {
			l.vpnGateway(key, n, used[key])
		}
	}
	for key, s := range topology.Sorted(l.t.Sites) {
		network, _ := s.Network()
		gateway := l.gateways[l.t.Gateway(key)]
		switch {
		case s.WireGuard != nil && l.t.Kind(network) == Name:
			l.tunnelHost(key, s.WireGuard)
		case s.VPN != nil && gateway != nil:
			l.vpnAtTransitGateway(key, s, gateway)
		case s.VPN != nil && l.t.Kind(network) == Name:
			l.vpnIntoNetwork(key, network, s)
		case s.Existing != nil && gateway != nil:
			l.uplinkAtTransitGateway(key, s, gateway)
		}
	}
}

// vpnGateway lets every declared route table learn what the gateway knows of the sites that it is used
// for; one that no site uses may know of others.
func (l *lowering) vpnGateway(key string, n *topology.Network, used bool) {
	origin := l.origin("networks." + key + ".vpnGateway")
	provider := l.provider(key)
	if id := n.VPNGateway.Existing; id != "" {
		l.parts.ExistingVPNGateways = append(l.parts.ExistingVPNGateways, ExistingVPNGateway{Provider: provider, ID: id, VPC: n.Existing.VPC, Origin: origin})
	} else {
		part := plan.Named("vpngateway", provider, origin, l.networkKey(key))
		l.parts.VPNGateways = append(l.parts.VPNGateways, VPNGateway{Part: part, VPC: l.vpc(key), ASN: n.VPNGateway.ASN})
	}
	if !used {
		return
	}
	propagate := func(table plan.Ref, keys ...plan.Key) {
		l.parts.VPNPropagations = append(l.parts.VPNPropagations, VPNPropagation{
			Part: plan.Named("vpnpropagation", provider, origin, keys...), RouteTable: table, VPNGateway: l.vpnGatewayRef(key),
		})
	}
	if n.Existing == nil {
		propagate(plan.Ref{Part: "routetable_" + key}, l.networkKey(key))
		return
	}
	for name, id := range topology.Sorted(n.Existing.RouteTables) {
		propagate(plan.Ref{Existing: id}, l.networkKey(key), plan.K(name))
	}
}

func (l *lowering) vpnGatewayRef(network string) plan.Ref {
	if id := l.t.Networks[network].VPNGateway.Existing; id != "" {
		return plan.Ref{Existing: id}
	}
	return plan.Ref{Part: "vpngateway_" + network}
}

func (l *lowering) siteKey(key string) plan.Key { return plan.Key{Now: key, Was: l.t.Sites[key].Was} }

// vpn makes what both kinds of VPN have: the site's device as AWS knows it, and the tunnels to it.
func (l *lowering) vpn(key string, s *topology.Site, provider string) VPNConnection {
	origin := l.origin("sites." + key + ".vpn")
	device := plan.Named("customergateway", provider, l.origin("sites."+key+".vpn.device"), l.siteKey(key))
	l.parts.CustomerGateways = append(l.parts.CustomerGateways, CustomerGateway{
		Part: device, Address: netip.MustParseAddr(s.VPN.Device.Address), ASN: s.VPN.ASN,
	})
	if s.VPN.ASN == 0 {
		l.out.Prerequisites = append(l.out.Prerequisites, plan.Prerequisite{
			Text:   fmt.Sprintf("the device of site %q (%s) routes what the site asks for into both tunnels of its VPN", key, s.VPN.Device.Address),
			Origin: origin,
		})
	}
	return VPNConnection{
		Part: plan.Named("vpnconnection", provider, origin, l.siteKey(key)), CustomerGateway: device.Name,
		Static: s.VPN.ASN == 0, Secret: s.VPN.PreSharedKey.Secret,
	}
}

// vpnIntoNetwork ends at the network's VPN gateway, whose routes its tables learn.
func (l *lowering) vpnIntoNetwork(key, network string, s *topology.Site) {
	c := l.vpn(key, s, l.provider(network))
	c.VPNGateway = l.vpnGatewayRef(network)
	l.parts.VPNConnections = append(l.parts.VPNConnections, c)
	cidrs := compile.Prefixes(s.CIDRs)
	l.out.Connections = append(l.out.Connections, plan.Connection{
		Name: c.Name, Kind: plan.KindVPN, Routed: true, Origin: c.Origin,
		A: plan.End{Node: key}, B: plan.End{Node: network, Allowed: cidrs},
	})
	for _, cidr := range cidrs {
		if c.Static {
			l.parts.VPNRoutes = append(l.parts.VPNRoutes, VPNRoute{
				Part: plan.Named("vpnroute", c.Provider, c.Origin, l.siteKey(key), plan.K(plan.Slug(cidr.String()))), Connection: c.Name, Destination: cidr,
			})
		}
		tables := l.out.RouteTables[network]
		for i := range tables {
			tables[i].Routes = append(tables[i].Routes, plan.Route{Destination: cidr, Target: c.Name, Origin: c.Origin})
			if at, ok := l.existingTables[tables[i].Ref.Existing]; ok {
				t := &l.parts.ExistingRouteTables[at]
				t.Adds = append(t.Adds, cidr)
				if id := c.VPNGateway.Existing; id != "" && !slices.Contains(t.VPNGateways, id) {
					t.VPNGateways = append(t.VPNGateways, id)
				}
			}
		}
	}
	for i := range l.parts.ExistingVPNGateways {
		if g := &l.parts.ExistingVPNGateways[i]; g.ID == c.VPNGateway.Existing && !c.Static {
			g.ASNs = append(g.ASNs, s.VPN.ASN)
		}
	}
}

// vpnAtTransitGateway is an attachment of its own. AWS associates it with the gateway's default table, if
// there is one, whatever is asked for, so another table takes it over.
func (l *lowering) vpnAtTransitGateway(key string, s *topology.Site, x *gateway) {
	c := l.vpn(key, s, x.provider)
	c.TransitGateway = x.ref
	l.parts.VPNConnections = append(l.parts.VPNConnections, c)
	router := l.router(x)
	table := &router.RouteTables[0]
	l.out.Connections = append(l.out.Connections, plan.Connection{
		Name: c.Name, Kind: plan.KindAttachment, Assumed: otherRoutes(x.ref), Origin: c.Origin,
		A: plan.End{Node: key}, B: plan.End{Node: router.Name, Table: table.Name},
	})
	keys := []plan.Key{l.siteKey(key), x.key}
	if x.table != (plan.Ref{}) {
		l.parts.TransitAssociations = append(l.parts.TransitAssociations, TransitAssociation{
			Part: plan.Named("transitassociation", x.provider, c.Origin, keys...), Attachment: c.Name, RouteTable: x.table, Replace: x.ref.Existing != "",
		})
	}
	if x.table != (plan.Ref{}) && !c.Static {
		l.parts.TransitPropagations = append(l.parts.TransitPropagations, TransitPropagation{
			Part: plan.Named("transitpropagation", x.provider, c.Origin, keys...), Attachment: c.Name, RouteTable: x.table,
		})
	}
	for _, cidr := range compile.Prefixes(s.CIDRs) {
		table.Routes = append(table.Routes, plan.Route{Destination: cidr, Target: c.Name, Origin: c.Origin})
		if c.Static {
			part := plan.Named("transitroute", x.provider, c.Origin, x.key, l.siteKey(key), plan.K(plan.Slug(cidr.String())))
			l.parts.TransitRoutes = append(l.parts.TransitRoutes, TransitRoute{Part: part, RouteTable: x.table, Destination: cidr, Attachment: c.Name})
		}
	}
}

// uplinkAtTransitGateway draws what is there already: the gateway's table leads to the site.
func (l *lowering) uplinkAtTransitGateway(key string, s *topology.Site, x *gateway) {
	router := l.router(x)
	table := &router.RouteTables[0]
	c := plan.Connection{
		Name: compile.SiteConnection(key), Kind: plan.KindAttachment, Existing: true, Origin: l.origin("sites." + key + ".existing.transitGateway"),
		A: plan.End{Node: key}, B: plan.End{Node: router.Name, Table: table.Name},
	}
	compile.Carried(l.t, &c, key)
	takes := fmt.Sprintf("existing transit gateway %q leads from site %q to what is attached, and back", x.ref.Existing, key)
	if c.Assumed != "" {
		takes = c.Assumed + "; " + takes
	}
	c.Assumed = takes
	l.out.Connections = append(l.out.Connections, c)
	for _, cidr := range compile.Prefixes(s.CIDRs) {
		table.Routes = append(table.Routes, plan.Route{Destination: cidr, Target: c.Name, Origin: c.Origin})
	}
}

// tunnelHost names what the host of a tunnel must be, and lets the tunnel in.
func (l *lowering) tunnelHost(key string, w *topology.WireGuard) {
	path := "sites." + key + ".wireguard"
	origin := l.origin(path + ".gateway")
	address := netip.MustParseAddr(w.Gateway.Existing)
	if id := w.Gateway.Interface; id != "" && !w.SNAT {
		host := ExistingTunnelHost{Provider: l.provider(w.Network), Interface: id, Address: address, SecurityGroup: w.Gateway.SecurityGroup, Origin: origin}
		if !slices.ContainsFunc(l.parts.ExistingTunnelHosts, func(h ExistingTunnelHost) bool { return h.Interface == id }) {
			l.parts.ExistingTunnelHosts = append(l.parts.ExistingTunnelHosts, host)
		}
	}
	if !w.SNAT {
		text := fmt.Sprintf("the host of the tunnels at %s in network %q passes packets on, and its source/destination check is off", address, w.Network)
		if !slices.ContainsFunc(l.out.Prerequisites, func(p plan.Prerequisite) bool { return p.Text == text }) {
			l.out.Prerequisites = append(l.out.Prerequisites, plan.Prerequisite{Text: text, Origin: origin})
		}
	}
	if w.Gateway.SecurityGroup == "" {
		return
	}
	from := netip.MustParseAddr(w.PeerAddress)
	port, _ := strconv.Atoi(w.Endpoint[strings.LastIndexByte(w.Endpoint, ':')+1:])
	rule := TunnelRule{
		Part:          plan.Named("tunnelingress", l.provider(w.Network), origin, l.siteKey(key)),
		SecurityGroup: w.Gateway.SecurityGroup, From: netip.PrefixFrom(from, 32), Port: port, Description: "the tunnel of site " + key,
	}
	same := func(r TunnelRule) bool {
		return r.SecurityGroup == rule.SecurityGroup && r.From == rule.From && r.Port == rule.Port
	}
	if !slices.ContainsFunc(l.parts.TunnelRules, same) { // AWS refuses a second rule for one source
		l.parts.TunnelRules = append(l.parts.TunnelRules, rule)
	}
}
