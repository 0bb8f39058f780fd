package cli

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"

	"github.com/google/renameio/v2"
	"github.com/spf13/cobra"

	"github.com/obslink/obslink/internal/deploy"
	"github.com/obslink/obslink/internal/report"
	"github.com/obslink/obslink/targets"
)

func (a *app) compileCommand() *cobra.Command {
	var emit, dir string
	c := &cobra.Command{
		Use:               "compile STACK",
		Short:             "write what a topology becomes: the plan, or the Pulumi resources",
		Long:              "Without --emit, prints what would be built, each name with its address, and what it costs a month.",
		Example:           "  obslink compile prod\n  obslink compile prod --emit plan\n  obslink compile prod --emit manifest -o out",
		Args:              oneStack,
		ValidArgsFunction: completeStacks,
	}
	c.Flags().Var(&choice{&emit, []string{"plan", "manifest", "cost"}}, "emit", "the product, as JSON: plan, manifest, cost")
	c.Flags().StringVarP(&dir, "output", "o", "", "write the product into this folder instead of stdout")
	c.RunE = func(_ *cobra.Command, args []string) error {
		s, err := a.plan(args[0])
		if err != nil {
			return err
		}
		return a.compile(s, emit, dir)
	}
	return c
}

// How deep the JSON of a product is broken into lines: an element of the plan's lists has one, and so
// has each input of the manifest's resources.
const (
	planDepth     = 3
	manifestDepth = 5
)

func (a *app) compile(s *stack, emit, dir string) error {
	var product func(io.Writer) error
	switch emit {
	case "plan":
		product = func(w io.Writer) error { return report.Lines(w, s.Plan, planDepth) }
	case "manifest":
		// The SDK keeps 20 KB of every resource until the program ends; more garbage than usual on top
		// of that would save little time.
		defer debug.SetGCPercent(debug.SetGCPercent(100))
		m, err := deploy.Record(s.Plan, projectName)
		if err != nil {
			return err
		}
		product = func(w io.Writer) error { return report.Lines(w, m, manifestDepth) }
	case "cost":
		product = func(w io.Writer) error { return report.JSON(w, targets.Cost(s.Plan)) }
	default:
		if dir != "" {
			return hinted(fmt.Errorf("-o needs to know what to write"), "add --emit plan, --emit manifest or --emit cost")
		}
		product = func(w io.Writer) error {
			report.Plan(w, s.Plan, a.style(a.out))
			report.Cost(w, targets.Cost(s.Plan), a.style(a.out))
			return nil
		}
	}
	if dir == "" {
		return product(a.out)
	}
	var b bytes.Buffer
	if err := product(&b); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return a.write(filepath.Join(dir, emit+".json"), b.Bytes())
}

// write replaces a file atomically or not at all.
func (a *app) write(file string, content []byte) error {
	if err := renameio.WriteFile(file, content, 0o644); err != nil {
		return hinted(fmt.Errorf("%s could not be written: %w", file, err), "the file is as it was; make room or choose another folder")
	}
	fmt.Fprintf(a.errOut, "wrote %s\n", file)
	return nil
}
