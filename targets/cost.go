package targets

import (
	"github.com/obslink/obslink/compiler/cost"
	"github.com/obslink/obslink/compiler/plan"
)

// Cost says what a plan costs in all clouds.
func Cost(p *plan.Plan) *cost.Sheet {
	var counted []cost.Counted
	for _, target := range All {
		counted = append(counted, target.Cost(p))
	}
	return cost.Of(p, counted)
}
