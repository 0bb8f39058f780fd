package cli

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "write what the commands print into the scripts")

// TestMain lets the test binary act as obslink.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"obslink": func() { os.Exit(Run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// TestScript runs testdata/script: one file a behaviour. Those that run the engine want the Pulumi
// CLI at bin/pulumi and one wants bin/cue; `make pulumi` and `make cue` put them there.
func TestScript(t *testing.T) {
	root, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		UpdateScripts:       *update,
		Setup: func(e *testscript.Env) error {
			e.Setenv("ROOT", root)
			e.Setenv("NO_COLOR", "1")
			e.Setenv("OBSLINK_PULUMI", filepath.Join(root, "bin", "pulumi"))
			e.Setenv("CUE", filepath.Join(root, "bin", "cue"))
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"example": example,
			"edit":    edit,
			"size":    size,
			"leaks":   leaks,
		},
	})
}

// example copies the worked example into the script's folder.
func example(ts *testscript.TestScript, _ bool, _ []string) {
	for _, name := range []string{"stacks", "Pulumi.yaml"} {
		ts.Check(copyAll(filepath.Join(ts.Getenv("ROOT"), name), ts.MkAbs(name)))
	}
}

func copyAll(from, to string) error {
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	if info.IsDir() {
		return os.CopyFS(to, os.DirFS(from))
	}
	raw, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, raw, 0o644)
}

// edit FILE OLD NEW replaces the one place where OLD stands.
func edit(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: edit FILE OLD NEW")
	}
	text := ts.ReadFile(args[0])
	if strings.Count(text, args[1]) != 1 {
		ts.Fatalf("%q stands %d times in %s", args[1], strings.Count(text, args[1]), args[0])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Replace(text, args[1], args[2], 1)), 0o644))
}

// size FILE MB makes a file of that size.
func size(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Repeat("// padding padding padding paddi\n", 50<<20/32)), 0o644))
}

// leaks TEXT succeeds if any file below the script's folder holds the text.
func leaks(ts *testscript.TestScript, neg bool, args []string) {
	found := ""
	ts.Check(filepath.WalkDir(ts.MkAbs("."), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if err == nil && strings.Contains(string(raw), args[0]) && !strings.HasSuffix(path, "script.txtar") {
			found = path
		}
		return err
	}))
	if neg == (found != "") {
		ts.Fatalf("leaks %s: found in %q", args[0], found)
	}
}
