package check

import (
	"maps"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/cost"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
	"github.com/obslink/obslink/schema"
)

var (
	unknownPrice = diag.Code{
		ID: "OBS345", Severity: diag.Error, Title: "a price of nothing",
		Cause:   "Prices are by item and region; `*` is every region. An item that obslink does not count, or a misspelt region, would change no sum.",
		Example: `prices: "endpoint-hours": "ap-northeast-3": {usd: 0.014, source: "invoice 2026-10"}`,
		Mend:    `prices: "endpoint-hour": "ap-northeast-3": {usd: 0.014, source: "invoice 2026-10"}`,
	}
	badPrice = diag.Code{
		ID: "OBS346", Severity: diag.Error, Title: "not a price",
		Cause:   "A price is a number of US dollars, 0 or more, with at most six digits after the point, and says where it was read: it is printed beside every sum that it is part of.",
		Example: `prices: "endpoint-hour": "ap-northeast-3": {usd: -0.014, source: ""}`,
		Mend:    `prices: "endpoint-hour": "ap-northeast-3": {usd: 0.014, source: "invoice 2026-10"}`,
	}
)

// prices checks what the topology says things cost.
func prices(t *topology.Topology) diag.List {
	var found diag.List
	items := slices.Sorted(maps.Keys(schema.PriceItems()))
	for item, regions := range topology.Sorted(t.Prices) {
		path := "prices." + item
		if _, known := schema.PriceItems()[item]; !known {
			d := unknownPrice.At(t.At(path), path, "%q is nothing that obslink counts", item).WithHint("one of: %s", strings.Join(items, ", "))
			if near := diag.DidYouMean(item, items); near != "" {
				d = d.WithHint("did you mean %q?", near)
			}
			found = append(found, d)
		}
		for region, p := range topology.Sorted(regions) {
			at := path + "." + region
			if region != "*" && !schema.KnownRegion(region) {
				found = append(found, unknownPrice.At(t.At(at), at, "there is no region %q that obslink knows", region).WithHint(`write a region's name, or "*"`))
			}
			if _, err := cost.Parse(p.USD.String()); err != nil {
				found = append(found, badPrice.At(t.At(at+".usd"), at+".usd", "%s is no price", p.USD).WithHint("write dollars, such as 0.014"))
			}
			if strings.TrimSpace(p.Source) == "" {
				found = append(found, badPrice.At(t.At(at+".source"), at+".source", "the price says not where it was read").WithHint(`write such as source: "invoice 2026-10"`))
			}
		}
	}
	return found
}
