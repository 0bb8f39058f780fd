// Package truth holds what obslink predicts against real packets. A World is a small network as a
// manifest with what no manifest holds; Random makes one from a seed, mostly right and then broken on
// purpose. The prediction comes from lifting the manifest to a graph and asking compiler/model; the
// observation comes from internal/lab, which builds the world as Linux network namespaces and tries
// every host with every name. Where the two differ, Shrink makes the world as small as the
// difference lets it, so that a person can read it.
//
// It builds no graph of its own: what the two sides are given is the manifest and the declarations.
package truth

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"net/netip"
	"slices"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
)

// World is what both sides are given, and what is tried in it.
type World struct {
	Seed     int64
	Manifest *manifest.Manifest
	Declared plan.Graph
	Names    []plan.Name
	// Hosts are the clients that try every question.
	Hosts []Host
	// Questions are the names that they ask for.
	Questions []string
	// Broken says what was broken on purpose.
	Broken []string
}

// Host is a client: an address of a network or site.
type Host struct {
	Node    string
	Address netip.Addr
}

// Pair is one host with one name.
type Pair struct {
	Host Host
	FQDN string
}

// Pairs are all hosts with all questions.
func (w *World) Pairs() []Pair {
	pairs := make([]Pair, 0, len(w.Hosts)*len(w.Questions))
	for _, h := range w.Hosts {
		for _, q := range w.Questions {
			pairs = append(pairs, Pair{h, q})
		}
	}
	return pairs
}

// Clone shares nothing with w. The manifest is copied as JSON, so its values are those that a reader
// of a file would see.
func (w *World) Clone() *World {
	c := &World{Seed: w.Seed, Hosts: slices.Clone(w.Hosts), Questions: slices.Clone(w.Questions), Broken: slices.Clone(w.Broken)}
	raw, err := json.Marshal(w.Manifest)
	if err == nil {
		err = json.Unmarshal(raw, &c.Manifest)
	}
	var rest bytes.Buffer
	if err == nil {
		err = gob.NewEncoder(&rest).Encode(&described{w.Declared, w.Names})
	}
	var d described
	if err == nil {
		err = gob.NewDecoder(&rest).Decode(&d)
	}
	if err != nil {
		panic("a world does not copy: " + err.Error())
	}
	c.Declared, c.Names = d.Declared, d.Names
	return c
}

// described is what JSON does not read back: positions have only a text form.
type described struct {
	Declared plan.Graph
	Names    []plan.Name
}
