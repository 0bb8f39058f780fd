package truth

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/obslink/obslink/compiler/model"
	"github.com/obslink/obslink/internal/lab"
)

var (
	worlds  = flag.Int("worlds", 60, "how many random worlds are built")
	seed    = flag.Int64("seed", 301, "the seed of the first")
	atOnce  = flag.Int("at-once", 2, "how many worlds are built at a time")
	limit   = flag.Duration("limit", 20*time.Minute, "no further world is begun after this time")
	shrinks = flag.Int("shrinks", 3, "how many worlds that differ are made smaller")
)

// full is the size from which on the figures are demanded.
const full = 300

// unseen are reasons that no packet of a lab can show, and why.
var unseen = map[model.Reason]string{
	model.Missing:       "a host, an endpoint or the far end of a connection that does not exist has no packets; checks refuse the topology",
	model.DanglingRoute: "lift reports a route that leads nowhere and leaves it out, or makes it a black hole; declared tables have no routes",
	model.AddressFamily: "the lab speaks IPv4, as endpoints do",
}

// tally is what a run of worlds came to.
type tally struct {
	worlds, pairs, unreachable int
	reasons                    map[model.Reason]int
	differences                []Result
	refused                    []string
	lifted                     map[string]int
}

// refusedAtMost: one world of so many may be one that the lab does not build.
const refusedAtMost = 50

// TestTruth holds the model against packets: what it predicts of every pair is what is seen.
func TestTruth(t *testing.T) {
	if err := lab.Usable(); err != nil {
		t.Skipf("%v", err)
	}
	began := time.Now()
	sum := tally{reasons: map[model.Reason]int{}, lifted: map[string]int{}}
	results := make(chan Result)
	next := make(chan int64)
	var wait sync.WaitGroup
	for range *atOnce {
		wait.Go(func() {
			for s := range next {
				results <- Check(t.Context(), Random(s))
			}
		})
	}
	go func() {
		for i := range *worlds {
			if time.Since(began) < *limit {
				next <- *seed + int64(i)
			}
		}
		close(next)
		wait.Wait()
		close(results)
	}()
	for r := range results {
		sum.add(r)
	}
	slices.SortFunc(sum.differences, func(a, b Result) int { return int(a.World.Seed - b.World.Seed) })
	t.Logf("%s in %s", sum, time.Since(began).Round(time.Second))
	sum.report(t)
}

func (s *tally) add(r Result) {
	s.worlds++
	if r.Refused != nil {
		s.refused = append(s.refused, fmt.Sprintf("seed %d: %v\n%s", r.World.Seed, r.Refused, strings.Join(r.World.Broken, "\n")))
		return
	}
	for _, problem := range r.Lifted {
		_, what, _ := strings.Cut(problem, ": ")
		s.lifted[what]++
	}
	for _, p := range r.Predictions {
		s.pairs++
		if p.Reason != "" {
			s.unreachable++
			s.reasons[p.Reason]++
		}
	}
	if len(r.Differences) > 0 {
		s.differences = append(s.differences, r)
	}
}

func (s tally) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d worlds, %d pairs, %d unreachable (%d %%)", s.worlds, s.pairs, s.unreachable, 100*s.unreachable/max(s.pairs, 1))
	for _, r := range model.Reasons {
		fmt.Fprintf(&b, "\n  %-24s %d", r, s.reasons[r])
	}
	return b.String()
}

func (s *tally) report(t *testing.T) {
	// The lab says what it cannot build (internal/lab/README.md) rather than guess. Defects meet now and
	// then in such a world; it proves nothing, and more than a few would hide what it should show.
	for _, refused := range s.refused {
		t.Logf("the lab does not build %s", refused)
	}
	if len(s.refused)*refusedAtMost > s.worlds {
		t.Errorf("the lab does not build %d of %d worlds", len(s.refused), s.worlds)
	}
	for _, what := range slices.Sorted(maps.Keys(s.lifted)) {
		if strings.Contains(what, "does not know") {
			t.Errorf("lift, %d times: %s", s.lifted[what], what)
		}
	}
	different := 0
	for i, r := range s.differences {
		different += len(r.Differences)
		if i >= *shrinks {
			t.Errorf("seed %d: %d pairs differ, the first:\n%sbroken: %s", r.World.Seed, len(r.Differences), r.Differences[0], strings.Join(r.World.Broken, "; "))
			continue
		}
		w, d := Shrink(context.Background(), r.World, r.Differences[0])
		t.Errorf("seed %d: %d pairs differ, the first:\n%s\n%s", r.World.Seed, len(r.Differences), d, w)
	}
	if different > 0 {
		t.Errorf("%d of %d pairs differ", different, s.pairs)
	}
	if *worlds < full {
		return
	}
	if s.worlds < full || s.pairs < 5000 || 3*s.unreachable < s.pairs {
		t.Errorf("wanted are %d worlds, 5000 pairs, a third of them unreachable", full)
	}
	for _, r := range model.Reasons {
		if unseen[r] == "" && s.reasons[r] < 20 {
			t.Errorf("reason %s was seen %d times; 20 are wanted", r, s.reasons[r])
		}
	}
}
