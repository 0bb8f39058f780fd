package targets_test

import (
	"maps"
	"math/rand"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/cost"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/topologytest"
	"github.com/obslink/obslink/targets"
	"github.com/obslink/obslink/targets/aws"
)

// costly is a network in Tokyo and one in Virginia, ten services that answer in Virginia, and a link.
func costly(t *testing.T, link string) *plan.Plan {
	t.Helper()
	text := `package stack
environment: "t"
accounts: main: aws: id: "123456789012"
networks: {
	tokyo: {account: "main", region: "ap-northeast-1", cidrs: ["10.0.0.0/16"], subnets: {a: {cidr: "10.0.0.0/24", zone: "apne1-az1"}, b: {cidr: "10.0.1.0/24", zone: "apne1-az4"}}}
	hub: {account: "main", region: "us-east-1", cidrs: ["10.1.0.0/16"], subnets: {a: {cidr: "10.1.0.0/24", zone: "use1-az1"}, b: {cidr: "10.1.1.0/24", zone: "use1-az2"}}}
}
backends: dd: datadog: {site: "us1", services: {"logs-agent": {}, "logs-user": {}, api: {}, metrics: {}, containers: {}, process: {}, profiling: {}, traces: {}, dbm: {}, "remote-config": {}}}
links: a: ` + link
	r := compile.Stack(fstest.MapFS{"stacks/t/t.cue": {Data: []byte(text)}}, "stacks/t", targets.All)
	if r.Found.HasErrors() {
		t.Fatal(r.Found)
	}
	return r.Plan
}

// TestCost: ten services in two zones are 20 endpoint-hours an hour: 146 dollars a month in Virginia
// (datadog_aws facts, prices), 204.40 in Tokyo.
func TestCost(t *testing.T) {
	for link, want := range map[string]string{
		`{from: "hub", to: "dd"}`:                                   "146.00",
		`{from: "tokyo", to: "dd"}`:                                 "204.40",
		`{from: "tokyo", to: "dd", via: peering: endpoints: "hub"}`: "151.00", // and ten zones
		"{from: \"hub\", to: \"dd\"}\nprices: \"endpoint-hour\": \"*\": {usd: 1, source: \"x\"}": "14600.00",
	} {
		s := targets.Cost(costly(t, link))
		if got := s.Total.USD.String(); got != want || len(s.Total.Unknown) > 0 {
			t.Errorf("%s: got %s, want %s, unknown %v", link, got, want, s.Total.Unknown)
		}
	}
}

// TestCostOfTransitGateways: three attachments, and both ends of the peering of two gateways, at a dollar
// an hour each.
func TestCostOfTransitGateways(t *testing.T) {
	text := `package stack
environment: "t"
accounts: main: aws: id: "123456789012"
transitGateways: {core: {account: "main", region: "us-east-1", peers: east: {}}, east: {account: "main", region: "ap-northeast-1"}}
networks: {
	for n, net in {a: "10.1", b: "10.2"} {
		(n): {account: "main", region: "ap-northeast-1", cidrs: [net+".0.0/16"], subnets: tgw: {cidr: net+".0.0/28", zone: "apne1-az1"}, attach: {transitGateway: "east", subnets: ["tgw"]}}
	}
	hub: {
		account: "main", region: "us-east-1", cidrs: ["10.8.0.0/16"], subnets: {a: {cidr: "10.8.0.0/24", zone: "use1-az1"}, tgw: {cidr: "10.8.1.0/28", zone: "use1-az1", endpoints: false}}
		attach: {transitGateway: "core", subnets: ["tgw"]}
	}
}
backends: dd: datadog: {site: "us1", services: metrics: {}}
links: {for n in ["a", "b"] {(n): {from: n, to: "dd", via: transitGateway: endpoints: "hub"}}}
prices: "transit-hour": "*": {usd: 1, source: "x"}`
	r := compile.Stack(fstest.MapFS{"stacks/t/t.cue": {Data: []byte(text)}}, "stacks/t", targets.All)
	if r.Found.HasErrors() {
		t.Fatal(r.Found)
	}
	attachments := map[string]int{}
	for _, l := range targets.Cost(r.Plan).Lines {
		if l.Rate.Item == "transit-hour" {
			attachments[l.Network] += l.Count
		}
	}
	if want := map[string]int{"a": 1, "b": 1, "hub": 1, "core": 1, "east": 1}; !maps.Equal(attachments, want) {
		t.Errorf("attachments: %v, want %v", attachments, want)
	}
}

// TestWays: what a link uses comes first, the rest by their price; what is not wholly known comes last.
func TestWays(t *testing.T) {
	for link, want := range map[string][]string{
		`{from: "tokyo", to: "dd"}`: {
			"cross-region endpoint 204.40 0.10", "peering 151.00 0.10", "peering with a cross-region endpoint 209.40 0.10",
			"transit gateway 224.00 0.10", // two attachments in Virginia; those in Tokyo have no known price
		},
		`{from: "hub", to: "dd"}`: {"endpoint 146.00 0.01", "peering 151.00 0.01", "transit gateway 224.00 0.03"},
	} {
		s := targets.Cost(costly(t, link))
		if len(s.Links) != 1 {
			t.Fatalf("%+v", s.Links)
		}
		var got []string
		for i, way := range s.Links[0].Ways {
			if way.Used != (i == 0) {
				t.Errorf("%s: used %v", way.Mechanism, way.Used)
			}
			got = append(got, way.Mechanism+" "+way.Monthly.USD.String()+" "+way.PerGB.USD.String())
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", link, got, want)
		}
	}
}

// TestCostOfRandom: every address of an endpoint is counted once, whatever the topology.
func TestCostOfRandom(t *testing.T) {
	for seed := range int64(100) {
		p := mustCompile(t, topologytest.Random(rand.New(rand.NewSource(seed))))
		want := 0
		if parts, ok := p.Parts[aws.Name].(*aws.Parts); ok {
			for _, e := range parts.Endpoints {
				want += len(e.Subnets)
			}
		}
		s := targets.Cost(p)
		got, sum := 0, cost.Sum{}
		for _, l := range s.Lines {
			sum = sum.Plus(l.Monthly)
			if l.Rate.Item == "endpoint-hour" {
				got += l.Count
			}
		}
		if got != want || sum.USD != s.Total.USD {
			t.Errorf("seed %d: %d endpoint-hours, want %d; the lines come to %s, the total is %s", seed, got, want, sum.USD, s.Total.USD)
		}
		for _, l := range s.Links {
			if len(l.Ways) == 0 || !l.Ways[0].Used {
				t.Errorf("seed %d: link %q uses none of its ways: %+v", seed, l.Name, l.Ways)
			}
		}
	}
}
