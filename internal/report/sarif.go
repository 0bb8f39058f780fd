package report

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/obslink/obslink/compiler/diag"
)

// baseID names the repository's root, as GitHub's code scanning calls it.
const baseID = "%SRCROOT%"

// fingerprint names how a finding is known again: by its code, file, path in the data and message, so
// that it stays the same when lines move. GitHub adds one of its own, of the line's text.
const fingerprint = "obslinkFinding/v1"

// SARIF writes findings as SARIF 2.1.0, the same bytes for the same findings. codes are all that can
// be found: a run lists its rules whether or not they found something.
func SARIF(w io.Writer, stacks []StackFindings, codes []diag.Code, version string) error {
	codes = slices.Clone(codes)
	slices.SortFunc(codes, func(a, b diag.Code) int { return cmp.Compare(a.ID, b.ID) })
	run := sarifRun{
		Tool:               sarifTool{Driver: sarifDriver{Name: "obslink", Version: version, Rules: rules(codes)}},
		OriginalURIBaseIDs: map[string]sarifArtifact{baseID: {Description: &sarifMessage{Text: "the root of the repository"}}},
		ColumnKind:         "utf16CodeUnits",
		Results:            []sarifResult{},
	}
	for _, f := range merged(stacks) {
		run.Results = append(run.Results, result(f, codes))
	}
	return JSON(w, sarifLog{Schema: sarifSchema, Version: "2.1.0", Runs: []sarifRun{run}})
}

func rules(codes []diag.Code) []sarifRule {
	all := make([]sarifRule, len(codes))
	for i, c := range codes {
		all[i] = sarifRule{
			ID:                   c.ID,
			ShortDescription:     sarifText{Text: c.Title},
			FullDescription:      sarifText{Text: c.Cause},
			Help:                 sarifText{Text: c.Cause + "\n\nWrong:\n" + c.Example + "\n\nRight:\n" + c.Mend, Markdown: explanation(c)},
			DefaultConfiguration: sarifConfiguration{Level: string(c.Severity)},
		}
	}
	return all
}

func result(f *finding, codes []diag.Code) sarifResult {
	r := sarifResult{
		RuleID:              f.Code,
		Level:               string(f.Severity),
		Message:             sarifMessage{Text: sarifTextOf(f)},
		Locations:           []sarifLocation{},
		PartialFingerprints: map[string]string{fingerprint: fingerprintOf(f)},
		Suppressions:        []sarifSuppression{},
		Properties:          sarifProperties{Hint: f.Hint, Reason: f.Reason, Stacks: f.stacks},
	}
	i, known := slices.BinarySearchFunc(codes, f.Code, func(c diag.Code, id string) int { return cmp.Compare(c.ID, id) })
	if known {
		r.RuleIndex = &i
	}
	if f.Severity == diag.Acknowledged {
		r.Suppressions = []sarifSuppression{{Kind: "inSource", Status: "accepted", Justification: f.Reason}}
		r.Level = string(diag.Error)
		if known {
			r.Level = string(codes[i].Severity)
		}
	}
	at := sarifLocation{PhysicalLocation: physical(f.place)}
	if f.Path != "" {
		at.LogicalLocations = []sarifLogical{{FullyQualifiedName: f.Path}}
	}
	if at.PhysicalLocation != nil || at.LogicalLocations != nil {
		r.Locations = append(r.Locations, at)
	}
	for i, note := range f.remarks {
		r.RelatedLocations = append(r.RelatedLocations, sarifLocation{
			ID: i + 1, PhysicalLocation: physical(note.place), Message: &sarifMessage{Text: note.message},
		})
	}
	return r
}

// sarifTextOf is the message: a sentence, since viewers show the first one by itself, then the hint, then
// the notes as links to the related locations, since GitHub shows no others. The standard wants braces
// doubled (3.11.5), but viewers undo that only in messages with arguments, and ours have none: a hint
// with {{…}} would be typed as it stands.
func sarifTextOf(f *finding) string {
	text := f.Message
	if !strings.HasSuffix(text, ".") && !strings.HasSuffix(text, "?") {
		text += "."
	}
	if f.Hint != "" {
		text += "\nhint: " + f.Hint
	}
	for i, note := range f.remarks {
		if note.file == "" {
			text += "\nnote: " + note.message
		} else {
			text += "\nnote: [" + inLink.Replace(note.message) + "](" + strconv.Itoa(i+1) + ")"
		}
	}
	return text
}

var inLink = strings.NewReplacer(`\`, `\\`, `[`, `\[`, `]`, `\]`)

func fingerprintOf(f *finding) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{f.Code, f.file, f.Path, f.Message}, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// physical is nil for a place without a file, and has no region where only the file is known.
func physical(p place) *sarifPhysical {
	if p.file == "" {
		return nil
	}
	at := &sarifPhysical{ArtifactLocation: artifact(p.file)}
	if p.line > 0 {
		at.Region = &sarifRegion{StartLine: p.line, StartColumn: p.column}
		if p.end > 0 {
			at.Region.EndLine, at.Region.EndColumn = p.line, p.end
		}
	}
	return at
}

func artifact(file string) sarifArtifact {
	switch {
	case drive.MatchString(file):
		return sarifArtifact{URI: (&url.URL{Scheme: "file", Path: "/" + file}).String()}
	case absolute(file):
		return sarifArtifact{URI: (&url.URL{Scheme: "file", Path: file}).String()}
	}
	return sarifArtifact{URI: (&url.URL{Path: file}).String(), URIBaseID: baseID}
}
