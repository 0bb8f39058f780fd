package check

import (
	"fmt"
	"net/netip"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var unroutable = diag.Code{
	ID: "OBS239", Severity: diag.Error, Title: "a range that no network can have",
	Cause:   "Loopback, link-local, multicast and reserved addresses are never routed (RFC 6890): a cloud refuses a network of them, or drops its packets.",
	Example: `tokyo: cidrs: ["169.254.0.0/16"]`,
	Mend:    `tokyo: cidrs: ["10.0.0.0/16"]`,
}

// specialRanges are the blocks of RFC 6890 that no network or site can use.
var specialRanges = []struct {
	prefix netip.Prefix
	what   string
}{
	{netip.MustParsePrefix("0.0.0.0/8"), "the hosts of this network"},
	{netip.MustParsePrefix("127.0.0.0/8"), "loopback addresses"},
	{netip.MustParsePrefix("169.254.0.0/16"), "link-local addresses"},
	{netip.MustParsePrefix("224.0.0.0/4"), "multicast addresses"},
	{netip.MustParsePrefix("240.0.0.0/4"), "reserved addresses"},
}

// ranges checks that networks and sites have ranges that packets can be sent to.
func ranges(t *topology.Topology) diag.List {
	var found diag.List
	list := func(path string, values []string) {
		for i, v := range values {
			p, err := netip.ParsePrefix(v)
			if err != nil {
				continue // reported with the CIDRs
			}
			for _, r := range specialRanges {
				if p.Overlaps(r.prefix) {
					at := fmt.Sprintf("%s[%d]", path, i)
					found = append(found, unroutable.At(t.At(at), at, "%s holds %s (%s)", v, r.what, r.prefix).
						WithHint("choose a private range, such as one inside 10.0.0.0/8"))
					break
				}
			}
		}
	}
	for key, n := range topology.Sorted(t.Networks) {
		list("networks."+key+".cidrs", n.CIDRs)
	}
	for key, s := range topology.Sorted(t.Sites) {
		list("sites."+key+".cidrs", s.CIDRs)
	}
	return found
}
