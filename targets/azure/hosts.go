package azure

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/obslink/obslink/schema"
)

// ConnectionString is the part of a component's connection string that says its stamp.
func ConnectionString(cloud, stamp string) string {
	return "IngestionEndpoint=https://" + stamp + "." + domainIn(ingestionDomains, cloud) + "/"
}

// ingestionDomains are those below which a component takes data in, in its connection string, by cloud;
// the endpoint answers the name that public DNS points that one at (MicrosoftDocs/azure-docs#95810).
var ingestionDomains = map[string]string{schema.AzurePublic: "in.applicationinsights.azure.com", "usgovernment": "in.applicationinsights.azure.us"}

// collectorDomains are those below which a data collection endpoint takes logs in.
var collectorDomains = map[string]string{schema.AzurePublic: "ingest.monitor.azure.com", "usgovernment": "ingest.monitor.azure.us"}

// domainIn is the domain of a cloud; "" is the public one.
func domainIn(domains map[string]string, cloud string) string {
	return domains[cmp.Or(cloud, schema.AzurePublic)]
}

// CollectorURL is where a data collection endpoint takes logs in.
func CollectorURL(cloud, host string) string {
	return "https://" + host + "." + domainIn(collectorDomains, cloud)
}

// QueryURL is where an Azure Monitor workspace is asked.
func QueryURL(host, region string) string { return "https://" + host + "." + queryDomain(region) }

// queryDomain is below which the Azure Monitor workspaces of a region are asked.
func queryDomain(region string) string {
	return plainLocation(region) + ".prometheus.monitor.azure.com"
}

// QueryHost reads what the query endpoint of an Azure Monitor workspace of a region begins with.
func QueryHost(endpoint, region string) (string, error) {
	return hostOf(endpoint, map[string]string{schema.AzurePublic: queryDomain(region)})
}

// StampOf reads the stamp in a component's connection string.
func StampOf(connection string) (string, error) {
	for field := range strings.SplitSeq(connection, ";") {
		if url, ok := strings.CutPrefix(strings.TrimSpace(field), "IngestionEndpoint="); ok {
			return hostOf(url, ingestionDomains)
		}
	}
	// The string itself holds a key, so it is not printed.
	return "", fmt.Errorf("a connection string with an IngestionEndpoint was expected")
}

// CollectorHost reads what the hosts of a data collection endpoint begin with from where it takes logs in.
func CollectorHost(endpoint string) (string, error) { return hostOf(endpoint, collectorDomains) }

// hostOf is a URL's host up to the domain of one of the clouds.
func hostOf(url string, domains map[string]string) (string, error) {
	host, _, _ := strings.Cut(strings.TrimPrefix(strings.ToLower(url), "https://"), "/")
	for _, domain := range domains { // none of them ends as another
		if first, ok := strings.CutSuffix(strings.TrimSuffix(host, "."), "."+domain); ok && first != "" {
			return first, nil
		}
	}
	return "", fmt.Errorf("%q is no host below %s", url, strings.Join(slices.Sorted(maps.Values(domains)), " or "))
}
