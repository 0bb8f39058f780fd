package capture_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/obslink/obslink/compiler/capture"
	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/targets"
)

// hub is a VPC that was there before, with a client VPC peered to it: what stands in its braces
// differs between the tests.
const hub = `
environment: "test"
accounts: main: aws: id: "123456789012"
networks: {
	tokyo: {
		account: "main", region: "ap-northeast-1", cidrs: ["10.0.0.0/16"]
		existing: {vpc: "vpc-0a1b2c3d4e5f60001", routeTables: private: "rtb-0a1b2c3d4e5f60002"}
	}
	hub: {
		account: "main", region: "us-east-1", cidrs: ["192.168.0.0/16"]
		subnets: {
			a: {cidr: "192.168.0.0/20", zone: "use1-az4", routeTable: "private"}
			b: {cidr: "192.168.16.0/20", zone: "use1-az6", routeTable: "private"}
		}
		existing: {vpc: "vpc-0a1b2c3d4e5f60004", routeTables: private: "rtb-0a1b2c3d4e5f60005"}
		HUB
	}
}
backends: dd: datadog: {site: "us1", services: {metrics: {}, "logs-agent": {}}}
links: "tokyo-datadog": {from: "tokyo", to: "dd", via: peering: endpoints: "hub"}
MORE
`

func compiled(t *testing.T, inHub, more string) compile.Result {
	t.Helper()
	source := "package stack\n\nimport \"obslink.dev/schema\"\n\nschema.#Topology & {\n" +
		strings.NewReplacer("HUB", inHub, "MORE", more).Replace(hub) + "}\n"
	r := compile.Stack(fstest.MapFS{"stacks/t/t.cue": {Data: []byte(source)}}, "stacks/t", targets.All)
	if r.Plan == nil {
		t.Fatal(r.Found)
	}
	return r
}

// rows are moves as "node who name: before → after, through".
func rows(moves []capture.Move) []string {
	var all []string
	for _, m := range moves {
		all = append(all, fmt.Sprintf("%s %s %s: %s → %s, %s", m.Node, m.Who, m.Name, m.Before, m.After, m.Through))
	}
	return all
}

func want(t *testing.T, got []string, all ...string) {
	t.Helper()
	if !slices.Equal(got, all) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(all, "\n"))
	}
}

const (
	logs    = "endpoint_hub_dd_logs-agent 192.168.11.26 192.168.27.26"
	metrics = "endpoint_hub_dd_metrics 192.168.11.28 192.168.27.28"
)

func TestEveryServerOfANetworkIsMoved(t *testing.T) {
	want(t, rows(capture.Plan(compiled(t, "", "").Plan)),
		"hub other servers agent-http-intake.logs.datadoghq.com: a public address → "+logs+", unknown",
		"hub other servers metrics.agent.datadoghq.com: a public address → "+metrics+", unknown",
		"tokyo link tokyo-datadog agent-http-intake.logs.datadoghq.com: a public address → "+logs+", yes",
		"tokyo link tokyo-datadog metrics.agent.datadoghq.com: a public address → "+metrics+", yes",
	)
}

func TestALinkCoversItsNetwork(t *testing.T) {
	moves := capture.Plan(compiled(t, "", `links: "hub-datadog": {from: "hub", to: "dd", via: endpoint: network: "hub"}`).Plan)
	for _, m := range moves {
		if m.Who == capture.Others || m.Through != capture.Yes {
			t.Errorf("%+v", m)
		}
	}
}

func TestGroupsSayWhatTheyUse(t *testing.T) {
	moves := rows(capture.Plan(compiled(t, `clients: {
		far: {cidr: "192.168.40.0/24", uses: ["*.agent.datadoghq.com", "www.example.net"]}
		out: {cidr: "192.168.41.0/24", uses: ["7-70-1-app.agent.datadoghq.com"], egress: ["10.0.0.0/8"]}
	}`, "").Plan))
	moves = slices.DeleteFunc(moves, func(row string) bool { return !strings.Contains(row, "clients ") })
	want(t, moves,
		"hub clients out 7-70-1-app.agent.datadoghq.com: a public address → "+metrics+", no",
		"hub clients far metrics.agent.datadoghq.com: a public address → "+metrics+", no",
	)
}

func TestNothingMovesWhereNothingChanges(t *testing.T) {
	p := compiled(t, "", "").Plan
	if moves := capture.Between(p, p); len(moves) > 0 {
		t.Error(rows(moves))
	}
}

// A link that comes admits servers which were sent to the endpoint before and did not get through;
// one that goes leaves them there.
func TestBetweenTwoTopologies(t *testing.T) {
	base := compiled(t, "", "").Plan
	head := compiled(t, "", `links: "hub-datadog": {from: "hub", to: "dd", via: endpoint: network: "hub"}`).Plan
	want(t, rows(capture.Between(base, head)),
		"hub link hub-datadog agent-http-intake.logs.datadoghq.com: "+logs+" → "+logs+", yes",
		"hub link hub-datadog metrics.agent.datadoghq.com: "+metrics+" → "+metrics+", yes",
	)
	want(t, rows(capture.Between(head, base)),
		"hub link hub-datadog agent-http-intake.logs.datadoghq.com: "+logs+" → "+logs+", no",
		"hub link hub-datadog metrics.agent.datadoghq.com: "+metrics+" → "+metrics+", no",
	)
}

func TestFindings(t *testing.T) {
	for _, c := range []struct{ name, inHub, want string }{
		{"undeclared", "", "OBS651"},
		{"acknowledged", `acknowledge: dd: reason: "agreed"`, ""},
		{"declared and admitted nowhere", `clients: z: {cidr: "192.168.40.0/24", uses: ["metrics.agent.datadoghq.com"]}, acknowledge: dd: reason: "agreed"`, "OBS652"},
		{"uses something else", `clients: z: {cidr: "192.168.40.0/24", uses: ["www.example.net"]}, acknowledge: dd: reason: "agreed"`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := compiled(t, c.inHub, "")
			var codes []string
			for _, d := range capture.Found(r.Topology, r.Plan) {
				codes = append(codes, d.Code)
			}
			if got := strings.Join(codes, " "); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
