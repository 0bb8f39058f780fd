package deploy

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/targets"
	"github.com/obslink/obslink/targets/aws"
)

func TestEveryTargetHasAProgram(t *testing.T) {
	if len(programs) != len(targets.All) {
		t.Errorf("%d programs, %d targets", len(programs), len(targets.All))
	}
	for _, target := range targets.All {
		if programs[target.Name].start == nil || programs[target.Name].assumptions == nil {
			t.Errorf("target %q has no whole program in programs.go", target.Name)
		}
	}
}

// TestProgramsAreFlat keeps out what a recorder cannot see through (DESIGN §5.1).
func TestProgramsAreFlat(t *testing.T) {
	refused := map[string]string{
		"ApplyT": "computes on outputs", "ApplyTWithContext": "computes on outputs", "All": "computes on outputs",
		"RegisterComponentResource": "makes a component", "RegisterComponentResourceV2": "makes a component", "ComponentResource": "makes a component",
		"RegisterResource": "is untyped", "Parent": "hides a resource in a component", "NewOutput": "makes an output of its own",
	}
	for _, dir := range []string{"../../targets/aws/program", "../../targets/azure/program", "../../targets/register"} {
		walkSelectors(t, dir, func(position token.Position, name string) {
			if filepath.Base(position.Filename) == "untyped.go" && name == "RegisterResource" {
				return // the one place for types that no SDK has; TestUntypedInputsAreARMs holds them
			}
			if why, found := refused[name]; found {
				t.Errorf("%s: %s %s", position, name, why)
			}
		})
	}
}

func walkSelectors(t *testing.T, dir string, visit func(token.Position, string)) {
	t.Helper()
	files := token.NewFileSet()
	seen := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") {
			return err
		}
		file, err := parser.ParseFile(files, path, nil, 0)
		if err != nil {
			return err
		}
		seen++
		ast.Inspect(file, func(n ast.Node) bool {
			if selector, ok := n.(*ast.SelectorExpr); ok {
				visit(files.Position(selector.Pos()), selector.Sel.Name)
			}
			return true
		})
		return nil
	})
	if err != nil || seen == 0 {
		t.Fatalf("%s: %d files, %v", dir, seen, err)
	}
}

func TestReferenceToNothingIsABug(t *testing.T) {
	p := manyEndpoints(1)
	defer func() {
		text, _ := recover().(string)
		if !strings.Contains(text, `"vpc_n000"`) || !strings.HasSuffix(text, "this is a bug in obslink") {
			t.Errorf("panic %q", text)
		}
	}()
	p.Parts[aws.Name].(*aws.Parts).VPCs = nil
	_, err := Record(p, "obslink")
	t.Errorf("no panic, error %v", err)
}

func TestPartsOfAnotherTypeAreABug(t *testing.T) {
	defer func() {
		if text, _ := recover().(string); !strings.HasSuffix(text, "this is a bug in obslink") {
			t.Errorf("panic %q", text)
		}
	}()
	_, err := Record(&plan.Plan{Stack: "x", Parts: map[string]any{"aws": map[string]any{}}}, "obslink")
	t.Errorf("no panic, error %v", err)
}
