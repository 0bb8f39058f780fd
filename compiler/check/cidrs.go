package check

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var (
	badCIDR = diag.Code{
		ID: "OBS205", Severity: diag.Error, Title: "a value is not an IPv4 CIDR",
		Cause:   "Networks, subnets, sites and what filters and tunnels let through are IPv4 prefixes. Datadog's and Azure Monitor's private endpoints answer with IPv4 addresses (2026-08).",
		Example: `cidrs: ["10.0.0.0"]`,
		Mend:    `cidrs: ["10.0.0.0/16"]`,
	}
	hostBits = diag.Code{
		ID: "OBS206", Severity: diag.Error, Title: "a CIDR has bits set behind its prefix",
		Cause:   "Both clouds refuse such a CIDR or silently cut it.",
		Example: `cidrs: ["10.0.1.0/16"]`,
		Mend:    `cidrs: ["10.0.0.0/16"]`,
	}
	outsideNetwork = diag.Code{
		ID: "OBS207", Severity: diag.Error, Title: "a subnet or address is outside its range",
		Cause:   "A subnet, a group of servers and a resolver's address must lie within one CIDR of their network, and an endpoint's address within its subnet.",
		Example: `hub: {cidrs: ["192.168.0.0/16"], subnets: endpoints: cidr: "10.1.0.0/24"}`,
		Mend:    `hub: {cidrs: ["192.168.0.0/16"], subnets: endpoints: cidr: "192.168.0.0/24"}`,
	}
	noCIDR = diag.Code{
		ID: "OBS208", Severity: diag.Error, Title: "a network or site has no CIDR",
		Cause:   "Routes and filters are made of the declared CIDRs.",
		Example: `sites: home: cidrs: []`,
		Mend:    `sites: home: cidrs: ["192.168.1.0/24"]`,
	}
)

// cidrs checks every CIDR and every fixed address by itself, and that subnets lie in their network.
func cidrs(t *topology.Topology) diag.List {
	c := &cidrChecker{t: t}
	for key, n := range topology.Sorted(t.Networks) {
		path := "networks." + key
		ranges := c.list(path+".cidrs", n.CIDRs)
		for sub, s := range topology.Sorted(n.Subnets) {
			c.subnet(path+".subnets."+sub, key, s, ranges)
		}
		for name, client := range topology.Sorted(n.Clients) {
			at := path + ".clients." + name
			if client.CIDR != "" {
				c.inside(at+".cidr", key, client.CIDR, ranges)
			}
			c.each(at+".egress", client.Egress)
		}
		if n.Existing != nil {
			for table, routes := range topology.Sorted(n.Existing.Routes) {
				c.each(path+".existing.routes."+table, routes)
			}
			for name, g := range topology.Sorted(n.Existing.SecurityGroups) {
				c.each(path+".existing.securityGroups."+name+".ingress", g.Ingress)
			}
		}
	}
	for key, s := range topology.Sorted(t.Sites) {
		path := "sites." + key
		c.list(path+".cidrs", s.CIDRs)
		if w := s.WireGuard; w != nil {
			c.each(path+".wireguard.allowedIPs", w.AllowedIPs)
			c.each(path+".wireguard.gateway.allowedIPs", w.Gateway.AllowedIPs)
		}
		if s.VPN != nil {
			c.each(path+".vpn.carries", s.VPN.Carries)
		}
		if s.Existing != nil {
			c.each(path+".existing.carries", s.Existing.Carries)
		}
	}
	return c.found
}

type cidrChecker struct {
	t     *topology.Topology
	found diag.List
}

func (c *cidrChecker) list(path string, values []string) []netip.Prefix {
	if len(values) == 0 {
		c.found = append(c.found, noCIDR.At(c.t.At(path), path, "%s is empty", path).WithHint(`add the range, such as "10.0.0.0/16"`))
	}
	return c.each(path, values)
}

// each checks a list that may be empty.
func (c *cidrChecker) each(path string, values []string) []netip.Prefix {
	var ranges []netip.Prefix
	for i, v := range values {
		if p, ok := c.one(fmt.Sprintf("%s[%d]", path, i), v); ok {
			ranges = append(ranges, p)
		}
	}
	return ranges
}

// one parses one CIDR and reports what is wrong with it.
func (c *cidrChecker) one(path, value string) (netip.Prefix, bool) {
	p, err := netip.ParsePrefix(value)
	switch {
	case err != nil:
		d := badCIDR.At(c.t.At(path), path, "%q is not a CIDR", value)
		if a, err := netip.ParseAddr(strings.TrimSpace(value)); err == nil {
			d = d.WithHint("a single address is %q", netip.PrefixFrom(a, a.BitLen()).String())
		} else {
			d = d.WithHint(`write an address and a prefix length, such as "10.0.0.0/16"`)
		}
		c.found = append(c.found, d)
		return p, false
	case !p.Addr().Is4():
		c.found = append(c.found, badCIDR.At(c.t.At(path), path, "%q is an IPv6 prefix", value).
			WithHint("declare the IPv4 range: the endpoints answer on IPv4 only"))
		return p, false
	case p != p.Masked():
		c.found = append(c.found, hostBits.At(c.t.At(path), path, "%q has bits set behind /%d", value, p.Bits()).
			WithHint("write %q", p.Masked()))
		return p.Masked(), true
	}
	return p, true
}

func (c *cidrChecker) subnet(path, network string, s topology.Subnet, ranges []netip.Prefix) {
	if acl := s.NetworkACL; acl != nil {
		for i, r := range acl.Ingress {
			c.one(fmt.Sprintf("%s.networkACL.ingress[%d].cidr", path, i), r.CIDR)
		}
		for i, r := range acl.Egress {
			c.one(fmt.Sprintf("%s.networkACL.egress[%d].cidr", path, i), r.CIDR)
		}
	}
	p, ok := c.inside(path+".cidr", network, s.CIDR, ranges)
	if !ok {
		return
	}
	for backend, services := range topology.Sorted(s.Addresses) {
		for service, value := range topology.Sorted(services) {
			at := path + ".addresses." + backend + "." + service
			a, err := netip.ParseAddr(value)
			if err != nil || !p.Contains(a) {
				c.found = append(c.found, outsideNetwork.At(c.t.At(at), at, "%q is not an address of subnet %s", value, p).
					WithHint("choose one of %s to %s", nth(p, 4), last(p, 2)))
			}
		}
	}
}

// inside checks a CIDR that must lie in one of its network's.
func (c *cidrChecker) inside(path, network, value string, ranges []netip.Prefix) (netip.Prefix, bool) {
	p, ok := c.one(path, value)
	if ok && len(ranges) > 0 && !within(p, ranges) {
		c.found = append(c.found, outsideNetwork.At(c.t.At(path), path, "%s is not inside network %q (%s)", p, network, joined(ranges)).
			WithNote(c.t.At("networks."+network+".cidrs"), "the network's CIDRs").
			WithHint("choose a range inside %s", joined(ranges)))
	}
	return p, ok
}

func within(p netip.Prefix, ranges []netip.Prefix) bool {
	for _, r := range ranges {
		if r.Bits() <= p.Bits() && r.Contains(p.Addr()) {
			return true
		}
	}
	return false
}

func joined(ranges []netip.Prefix) string {
	s := make([]string, len(ranges))
	for i, r := range ranges {
		s[i] = r.String()
	}
	return strings.Join(s, ", ")
}

// nth is the n-th address of a prefix.
func nth(p netip.Prefix, n int) netip.Addr {
	a := p.Addr()
	for range n {
		a = a.Next()
	}
	return a
}

// last is the n-th address of a prefix from its end; 1 is the broadcast address.
func last(p netip.Prefix, n int) netip.Addr {
	b := p.Addr().As4()
	for i := p.Bits(); i < 32; i++ {
		b[i/8] |= 1 << (7 - i%8)
	}
	a := netip.AddrFrom4(b)
	for range n - 1 {
		a = a.Prev()
	}
	return a
}
