package deploy

import (
	"cmp"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/obslink/obslink/compiler/check"
	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/topologytest"
	"github.com/obslink/obslink/internal/report"
	"github.com/obslink/obslink/internal/sandbox"
	"github.com/obslink/obslink/targets"
)

// TestRefusals holds the two halves of the sandbox's table of refusals against each other. Each archive
// of testdata/refused is a topology with one mistake, and is called after the row that the mistake leads
// to, with a dot and a word where a row has several. `check` reports it with the row's code; and when
// the checks that report anything are taken out, `up` is refused with the row's text at the same
// file, line and column. (go test ./internal/deploy -run TestRefusals -update writes the out sections)
func TestRefusals(t *testing.T) {
	needCLI(t)
	for _, file := range refusedFiles(t) {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { openRefused(t, file).run(t) })
	}
}

func refusedFiles(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/refused/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no archives in testdata/refused:", err)
	}
	return files
}

// refused is one archive.
type refused struct {
	*topologytest.Archive
	root string
	row  sandbox.Refusal
}

func openRefused(t *testing.T, file string) *refused {
	t.Helper()
	archive, err := topologytest.ReadArchive(file)
	if err != nil {
		t.Fatal(err)
	}
	r := &refused{Archive: archive, root: unpacked(t, archive), row: rowOf(file)}
	if r.row.Name == "" {
		t.Fatalf("%s is called after no row of the table", file)
	}
	// A row's further mistake may have another code than the row's.
	r.row.CompileCode = cmp.Or(archive.Says("code"), r.row.CompileCode)
	if r.row.CompileCode == "" {
		t.Fatalf("%s: the row has no compile-time code", file)
	}
	return r
}

// rowOf is the row that an archive is called after.
func rowOf(file string) sandbox.Refusal {
	name, _, _ := strings.Cut(filepath.Base(file), ".")
	for _, row := range sandbox.Refusals() {
		if row.Name == name {
			return row
		}
	}
	return sandbox.Refusal{}
}

func (r *refused) run(t *testing.T) {
	result := compile.Stack(os.DirFS(r.root), "stacks/t", targets.All)
	said := ofCode(result.Found, r.row.CompileCode)
	if len(said) == 0 {
		t.Fatalf("check does not say %q:\n%s", r.row.CompileCode, printed(result.Found))
	}
	r.golden(t, "out/check", printed(said))
	if checkOnly(noCase[r.row.Name]) {
		return
	}
	result = bypassed(t, r.root, result)
	t.Parallel() // now that all checks are there again
	stack := Stack{Plan: result.Plan, Project: "obslink", Dir: filepath.Join(r.root, "stacks", "t"), Root: r.root, Sandbox: true, Where: result.Topology.At}
	_, err := New(Options{}).Up(t.Context(), stack, nil)
	var failure *Failure
	if !errors.As(err, &failure) {
		t.Fatalf("up is not refused: %v", err)
	}
	pattern := r.row.Pattern()
	answered := slices.DeleteFunc(slices.Clone(failure.Diagnostics), func(d diag.Diagnostic) bool { return !pattern.MatchString(d.Message) })
	if len(answered) == 0 {
		t.Fatalf("up is refused with another text:\n%v", err)
	}
	if !slices.ContainsFunc(said, func(d diag.Diagnostic) bool { return d.Pos.Line > 0 && d.Pos == answered[0].Pos }) {
		t.Errorf("check says it at %v (%s), up at %v (%s)", said[0].Pos, said[0].Path, answered[0].Pos, answered[0].Path)
	}
	r.golden(t, "out/up", printed(answered[:1]))
}

// bypassed compiles once more without the checks that reported errors, until there is a plan. Nothing
// else of the compiler is left out.
func bypassed(t *testing.T, root string, result compile.Result) compile.Result {
	t.Helper()
	fields, relations, clouds := check.Fields, check.Relations, slices.Clone(targets.All)
	defer func() { check.Fields, check.Relations = fields, relations }()
	for range 5 {
		if result.Plan != nil {
			return result
		}
		check.Fields, check.Relations = without(check.Fields, result.Found), without(check.Relations, result.Found)
		for i := range clouds {
			clouds[i].Checks = without(clouds[i].Checks, result.Found)
		}
		result = compile.Stack(os.DirFS(root), "stacks/t", clouds)
	}
	t.Fatalf("no plan without the checks either:\n%s", printed(result.Found))
	return result
}

// without leaves out the checks that reported one of the errors.
func without(checks []check.Check, found diag.List) []check.Check {
	return slices.DeleteFunc(slices.Clone(checks), func(c check.Check) bool {
		return slices.ContainsFunc(c.Codes, func(code diag.Code) bool {
			return slices.ContainsFunc(found, func(d diag.Diagnostic) bool { return d.Code == code.ID && d.Severity == diag.Error })
		})
	})
}

func ofCode(found diag.List, code string) diag.List {
	return slices.DeleteFunc(slices.Clone(found), func(d diag.Diagnostic) bool { return d.Code != code })
}

func printed(found diag.List) string {
	var b strings.Builder
	report.Diagnostics(&b, found, report.Style{})
	return b.String()
}

var armID = regexp.MustCompile(`/subscriptions/[^ .,]*`)

// oneOfMany is the name of a resource of which the cloud refuses one, whichever came last.
var oneOfMany = regexp.MustCompile(`could not create "([a-z]+_)([^"]*)"`)

// itsZone is the zone that it was about.
var itsZone = regexp.MustCompile(`'privatelink\.[^']*'`)

func (r *refused) golden(t *testing.T, section, got string) {
	t.Helper()
	if strings.Contains(r.Comment, "one of many") {
		if name := oneOfMany.FindStringSubmatch(got); name != nil {
			got = armID.ReplaceAllString(strings.ReplaceAll(got, name[1]+name[2], name[1]+"…"), "…")
			got = itsZone.ReplaceAllString(got, "'privatelink.…'")
		}
	}
	if *update {
		r.Out[section] = got
		if err := r.Write([]string{"out/check", "out/up"}, r.Out); err != nil {
			t.Fatal(err)
		}
	} else if got != r.Out[section] {
		t.Errorf("%s: got\n%s\nwant\n%s\n(go test ./internal/deploy -run TestRefusals -update writes it)", section, got, r.Out[section])
	}
}

// checkOnly reports whether an archive shows what check says and nothing is brought up.
func checkOnly(reason string) bool { return reason == unsaid || reason == tooLong }

// TestEveryRefusalHasCase fails when a row of the table has neither an archive nor a reason why no
// topology leads to it.
func TestEveryRefusalHasCase(t *testing.T) {
	shown := map[string]bool{}
	for _, file := range refusedFiles(t) {
		shown[openRefused(t, file).row.Name] = true
	}
	known := map[string]bool{}
	for _, code := range compile.Codes(targets.All) {
		known[code.ID] = true
	}
	for _, code := range append(Codes(), manifest.NotFound, manifest.Differs) {
		known[code.ID] = true
	}
	rows := map[string]bool{}
	for _, row := range sandbox.Refusals() {
		rows[row.Name] = true
		reason := noCase[row.Name]
		switch {
		case row.CompileCode != "" && !known[row.CompileCode]:
			t.Errorf("%s names %s, which is no code", row.Name, row.CompileCode)
		case checkOnly(reason) && !shown[row.Name]:
			t.Errorf("%s: %s; write the archive for check all the same", row.Name, reason)
		case shown[row.Name] && reason != "" && !checkOnly(reason):
			t.Errorf("%s has an archive, and a reason for having none: %s", row.Name, reason)
		case !shown[row.Name] && reason == "":
			t.Errorf("%s has neither testdata/refused/%s.txtar nor a reason in refused_reasons_test.go", row.Name, row.Name)
		}
	}
	for name := range noCase {
		if !rows[name] {
			t.Errorf("%s is excused but no row of the table", name)
		}
	}
}
