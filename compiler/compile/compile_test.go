package compile_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/prove"
	"github.com/obslink/obslink/compiler/topologytest"
	"github.com/obslink/obslink/targets"
)

var update = flag.Bool("update", false, "write the out sections of testdata/*.txtar anew")

// TestGolden compiles every archive of testdata. An archive holds the files of a project and what
// must come out: out/diagnostics, and out/plan where it compiles. Its comment says what it shows; a
// line "stack: PATH" there names the stack (stacks/t otherwise), and "large: FILE" adds a file of
// 33 MB.
func TestGolden(t *testing.T) {
	for _, file := range archives(t) {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			a := archive(t, file)
			got := run(t, a)
			if *update {
				if err := a.Write(outputs, got); err != nil {
					t.Fatal(err)
				}
				return
			}
			for _, name := range outputs {
				if got[name] != a.Out[name] {
					t.Errorf("%s: got\n%s\nwant\n%s\n(go test ./compiler/compile -update writes it)", name, got[name], a.Out[name])
				}
			}
		})
	}
}

var outputs = []string{"out/diagnostics", "out/proof", "out/plan"}

var codeID = regexp.MustCompile(`\bOBS\d+\b`)

// beyondTopologies are codes of the proof that no topology of today leads to, since obslink itself
// makes the routes, the peerings and the default AllowedIPs: package model's tests show every reason
// on hand-made graphs, and the truth test shows them on random ones. OBS640 needs --strict.
var beyondTopologies = []string{"OBS606", "OBS608", "OBS610", "OBS613", "OBS614", "OBS615", "OBS616", "OBS640"}

// TestEveryCodeHasCase fails when a code can be reported that no archive shows.
func TestEveryCodeHasCase(t *testing.T) {
	shown := map[string]bool{}
	for _, file := range archives(t) {
		for line := range strings.Lines(archive(t, file).Out["out/diagnostics"]) {
			if id := codeID.FindString(line); id != "" && !strings.HasPrefix(line, "  ") { // not a hint
				shown[id] = true
			}
		}
	}
	for _, code := range compile.Codes(targets.All) {
		if slices.Contains(beyondTopologies, code.ID) {
			continue
		}
		if !shown[code.ID] {
			t.Errorf("no archive of testdata shows %s (%s)", code.ID, code.Title)
		}
		delete(shown, code.ID)
	}
	for id := range shown {
		t.Errorf("%s is reported but in no table of codes", id)
	}
}

func TestCodesAreDistinct(t *testing.T) {
	seen := map[string]string{}
	for _, c := range compile.Codes(targets.All) {
		if other, twice := seen[c.ID]; twice {
			t.Errorf("%s is %q and %q", c.ID, other, c.Title)
		}
		seen[c.ID] = c.Title
		if c.Title == "" || c.Cause == "" || c.Example == "" || c.Mend == "" || c.Severity == "" {
			t.Errorf("%s is not complete", c.ID)
		}
		if len(c.Cause) > 1024 { // GitHub's limit for the description of a rule
			t.Errorf("%s explains itself in %d bytes", c.ID, len(c.Cause))
		}
	}
}

func archives(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no archives in testdata:", err)
	}
	return files
}

func archive(t *testing.T, file string) *topologytest.Archive {
	t.Helper()
	a, err := topologytest.ReadArchive(file)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// run compiles an archive's stack.
func run(t *testing.T, a *topologytest.Archive) map[string]string {
	t.Helper()
	if name := a.Says("large"); name != "" {
		a.Files[name] = &fstest.MapFile{Data: make([]byte, 33<<20)}
	}
	r := compile.Stack(a.Files, a.Stack, targets.All)
	if r.Plan == nil && !r.Found.HasErrors() {
		t.Errorf("there is neither a plan nor an error: %v", r.Found)
	}
	out := map[string]string{"out/diagnostics": print(r.Found)}
	if r.Plan != nil && !r.Found.HasErrors() {
		out["out/proof"] = proof(r.Proof)
		raw, err := json.MarshalIndent(r.Plan, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		out["out/plan"] = string(raw) + "\n"
	}
	return out
}

// proof writes what was proved, and what was taken on trust.
func proof(p prove.Proof) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d pairs: %d proved, %d assumed, %d broken\n", p.Pairs, p.Proved, p.Assumed, p.Broken)
	for _, a := range p.Assumptions {
		fmt.Fprintf(&b, "%s %d: %s\n  hint: %s\n", a.Origin.Pos, a.Pairs, a.Text, a.Declare)
	}
	return b.String()
}

// print writes diagnostics, one a line, with hints and notes below.
func print(found diag.List) string {
	var b strings.Builder
	for _, d := range found {
		fmt.Fprintf(&b, "%s %s %s: %s\n", d.Pos, d.Code, d.Path, d.Message)
		if d.Reason != "" {
			fmt.Fprintf(&b, "  %s: %s\n", d.Severity, d.Reason)
		}
		for _, n := range d.Notes {
			fmt.Fprintf(&b, "  note: %s %s\n", n.Pos, n.Message)
		}
		if d.Hint != "" {
			fmt.Fprintf(&b, "  hint: %s\n", d.Hint)
		}
	}
	return b.String()
}
