package aws

import (
	"github.com/obslink/obslink/compiler/check"
	"github.com/obslink/obslink/compiler/diag"
)

// Checks are what only AWS forbids; each file check_*.go holds one.
var Checks = []check.Check{
	{Codes: []diag.Code{badAccountID}, Run: checkAccounts},
	{Codes: []diag.Code{unsupportedSite, unknownSite, unknownService, noServices}, Run: checkDatadog},
	{Codes: []diag.Code{badServiceName, badRow, oneServiceTwoNames, oneNameTwoServices, sameAsCatalogue, retiredService}, Run: checkCatalogue},
	{Codes: []diag.Code{unknownProduct, publicProduct, publicHosts}, Run: checkProducts},
	{Codes: []diag.Code{unknownOwn, noOwn, wildcardNames, badPolicy}, Run: checkOwn},
	{Codes: []diag.Code{othersNames}, Run: checkOthers},
	{Codes: []diag.Code{notCovered}, Run: checkUses},
	{Codes: []diag.Code{needsMore}, Run: checkNeeds},
	{Codes: []diag.Code{noSecrets}, Run: checkSecrets},
	{Codes: []diag.Code{notAcross}, Run: checkAcross},
	{Codes: []diag.Code{wrongBackend, wrongRegion, sameRegion}, Run: checkHostings},
	{Codes: []diag.Code{vpcShape, existingShape}, Run: checkNetworks},
	{Codes: []diag.Code{noEndpointSubnet, sameZone, subnetTooSmall}, Run: checkSubnets},
	{Codes: []diag.Code{zoneCrossRegion}, Run: checkCrossRegion},
	{Codes: addressCodes, Run: checkAddresses},
	{Codes: []diag.Code{addressIdle}, Run: checkFixed},
	{Codes: []diag.Code{otherCloud, noRouteTables, noWayBack}, Run: checkRoutes},
	{Codes: []diag.Code{nameTwice}, Run: checkNames},
	{Codes: []diag.Code{oneZone}, Run: checkOneZone},
	{Codes: []diag.Code{notRegion, unknownRegion, otherPartition}, Run: checkRegions},
	{Codes: []diag.Code{badZone}, Run: checkZones},
	{Codes: []diag.Code{declaredTwice, badID}, Run: checkIDs},
	{Codes: []diag.Code{otherRole}, Run: checkRoles},
	{Codes: []diag.Code{foreignField}, Run: checkForeign},
	{Codes: []diag.Code{manyEndpoints, manyVPCs, manyZones}, Run: checkCounts},
	{Codes: []diag.Code{manyPeerings, tooManyPeerings, manyRoutes, tooManyRoutes, tooManyAttached}, Run: checkPeerings},
	{Codes: []diag.Code{manyRules, tooManyRules}, Run: checkRules},
	{Codes: []diag.Code{oneGroupTwice}, Run: checkClientGroups},
	{Codes: []diag.Code{fewAddresses, resolverZone, idleInbound, manyResolverAddresses, manyResolvers}, Run: checkInbound},
	{Codes: []diag.Code{zoneInTheWay}, Run: checkPrivateDNS},
	{Codes: []diag.Code{noSuchEndpoint, endpointShape, groupTwice}, Run: checkExisting},
	{Codes: []diag.Code{privateDNSTwice}, Run: checkExistingNames},
	{Codes: []diag.Code{peersCreated, peersTwice, heldNowhere}, Run: checkExistingRoutes},
	{Codes: []diag.Code{zoneAccount}, Run: checkZoneAccounts},
	{Codes: []diag.Code{deviceName, tunnelAddress, badVPNGateway, gatewaysASN, staticAtDefault, nothingThere, halfATunnelRule}, Run: checkVPN},
	{Codes: []diag.Code{manyVPNs, manyLearned}, Run: checkVPNCounts},
	{Codes: []diag.Code{notTransit, attachZones, otherGatewayAccount, unattachedZone, badASN, sharedUnmade, noGatewayTable, crowdedSubnet}, Run: checkTransit},
}
