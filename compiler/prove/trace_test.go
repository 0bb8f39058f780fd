package prove_test

import (
	"encoding/json"
	"net/netip"
	"strings"
	"testing"

	"github.com/obslink/obslink/compiler/model"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/prove"
)

func TestTrace(t *testing.T) {
	p := hub(2)
	p.Graph.Networks = append(p.Graph.Networks, plan.Network{Name: "apart", Ref: plan.Ref{Part: "apart"}, CIDRs: []netip.Prefix{prefix("10.200.0.0/24")}, DNSAttributes: true, Origin: at("networks.apart")})
	p.Graph.Zones[1].Networks = append(p.Graph.Zones[1].Networks, "apart")
	connection(p, "tunnelsite0001").B.Allowed = []netip.Prefix{prefix("172.16.9.0/24")}
	network(p, "net0001").Clients = []plan.Client{{Name: "web", CIDR: prefix("10.0.1.0/26"), Origin: at("networks.net0001.clients.web")}}
	for _, c := range []struct {
		from, fqdn string
		verdict    prove.Verdict
		reason     model.Reason
		client     string
	}{
		{"site0000", "intake0.agent.example.com", prove.Proved, "", ""},
		{"172.16.0.9", "INTAKE0.agent.example.com.", prove.Proved, "", ""},
		{"net0000", "intake0.agent.example.com", prove.Assumed, "", ""},
		{"net0001/web", "intake0.agent.example.com", prove.Assumed, "", "web"},
		{"site0001", "intake0.agent.example.com", prove.Broken, model.TunnelIn, ""},
		{"apart", "intake0.agent.example.com", prove.Broken, model.PublicAnswer, ""},
		{"apart", "intake1.agent.example.com", prove.Captured, model.NoRoute, ""},
		{"apart", "x.intake1.agent.example.com", prove.Captured, model.NXDOMAIN, ""},
		{"hub", "intake0.agent.example.com", prove.Captured, model.FilterIn, ""},
	} {
		got, err := prove.TraceName(p, c.from, c.fqdn)
		if err != nil {
			t.Errorf("%s %s: %v", c.from, c.fqdn, err)
			continue
		}
		if got.Verdict != c.verdict || got.Reason != c.reason || got.Client != c.client || len(got.Resolution) == 0 {
			t.Errorf("%s %s: %+v", c.from, c.fqdn, got)
		}
		if c.verdict == prove.Proved && (len(got.Out) == 0 || len(got.Back) == 0 || got.Server.String() != "192.168.0.10" || got.Chosen) {
			t.Errorf("%s %s: %+v", c.from, c.fqdn, got)
		}
		if _, err := json.Marshal(got); err != nil {
			t.Error(err)
		}
	}
}

// Of a client's addresses the one that is cut off is shown.
func TestTraceShowsTheWorst(t *testing.T) {
	p := hub(1)
	deny := plan.Rule{Prefix: prefix("172.16.0.77/32"), Ports: plan.AllPorts, Deny: true, Origin: at("deny")}
	p.Graph.Filters[0].Ingress = append([]plan.Rule{deny}, p.Graph.Filters[0].Ingress...)
	got, err := prove.TraceName(p, "site0000", "intake0.agent.example.com")
	if err != nil || got.Verdict != prove.Broken || got.Address.String() != "172.16.0.77" {
		t.Errorf("%+v %v", got, err)
	}
}

func TestTraceOfTheUnknown(t *testing.T) {
	p := hub(1)
	twin := p.Graph.Sites[0]
	twin.Name = "twin"
	p.Graph.Sites = append(p.Graph.Sites, twin)
	for _, c := range []struct{ from, fqdn, want string }{
		{"site000", "intake0.agent.example.com", `there is no network or site "site000"; did you mean "site0000"?`},
		{"site0000", "intake0.agnt.example.com", `did you mean "intake0.agent.example.com"?`},
		{"site0000", "x.intake0.agent.example.com", "there is no name of a backend"},
		{"net0000/web", "intake0.agent.example.com", `there is no client of net0000 "web"`},
		{"203.0.113.9", "intake0.agent.example.com", "no network or site holds 203.0.113.9"},
		{"172.16.0.1", "intake0.agent.example.com", "is an address of site0000 and of twin; name one of them"},
	} {
		if _, err := prove.TraceName(p, c.from, c.fqdn); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %s: %v, want %s", c.from, c.fqdn, err, c.want)
		}
	}
}

// A trace says what the proof says, for every pair.
func TestTraceAgreesWithProof(t *testing.T) {
	p := hub(4)
	connection(p, "tunnelsite0001").A.Allowed = nil
	network(p, "net0002").RouteTables = nil
	p.Graph.Endpoints[4].Addresses = nil
	p.Graph.Zones[5].Networks = p.Graph.Zones[5].Networks[2:]
	m := prove.MatrixOf(p)
	proof := prove.Plan(p)
	if m.Proved != proof.Proved || m.Assumed != proof.Assumed || m.Broken != proof.Broken || len(m.Rows) != 8 {
		t.Errorf("the matrix has %d, %d, %d; the proof %+v", m.Proved, m.Assumed, m.Broken, proof)
	}
	broken := 0
	for _, row := range m.Rows {
		if len(row.Names) != 10 || row.Proved+row.Assumed+row.Broken != 10 {
			t.Errorf("%+v", row)
		}
		for _, cell := range row.Names {
			trace, err := prove.TraceName(p, row.From, cell.FQDN)
			if err != nil || trace.Verdict != cell.Verdict {
				t.Errorf("%s %s: %s, the matrix says %s (%v)", row.From, cell.FQDN, trace.Verdict, cell.Verdict, err)
			}
			if cell.Verdict == prove.Broken {
				broken++
			}
		}
	}
	if broken < 21 {
		t.Errorf("%d broken", broken)
	}
}
