package azure

import (
	"github.com/obslink/obslink/compiler/check"
	"github.com/obslink/obslink/compiler/diag"
)

// Checks are what only Azure forbids; each file check_*.go holds one.
var Checks = []check.Check{
	{Codes: []diag.Code{badSubscription}, Run: checkAccounts},
	{Codes: []diag.Code{wrongBackend, noPeering, twoEndpoints}, Run: checkHostings},
	{Codes: []diag.Code{existingShape, addressFixed}, Run: checkNetworks},
	{Codes: []diag.Code{endpointSubnets, subnetTooSmall}, Run: checkSubnets},
	{Codes: []diag.Code{badMonitorAccount, badRetention, noWorkspaces}, Run: checkMonitors},
}
