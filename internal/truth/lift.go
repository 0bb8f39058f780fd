package truth

import (
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/targets"
)

// Lift rebuilds a world's graph from its manifest, as obslink does before it proves anything.
func (w *World) Lift() (plan.Graph, []string) { return targets.Lift(w.Manifest, w.Declared) }
