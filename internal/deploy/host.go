package deploy

import (
	"cmp"
	"errors"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/targets/register"
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
		if err == nil {
			err = warnOfPass(ctx, p)
		}
		if disagreement, ok := errors.AsType[*Disagreement](err); ok {
			return &Failure{disagreement.Diagnostics}
		}
		return err
	})
}

// warnOfPass tells who runs the stock CLI, which makes one pass at a time, to run it again.
func warnOfPass(ctx *pulumi.Context, p *plan.Plan) error {
	names := wanted(p)
	if len(names) == 0 {
		return nil
	}
	earlier, err := register.Earlier(ctx)
	if err != nil || len(known(p, earlier)) == len(names) {
		return err
	}
	return ctx.Log.Warn("run `pulumi up` a second time: it says names that the cloud makes up in the first, here "+strings.Join(names, ", ")+
		". Until then the access modes of these endpoints are those of their scope. `obslink up` makes both passes", nil)
}
