package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/obslink/obslink/internal/deploy"
	"github.com/obslink/obslink/internal/report"
)

// engineFlags are the flags of every verb that runs the Pulumi engine.
type engineFlags struct {
	sandbox  bool
	detailed bool
	format   *string
	// before says what a person sees to first, once the changes are printed.
	before bool
	// after says more to a person once the counts are printed.
	after func(context.Context, *deploy.Runner, *stack) error
}

// engineCommand is a verb that runs the engine on one stack.
func (a *app) engineCommand(c *cobra.Command, f *engineFlags, run func(context.Context, *deploy.Runner, *stack, deploy.Observer) (deploy.Summary, error)) *cobra.Command {
	c.Args = oneStack
	c.ValidArgsFunction = completeStacks
	c.Flags().BoolVar(&f.sandbox, "sandbox", false, "use the simulated clouds in this process instead of AWS and Azure")
	f.format = formatFlag(c, "text", "json")
	c.RunE = func(c *cobra.Command, args []string) error {
		s, err := a.plan(args[0])
		if err != nil {
			return err
		}
		show := a.newProgress(c.Name(), s.Stack, f.sandbox)
		runner := deploy.New(deploy.Options{})
		summary, err := run(c.Context(), runner, s, show.hear)
		show.end()
		if err != nil {
			return err
		}
		if *f.format == "json" {
			if err := report.JSON(a.out, runDocument{Version: 1, Stack: s.Stack, Sandbox: f.sandbox, Operation: c.Name(), Summary: summary}); err != nil {
				return err
			}
		} else {
			changes(a.out, c.Name() == "preview", summary, a.style(a.out))
			if f.before {
				report.Needs(a.out, s.Plan, a.style(a.out))
			}
			if f.after != nil {
				if err := f.after(c.Context(), runner, s); err != nil {
					return err
				}
			}
		}
		if f.detailed && !summary.Empty() {
			return quietError{exitDifference}
		}
		return nil
	}
	return c
}

func (a *app) previewCommand() *cobra.Command {
	f := &engineFlags{before: true}
	c := &cobra.Command{
		Use:     "preview STACK",
		Short:   "say what `up` would change",
		Example: "  obslink preview prod --sandbox\n  obslink preview prod --detailed-exitcode",
	}
	c.Flags().BoolVar(&f.detailed, "detailed-exitcode", false, "exit status 2 if there are changes")
	return a.engineCommand(c, f, func(ctx context.Context, r *deploy.Runner, s *stack, o deploy.Observer) (deploy.Summary, error) {
		return r.Preview(ctx, s.deployable(f.sandbox), o)
	})
}

func (a *app) upCommand() *cobra.Command {
	f := &engineFlags{}
	c := &cobra.Command{
		Use:     "up STACK",
		Short:   "make the clouds what the topology says",
		Example: "  obslink up prod --sandbox\n  obslink up prod",
	}
	f.after = func(ctx context.Context, r *deploy.Runner, s *stack) error { return a.built(ctx, r, s, f.sandbox) }
	return a.engineCommand(c, f, func(ctx context.Context, r *deploy.Runner, s *stack, o deploy.Observer) (deploy.Summary, error) {
		return r.Up(ctx, s.deployable(f.sandbox), o)
	})
}

func (a *app) refreshCommand() *cobra.Command {
	f := &engineFlags{}
	c := &cobra.Command{
		Use:     "refresh STACK",
		Short:   "make the state what the clouds say",
		Long:    "The program runs too, so that look-ups of existing objects are fresh.",
		Example: "  obslink refresh prod --sandbox",
	}
	c.Flags().BoolVar(&f.detailed, "detailed-exitcode", false, "exit status 2 if the clouds differ from the state")
	return a.engineCommand(c, f, func(ctx context.Context, r *deploy.Runner, s *stack, o deploy.Observer) (deploy.Summary, error) {
		return r.Refresh(ctx, s.deployable(f.sandbox), o)
	})
}

func (a *app) destroyCommand() *cobra.Command {
	f := &engineFlags{}
	unprotect := false
	c := &cobra.Command{
		Use:     "destroy STACK",
		Short:   "delete everything that the stack built",
		Long:    "A stack with `protect: true` is refused before anything is touched, unless --unprotect is given.",
		Example: "  obslink destroy dev --sandbox\n  obslink destroy prod --unprotect",
	}
	c.Flags().BoolVar(&unprotect, "unprotect", false, "destroy a protected stack")
	return a.engineCommand(c, f, func(ctx context.Context, r *deploy.Runner, s *stack, o deploy.Observer) (deploy.Summary, error) {
		return r.Destroy(ctx, s.deployable(f.sandbox), unprotect, o)
	})
}

// built prints where every name resolves now and what to do next.
func (a *app) built(ctx context.Context, r *deploy.Runner, s *stack, sandbox bool) error {
	outputs, err := r.Outputs(ctx, s.deployable(sandbox))
	if err != nil {
		return err
	}
	fmt.Fprintln(a.out)
	report.Names(a.out, s.Plan, outputs)
	flag := ""
	if sandbox {
		flag = " --sandbox"
	}
	for _, site := range s.Plan.Graph.Sites {
		fmt.Fprintf(a.errOut, "next: obslink export hosts %s --site %s%s\n", s.Stack, site.Name, flag)
		break
	}
	return nil
}
