package deploy

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/internal/sandbox"
	"github.com/obslink/obslink/targets/aws"
)

// The test binary acts as an obslink process where a test must interrupt or kill one.
const actAs = "OBSLINK_TEST_PROCESS"

func TestMain(m *testing.M) {
	if role := os.Getenv(actAs); role != "" {
		os.Exit(act(role, os.Args[1]))
	}
	noCLI = findTestCLI()
	os.Exit(m.Run())
}

// noCLI is why no test of this package can run the engine.
var noCLI error

// findTestCLI looks for the CLI once, since the tests' stacks have roots of their own. The environment is
// set here and not by the tests that need it: those can then run side by side.
func findTestCLI() error {
	root, err := filepath.Abs("../..")
	if err != nil {
		return err
	}
	found, err := findCLI(context.Background(), root)
	if err != nil {
		return err
	}
	return errors.Join(os.Setenv(cliVariable, found.path), os.Unsetenv(debugProviders))
}

// act runs `up` or `destroy` of a stack below root on the sandbox, or `up` on the fake clouds, which
// then do not finish a create.
func act(role, root string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	r := New(Options{LockWait: 30 * time.Second})
	stack := Stack{Project: "obslink", Dir: filepath.Join(root, "stacks", "dev"), Root: root, Sandbox: true}
	switch role {
	case "up", "destroy":
		stack.Plan = killPlan()
	case "hang":
		fake, err := newFake()
		if err != nil {
			panic(err)
		}
		fake.slow = func() {
			fmt.Println("creating")
			time.Sleep(time.Minute)
		}
		made := &things{}
		made.add(3, "thing_a", "size", "1")
		stack.Plan = &plan.Plan{Version: 1, Stack: "dev", Parts: map[string]any{"fake": made}}
		r.program = thingProgram
		r.clouds = func(context.Context, sandbox.Config) (clouds, error) { return fake, nil }
	}
	hear := func(e Event) { fmt.Fprintln(os.Stderr, show(e)) }
	run := func() (Summary, error) { return r.Up(ctx, stack, hear) }
	if role == "destroy" {
		run = func() (Summary, error) { return r.Destroy(ctx, stack, false, hear) }
	}
	summary, err := run()
	fmt.Fprintln(os.Stderr, show(summary))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// process starts this test binary as an obslink process.
func process(t *testing.T, role, root string) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	cmd := exec.Command(os.Args[0], root)
	cmd.Env = append(os.Environ(), actAs+"="+role)
	var said bytes.Buffer
	cmd.Stderr = &said
	return cmd, &said
}

// One interrupt waits for what is under way; the second one does not.
func TestInterruptTwice(t *testing.T) {
	needCLI(t)
	root := t.TempDir()
	cmd, said := process(t, "hang", root)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line := make([]byte, len("creating")); true {
		if _, err := out.Read(line); err != nil {
			t.Fatalf("%v: %s", err, said)
		}
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	interrupt := func() {
		if err := cmd.Process.Signal(os.Interrupt); err != nil {
			t.Fatal(err)
		}
	}
	interrupt()
	select {
	case <-ended:
		t.Fatalf("one interrupt did not wait for what was under way: %s", said)
	case <-time.After(2 * time.Second):
	}
	interrupt()
	select {
	case <-ended:
	case <-time.After(20 * time.Second):
		_ = cmd.Process.Kill()
		t.Fatalf("two interrupts did not end it: %s", said)
	}
	if !strings.Contains(said.String(), "OBS512") {
		t.Errorf("it said %s", said)
	}
}

// A process is killed after each operation of the sandbox, first in an up and then in a destroy; the
// next up must converge without help, and a destroy leave nothing.
func TestKilledAfterEachOperation(t *testing.T) {
	t.Parallel()
	needCLI(t)
	operations := len(originsOf(killPlan())) - 1 // all but the provider
	want := uninterrupted(t)
	for n := range operations {
		root := t.TempDir()
		stack := Stack{Plan: killPlan(), Project: "obslink", Dir: filepath.Join(root, "stacks", "dev"), Root: root, Sandbox: true}
		for _, verb := range []string{"up", "destroy"} {
			what := fmt.Sprintf("%s killed after operation %d", verb, n+1)
			killAfter(t, what, verb, stack, n+1)
			// Every other time the engine dies too, as with a power cut.
			if n%2 == 0 {
				killEngines(t, root)
			}
			converges(t, what, stack)
			if built := sandboxObjects(t, stack); len(built) != want {
				t.Errorf("%s: the clouds hold %d objects, want %d: %v", what, len(built), want, built)
			}
		}
		if _, err := New(Options{}).Destroy(t.Context(), stack, false, nil); err != nil {
			t.Fatalf("destroy: %v", err)
		}
		if left := sandboxObjects(t, stack); len(left) > 0 {
			t.Errorf("destroy leaves %v", left)
		}
	}
}

// SIGINT ends the context of a run. Whichever operation was the last, the run says that it was
// interrupted (unless nothing was left to do), and the next up converges.
func TestInterruptedAfterEachOperation(t *testing.T) {
	t.Parallel()
	needCLI(t)
	operations := len(originsOf(killPlan()))
	want := uninterrupted(t)
	for n := range operations {
		what := fmt.Sprintf("interrupted after operation %d", n+1)
		root := t.TempDir()
		stack := Stack{Plan: killPlan(), Project: "obslink", Dir: filepath.Join(root, "stacks", "dev"), Root: root, Sandbox: true}
		ctx, interrupt := context.WithCancel(t.Context())
		_, err := New(Options{}).Up(ctx, stack, func(e Event) {
			if e.Kind == Done && e.Done == n+1 {
				interrupt()
			}
		})
		interrupt()
		if err == nil && n+1 < operations-1 {
			t.Errorf("%s: it said nothing", what)
		}
		converges(t, what, stack)
		if built := sandboxObjects(t, stack); len(built) != want {
			t.Errorf("%s: the clouds hold %d objects, want %d: %v", what, len(built), want, built)
		}
	}
}

// uninterrupted is how many objects there are after an up that nobody killed: the plan's, and those
// that clouds make with them.
func uninterrupted(t *testing.T) int {
	t.Helper()
	root := t.TempDir()
	stack := Stack{Plan: killPlan(), Project: "obslink", Dir: filepath.Join(root, "stacks", "dev"), Root: root, Sandbox: true}
	converges(t, "not killed", stack)
	return len(sandboxObjects(t, stack))
}

// killAfter runs a process that dies when the clouds have done the n-th operation and not yet
// answered.
func killAfter(t *testing.T, what, verb string, stack Stack, n int) {
	t.Helper()
	if err := os.MkdirAll(stack.Dir, 0o755); err != nil {
		t.Fatal(err)
	}
	faults := filepath.Join(stack.Dir, "faults.json")
	if err := os.WriteFile(faults, fmt.Appendf(nil, `{"version": 1, "faults": [{"onOperation": %d, "action": "die-after"}]}`, n), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd, said := process(t, verb, stack.Root)
	if err := cmd.Run(); !killed(err) {
		t.Fatalf("%s: it was not: %v: %s", what, err, said)
	}
	if err := os.Remove(faults); err != nil {
		t.Fatal(err)
	}
}

// converges runs up and holds that nothing remains to be done, or said.
func converges(t *testing.T, what string, stack Stack) {
	t.Helper()
	r := New(Options{LockWait: 30 * time.Second})
	var events []Event
	hear := func(e Event) { events = append(events, e) }
	if _, err := r.Up(t.Context(), stack, hear); err != nil {
		t.Fatalf("%s: the next up: %v\n%s", what, err, show(events))
	}
	events = nil
	summary, err := r.Preview(t.Context(), stack, hear)
	if err != nil || !summary.Empty() {
		t.Fatalf("%s: the preview after the next up: %v\n%s", what, err, show(summary))
	}
	for _, e := range events {
		if e.Kind == Note {
			t.Errorf("%s: still to be settled: %s", what, e.Message)
		}
	}
}

func killed(err error) bool {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return false
	}
	status, ok := exit.Sys().(syscall.WaitStatus)
	return ok && status.Signaled()
}

// killEngines kills the CLIs that work below root.
func killEngines(t *testing.T, root string) {
	t.Helper()
	dirs, _ := filepath.Glob("/proc/[0-9]*/cwd")
	for _, dir := range dirs {
		if where, err := os.Readlink(dir); err == nil && strings.HasPrefix(where, root) {
			var pid int
			if _, err := fmt.Sscanf(dir, "/proc/%d/cwd", &pid); err == nil {
				_ = syscall.Kill(pid, syscall.SIGKILL)
			}
		}
	}
}

// killPlan is a plan of nine resources of one network.
func killPlan() *plan.Plan {
	parts := datadogParts()
	parts.Providers = parts.Providers[1:]
	parts.ExistingVPCs, parts.ExistingSubnets, parts.ExistingRouteTables = nil, nil, nil
	parts.Peerings, parts.PeeringAccepters, parts.Routes = nil, nil, nil
	parts.Endpoints, parts.Records, parts.Zones = parts.Endpoints[:1], parts.Records[:1], parts.Zones[:1]
	parts.Zones[0].VPCs = parts.Zones[0].VPCs[:1]
	return &plan.Plan{Version: plan.Version, Stack: "dev", Environment: "dev", Parts: map[string]any{aws.Name: parts}}
}

// sandboxObjects are what the sandbox holds; without a world that is what obslink built.
func sandboxObjects(t *testing.T, stack Stack) []string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(stack.SandboxFolder(), "clouds.json"))
	if err != nil {
		t.Fatal(err)
	}
	var left []string
	for line := range strings.Lines(string(raw)) {
		var change struct {
			Put []struct{ Type, ID string }
		}
		if err := json.Unmarshal([]byte(line), &change); err != nil {
			t.Fatal(err)
		}
		for _, object := range change.Put {
			left = append(left, object.Type+" "+object.ID)
		}
	}
	return left
}
