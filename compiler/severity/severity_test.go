package severity_test

import (
	"slices"
	"testing"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/severity"
	"github.com/obslink/obslink/compiler/topology"
)

var (
	judgement = diag.Code{ID: "OBS901", Severity: diag.Error, Judgement: true}
	hard      = diag.Code{ID: "OBS902", Severity: diag.Error}
	warning   = diag.Code{ID: "OBS903", Severity: diag.Warning}
)

func TestSeverity(t *testing.T) {
	const reason = "known since May"
	for _, c := range []struct {
		name    string
		code    diag.Code
		asked   topology.Severity
		want    diag.Severity
		refused string
	}{
		{"a judgement becomes a warning", judgement, topology.Severity{Level: "warning", Reason: reason}, diag.Warning, ""},
		{"a judgement is acknowledged", judgement, topology.Severity{Level: "acknowledged", Reason: reason}, diag.Acknowledged, ""},
		{"not without a reason", judgement, topology.Severity{Level: "acknowledged"}, diag.Error, "OBS222"},
		{"blanks are no reason", judgement, topology.Severity{Level: "warning", Reason: " \t"}, diag.Error, "OBS222"},
		{"an error without which there is no plan stays", hard, topology.Severity{Level: "acknowledged", Reason: reason}, diag.Error, "OBS223"},
		{"and stays", hard, topology.Severity{Level: "warning", Reason: reason}, diag.Error, "OBS223"},
		{"a warning becomes an error", warning, topology.Severity{Level: "error"}, diag.Error, ""},
		{"a warning is acknowledged", warning, topology.Severity{Level: "acknowledged", Reason: reason}, diag.Acknowledged, ""},
		{"nor without a reason", warning, topology.Severity{Level: "acknowledged"}, diag.Warning, "OBS222"},
		{"the same says nothing", warning, topology.Severity{Level: "warning"}, diag.Warning, "OBS224"},
	} {
		t.Run(c.name, func(t *testing.T) {
			codes := []diag.Code{judgement, hard, warning}
			in := &topology.Topology{Severities: map[string]topology.Severity{c.code.ID: c.asked}}
			var refused string
			for _, d := range severity.Check(in, codes) {
				refused += d.Code
			}
			if refused != c.refused {
				t.Errorf("refused with %q, want %q", refused, c.refused)
			}
			before := diag.List{c.code.At(diag.Pos{}, "", "m"), {Code: "OBS999", Severity: diag.Error}}
			kept := slices.Clone(before)
			after := severity.Apply(in, before, codes)
			if after[0].Severity != c.want || after[1].Severity != diag.Error {
				t.Errorf("%v, want %s and an error", after, c.want)
			}
			if changed := c.want != c.code.Severity; changed && after[0].Reason != c.asked.Reason || !changed && after[0].Reason != "" {
				t.Errorf("reason %q", after[0].Reason)
			}
			if before[0].Severity != kept[0].Severity {
				t.Error("the list that was given has changed")
			}
		})
	}
}
