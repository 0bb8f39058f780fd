package register

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// EarlierFunction is the engine's own look-up of a stack's outputs.
const EarlierFunction = "pulumi:pulumi:readStackOutputs"

// Earlier are the outputs that the last run of this stack left; none where there was no such run.
func Earlier(ctx *pulumi.Context) (map[string]any, error) {
	args := struct {
		Name string `pulumi:"name"`
	}{ctx.Organization() + "/" + ctx.Project() + "/" + ctx.Stack()}
	var result struct {
		Outputs map[string]any `pulumi:"outputs"`
	}
	err := ctx.Invoke(EarlierFunction, &args, &result)
	return result.Outputs, err
}
