package deploy

import (
	"cmp"
	"errors"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/plan"
)

// RunHosted is the whole of a program that the stock Pulumi Go host starts: it compiles the stack that
// the engine names and registers its plan. It ends the process when that fails.
func RunHosted(compile func(root, stack string) (*plan.Plan, diag.List)) {
	pulumi.Run(func(ctx *pulumi.Context) error {
		// An older host does not say where the project is, but starts the program there.
		p, found := compile(cmp.Or(ctx.RootDirectory(), "."), ctx.Stack())
		if p == nil {
			return &Failure{found}
		}
		if len(found) > 0 {
			if err := ctx.Log.Warn((&Failure{found}).Error(), nil); err != nil {
				return err
			}
		}
		err := Run(ctx, p)
		if disagreement, ok := errors.AsType[*Disagreement](err); ok {
			return &Failure{disagreement.Diagnostics}
		}
		return err
	})
}
