package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/internal/deploy"
	"github.com/obslink/obslink/internal/report"
	"github.com/obslink/obslink/targets"
)

// projectName is the Pulumi project's name: the same for `obslink up`, cmd/obslink-program and
// Pulumi.yaml.
const projectName = "obslink"

// project is a folder with stacks/.
type project struct {
	root   string // absolute
	files  fs.FS
	prefix string // from the working folder to the root
}

// findProject walks up from a folder to the nearest one that is a project.
func findProject(from string) (*project, error) {
	start, err := filepath.Abs(from)
	if err != nil {
		return nil, err
	}
	for dir := start; ; dir = filepath.Dir(dir) {
		for _, mark := range []string{"Pulumi.yaml", "cue.mod", "stacks"} {
			if _, err := os.Stat(filepath.Join(dir, mark)); err == nil {
				return newProject(dir), nil
			}
		}
		if dir == filepath.Dir(dir) {
			return nil, hinted(fmt.Errorf("%s is in no obslink project: no folder above it holds stacks/, cue.mod/ or Pulumi.yaml", start),
				"`obslink init` makes one")
		}
	}
}

func newProject(root string) *project {
	p := &project{root: root, files: os.DirFS(root)}
	if wd, err := os.Getwd(); err == nil {
		if rel, err := filepath.Rel(wd, root); err == nil && rel != "." {
			p.prefix = filepath.ToSlash(rel)
		}
	}
	return p
}

// stack is one stack of a project, compiled.
type stack struct {
	project *project
	// name is the stack's place in the project, slash-separated.
	name string
	compile.Result
}

// folder is the stack's own folder.
func (s *stack) folder() string {
	path := filepath.Join(s.project.root, filepath.FromSlash(s.name))
	if info, err := os.Stat(path); err == nil && !info.IsDir() {
		return filepath.Dir(path)
	}
	return path
}

// locate finds the project and the path of a stack by what the user typed.
func locate(arg string) (*project, string, error) {
	bare := !strings.ContainsAny(arg, `/\`) && filepath.Ext(arg) == ""
	if bare {
		p, err := findProject(".")
		return p, "stacks/" + arg, err
	}
	from := filepath.Dir(arg)
	if info, err := os.Stat(arg); err == nil && info.IsDir() {
		from = arg
	}
	p, err := findProject(from)
	var none *hintError
	if errors.As(err, &none) { // a file by itself needs no project
		abs, err := filepath.Abs(from)
		if err != nil {
			return nil, "", err
		}
		p = newProject(abs)
	} else if err != nil {
		return nil, "", err
	}
	abs, err := filepath.Abs(arg)
	if err != nil {
		return nil, "", err
	}
	rel, err := filepath.Rel(p.root, abs)
	return p, filepath.ToSlash(rel), err
}

// largeTopology is the size from which memory is collected half as often: what a large topology
// evaluates to stays in use until it is decoded, so looking for garbage finds little.
const largeTopology = 1 << 20

// sourceSize is the size of a stack's own files.
func sourceSize(files fs.FS, name string) (total int64) {
	_ = fs.WalkDir(files, name, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			total += info.Size()
		}
		return err
	})
	return total
}

// compiled compiles a stack; it prints nothing.
func compiled(arg string) (*stack, error) {
	p, name, err := locate(arg)
	if err != nil {
		return nil, err
	}
	if sourceSize(p.files, name) > largeTopology {
		debug.SetGCPercent(200)
	}
	return &stack{project: p, name: name, Result: compile.Stack(p.files, name, targets.All)}, nil
}

// plan compiles a stack and prints its findings; the stack has a plan, and no errors, when err is nil.
func (a *app) plan(arg string) (*stack, error) {
	s, err := compiled(arg)
	if err != nil {
		return nil, err
	}
	if err := a.judge(s); err != nil {
		return nil, err
	}
	return s, nil
}

// judge prints a stack's findings; the error says that they stop the work.
func (a *app) judge(s *stack) error {
	if len(s.Found) > 0 {
		a.findings(s.project, s.Found)
	}
	if s.Found.HasErrors() {
		fmt.Fprintf(a.errOut, "\n%s has %s; nothing was done\n", s.Stack, report.Count(s.Found.Count(diag.Error), "error"))
		return quietError{exitFailed}
	}
	return nil
}

// findings prints diagnostics to stderr with the lines of the project's files.
func (a *app) findings(p *project, found diag.List) {
	report.Diagnostics(a.errOut, found, a.quoting(a.errOut, p))
}

// quoting is the style of diagnostics that quote a project's files; without a project they quote none.
func (a *app) quoting(w io.Writer, p *project) report.Style {
	style := a.style(w)
	if p != nil {
		style.Files, style.Prefix = p.files, p.prefix
	}
	return style
}

// projectHere is the project of the working folder; nil outside of one.
func projectHere() *project {
	p, err := findProject(".")
	if err != nil {
		return nil
	}
	return p
}

// deployable is the stack as the engine takes it.
func (s *stack) deployable(sandbox bool) deploy.Stack {
	return deploy.Stack{Plan: s.Plan, Project: projectName, Dir: s.folder(), Root: s.project.root, Sandbox: sandbox, Where: s.Topology.At}
}

// stackNames lists the stacks of the project, for `check` without arguments and for completion.
func stackNames() []string {
	p, err := findProject(".")
	if err != nil {
		return nil
	}
	entries, _ := fs.ReadDir(p.files, "stacks")
	var names []string
	for _, e := range entries {
		if e.IsDir() {
			names = append(names, e.Name())
		}
	}
	return names
}

// completeStacks offers stack names for the first argument.
func completeStacks(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveDefault
	}
	return stackNames(), cobra.ShellCompDirectiveDefault
}

// oneStack checks that a verb got its STACK.
func oneStack(c *cobra.Command, args []string) error {
	switch len(args) {
	case 1:
		return nil
	case 0:
		return hinted(fmt.Errorf("%s needs a stack", c.CommandPath()), "%s", stackHint())
	default:
		return hinted(fmt.Errorf("%s takes one stack, got %d arguments", c.CommandPath(), len(args)), "`%s --help` shows an example", c.CommandPath())
	}
}

func stackHint() string {
	if names := stackNames(); len(names) > 0 {
		return "one of: " + strings.Join(names, ", ")
	}
	return "`obslink init` makes a project with a first stack"
}
