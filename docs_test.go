package obslink_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write what the commands print into the documents")

// notRun are commands that a document may show and this test does not run: they build or test the
// whole, so CI runs them by themselves. A make target must exist.
var notRun = []string{"make ", "git "}

var (
	fence      = regexp.MustCompile("(?ms)^```sh\n(.*?)^```\n(\n```text\n(.*?)^```\n)?")
	exitStatus = regexp.MustCompile(` # exit status (\d+)$`)
)

// TestDocs runs what the documents show. A ```text block right after a ```sh block is what the
// commands print, to both outputs.
func TestDocs(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs bin/obslink and the engine")
	}
	if _, err := os.Stat("bin/obslink"); err != nil {
		t.Skip("bin/obslink is not built; `make test` builds it")
	}
	documents, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range append(documents, "README.md", "CONTRIBUTING.md", "ARCHITECTURE.md") {
		t.Run(name, func(t *testing.T) { runDocument(t, name) })
	}
	t.Run("codes", func(t *testing.T) {
		want, err := exec.Command("bin/obslink", "explain", "--format", "markdown").Output()
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := os.ReadFile("docs/codes.md"); !bytes.Equal(got, want) {
			t.Error("docs/codes.md is not what `obslink explain --format markdown` prints; type `make generate`")
		}
	})
}

func runDocument(t *testing.T, name string) {
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	text := string(raw)
	dir := exampleProject(t)
	for _, m := range fence.FindAllStringSubmatch(text, -1) {
		var printed strings.Builder
		for command := range strings.Lines(m[1]) {
			printed.WriteString(runCommand(t, dir, strings.TrimSuffix(command, "\n")))
		}
		shown := m[3]
		if m[2] == "" || shown == printed.String() {
			continue
		}
		if !*update {
			t.Errorf("%s does not show what this prints; type `make generate`\n%s\ngot:\n%s", name, m[1], printed.String())
			continue
		}
		text = strings.Replace(text, m[0], "```sh\n"+m[1]+"```\n\n```text\n"+printed.String()+"```\n", 1)
	}
	if *update && text != string(raw) {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// runCommand runs one line of a document and returns what it printed. The exit status is 0, or what
// a comment at the end of the line says.
func runCommand(t *testing.T, dir, line string) string {
	t.Helper()
	if slices.ContainsFunc(notRun, func(p string) bool { return strings.HasPrefix(line, p) }) {
		if target, ok := strings.CutPrefix(line, "make "); ok && !hasTarget(t, target) {
			t.Errorf("the Makefile has no target %q", target)
		}
		return ""
	}
	if !strings.HasPrefix(line, "bin/") {
		t.Errorf("%q is not a command that this test knows", line)
		return ""
	}
	want := "0"
	if m := exitStatus.FindStringSubmatch(line); m != nil {
		want = m[1]
	}
	cmd := exec.Command("sh", "-c", line)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "NO_COLOR=1", "PULUMI_SKIP_UPDATE_CHECK=true")
	printed, err := cmd.CombinedOutput()
	got := "0"
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		got = strings.TrimPrefix(exit.String(), "exit status ")
	} else if err != nil {
		t.Fatal(err)
	}
	if got != want {
		t.Errorf("%s\nexit status %s, want %s\n%s", line, got, want, printed)
	}
	return string(printed)
}

func hasTarget(t *testing.T, target string) bool {
	t.Helper()
	raw, err := os.ReadFile("Makefile")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Contains("\n"+string(raw), "\n"+target+":")
}

// exampleProject copies the worked example into a folder of its own, so that commands may write.
func exampleProject(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"stacks", "docs", "cue.mod"} {
		if err := os.CopyFS(filepath.Join(dir, name), os.DirFS(name)); err != nil {
			t.Fatal(err)
		}
	}
	project, err := os.ReadFile("Pulumi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "Pulumi.yaml"), project, 0o644); err != nil {
		t.Fatal(err)
	}
	bin, err := filepath.Abs("bin")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(bin, filepath.Join(dir, "bin")); err != nil {
		t.Fatal(err)
	}
	return dir
}

var (
	// A line of a topology that docs/seeds.md points at, and a logical name of a resource.
	pointer = regexp.MustCompile("`([^`]+)` (stacks/[a-z/]+\\.cue):(\\d+)")
	logical = regexp.MustCompile("`([a-z]+_[a-z0-9_-]+)`")
)

// TestReadmeLinks wants each document to be linked from the README, which is where people look.
func TestReadmeLinks(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	documents, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, document := range documents {
		if !bytes.Contains(readme, []byte("]("+document+")")) {
			t.Errorf("README.md does not link %s", document)
		}
	}
}

// TestSeeds holds docs/seeds.md against the worked example: it names every resource of the compiled
// stack and no other, and the lines it points at say what it quotes.
func TestSeeds(t *testing.T) {
	raw, err := os.ReadFile("docs/seeds.md")
	if err != nil {
		t.Fatal(err)
	}
	text := string(raw)
	for _, m := range pointer.FindAllStringSubmatch(text, -1) {
		source, err := os.ReadFile(m[2])
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(string(source), "\n")
		n, _ := strconv.Atoi(m[3])
		if n < 1 || n > len(lines) || !strings.Contains(lines[n-1], m[1]) {
			t.Errorf("%s:%s does not say %q", m[2], m[3], m[1])
		}
	}
	if testing.Short() {
		t.Skip("the rest runs bin/obslink")
	}
	product, err := exec.Command("bin/obslink", "compile", "prod", "--emit", "manifest").Output()
	if err != nil {
		t.Skipf("bin/obslink does not compile the worked example (%v); `make test` builds it", err)
	}
	var manifest struct {
		Resources []struct{ Name string }
	}
	if err := json.Unmarshal(product, &manifest); err != nil {
		t.Fatal(err)
	}
	var named, built []string
	for _, m := range logical.FindAllStringSubmatch(text, -1) {
		named = append(named, m[1])
	}
	named = slices.DeleteFunc(named, func(n string) bool { return n == "force_use_http" })
	for _, r := range manifest.Resources {
		built = append(built, r.Name)
		if !slices.Contains(named, r.Name) {
			t.Errorf("docs/seeds.md does not name %s", r.Name)
		}
	}
	for _, n := range named {
		if !slices.Contains(built, n) {
			t.Errorf("docs/seeds.md names %s, which the stack has not", n)
		}
	}
}
