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

// proofs measures the proof at a tenth of the size and at full size.
func proofs(t *table) error {
	var walls []time.Duration
	var pairs []int
	for _, n := range []int{proofNodes / 10, proofNodes} {
		var costs []cost
		var results []time.Duration
		for range 5 {
			self, err := os.Executable()
			if err != nil {
				return err
			}
			var r proofResult
			c, raw, err := measureOutput(".", command{path: self, args: []string{"-proof", fmt.Sprint(n)}})
			if err == nil {
				err = json.Unmarshal(raw, &r)
			}
			if err != nil {
				return err
			}
			costs, results = append(costs, c), append(results, r.Wall)
			if len(pairs) == len(walls) {
				pairs = append(pairs, r.Pairs)
			}
		}
		slices.Sort(results)
		wall, peak := results[len(results)/2], median(costs, func(c cost) int64 { return c.peak })
		walls = append(walls, wall)
		t.title(fmt.Sprintf("the proof: %d networks, %d sites, %d pairs", n, n, pairs[len(pairs)-1]))
		verdict := ""
		if n == proofNodes {
			verdict = "   " + t.verdict(wall <= proofWall && peak <= proofPeak) + fmt.Sprintf(" (at most %s on top of loading, %s in all)", seconds(proofWall), mega(proofPeak))
		}
		fmt.Fprintf(t.out, "  %-23s %9s wall %7s%s\n", "prove, and captures", seconds(wall), mega(peak), verdict)
	}
	grown := float64(walls[1]) / float64(walls[0])
	limit := nLogN(pairs[1]) / nLogN(pairs[0])
	fmt.Fprintf(t.out, "  %-23s × %.1f   %s (n log n is × %.1f)\n", "ten times the links", grown, t.verdict(grown <= limit), limit)
	return nil
}

func nLogN(n int) float64 { return float64(n) * math.Log2(float64(n)) }
