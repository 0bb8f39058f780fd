package schema

import (
	"slices"
	"strings"
)

// AzurePublic is the cloud of a subscription that names no other, as azure-native calls it.
const AzurePublic = "public"

// AzureOtherCloud is how Azure Monitor's names differ in another cloud than the public one. The endpoint
// has the same members there (inferred: no document lists them), each below the cloud's own domains.
type AzureOtherCloud struct {
	Name string `json:"name"`
	// Refused says why obslink does not build there; empty where it does.
	Refused     string      `json:"refused,omitempty"`
	Zones       []AzureZone `json:"zones,omitempty"`
	ZonesSource string      `json:"zonesSource"`
	// Suffixes are the cloud's domains by the public cloud's.
	Suffixes       map[string]string `json:"suffixes,omitempty"`
	SuffixesSource string            `json:"suffixesSource,omitempty"`
	// Aliases are what clients ask for, by member: the public cloud's do not count.
	Aliases       map[string][]string `json:"aliases,omitempty"`
	AliasesSource string              `json:"aliasesSource,omitempty"`
}

// spell puts the cloud's domain at the end of a name of the public cloud.
func (o AzureOtherCloud) spell(name string) string {
	for public, own := range o.Suffixes { // no two of them end one name
		if first, ok := strings.CutSuffix(name, "."+public); ok {
			return first + "." + own
		}
	}
	return name
}

// In is what the endpoint of a scope in a cloud answers.
func (c *AzureMonitorCatalogue) In(cloud string) AzurePrivateLink {
	other, found := c.OtherClouds[cloud]
	if !found {
		return c.AzurePrivateLink
	}
	is := AzurePrivateLink{GroupID: c.GroupID, Zones: other.Zones}
	for _, m := range slices.Clone(c.Members) {
		m.FQDN, m.Zone, m.Aliases = other.spell(m.FQDN), other.spell(m.Zone), other.Aliases[m.ID]
		is.Members = append(is.Members, m)
	}
	return is
}

// CloudOf is the cloud that a region is of and how people call that; both "" where obslink knows no
// region of that kind, the first alone where the cloud is none that a topology names.
func (a *AzureLimits) CloudOf(region string) (cloud, name string) {
	if _, ok := slices.BinarySearch(a.Regions, region); ok {
		return AzurePublic, "Azure's public cloud"
	}
	plain := strings.ToLower(strings.NewReplacer(" ", "", "-", "", "_", "").Replace(region))
	for _, c := range a.OtherClouds {
		if strings.HasPrefix(plain, c.Prefix) {
			return c.Cloud, c.Name
		}
	}
	return "", ""
}
