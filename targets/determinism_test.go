package targets_test

import (
	"math/rand"
	"regexp"
	"testing"
	"testing/fstest"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/topologytest"
	"github.com/obslink/obslink/targets"
)

var origin = regexp.MustCompile(`"origin": "((?:[^" \\]|\\.)*)[^"]*"`)

// withoutPositions is a plan's JSON with the paths of origins but not their places in files.
func withoutPositions(json string) string { return origin.ReplaceAllString(json, `"origin": "$1"`) }

// The same topology gives the same bytes: twice, in another folder, with its fields in another
// order, and as JSON or YAML.
func TestSameTopologySamePlan(t *testing.T) {
	each(t, func(t *testing.T, r *rand.Rand, d topologytest.Doc) {
		first := mustCompile(t, d)
		want := marshal(t, first)
		if again := marshal(t, mustCompile(t, d)); again != want {
			t.Error("compiled twice, the plan differs")
		}
		forms := map[string][]byte{
			"stacks/prod/a.cue":         d.CUE(r),
			"stacks/prod/topology.json": d.JSON(r),
			"stacks/prod/topology.yaml": d.YAML(r),
		}
		for name, text := range forms {
			p := mustCompileFile(t, name, text)
			if withoutPositions(marshal(t, p)) != withoutPositions(want) {
				t.Errorf("the plan of %s differs", name)
			}
			if p.Digest() != first.Digest() {
				t.Errorf("the digest of %s differs", name)
			}
		}
		moved := compile.Stack(fstest.MapFS{"elsewhere/deep/prod/topology.cue": {Data: d.CUE(nil)}}, "elsewhere/deep/prod", targets.All)
		if moved.Plan == nil || withoutPositions(marshal(t, moved.Plan)) != withoutPositions(want) {
			t.Errorf("the plan in another folder differs: %v", moved.Found)
		}
		file := compile.Stack(fstest.MapFS{"stacks/prod.json": {Data: d.JSON(nil)}}, "stacks/prod.json", targets.All)
		if file.Plan == nil || file.Plan.Digest() != first.Digest() {
			t.Errorf("the plan of a file differs: %v", file.Found)
		}
	})
}

// A topology that is split over base.cue and two files of the environment is the same topology.
func TestSplitOverFiles(t *testing.T) {
	each(t, func(t *testing.T, r *rand.Rand, d topologytest.Doc) {
		want := mustCompile(t, d).Digest()
		parts := []topologytest.Doc{{}, {}, {}}
		for field, v := range d {
			if m, ok := v.(map[string]any); ok {
				for key, element := range m {
					parts[r.Intn(len(parts))].At(field)[key] = element
				}
				continue
			}
			parts[0][field] = v
		}
		got := compile.Stack(fstest.MapFS{
			"stacks/base.cue":      {Data: parts[0].CUE(r)},
			"stacks/prod/prod.cue": {Data: parts[1].CUE(r)},
			"stacks/prod/more.cue": {Data: parts[2].CUE(r)},
			"stacks/dev/dev.cue":   {Data: []byte("package stack\nnot: used: here: true\n")},
		}, "stacks/prod", targets.All)
		if got.Plan == nil || got.Plan.Digest() != want {
			t.Errorf("split, the plan differs: %v", got.Found)
		}
	})
}
