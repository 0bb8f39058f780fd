package deploy

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/topologytest"
	"github.com/obslink/obslink/targets"
)

// randomLifts is how many random topologies are lifted; mutatedLifts of them are mutated too, which
// takes a lift for every input.
const (
	randomLifts  = 300
	mutatedLifts = 8
)

// TestLift lifts the manifest of every topology at hand: what comes back is the plan's graph, and
// nothing that could not be understood (DESIGN §5.10).
func TestLift(t *testing.T) {
	t.Parallel()
	plans := examples(t)
	resources, elements := 0, 0
	for name, p := range plans {
		m := record(t, p)
		resources += len(m.Resources)
		elements += checkLift(t, name, p, m)
	}
	if len(plans) < 20 {
		t.Errorf("only %d examples compile", len(plans))
	}
	for seed := range int64(randomLifts) {
		p := randomPlan(t, seed)
		m := record(t, p)
		resources += len(m.Resources)
		elements += checkLift(t, fmt.Sprintf("random %d", seed), p, m)
	}
	t.Logf("%d examples, %d random topologies: %d resources lift to the plan's graphs, %d connections, endpoints, filters and zones", len(plans), randomLifts, resources, elements)
}

func checkLift(t *testing.T, name string, p *plan.Plan, m *manifest.Manifest) (elements int) {
	t.Helper()
	declared := p.Graph.Declared()
	before := asJSON(t, declared)
	lifted, problems := targets.Lift(m, declared)
	if len(problems) > 0 {
		t.Errorf("%s: %d problems:\n%s", name, len(problems), strings.Join(problems, "\n"))
	}
	if got, want := originless(t, lifted), originless(t, p.Graph); got != want {
		t.Errorf("%s: the lifted graph is not the plan's:\n%s", name, firstDifference([]byte(got), []byte(want)))
	}
	if after := asJSON(t, declared); string(after) != string(before) {
		t.Errorf("%s: lifting changed the declarations:\n%s", name, firstDifference(after, before))
	}
	return len(lifted.Connections) + len(lifted.Endpoints) + len(lifted.Filters) + len(lifted.Zones)
}

// examples are all topologies that compile: the worked example, the scenarios with their changes, and
// the compiler's own cases.
func examples(t *testing.T) map[string]*plan.Plan {
	t.Helper()
	plans := map[string]*plan.Plan{}
	keep := func(name string, r compile.Result) {
		if r.Plan != nil {
			plans[name] = r.Plan
		}
	}
	root := os.DirFS("../..")
	for _, stack := range []string{"stacks/dev", "stacks/prod"} {
		keep(stack, compile.Stack(root, stack, targets.All))
	}
	files, err := filepath.Glob("testdata/scenarios/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		s := openScenario(t, file)
		keep(file, compile.Stack(os.DirFS(s.root), "stacks/t", targets.All))
		s.change(t)
		keep(file+", changed", compile.Stack(os.DirFS(s.root), "stacks/t", targets.All))
	}
	files, err = filepath.Glob("../../compiler/compile/testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		a, err := topologytest.ReadArchive(file)
		if err != nil {
			t.Fatal(err)
		}
		keep(filepath.Base(file), compile.Stack(a.Files, a.Stack, targets.All))
	}
	return plans
}

// randomPlan compiles the random topology of a seed.
func randomPlan(t *testing.T, seed int64) *plan.Plan {
	t.Helper()
	d := topologytest.Random(rand.New(rand.NewSource(seed)))
	r := compile.Stack(fstest.MapFS{"stacks/t/topology.json": {Data: d.JSON(nil)}}, "stacks/t", targets.All)
	if r.Plan == nil {
		t.Fatalf("random %d does not compile: %v", seed, r.Found)
	}
	return r.Plan
}

// copyOf is a manifest that shares nothing with m, as a file would be read.
func copyOf(t testing.TB, m *manifest.Manifest) *manifest.Manifest {
	t.Helper()
	var c manifest.Manifest
	if err := json.Unmarshal(asJSON(t, m), &c); err != nil {
		t.Fatal(err)
	}
	return &c
}

// TestLiftReadsFiles lifts a manifest that was written and read: numbers are of another type there.
func TestLiftReadsFiles(t *testing.T) {
	p := randomPlan(t, 7)
	m := record(t, p)
	direct, _ := targets.Lift(m, p.Graph.Declared())
	read, problems := targets.Lift(copyOf(t, m), p.Graph.Declared())
	if len(problems) > 0 || !reflect.DeepEqual(direct, read) {
		t.Errorf("the written manifest lifts to another graph, with problems %q", problems)
	}
}
