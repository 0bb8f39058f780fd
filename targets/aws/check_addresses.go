package aws

import (
	"fmt"
	"net/netip"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var (
	addressUnknown = diag.Code{
		ID: "OBS314", Severity: diag.Error, Title: "an endpoint in an existing subnet has no address",
		Cause:   "obslink cannot know which addresses of an existing subnet are free, so it takes only one that the topology or addresses.lock.json names.",
		Example: `subnets: endpoints: {cidr: "10.0.9.0/24", existing: "subnet-0a1b"}`,
		Mend:    `subnets: endpoints: {cidr: "10.0.9.0/24", existing: "subnet-0a1b", addresses: dd: metrics: "10.0.9.10"}`,
	}
	addressTaken = diag.Code{
		ID: "OBS315", Severity: diag.Error, Title: "two endpoints would take one address",
		Cause:   "Chosen addresses depend on the backend's key and the service alone, so that they never move; two backends in a small subnet can meet.",
		Example: `subnets: endpoints: cidr: "192.168.0.0/28"   // and two Datadog backends`,
		Mend:    "obslink lock STACK   // chooses free ones and writes addresses.lock.json",
	}
	addressReserved = diag.Code{
		ID: "OBS316", Severity: diag.Error, Title: "an endpoint's address is outside its subnet or reserved",
		Cause:   "The first four addresses of a subnet and the last one are AWS's (PrivateLink guide p. 59, 2026).",
		Example: `subnets: endpoints: {cidr: "192.168.0.0/24", addresses: dd: metrics: "192.168.0.2"}`,
		Mend:    `subnets: endpoints: {cidr: "192.168.0.0/24", addresses: dd: metrics: "192.168.0.10"}`,
	}
)

// addressCodes are the mistakes that `obslink lock` mends.
var addressCodes = []diag.Code{addressUnknown, addressTaken, addressReserved}

// checkAddresses checks the address of every endpoint, wherever it comes from.
func checkAddresses(t *topology.Topology) diag.List {
	var found diag.List
	type place struct {
		network string
		address netip.Addr
	}
	all := pins(t)
	taken := make(map[place]pinned, len(all))
	for _, p := range all {
		if p.from == fromExisting && p.subnet == "" {
			continue // reported with the address
		}
		cidr, err := netip.ParsePrefix(t.Networks[p.network].Subnets[p.subnet].CIDR)
		if err != nil || cidr.Bits() < largestSubnet || cidr.Bits() > smallestSubnet {
			continue // reported with the subnet
		}
		if p.from == fromNowhere {
			found = append(found, addressUnknown.At(t.At(p.line(t)), p.line(t), "%s has no address in existing subnet %q", p, p.subnet).
				WithHint("run `obslink lock` to choose one, or add %s: \"…\"", p.field()))
			continue
		}
		if p.service == nil && !cidr.Contains(p.address) {
			continue // reported as no address, or as outside
		}
		if !usableIn(cidr, p.address) {
			found = append(found, badAddress(t, cidr, p))
			continue
		}
		key := place{p.network, p.address}
		if other, ok := taken[key]; ok {
			found = append(found, addressTaken.At(t.At(p.line(t)), p.line(t), "%s and %s would both take %s", other, p, p.address).
				WithHint("%s", takenHint(other, p)))
		}
		taken[key] = p
	}
	return found
}

// takenHint says what to do about two endpoints with one address.
func takenHint(a, b pinned) string {
	fixed := func(p pinned) bool { return p.from == fromTopology || p.from == fromExisting }
	if fixed(a) && fixed(b) {
		return "fix another address for one of them"
	}
	return "run `obslink lock`, which chooses free ones and keeps them"
}

func badAddress(t *topology.Topology, cidr netip.Prefix, p pinned) diag.Diagnostic {
	d := addressReserved.At(t.At(p.line(t)), p.line(t), "%s for %s is not usable in %s", p.address, p, cidr)
	switch p.from {
	case fromExisting:
		at := existingAddresses(t, p)
		return addressReserved.At(t.At(at), at, "%s, declared for an existing endpoint of %q, is one that AWS keeps in %s", p.address, p.hosting.Backend, cidr).
			WithHint("write the address of its network interface")
	case fromChoice:
		return d.WithHint("the subnet is small: use /27 or larger, or run `obslink lock` to choose another address")
	case fromLock:
		return d.WithHint("addresses.lock.json says so: run `obslink lock` to choose another address")
	default:
		return d.WithHint("choose one of %s to %s", offset(cidr, reservedFirst), offset(cidr, reservedFirst+usable(cidr)-1))
	}
}

// existingAddresses is the path of the addresses of an endpoint that is there already.
func existingAddresses(t *topology.Topology, p pinned) string {
	_, path := existingFor(t, p.network, p.hosting.Backend, p.service)
	return path + ".addresses"
}

// field is what fixes an endpoint's address, as a user writes it in its subnet or inbound endpoint.
func (p pinned) field() string {
	if p.service == nil {
		return "address"
	}
	return fmt.Sprintf("addresses: %s: %s", diag.Label(p.hosting.Backend), diag.Label(p.service.keys[0]))
}

// line is the path of the line that fixes an endpoint's address, or that could.
func (p pinned) line(t *topology.Topology) string {
	if p.service == nil {
		return "networks." + p.network + ".inbound." + p.inbound + ".address"
	}
	if p.from == fromExisting {
		return existingAddresses(t, p)
	}
	path := "networks." + p.network + ".subnets." + p.subnet + ".addresses"
	if p.from != fromTopology {
		return path
	}
	for _, key := range p.service.keys {
		if t.Networks[p.network].Subnets[p.subnet].Addresses[p.hosting.Backend][key] != "" {
			return path + "." + p.hosting.Backend + "." + diag.Step(key)
		}
	}
	return path + "." + p.hosting.Backend
}
