package azure

import (
	"regexp"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
	"github.com/obslink/obslink/schema"
)

var (
	notRegion = diag.Code{
		ID: "OBS367", Severity: diag.Error, Title: "not the name of an Azure region",
		Cause:   "A region is named as `az account list-locations` lists it: lower-case letters and digits only.",
		Example: `japan: {account: "jp", region: "Japan East"}`,
		Mend:    `japan: {account: "jp", region: "japaneast"}`,
	}
	unknownRegion = diag.Code{
		ID: "OBS368", Severity: diag.Warning, Title: "a region that obslink does not know",
		Cause:   "The catalogue lists the regions of Azure's public cloud (2026-05). The region may be newer than that; a misspelt one is refused only when the stack is deployed.",
		Example: `japan: {account: "jp", region: "japannorth"}`,
		Mend:    `japan: {account: "jp", region: "japaneast"}`,
	}
	otherCloud = diag.Code{
		ID: "OBS369", Severity: diag.Error, Title: "a region of another Azure cloud",
		Cause:   "Azure Government has other names and a sixth zone for Azure Monitor, and for China no Azure Monitor zone is documented at all (private-endpoint-dns, 2025-08). obslink knows the names of the public cloud only.",
		Example: `gov: {account: "us", region: "usgovvirginia"}`,
		Mend:    `japan: {account: "jp", region: "japaneast"}`,
	}
)

var regionShape = regexp.MustCompile(`^[a-z]+[0-9]?$`)

// checkRegions checks the region of every network, backend and resource of a scope.
func checkRegions(t *topology.Topology) diag.List {
	var found diag.List
	for key, n := range topology.Sorted(t.Networks) {
		if t.Kind(key) == Name {
			found = append(found, region(t, "networks."+key+".region", n.Region)...)
		}
	}
	for key, b := range topology.Sorted(t.Backends) {
		if b.Kind != kindMonitor {
			continue
		}
		path := "backends." + key + ".azureMonitor"
		body := compile.Decode[monitor](b.Body)
		if body.Region != "" {
			found = append(found, region(t, path+".region", body.Region)...)
		}
		for _, r := range append(body.all(), body.queried()...) {
			if r.Region != "" {
				found = append(found, region(t, path+"."+r.path+".region", r.Region)...)
			}
		}
	}
	return found
}

// region checks one region.
func region(t *topology.Topology, path, value string) diag.List {
	known := schema.Azure()
	if _, ok := slices.BinarySearch(known.Regions, value); ok {
		return nil
	}
	plain := strings.ToLower(strings.NewReplacer(" ", "", "-", "", "_", "").Replace(value))
	if i := slices.IndexFunc(known.OtherClouds, func(c schema.Prefixed) bool { return strings.HasPrefix(plain, c.Prefix) }); i >= 0 {
		return diag.List{otherCloud.At(t.At(path), path, "region %q is in %s", value, known.OtherClouds[i].Name).
			WithHint("choose a region of the public cloud: obslink knows Azure Monitor's private names there only")}
	}
	d := unknownRegion.At(t.At(path), path, "there is no region %q that obslink knows", value)
	if !regionShape.MatchString(value) {
		d = notRegion.At(t.At(path), path, "%q is not the name of a region", value)
	}
	if near := diag.DidYouMean(plain, known.Regions); near != "" {
		return diag.List{d.WithHint("did you mean %q?", near)}
	}
	return diag.List{d.WithHint("`az account list-locations --query '[].name'` prints those of your subscription")}
}
