package mutation

import (
	"flag"
	"fmt"
	"io/fs"
	"math/rand"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/topologytest"
	"github.com/obslink/obslink/internal/deploy"
	"github.com/obslink/obslink/internal/lab"
	"github.com/obslink/obslink/targets"
)

var (
	every  = flag.Int("every", 12, "of how many mutations one is tried")
	first  = flag.Int("first", 0, "which of them is the first")
	atOnce = flag.Int("at-once", 2, "how many worlds are built at a time")
	legal  = flag.Int("legal", 4, "how many random legal topologies are built")
	only   = flag.String("only", "", "the one case to mutate")
)

// hasty is enough for a pair that works; what fails is tried once more with patience if the judges differ.
const (
	hasty   = 1200 * time.Millisecond
	patient = 8 * time.Second
)

// tally is what the mutations came to.
type tally struct {
	mu                                 sync.Mutex
	cases, breaking, harmless, refused int
	missed, wrongCulprit, alarms       []string
}

// TestMutations: every mutation that packets say breaks a link is an error of the proof that names what
// was mutated, and every other one is none.
func TestMutations(t *testing.T) {
	if err := lab.Usable(); err != nil {
		t.Skipf("%v", err)
	}
	var sum tally
	type job struct {
		c *Case
		m Mutation
	}
	jobs := make(chan job)
	var wait sync.WaitGroup
	for range *atOnce {
		wait.Go(func() {
			for j := range jobs {
				sum.try(t, j.c, j.m)
			}
		})
	}
	number := 0
	for _, c := range cases(t) {
		if *only != "" && c.Name != *only || !sound(t, c) {
			continue
		}
		sum.cases++
		for _, m := range c.Mutations() {
			if number++; (number+*first)%*every == 0 {
				jobs <- job{c, m}
			}
		}
	}
	close(jobs)
	wait.Wait()
	t.Logf("%d cases, %d mutations, every %d. tried: %d break a link, %d are harmless, %d the lab refuses to build", sum.cases, number, *every, sum.breaking, sum.harmless, sum.refused)
	for what, list := range map[string][]string{
		"breaks a link and the proof is silent": sum.missed, "breaks a link and the proof names something else": sum.wrongCulprit,
		"is harmless and the proof has an error": sum.alarms,
	} {
		for _, one := range list {
			t.Errorf("%s: %s", what, one)
		}
	}
	if *every == 1 && *only == "" && (sum.breaking < 200 || sum.harmless < 50) {
		t.Errorf("too few mutations were tried")
	}
}

// sound reports whether the case itself works for packets and for the proof.
func sound(t *testing.T, c *Case) bool {
	proof, problems := c.Prove(c.World)
	if len(problems) > 0 || proof.Found.HasErrors() {
		t.Logf("%s is left out: its proof has errors already: %v %v", c.Name, problems, proof.Found)
		return false
	}
	if proof.Assumed > 0 && slices.ContainsFunc(c.World.Declared.Routers, func(r plan.Router) bool { return r.Ref.Existing != "" }) {
		// Packets cannot be told what nobody declares: the tables of a gateway that was there before.
		t.Logf("%s is left out: it takes an existing gateway's tables on trust", c.Name)
		return false
	}
	if node := c.unseen(); node != "" {
		t.Logf("%s is left out: no subnet of %s is known, so no host can try from there", c.Name, node)
		return false
	}
	broken, err := c.Broken(t.Context(), c.World, patient)
	if err != nil || len(broken) > 0 {
		t.Errorf("%s: proved, and packets say otherwise: %v %v\n%s", c.Name, err, broken, c.World)
		return false
	}
	return true
}

// try lets both judges look at one mutation.
func (s *tally) try(t *testing.T, c *Case, m Mutation) {
	proof, problems := c.Prove(m.World)
	reported := proof.Found.HasErrors()
	broken, err := c.Broken(t.Context(), m.World, hasty)
	if err == nil && (len(broken) > 0) != reported {
		broken, err = c.Broken(t.Context(), m.World, patient)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	name := c.Name + ": " + m.Name
	switch {
	case err != nil:
		s.refused++
		t.Logf("%s: %v", name, err)
	case len(broken) == 0 && reported:
		s.alarms = append(s.alarms, fmt.Sprintf("%s\n%s", name, texts(proof.Found)))
	case len(broken) == 0:
		s.harmless++
	case !reported:
		s.breaking++
		s.missed = append(s.missed, fmt.Sprintf("%s: %s (lift: %v)", name, broken[0], problems))
	default:
		s.breaking++
		if !names(proof.Found, m.Culprits) {
			s.wrongCulprit = append(s.wrongCulprit, fmt.Sprintf("%s\nwanted one of %q in\n%s", name, m.Culprits, texts(proof.Found)))
		}
	}
}

// names reports whether an error says one of the words where it speaks of the cause: behind "cannot
// reach", which names the client and its need.
func names(found diag.List, words []string) bool {
	return slices.ContainsFunc(found, func(d diag.Diagnostic) bool {
		_, cause, _ := strings.Cut(d.Message, ": ")
		text := cause + " " + d.Path + " " + d.Hint
		return slices.ContainsFunc(words, func(w string) bool {
			return strings.Contains(text, w) || strings.Contains(d.Path, "."+strings.Trim(w, `"`))
		})
	})
}

func texts(found diag.List) string {
	var b strings.Builder
	for _, d := range found {
		fmt.Fprintf(&b, "  %s %s: %s; hint: %s\n", d.Code, d.Path, d.Message, d.Hint)
	}
	return b.String()
}

// cases are the worked examples and the compiler's own that have links.
func cases(t *testing.T) []*Case {
	t.Helper()
	var all []*Case
	root := os.DirFS("../../..")
	for _, stack := range []string{"stacks/dev", "stacks/prod"} {
		all = append(all, open(t, stack, root, stack)...)
	}
	files, err := filepath.Glob("../../../compiler/compile/testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		a, err := topologytest.ReadArchive(file)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, open(t, strings.TrimSuffix(filepath.Base(file), ".txtar"), a.Files, a.Stack)...)
	}
	return all
}

// open compiles and records a stack; one without links, or with findings, is no case.
func open(t *testing.T, name string, in fs.FS, stack string) []*Case {
	t.Helper()
	r := compile.Stack(in, stack, targets.All)
	if r.Plan == nil || r.Found.HasErrors() || len(r.Plan.Links) == 0 || len(r.Plan.Names) == 0 {
		return nil
	}
	m, err := deploy.Record(r.Plan, "obslink")
	if err != nil {
		t.Fatal(err)
	}
	return []*Case{New(name, r.Plan, m)}
}

// TestLegal builds random legal topologies: each of their links works, as the proof says.
func TestLegal(t *testing.T) {
	if err := lab.Usable(); err != nil {
		t.Skipf("%v", err)
	}
	pairs := 0
	for seed := range int64(*legal) {
		doc := topologytest.Random(rand.New(rand.NewSource(seed)))
		in := fstest.MapFS{"stacks/t/t.cue": {Data: doc.CUE(nil)}}
		for _, c := range open(t, fmt.Sprintf("random %d", seed), in, "stacks/t") {
			proof, problems := c.Prove(c.World)
			broken, err := c.Broken(t.Context(), c.World, patient)
			if err != nil || len(problems) > 0 || proof.Found.HasErrors() || len(broken) > 0 {
				t.Errorf("%s: lab %v, lift %v, proof\n%s, packets %v", c.Name, err, problems, texts(proof.Found), broken)
			}
			needed, _ := c.needs(c.World)
			pairs += len(needed)
		}
	}
	t.Logf("%d random legal topologies: %d pairs work", *legal, pairs)
}
