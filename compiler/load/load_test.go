package load_test

import (
	"math/rand"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/obslink/obslink/compiler/check"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/load"
	"github.com/obslink/obslink/compiler/topologytest"
	"github.com/obslink/obslink/targets"
)

// seeds are inputs that a fuzzer cannot guess: each kind of mistake once, and odd files.
var seeds = []string{
	"",
	"package stack\n",
	"package stack\nimport \"obslink.dev/schema\"\nschema.#Topology & {environment: \"t\"}\n",
	"package stack\nimport \"obslink.dev/schema\"\nx: schema.#Nothing\nschema.#Topology\n",
	"package stack\nenvironment: \"t\"\nenvironment: \"u\"\nlinks: a: {from: 3}\n",
	"package stack\nenvironment: x\n_x: environment\n",
	"package stack\nenvironment: \"t\"\nnetworks: {for i in [1, 2] {\"n\\(i)\": {cidrs: i}}}\n",
	"package stack\nenvironment: \"t\"\nsites: [string]: cidrs: [\"10.0.0.0/8\"]\nsites: a: {}\n",
	"package stack\nenvironment: \"t\"\n#B: {account: \"m\"}\nnetworks: a: #B & {cidr: 1}\n",
	"package stack\nimport \"list\"\nenvironment: \"t\"\nnetworks: a: cidrs: list.Repeat([1], 3)\n",
	"package stack\nenvironment: *\"t\" | string\nprotect: bool | *true\n",
	"package stack\n\"a.b\": \"c[0]\": d: _|_\n",
	"package stack\nenvironment: \"t\" @attr(x)\nlinks: \"\": {}\n",
	"package stack\nimport \"strings\"\nenvironment: strings.Repeat(\"a\", 3)\n",
	"package stack\nlet x = {x}\nenvironment: x\n",
	`{"environment": "t", "accounts": {"m": {"aws": {"id": null}}}}`,
	`{"environment": "t", "environment": "u"}`,
	`[1, 2]`, `null`, `"text"`, `{`, "\xff\xfe{}",
	"environment: t\nnetworks: {a: {cidrs: [1, ~, true]}}\n",
	"environment: &a t\nsites: {x: *a}\n", "a: b: c", "- 1\n- 2\n", "%", "!!binary x", "? {a: b}\n: c\n",
	"environment: t\naccounts: {m: {aws: {id: 012, profile: 1e3}}}\nbackends: {d: {datadog: {site: us1, services: [metrics]}}}\n",
}

// tables are the codes that may be reported.
func tables() map[string]bool {
	ids := map[string]bool{}
	add := func(codes []diag.Code) {
		for _, c := range codes {
			ids[c.ID] = true
		}
	}
	add(load.Codes)
	for _, c := range check.All {
		add(c.Codes)
	}
	for _, target := range targets.All {
		for _, c := range target.Checks {
			add(c.Codes)
		}
	}
	return ids
}

// judge loads a stack of one file and holds the diagnostics against what is promised of all: a code
// of the tables, a message, and a place in the user's file.
func judge(t *testing.T, name string, text []byte) {
	t.Helper()
	topo, found := load.Stack(fstest.MapFS{name: {Data: text}}, "stacks/t")
	if (topo == nil) != found.HasErrors() {
		t.Errorf("topology is there: %v, found %v", topo != nil, found)
	}
	if topo != nil {
		found = append(found, check.Topology(topo, check.All)...)
		if !found.HasErrors() {
			for _, target := range targets.All {
				found = append(found, check.Topology(topo, target.Checks)...)
			}
		}
	}
	ids := tables()
	lines := 0
	for _, r := range string(text) {
		if strings.ContainsRune("\n\r\u0085\u2028\u2029", r) { // YAML's line ends
			lines++
		}
	}
	for _, d := range found {
		switch {
		case !ids[d.Code]:
			t.Errorf("code %q is in no table: %+v", d.Code, d)
		case d.Pos.File != name || d.Pos.Line < 0 || d.Pos.Line > lines+2:
			t.Errorf("place %v is not in %s: %+v", d.Pos, name, d)
		case strings.TrimSpace(d.Message) == "" || strings.Contains(d.Message, "schema.cue") || strings.Contains(d.Message, "\n"):
			t.Errorf("message %q", d.Message)
		}
		for _, n := range d.Notes {
			if n.Pos.IsValid() && n.Pos.File != name {
				t.Errorf("a note is at %v", n.Pos)
			}
		}
	}
}

// fuzz runs one kind of file.
func fuzz(f *testing.F, name string, render func(topologytest.Doc, *rand.Rand) []byte) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	for seed := range int64(2) {
		f.Add(render(topologytest.Random(rand.New(rand.NewSource(seed))), nil))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 1<<14 {
			return
		}
		start := time.Now()
		judge(t, name, text)
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("took %v", took)
		}
	})
}

func FuzzCUE(f *testing.F)  { fuzz(f, "stacks/t/t.cue", topologytest.Doc.CUE) }
func FuzzJSON(f *testing.F) { fuzz(f, "stacks/t/topology.json", topologytest.Doc.JSON) }
func FuzzYAML(f *testing.F) { fuzz(f, "stacks/t/topology.yaml", topologytest.Doc.YAML) }

// TestSpoiled takes a legal topology and breaks one value or key of it: what is said stands at the
// line that was broken or names its path.
func TestSpoiled(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for range 60 {
		d := topologytest.Random(r)
		lines := strings.SplitAfter(string(d.CUE(nil)), "\n")
		for range 3 {
			i := 4 + r.Intn(len(lines)-5)
			broken := slices.Clone(lines)
			broken[i] = spoil(r, broken[i])
			judge(t, "stacks/t/t.cue", []byte(strings.Join(broken, "")))
			if t.Failed() {
				t.Fatalf("line %d: %q became %q", i+1, lines[i], broken[i])
			}
		}
	}
}

// spoil breaks one line in a way that a person does.
func spoil(r *rand.Rand, line string) string {
	switch r.Intn(6) {
	case 0:
		return ""
	case 1:
		return line + line
	case 2:
		return strings.Replace(line, `"`, `"x`, 1)
	case 3:
		key, _, ok := strings.Cut(line, ": ")
		if !ok {
			return line
		}
		return key + ": 7\n"
	case 4:
		return strings.Replace(line, ":", "", 1)
	default:
		key, _, ok := strings.Cut(line, ": ")
		if !ok {
			return line
		}
		return key + ": null\n"
	}
}
