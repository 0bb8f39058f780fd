package model_test

import (
	"net/netip"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/model"
	"github.com/obslink/obslink/compiler/plan"
)

const (
	metrics  = "metrics.agent.example.com"
	allTCP   = "0.0.0.0/0"
	endpoint = "192.168.0.10"
)

func prefix(s string) netip.Prefix { return netip.MustParsePrefix(s) }
func addr(s string) netip.Addr     { return netip.MustParseAddr(s) }
func at(path string) plan.Origin {
	return plan.Origin{Path: path, Pos: diag.Pos{File: "t.cue", Line: 1, Column: 1}}
}

func prefixes(all ...string) []netip.Prefix {
	var ps []netip.Prefix
	for _, s := range all {
		ps = append(ps, prefix(s))
	}
	return ps
}

func route(destination, target string) plan.Route {
	return plan.Route{Destination: prefix(destination), Target: target, Origin: at("route " + destination + " " + target)}
}

func rule(p string, from, to int) plan.Rule {
	return plan.Rule{Prefix: prefix(p), Ports: [2]int{from, to}, Origin: at("rule " + p)}
}

// world is a network tokyo that is peered with hub, where the endpoint stands; a site home with a
// tunnel to a gateway in hub; and spoke, which hangs on a router with hub. Everything works in it.
func world() (*plan.Graph, []plan.Name) {
	table := func(name string, routes ...plan.Route) []plan.RouteTable {
		return []plan.RouteTable{{Name: name, Routes: routes}}
	}
	g := &plan.Graph{
		Networks: []plan.Network{
			{
				Name: "hub", Ref: plan.Ref{Part: "hub"}, CIDRs: prefixes("192.168.0.0/16"), DNSAttributes: true, Origin: at("networks.hub"),
				Subnets: []plan.Subnet{
					{Name: "endpoints", CIDR: prefix("192.168.0.0/20"), RouteTable: "hub", Origin: at("networks.hub.subnets.endpoints")},
					{Name: "gateway", CIDR: prefix("192.168.16.0/24"), RouteTable: "hub", Origin: at("networks.hub.subnets.gateway")},
				},
				RouteTables: table("hub", route("10.0.0.0/16", "peer"), route("172.16.1.0/24", "tunnel"), route("10.9.0.0/16", "attach-hub")),
			},
			{
				Name: "spoke", Ref: plan.Ref{Part: "spoke"}, CIDRs: prefixes("10.9.0.0/16"), DNSAttributes: true, Origin: at("networks.spoke"),
				Subnets:     []plan.Subnet{{Name: "a", CIDR: prefix("10.9.0.0/24"), RouteTable: "spoke", Origin: at("networks.spoke.subnets.a")}},
				RouteTables: table("spoke", route("192.168.0.0/16", "attach-spoke")),
			},
			{
				Name: "tokyo", Ref: plan.Ref{Existing: "vpc-1"}, CIDRs: prefixes("10.0.0.0/16"), DNSAttributes: true, Origin: at("networks.tokyo"),
				Subnets:     []plan.Subnet{{Name: "web", CIDR: prefix("10.0.1.0/24"), RouteTable: "private", Filters: []string{"acl-web"}, Origin: at("networks.tokyo.subnets.web")}},
				RouteTables: table("private", route("192.168.0.0/20", "peer")),
				Clients:     []plan.Client{{Name: "web", CIDR: prefix("10.0.1.0/24"), Filter: "sg-web", Origin: at("networks.tokyo.clients.web")}},
			},
		},
		Sites: []plan.Site{{Name: "home", CIDRs: prefixes("172.16.1.0/24"), DNS: plan.DNS{Mode: plan.DNSExported, Origin: at("sites.home")}, Origin: at("sites.home")}},
		Routers: []plan.Router{{
			Name: "tgw", Origin: at("routers.tgw"),
			RouteTables: table("main", route("192.168.0.0/16", "attach-hub"), route("10.9.0.0/16", "attach-spoke")),
		}},
		Connections: []plan.Connection{
			{Name: "attach-hub", Kind: plan.KindAttachment, A: plan.End{Node: "hub"}, B: plan.End{Node: "tgw", Table: "main"}, Origin: at("attach-hub")},
			{Name: "attach-spoke", Kind: plan.KindAttachment, A: plan.End{Node: "spoke"}, B: plan.End{Node: "tgw", Table: "main"}, Origin: at("attach-spoke")},
			{Name: "peer", Kind: plan.KindPeering, A: plan.End{Node: "tokyo"}, B: plan.End{Node: "hub"}, Origin: at("links.tokyo")},
			{
				Name: "tunnel", Kind: plan.KindWireGuard, Origin: at("sites.home.wireguard.network"),
				A: plan.End{Node: "home", Allowed: prefixes("192.168.0.0/20"), Origin: at("sites.home.wireguard")},
				B: plan.End{Node: "hub", Gateway: addr("192.168.16.4"), Allowed: prefixes("172.16.1.0/24"), Origin: at("sites.home.wireguard.gateway")},
			},
		},
		Endpoints: []plan.Endpoint{{Name: "dd", Network: "hub", Subnet: "endpoints", Addresses: []netip.Addr{addr(endpoint)}, Filters: []string{"sg-dd"}, Origin: at("backends.dd")}},
		Filters: []plan.Filter{
			{Name: "sg-dd", Ingress: []plan.Rule{rule("10.0.0.0/16", 443, 443), rule("172.16.1.0/24", 443, 443), rule("10.9.0.0/16", 443, 443), rule("192.168.16.4/32", 443, 443)}, Origin: at("backends.dd")},
			{Name: "sg-web", Egress: []plan.Rule{rule("192.168.0.0/20", 443, 443)}, Origin: at("networks.tokyo.clients.web.egress")},
			{
				Name: "acl-web", Stateless: true, Origin: at("networks.tokyo.subnets.web.networkACL"),
				Ingress: []plan.Rule{rule("192.168.0.0/20", 1024, 65535)}, Egress: []plan.Rule{rule(allTCP, 443, 443)},
			},
		},
		Zones: []plan.Zone{{
			Name: "agent.example.com", Ref: plan.Ref{Part: "zone"}, Networks: []string{"hub", "spoke", "tokyo"}, Origin: at("links.tokyo"),
			Records: []plan.Record{{Name: metrics, Endpoint: "dd"}},
		}},
	}
	names := []plan.Name{{FQDN: metrics, Backend: "dd", Endpoint: "dd", Zone: "agent.example.com", Clients: []string{"home", "spoke", "tokyo"}, Origin: at("backends.dd.metrics")}}
	return g, names
}

var (
	web   = model.Host{Node: "tokyo", Address: addr("10.0.1.5")}
	home  = model.Host{Node: "home", Address: addr("172.16.1.5")}
	spoke = model.Host{Node: "spoke", Address: addr("10.9.0.5")}
)

// try resolves the one name and, if it resolves as it must, connects to its endpoint.
func try(t *testing.T, g *plan.Graph, names []plan.Name, h model.Host) (*model.Break, []model.Assumption, model.Path) {
	t.Helper()
	m := model.New(g, names)
	a := m.Resolve(h, names[0].FQDN)
	if b := m.Expect(h, &names[0], names[0].FQDN, a); b != nil {
		return b, a.Assumptions, model.Path{}
	}
	if len(a.Addresses) == 0 {
		t.Fatalf("no address: %+v", a)
	}
	s, ok := m.Endpoint(names[0].Endpoint, a.Addresses[0])
	if !ok {
		t.Fatal("no endpoint")
	}
	p := m.Connect(h, s, 443)
	quiet, assumed := m.Reaches(h, s, 443)
	if (quiet == nil) != (p.Break == nil) || quiet != nil && *quiet != *p.Break || len(assumed) != len(p.Assumptions) {
		t.Errorf("Reaches differs from Connect: %v, %v", quiet, p.Break)
	}
	return p.Break, append(a.Assumptions, p.Assumptions...), p
}

func TestEverythingWorks(t *testing.T) {
	for _, h := range []model.Host{web, home, spoke} {
		g, names := world()
		b, assumed, p := try(t, g, names, h)
		if b != nil || len(assumed) > 0 {
			t.Errorf("%s: %v %v", h.Node, b, assumed)
		}
		if len(p.Out) < 3 || len(p.Back) < 2 {
			t.Errorf("%s: %d steps out, %d back", h.Node, len(p.Out), len(p.Back))
		}
	}
}

type broken struct {
	name    string
	reason  model.Reason
	from    model.Host
	change  func(g *plan.Graph, names []plan.Name)
	culprit string
	text    string // a part of it
	mend    string // a part of it
}

// breaks has a change of the world for every reason, who is then cut off, and what it must say.
var breaks = []broken{
	{"public DNS at a site", model.PublicAnswer, home, func(g *plan.Graph, _ []plan.Name) {
		g.Sites[0].DNS = plan.DNS{Mode: plan.DNSPublic, Origin: at("sites.home.dns.resolver")}
	}, "sites.home.dns.resolver", "public address", "sites.home.dns.resolver"},
	{"public DNS in a network", model.PublicAnswer, web, func(g *plan.Graph, _ []plan.Name) {
		g.Networks[2].DNS = plan.DNS{Mode: plan.DNSPublic, Origin: at("networks.tokyo.resolver")}
	}, "networks.tokyo.resolver", "public address", "networks.tokyo.resolver"},
	{"zone not associated", model.PublicAnswer, web, func(g *plan.Graph, _ []plan.Name) {
		g.Zones[0].Networks = []string{"hub"}
	}, "networks.tokyo", "not associated", `from "tokyo" to "dd"`},
	{"existing zone not associated", model.PublicAnswer, web, func(g *plan.Graph, _ []plan.Name) {
		g.Zones[0].Networks, g.Zones[0].Ref, g.Zones[0].Origin = []string{"hub"}, plan.Ref{Existing: "Z1"}, at("zones.dd")
	}, "zones.dd", "not associated", `add "tokyo" to zones.dd.networks`},
	{"endpoint names elsewhere", model.PublicAnswer, web, func(g *plan.Graph, _ []plan.Name) {
		g.Zones, g.Endpoints[0].PrivateDNS = nil, []string{metrics}
	}, "networks.tokyo", `inside network "hub" only`, "link"},
	{"site without link", model.PublicAnswer, home, func(_ *plan.Graph, names []plan.Name) {
		names[0].Clients = []string{"tokyo"}
	}, "sites.home", "has no link", `from "home" to "dd"`},
	{"zone without the record", model.NXDOMAIN, web, func(g *plan.Graph, _ []plan.Name) {
		g.Zones = append(g.Zones, plan.Zone{Name: metrics, Ref: plan.Ref{Existing: "Z1"}, Networks: []string{"tokyo"}, Origin: at("zones.old")})
	}, "zones.old", "does not hold the name", `network "tokyo"`},
	{"DNS attributes off", model.DNSAttributesOff, web, func(g *plan.Graph, _ []plan.Name) {
		g.Networks[2].DNSAttributes = false
	}, "networks.tokyo", "host names are off", "networks.tokyo.existing.dnsSupport"},
	{"no DNS server there", model.ResolverUnreachable, home, func(g *plan.Graph, _ []plan.Name) {
		g.Sites[0].DNS.Forwards = []plan.Forward{{Domain: "example.com", Servers: []netip.Addr{addr("192.168.0.53")}, Origin: at("sites.home.dns.forward")}}
	}, "sites.home.dns.forward", "knows no DNS server", "resolver"},
	{"DNS server behind a filter", model.ResolverUnreachable, home, func(g *plan.Graph, _ []plan.Name) {
		g.Sites[0].DNS.Forwards = []plan.Forward{{Domain: "example.com", Servers: []netip.Addr{addr("192.168.0.53")}, Origin: at("sites.home.dns.forward")}}
		g.Resolvers = []plan.Resolver{{Name: "in", Network: "hub", Addresses: []netip.Addr{addr("192.168.0.53")}, Filters: []string{"sg-dd"}, Origin: at("resolvers.in")}}
	}, "backends.dd", "port 53", "172.16.1.0/24"},
	{"two backends, one name", model.WrongEndpoint, web, func(g *plan.Graph, _ []plan.Name) {
		g.Endpoints = append(g.Endpoints, plan.Endpoint{Name: "other", Network: "hub", Subnet: "endpoints", Addresses: []netip.Addr{addr("192.168.0.11")}})
		g.Zones[0].Records[0].Endpoint = "other"
	}, "backends.dd.metrics", "and not to the endpoint", "only one"},
	{"two records for one name: the first", model.WrongEndpoint, web, func(g *plan.Graph, _ []plan.Name) {
		g.Zones[0].Records = append([]plan.Record{{Name: metrics, Addresses: []netip.Addr{addr("10.0.0.80")}}}, g.Zones[0].Records...)
	}, "links.tokyo", "10.0.0.80", "take " + metrics},
	{"a zone with another address", model.WrongEndpoint, web, func(g *plan.Graph, _ []plan.Name) {
		g.Zones[0].Records[0] = plan.Record{Name: metrics, Addresses: []netip.Addr{addr("10.0.0.80")}}
	}, "links.tokyo", "10.0.0.80", "take " + metrics},

	{"a zone that lets the name fall through", model.PublicAnswer, web, func(g *plan.Graph, _ []plan.Name) {
		g.Zones[0].Records, g.Zones[0].FallThrough = nil, true
	}, "networks.tokyo", "does not hold " + metrics, "the addresses of"},

	{"no such client", model.Missing, model.Host{Node: "moon", Address: addr("10.0.0.1")}, func(*plan.Graph, []plan.Name) {}, "", "moon", ""},
	{"connection to nowhere", model.Missing, web, func(g *plan.Graph, _ []plan.Name) {
		g.Connections[2].B.Node = "moon"
	}, "links.tokyo", "moon", ""},
	{"IPv6 client", model.AddressFamily, model.Host{Node: "home", Address: addr("fd00::1")}, func(g *plan.Graph, _ []plan.Name) {
		g.Sites[0].CIDRs = append(g.Sites[0].CIDRs, prefix("fd00::/64"))
	}, "sites.home", "fd00::/64 is IPv6", "IPv4"},
	{"no route", model.NoRoute, web, func(g *plan.Graph, _ []plan.Name) {
		g.Networks[2].RouteTables[0].Routes = nil
	}, "networks.tokyo.subnets.web", `route table "private" of network "tokyo" has no route to 192.168.0.0/20`, "networks.tokyo.subnets.web.routeTable"},
	{"no route table known", model.NoRoute, web, func(g *plan.Graph, _ []plan.Name) {
		g.Networks[2].RouteTables, g.Networks[2].Subnets = nil, nil
	}, "networks.tokyo", "no known route table", "networks.tokyo.existing.routeTables"},
	{"no route in any of two tables", model.NoRoute, web, func(g *plan.Graph, _ []plan.Name) {
		g.Networks[2].Subnets[0].RouteTable = ""
		g.Networks[2].RouteTables = []plan.RouteTable{{Name: "b"}, {Name: "a"}}
	}, "networks.tokyo", `route tables "a", "b"`, "networks.tokyo.existing.routeTables"},
	{"no route in the router", model.NoRoute, spoke, func(g *plan.Graph, _ []plan.Name) {
		g.Routers[0].RouteTables[0].Routes = g.Routers[0].RouteTables[0].Routes[1:]
	}, "routers.tgw", `of router "tgw" has no route to`, "tgw"},
	{"no route back", model.NoReturnRoute, web, func(g *plan.Graph, _ []plan.Name) {
		g.Networks[0].RouteTables[0].Routes = g.Networks[0].RouteTables[0].Routes[1:]
	}, "networks.hub.subnets.endpoints", "has no route back to 10.0.1.0/24", "networks.hub.subnets.endpoints.routeTable"},
	{"no route back to the gateway", model.NoReturnRoute, home, func(g *plan.Graph, _ []plan.Name) {
		g.Networks[0].RouteTables[0].Routes = g.Networks[0].RouteTables[0].Routes[:1]
	}, "sites.home.wireguard.network", "no route back to 172.16.1.0/24", "sites.home.wireguard.gateway.interface"},
	{"no route back to a VPN", model.NoReturnRoute, home, func(g *plan.Graph, _ []plan.Name) {
		g.Connections[3].Kind, g.Connections[3].B.Gateway = plan.KindVPN, netip.Addr{}
		g.Connections[3].B.Allowed = prefixes("172.16.2.0/24") // all that its gateway announces
		g.Networks[0].RouteTables[0].Routes = g.Networks[0].RouteTables[0].Routes[:1]
	}, "sites.home.wireguard.network", "no route back to 172.16.1.0/24", `from the gateway of site "home"`},
	{"answer by another tunnel", model.NoReturnRoute, home, func(g *plan.Graph, _ []plan.Name) {
		twice := g.Connections[3]
		twice.Name, twice.Origin = "z", at("z")
		g.Connections = append(g.Connections, twice)
		g.Networks[0].RouteTables[0].Routes[1].Target = "z"
	}, "z", "leave by z and not by tunnel", "tunnel"},
	{"the endpoint's own table", model.NoReturnRoute, web, func(g *plan.Graph, _ []plan.Name) {
		g.Endpoints[0].RouteTable = "other"
		g.Networks[0].RouteTables = append(g.Networks[0].RouteTables, plan.RouteTable{Name: "other"})
	}, "networks.hub.subnets.endpoints", `route table "other"`, "routeTable"},
	{"blackhole", model.Blackhole, web, func(g *plan.Graph, _ []plan.Name) {
		g.Networks[2].RouteTables[0].Routes = append(g.Networks[2].RouteTables[0].Routes, route("192.168.0.0/24", plan.Blackhole))
	}, "route 192.168.0.0/24 blackhole", "drops what is addressed to 192.168.0.0/24", "more specific"},
	{"a table's own route beats what a VPN's gateway announces", model.Blackhole, home, func(g *plan.Graph, _ []plan.Name) {
		g.Connections[3].Kind, g.Connections[3].B.Gateway = plan.KindVPN, netip.Addr{}
		g.Networks[0].RouteTables[0].Routes[1].Target = plan.Blackhole
	}, "route 172.16.1.0/24 tunnel", "drops what is addressed to 172.16.1.0/24", "more specific"},
	{"blackhole in the router", model.Blackhole, spoke, func(g *plan.Graph, _ []plan.Name) {
		g.Routers[0].RouteTables[0].Routes[0].Target = plan.Blackhole
	}, "route 192.168.0.0/16 attach-hub", "drops", "more specific"},
	{"route to elsewhere", model.DanglingRoute, web, func(g *plan.Graph, _ []plan.Name) {
		g.Networks[2].RouteTables[0].Routes[0].Target = "tunnel"
	}, "route 192.168.0.0/20 peer", "does not end there", `"tokyo"`},
	{"attachment without table", model.NoAttachmentTable, spoke, func(g *plan.Graph, _ []plan.Name) {
		g.Connections[1].B.Table = ""
	}, "attach-spoke", "no route table for", "associate"},
	{"attachment with a table that is not there", model.NoAttachmentTable, spoke, func(g *plan.Graph, _ []plan.Name) {
		g.Connections[1].B.Table = "gone"
	}, "attach-spoke", `no route table "gone"`, "associate"},
	{"peering to a third network", model.PeeringPassesNothingOn, web, func(g *plan.Graph, _ []plan.Name) {
		g.Networks[0].CIDRs = prefixes("192.168.16.0/20")
	}, "links.tokyo", `"hub" does not pass on`, "join"},
	{"answer over a peering to a site", model.PeeringPassesNothingOn, home, func(g *plan.Graph, _ []plan.Name) {
		behindTokyo(g)
	}, "sites.home.wireguard.network", `"tokyo" does not pass on`, "sites.home.wireguard.snat: true"},
	{"answer over an attachment to a site", model.NetworkPassesNothingOn, home, func(g *plan.Graph, _ []plan.Name) {
		behindSpoke(g)
	}, "sites.home.wireguard.network", `"spoke" does not pass on`, "snat: true"},
	{"VPN into another network", model.NetworkPassesNothingOn, home, func(g *plan.Graph, _ []plan.Name) {
		g.Connections[3].Kind, g.Connections[3].B = plan.KindVPN, plan.End{Node: "spoke"}
	}, "sites.home.wireguard.network", `"spoke" does not pass on`, `into network "spoke"`},
	{"overlapping networks", model.WrongNetwork, web, func(g *plan.Graph, _ []plan.Name) {
		g.Networks[2].CIDRs = prefixes("10.0.0.0/16", "192.168.0.0/16", "192.168.0.0/24")
	}, "networks.tokyo", `ends in "tokyo" and not in "hub"`, "overlap"},
	{"overlapping site", model.WrongNetwork, home, func(g *plan.Graph, _ []plan.Name) {
		g.Sites[0].CIDRs = prefixes("172.16.1.0/24", "192.168.0.0/24")
	}, "sites.home", `ends in "home"`, "overlap"},
	{"answer to an overlapping network", model.WrongNetwork, web, func(g *plan.Graph, _ []plan.Name) {
		g.Networks[0].CIDRs = prefixes("192.168.0.0/16", "10.0.0.0/16")
	}, "networks.hub", `answer to 10.0.1.0/24 ends in "hub" and not in "tokyo"`, "overlap"},
	{"into a site", model.WrongNetwork, web, func(g *plan.Graph, _ []plan.Name) {
		g.Connections[2].B.Node = "home"
	}, "sites.home", `ends in "home"`, "overlap"},
	{"routers in a circle", model.Loop, spoke, func(g *plan.Graph, _ []plan.Name) {
		circle(g)
	}, "attach-routers", "circle", "lead out"},
	{"DNS in a circle", model.Loop, web, func(g *plan.Graph, _ []plan.Name) {
		g.Resolvers = []plan.Resolver{{Name: "in", Network: "tokyo", Addresses: []netip.Addr{addr("10.0.1.53")}, Origin: at("resolvers.in")}}
		g.Rules = []plan.Forward{{Domain: "example.com", Networks: []string{"tokyo"}, Servers: []netip.Addr{addr("10.0.1.53")}}}
		g.Filters[1].Egress = []plan.Rule{rule(allTCP, 0, 65535)}
		g.Zones = nil
	}, "networks.tokyo", "passed on in a circle", "lead out"},

	{"site without tunnel", model.NoTunnel, home, func(g *plan.Graph, _ []plan.Name) {
		g.Connections = g.Connections[:3]
	}, "sites.home", "no connection", "sites.home.wireguard"},
	{"tunnel does not carry it", model.TunnelOut, home, func(g *plan.Graph, _ []plan.Name) {
		g.Connections[3].A.Allowed = prefixes("192.168.64.0/20")
	}, "sites.home.wireguard", `the tunnel of site "home" does not carry 192.168.0.0/20`, `add "192.168.0.0/20" to sites.home.wireguard.allowedIPs`},
	{"VPN does not carry it", model.TunnelOut, home, func(g *plan.Graph, _ []plan.Name) {
		g.Connections[3].Kind = plan.KindVPN
		g.Connections[3].A.Allowed = prefixes("192.168.64.0/20")
	}, "sites.home.wireguard", "does not carry", `to sites.home.existing.carries`},
	{"gateway does not accept it", model.TunnelIn, home, func(g *plan.Graph, _ []plan.Name) {
		g.Connections[3].B.Allowed = prefixes("172.16.2.0/24")
	}, "sites.home.wireguard.gateway", "does not accept 172.16.1.0/24", "sites.home.wireguard.gateway.allowedIPs"},
	{"VPN's gateway does not send the answer", model.TunnelBackOut, home, func(g *plan.Graph, _ []plan.Name) {
		g.Connections[3].Kind = plan.KindVPN
		g.Connections[3].B.Allowed = prefixes("172.16.2.0/24")
	}, "sites.home.wireguard.gateway", `does not send 172.16.1.0/24 into the tunnel of site "home"`, "sites.home.existing.carries"},
	{"answer by a tunnel that does not accept it", model.TunnelBackIn, home, func(g *plan.Graph, _ []plan.Name) {
		twice := g.Connections[3]
		twice.Name, twice.A.Allowed, twice.A.Origin = "z", prefixes("192.168.64.0/20"), at("z.a")
		g.Connections = append(g.Connections, twice)
		g.Networks[0].RouteTables[0].Routes[1].Target = "z"
	}, "z.a", "does not accept 192.168.0.0/20", "sites.home.wireguard.allowedIPs"},

	{"client's egress", model.FilterOut, web, func(g *plan.Graph, _ []plan.Name) {
		g.Filters[1].Egress = nil
	}, "networks.tokyo.clients.web.egress", "port 443", `add "192.168.0.0/20" port 443 to networks.tokyo.clients.web.egress`},
	{"subnet's stateful filter out", model.FilterOut, web, func(g *plan.Graph, _ []plan.Name) {
		g.Filters[2].Stateless, g.Filters[2].Egress = false, nil
	}, "networks.tokyo.subnets.web.networkACL", "192.168.0.0/20", "networks.tokyo.subnets.web"},
	{"endpoint's filter", model.FilterIn, web, func(g *plan.Graph, _ []plan.Name) {
		g.Filters[0].Ingress = g.Filters[0].Ingress[1:]
	}, "backends.dd", `"sg-dd" before dd does not pass 10.0.1.0/24 to port 443`, "let 10.0.1.0/24 in"},
	{"endpoint's filter does not exist", model.FilterIn, web, func(g *plan.Graph, _ []plan.Name) {
		g.Endpoints[0].Filters = []string{"gone"}
	}, "backends.dd", "is not known", "10.0.1.0/24"},
	{"translated source is not let in", model.FilterIn, home, func(g *plan.Graph, _ []plan.Name) {
		g.Connections[3].B.SNAT = true
		g.Filters[0].Ingress = g.Filters[0].Ingress[:3]
	}, "backends.dd", "192.168.16.4/32", "192.168.16.4/32"},
	{"subnet's stateful filter in", model.FilterIn, web, func(g *plan.Graph, _ []plan.Name) {
		g.Filters = append(g.Filters, plan.Filter{Name: "nsg", Origin: at("nsg")})
		g.Networks[0].Subnets[0].Filters = []string{"nsg"}
	}, "nsg", "subnet \"endpoints\"", "networks.hub.subnets.endpoints"},
	{"ACL of the client's subnet, out", model.ACLOut, web, func(g *plan.Graph, _ []plan.Name) {
		deny := rule("192.168.0.0/24", 443, 443)
		deny.Deny = true
		g.Filters[2].Egress = append([]plan.Rule{deny}, g.Filters[2].Egress...)
	}, "rule 192.168.0.0/24", "has a rule that drops out to", "networks.tokyo.subnets.web.networkACL.egress"},
	{"ACL of the endpoint's subnet, in", model.ACLIn, web, func(g *plan.Graph, _ []plan.Name) {
		hubACL(g, nil, []plan.Rule{rule(allTCP, 0, 65535)})
	}, "acl-hub", "in from 10.0.1.0/24 on port 443", "networks.hub.subnets.endpoints.networkACL.ingress"},
	{"ACL of the endpoint's subnet, answers out", model.ACLBackOut, web, func(g *plan.Graph, _ []plan.Name) {
		hubACL(g, []plan.Rule{rule(allTCP, 443, 443)}, []plan.Rule{rule(allTCP, 32768, 65535)})
	}, "acl-hub", "answers out to 10.0.1.0/24 on ports 1024-65535", "networks.hub.subnets.endpoints.networkACL.egress"},
	{"ACL of the client's subnet, answers in", model.ACLBackIn, web, func(g *plan.Graph, _ []plan.Name) {
		g.Filters[2].Ingress = []plan.Rule{rule(allTCP, 443, 443)}
	}, "networks.tokyo.subnets.web.networkACL", "answers in from 192.168.0.0/20", "networks.tokyo.subnets.web.networkACL.ingress"},
	{"ACL that passes the lower answers only", model.ACLBackIn, web, func(g *plan.Graph, _ []plan.Name) {
		g.Filters[2].Ingress = []plan.Rule{rule(allTCP, 1024, 40000)}
	}, "networks.tokyo.subnets.web.networkACL", "ports 1024-65535", "networks.tokyo.subnets.web.networkACL.ingress"},
	{"ACL of the gateway's subnet, answers in", model.ACLBackIn, home, func(g *plan.Graph, _ []plan.Name) {
		g.Filters = append(g.Filters, plan.Filter{Name: "acl-gw", Stateless: true, Egress: []plan.Rule{rule(allTCP, 0, 65535)}, Origin: at("acl-gw")})
		g.Networks[0].Subnets[1].Filters = []string{"acl-gw"}
	}, "acl-gw", "answers in from 192.168.0.0/20", "networks.hub.subnets.gateway.networkACL.ingress"},
}

func hubACL(g *plan.Graph, in, out []plan.Rule) {
	g.Filters = append(g.Filters, plan.Filter{Name: "acl-hub", Stateless: true, Ingress: in, Egress: out, Origin: at("acl-hub")})
	g.Networks[0].Subnets[0].Filters = []string{"acl-hub"}
}

// behindTokyo moves the tunnel's gateway into tokyo.
func behindTokyo(g *plan.Graph) {
	g.Connections[3].B.Node, g.Connections[3].B.Gateway = "tokyo", addr("10.0.2.4")
	g.Networks[0].RouteTables[0].Routes[1].Target = "peer"
	g.Networks[2].Subnets[0].RouteTable, g.Networks[2].Subnets[0].Filters = "private", nil
}

// behindSpoke moves it into spoke.
func behindSpoke(g *plan.Graph) {
	g.Connections[3].B.Node, g.Connections[3].B.Gateway = "spoke", addr("10.9.0.4")
	g.Networks[0].RouteTables[0].Routes[1].Target = "attach-hub"
	g.Routers[0].RouteTables[0].Routes = append(g.Routers[0].RouteTables[0].Routes, route("172.16.1.0/24", "attach-spoke"))
}

// circle adds a second router; the two send everything to each other.
func circle(g *plan.Graph) {
	g.Routers[0].RouteTables[0].Routes = []plan.Route{route(allTCP, "attach-routers")}
	g.Routers = append(g.Routers, plan.Router{Name: "second", RouteTables: []plan.RouteTable{{Name: "main", Routes: []plan.Route{route(allTCP, "attach-routers")}}}})
	g.Connections = append(g.Connections, plan.Connection{
		Name: "attach-routers", Kind: plan.KindAttachment, Origin: at("attach-routers"),
		A: plan.End{Node: "tgw", Table: "main"}, B: plan.End{Node: "second", Table: "main"},
	})
}

func TestBreaks(t *testing.T) {
	for _, c := range breaks {
		t.Run(c.name, func(t *testing.T) {
			g, names := world()
			c.change(g, names)
			if c.reason == model.Missing && c.from.Node == "moon" {
				if a := model.New(g, names).Resolve(c.from, metrics); a.Break == nil || a.Break.Reason != model.Missing {
					t.Errorf("%+v", a)
				}
				return
			}
			b, _, _ := try(t, g, names, c.from)
			switch {
			case b == nil:
				t.Fatal("the path holds")
			case b.Reason != c.reason:
				t.Fatalf("reason %s, want %s: %s", b.Reason, c.reason, b.Text)
			case b.Culprit.Path != c.culprit:
				t.Errorf("culprit %q, want %q: %s", b.Culprit.Path, c.culprit, b.Text)
			case !strings.Contains(b.Text, c.text):
				t.Errorf("text %q lacks %q", b.Text, c.text)
			case !strings.Contains(b.Mend, c.mend) || b.Mend == "" && c.reason != model.Missing:
				t.Errorf("mend %q lacks %q", b.Mend, c.mend)
			}
		})
	}
}

func TestEveryReasonIsProduced(t *testing.T) {
	source, err := os.ReadFile("path.go")
	if err != nil {
		t.Fatal(err)
	}
	if declared := regexp.MustCompile(`(?m)^\t\w+ +Reason += "`).FindAll(source, -1); len(declared) != len(model.Reasons) {
		t.Errorf("%d reasons are declared and %d listed", len(declared), len(model.Reasons))
	}
	for _, r := range model.Reasons {
		if !slices.ContainsFunc(breaks, func(c broken) bool { return c.reason == r }) {
			t.Errorf("no case of TestBreaks produces %s", r)
		}
	}
}
