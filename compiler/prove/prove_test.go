package prove_test

import (
	"encoding/json"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/model"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/prove"
)

func network(p *plan.Plan, name string) *plan.Network {
	i := slices.IndexFunc(p.Graph.Networks, func(n plan.Network) bool { return n.Name == name })
	return &p.Graph.Networks[i]
}

func connection(p *plan.Plan, name string) *plan.Connection {
	i := slices.IndexFunc(p.Graph.Connections, func(c plan.Connection) bool { return c.Name == name })
	return &p.Graph.Connections[i]
}

func TestProofCounts(t *testing.T) {
	proof := prove.Plan(hub(3))
	if proof.Pairs != 60 || proof.Proved != 30 || proof.Assumed != 30 || proof.Broken != 0 || len(proof.Found) != 0 {
		t.Errorf("%+v", proof)
	}
	// Of each existing network: its filters, and the table of what is outside of its one subnet.
	if len(proof.Assumptions) != 6 {
		t.Errorf("%d assumptions: %+v", len(proof.Assumptions), proof.Assumptions)
	}
	for _, a := range proof.Assumptions {
		if a.Pairs != 10 {
			t.Errorf("%d pairs rest on %q", a.Pairs, a.Text)
		}
	}
	strict := prove.Strict(proof)
	if len(strict) != 6 || !strict.HasErrors() || strict[0].Code != "OBS640" || strict[0].Hint == "" || strict[0].Pos.File == "" {
		t.Errorf("%+v", strict)
	}
}

// One mistake is one finding, however many names and addresses it cuts off.
func TestOneFindingForOneCause(t *testing.T) {
	p := hub(3)
	connection(p, "tunnelsite0001").A.Allowed = []netip.Prefix{prefix("192.168.64.0/20")}
	proof := prove.Plan(p)
	if proof.Broken != 10 || len(proof.Found) != 1 {
		t.Fatalf("%+v", proof)
	}
	d := proof.Found[0]
	if want := `site0001 cannot reach intake0.agent.example.com and 9 more names: the tunnel of site "site0001" does not carry 192.168.0.0/20`; d.Message != want {
		t.Errorf("got  %s\nwant %s", d.Message, want)
	}
	if d.Code != "OBS609" || d.Path != "sites.site0001.wireguard" || d.Pos.File == "" || d.Hint != `add "192.168.0.0/20" to sites.site0001.wireguard.allowedIPs` {
		t.Errorf("%+v", d)
	}
	if len(d.Notes) != 1 || d.Notes[0].Message != `link "l-site0001" needs it` {
		t.Errorf("%+v", d.Notes)
	}

	p = hub(3)
	p.Graph.Filters[0].Ingress = nil
	proof = prove.Plan(p)
	if proof.Broken != 60 || len(proof.Found) != 1 || !strings.HasPrefix(proof.Found[0].Message, "net0000 and 5 more cannot reach intake0.agent.example.com and 9 more names: ") {
		t.Errorf("%+v", proof)
	}
}

// A part of a client's addresses that is cut off breaks the pair.
func TestEveryAtomCounts(t *testing.T) {
	p := hub(1)
	deny := plan.Rule{Prefix: prefix("172.16.0.77/32"), Ports: plan.AllPorts, Deny: true, Origin: at("deny")}
	p.Graph.Filters[0].Ingress = append([]plan.Rule{deny}, p.Graph.Filters[0].Ingress...)
	proof := prove.Plan(p)
	if proof.Broken != 10 || len(proof.Found) != 1 || proof.Found[0].Path != "deny" {
		t.Errorf("%+v", proof)
	}
}

// Every group of servers that shares an address range is a client of its own.
func TestEveryGroupCounts(t *testing.T) {
	p := hub(1)
	n := network(p, "net0000")
	n.Clients = []plan.Client{{Name: "open", CIDR: prefix("10.0.0.0/24"), Filter: "open", Origin: at("open")}, {Name: "shut", CIDR: prefix("10.0.0.0/24"), Filter: "shut", Origin: at("shut")}}
	p.Graph.Filters = append(p.Graph.Filters,
		plan.Filter{Name: "open", Egress: []plan.Rule{{Prefix: prefix("0.0.0.0/0"), Ports: plan.AllPorts}}},
		plan.Filter{Name: "shut", Origin: at("shut.egress")})
	proof := prove.Plan(p)
	if proof.Broken != 10 || len(proof.Found) != 1 || proof.Found[0].Path != "shut.egress" {
		t.Errorf("%+v", proof.Found)
	}
	n.Clients = n.Clients[:1]
	if proof := prove.Plan(p); proof.Broken != 0 {
		t.Errorf("%+v", proof.Found)
	}
}

// An endpoint whose address the cloud chooses may get any of its subnet.
func TestChosenAddresses(t *testing.T) {
	p := hub(1)
	p.Graph.Endpoints[3].Addresses = nil
	if proof := prove.Plan(p); proof.Broken != 0 {
		t.Errorf("%+v", proof.Found)
	}
	connection(p, "tunnelsite0000").A.Allowed = []netip.Prefix{prefix("192.168.0.0/21")}
	if proof := prove.Plan(p); proof.Broken != 1 || !strings.Contains(proof.Found[0].Message, "intake3.") {
		t.Errorf("%+v", proof)
	}
}

func TestSelfLink(t *testing.T) {
	p := hub(1)
	for i := range p.Names {
		p.Names[i].Clients = []string{"hub"}
	}
	p.Graph.Filters[0].Ingress = []plan.Rule{{Prefix: prefix("192.168.0.0/16"), Ports: [2]int{443, 443}}}
	if proof := prove.Plan(p); proof.Proved != 10 {
		t.Errorf("%+v", proof)
	}
}

func TestIPv6Client(t *testing.T) {
	p := hub(1)
	p.Graph.Sites[0].CIDRs = append(p.Graph.Sites[0].CIDRs, prefix("fd00::/64"))
	proof := prove.Plan(p)
	if proof.Broken != 10 || len(proof.Found) != 1 || proof.Found[0].Code != "OBS613" {
		t.Errorf("%+v", proof)
	}
}

func TestEmptyPlan(t *testing.T) {
	proof := prove.Plan(&plan.Plan{})
	if proof.Pairs != 0 || len(proof.Found) != 0 || len(prove.Strict(proof)) != 0 {
		t.Errorf("%+v", proof)
	}
	if m := prove.MatrixOf(&plan.Plan{}); len(m.Rows) != 0 {
		t.Errorf("%+v", m)
	}
	if _, err := prove.TraceName(&plan.Plan{}, "a", "b"); err == nil {
		t.Error("a trace of nothing")
	}
}

// What cannot be followed at all is broken, never proved.
func TestNothingToFollow(t *testing.T) {
	for name, change := range map[string]func(p *plan.Plan){
		"client without addresses": func(p *plan.Plan) { p.Graph.Sites[0].CIDRs = nil },
		"client that is not there": func(p *plan.Plan) { p.Graph.Sites[0].Name = "other" },
		"endpoint that is nowhere": func(p *plan.Plan) {
			for i := range p.Graph.Endpoints {
				p.Graph.Endpoints[i].Network, p.Graph.Endpoints[i].Addresses = "moon", nil
			}
		},
		"endpoint that is not there": func(p *plan.Plan) { p.Graph.Endpoints = nil },
	} {
		p := hub(1)
		change(p)
		proof := prove.Plan(p)
		if proof.Broken < 10 || !slices.ContainsFunc(proof.Found, func(d diag.Diagnostic) bool { return d.Code == "OBS616" }) {
			t.Errorf("%s: %+v", name, proof)
		}
	}
}

func TestTwoBackendsClaimOneName(t *testing.T) {
	p := hub(1)
	twin := p.Graph.Endpoints[0]
	twin.Name, twin.Addresses = "twin", []netip.Addr{netip.MustParseAddr("192.168.0.200")}
	p.Graph.Endpoints = append(p.Graph.Endpoints, twin)
	p.Names = append(p.Names, plan.Name{FQDN: p.Names[0].FQDN, Backend: "other", Endpoint: "twin", Clients: p.Names[0].Clients, Origin: at("backends.other")})
	proof := prove.Plan(p)
	if proof.Pairs != 22 || proof.Broken != 2 || len(proof.Found) != 1 || proof.Found[0].Code != "OBS605" || proof.Found[0].Path != "backends.other" {
		t.Errorf("%+v", proof)
	}
}

// Three networks peered in a circle end, however their routes point.
func TestPeeringsInACircle(t *testing.T) {
	p := hub(2)
	p.Graph.Connections = append(p.Graph.Connections, plan.Connection{Name: "side", Kind: plan.KindPeering, A: plan.End{Node: "net0000"}, B: plan.End{Node: "net0001"}, Origin: at("side")})
	network(p, "net0000").RouteTables[0].Routes[0].Target = "side"
	network(p, "net0001").RouteTables[0].Routes[0].Target = "side"
	proof := prove.Plan(p)
	if proof.Broken != 20 || len(proof.Found) != 1 || proof.Found[0].Code != "OBS608" {
		t.Errorf("%+v", proof)
	}
}

func TestOptionalName(t *testing.T) {
	p := hub(1)
	p.Graph.Zones[0].Records = nil
	if proof := prove.Plan(p); proof.Broken != 1 {
		t.Errorf("%+v", proof)
	}
	p.Names[0].Optional = true
	if proof := prove.Plan(p); proof.Broken != 0 || proof.Pairs != 19 {
		t.Errorf("%+v", proof)
	}
}

// The answer depends on where a client is when its questions are forwarded.
func TestForwardedPerHost(t *testing.T) {
	p := hub(1)
	for i := range p.Names {
		p.Names[i].Clients = []string{"site0000"}
	}
	resolver := netip.MustParseAddr("192.168.0.53")
	p.Graph.Sites[0].DNS.Forwards = []plan.Forward{{Domain: "example.com", Servers: []netip.Addr{resolver}, Origin: at("sites.site0000.dns.forward")}}
	half := plan.Filter{Name: "half", Origin: at("half"), Ingress: []plan.Rule{
		{Prefix: prefix("172.16.0.0/25"), Ports: [2]int{53, 53}, Deny: true, Origin: at("half")},
		{Prefix: prefix("172.16.0.0/24"), Ports: [2]int{53, 53}},
	}}
	p.Graph.Filters = append(p.Graph.Filters, half)
	p.Graph.Resolvers = []plan.Resolver{{Name: "in", Network: "hub", Addresses: []netip.Addr{resolver}, Filters: []string{"half"}, Origin: at("in")}}
	proof := prove.Plan(p)
	if proof.Broken != 10 || len(proof.Found) != 1 || proof.Found[0].Code != "OBS604" || proof.Found[0].Path != "half" {
		t.Errorf("%+v", proof)
	}
	p.Graph.Filters[1].Ingress = p.Graph.Filters[1].Ingress[1:]
	if proof := prove.Plan(p); proof.Proved != 10 {
		t.Errorf("%+v", proof)
	}
}

// The same plan gives the same bytes, whatever the order of the work.
func TestDeterministic(t *testing.T) {
	p := hub(20)
	connection(p, "tunnelsite0003").A.Allowed = nil
	connection(p, "tunnelsite0007").B.Allowed = nil
	network(p, "net0005").RouteTables = nil
	p.Graph.Filters[0].Ingress = p.Graph.Filters[0].Ingress[1:]
	first := ""
	for range 10 {
		raw, err := json.Marshal([]any{prove.Plan(p), prove.MatrixOf(p)})
		if err != nil {
			t.Fatal(err)
		}
		if first == "" {
			first = string(raw)
		}
		if string(raw) != first {
			t.Fatal("the proof differs")
		}
	}
}

func TestEveryReasonHasACode(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range prove.Codes {
		if seen[c.ID] || c.Title == "" || c.Cause == "" || c.Example == "" || c.Mend == "" {
			t.Errorf("%+v", c)
		}
		seen[c.ID] = true
	}
	for _, r := range model.Reasons {
		prove.CodeOf(r) // panics without one
	}
}
