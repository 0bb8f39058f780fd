package cli

import (
	"bytes"
	"context"

	"github.com/spf13/cobra"

	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/internal/deploy"
	"github.com/obslink/obslink/internal/report"
)

func (a *app) outputsCommand() *cobra.Command {
	sandbox, file := false, ""
	c := &cobra.Command{
		Use:               "outputs STACK",
		Short:             "print the names and addresses of a deployed stack",
		Example:           "  obslink outputs prod --sandbox\n  obslink outputs prod --format json -o prod.outputs.json",
		Args:              oneStack,
		ValidArgsFunction: completeStacks,
	}
	c.Flags().BoolVar(&sandbox, "sandbox", false, "of the simulated clouds")
	c.Flags().StringVarP(&file, "output", "o", "", "write the JSON document to this file")
	format := formatFlag(c, "text", "json")
	c.RunE = func(c *cobra.Command, args []string) error {
		s, err := a.plan(args[0])
		if err != nil {
			return err
		}
		outputs, err := a.outputs(c.Context(), s, sandbox)
		if err != nil {
			return err
		}
		if *format == "text" && file == "" {
			report.Names(a.out, s.Plan, outputs)
			return nil
		}
		var b bytes.Buffer
		if err := report.JSON(&b, outputs); err != nil {
			return err
		}
		if file != "" {
			return a.write(file, b.Bytes())
		}
		_, err = a.out.Write(b.Bytes())
		return err
	}
	return c
}

// outputs reads a deployed stack's outputs and resolves its names.
func (a *app) outputs(ctx context.Context, s *stack, sandbox bool) (*plan.Outputs, error) {
	outputs, err := deploy.New(deploy.Options{}).Outputs(ctx, s.deployable(sandbox))
	if err != nil {
		return nil, err
	}
	outputs.Names, _ = plan.Resolve(s.Plan, outputs, "", nil)
	return outputs, nil
}
