// Command obslink-program makes an obslink project a project of the stock Pulumi CLI too: the Go
// language host starts it for `pulumi up --stack NAME`, and it registers what stacks/NAME compiles
// to. `obslink up` runs the same program without it.
package main

import (
	"os"
	"path"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/internal/deploy"
	"github.com/obslink/obslink/targets"
)

func main() {
	deploy.RunHosted(func(root, stack string) (*plan.Plan, diag.List) {
		compiled := compile.Stack(os.DirFS(root), path.Join("stacks", stack), targets.All)
		return compiled.Plan, compiled.Found
	})
}
