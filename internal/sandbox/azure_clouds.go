package sandbox

import "strings"

// government holds the domains of Azure Government by those of the public cloud (facts/ampls_dns.json; private-endpoint-dns,
// 2025-08). Nothing is known of the sixth zone's names, privatelink.adx.monitor.azure.us, so no endpoint has one.
var government = [][2]string{
	{"in.applicationinsights.azure.com", "in.applicationinsights.azure.us"}, {"monitor.azure.com", "monitor.azure.us"},
	{"opinsights.azure.com", "opinsights.azure.us"}, {"azure-automation.net", "azure-automation.us"},
	{"blob.core.windows.net", "blob.core.usgovcloudapi.net"},
	{"his.arc.azure.com", "his.arc.azure.us"}, {"guestconfiguration.azure.com", "guestconfiguration.azure.us"},
}

// governmentLinkDomains are Azure Government's parents of zones, as privateLinkDomains.
var governmentLinkDomains = []string{"his.arc.azure.us", "guestconfiguration.azure.us", "adx.monitor.azure.us", "monitor.azure.us",
	"oms.opinsights.azure.us", "ods.opinsights.azure.us", "agentsvc.azure-automation.us", "blob.core.usgovcloudapi.net"}

// environmentOf is the cloud of a region, as azure-native calls clouds.
func environmentOf(region string) string {
	for _, c := range []struct{ prefix, name string }{{"usgov", "usgovernment"}, {"usdod", "usgovernment"}, {"china", "china"}} {
		if strings.HasPrefix(region, c.prefix) {
			return c.name
		}
	}
	return "public"
}

// spelled is a name of the public cloud as the cloud of a region has it.
func spelled(region, name string) string {
	if environmentOf(region) != "usgovernment" {
		return name
	}
	for _, d := range government {
		if first, ok := strings.CutSuffix(name, "."+d[0]); ok {
			return first + "." + d[1]
		}
	}
	return name
}

// elsewhere refuses a region of another cloud than the one that the provider asks: its resource manager knows none of them.
// Where no provider asks, as for what is there before, every region is one.
func (c *call) elsewhere(region string) error {
	if c.who.environment == "" || region == "global" || environmentOf(region) == c.who.environment {
		return nil
	}
	return no("azure-location-cloud", region, map[string]string{"public": "centralus,eastasia,…", "usgovernment": "usgovvirginia,usgovarizona,…"}[c.who.environment])
}
