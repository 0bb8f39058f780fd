package check

import (
	"strings"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var noReason = diag.Code{
	ID: "OBS238", Severity: diag.Error, Title: "something is accepted without a reason",
	Cause:   "`acknowledge` is read by whoever meets the consequence; an empty reason tells them nothing.",
	Example: `tokyo: acknowledge: dd: reason: ""`,
	Mend:    `tokyo: acknowledge: dd: reason: "all servers of this network run the Agent"`,
}

// acknowledgements checks that what is accepted says why.
func acknowledgements(t *topology.Topology) diag.List {
	var found diag.List
	for key, n := range topology.Sorted(t.Networks) {
		for backend, a := range topology.Sorted(n.Acknowledge) {
			if at := "networks." + key + ".acknowledge." + backend + ".reason"; strings.TrimSpace(a.Reason) == "" {
				found = append(found, noReason.At(t.At(at), at, "the reason for %q in network %q is empty", backend, key).
					WithHint("say why no server of %q is harmed", key))
			}
		}
	}
	return found
}
