// Package check judges a topology without any cloud: references, CIDRs, connections. It reads and
// never writes. Each file is one check with its codes; the table below lists them. What only one
// cloud forbids is that target's check.
package check

import (
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

// Check is one rule: what it can find, and how it looks.
type Check struct {
	Codes []diag.Code
	Run   func(*topology.Topology) diag.List
}

// All are the neutral checks.
var All = []Check{
	{[]diag.Code{badKey, keyTwice, renamedTwice}, keys},
	{[]diag.Code{noKind, severalKinds}, kinds},
	{[]diag.Code{unknownReference}, references},
	{[]diag.Code{badCIDR, hostBits, outsideNetwork, noCIDR}, cidrs},
	{[]diag.Code{overlap}, overlaps},
	{[]diag.Code{noConnection, connectionElsewhere, toItself}, connections},
	{[]diag.Code{badAgentVersion, badWireGuardKey, badGateway}, sites},
}

// Topology runs checks and returns everything they find.
func Topology(t *topology.Topology, checks []Check) diag.List {
	var found diag.List
	for _, c := range checks {
		found = append(found, c.Run(t)...)
	}
	return found
}
