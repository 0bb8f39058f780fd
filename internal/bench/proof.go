package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strings"
	"testing/fstest"
	"time"

	"github.com/obslink/obslink/compiler/capture"
	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/prove"
	"github.com/obslink/obslink/targets"
)

// What the proof may take on top of loading (issue 3).
const (
	proofNodes = 1_000 // networks, and as many sites
	proofWall  = time.Second
	proofPeak  = 500 << 20
)

// peersPerHub is how many networks are peered with one, and how many sites: a security group has 60 rules.
const peersPerHub = 30

// proofResult is what one run of `bench -proof` prints.
type proofResult struct {
	Pairs int
	Wall  time.Duration
}

// fabric makes a topology of n networks peered with hubs, and n sites behind tunnels to those hubs;
// each reaches ten services.
func fabric(n int) string {
	var b strings.Builder
	hubs := (n + peersPerHub - 1) / peersPerHub
	header(&b, n+hubs*networksPerAccount, services())
	b.WriteString("\tnetworks: {\n")
	for i := range hubs {
		fmt.Fprintf(&b, "\t\th%d: {account: \"a%d\", region: \"us-east-1\", cidrs: [\"192.168.%d.0/24\"], subnets: {a: {cidr: \"192.168.%d.0/26\", zone: \"use1-az4\"}, b: {cidr: \"192.168.%d.64/26\", zone: \"use1-az6\"}}}\n", i, (n+networksPerAccount-1)/networksPerAccount+i, i, i, i)
	}
	for i := range n {
		cidr := nth("10.0.0.0", uint32(i)<<8)
		fmt.Fprintf(&b, "\t\tn%d: {account: \"a%d\", region: \"us-east-1\", cidrs: [\"%s/24\"], subnets: servers: {cidr: \"%s/25\", zone: \"use1-az4\"}}\n", i, i/networksPerAccount, cidr, cidr)
	}
	b.WriteString("\t}\n\tsites: {\n")
	for i := range n {
		fmt.Fprintf(&b, "\t\ts%d: {cidrs: [\"%s/26\"], wireguard: {network: \"h%d\", gateway: {existing: \"192.168.%d.200\", interface: \"eni-%017x\"}, endpoint: \"vpn%d.example.net:51820\", publicKey: \"b2JzbGluay1leGFtcGxlLXB1YmxpYy1rZXktMDAwMDE=\"}}\n",
			i, nth("172.16.0.0", uint32(i)<<6), i/peersPerHub, i/peersPerHub, i/peersPerHub, i/peersPerHub)
	}
	b.WriteString("\t}\n\tlinks: {\n")
	for i := range n {
		fmt.Fprintf(&b, "\t\tn%d: {from: \"n%d\", to: \"dd\", via: peering: endpoints: \"h%d\"}\n", i, i, i/peersPerHub)
		fmt.Fprintf(&b, "\t\ts%d: {from: \"s%d\", to: \"dd\", via: endpoint: network: \"h%d\"}\n", i, i, i/peersPerHub)
	}
	b.WriteString("\t}\n}\n")
	return b.String()
}

// proveOnce compiles a fabric in this process, proves it once more, and prints what that took: the
// proof and the analysis of captures, which is all that comes on top of loading and lowering.
func proveOnce(n int, out io.Writer) error {
	r := compile.Stack(fstest.MapFS{"stacks/t/t.cue": {Data: []byte(fabric(n))}}, "stacks/t", targets.All)
	if len(r.Found) > 0 {
		return fmt.Errorf("the topology has %d findings; the first: %+v", len(r.Found), r.Found[0])
	}
	began := time.Now()
	proof := prove.Plan(r.Plan)
	capture.Found(r.Topology, r.Plan)
	result := proofResult{Pairs: proof.Pairs, Wall: time.Since(began)}
	if proof.Proved != proof.Pairs {
		return fmt.Errorf("%d of %d pairs are proved", proof.Proved, proof.Pairs)
	}
	return json.NewEncoder(out).Encode(result)
}

// proofCost is what the proof of one size took, in the middle of several runs.
type proofCost struct {
	nodes, pairs int
	wall         time.Duration
	peak         int64 // bytes, of the whole process
}

// proofs measures the proof at a tenth of the size and at full size, and again where that misses a limit,
// as shapes are.
func proofs(t *table) (err error) {
	var small, large proofCost
	for range 3 {
		if small, err = proofOf(proofNodes / 10); err != nil {
			return err
		}
		if large, err = proofOf(proofNodes); err != nil {
			return err
		}
		if (&table{out: io.Discard}).proofs(small, large) {
			break
		}
	}
	t.proofs(small, large)
	return nil
}

func proofOf(nodes int) (proofCost, error) {
	self, err := os.Executable()
	if err != nil {
		return proofCost{}, err
	}
	var costs []cost
	var walls []time.Duration
	var r proofResult
	for range 5 {
		c, raw, err := measureOutput(".", command{path: self, args: []string{"-proof", fmt.Sprint(nodes)}})
		if err == nil {
			err = json.Unmarshal(raw, &r)
		}
		if err != nil {
			return proofCost{}, err
		}
		costs, walls = append(costs, c), append(walls, r.Wall)
	}
	slices.Sort(walls)
	return proofCost{nodes, r.Pairs, walls[len(walls)/2], median(costs, func(c cost) int64 { return c.peak })}, nil
}

// proofs prints both sizes, and reports whether all is within the limits.
func (t *table) proofs(small, large proofCost) (ok bool) {
	before := t.failed
	for _, p := range []proofCost{small, large} {
		t.title(fmt.Sprintf("the proof: %d networks, %d sites, %d pairs", p.nodes, p.nodes, p.pairs))
		verdict := ""
		if p.nodes == proofNodes {
			verdict = "   " + t.verdict(p.wall <= proofWall && p.peak <= proofPeak) + fmt.Sprintf(" (at most %s on top of loading, %s in all)", seconds(proofWall), mega(proofPeak))
		}
		fmt.Fprintf(t.out, "  %-23s %9s wall %7s%s\n", "prove, and captures", seconds(p.wall), mega(p.peak), verdict)
	}
	grown, limit := ratio(large.wall, small.wall), nLogN(large.pairs)/nLogN(small.pairs)
	fmt.Fprintf(t.out, "  %-23s × %.1f   %s (n log n is × %.1f)\n", "ten times the links", grown, t.verdict(grown <= limit), limit)
	return t.failed == before
}

func nLogN(n int) float64 { return float64(n) * math.Log2(float64(n)) }
