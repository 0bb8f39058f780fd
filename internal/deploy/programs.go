package deploy

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/targets/aws"
	awsprogram "github.com/obslink/obslink/targets/aws/program"
	"github.com/obslink/obslink/targets/azure"
	azureprogram "github.com/obslink/obslink/targets/azure/program"
)

// program is what a target brings: how to start a run, and what that run will ask of the cloud.
type program struct {
	start       func(*pulumi.Context, *plan.Plan) (phases, error)
	assumptions func(*plan.Plan) []manifest.Assumption
	// blame is the path of what a refusal of a resource is about; "" where that is the resource itself.
	blame func(p *plan.Plan, resource string, origin plan.Origin, answer string) string
	// temporary are the parts that go once others are there, by name; nil where a target has none.
	temporary func(*plan.Plan) map[string]plan.Temporary
}

// phases are what remains of a run after its providers are registered.
type phases interface {
	// Lookups asks for every existing object and returns all that differs from the plan.
	Lookups() diag.List
	// Register registers every part; it is called only when no target's look-ups found anything.
	Register() error
}

// programs is the one list of programs; a test holds its keys against targets.go.
var programs = map[string]program{
	aws.Name: {
		start: func(ctx *pulumi.Context, p *plan.Plan) (phases, error) { return awsprogram.Start(ctx, p) },
		assumptions: func(p *plan.Plan) []manifest.Assumption {
			return awsprogram.Assumptions(awsprogram.Parts(p))
		},
		blame:     aws.Blame,
		temporary: aws.Temporary,
	},
	azure.Name: {
		start: func(ctx *pulumi.Context, p *plan.Plan) (phases, error) { return azureprogram.Start(ctx, p) },
		assumptions: func(p *plan.Plan) []manifest.Assumption {
			return azureprogram.Assumptions(azureprogram.Parts(p))
		},
		blame: azure.Blame,
	},
}

// used are the programs of the plan's targets, in the order of the targets' names.
func used(p *plan.Plan) []program {
	var list []program
	for _, target := range slices.Sorted(maps.Keys(p.Parts)) {
		program, found := programs[target]
		if !found {
			panic(fmt.Sprintf("target %q has no program; this is a bug in obslink", target))
		}
		list = append(list, program)
	}
	return list
}

// Disagreement says that existing objects are not what the topology says. Nothing was registered but
// providers.
type Disagreement struct{ Diagnostics diag.List }

func (d *Disagreement) Error() string {
	lines := make([]string, len(d.Diagnostics))
	for i, diagnostic := range d.Diagnostics {
		lines[i] = diagnostic.Message
	}
	return strings.Join(lines, "\n")
}

// Run is the whole Pulumi program of a plan: the providers of all targets, then the look-ups of all
// targets, judged at once, then the registrations. A *Disagreement survives errors.As in this process
// only; the engine passes on its text.
func Run(ctx *pulumi.Context, p *plan.Plan) error {
	var runs []phases
	for _, program := range used(p) {
		run, err := program.start(ctx, p)
		if err != nil {
			return err
		}
		runs = append(runs, run)
	}
	var found diag.List
	for _, run := range runs {
		found = append(found, run.Lookups()...)
	}
	if len(found) > 0 {
		return &Disagreement{found.Sorted()}
	}
	for _, run := range runs {
		if err := run.Register(); err != nil {
			return err
		}
	}
	head := pulumi.Map{
		"version":    pulumi.Int(plan.OutputsVersion),
		"stack":      pulumi.String(p.Stack),
		"planDigest": pulumi.String(p.Digest()),
		"protect":    pulumi.Bool(p.Protect),
	}
	if len(p.Served) > 0 {
		head[servedExport] = pulumi.ToStringMap(p.Served)
	}
	ctx.Export(planExport, head)
	return nil
}

// planExport is the stack output that says which plan the other outputs belong to. No part has that
// name: a part's name begins with its kind and a "_".
const planExport = "obslink"

// servedExport is the field of it with the temporary parts that were left out.
const servedExport = "served"
