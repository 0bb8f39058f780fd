package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/obslink/obslink/compiler/capture"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/internal/report"
)

func (a *app) captureCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "capture STACK | capture BASE HEAD",
		Short: "list the names whose resolution changes, for whom, and who still gets through",
		Long: `With one stack: what it moves, compared with what is there before it is built. With two: what
moves from the first to the second, such as from the main branch's folder to a pull request's.`,
		Example:           "  obslink capture prod\n  obslink capture ../main/stacks/prod stacks/prod --format json",
		Args:              oneOrTwoStacks,
		ValidArgsFunction: completeStacks,
	}
	format := formatFlag(c, "text", "json")
	detailed := c.Flags().Bool("detailed-exitcode", false, "exit status 2 if a name moves")
	c.RunE = func(_ *cobra.Command, args []string) error { return a.capture(args, *format, *detailed) }
	return c
}

func oneOrTwoStacks(c *cobra.Command, args []string) error {
	if len(args) == 2 {
		return nil
	}
	return oneStack(c, args)
}

func (a *app) capture(args []string, format string, detailed bool) error {
	var stacks []*stack
	for _, arg := range args {
		s, err := a.drawn(arg)
		if err != nil {
			return err
		}
		stacks = append(stacks, s)
	}
	result := report.MovesJSON{Version: 1, Head: stacks[len(stacks)-1].Stack}
	if len(stacks) == 2 {
		result.Base = stacks[0].Stack
		result.Moves = capture.Between(stacks[0].Plan, stacks[1].Plan)
	} else {
		result.Moves = capture.Plan(stacks[0].Plan)
		result.Stays = capture.Stays(stacks[0].Plan)
	}
	capture.Acknowledged(stacks[len(stacks)-1].Topology, result.Moves)
	if format == "json" {
		if result.Moves == nil {
			result.Moves = []capture.Move{}
		}
		if err := report.JSON(a.out, result); err != nil {
			return err
		}
	} else {
		report.Moves(a.out, result.Moves, result.Stays, a.style(a.out))
	}
	if detailed && len(result.Moves) > 0 {
		return quietError{exitDifference}
	}
	return nil
}

// drawn compiles a stack for a verb that shows what it would do: findings of the proof are printed and
// stop nothing, since they are what the reader wants to understand.
func (a *app) drawn(arg string) (*stack, error) {
	s, err := compiled(arg)
	if err != nil {
		return nil, err
	}
	if s.Plan == nil {
		return nil, a.judge(s)
	}
	if errors := s.Found.Count(diag.Error); errors > 0 {
		fmt.Fprintf(a.errOut, "%s has %s; `obslink check` shows them\n", s.Stack, report.Count(errors, "error"))
	}
	return s, nil
}
