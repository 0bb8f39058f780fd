package plan_test

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/plan"
)

func addr(s string) netip.Addr { return netip.MustParseAddr(s) }

// sample has an endpoint with pinned addresses and one whose addresses the cloud chooses.
func sample() *plan.Plan {
	return &plan.Plan{
		Version: plan.Version, Stack: "prod",
		Graph: plan.Graph{Endpoints: []plan.Endpoint{
			{Name: "aws", Addresses: []netip.Addr{addr("10.0.1.9"), addr("10.0.0.9")}},
			{Name: "azure"},
		}},
		Names: []plan.Name{
			{FQDN: "metrics.agent.example", Endpoint: "aws", Backend: "dd", Versioned: "%s-app.agent.example", Clients: []string{"home", "tokyo"}},
			{FQDN: "api.example", Endpoint: "azure", Backend: "logs", Aliases: []string{"api.old.example"}, Clients: []string{"home"}},
			{FQDN: "${workspace_logs_a.customerId}.ods.example", Endpoint: "azure", Backend: "logs", Clients: []string{"home"}},
			{FQDN: "${workspace_logs_b.customerId}.ods.example", Endpoint: "azure", Backend: "logs", Clients: []string{"home"}},
			{FQDN: "${workspace_logs_a.customerId}.svc.example", Endpoint: "azure", Backend: "logs", Optional: true, Clients: []string{"home"}},
		},
	}
}

func outputs(fqdns ...string) *plan.Outputs {
	o := &plan.Outputs{Version: plan.OutputsVersion, Endpoints: []plan.EndpointOutput{
		{Endpoint: "aws", Addresses: []plan.EndpointMember{{Address: addr("10.0.0.9")}}},
		{Endpoint: "azure"},
	}}
	for i, f := range fqdns {
		o.Endpoints[1].Addresses = append(o.Endpoints[1].Addresses, plan.EndpointMember{
			Address: netip.AddrFrom4([4]byte{10, 1, 0, byte(i)}), FQDNs: []string{f},
		})
	}
	return o
}

// text writes what Resolve says, one name a line.
func text(names []plan.ResolvedName, unknown []plan.Unknown) string {
	var b strings.Builder
	for _, n := range names {
		fmt.Fprintln(&b, n.FQDN, n.Addresses, n.AliasOf)
	}
	for _, u := range unknown {
		fmt.Fprintf(&b, "%s? %s\n", u.FQDN, u.Why)
	}
	return b.String()
}

func TestResolve(t *testing.T) {
	const metrics = "7-49-0-app.agent.example [10.0.0.9] metrics.agent.example\n"
	const after = "metrics.agent.example [10.0.0.9] \n"
	tests := []struct {
		name, client string
		outputs      *plan.Outputs
		want         string
	}{
		{"planned", "home", nil, `7-49-0-app.agent.example [10.0.0.9 10.0.1.9] metrics.agent.example
metrics.agent.example [10.0.0.9 10.0.1.9] 
${workspace_logs_a.customerId}.ods.example? the cloud chooses the address; it is known after ` + "`obslink up`" + `
${workspace_logs_a.customerId}.svc.example? the cloud chooses the address; it is known after ` + "`obslink up`" + `
${workspace_logs_b.customerId}.ods.example? the cloud chooses the address; it is known after ` + "`obslink up`" + `
api.example? the cloud chooses the address; it is known after ` + "`obslink up`" + `
api.old.example? the cloud chooses the address; it is known after ` + "`obslink up`" + `
`},
		{"of one client", "tokyo", outputs(), metrics + after},
		{"deployed", "home", outputs("api.example", "1.ods.example", "2.ods.example", "1.2.ods.example", ".ods.example"),
			"1.ods.example [10.1.0.1] \n2.ods.example [10.1.0.2] \n" + metrics + "api.example [10.1.0.0] \napi.old.example [10.1.0.0] api.example\n" + after},
		{"a workspace is missing", "home", outputs("api.example", "1.ods.example"),
			"1.ods.example [10.1.0.1] \n" + metrics + "api.example [10.1.0.0] \napi.old.example [10.1.0.0] api.example\n" + after +
				"${workspace_logs_a.customerId}.ods.example? the deployed endpoint answers 1 of 2 names like this\n" +
				"${workspace_logs_b.customerId}.ods.example? the deployed endpoint answers 1 of 2 names like this\n"},
		{"a name is missing", "home", outputs("1.ods.example", "2.ods.example"),
			"1.ods.example [10.1.0.0] \n2.ods.example [10.1.0.1] \n" + metrics + after +
				"api.example? the deployed endpoint does not answer this name\napi.old.example? the deployed endpoint does not answer this name\n"},
		{"outputs of nothing", "tokyo", &plan.Outputs{}, "7-49-0-app.agent.example? the outputs hold nothing of this endpoint; run `obslink up`\n" +
			"metrics.agent.example? the outputs hold nothing of this endpoint; run `obslink up`\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			names, unknown := plan.Resolve(sample(), tt.outputs, tt.client, []string{"7.49.0"})
			if got := text(names, unknown); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
			backwards := sample()
			slices.Reverse(backwards.Names)
			slices.Reverse(backwards.Graph.Endpoints)
			if again := text(plan.Resolve(backwards, tt.outputs, tt.client, []string{"7.49.0"})); again != text(names, unknown) {
				t.Errorf("in another order, got\n%s", again)
			}
		})
	}
}

// The digest is of what is built, not of where it is written.
func TestDigest(t *testing.T) {
	p, moved, other := sample(), sample(), sample()
	moved.Names[0].Origin = plan.Origin{Path: "backends.dd", Pos: diag.Pos{File: "a.cue", Line: 3}}
	other.Names[0].Service = "traces"
	if p.Digest() != moved.Digest() {
		t.Error("another position gives another digest")
	}
	if p.Digest() == other.Digest() {
		t.Error("another service gives the same digest")
	}
	quoted, again := sample(), sample() // a text that looks like the end of an origin, or like its start
	quoted.Names[0].Origin = plan.Origin{Path: `a"\`, Pos: diag.Pos{File: `b\\`, Line: 3}}
	if p.Digest() != quoted.Digest() {
		t.Error("quotes in a position give another digest")
	}
	quoted.Names[0].Service, again.Names[0].Service = `"origin":"a"`, `"origin":"b"`
	if quoted.Digest() == again.Digest() {
		t.Error("a service's text is taken for an origin")
	}
	if raw, err := json.Marshal(moved.Names[0].Origin); err != nil || string(raw) != `"backends.dd a.cue:3:0"` {
		t.Errorf("origin is %s, %v", raw, err)
	}
}

func TestNamed(t *testing.T) {
	p := plan.Named("route", "aws_main", plan.Origin{}, plan.Key{Now: "hub", Was: "core"}, plan.K("x"), plan.Key{Now: "tokyo", Was: "jp"})
	if p.Name != "route_hub_x_tokyo" {
		t.Errorf("name %s", p.Name)
	}
	slices.Sort(p.Was)
	if want := []string{"route_core_x_jp", "route_core_x_tokyo", "route_hub_x_jp"}; !slices.Equal(p.Was, want) {
		t.Errorf("was %v, want %v", p.Was, want)
	}
	if p := plan.Named("vpc", "", plan.Origin{}, plan.Key{Now: "hub", Was: "hub"}); len(p.Was) > 0 {
		t.Errorf("was itself: %v", p.Was)
	}
}
