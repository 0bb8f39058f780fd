// Package cli is the obslink command: one file for each verb. A verb reads its arguments, calls the
// packages that do the work, and prints; stdout carries the product, stderr the talk.
//
// Exit status: 0 fine, 1 errors found or the command failed, 2 differences found (only with
// --detailed-exitcode).
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/obslink/obslink/internal/deploy"
	"github.com/obslink/obslink/internal/report"
)

// The exit statuses.
const (
	exitFine       = 0
	exitFailed     = 1
	exitDifference = 2
)

// app is one run of the command.
type app struct {
	in          io.Reader
	out, errOut io.Writer
	noColor     bool
}

// Run runs the command and returns its exit status.
func Run(args []string, in io.Reader, out, errOut io.Writer) int {
	a := &app{in: in, out: out, errOut: errOut}
	root := a.root()
	root.SetArgs(args)
	ctx, stop := interruptible(context.Background())
	defer stop()
	return a.exitStatus(root.ExecuteContext(ctx))
}

// root lists the verbs.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "obslink",
		Short: "private observability from one topology: check it, compile it, run it",
		Long: `obslink compiles a topology (which VPCs, VNets and sites must reach which observability
backends privately) into a Pulumi program and the files that on-prem servers need.

STACK is the name of a folder under stacks/, or a path to a folder or file.`,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetIn(a.in)
	root.SetOut(a.out)
	root.SetErr(a.errOut)
	root.PersistentFlags().BoolVar(&a.noColor, "no-color", false, "plain text (as NO_COLOR does)")
	root.AddCommand(
		a.initCommand(), a.checkCommand(), a.compileCommand(), a.traceCommand(), a.captureCommand(), a.lockCommand(),
		a.previewCommand(), a.upCommand(), a.refreshCommand(), a.destroyCommand(), a.outputsCommand(),
		a.secretCommand(), a.exportCommand(), a.catalogueCommand(), a.explainCommand(), a.versionCommand(),
	)
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return hinted(err, "`%s --help` lists the flags", c.CommandPath())
	})
	return root
}

// exitStatus prints what went wrong and says with which status to end.
func (a *app) exitStatus(err error) int {
	var quiet quietError
	var failure *deploy.Failure
	var disagreement *deploy.Disagreement
	var message *hintError
	switch {
	case err == nil:
		return exitFine
	case errors.As(err, &quiet):
		return quiet.status
	case errors.As(err, &failure):
		a.findings(projectHere(), failure.Diagnostics.Sorted())
	case errors.As(err, &disagreement):
		a.findings(projectHere(), disagreement.Diagnostics.Sorted())
	case errors.As(err, &message):
		fmt.Fprintf(a.errOut, "error: %v\n  hint: %s\n", message.err, message.hint)
	default:
		fmt.Fprintf(a.errOut, "error: %v\n", err)
	}
	return exitFailed
}

// quietError ends the command with a status after everything has been said.
type quietError struct{ status int }

func (q quietError) Error() string { return fmt.Sprintf("exit status %d", q.status) }

// hintError is an error with what to type instead.
type hintError struct {
	err  error
	hint string
}

func (h *hintError) Error() string { return h.err.Error() }

func hinted(err error, format string, args ...any) error {
	return &hintError{err, fmt.Sprintf(format, args...)}
}

// style says how text for a writer looks: coloured on a terminal, unless NO_COLOR or --no-color.
func (a *app) style(w io.Writer) report.Style {
	return report.Style{Color: !a.noColor && os.Getenv("NO_COLOR") == "" && isTerminal(w)}
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// formatFlag adds --format with its choices; the first is the default.
func formatFlag(c *cobra.Command, choices ...string) *string {
	format := choices[0]
	value := &choice{value: &format, choices: choices}
	c.Flags().Var(value, "format", "how to print: "+value.list())
	_ = c.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(choices, cobra.ShellCompDirectiveNoFileComp))
	return &format
}
