package check

import (
	"fmt"
	"net/netip"
	"strconv"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var badAddress = diag.Code{
	ID: "OBS234", Severity: diag.Error, Title: "a value is not an IPv4 address",
	Cause:   "DNS servers and the records of declared zones are IPv4 addresses: a name would need another answer first, and the endpoints answer on IPv4 only (2026-08).",
	Example: `dns: forward: "datadoghq.com": "resolver.example.net"`,
	Mend:    `dns: forward: "datadoghq.com": "10.0.0.10"`,
}

// addresses checks the addresses of DNS servers and of declared records.
func addresses(t *topology.Topology) diag.List {
	a := &addressChecker{t: t}
	for key, n := range topology.Sorted(t.Networks) {
		if n.Existing != nil {
			a.resolvers(key, n)
			a.endpoints(key, n)
		}
		for name, in := range topology.Sorted(n.Inbound) {
			if in.Address != "" {
				a.inbound("networks."+key, name, n, in)
			}
		}
	}
	for key, s := range topology.Sorted(t.Sites) {
		for domain, server := range topology.Sorted(s.DNS.Forward) {
			a.one("sites."+key+".dns.forward."+strconv.Quote(domain), server)
		}
	}
	for key, z := range topology.Sorted(t.Zones) {
		for name, values := range topology.Sorted(z.Records) {
			for i, v := range values {
				a.one(fmt.Sprintf("zones.%s.records.%s[%d]", key, strconv.Quote(name), i), v)
			}
		}
	}
	return a.found
}

type addressChecker struct {
	t     *topology.Topology
	found diag.List
}

func (a *addressChecker) one(path, value string) (netip.Addr, bool) {
	addr, err := netip.ParseAddr(value)
	if err == nil && addr.Is4() {
		return addr, true
	}
	d := badAddress.At(a.t.At(path), path, "%q is not an IPv4 address", value)
	if p, err := netip.ParsePrefix(value); err == nil && p.Addr().Is4() && p.IsSingleIP() {
		d = d.WithHint("write %q", p.Addr())
	} else {
		d = d.WithHint(`write an address such as "10.0.0.10"`)
	}
	a.found = append(a.found, d)
	return addr, false
}

// endpoints checks that each address of an existing endpoint is in a subnet of its network.
func (a *addressChecker) endpoints(network string, n *topology.Network) {
	var ranges []netip.Prefix
	for _, s := range n.Subnets {
		if p, err := netip.ParsePrefix(s.CIDR); err == nil {
			ranges = append(ranges, p.Masked())
		}
	}
	for backend, services := range topology.Sorted(n.Existing.Endpoints) {
		for service, e := range topology.Sorted(services) {
			path := fmt.Sprintf("networks.%s.existing.endpoints.%s.%s.addresses", network, backend, diag.Step(service))
			for i, v := range e.Addresses {
				at := fmt.Sprintf("%s[%d]", path, i)
				addr, ok := a.one(at, v)
				if !ok || within(netip.PrefixFrom(addr, addr.BitLen()), ranges) {
					continue
				}
				a.found = append(a.found, outsideNetwork.At(a.t.At(at), at, "%s is in no subnet of network %q", addr, network).
					WithHint(`declare the subnet that holds it: networks.%s.subnets: endpoints: {cidr: "…", existing: "…"}`, network))
			}
		}
	}
}

// resolvers checks that a network's DNS inbound endpoints have addresses of that network.
func (a *addressChecker) resolvers(network string, n *topology.Network) {
	var ranges []netip.Prefix
	for _, v := range n.CIDRs {
		if p, err := netip.ParsePrefix(v); err == nil {
			ranges = append(ranges, p.Masked())
		}
	}
	for i, v := range n.Existing.Resolvers {
		path := fmt.Sprintf("networks.%s.existing.resolvers[%d]", network, i)
		addr, ok := a.one(path, v)
		if !ok || len(ranges) == 0 || within(netip.PrefixFrom(addr, addr.BitLen()), ranges) {
			continue
		}
		a.found = append(a.found, outsideNetwork.At(a.t.At(path), path, "%s is not inside network %q (%s)", addr, network, joined(ranges)).
			WithNote(a.t.At("networks."+network+".cidrs"), "the network's CIDRs").
			WithHint("write the address of the endpoint's network interface in %q", network))
	}
}

// inbound checks that the address of a DNS inbound endpoint is one of its subnet.
func (a *addressChecker) inbound(network, name string, n *topology.Network, in topology.Inbound) {
	path := network + ".inbound." + name + ".address"
	addr, ok := a.one(path, in.Address)
	p, err := netip.ParsePrefix(n.Subnets[in.Subnet].CIDR)
	if !ok || err != nil || p.Masked().Contains(addr) {
		return
	}
	a.found = append(a.found, outsideNetwork.At(a.t.At(path), path, "%s is not inside subnet %q (%s)", addr, in.Subnet, p.Masked()).
		WithNote(a.t.At(network+".subnets."+in.Subnet+".cidr"), "the subnet's range").
		WithHint("write an address of %s, or leave it out", p.Masked()))
}
