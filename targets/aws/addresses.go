package aws

import (
	"fmt"
	"hash/fnv"
	"maps"
	"net/netip"
	"slices"

	"github.com/obslink/obslink/compiler/check"
	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/topology"
)

// The first four addresses of a subnet and the last one are AWS's (PrivateLink guide p. 59, 2026).
const (
	reservedFirst = 4
	reservedLast  = 1
)

// Where an address came from.
const (
	fromTopology = "topology"
	fromLock     = "lock"
	fromChoice   = "choice"
	fromExisting = "existing" // of an endpoint that is there already
	fromNowhere  = ""
)

// chooseAddress is the address of an endpoint in a subnet: what the topology says, else the lock,
// else, in a subnet that obslink creates, a choice that depends on nothing but the backend's key and
// the service's place in the catalogue. So another service that comes or goes moves no address.
func chooseAddress(t *topology.Topology, h *compile.Hosting, s *service, subnet string, decl topology.Subnet) (netip.Addr, string) {
	for _, key := range s.keys {
		if fixed := decl.Addresses[h.Backend][key]; fixed != "" {
			a, _ := netip.ParseAddr(fixed)
			return a, fromTopology
		}
	}
	if a, ok := lockedAddress(t, h, s, subnet); ok {
		return a, fromLock
	}
	if decl.Existing != "" {
		return netip.Addr{}, fromNowhere
	}
	cidr := netip.MustParsePrefix(decl.CIDR)
	return offset(cidr, choice(t, h, s, usable(cidr))), fromChoice
}

// lockKey is an endpoint's key in addresses.lock.json.
func lockKey(h *compile.Hosting, s *service, subnet string) string {
	return fmt.Sprintf("endpoint_%s_%s_%s/%s", h.Network, h.Backend, s.id, subnet)
}

// lockedAddress is what the lock says of an endpoint, under its key or one that it had before a
// rename: else a rename would move the endpoint.
func lockedAddress(t *topology.Topology, h *compile.Hosting, s *service, subnet string) (netip.Addr, bool) {
	if len(t.Locked) == 0 {
		return netip.Addr{}, false
	}
	n := t.Networks[h.Network]
	was := n.Subnets[subnet].Was
	for _, network := range []string{h.Network, n.Was} {
		for _, backend := range []string{h.Backend, t.Backends[h.Backend].Was} {
			for _, sub := range []string{subnet, was} {
				former := &compile.Hosting{Network: network, Backend: backend}
				if a, err := netip.ParseAddr(t.Locked[lockKey(former, s, sub)]); err == nil {
					return a, true
				}
			}
		}
	}
	return netip.Addr{}, false
}

// usable is how many addresses of a subnet an endpoint can take.
func usable(cidr netip.Prefix) int { return 1<<(32-cidr.Bits()) - reservedFirst - reservedLast }

// usableIn reports whether an endpoint can take an address of a subnet.
func usableIn(cidr netip.Prefix, a netip.Addr) bool {
	return cidr.Contains(a) && !a.Less(offset(cidr, reservedFirst)) && a.Less(offset(cidr, reservedFirst+usable(cidr)))
}

// choice is the offset of the chosen address from the start of the subnet. Backends get blocks by
// the hash of their key, services a fixed place inside; small subnets have one block.
func choice(t *topology.Topology, h *compile.Hosting, s *service, size int) int {
	key := h.Backend
	if was := t.Backends[h.Backend].Was; was != "" {
		key = was
	}
	hash := fnv.New32a()
	hash.Write([]byte(key))
	blocks := max(1, size/s.block)
	return reservedFirst + int(hash.Sum32()%uint32(blocks))*s.block + s.place
}

// offset is the n-th address of a prefix.
func offset(p netip.Prefix, n int) netip.Addr {
	b := p.Masked().Addr().As4()
	v := uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
	v += uint32(n)
	return netip.AddrFrom4([4]byte{byte(v >> 24), byte(v >> 16), byte(v >> 8), byte(v)})
}

// pinned is one endpoint's address in one subnet and where it came from. It is a service's, or that of a
// part of a DNS inbound endpoint.
type pinned struct {
	hosting *compile.Hosting
	service *service
	inbound string
	network string
	subnet  string
	address netip.Addr
	from    string
}

// pins lists the addresses of all endpoints, those first that are there already, in the order of
// networks, backends and services.
func pins(t *topology.Topology) []pinned {
	services := servicesOf(t)
	all := taken(t, services)
	for _, h := range compile.Hostings(t, Name) {
		subnets := t.Networks[h.Network].Subnets
		order := slices.Sorted(maps.Keys(subnets))
		for _, s := range made(t, h, services(h)) {
			for _, sub := range order {
				if decl := subnets[sub]; decl.HoldsEndpoints() && s.name != "" {
					a, from := chooseAddress(t, h, s, sub, decl)
					all = append(all, pinned{hosting: h, service: s, network: h.Network, subnet: sub, address: a, from: from})
				}
			}
		}
	}
	return append(all, inboundPins(t)...)
}

// String says whose address it is.
func (p pinned) String() string {
	if p.service == nil {
		return fmt.Sprintf("DNS inbound endpoint %q", p.inbound)
	}
	return fmt.Sprintf("endpoint %s of %q", p.service.id, p.hosting.Backend)
}

// lockKey is its key in addresses.lock.json.
func (p pinned) lockKey() string {
	if p.service == nil {
		return inboundLockKey(p.network, p.inbound, p.subnet)
	}
	return lockKey(p.hosting, p.service, p.subnet)
}

// choice is the offset at which the search for a free address begins.
func (p pinned) choice(t *topology.Topology, size int) int {
	if p.service == nil {
		return inboundChoice(plan.Key{Now: p.inbound, Was: t.Networks[p.network].Inbound[p.inbound].Was}, size)
	}
	return choice(t, p.hosting, p.service, size)
}

// taken lists the addresses of endpoints that are there already.
func taken(t *topology.Topology, services func(*compile.Hosting) []*service) []pinned {
	var all []pinned
	for network, n := range topology.Sorted(t.Networks) {
		if t.Kind(network) != Name || n.Existing == nil {
			continue
		}
		for backend := range topology.Sorted(n.Existing.Endpoints) {
			if !offered(t, backend) {
				continue
			}
			h := &compile.Hosting{Network: network, Backend: backend}
			for _, s := range services(h) {
				if e, _ := existingFor(t, network, backend, s); e != nil {
					for _, text := range e.Addresses {
						if a, err := netip.ParseAddr(text); err == nil {
							all = append(all, pinned{hosting: h, service: s, network: network, subnet: subnetHolding(n, a), address: a, from: fromExisting})
						}
					}
				}
			}
		}
	}
	return all
}

// Lock lists the address of every endpoint, for addresses.lock.json. What the topology fixes comes
// first, then what is locked and still usable, then choices that nobody else has. An endpoint whose
// choice is taken, or that stands in an existing subnet without an address, gets the next free one;
// it never takes another's choice. Where a subnet is full, an endpoint is left out. A topology with
// mistakes that are not about addresses has no lock: the result is nil.
func Lock(t *topology.Topology) map[string]string {
	if found := check.Topology(t, check.All); found.HasErrors() || !lockable(t) {
		return nil
	}
	k := &locker{t: t, locked: map[string]string{}, taken: map[string]bool{}}
	rest := pins(t)
	for _, from := range []string{fromExisting, fromTopology, fromLock, fromChoice} {
		var later []pinned
		for _, p := range rest {
			if p.from != from || !k.place(p, p.address) {
				later = append(later, p)
			}
		}
		rest = later
	}
	for _, p := range rest {
		k.next(p)
	}
	return k.locked
}

// lockable reports whether what is wrong with a topology, if anything, is its addresses.
func lockable(t *topology.Topology) bool {
	for _, d := range check.Topology(t, Checks) {
		if d.Severity == diag.Error && !slices.ContainsFunc(addressCodes, func(c diag.Code) bool { return c.ID == d.Code }) {
			return false
		}
	}
	return true
}

// locker gives out addresses.
type locker struct {
	t      *topology.Topology
	locked map[string]string
	taken  map[string]bool // network/address
}

// place gives an endpoint an address that is usable and free. What the topology fixes is taken as
// it is: the check reports what is wrong with it.
func (k *locker) place(p pinned, a netip.Addr) bool {
	id := p.network + "/" + a.String()
	if p.from == fromExisting {
		k.taken[id] = true
		return true
	}
	if p.from != fromTopology && (k.taken[id] || !usableIn(k.cidr(p), a)) {
		return false
	}
	k.taken[id] = true
	k.locked[p.lockKey()] = a.String()
	return true
}

// next gives an endpoint the first free address from its choice on.
func (k *locker) next(p pinned) {
	cidr := k.cidr(p)
	first := p.choice(k.t, usable(cidr)) - reservedFirst
	for i := range usable(cidr) {
		if k.place(p, offset(cidr, reservedFirst+(first+i)%usable(cidr))) {
			return
		}
	}
}

func (k *locker) cidr(p pinned) netip.Prefix {
	return netip.MustParsePrefix(k.t.Networks[p.network].Subnets[p.subnet].CIDR)
}
