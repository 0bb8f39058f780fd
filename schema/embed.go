// Package schema holds the language of obslink (topology.cue) and the catalogue: what is known about
// backends and clouds, each row with its source and date. Both are embedded; nothing is fetched, and
// nothing of ours is imported.
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

// Kinds are the fields of topology.cue of which an element holds exactly one, by section; a test
// compares them with the language.
var Kinds = map[string][]string{
	"accounts": {"aws", "azure"},
	"backends": {"awsServices", "azureArc", "azureMonitor", "datadog"},
	"via":      {"endpoint", "peering", "transitGateway"},
	"sites":    {"existing", "vpn", "wireguard"},
	"ends":     {"network", "transitGateway"},
}
