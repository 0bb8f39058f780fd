package model_test

import (
	"net/netip"
	"testing"

	"github.com/obslink/obslink/compiler/model"
	"github.com/obslink/obslink/compiler/plan"
)

// What the truth test's packets showed, kept as small cases.

// An endpoint's second address stands in a subnet of its own, with that subnet's network ACL.
func TestSecondAddressHasItsOwnSubnet(t *testing.T) {
	g := &plan.Graph{
		Networks: []plan.Network{{
			Name: "hub", CIDRs: prefixes("10.1.0.0/16"), DNSAttributes: true,
			Subnets: []plan.Subnet{
				{Name: "a", CIDR: netip.MustParsePrefix("10.1.0.0/24")},
				{Name: "b", CIDR: netip.MustParsePrefix("10.1.1.0/24"), Filters: []string{"closed"}},
			},
		}},
		Endpoints: []plan.Endpoint{{Name: "dd", Network: "hub", Subnet: "a", Addresses: []netip.Addr{addr("10.1.0.20"), addr("10.1.1.20")}}},
		Filters:   []plan.Filter{{Name: "closed", Stateless: true}},
	}
	m := model.New(g, nil)
	for address, want := range map[string]model.Reason{"10.1.0.20": "", "10.1.1.20": model.ACLIn} {
		server, ok := m.Endpoint("dd", addr(address))
		if !ok {
			t.Fatal("no endpoint")
		}
		var got model.Reason
		if b, _ := m.Reaches(model.Host{Node: "hub", Address: addr("10.1.0.9")}, server, 443); b != nil {
			got = b.Reason
		}
		if got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
}

// A network ACL stands at the edge of a subnet: what a gateway host sends to its neighbour in the same
// subnet does not meet it.
func TestNeighbourOfAGateway(t *testing.T) {
	g := &plan.Graph{
		Networks: []plan.Network{{
			Name: "hub", CIDRs: prefixes("10.1.0.0/16"), DNSAttributes: true,
			Subnets: []plan.Subnet{{Name: "a", CIDR: netip.MustParsePrefix("10.1.0.0/24"), Filters: []string{"closed"}}},
		}},
		Sites: []plan.Site{{Name: "home", CIDRs: prefixes("172.16.0.0/24")}},
		Connections: []plan.Connection{{
			Name: "tunnel", Kind: plan.KindWireGuard, A: plan.End{Node: "home", Allowed: prefixes("10.1.0.0/24")},
			B: plan.End{Node: "hub", Gateway: addr("10.1.0.4"), SNAT: true, Allowed: prefixes("172.16.0.0/24")},
		}},
		Endpoints: []plan.Endpoint{{Name: "dd", Network: "hub", Subnet: "a", Addresses: []netip.Addr{addr("10.1.0.20")}}},
		Filters:   []plan.Filter{{Name: "closed", Stateless: true}},
	}
	m := model.New(g, nil)
	server, _ := m.Endpoint("dd", addr("10.1.0.20"))
	if b, _ := m.Reaches(model.Host{Node: "home", Address: addr("172.16.0.9")}, server, 443); b != nil {
		t.Errorf("%s: %s", b.Reason, b.Text)
	}
}

// A CNAME that leads out of the forwarded domain is looked up by whoever forwarded, who may see no
// private zone for it.
func TestCNAMEOutOfAForwardedDomain(t *testing.T) {
	g := &plan.Graph{
		Networks: []plan.Network{{
			Name: "hub", CIDRs: prefixes("10.1.0.0/16"), DNSAttributes: true,
			Subnets: []plan.Subnet{{Name: "a", CIDR: netip.MustParsePrefix("10.1.0.0/24")}},
		}},
		Sites: []plan.Site{{Name: "home", CIDRs: prefixes("172.16.0.0/24"), DNS: plan.DNS{Mode: plan.DNSPublic}}},
		Connections: []plan.Connection{{
			Name: "vpn", Kind: plan.KindVPN, A: plan.End{Node: "home"}, B: plan.End{Node: "hub", Allowed: prefixes("172.16.0.0/24")},
		}},
		Endpoints: []plan.Endpoint{{Name: "dd", Network: "hub", Subnet: "a", Addresses: []netip.Addr{addr("10.1.0.20")}}},
		Resolvers: []plan.Resolver{{Name: "inbound", Network: "hub", Addresses: []netip.Addr{addr("10.1.0.53")}}},
		Zones:     []plan.Zone{{Name: "white.intake.example.net", Networks: []string{"hub"}, Records: []plan.Record{{Name: "white.intake.example.net", Endpoint: "dd"}}}},
	}
	names := []plan.Name{{FQDN: "dbm.example.net", Canonical: "white.intake.example.net", Endpoint: "dd", Clients: []string{"home"}}}
	for domain, want := range map[string]model.Kind{"dbm.example.net": model.Public, "example.net": model.Private} {
		g.Sites[0].DNS.Forwards = []plan.Forward{{Domain: domain, Servers: []netip.Addr{addr("10.1.0.53")}}}
		a := model.New(g, names).Resolve(model.Host{Node: "home", Address: addr("172.16.0.9")}, "dbm.example.net")
		if a.Kind != want {
			t.Errorf("forwarding %s: %s, want %s: %v", domain, a.Kind, want, a.Steps)
		}
	}
}
