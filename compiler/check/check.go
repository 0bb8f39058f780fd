// Package check judges a topology without any cloud: references, CIDRs, connections. It reads and
// never writes. Each file is one check with its codes; the table below lists them. What only one
// cloud forbids is that target's check.
package check

import (
	"slices"
	"sync"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

// Check is one rule: what it can find, and how it looks.
type Check struct {
	Codes []diag.Code
	Run   func(*topology.Topology) diag.List
}

// Fields judge values by themselves and what they refer to. No target can judge a topology in which they
// find errors.
var Fields = []Check{
	{[]diag.Code{badKey, keyTwice, renamedTwice}, keys},
	{[]diag.Code{noKind, severalKinds}, kinds},
	{[]diag.Code{unknownReference}, references},
	{[]diag.Code{badCIDR, hostBits, outsideNetwork, noCIDR}, cidrs},
}

// Relations judge values beside each other. What they find keeps no other check from looking.
var Relations = []Check{
	{[]diag.Code{overlap, meetAtGateway}, overlaps},
	{[]diag.Code{noConnection, connectionElsewhere, toItself}, connections},
	{[]diag.Code{badAgentVersion, badWireGuardKey, badGateway}, sites},
	{[]diag.Code{badPorts, aclElsewhere}, acls},
	{[]diag.Code{badDomain}, domains},
	{[]diag.Code{badAddress}, addresses},
	{[]diag.Code{zoneTwice, outsideZone, unseenZone, zoneAcross}, zones},
	{[]diag.Code{noReason}, acknowledgements},
	{[]diag.Code{unroutable}, ranges},
	{[]diag.Code{badTunnelEnd}, tunnels},
	{[]diag.Code{unknownPrice, badPrice}, prices},
	{[]diag.Code{badDevice, badSiteASN, noVPNGateway, sameDevice, staticAndBGP}, vpns},
	{[]diag.Code{noTransitGateway, twoTransitGateways}, gatewayTransit},
	{[]diag.Code{siteClients, noClients}, groups},
	{[]diag.Code{noInbound, inboundElsewhere, nothingForwarded}, forwards},
	{[]diag.Code{notAttached, notJoined, gatewayElsewhere, peerTwice, twoMechanisms, noAttachSubnet}, transit},
}

// All are the neutral checks.
var All = slices.Concat(Fields, Relations)

// Topology runs checks and returns everything they find, in the order of the checks. They only read,
// so they run side by side.
func Topology(t *topology.Topology, checks []Check) diag.List {
	found := make([]diag.List, len(checks))
	var running sync.WaitGroup
	for i, c := range checks {
		running.Go(func() { found[i] = c.Run(t) })
	}
	running.Wait()
	return slices.Concat(found...)
}
