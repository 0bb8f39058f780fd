package aws

import (
	"fmt"
	"hash/fnv"
	"maps"
	"net/netip"
	"slices"
	"sync"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/topology"
	"github.com/obslink/obslink/schema"
)

// The first four addresses of a subnet and the last one are AWS's (PrivateLink guide p. 59, 2026).
const (
	reservedFirst = 4
	reservedLast  = 1
)

// block is how many addresses one backend may take in a subnet: a site's services and anchors.
const block = 27

// Where an address came from.
const (
	fromTopology = "topology"
	fromLock     = "lock"
	fromChoice   = "choice"
	fromNowhere  = ""
)

// chooseAddress is the address of an endpoint in a subnet: what the topology says, else the lock,
// else, in a subnet that obslink creates, a choice that depends on nothing but the backend's key and
// the service's place in the catalogue. So another service that comes or goes moves no address.
func chooseAddress(t *topology.Topology, h *compile.Hosting, s service, subnet string, decl topology.Subnet) (netip.Addr, string) {
	for _, key := range s.keys {
		if fixed := decl.Addresses[h.Backend][key]; fixed != "" {
			a, _ := netip.ParseAddr(fixed)
			return a, fromTopology
		}
	}
	if locked := t.Locked[lockKey(h, s, subnet)]; locked != "" {
		if a, err := netip.ParseAddr(locked); err == nil {
			return a, fromLock
		}
	}
	if decl.Existing != "" {
		return netip.Addr{}, fromNowhere
	}
	cidr := netip.MustParsePrefix(decl.CIDR)
	return offset(cidr, choice(t, h, s, usable(cidr))), fromChoice
}

// lockKey is an endpoint's key in addresses.lock.json.
func lockKey(h *compile.Hosting, s service, subnet string) string {
	return fmt.Sprintf("endpoint_%s_%s_%s/%s", h.Network, h.Backend, s.id, subnet)
}

// usable is how many addresses of a subnet an endpoint can take.
func usable(cidr netip.Prefix) int { return 1<<(32-cidr.Bits()) - reservedFirst - reservedLast }

// choice is the offset of the chosen address from the start of the subnet. Backends get blocks by
// the hash of their key, services a fixed place inside; small subnets have one block.
func choice(t *topology.Topology, h *compile.Hosting, s service, size int) int {
	key := h.Backend
	if was := t.Backends[h.Backend].Was; was != "" {
		key = was
	}
	hash := fnv.New32a()
	hash.Write([]byte(key))
	blocks := max(1, size/block)
	return reservedFirst + int(hash.Sum32()%uint32(blocks))*block + places()[s.row.ServiceName]
}

// places are each endpoint service's place among those of its Datadog site, by service name.
var places = sync.OnceValue(func() map[string]int {
	at := map[string]int{}
	for _, site := range schema.Datadog().Sites {
		next := 0
		for _, rows := range []map[string]schema.DatadogService{site.Services, site.Anchors} {
			for _, key := range slices.Sorted(maps.Keys(rows)) {
				name := rows[key].ServiceName
				if _, seen := at[name]; !seen {
					at[name] = next
					next++
				}
			}
		}
	}
	return at
})

// offset is the n-th address of a prefix.
func offset(p netip.Prefix, n int) netip.Addr {
	b := p.Masked().Addr().As4()
	v := uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
	v += uint32(n)
	return netip.AddrFrom4([4]byte{byte(v >> 24), byte(v >> 16), byte(v >> 8), byte(v)})
}

// pinned is one endpoint's address in one subnet and where it came from.
type pinned struct {
	hosting *compile.Hosting
	service service
	network string
	subnet  string
	address netip.Addr
	from    string
}

// pins lists the addresses of all endpoints, in the order of networks, backends and services.
func pins(t *topology.Topology) []pinned {
	var all []pinned
	for _, h := range compile.Hostings(t, Name) {
		for _, s := range services(compile.Decode[datadog](t.Backends[h.Backend].Body)) {
			for sub, decl := range topology.Sorted(t.Networks[h.Network].Subnets) {
				if decl.HoldsEndpoints() {
					a, from := chooseAddress(t, h, s, sub, decl)
					all = append(all, pinned{h, s, h.Network, sub, a, from})
				}
			}
		}
	}
	return all
}

// Lock lists the address of every endpoint, for addresses.lock.json. Addresses that are fixed or
// locked stay; an endpoint whose choice is taken, or that stands in an existing subnet without an
// address, gets the next free one.
func Lock(t *topology.Topology) map[string]string {
	locked := map[string]string{}
	taken := map[string]bool{} // network/address
	place := func(p pinned, a netip.Addr) {
		taken[p.network+"/"+a.String()] = true
		locked[lockKey(p.hosting, p.service, p.subnet)] = a.String()
	}
	all := pins(t)
	for _, p := range all {
		if p.from == fromTopology || p.from == fromLock {
			place(p, p.address)
		}
	}
	for _, p := range all {
		if p.from == fromTopology || p.from == fromLock {
			continue
		}
		cidr := netip.MustParsePrefix(t.Networks[p.network].Subnets[p.subnet].CIDR)
		first := max(choice(t, p.hosting, p.service, usable(cidr)), reservedFirst)
		for i := range usable(cidr) {
			a := offset(cidr, reservedFirst+(first-reservedFirst+i)%usable(cidr))
			if !taken[p.network+"/"+a.String()] {
				place(p, a)
				break
			}
		}
	}
	return locked
}
