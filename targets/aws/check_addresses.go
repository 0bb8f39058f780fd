package aws

import (
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
	taken := map[string]pinned{}
	for _, p := range pins(t) {
		subnet := t.Networks[p.network].Subnets[p.subnet]
		path := "networks." + p.network + ".subnets." + p.subnet
		cidr, err := netip.ParsePrefix(subnet.CIDR)
		if err != nil {
			continue
		}
		if p.from == fromNowhere {
			found = append(found, addressUnknown.At(t.At(path), path+".addresses", "endpoint %s of %q has no address in existing subnet %q", p.service.id, p.hosting.Backend, p.subnet).
				WithHint("add addresses: %s: %s: %q, or run `obslink lock`", p.hosting.Backend, p.service.keys[0], offset(cidr, reservedFirst+6)))
			continue
		}
		if !usableIn(cidr, p.address) {
			found = append(found, badAddress(t, path, cidr, p))
			continue
		}
		key := p.network + "/" + p.address.String()
		if other, ok := taken[key]; ok {
			found = append(found, addressTaken.At(t.At(path), path+".addresses", "endpoints %s of %q and %s of %q would both take %s",
				other.service.id, other.hosting.Backend, p.service.id, p.hosting.Backend, p.address).
				WithHint("run `obslink lock`, which chooses free ones and keeps them"))
		}
		taken[key] = p
	}
	return found
}

func badAddress(t *topology.Topology, path string, cidr netip.Prefix, p pinned) diag.Diagnostic {
	d := addressReserved.At(t.At(path), path+".addresses", "%s for endpoint %s of %q is not usable in %s", p.address, p.service.id, p.hosting.Backend, cidr)
	if p.from == fromChoice {
		return d.WithHint("the subnet is too small for this service's place: use /27 or larger, or fix the address")
	}
	return d.WithHint("choose one of %s to %s", offset(cidr, reservedFirst), offset(cidr, 1<<(32-cidr.Bits())-reservedLast-1))
}
