package truth

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestLabKnowsNoProof: what the proof is held against must not share the proof's reading. The lab
// reads manifests and declarations, whose types are data, and nothing else of ours.
func TestLabKnowsNoProof(t *testing.T) {
	const ours = "github.com/obslink/obslink/"
	files, err := filepath.Glob("../lab/*.go")
	if err != nil || len(files) < 5 {
		t.Fatalf("%d files of the lab were found: %v", len(files), err)
	}
	for _, name := range files {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, source, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range file.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			what, isOurs := strings.CutPrefix(path, ours)
			if err != nil || isOurs && what != "compiler/manifest" && what != "compiler/plan" && what != "internal/lab" {
				t.Errorf("%s imports %s", name, path)
			}
		}
	}
}
