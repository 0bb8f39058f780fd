package severity

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var (
	unknownCode = diag.Code{
		ID: "OBS221", Severity: diag.Error, Title: "a severity for a code that no check has",
		Cause:   "Only what `obslink check` finds can be given another severity, by the code that it prints.",
		Example: `severities: OBS6511: {level: "warning", reason: "…"}`,
		Mend:    `severities: OBS651: {level: "warning", reason: "…"}`,
	}
	noReason = diag.Code{
		ID: "OBS222", Severity: diag.Error, Title: "a finding is made milder without a reason",
		Cause:   "Whoever meets the finding later needs to know why it was accepted, and when that ends.",
		Example: `severities: OBS651: level: "acknowledged"`,
		Mend:    `severities: OBS651: {level: "acknowledged", reason: "no other server of this VPC sends to Datadog; asked in week 34"}`,
	}
	stays = diag.Code{
		ID: "OBS223", Severity: diag.Error, Title: "an error that cannot be made milder",
		Cause:   "Without the mend there is nothing to build: a reference leads nowhere, two ranges overlap. Only judgements on a topology that could be built can be accepted.",
		Example: `severities: OBS211: {level: "acknowledged", reason: "the overlap is known"}`,
		Mend:    "remove the severity and mend what the code speaks of",
	}
	changesNothing = diag.Code{
		ID: "OBS224", Severity: diag.Warning, Title: "a severity that changes nothing",
		Cause:   "The code has this severity by itself. Whoever wrote it may have meant another level or another code.",
		Example: `severities: OBS654: level: "warning"`,
		Mend:    `severities: OBS654: level: "error" // or remove it`,
	}
)

// Codes are what Check reports.
var Codes = []diag.Code{unknownCode, noReason, stays, changesNothing}

// Check judges the severities that a topology asks for. codes are those that may be named.
func Check(t *topology.Topology, codes []diag.Code) diag.List {
	var found diag.List
	known := byID(codes)
	for id, asked := range topology.Sorted(t.Severities) {
		path := "severities." + diag.Step(id)
		code, ok := known[id]
		if !ok {
			found = append(found, unknown(t, path, id, slices.Sorted(maps.Keys(known))))
			continue
		}
		level := path + ".level"
		switch refusal(code, asked) {
		case &stays:
			found = append(found, stays.At(t.At(level), level, "%s (%s) always is an error", id, code.Title).
				WithHint("mend what it speaks of; `obslink explain %s` shows how", id))
		case &noReason:
			found = append(found, noReason.At(t.At(level), level, "%s counts as %q by itself, and no reason says why it is milder here", id, code.Severity).
				WithHint(`add reason: "…"`))
		case &changesNothing:
			found = append(found, changesNothing.At(t.At(level), level, "%s counts as %q by itself", id, code.Severity).
				WithHint("remove it, or write another level"))
		}
	}
	return found
}

func unknown(t *topology.Topology, path, id string, ids []string) diag.Diagnostic {
	d := unknownCode.At(t.At(path), path, "no check has the code %q", id)
	wanted := strings.ToUpper(id)
	if number, ok := strings.CutPrefix(wanted, "OBS"); ok {
		wanted = "OBS" + looksLike.Replace(number)
	}
	if near := diag.DidYouMean(wanted, ids); near != "" && !digits.MatchString(id) {
		return d.WithHint("did you mean %q?", near)
	}
	return d.WithHint("`obslink explain` lists the codes")
}

// looksLike are letters that are read as digits.
var looksLike = strings.NewReplacer("O", "0", "I", "1", "L", "1")

// digits is a well-formed code: the nearest other one has another meaning and would be no guess.
var digits = regexp.MustCompile(`^OBS\d{3}$`)
