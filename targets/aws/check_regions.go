package aws

import (
	"maps"
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
		ID: "OBS323", Severity: diag.Error, Title: "not the name of an AWS region",
		Cause:   "A region is named by its code: two letters, a direction and a number. A letter behind it names an availability zone.",
		Example: `tokyo: {account: "main", region: "ap-northeast-1a"}`,
		Mend:    `tokyo: {account: "main", region: "ap-northeast-1"}`,
	}
	unknownRegion = diag.Code{
		ID: "OBS324", Severity: diag.Warning, Title: "a region that obslink does not know",
		Cause:   "The catalogue lists the regions of the commercial partition (AWS Regions and Availability Zones user guide, 2026-08). The region may be newer than that; a misspelt one is refused only when the stack is deployed.",
		Example: `tokyo: {account: "main", region: "ap-northeast-9"}`,
		Mend:    `tokyo: {account: "main", region: "ap-northeast-1"}`,
	}
	otherPartition = diag.Code{
		ID: "OBS325", Severity: diag.Error, Title: "a region of another AWS partition",
		Cause:   "China, GovCloud (US) and the sovereign and isolated partitions share neither accounts nor networks with the commercial one, in which Datadog's endpoint services are; PrivateLink works inside one partition (hashicorp/terraform-provider-aws#40394, 2024).",
		Example: `beijing: {account: "main", region: "cn-north-1"}`,
		Mend:    `tokyo: {account: "main", region: "ap-northeast-1"}`,
	}
)

var regionShape = regexp.MustCompile(`^[a-z]{2,4}(-[a-z]+)+-\d$`)

// checkRegions checks the region of every network and of every backend that names one.
func checkRegions(t *topology.Topology) diag.List {
	var found diag.List
	for key, n := range topology.Sorted(t.Networks) {
		if t.Kind(key) == Name {
			found = append(found, regionFindings(t, "networks."+key+".region", n.Region)...)
		}
	}
	for key, b := range topology.Sorted(t.Backends) {
		if b.Kind == ownKind {
			if region := compile.Decode[awsServices](b.Body).Region; region != "" {
				found = append(found, regionFindings(t, "backends."+key+"."+ownKind+".region", region)...)
			}
		}
	}
	return found
}

// regionFindings checks one region.
func regionFindings(t *topology.Topology, at, region string) diag.List {
	known := schema.AWS()
	if _, ok := known.Regions[region]; ok {
		return nil
	}
	if i := slices.IndexFunc(known.OtherPartitions, func(p schema.Prefixed) bool { return strings.HasPrefix(region, p.Prefix) }); i >= 0 {
		return diag.List{otherPartition.At(t.At(at), at, "region %q is in %s", region, known.OtherPartitions[i].Name).
			WithHint("take this out of the topology: nothing in the commercial partition can reach it privately")}
	}
	d := unknownRegion.At(t.At(at), at, "there is no region %q that obslink knows", region)
	if !regionShape.MatchString(region) {
		d = notRegion.At(t.At(at), at, "%q is not the name of a region", region)
	}
	if near := diag.DidYouMean(region, slices.Sorted(maps.Keys(known.Regions))); near != "" {
		return diag.List{d.WithHint("did you mean %q?", near)}
	}
	return diag.List{d.WithHint("`aws account list-regions` prints those of your account")}
}
