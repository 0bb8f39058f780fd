package schema_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/obslink/obslink/schema"
)

// TestLimits: every row says where it was read, and no bound is below its default.
func TestLimits(t *testing.T) {
	aws, azure := schema.AWS(), schema.Azure()
	sourced := func(sources map[string]string, row, names string) {
		for name := range strings.SplitSeq(names, ", ") {
			if sources[name] == "" {
				t.Errorf("%s: no source %q", row, name)
			}
		}
	}
	sourced(aws.Sources, "regions", aws.RegionsSource)
	sourced(aws.Sources, "partitions", aws.OtherPartitionsSource)
	for key, q := range aws.Quotas {
		sourced(aws.Sources, key, q.Source)
		if q.Default <= 0 || q.Max != 0 && q.Max < q.Default || q.Name == "" {
			t.Errorf("%s: %+v", key, q)
		}
	}
	sourced(azure.Sources, "regions", azure.RegionsSource)
	sourced(azure.Sources, "clouds", azure.OtherCloudsSource)
	sourced(azure.Sources, "zones", azure.WithoutZonesSource)
	sourced(azure.Sources, "tunnels", azure.VPNTunnelsSource)
	for _, region := range azure.WithoutZones {
		if cloud, _ := azure.CloudOf(region); !slices.Contains(azure.Regions, region) && !slices.Contains(azure.CloudRegions[cloud], region) {
			t.Errorf("%s is no region", region)
		}
	}
	for _, lengths := range []map[string]schema.AzureLength{azure.NameLengths, azure.RuleLimits} {
		for key, l := range lengths {
			sourced(azure.Sources, key, l.Source)
			if l.Max <= 0 {
				t.Errorf("%s: %+v", key, l)
			}
		}
	}
	if !slices.IsSorted(azure.Regions) {
		t.Error("the Azure regions are not in order")
	}
}

// TestZonePrefixes: the ids of a region's zones begin with the region's first letters and number,
// as in ap-northeast-1 and apne1; Datadog's regions are known.
func TestZonePrefixes(t *testing.T) {
	abbreviated := strings.NewReplacer("northeast", "ne", "southeast", "se", "north", "n", "south", "s", "east", "e", "west", "w", "central", "c", "-", "")
	shape := regexp.MustCompile(`^[a-z]{2,5}[0-9]$`)
	for region, row := range schema.AWS().Regions {
		if row.Zones != abbreviated.Replace(region) || !shape.MatchString(row.Zones) {
			t.Errorf("%s has zones %q", region, row.Zones)
		}
	}
	for key, site := range schema.Datadog().Sites {
		if _, known := schema.AWS().Regions[site.HomeRegion]; !known {
			t.Errorf("%s is in region %q, which is not known", key, site.HomeRegion)
		}
	}
}

// TestPrices: every price is a number, says how sure it is and where it was read.
func TestPrices(t *testing.T) {
	number := regexp.MustCompile(`^[0-9]+\.[0-9]{2,6}$`)
	for _, c := range []*schema.Prices{schema.AWSPrices(), schema.AzurePrices()} {
		if c.Currency != "USD" || c.AsOf == "" {
			t.Errorf("%+v", c)
		}
		for key, item := range c.Items {
			if item.What == "" || item.Unit == "" {
				t.Errorf("%s: %+v", key, item)
			}
			for region, p := range item.Prices {
				if region != "*" && !schema.KnownRegion(region) {
					t.Errorf("%s: no region %q", key, region)
				}
				if !number.MatchString(p.USD) || !slices.Contains([]string{"confirmed", "reported", "recalled"}, p.Sure) || c.Sources[p.Source] == "" {
					t.Errorf("%s in %s: %+v", key, region, p)
				}
			}
		}
	}
}
