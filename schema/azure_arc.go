package schema

import (
	"slices"
	"strings"
	"sync"
)

// AzureArcCatalogue is what is known about an Azure Arc private link scope, by cloud as azure-native
// calls it. China's table has no private link for Arc (network-requirements, 2026-04).
type AzureArcCatalogue struct {
	Version int                      `json:"version"`
	AsOf    string                   `json:"asOf"`
	Sources map[string]string        `json:"sources"`
	Clouds  map[string]AzureArcCloud `json:"clouds"`
}

// AzureArcCloud is what the endpoint of a scope answers, and what an Arc-enabled server needs besides.
// In names, {region} is the scope's and {code} a short name of it that only Azure knows.
type AzureArcCloud struct {
	AzurePrivateLink
	// Public are hosts that no endpoint answers.
	Public []AzurePublicHost `json:"public"`
}

// AzurePublicHost is a host that stays public: what for, and when it is asked.
type AzurePublicHost struct {
	Host   string `json:"host"`
	For    string `json:"for"`
	When   string `json:"when"`
	Source string `json:"source"`
}

// In is what the endpoint of a scope in a region answers, with the zones that this takes.
func (c AzureArcCloud) In(region string, kubernetes bool) AzurePrivateLink {
	is := AzurePrivateLink{GroupID: c.GroupID}
	for _, m := range c.Members {
		if m.Per != "kubernetes" || kubernetes {
			m.FQDN = strings.ReplaceAll(m.FQDN, "{region}", region)
			is.Members = append(is.Members, m)
		}
	}
	for _, z := range c.Zones {
		if slices.ContainsFunc(is.Members, func(m AzureMember) bool { return m.Zone == z.Domain }) {
			is.Zones = append(is.Zones, z)
		}
	}
	return is
}

// AzureArc returns the catalogue of Azure Arc.
var AzureArc = sync.OnceValue(func() *AzureArcCatalogue { return read[AzureArcCatalogue]("azure_arc") })
