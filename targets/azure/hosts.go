package azure

import (
	"fmt"
	"strings"
)

// ConnectionString is the part of a component's connection string that says its stamp.
func ConnectionString(stamp string) string {
	return "IngestionEndpoint=https://" + stamp + "." + ingestionDomain + "/"
}

// ingestionDomain is below which a component takes data in, in its connection string; the endpoint
// answers the name that public DNS points that one at (MicrosoftDocs/azure-docs#95810).
const ingestionDomain = "in.applicationinsights.azure.com"

// collectorDomain is below which a data collection endpoint takes logs in.
const collectorDomain = "ingest.monitor.azure.com"

// CollectorURL is where a data collection endpoint takes logs in.
func CollectorURL(host string) string { return "https://" + host + "." + collectorDomain }

// QueryURL is where an Azure Monitor workspace is asked.
func QueryURL(host, region string) string { return "https://" + host + "." + queryDomain(region) }

// queryDomain is below which the Azure Monitor workspaces of a region are asked.
func queryDomain(region string) string {
	return plainLocation(region) + ".prometheus.monitor.azure.com"
}

// QueryHost reads what the query endpoint of an Azure Monitor workspace of a region begins with.
func QueryHost(endpoint, region string) (string, error) { return hostOf(endpoint, queryDomain(region)) }

// StampOf reads the stamp in a component's connection string.
func StampOf(connection string) (string, error) {
	for field := range strings.SplitSeq(connection, ";") {
		if url, ok := strings.CutPrefix(strings.TrimSpace(field), "IngestionEndpoint="); ok {
			return hostOf(url, ingestionDomain)
		}
	}
	// The string itself holds a key, so it is not printed.
	return "", fmt.Errorf("a connection string with an IngestionEndpoint was expected")
}

// CollectorHost reads what the hosts of a data collection endpoint begin with from where it takes logs in.
func CollectorHost(endpoint string) (string, error) { return hostOf(endpoint, collectorDomain) }

// hostOf is a URL's host up to a domain.
func hostOf(url, domain string) (string, error) {
	host, _, _ := strings.Cut(strings.TrimPrefix(strings.ToLower(url), "https://"), "/")
	first, ok := strings.CutSuffix(strings.TrimSuffix(host, "."), "."+domain)
	if !ok || first == "" {
		return "", fmt.Errorf("%q is no host below %s", url, domain)
	}
	return first, nil
}
