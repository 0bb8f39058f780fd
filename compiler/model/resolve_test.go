package model_test

import (
	"net/netip"
	"testing"

	"github.com/obslink/obslink/compiler/model"
	"github.com/obslink/obslink/compiler/plan"
)

// dnsWorld has a network with zones, one without, a site for each way to resolve, and the kinds of
// names that there are.
func dnsWorld() (*plan.Graph, []plan.Name) {
	g, _ := world()
	g.Zones = []plan.Zone{
		{Name: "privatelink.ods.example.com", Networks: []string{"hub"}, FallThrough: true, Records: []plan.Record{{Name: "${workspace_main.customerId}.privatelink.ods.example.com", Endpoint: "dd"}}, Origin: at("zone.ods")},
		{Name: "agent.example.com", Networks: []string{"hub", "tokyo"}, Records: []plan.Record{{Name: "app.agent.example.com", Endpoint: "dd"}, {Name: "*.wild.agent.example.com", Endpoint: "dd"}, {Name: "own.wild.agent.example.com", Addresses: []netip.Addr{addr("10.0.0.1")}}, {Name: "on.the.way.wild.agent.example.com", Endpoint: "dd"}}, Origin: at("zone.agent")},
		{Name: "deep.agent.example.com", Networks: []string{"tokyo"}, Records: []plan.Record{{Name: "deep.agent.example.com", Addresses: []netip.Addr{addr("10.0.0.2")}}}},
		{Name: "fall.example.com", Networks: []string{"tokyo"}, FallThrough: true},
	}
	g.Endpoints[0].PrivateDNS = []string{"logs.example.net", "*.many.example.net"}
	g.Resolvers = []plan.Resolver{{Name: "inbound", Network: "hub", Addresses: []netip.Addr{addr("192.168.0.53")}}}
	g.Rules = []plan.Forward{{Domain: "ods.example.com", Networks: []string{"spoke"}, Servers: []netip.Addr{addr("192.168.0.53")}}, {Domain: "deep.agent.example.com", Networks: []string{"spoke"}, Servers: []netip.Addr{addr("192.168.0.54")}}}
	g.Sites = append(g.Sites, plan.Site{
		Name: "office", CIDRs: prefixes("172.16.1.0/24"), Origin: at("sites.office"),
		DNS: plan.DNS{Mode: plan.DNSPublic, Forwards: []plan.Forward{
			{Domain: "example.com", Servers: []netip.Addr{addr("192.168.0.99")}},
			{Domain: "ods.example.com", Servers: []netip.Addr{addr("192.168.0.98"), addr("192.168.0.53")}},
		}},
	})
	office := g.Connections[3]
	office.Name, office.A.Node = "tunnel-office", "office"
	g.Connections = append(g.Connections, office)
	g.Networks[0].RouteTables[0].Routes[1].Target = "tunnel-office"
	names := []plan.Name{
		{
			FQDN: "${workspace_main.customerId}.ods.example.com", Canonical: "${workspace_main.customerId}.privatelink.ods.example.com", Aliases: []string{"short.example.org"},
			Endpoint: "dd", Clients: []string{"hub", "home"},
		},
		{FQDN: "app.agent.example.com", Versioned: "%s-app.agent.example.com", Endpoint: "dd", Clients: []string{"tokyo", "home"}},
	}
	return g, names
}

func TestResolve(t *testing.T) {
	inHub := model.Host{Node: "hub", Address: addr("192.168.20.1")}
	office := model.Host{Node: "office", Address: addr("172.16.1.9")}
	g, names := dnsWorld()
	m := model.New(g, names)
	for _, c := range []struct {
		name     string
		from     model.Host
		fqdn     string
		kind     model.Kind
		endpoint string
		end      string
	}{
		{"chain of CNAMEs, ${…} is one label", inHub, names[0].FQDN, model.Private, "dd", ""},
		{"alias, then the chain", inHub, "short.example.org", model.Private, "dd", ""},
		{"case and dot", inHub, "SHORT.example.org.", model.Private, "dd", ""},
		{"no zone", web, names[0].FQDN, model.Public, "", "${workspace_main.customerid}.privatelink.ods.example.com"},
		{"versioned name is shadowed by the zone", web, "7-70-1-app.agent.example.com", model.NoSuchName, "", ""},
		{"versioned name where no zone is", spoke, "7-70-1-app.agent.example.com", model.Public, "", "app.agent.example.com"},
		{"wildcard", web, "a.b.wild.agent.example.com", model.Private, "dd", ""},
		{"wildcard does not reach itself", web, "wild.agent.example.com", model.NoSuchName, "", ""},
		{"wildcard does not reach behind a name", web, "x.own.wild.agent.example.com", model.NoSuchName, "", ""},
		{"wildcard does not answer what is on the way to a name", web, "way.wild.agent.example.com", model.NoSuchName, "", ""},
		{"own record beside a wildcard", web, "own.wild.agent.example.com", model.Private, "", ""},
		{"the most specific zone", web, "deep.agent.example.com", model.Private, "", ""},
		{"… and it alone", web, "x.deep.agent.example.com", model.NoSuchName, "", ""},
		{"fall through", web, "x.fall.example.com", model.Public, "", ""},
		{"unknown name", web, "example.org", model.Public, "", ""},
		{"endpoint's names inside its network", inHub, "logs.example.net", model.Private, "dd", ""},
		{"… below them nothing", inHub, "x.logs.example.net", model.NoSuchName, "", ""},
		{"… and with a wildcard", inHub, "x.y.many.example.net", model.Private, "dd", ""},
		{"… not elsewhere", web, "logs.example.net", model.Public, "", ""},
		{"exported", home, names[0].FQDN, model.Private, "dd", ""},
		{"exported alias", home, "short.example.org", model.Private, "dd", ""},
		{"exported version", home, "7-70-1-app.agent.example.com", model.Private, "dd", ""},
		{"not exported", home, "logs.example.net", model.Public, "", ""},
		{"forwarder: the most specific domain, the server that answers", office, names[0].FQDN, model.Private, "dd", ""},
		{"forwarder: nobody there", office, "x.example.com", model.Unreachable, "", ""},
		{"forwarder: a CNAME is looked up again", office, "short.example.org", model.Private, "dd", ""},
		{"no forwarder", office, "logs.example.net", model.Public, "", ""},
		{"rule of a network", spoke, names[0].FQDN, model.Private, "dd", ""},
		{"rule without a server", spoke, "deep.agent.example.com", model.Unreachable, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := m.Resolve(c.from, c.fqdn)
			if a.Kind != c.kind || a.Endpoint != c.endpoint || c.end != "" && a.Name != c.end {
				t.Errorf("got %s %q %q: %+v", a.Kind, a.Endpoint, a.Name, a.Steps)
			}
			if a.Kind == model.Unreachable && a.Break == nil || a.Kind != model.Unreachable && len(a.Steps) == 0 {
				t.Errorf("no reason or no steps: %+v", a)
			}
		})
	}
}

// A rule beats a zone of the same name, and a more specific zone beats a rule.
func TestRulesAndZones(t *testing.T) {
	g, names := dnsWorld()
	g.Filters = append(g.Filters, plan.Filter{Name: "open", Egress: []plan.Rule{rule(allTCP, 0, 65535)}})
	g.Networks[2].Clients[0].Filter = "open"
	g.Filters[2].Egress = []plan.Rule{rule(allTCP, 0, 65535)}
	g.Rules = append(g.Rules, plan.Forward{Domain: "deep.agent.example.com", Networks: []string{"tokyo"}, Servers: []netip.Addr{addr("192.168.0.53")}})
	if a := model.New(g, names).Resolve(web, "deep.agent.example.com"); a.By != "hub" || a.Kind != model.NoSuchName {
		t.Errorf("the rule of the same name: %+v", a)
	}
	g.Rules[len(g.Rules)-1].Domain = "agent.example.com"
	if a := model.New(g, names).Resolve(web, "deep.agent.example.com"); a.By != "tokyo" || a.Kind != model.Private {
		t.Errorf("the more specific zone: %+v", a)
	}
}

func TestAttributesOff(t *testing.T) {
	g, names := dnsWorld()
	g.Networks[0].DNSAttributes = false
	m := model.New(g, names)
	for _, fqdn := range []string{"logs.example.net", names[0].FQDN} {
		if a := m.Resolve(model.Host{Node: "hub", Address: addr("192.168.20.1")}, fqdn); a.Kind != model.Public {
			t.Errorf("%s: %+v", fqdn, a)
		}
	}
}

// A zone that falls through hands the question to public DNS and not to a zone above it.
func TestFallThroughEndsTheSearch(t *testing.T) {
	g, names := dnsWorld()
	g.Zones = append(g.Zones, plan.Zone{Name: "example.com", Networks: []string{"tokyo"}, Records: []plan.Record{{Name: "*.example.com", Endpoint: "dd"}}})
	m := model.New(g, names)
	if a := m.Resolve(web, "x.fall.example.com"); a.Kind != model.Public {
		t.Errorf("%+v", a)
	}
	if a := m.Resolve(web, "x.other.example.com"); a.Kind != model.Private {
		t.Errorf("%+v", a)
	}
}

// With private zones off, a rule still forwards.
func TestRuleWithAttributesOff(t *testing.T) {
	g, names := dnsWorld()
	g.Networks[1].DNSAttributes = false
	g.Zones[0].Networks = []string{"hub", "spoke"}
	if a := model.New(g, names).Resolve(spoke, names[0].FQDN); a.By != "hub" || a.Kind != model.Private {
		t.Errorf("%+v", a)
	}
}

func TestCircleOfNames(t *testing.T) {
	g, _ := world()
	names := []plan.Name{{FQDN: "a.example.org", Canonical: "b.example.org"}, {FQDN: "b.example.org", Canonical: "a.example.org"}}
	if a := model.New(g, names).Resolve(spoke, "a.example.org"); a.Break == nil || a.Break.Reason != model.Loop {
		t.Errorf("%+v", a)
	}
}

func TestEmptyGraph(t *testing.T) {
	m := model.New(&plan.Graph{}, nil)
	if a := m.Resolve(web, "example.org"); a.Break == nil {
		t.Errorf("%+v", a)
	}
	if _, ok := m.Endpoint("x", addr("10.0.0.1")); ok {
		t.Error("an endpoint out of nowhere")
	}
	if p := m.Connect(web, model.Server{Network: "x", Address: addr("10.0.0.1")}, 443); p.Break == nil {
		t.Error("a way out of nowhere")
	}
}
