// Package severity lets a topology say what a finding counts as, by its code: more than usual, less,
// or acknowledged. Nothing is made milder without a reason, and an error without which there is no
// plan stays one. An acknowledged finding is kept and carries its reason; nothing is dropped.
package severity

import (
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

// Apply returns found with the severities that the topology asks for. What Check refuses changes
// nothing. codes are all codes that found may hold.
func Apply(t *topology.Topology, found diag.List, codes []diag.Code) diag.List {
	if len(t.Severities) == 0 {
		return found
	}
	known := byID(codes)
	found = slices.Clone(found)
	for i, d := range found {
		asked, ok := t.Severities[d.Code]
		code, isKnown := known[d.Code]
		if !ok || !isKnown || refusal(code, asked) != nil {
			continue
		}
		found[i].Severity = diag.Severity(asked.Level)
		found[i].Reason = strings.TrimSpace(asked.Reason)
	}
	return found
}

// refusal is the code of what is wrong with a severity that is asked for; nil where nothing is.
func refusal(code diag.Code, asked topology.Severity) *diag.Code {
	milder := diag.Severity(asked.Level).MilderThan(code.Severity)
	switch {
	case milder && !code.CanBeMilder():
		return &stays
	case milder && strings.TrimSpace(asked.Reason) == "":
		return &noReason
	case diag.Severity(asked.Level) == code.Severity:
		return &changesNothing
	}
	return nil
}

func byID(codes []diag.Code) map[string]diag.Code {
	known := make(map[string]diag.Code, len(codes))
	for _, c := range codes {
		known[c.ID] = c
	}
	return known
}
