package deploy

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestLifecycle(t *testing.T) {
	b := newBench(t)
	b.things.add(3, "thing_a", "size", "1")
	b.things.add(4, "thing_b", "size", "1", "place", "here")

	summary, err := b.Preview(t.Context(), b.stack, b.hear)
	if err != nil || summary.Create != 3 || b.clouds.count() != 0 {
		t.Fatalf("preview of an empty stack: %s, %v, %d objects", show(summary), err, b.clouds.count())
	}
	b.events = nil
	if summary = b.up(t); summary.Create != 3 || b.clouds.count() != 2 {
		t.Fatalf("up: %s, %d objects", show(summary), b.clouds.count())
	}
	checkEvents(t, b.events, 3)
	if summary = b.up(t); !summary.Empty() || summary.Same != 3 {
		t.Errorf("a second up changes something: %s", show(summary))
	}

	b.things.Things[0].Inputs["size"] = "2"
	b.things.Things[1].Inputs["place"] = "there"
	summary = b.up(t)
	if summary.Update != 1 || summary.Replace != 1 || len(summary.Changes) != 2 {
		t.Fatalf("up after two changes: %s", show(summary))
	}
	if c := summary.Changes[1]; c.Name != "thing_b" || !slices.Equal(c.Properties, []string{"place"}) || c.Reason == "" {
		t.Errorf("the replacement says %s", show(c))
	}

	// Somebody changes and deletes behind obslink's back.
	b.clouds.change("size", "2", "9")
	summary, err = b.Refresh(t.Context(), b.stack, b.hear)
	if err != nil || summary.Update != 1 || len(summary.Changes) != 1 {
		t.Errorf("refresh: %s, %v", show(summary), err)
	}

	summary, err = b.Destroy(t.Context(), b.stack, false, b.hear)
	if err != nil || summary.Delete != 3 || b.clouds.count() != 0 {
		t.Errorf("destroy: %s, %v, %d objects", show(summary), err, b.clouds.count())
	}
}

// checkEvents holds the progress of a run against what a person needs: each resource once, the
// count rising to the total.
func checkEvents(t *testing.T, events []Event, want int) {
	t.Helper()
	done := 0
	for _, e := range events {
		if e.Kind != Done {
			continue
		}
		if done++; e.Done != done || e.Total < e.Done || e.Elapsed <= 0 || e.Name == "" {
			t.Errorf("event %d: %s", done, show(e))
		}
	}
	if done != want {
		t.Errorf("%d resources were done, want %d: %s", done, want, show(events))
	}
}

func TestRefused(t *testing.T) {
	b := newBench(t)
	b.things.add(3, "thing_a", "size", "1")
	b.things.add(4, "thing_b", "fail", "quota exceeded")
	b.things.add(5, "thing_c", "fail", "not allowed")
	summary, err := b.Up(t.Context(), b.stack, b.hear)
	wantFailure(t, err, `stack.cue:4:3: could not create "thing_b" (fake:index:Thing): quota exceeded [OBS501]
  hint: mend what the answer names and run the command again; what is already built stays
stack.cue:5:3: could not create "thing_c" (fake:index:Thing): not allowed [OBS501]
  hint: mend what the answer names and run the command again; what is already built stays`)
	if summary.Create > 2 {
		t.Errorf("failed creates are counted: %s", show(summary))
	}
	b.things.Things = b.things.Things[:1]
	b.up(t)
	if summary = b.up(t); !summary.Empty() {
		t.Errorf("the up after a failure does not converge: %s", show(summary))
	}
}

func TestDefaultProvidersAreRefused(t *testing.T) {
	b := newBench(t)
	b.things.add(3, "thing_a")
	b.things.Things[0].Provider = "none"
	_, err := b.Up(t.Context(), b.stack, nil)
	wantFailure(t, err, "OBS501", "stack.cue:3:3", "provider")
}

// wantFailure holds an error against what a person reads: each fragment is there, and nothing of
// the machinery is.
func wantFailure(t *testing.T, err error, fragments ...string) {
	t.Helper()
	failure, ok := err.(*Failure)
	if !ok {
		t.Fatalf("the error is a %T: %v", err, err)
	}
	text := failure.Error()
	for _, fragment := range fragments {
		if !strings.Contains(text, fragment) {
			t.Errorf("the message lacks %q:\n%s", fragment, text)
		}
	}
	for _, noise := range []string{"rpc error", "goroutine", "exit status", "<{%", "panic", "code: "} {
		if strings.Contains(text, noise) {
			t.Errorf("the message holds %q:\n%s", noise, text)
		}
	}
}

func TestProtected(t *testing.T) {
	b := newBench(t)
	b.things.add(3, "thing_a", "size", "1")
	b.stack.Plan.Protect = true
	b.up(t)
	_, err := b.Destroy(t.Context(), b.stack, false, nil)
	wantFailure(t, err, `stack "dev" is protected [OBS510]`, "--unprotect")

	// The topology no longer says so, but the state still does.
	b.stack.Plan.Protect = false
	_, err = b.Destroy(t.Context(), b.stack, false, nil)
	wantFailure(t, err, `stack "dev" is protected [OBS510]`, "--unprotect")
	if b.clouds.count() != 1 {
		t.Errorf("a refused destroy left %d objects of 1", b.clouds.count())
	}
	if _, err := b.Destroy(t.Context(), b.stack, true, nil); err != nil || b.clouds.count() != 0 {
		t.Errorf("destroy --unprotect: %v, %d objects", err, b.clouds.count())
	}
}

// Existing objects that are not there are all named before anything is built.
func TestUnknownExisting(t *testing.T) {
	needCLI(t)
	root := t.TempDir()
	stack := Stack{Plan: seedPlan(), Project: "obslink", Dir: root, Root: root, Sandbox: true}
	for name, run := range map[string]func() (Summary, error){
		"preview": func() (Summary, error) { return New(Options{}).Preview(t.Context(), stack, nil) },
		"up":      func() (Summary, error) { return New(Options{}).Up(t.Context(), stack, nil) },
	} {
		_, err := run()
		wantFailure(t, err, "OBS401", `"vpc-0a1b" was not found`, `"subnet-1" was not found`, `"rtb-1" was not found`, "hint: ")
		if left := sandboxObjects(t, stack); len(left) > 0 {
			t.Errorf("%s built %v", name, left)
		}
	}
}

func TestNothingDeployed(t *testing.T) {
	b := newBench(t)
	_, err := b.Outputs(t.Context(), b.stack)
	wantFailure(t, err, `stack "dev" is not deployed [OBS513]`, "obslink up dev --sandbox")
	summary, err := b.Destroy(t.Context(), b.stack, false, b.hear)
	if err != nil || !summary.Empty() || len(b.events) != 1 || b.events[0].Kind != Note {
		t.Errorf("destroy of nothing: %v %s %s", err, show(summary), show(b.events))
	}
}

// The user's Pulumi must not be touched by a sandbox.
func TestSandboxKeepsToItself(t *testing.T) {
	b := newBench(t)
	elsewhere := t.TempDir()
	t.Setenv("PULUMI_BACKEND_URL", "file://"+elsewhere)
	t.Setenv("PULUMI_CONFIG_PASSPHRASE_FILE", "/does/not/exist")
	t.Setenv("PULUMI_HOME", elsewhere)
	t.Setenv("PULUMI_STACK", "other")
	t.Setenv("PULUMI_OPTION_REFRESH", "true")
	b.things.add(3, "thing_a", "size", "1")
	b.up(t)
	if entries, _ := os.ReadDir(elsewhere); len(entries) > 0 {
		t.Errorf("a sandbox run wrote %v into the user's backend or home", entries)
	}
	if _, err := os.Stat(b.checkpoint()); err != nil {
		t.Error(err)
	}
}

func TestInterrupt(t *testing.T) {
	b := newBench(t)
	for i, name := range []string{"thing_a", "thing_b", "thing_c"} {
		b.things.add(3+i, name, "size", "1")
	}
	ctx, cancel := context.WithCancel(t.Context())
	b.clouds.slow = func() {
		cancel()
		time.Sleep(500 * time.Millisecond)
	}
	_, err := b.Up(ctx, b.stack, b.hear)
	wantFailure(t, err, "OBS512", "interrupted after")
	b.clouds.slow = nil
	b.up(t)
	if summary := b.up(t); !summary.Empty() || b.clouds.count() != 3 {
		t.Errorf("after an interrupt: %s, %d objects", show(summary), b.clouds.count())
	}
}
