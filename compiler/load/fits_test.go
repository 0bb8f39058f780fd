package load

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand"
	"slices"
	"testing"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/cuecontext"

	"github.com/obslink/obslink/compiler/topologytest"
)

// TestFitsAsCUEDoes spoils random topologies, one value at a time, and holds the quick look against
// CUE's verdict on the same data.
func TestFitsAsCUEDoes(t *testing.T) {
	ctx := cuecontext.New()
	schema := ctx.CompileBytes(languageFile()).LookupPath(cue.ParsePath("#Topology"))
	quick := shapeOf(schema)
	verdicts := map[bool]int{}
	for seed := range int64(12) {
		r := rand.New(rand.NewSource(seed))
		doc := map[string]any(topologytest.Random(r))
		for range 50 {
			spoiled := topologytest.Doc(doc).Clone()
			what := ""
			if r.Intn(10) > 0 {
				what = spoil(r, map[string]any(spoiled))
			}
			raw, err := json.Marshal(map[string]any(spoiled))
			if err != nil {
				t.Fatal(err)
			}
			want := schema.Unify(ctx.CompileBytes(raw)).Validate(cue.Concrete(true)) == nil
			if got := quick.fits(raw); got != want {
				t.Errorf("seed %d: after %q the quick look says %v, CUE says %v\n%s", seed, what, got, want, raw)
			}
			verdicts[want]++
		}
	}
	if verdicts[true] < 50 || verdicts[false] < 50 {
		t.Errorf("too few of one kind: %v", verdicts)
	}
}

// spoil changes one value somewhere in the data and says what it did.
func spoil(r *rand.Rand, m map[string]any) string {
	for {
		key := slices.Sorted(maps.Keys(m))[r.Intn(len(m))]
		if inner, ok := m[key].(map[string]any); ok && len(inner) > 0 && r.Intn(4) > 0 {
			m = inner
			continue
		}
		switch r.Intn(4) {
		case 0:
			delete(m, key)
			return "delete " + key
		case 1:
			m[key+"x"] = m[key]
			return "a second " + key
		case 2:
			m["was"] = "old"
			return "was"
		default:
			values := []any{nil, "word", 3, 3.5, true, []any{}, []any{"a"}, []any{1}, map[string]any{}, map[string]any{"secret": "s"}, "Open", "vpn"}
			m[key] = values[r.Intn(len(values))]
			return fmt.Sprintf("%s = %v", key, m[key])
		}
	}
}

// TestWordsAsCUEDoes holds a word that no list of words has against every string of the language.
func TestWordsAsCUEDoes(t *testing.T) {
	ctx := cuecontext.New()
	word := ctx.CompileString(`"no such word"`)
	lists := 0
	var walk func(path string, schema cue.Value)
	walk = func(path string, schema cue.Value) {
		switch schema.IncompleteKind() {
		case cue.StructKind:
			fields, _ := fieldsOf(schema)
			for _, name := range slices.Sorted(maps.Keys(fields)) {
				walk(join(path, name), fields[name])
			}
			if each := schema.LookupPath(cue.MakePath(cue.AnyString)); each.Exists() {
				walk(path+".*", each)
			}
		case cue.ListKind:
			if each := schema.LookupPath(cue.MakePath(cue.AnyIndex)); each.Exists() {
				walk(path+"[*]", each)
			}
		case cue.StringKind:
			want := schema.Unify(word).Validate() == nil
			if got := shapeOf(schema).holds("no such word"); got != want {
				t.Errorf("%s: the quick look says %v, CUE says %v", path, got, want)
			}
			if !want {
				lists++
			}
		}
	}
	walk("", ctx.CompileBytes(languageFile()).LookupPath(cue.ParsePath("#Topology")))
	if lists < 10 {
		t.Errorf("%d lists of words are too few", lists)
	}
}
