package aws

import (
	"github.com/obslink/obslink/compiler/check"
	"github.com/obslink/obslink/compiler/diag"
)

// Checks are what only AWS forbids; each file check_*.go holds one.
var Checks = []check.Check{
	{Codes: []diag.Code{badAccountID}, Run: checkAccounts},
	{Codes: []diag.Code{unsupportedSite, unknownSite, unknownService, noServices}, Run: checkDatadog},
	{Codes: []diag.Code{wrongBackend, wrongRegion}, Run: checkHostings},
	{Codes: []diag.Code{vpcShape, existingShape}, Run: checkNetworks},
	{Codes: []diag.Code{noEndpointSubnet, sameZone, subnetTooSmall}, Run: checkSubnets},
	{Codes: addressCodes, Run: checkAddresses},
	{Codes: []diag.Code{addressIdle}, Run: checkFixed},
	{Codes: []diag.Code{otherCloud, noRouteTables, noWayBack}, Run: checkRoutes},
	{Codes: []diag.Code{nameTwice}, Run: checkNames},
}
