package targets_test

import (
	"fmt"
	"maps"
	"math/rand"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topologytest"
	"github.com/obslink/obslink/targets"
)

// TestMistakes makes one to three random mistakes in legal topologies, of the kinds that editing leaves
// behind: a value that is gone, one that belongs elsewhere, one of no sense. Compiling must end with
// diagnostics in the user's file, each with what to type, and with a plan only where no error forbids it.
func TestMistakes(t *testing.T) {
	count := 400
	if testing.Short() {
		count = 100
	}
	found := 0
	for seed := range count {
		r := rand.New(rand.NewSource(int64(seed)))
		doc := topologytest.Random(r)
		var made []string
		for range 1 + r.Intn(3) {
			made = append(made, mistake(r, doc))
		}
		source := doc.CUE(nil)
		result := compiled(t, seed, made, source)
		codes := compile.Codes(targets.All)
		for _, d := range result.Found {
			found++
			if d.Pos.File != "stacks/t/t.cue" || d.Pos.Line == 0 || d.Message == "" {
				t.Errorf("seed %d, %q: %s has no place in the user's file: %+v", seed, made, d.Code, d)
			}
			i := slices.IndexFunc(codes, func(c diag.Code) bool { return c.ID == d.Code })
			if i < 0 {
				t.Errorf("seed %d, %q: unknown code %s", seed, made, d.Code)
			} else if d.Severity == diag.Error && !codes[i].Judgement && result.Plan != nil {
				t.Errorf("seed %d, %q: a plan in spite of %s", seed, made, d.Code)
			}
			if d.Severity == diag.Error && d.Hint == "" {
				t.Errorf("seed %d, %q: %s does not say what to type: %s", seed, made, d.Code, d.Message)
			}
		}
	}
	if found < count {
		t.Errorf("%d topologies with mistakes gave %d findings only", count, found)
	}
}

func compiled(t *testing.T, seed int, made []string, source []byte) compile.Result {
	t.Helper()
	defer func() {
		if crash := recover(); crash != nil {
			t.Fatalf("seed %d, %q: %v\n%s", seed, made, crash, source)
		}
	}()
	return compile.Stack(fstest.MapFS{"stacks/t/t.cue": &fstest.MapFile{Data: source}}, "stacks/t", targets.All)
}

// mistake changes one value somewhere in a topology and says which.
func mistake(r *rand.Rand, doc topologytest.Doc) string {
	var places []place
	collect(map[string]any(doc), "", &places)
	p := places[r.Intn(len(places))]
	switch r.Intn(4) {
	case 0:
		delete(p.in, p.key)
		return "without " + p.path
	case 1:
		from := places[r.Intn(len(places))]
		p.in[p.key] = from.value()
		return fmt.Sprintf("%s is that of %s", p.path, from.path)
	case 2:
		// The same field of a neighbour is what copying leaves behind.
		alike := slices.DeleteFunc(slices.Clone(places), func(q place) bool { return q.key != p.key })
		from := alike[r.Intn(len(alike))]
		p.in[p.key] = from.value()
		return fmt.Sprintf("%s is that of %s", p.path, from.path)
	default:
		nonsense := []any{"", "x", "10.0.0.0/33", "10.0.0.1", "0.0.0.0/0", "a.b", -1, 70000, true, map[string]any{}, []any{}, []any{"x"}, "ünïcode", "us-east-1", "vpc-1", "fd00::/8"}
		p.in[p.key] = nonsense[r.Intn(len(nonsense))]
		return fmt.Sprintf("%s is %#v", p.path, p.in[p.key])
	}
}

type place struct {
	in   map[string]any
	key  string
	path string
}

// value is a copy, since a map that holds itself has no text.
func (p place) value() any { return topologytest.Doc(p.in).Clone()[p.key] }

func collect(m map[string]any, path string, places *[]place) {
	for _, k := range slices.Sorted(maps.Keys(m)) {
		at := path + "." + k
		*places = append(*places, place{m, k, at})
		if inner, ok := m[k].(map[string]any); ok {
			collect(inner, at, places)
		}
	}
}
