package aws

import (
	"maps"
	"regexp"
	"slices"
	"strings"

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

// checkRegions checks the region of every network.
func checkRegions(t *topology.Topology) diag.List {
	var found diag.List
	known := schema.AWS()
	names := slices.Sorted(maps.Keys(known.Regions))
	for key, n := range topology.Sorted(t.Networks) {
		if _, ok := known.Regions[n.Region]; ok || t.Kind(key) != Name {
			continue
		}
		at := "networks." + key + ".region"
		if i := slices.IndexFunc(known.OtherPartitions, func(p schema.Prefixed) bool { return strings.HasPrefix(n.Region, p.Prefix) }); i >= 0 {
			found = append(found, otherPartition.At(t.At(at), at, "region %q is in %s", n.Region, known.OtherPartitions[i].Name).
				WithHint("take this network out of the topology: nothing in the commercial partition can be peered with it"))
			continue
		}
		d := unknownRegion.At(t.At(at), at, "there is no region %q that obslink knows", n.Region)
		if !regionShape.MatchString(n.Region) {
			d = notRegion.At(t.At(at), at, "%q is not the name of a region", n.Region)
		}
		if near := diag.DidYouMean(n.Region, names); near != "" {
			d = d.WithHint("did you mean %q?", near)
		} else {
			d = d.WithHint("`aws account list-regions` prints those of your account")
		}
		found = append(found, d)
	}
	return found
}
