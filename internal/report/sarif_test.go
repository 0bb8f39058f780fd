package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf16"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/obslink/obslink/compiler/diag"
)

var testCodes = []diag.Code{
	{ID: "OBS903", Severity: diag.Warning, Title: "a warning", Cause: "It may hurt.", Example: "a: 1", Mend: "a: 2"},
	{ID: "OBS901", Severity: diag.Error, Title: "an error", Cause: "It hurts.", Example: "x: {y: 1}", Mend: "x: y: 2"},
	{ID: "OBS902", Severity: diag.Error, Judgement: true, Title: "a judgement", Cause: "It will hurt.", Example: "b: 1", Mend: "b: 2"},
}

// testFiles hold what positions may meet: other letters than ASCII, tabs, line ends of two bytes, no
// end of line at the end, odd names, nothing at all.
var testFiles = fstest.MapFS{
	"stacks/base.cue":          {Data: []byte("package stack\n\tgrün: \"日本 𝒳\", next: 1\r\nlast: {")},
	"stacks/ä b:#?%/a,b:c.cue": {Data: []byte("x: 1\n")},
	"a:b.cue":                  {Data: []byte("x: 1\n")},
	"empty.cue":                {Data: nil},
}

func posAt(file string, line, column int) diag.Pos {
	return diag.Pos{File: file, Line: line, Column: column}
}

// testStacks are two stacks of one project and one that lies outside of the repository.
func testStacks() []StackFindings {
	root := Root{Files: testFiles, Path: "infra"}
	shared := testCodes[1].At(posAt("stacks/base.cue", 2, 9), "links.a", `"日本 𝒳" [0](1) is wrong`).
		WithHint("write {x: 1}\nor 100%%").WithNote(posAt("stacks/base.cue", 3, 1), "the [other] one").WithNote(diag.Pos{}, "a thought")
	mild := testCodes[2].At(posAt("stacks/base.cue", 2, 30), "links.b", "shared, milder in one")
	milder := mild
	milder.Severity, milder.Reason = diag.Acknowledged, "accepted\n  in May"
	only := testCodes[0].At(posAt("stacks/ä b:#?%/a,b:c.cue", 1, 1), "", "acknowledged")
	only.Severity, only.Reason = diag.Acknowledged, "why, though: 100%"
	raised := testCodes[0].At(posAt("a:b.cue", 1, 4), "x", "raised")
	raised.Severity, raised.Reason = diag.Error, "we mean it"
	return []StackFindings{
		NewStackFindings("dev", diag.List{shared, milder, only}, root),
		NewStackFindings("prod", diag.List{
			shared.WithNote(posAt("stacks/prod/missing.cue", 4, 2), "in prod"), mild, raised,
			testCodes[1].At(posAt("stacks/base.cue", 9, 4), "", "behind the end of the file"),
			testCodes[1].At(posAt("empty.cue", 1, 1), "", "in an empty file"),
			testCodes[1].At(posAt("stacks/prdo", 0, 0), "", "a folder"),
			testCodes[1].At(diag.Pos{}, "networks.hub", "a path only"),
			testCodes[1].At(diag.Pos{}, "", "nothing but a message"),
			{Code: "OBS999", Severity: diag.Error, Message: "of a code that is not listed?"},
		}, root),
		NewStackFindings("else", diag.List{testCodes[1].At(posAt("a:b.cue", 1, 1), "", "elsewhere")}, Root{Files: testFiles, Path: "/mnt/other one"}),
	}
}

func sarifOf(t *testing.T, stacks []StackFindings) (sarifLog, []byte) {
	t.Helper()
	var b bytes.Buffer
	if err := SARIF(&b, stacks, testCodes, "v1"); err != nil {
		t.Fatal(err)
	}
	var log sarifLog
	d := json.NewDecoder(bytes.NewReader(b.Bytes()))
	d.DisallowUnknownFields()
	if err := d.Decode(&log); err != nil {
		t.Fatal(err)
	}
	return log, b.Bytes()
}

// validate holds a document against the schema that OASIS published.
func validate(t *testing.T, document []byte) error {
	t.Helper()
	raw, err := os.Open("testdata/sarif/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	schema, err := jsonschema.UnmarshalJSON(raw)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource(sarifSchema, schema); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile(sarifSchema)
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
	if err != nil {
		t.Fatal(err)
	}
	return compiled.Validate(value)
}

func TestSARIFFitsSchema(t *testing.T) {
	for name, stacks := range map[string][]StackFindings{"nothing": nil, "fine": {NewStackFindings("dev", nil, Root{})}, "much": testStacks()} {
		_, raw := sarifOf(t, stacks)
		if err := validate(t, raw); err != nil {
			t.Errorf("%s: %v\n%s", name, err, raw)
		}
	}
	_, raw := sarifOf(t, testStacks())
	for _, broken := range [][2]string{{`"level": "error"`, `"level": "acknowledged"`}, {`"startLine": 2`, `"startLine": 0`}, {`"kind": "inSource"`, `"kind": "topology"`}, {`"results"`, `"found"`}} {
		if validate(t, bytes.Replace(raw, []byte(broken[0]), []byte(broken[1]), 1)) == nil {
			t.Errorf("the schema does not mind %s", broken[1])
		}
	}
}

// What the standard and GitHub ask for beyond the schema.
func TestSARIFRules(t *testing.T) {
	log, _ := sarifOf(t, testStacks())
	run := log.Runs[0]
	for i, rule := range run.Tool.Driver.Rules {
		if i > 0 && run.Tool.Driver.Rules[i-1].ID >= rule.ID {
			t.Error("rules are not in order")
		}
		if rule.ShortDescription.Text == "" || rule.FullDescription.Text == "" || rule.Help.Text == "" || rule.Help.Markdown == "" || rule.DefaultConfiguration.Level == "" {
			t.Errorf("%s is not complete", rule.ID)
		}
	}
	prints := map[string]bool{}
	for _, r := range run.Results {
		if r.RuleIndex == nil != (r.RuleID == "OBS999") {
			t.Errorf("%s: index %v", r.RuleID, r.RuleIndex)
		}
		if r.RuleIndex != nil && run.Tool.Driver.Rules[*r.RuleIndex].ID != r.RuleID {
			t.Errorf("%s has the index of %s", r.RuleID, run.Tool.Driver.Rules[*r.RuleIndex].ID)
		}
		if first, _, _ := strings.Cut(r.Message.Text, "\n"); !strings.HasSuffix(first, ".") && !strings.HasSuffix(first, "?") {
			t.Errorf("%q is no sentence", first)
		}
		if r.Suppressions == nil {
			t.Errorf("%q does not say whether it is suppressed", r.Message.Text)
		}
		if p := r.PartialFingerprints[fingerprint]; p == "" || prints[p] {
			t.Errorf("%q has no fingerprint of its own", r.Message.Text)
		} else {
			prints[p] = true
		}
		places := append([]sarifLocation{}, r.Locations...)
		for i, l := range append(places, r.RelatedLocations...) {
			if i >= len(places) && l.ID != i-len(places)+1 {
				t.Errorf("related location %d has id %d", i-len(places), l.ID)
			}
			if l.PhysicalLocation != nil {
				inRepository(t, run, *l.PhysicalLocation)
			}
		}
	}
}

// inRepository checks that a place is a valid relative reference below the base (or an absolute URI
// without a base) and lies in the file, in the units that the run counts in.
func inRepository(t *testing.T, run sarifRun, p sarifPhysical) {
	t.Helper()
	u, err := url.Parse(p.ArtifactLocation.URI)
	if err != nil || u.Fragment != "" || u.RawQuery != "" {
		t.Fatalf("%q: %v", p.ArtifactLocation.URI, err)
	}
	if u.IsAbs() != (p.ArtifactLocation.URIBaseID == "") || !u.IsAbs() && (strings.HasPrefix(u.Path, "/") || strings.Contains(u.Path, "..")) {
		t.Errorf("%+v", p.ArtifactLocation)
	}
	if _, ok := run.OriginalURIBaseIDs[p.ArtifactLocation.URIBaseID]; !u.IsAbs() && !ok {
		t.Errorf("nothing says what %q is", p.ArtifactLocation.URIBaseID)
	}
	name := strings.TrimPrefix(strings.TrimPrefix(u.Path, "infra/"), "/mnt/other one/")
	file, ok := testFiles[name]
	if !ok || p.Region == nil || len(file.Data) == 0 {
		return
	}
	lines := strings.Split(strings.ReplaceAll(string(file.Data), "\r\n", "\n"), "\n")
	r := p.Region
	if r.StartLine > len(lines) || r.StartColumn > len(utf16.Encode([]rune(lines[r.StartLine-1])))+1 || r.EndColumn > len(utf16.Encode([]rune(lines[r.StartLine-1])))+1 {
		t.Errorf("%s: %+v is not in the file", name, r)
	}
}

func TestSARIFResults(t *testing.T) {
	log, _ := sarifOf(t, testStacks())
	byMessage := map[string]sarifResult{}
	for _, r := range log.Runs[0].Results {
		first, _, _ := strings.Cut(r.Message.Text, "\n")
		if _, twice := byMessage[first]; twice {
			t.Errorf("%q is there twice", first)
		}
		byMessage[first] = r
	}
	shared := byMessage[`"日本 𝒳" [0](1) is wrong.`]
	if want := "\"日本 𝒳\" [0](1) is wrong.\nhint: write {x: 1}\nor 100%\nnote: [the \\[other\\] one](1)\nnote: a thought\nnote: [in prod](3)"; shared.Message.Text != want {
		t.Errorf("%q\n%q", shared.Message.Text, want)
	}
	if !reflect.DeepEqual(shared.Properties.Stacks, []string{"dev", "prod"}) || len(shared.RelatedLocations) != 3 {
		t.Errorf("%+v", shared)
	}
	for first, want := range map[string]string{
		`"日本 𝒳" [0](1) is wrong.`:     "infra/stacks/base.cue %SRCROOT% 2:8-2:15",
		"shared, milder in one.":      "infra/stacks/base.cue %SRCROOT% 2:23-2:24",
		"behind the end of the file.": "infra/stacks/base.cue %SRCROOT% 3:8-0:0",
		"acknowledged.":               "infra/stacks/%C3%A4%20b:%23%3F%25/a,b:c.cue %SRCROOT% 1:1-1:2",
		"raised.":                     "infra/a:b.cue %SRCROOT% 1:4-1:5",
		"elsewhere.":                  "file:///mnt/other%20one/a:b.cue  1:1-1:2",
		"a folder.":                   "infra/stacks/prdo %SRCROOT% whole",
	} {
		p := byMessage[first].Locations[0].PhysicalLocation
		got := p.ArtifactLocation.URI + " " + p.ArtifactLocation.URIBaseID + " "
		if r := p.Region; r == nil {
			got += "whole"
		} else {
			got += fmt.Sprintf("%d:%d-%d:%d", r.StartLine, r.StartColumn, r.EndLine, r.EndColumn)
		}
		if got != want {
			t.Errorf("%s: %s, want %s", first, got, want)
		}
	}
	if r := byMessage["acknowledged."]; r.Level != "warning" || len(r.Suppressions) != 1 || r.Suppressions[0].Justification != "why, though: 100%" {
		t.Errorf("acknowledged: %+v", r)
	}
	if r := byMessage["shared, milder in one."]; r.Level != "error" || len(r.Suppressions) != 0 || r.Properties.Reason != "" {
		t.Errorf("what one stack acknowledges and another does not counts: %+v", r)
	}
	if r := byMessage["raised."]; r.Level != "error" || r.Properties.Reason != "we mean it" {
		t.Errorf("raised: %+v", r)
	}
	if uri := artifact("a:b.cue").URI; uri != "./a:b.cue" {
		t.Errorf("%s would have the scheme a", uri)
	}
	if uri := artifact("C:/x y/a.cue"); uri.URI != "file:///C:/x%20y/a.cue" || uri.URIBaseID != "" {
		t.Errorf("%+v", uri)
	}
}

// A finding is known again when lines move above it, and not taken for another.
func TestFingerprintStays(t *testing.T) {
	of := func(line int, path string) string {
		log, _ := sarifOf(t, []StackFindings{NewStackFindings("s", diag.List{testCodes[1].At(posAt("stacks/base.cue", line, 1), path, "m")}, Root{Files: testFiles})})
		return log.Runs[0].Results[0].PartialFingerprints[fingerprint]
	}
	if of(1, "a") != of(2, "a") {
		t.Error("it changes with the line")
	}
	if of(1, "a") == of(1, "b") {
		t.Error("two findings have one fingerprint")
	}
}
