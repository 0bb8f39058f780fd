package deploy

import (
	"os"
	"slices"
	"testing"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/targets"
	"github.com/obslink/obslink/targets/aws"
	"github.com/obslink/obslink/targets/azure"
)

// TestWorkedExampleHasNoTraps records what lowering really makes, not the plans of seeds_test.go.
func TestWorkedExampleHasNoTraps(t *testing.T) {
	rules := slices.Concat(manifest.Rules, aws.LintRules, azure.LintRules)
	for _, stack := range []string{"stacks/prod", "stacks/dev"} {
		result := compile.Stack(os.DirFS("../.."), stack, targets.All)
		if result.Plan == nil {
			t.Fatalf("%s: %v", stack, result.Found)
		}
		m := record(t, result.Plan)
		if len(m.Resources) < 10 {
			t.Errorf("%s: only %d resources", stack, len(m.Resources))
		}
		for _, finding := range manifest.Lint(m, rules) {
			t.Errorf("%s: %s", stack, finding)
		}
	}
}
