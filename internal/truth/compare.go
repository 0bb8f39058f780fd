package truth

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/obslink/obslink/internal/lab"
)

// patience is how long a pair is tried again before it counts as a difference.
const patience = 8 * time.Second

// Difference is a pair of which packets say something else than the model.
type Difference struct {
	Pair       Pair
	Prediction Prediction
	Observed   lab.Observation
	// Lifted are what lift could not take in.
	Lifted []string
}

func (d Difference) String() string {
	var b strings.Builder
	p, o := d.Prediction, d.Observed
	fmt.Fprintf(&b, "%s %s asks for %s\n", d.Pair.Host.Node, d.Pair.Host.Address, d.Pair.FQDN)
	fmt.Fprintf(&b, "predicted: %s %v, reached %v of %q, connected %t %s\n", p.DNS, p.Addresses, p.Reached, p.Endpoint, p.Connected, p.Reason)
	fmt.Fprintf(&b, "observed:  %s %v, reached %v of %q, connected %t (%v)\n", o.DNS, o.Addresses, o.Reached, o.Endpoint, o.Connected, o.Err)
	b.WriteString(p.Trace)
	for _, problem := range d.Lifted {
		fmt.Fprintf(&b, "  lift: %s\n", problem)
	}
	return b.String()
}

// agree reports whether an observation is what was predicted.
func agree(p Prediction, o lab.Observation) bool {
	if p.DNS != o.DNS || p.Connected != o.Connected {
		return false
	}
	if p.DNS != private {
		return true
	}
	if p.Connected && p.Endpoint != o.Endpoint {
		return false
	}
	if len(p.Addresses) == 0 { // the cloud chooses
		return true
	}
	return slices.Equal(p.Addresses, sorted(o.Addresses)) && slices.Equal(sorted(p.Reached), sorted(o.Reached))
}

// Result is a world held against packets.
type Result struct {
	World       *World
	Predictions map[Pair]Prediction
	Differences []Difference
	// Lifted are what lift could not take in; Refused says why the lab would not build the world.
	Lifted  []string
	Refused error
}

// Check builds a world and tries every pair.
func Check(ctx context.Context, w *World) Result {
	graph, problems := w.Lift()
	oracle := NewOracle(&graph, w.Names)
	r := Result{World: w, Predictions: map[Pair]Prediction{}, Lifted: problems}
	for _, pair := range w.Pairs() {
		r.Predictions[pair] = oracle.Predict(pair)
	}
	content := func(pair Pair, o lab.Observation) bool { return agree(r.Predictions[pair], o) }
	observed, err := Observe(ctx, w, w.Pairs(), patience, content)
	if err != nil {
		r.Refused = err
		return r
	}
	for _, pair := range w.Pairs() {
		if p, o := r.Predictions[pair], observed[pair]; !agree(p, o) {
			r.Differences = append(r.Differences, Difference{pair, p, o, problems})
		}
	}
	return r
}

// Observe builds a world as network namespaces and tries pairs; one of which the caller is not content
// is tried once more, with patience.
func Observe(ctx context.Context, w *World, pairs []Pair, patience time.Duration, content func(Pair, lab.Observation) bool) (map[Pair]lab.Observation, error) {
	var hosts []lab.Host
	for _, h := range w.Hosts {
		hosts = append(hosts, lab.Host(h))
	}
	built, err := lab.Build(ctx, lab.World{Manifest: w.Manifest, Declared: w.Declared, Names: w.Names}, hosts)
	if err != nil {
		return nil, err
	}
	defer built.Close()
	var mu sync.Mutex
	observed := map[Pair]lab.Observation{}
	try := func(pairs []Pair, how func(Pair) lab.Observation) {
		var wait sync.WaitGroup
		limit := make(chan struct{}, 24)
		for _, pair := range pairs {
			wait.Go(func() {
				limit <- struct{}{}
				defer func() { <-limit }()
				o := how(pair)
				mu.Lock()
				defer mu.Unlock()
				observed[pair] = o
			})
		}
		wait.Wait()
	}
	try(pairs, func(p Pair) lab.Observation { return built.Try(lab.Host(p.Host), p.FQDN) })
	doubtful := slices.DeleteFunc(slices.Clone(pairs), func(p Pair) bool { return content(p, observed[p]) })
	try(doubtful, func(p Pair) lab.Observation { return built.TryWithin(lab.Host(p.Host), p.FQDN, patience) })
	return observed, nil
}
