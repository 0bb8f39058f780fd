package cli

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/prove"
	"github.com/obslink/obslink/compiler/severity"
	"github.com/obslink/obslink/internal/report"
	"github.com/obslink/obslink/targets"
)

func (a *app) checkCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "check [STACK…]",
		Short: "report everything that is wrong with a topology, without any cloud",
		Long: `Without STACK, checks every stack under stacks/. Errors make the exit status 1; warnings and what
the topology acknowledges (its severities) do not.

For CI: --format github prints annotations for GitHub Actions, --format sarif a document for code
scanning. Both name files from the root of the git repository, and report once what several stacks
find in a file that they share.`,
		Example:           "  obslink check prod\n  obslink check --format github\n  obslink check --format sarif >obslink.sarif",
		ValidArgsFunction: completeStacks,
	}
	format := formatFlag(c, "text", "json", "sarif", "github")
	strict := c.Flags().Bool("strict", false, "errors where the proof rests on existing state that the topology does not declare")
	c.RunE = func(_ *cobra.Command, args []string) error {
		if len(args) == 0 {
			args = stackNames()
		}
		if len(args) == 0 {
			return hinted(fmt.Errorf("there are no stacks here"), "`obslink init` makes a project with a first stack")
		}
		return a.check(args, *format, *strict)
	}
	return c
}

func (a *app) check(args []string, format string, strict bool) error {
	var stacks []*stack
	for _, arg := range args {
		s, err := compiled(arg)
		if err != nil {
			return err
		}
		if strict && s.Plan != nil {
			s.Found = slices.Concat(s.Found, severity.Apply(s.Topology, prove.Strict(s.Proof), compile.Codes(targets.All))).Sorted()
		}
		stacks = append(stacks, s)
		if format == "text" {
			a.checked(s)
		}
	}
	if err := a.findingsAs(format, stacks); err != nil {
		return err
	}
	if slices.ContainsFunc(stacks, func(s *stack) bool { return s.Found.HasErrors() }) {
		return quietError{exitFailed}
	}
	return nil
}

// findingsAs prints the findings of all stacks for a program.
func (a *app) findingsAs(format string, stacks []*stack) error {
	base := sourceRoot(stacks[0].project)
	all := make([]report.StackFindings, len(stacks))
	for i, s := range stacks {
		all[i] = report.NewStackFindings(s.Stack, s.Found, s.project.within(base))
		if s.Plan != nil {
			proof := s.Proof
			proof.Found = nil // they are among the diagnostics
			all[i].Proof = &proof
		}
	}
	switch format {
	case "json":
		return report.JSON(a.out, report.Findings{Version: 1, Stacks: all})
	case "sarif":
		return report.SARIF(a.out, all, compile.Codes(targets.All), version())
	case "github":
		err := report.GitHub(a.out, all)
		for _, s := range stacks {
			fmt.Fprintln(a.out, s.sum())
		}
		return err
	}
	return nil
}

// checked prints one stack's findings and a line that sums them up.
func (a *app) checked(s *stack) {
	report.Diagnostics(a.out, s.Found, a.quoting(a.out, s.project))
	if len(s.Found) > 0 {
		fmt.Fprintln(a.out)
	}
	fmt.Fprintln(a.out, s.sum())
	if !s.Found.HasErrors() {
		report.Assumptions(a.out, s.Proof)
	}
}

// sum says how a stack came out.
func (s *stack) sum() string {
	errors, warnings, acknowledged := s.Found.Count(diag.Error), s.Found.Count(diag.Warning), s.Found.Count(diag.Acknowledged)
	also := ""
	if acknowledged > 0 {
		also = fmt.Sprintf(", %d acknowledged", acknowledged)
	}
	if errors > 0 {
		return fmt.Sprintf("%s: %s, %s%s", s.Stack, report.Count(errors, "error"), report.Count(warnings, "warning"), also)
	}
	if warnings > 0 {
		also = "; " + report.Count(warnings, "warning") + also
	} else if acknowledged > 0 {
		also = fmt.Sprintf("; %d acknowledged", acknowledged)
	}
	proof := fmt.Sprintf("; %s proved", report.Count(s.Proof.Proved, "path"))
	if s.Proof.Assumed > 0 {
		proof += fmt.Sprintf(", %d assumed", s.Proof.Assumed)
	}
	g := s.Plan.Graph
	return fmt.Sprintf("%s: fine (%s, %s, %s, %s%s%s)", s.Stack, report.Count(len(g.Networks), "network"), report.Count(len(g.Sites), "site"),
		report.Count(len(s.Topology.Links), "link"), report.Count(len(s.Plan.Names), "name"), proof, also)
}
