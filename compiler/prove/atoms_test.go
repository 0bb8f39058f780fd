package prove

import (
	"fmt"
	"math/rand"
	"net/netip"
	"slices"
	"testing"

	"github.com/obslink/obslink/compiler/plan"
)

// Every address has the same prefixes around it as the atom that stands for it, and every atom stands
// for one that exists: brute force over a /24.
func TestAtomsAgainstBruteForce(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for round := range 300 {
		var all []netip.Prefix
		for range r.Intn(12) {
			all = append(all, netip.PrefixFrom(netip.AddrFrom4([4]byte{10, 0, byte(r.Intn(2)), byte(r.Intn(256))}), 20+r.Intn(13)).Masked())
		}
		slices.SortFunc(all, netip.Prefix.Compare)
		all = slices.Compact(all)
		whole := netip.PrefixFrom(netip.AddrFrom4([4]byte{10, 0, 0, byte(r.Intn(256))}), 24+r.Intn(6)).Masked()
		around := func(a netip.Addr) string {
			var in []netip.Prefix
			for _, p := range all {
				if p.Contains(a) {
					in = append(in, p)
				}
			}
			return fmt.Sprint(in)
		}
		represented := map[string]netip.Addr{}
		for _, a := range atoms(whole, all) {
			if !whole.Contains(a.Address) || !a.Prefix.Contains(a.Address) {
				t.Fatalf("round %d: %v is outside of %v", round, a, whole)
			}
			if other, twice := represented[around(a.Address)]; twice {
				t.Fatalf("round %d: %v and %v are alike in %v", round, a.Address, other, all)
			}
			represented[around(a.Address)] = a.Address
		}
		found := map[string]bool{}
		for a := whole.Addr(); whole.Contains(a); a = a.Next() {
			found[around(a)] = true
			if _, ok := represented[around(a)]; !ok {
				t.Fatalf("round %d: nothing stands for %v of %v in %v", round, a, whole, all)
			}
		}
		if len(found) != len(represented) {
			t.Fatalf("round %d: %d atoms, %d kinds of addresses", round, len(represented), len(found))
		}
	}
}

func TestAtomsAtTheEdges(t *testing.T) {
	p := netip.MustParsePrefix
	for _, c := range []struct {
		whole  string
		sorted []string
		want   []string
	}{
		{"0.0.0.0/0", nil, []string{"0.0.0.0/0 0.0.0.4"}},
		{"255.255.255.254/31", []string{"255.255.255.254/32", "255.255.255.255/32"}, []string{"255.255.255.254/32 255.255.255.254", "255.255.255.255/32 255.255.255.255"}},
		{"10.0.0.0/24", []string{"10.0.0.0/16", "10.0.0.0/24"}, []string{"10.0.0.0/24 10.0.0.4"}},
		{"10.0.0.0/24", []string{"10.0.0.0/25", "10.0.0.128/25"}, []string{"10.0.0.0/25 10.0.0.4", "10.0.0.128/25 10.0.0.132"}},
		{"10.0.0.0/24", []string{"10.0.0.2/32", "10.0.0.3/32"}, []string{"10.0.0.0/24 10.0.0.0", "10.0.0.2/32 10.0.0.2", "10.0.0.3/32 10.0.0.3"}},
		{"fd00::/64", []string{"fd00::/65"}, []string{"fd00::/64 fd00::8000:0:0:4", "fd00::/65 fd00::4"}},
	} {
		var sorted []netip.Prefix
		for _, s := range c.sorted {
			sorted = append(sorted, p(s))
		}
		var got []string
		for _, a := range atoms(p(c.whole), sorted) {
			got = append(got, a.Prefix.String()+" "+a.Address.String())
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", c.whole, got, c.want)
		}
	}
}

// Nodes that nothing joins do not split each other's addresses.
func TestBoundariesOfParts(t *testing.T) {
	p := netip.MustParsePrefix
	g := &plan.Graph{
		Networks: []plan.Network{
			{Name: "a", CIDRs: []netip.Prefix{p("10.0.0.0/16")}},
			{Name: "b", CIDRs: []netip.Prefix{p("10.0.1.0/24")}},
			{Name: "c", CIDRs: []netip.Prefix{p("10.0.2.0/24")}},
		},
		Connections: []plan.Connection{{Name: "ab", A: plan.End{Node: "a"}, B: plan.End{Node: "b"}}},
	}
	b := bound(g)
	if got := len(b.of("a")); got != 2 {
		t.Errorf("a meets %d prefixes", got)
	}
	if got := len(b.of("c")); got != 1 {
		t.Errorf("c meets %d prefixes", got)
	}
	if b.of("d") != nil {
		t.Error("an unknown node meets prefixes")
	}
}
