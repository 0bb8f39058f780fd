package sandbox

import (
	"net/netip"
)

// Both clouds keep the first four addresses and the last one of every subnet for themselves (EC2 and Azure, "Subnet
// sizing"; Azure counts five reserved as well: facts/azure.md §2.3).
const keptAtStart = 4

func parsePrefix(s string) (netip.Prefix, bool) {
	p, err := netip.ParsePrefix(s)
	return p, err == nil && p.Addr().Is4()
}

func lastOf(p netip.Prefix) netip.Addr {
	a := p.Masked().Addr().As4()
	host := uint32(1)<<(32-p.Bits()) - 1
	for i := range 4 {
		a[i] |= byte(host >> (24 - 8*i))
	}
	return netip.AddrFrom4(a)
}

func plus(a netip.Addr, n int) netip.Addr {
	b := a.As4()
	v := uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
	v += uint32(n)
	return netip.AddrFrom4([4]byte{byte(v >> 24), byte(v >> 16), byte(v >> 8), byte(v)})
}

func reserved(p netip.Prefix, a netip.Addr) bool {
	return a.Less(plus(p.Masked().Addr(), keptAtStart)) || a == lastOf(p)
}

// capacity is how many addresses a subnet can give away.
func capacity(p netip.Prefix) int {
	return max(0, 1<<(32-p.Bits())-keptAtStart-1)
}

// freeAddress looks for an address from a starting point on, and comes round. EC2 hands out what looks random, so its callers start
// at a hash; Azure hands out the lowest free one.
func freeAddress(p netip.Prefix, start int, used map[netip.Addr]string) (netip.Addr, bool) {
	n := capacity(p)
	first := plus(p.Masked().Addr(), keptAtStart)
	for i := range n {
		a := plus(first, (start+i)%n)
		if _, taken := used[a]; !taken {
			return a, true
		}
	}
	return netip.Addr{}, false
}
