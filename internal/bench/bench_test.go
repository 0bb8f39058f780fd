package main

import (
	"encoding/json"
	"testing"
	"testing/fstest"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/targets"
)

// The topologies must be legal and free of findings, or the figures measure error messages.
func TestTopologiesAreLegal(t *testing.T) {
	for _, s := range []shape{sites(10), sites(100), sites(1000), vpcs(100), landing(50, 299), monitored(50, 200, 30)} {
		t.Run(s.name, func(t *testing.T) {
			files := fstest.MapFS{"stacks/x/topology.cue": {Data: []byte(s.text)}}
			r := compile.Stack(files, "stacks/x", targets.All)
			for _, d := range r.Found {
				if d.Severity != diag.Acknowledged {
					t.Errorf("%s: %s %s", d.Pos, d.Code, d.Message)
				}
			}
			if r.Plan == nil {
				t.Fatal("no plan")
			}
			if len(r.Plan.Graph.Sites) != s.sites {
				t.Errorf("the plan has %d sites", len(r.Plan.Graph.Sites))
			}
		})
	}
}

// TestLargeNamesAreDistinct: 50 accounts, 299 client networks and ten services give no two parts one name.
func TestLargeNamesAreDistinct(t *testing.T) {
	files := fstest.MapFS{"stacks/x/topology.cue": {Data: []byte(landing(50, 299).text)}}
	r := compile.Stack(files, "stacks/x", targets.All)
	if r.Plan == nil {
		t.Fatal("no plan", r.Found)
	}
	raw, err := json.Marshal(r.Plan.Parts)
	if err != nil {
		t.Fatal(err)
	}
	var parts map[string]map[string][]struct{ Name, Origin string }
	if err := json.Unmarshal(raw, &parts); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for kind, all := range parts["aws"] {
		for _, p := range all {
			if p.Name == "" {
				t.Errorf("a part of %s has no name", kind)
			}
			if seen[p.Name] {
				t.Errorf("two parts are called %s", p.Name)
			}
			seen[p.Name] = true
		}
	}
	if len(seen) < 3000 {
		t.Errorf("only %d parts", len(seen))
	}
}
