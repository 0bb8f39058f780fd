package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/internal/report"
)

func (a *app) checkCommand() *cobra.Command {
	c := &cobra.Command{
		Use:               "check [STACK…]",
		Short:             "report everything that is wrong with a topology, without any cloud",
		Example:           "  obslink check prod\n  obslink check --format json",
		ValidArgsFunction: completeStacks,
	}
	format := formatFlag(c, "text", "json")
	c.RunE = func(_ *cobra.Command, args []string) error {
		if len(args) == 0 {
			args = stackNames()
		}
		if len(args) == 0 {
			return hinted(fmt.Errorf("there are no stacks here"), "`obslink init` makes a project with a first stack")
		}
		return a.check(args, *format)
	}
	return c
}

func (a *app) check(args []string, format string) error {
	all := report.Findings{Version: 1}
	failed := false
	for _, arg := range args {
		s, err := compiled(arg)
		if err != nil {
			return err
		}
		errors, warnings := s.Found.Count()
		failed = failed || errors > 0
		all.Stacks = append(all.Stacks, report.StackFindings{Stack: s.Stack, Errors: errors, Warnings: warnings, Diagnostics: append(diag.List{}, s.Found...)})
		if format == "text" {
			a.checked(s, errors, warnings)
		}
	}
	if format == "json" {
		if err := report.JSON(a.out, all); err != nil {
			return err
		}
	}
	if failed {
		return quietError{exitFailed}
	}
	return nil
}

// checked prints one stack's findings and a line that sums them up.
func (a *app) checked(s *stack, errors, warnings int) {
	report.Diagnostics(a.out, s.Found, a.quoting(a.out, s.project))
	if len(s.Found) > 0 {
		fmt.Fprintln(a.out)
	}
	switch {
	case errors > 0:
		fmt.Fprintf(a.out, "%s: %s, %s\n", s.Stack, count(errors, "error"), count(warnings, "warning"))
	default:
		g := s.Plan.Graph
		fmt.Fprintf(a.out, "%s: fine (%s, %s, %s, %s", s.Stack, count(len(g.Networks), "network"), count(len(g.Sites), "site"),
			count(len(s.Topology.Links), "link"), count(len(s.Plan.Names), "name"))
		if warnings > 0 {
			fmt.Fprintf(a.out, "; %s", count(warnings, "warning"))
		}
		fmt.Fprintln(a.out, ")")
	}
}
