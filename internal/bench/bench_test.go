package main

import (
	"testing"
	"testing/fstest"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/targets"
)

// The topologies must be legal and free of findings, or the figures measure error messages.
func TestTopologiesAreLegal(t *testing.T) {
	for _, s := range []shape{sites(10), sites(100), sites(1000), vpcs(100)} {
		t.Run(s.name, func(t *testing.T) {
			files := fstest.MapFS{"stacks/x/topology.cue": {Data: []byte(s.text)}}
			r := compile.Stack(files, "stacks/x", targets.All)
			for _, d := range r.Found {
				t.Errorf("%s: %s %s", d.Pos, d.Code, d.Message)
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
