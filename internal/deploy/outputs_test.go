package deploy

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/obslink/obslink/compiler/plan"
)

func TestEveryProgramHasOutputs(t *testing.T) {
	want, got := slices.Sorted(maps.Keys(programs)), slices.Sorted(maps.Keys(readings))
	if !slices.Equal(want, got) {
		t.Errorf("programs %v, outputs %v", want, got)
	}
}

// Outputs speak of what was deployed, not of the plan at hand.
func TestOutputs(t *testing.T) {
	needCLI(t)
	root := t.TempDir()
	stack := Stack{Plan: killPlan(), Project: "obslink", Dir: filepath.Join(root, "stacks", "dev"), Root: root, Sandbox: true}
	r := New(Options{})
	if _, err := r.Up(t.Context(), stack, nil); err != nil {
		t.Fatal(err)
	}
	deployed := stack.Plan.Digest()
	stack.Plan = killPlan()
	stack.Plan.Environment = "other"
	got, err := r.Outputs(t.Context(), stack)
	if err != nil {
		t.Fatal(err)
	}
	if got.PlanDigest != deployed || !got.Sandbox || got.Stack != "dev" || got.Version != plan.OutputsVersion {
		t.Errorf("outputs: %s", show(got))
	}
	if len(got.Endpoints) != 1 || got.Endpoints[0].Addresses[0].Address.String() != "192.168.0.10" {
		t.Errorf("endpoints: %s", show(got.Endpoints))
	}

	if _, err := r.Destroy(t.Context(), stack, false, nil); err != nil {
		t.Fatal(err)
	}
	_, err = r.Outputs(t.Context(), stack)
	wantFailure(t, err, "OBS513", `stack "dev" is not deployed`)
}

func TestBrokenOutputs(t *testing.T) {
	stack := Stack{Plan: killPlan(), Sandbox: true}
	ours := map[string]any{"version": 1.0, "planDigest": "sha256:0"}
	for name, test := range map[string]struct {
		raw  map[string]any
		want string
	}{
		"nothing":         {map[string]any{}, "OBS513"},
		"of a newer":      {map[string]any{planExport: map[string]any{"version": 9.0, "planDigest": "x"}}, "have version 9"},
		"endpoint absent": {map[string]any{planExport: ours}, "OBS506"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := outputs(stack, test.raw)
			wantFailure(t, err, test.want)
		})
	}
}

// No space is left while a state is being written.
func TestNoSpace(t *testing.T) {
	b := newBench(t)
	state := filepath.Join(b.stack.Root, stateFolder)
	mountTiny(t, state)
	b.things.add(3, "thing_a", "size", "1")
	b.up(t)

	fill := filepath.Join(state, "fill")
	fillUp(t, fill)
	b.things.add(4, "thing_b", "size", "1")
	_, err := b.Up(t.Context(), b.stack, nil)
	wantFailure(t, err, "no space left on device")
	if raw, err := os.ReadFile(b.checkpoint()); err != nil || len(raw) == 0 || raw[len(raw)-1] != '}' && raw[len(raw)-2] != '}' {
		t.Errorf("the state was cut: %d bytes, %v", len(raw), err)
	}

	if err := os.Remove(fill); err != nil {
		t.Fatal(err)
	}
	b.up(t)
	summary, err := b.Preview(t.Context(), b.stack, nil)
	if err != nil || !summary.Empty() {
		t.Errorf("after room was made: %v %s", err, show(summary))
	}
}
