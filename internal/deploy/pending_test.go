package deploy

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// interrupt writes into the state what a killed engine leaves there: an operation on the named
// resource that began and did not end.
func (b *bench) interrupt(t *testing.T, name, doing string) {
	t.Helper()
	raw, err := os.ReadFile(b.checkpoint())
	if err != nil {
		t.Fatal(err)
	}
	var state map[string]any
	if err := json.Unmarshal(raw, &state); err != nil {
		t.Fatal(err)
	}
	latest := state["checkpoint"].(map[string]any)["latest"].(map[string]any)
	var kept []any
	for _, resource := range latest["resources"].([]any) {
		if strings.HasSuffix(resource.(map[string]any)["urn"].(string), "::"+name) {
			latest["pending_operations"] = []any{map[string]any{"resource": resource, "type": doing}}
			if doing == "creating" {
				continue // the state learns of a resource when it is there
			}
		}
		kept = append(kept, resource)
	}
	latest["resources"] = kept
	if raw, err = json.Marshal(state); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(b.checkpoint(), raw, 0o600); err != nil {
		t.Fatal(err)
	}
}

func (b *bench) notes() string {
	var notes []string
	for _, e := range b.events {
		if e.Kind == Note {
			notes = append(notes, e.Message)
		}
	}
	return strings.Join(notes, "\n")
}

// The engine says of each backend what an earlier run left half done; what it says is acted on without
// the sandbox's own mark.
func TestPendingDelete(t *testing.T) {
	b := newBench(t)
	b.things.add(3, "thing_a", "size", "1")
	b.things.add(4, "thing_b", "size", "1")
	b.up(t)
	b.interrupt(t, "thing_a", "deleting")
	b.clouds.forget("thing_a")

	b.events = nil
	if summary := b.up(t); summary.Create != 1 || b.clouds.count() != 2 {
		t.Errorf("the object that is gone was not built again: %s, %d objects", show(summary), b.clouds.count())
	}
	if notes := b.notes(); !strings.Contains(notes, `deleting "thing_a" (fake:index:Thing) may or may not be done`) || !strings.Contains(notes, "reading back") {
		t.Errorf("notes: %s", notes)
	}
	b.events = nil
	if summary := b.up(t); !summary.Empty() || b.notes() != "" {
		t.Errorf("the up after: %s %s", show(summary), b.notes())
	}
}

// What an interrupted create has made can only be found by a person: it is said which, and how.
func TestPendingCreate(t *testing.T) {
	b := newBench(t)
	b.things.add(3, "thing_a", "size", "1")
	b.things.add(4, "thing_b", "size", "1")
	b.up(t)
	b.interrupt(t, "thing_b", "creating")

	b.events = nil
	b.up(t)
	notes := b.notes()
	for _, want := range []string{`creating "thing_b" (fake:index:Thing) may or may not be done`, "pulumi import", "pulumi refresh --stack dev", "--clear-pending-creates"} {
		if !strings.Contains(notes, want) {
			t.Errorf("the notes lack %q: %s", want, notes)
		}
	}
	// In a sandbox it is settled by itself, once the run is known to have died.
	if err := os.WriteFile(b.stack.SandboxFolder()+"/"+unfinished, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	b.up(t)
	b.events = nil
	if summary := b.up(t); !summary.Empty() || b.notes() != "" {
		t.Errorf("the up after: %s %s", show(summary), b.notes())
	}
}
