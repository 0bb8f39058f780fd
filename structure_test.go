// Package obslink_test holds the repository to its own rules: which package may import which, how
// long a file may be, what every package must say of itself. The rules read the source as text and
// syntax; nothing is built, so the test takes a second. ARCHITECTURE.md explains the table.
package obslink_test

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

const module = "github.com/obslink/obslink/"

// mayImport is the import table: what of ours the packages of a folder may import. The longest
// matching folder counts; an entry covers the folders below it. A folder that is not listed may not
// exist: say here first what it may know.
var mayImport = map[string][]string{
	"cmd":                   {"cmd", "compiler", "internal", "schema", "targets"},
	"schema":                {},
	"compiler":              {"compiler", "schema"},
	"targets":               {"compiler/compile", "compiler/cost", "compiler/manifest", "compiler/plan", "targets"},
	"targets/aws":           {"compiler", "schema"},
	"targets/azure":         {"compiler", "schema"},
	"internal/deploy":       {"compiler/diag", "compiler/manifest", "compiler/plan", "internal/deploy", "internal/sandbox", "targets"},
	"internal/sandbox":      {"schema"},
	"internal/export":       {"compiler/diag", "compiler/plan"},
	"internal/probe":        {"internal/export"},
	"internal/verify":       {"internal/export", "internal/probe"},
	"internal/report":       {"compiler"},
	"internal/bench":        {"compiler", "schema", "targets"},
	"internal/bench/byhand": {"internal/sandbox"},
	"internal/drift":        {},
	// The lab is held against the proof, so it may know nothing of it.
	"internal/lab":   {"compiler/manifest", "compiler/plan"},
	"internal/truth": {"compiler", "internal/deploy", "internal/lab", "internal/truth", "schema", "targets"},

	// A program registers its own target's parts with the typed SDK.
	"targets/aws/program":   {"compiler", "targets/register", "targets/aws"},
	"targets/azure/program": {"compiler", "targets/register", "targets/azure"},
	"targets/register":      {"compiler/diag", "compiler/manifest", "compiler/plan"},
}

// onlyIn says where a module of others may be imported: the heavy ones stay in leaf packages, so
// that the rest tests in seconds.
var onlyIn = []struct {
	prefix string
	why    string
	dirs   []string
}{
	{"github.com/pulumi/pulumi-", "a cloud SDK", []string{"targets/aws/program", "targets/azure/program", "internal/bench/byhand"}},
	{"github.com/pulumi/pulumi/", "the Pulumi SDK", []string{"targets/aws/program", "targets/azure/program", "targets/register", "internal/deploy", "internal/sandbox", "internal/bench/byhand"}},
	{"github.com/aws/", "the AWS SDK", []string{"internal/drift"}},
	{"cuelang.org/go", "CUE", []string{"compiler/load", "schema"}},
}

// notInCompiler are packages of the standard library that would make a pass depend on the machine.
var notInCompiler = []string{"os", "net", "time"}

const (
	maxFile     = 400 // lines, tests aside
	maxFunction = 80
	maxMain     = 25 // the file that holds func main
)

var (
	cloudName   = regexp.MustCompile(`(?i)aws|azure|datadog`)
	unfinished  = regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X)\b`)
	notOurs     = regexp.MustCompile(`(^|[\s"'(=` + "`" + `])/(wo` + `rk|ro` + `ot)/|proxy\.gol` + `ang\.org|sum\.gol` + `ang\.org|registry\.np` + `mjs\.org|deb\.deb` + `ian\.org`)
	textEndings = []string{".go", ".md", ".cue", ".sh", ".yaml", ".yml", ".svg", ".txtar", ""}
)

// source is one Go file.
type source struct {
	name, dir string
	file      *ast.File
	lines     int
	fset      *token.FileSet
}

// isTest reports whether only tests use the file: packages that help tests are named so.
func (s source) isTest() bool {
	return strings.HasSuffix(s.name, "_test.go") || strings.HasSuffix(s.dir, "test")
}

func (s source) line(p token.Pos) int { return s.fset.Position(p).Line }

// found is one violation, at a place.
func found(s source, p token.Pos, format string, args ...any) string {
	return fmt.Sprintf("%s:%d: %s", s.name, s.line(p), fmt.Sprintf(format, args...))
}

// rules are all rules over Go files; each returns every violation.
var rules = []struct {
	name string
	run  func([]source) []string
}{
	{"imports of ours", importsOfOurs},
	{"imports of others", importsOfOthers},
	{"the compiler knows no machine", compilerKnowsNoMachine},
	{"the compiler knows no cloud", compilerKnowsNoCloud},
	{"length of files", lengthOfFiles},
	{"length of functions", lengthOfFunctions},
	{"no init", noInit},
	{"package comments", packageComments},
}

func TestStructure(t *testing.T) {
	tree := os.DirFS(".")
	sources := readSources(t, tree)
	if len(sources) < 50 {
		t.Fatalf("only %d Go files were found", len(sources))
	}
	for _, r := range rules {
		t.Run(r.name, func(t *testing.T) { report(t, r.run(sources)) })
	}
	t.Run("words", func(t *testing.T) { report(t, words(t, tree)) })
}

func report(t *testing.T, violations []string) {
	if len(violations) > 0 {
		slices.Sort(violations)
		t.Errorf("%d violations\n%s", len(violations), strings.Join(violations, "\n"))
	}
}

// walk calls visit for every file of the repository that a person wrote.
func walk(t *testing.T, tree fs.FS, visit func(name string)) {
	t.Helper()
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && (name == "bin" || d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && d.Name() != ".ci" && d.Name() != ".github"):
			return fs.SkipDir
		case !d.IsDir():
			visit(name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func readSources(t *testing.T, tree fs.FS) []source {
	t.Helper()
	var all []source
	walk(t, tree, func(name string) {
		if path.Ext(name) != ".go" || strings.HasPrefix(name, "tools/") {
			return
		}
		raw, err := fs.ReadFile(tree, name)
		if err != nil {
			t.Fatal(err)
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, name, raw, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, source{name: name, dir: path.Dir(name), file: file, fset: fset, lines: strings.Count(string(raw), "\n")})
	})
	return all
}

// under reports whether dir is folder or below it.
func under(dir, folder string) bool { return dir == folder || strings.HasPrefix(dir, folder+"/") }

func anyUnder(dir string, folders []string) bool {
	return slices.ContainsFunc(folders, func(f string) bool { return under(dir, f) })
}

// imports calls visit for every import of the files that are not tests.
func imports(all []source, visit func(s source, spec *ast.ImportSpec, imported string)) {
	for _, s := range all {
		for _, spec := range s.file.Imports {
			if imported, err := strconv.Unquote(spec.Path.Value); err == nil && !s.isTest() {
				visit(s, spec, imported)
			}
		}
	}
}

func importsOfOurs(all []source) (violations []string) {
	imports(all, func(s source, spec *ast.ImportSpec, imported string) {
		ours, ok := strings.CutPrefix(imported, module)
		if !ok {
			return
		}
		folder, ok := rowOf(s.dir)
		if ok && !anyUnder(ours, mayImport[folder]) {
			violations = append(violations, found(s, spec.Pos(), "%s may not import %s: the table allows %q", s.dir, ours, mayImport[folder]))
		}
	})
	listed := map[string]bool{}
	for _, s := range all {
		if _, ok := rowOf(s.dir); !ok && s.dir != "." && !listed[s.dir] {
			listed[s.dir] = true
			violations = append(violations, fmt.Sprintf("%s: the import table has no row for this folder", s.dir))
		}
	}
	return violations
}

// rowOf finds a folder's row in the import table.
func rowOf(dir string) (folder string, ok bool) {
	for f := range mayImport {
		if under(dir, f) && len(f) >= len(folder) {
			folder, ok = f, true
		}
	}
	return folder, ok
}

func importsOfOthers(all []source) (violations []string) {
	imports(all, func(s source, spec *ast.ImportSpec, imported string) {
		for _, rule := range onlyIn {
			if strings.HasPrefix(imported, rule.prefix) && !anyUnder(s.dir, rule.dirs) {
				violations = append(violations, found(s, spec.Pos(), "%s may not import %s: %s belongs in %q", s.dir, imported, rule.why, rule.dirs))
			}
		}
	})
	return violations
}

func compilerKnowsNoMachine(all []source) (violations []string) {
	imports(all, func(s source, spec *ast.ImportSpec, imported string) {
		if under(s.dir, "compiler") && imported != "net/netip" && anyUnder(imported, notInCompiler) {
			violations = append(violations, found(s, spec.Pos(), "%s may not import %s: a pass takes bytes and returns values", s.dir, imported))
		}
	})
	return violations
}

// compilerKnowsNoCloud reads names and strings. What a code says of itself to people (diag.Code) may
// name a cloud, as a comment may.
func compilerKnowsNoCloud(all []source) (violations []string) {
	for _, s := range all {
		if !under(s.dir, "compiler") || s.isTest() {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ImportSpec:
				return false
			case *ast.CompositeLit:
				if t, ok := n.Type.(*ast.SelectorExpr); ok && t.Sel.Name == "Code" {
					return false
				}
			case *ast.Ident:
				if cloudName.MatchString(n.Name) {
					violations = append(violations, found(s, n.Pos(), "%s names a cloud", n.Name))
				}
			case *ast.BasicLit:
				if n.Kind == token.STRING && cloudName.MatchString(n.Value) {
					violations = append(violations, found(s, n.Pos(), "a string names a cloud: %.80s", n.Value))
				}
			}
			return true
		})
	}
	return violations
}

func lengthOfFiles(all []source) (violations []string) {
	for _, s := range all {
		limit := maxFile
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "main" && s.file.Name.Name == "main" {
				limit = maxMain
			}
		}
		if s.lines > limit && !s.isTest() {
			violations = append(violations, fmt.Sprintf("%s: %d lines; at most %d", s.name, s.lines, limit))
		}
	}
	return violations
}

func lengthOfFunctions(all []source) (violations []string) {
	for _, s := range all {
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || s.isTest() {
				continue
			}
			if n := s.line(f.End()) - s.line(f.Pos()) + 1; n > maxFunction {
				violations = append(violations, found(s, f.Pos(), "%s has %d lines; at most %d", f.Name.Name, n, maxFunction))
			}
		}
	}
	return violations
}

func noInit(all []source) (violations []string) {
	for _, s := range all {
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				violations = append(violations, found(s, f.Pos(), "no init(): extend by a table"))
			}
		}
	}
	return violations
}

// packageComments wants one comment of 3 to 12 lines on every package.
func packageComments(all []source) (violations []string) {
	lines := map[string]int{}
	for _, s := range all {
		if s.isTest() {
			continue
		}
		lines[s.dir] += 0
		if s.file.Doc != nil {
			lines[s.dir] += strings.Count(strings.TrimSpace(s.file.Doc.Text()), "\n") + 1
		}
	}
	for dir, n := range lines {
		if n < 3 || n > 12 {
			violations = append(violations, fmt.Sprintf("%s: the package comment has %d lines; 3 to 12 say what it turns into what", dir, n))
		}
	}
	return violations
}

// words finds what no file may say: work put off, paths of one machine, hosts of registries.
func words(t *testing.T, tree fs.FS) (violations []string) {
	walk(t, tree, func(name string) {
		if !slices.Contains(textEndings, path.Ext(name)) {
			return
		}
		raw, err := fs.ReadFile(tree, name)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(raw), "\n") {
			if m := cmp.Or(unfinished.FindString(line), notOurs.FindString(line)); m != "" {
				violations = append(violations, fmt.Sprintf("%s:%d: %q has no place here", name, i+1, strings.TrimSpace(m)))
			}
		}
	})
	return violations
}

// A rule that cannot fail is no rule: every one must find what is wrong in this tree.
func TestStructureRulesFire(t *testing.T) {
	long := "\nfunc long() {" + strings.Repeat("\n", maxFile) + "}\n"
	tree := fstest.MapFS{
		"compiler/plan/a.go":    {Data: []byte("package plan\n\nimport (\n\t\"os\"\n\n\t_ \"" + module + "targets/aws\"\n\t_ \"cuelang.org/go/cue\"\n)\n\nvar awsZone = \"Datadog\"\n\nfunc init() {}\n" + long)},
		"internal/sandbox/a.go": {Data: []byte("package sandbox\n\nimport _ \"" + module + "compiler/plan\"\nimport _ \"github.com/pulumi/pulumi-aws/sdk/v6/go/aws\"\n")},
		"internal/new/a.go":     {Data: []byte("// Package new is short.\npackage new\n")},
		"cmd/obslink/main.go":   {Data: []byte("package main\n\nfunc main() {" + strings.Repeat("\n", maxMain) + "}\n")},
		"docs/a.md":             {Data: []byte("TO" + "DO: see /wo" + "rk/main\n")},
	}
	all := readSources(t, tree)
	want := map[string]int{
		"imports of ours": 3, "imports of others": 2, "the compiler knows no machine": 1, "the compiler knows no cloud": 2,
		"length of files": 2, "length of functions": 1, "no init": 1, "package comments": 4,
	}
	for _, r := range rules {
		if got := r.run(all); len(got) != want[r.name] {
			t.Errorf("%s: %d violations, want %d\n%s", r.name, len(got), want[r.name], strings.Join(got, "\n"))
		}
	}
	if got := words(t, tree); len(got) != 1 {
		t.Errorf("words: %q", got)
	}
}
