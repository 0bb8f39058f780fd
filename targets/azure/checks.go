package azure

import (
	"github.com/obslink/obslink/compiler/check"
	"github.com/obslink/obslink/compiler/diag"
)

// Checks are what only Azure forbids; each file check_*.go holds one.
var Checks = []check.Check{
	{Codes: []diag.Code{badSubscription}, Run: checkAccounts},
	{Codes: []diag.Code{wrongBackend, noPeering, twoEndpoints, peeredEndpoints}, Run: checkHostings},
	{Codes: []diag.Code{existingShape, addressFixed}, Run: checkNetworks},
	{Codes: []diag.Code{endpointSubnets, subnetTooSmall}, Run: checkSubnets},
	{Codes: []diag.Code{badMonitorAccount, badRetention, noWorkspaces}, Run: checkMonitors},
	{Codes: []diag.Code{badScopeID, existingScope, scopeTwice}, Run: checkScopes},
	{Codes: []diag.Code{overLimit, inTooMany}, Run: checkLimits},
	{Codes: []diag.Code{homeless}, Run: checkHomes},
	{Codes: []diag.Code{strayExclusion, nothingEnforced}, Run: checkModes},
	{Codes: []diag.Code{badMonitoredID, badHost, noDataWorkspace, existingFields}, Run: checkScoped},
	{Codes: []diag.Code{notRegion, unknownRegion, otherCloud}, Run: checkRegions},
	{Codes: []diag.Code{declaredTwice}, Run: checkExisting},
	{Codes: []diag.Code{ownedSubnet}, Run: checkOwned},
	{Codes: []diag.Code{foreignField}, Run: checkForeign},
	{Codes: []diag.Code{badSize}, Run: checkSizes},
	{Codes: []diag.Code{resolverSubnetSize, resolverSubnetShared, resolverAddress}, Run: checkInbound},
	{Codes: []diag.Code{badZoneID, zoneElsewhere, emptyMonitorZone, idleZone}, Run: checkZones},
	{Codes: []diag.Code{twoZones, missingZone, zoneStays, zoneOfTwo, namesNowhere}, Run: checkDNS},
	{Codes: []diag.Code{noSixthZone, sixZones, mixedClouds, notInCloud}, Run: checkClouds},
	{Codes: []diag.Code{twoArcScopes, badArcScope, stillPublic}, Run: checkArc},
	{Codes: []diag.Code{unknownIntake, intakeAddress, tracesTaken, twoIntakes}, Run: checkDatadog},
	{Codes: []diag.Code{badPeering, halfTwice}, Run: checkExistingPeerings},
	{Codes: []diag.Code{tooManyPeerings, twoRemoteGateways}, Run: checkPeerings},
	{Codes: []diag.Code{notPinned, otherMembers, pinnedAddress}, Run: checkPins},
	{Codes: []diag.Code{noSNAT}, Run: checkSNAT},
	{Codes: []diag.Code{badTunnelHost, halfATunnelRule, tunnelPriority}, Run: checkTunnels},
	{Codes: []diag.Code{badGatewaySubnet, badSKU, badGateway, reservedASN, noBGPAddress}, Run: checkVPNs},
	{Codes: []diag.Code{retiredAgent, badMachine, machineElsewhere, noArcScope}, Run: checkMachines},
	{Codes: []diag.Code{unknownOfRule, noRuleEndpoint, noMachineEndpoint, ruleWorkspaces, emptyRule, idleRule, twoCollections, noMetricsEndpoint}, Run: checkCollection},
	{Codes: []diag.Code{badSource, tooMuchCollected}, Run: checkSources},
	{Codes: []diag.Code{nameTooLong}, Run: checkNothing}, // lengths, called by Lower
}
