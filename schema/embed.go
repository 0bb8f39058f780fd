// Package schema holds the language of obslink (topology.cue) and the catalogue: what is known about
// backends and clouds, each row with its source and date. Both are embedded; nothing is fetched.
package schema

import "embed"

// ImportPath is what a topology imports.
const ImportPath = "obslink.dev/schema"

// Files holds topology.cue, the whole language.
//
//go:embed topology.cue
var Files embed.FS

// TopologyFile is the file of Files that holds the language.
const TopologyFile = "topology.cue"
