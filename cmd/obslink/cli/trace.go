package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/obslink/obslink/compiler/prove"
	"github.com/obslink/obslink/internal/report"
)

func (a *app) traceCommand() *cobra.Command {
	var from, to string
	var all bool
	c := &cobra.Command{
		Use:   "trace STACK --from NODE --to FQDN | --all",
		Short: "follow a name and a packet hop by hop: what it resolves to, routes out and back, filters",
		Long: `NODE is a network or a site, one of a network's groups of servers (tokyo/web), or an address.
A path is proved where everything that it crosses is declared or built, assumed where it rests on
existing state that the topology does not declare, and broken where something drops it. --all lists
every link with every name that it needs. Exit status 1 says that something is broken.`,
		Example:           "  obslink trace prod --from tokyo --to metrics.agent.datadoghq.com\n  obslink trace prod --all",
		Args:              oneStack,
		ValidArgsFunction: completeStacks,
	}
	format := formatFlag(c, "text", "json")
	c.Flags().StringVar(&from, "from", "", "a network, a site, network/client, or an address")
	c.Flags().StringVar(&to, "to", "", "the name that is asked for")
	c.Flags().BoolVar(&all, "all", false, "every link with every name")
	_ = c.RegisterFlagCompletionFunc("from", a.completeNodes)
	_ = c.RegisterFlagCompletionFunc("to", a.completeNames)
	c.RunE = func(_ *cobra.Command, args []string) error {
		switch {
		case all && (from != "" || to != ""):
			return hinted(fmt.Errorf("--all goes without --from and --to"), "leave one or the other out")
		case !all && (from == "" || to == ""):
			return hinted(fmt.Errorf("trace needs --from and --to, or --all"), "%s", c.Example[2:])
		}
		s, err := a.drawn(args[0])
		if err != nil {
			return err
		}
		if all {
			return a.matrix(s, *format)
		}
		return a.trace(s, from, to, *format)
	}
	return c
}

func (a *app) trace(s *stack, from, to, format string) error {
	t, err := prove.TraceName(s.Plan, from, to)
	if err != nil {
		return hinted(err, "`obslink trace %s --all` lists links and names", s.Stack)
	}
	if format == "json" {
		err = report.JSON(a.out, report.TraceJSON{Version: 1, Stack: s.Stack, Trace: t})
	} else {
		report.Trace(a.out, t, a.style(a.out))
	}
	if err == nil && t.Break != nil {
		err = quietError{exitFailed}
	}
	return err
}

func (a *app) matrix(s *stack, format string) error {
	m := prove.MatrixOf(s.Plan)
	var err error
	if format == "json" {
		err = report.JSON(a.out, report.MatrixJSON{Version: 1, Stack: s.Stack, Matrix: m})
	} else {
		report.Matrix(a.out, m, a.style(a.out))
	}
	if err == nil && m.Broken > 0 {
		err = quietError{exitFailed}
	}
	return err
}

// completeNodes offers the networks and sites of the stack.
func (a *app) completeNodes(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	var all []string
	if s := completing(args); s != nil {
		for _, n := range s.Plan.Graph.Networks {
			all = append(all, n.Name)
		}
		for _, site := range s.Plan.Graph.Sites {
			all = append(all, site.Name)
		}
	}
	return all, cobra.ShellCompDirectiveNoFileComp
}

// completeNames offers the names that clients ask for.
func (a *app) completeNames(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	var all []string
	if s := completing(args); s != nil {
		for _, n := range s.Plan.Names {
			all = append(all, n.FQDN)
		}
	}
	return all, cobra.ShellCompDirectiveNoFileComp
}

// completing is the stack of a command line that is being typed, or nil.
func completing(args []string) *stack {
	if len(args) == 0 {
		return nil
	}
	s, err := compiled(args[0])
	if err != nil || s.Plan == nil {
		return nil
	}
	return s
}
