package compile

import (
	"net/netip"
	"strconv"

	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/topology"
)

// Origin is the place of a path in the topology.
func Origin(t *topology.Topology, path string) plan.Origin {
	return plan.Origin{Path: path, Pos: t.At(path)}
}

// Index is the path of an element of a list.
func Index(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }

// Prefixes parses CIDRs that the checks have passed.
func Prefixes(cidrs []string) []netip.Prefix {
	p := make([]netip.Prefix, len(cidrs))
	for i, c := range cidrs {
		p[i] = netip.MustParsePrefix(c)
	}
	return p
}

// addresses parses addresses that the checks have passed.
func addresses(values []string) []netip.Addr {
	a := make([]netip.Addr, len(values))
	for i, v := range values {
		a[i] = netip.MustParseAddr(v)
	}
	return a
}
