package sandbox

import (
	"strings"
	"testing"
)

// asked is a hub with a second subnet, where a DNS inbound endpoint may stand.
func (l lab) asked() (hub, thing) {
	h := l.hub()
	return h, h.create(subnetToken, "hub-dns", props{"vpcId": h.vpc.id, "cidrBlock": "10.0.1.0/24"})
}

func (h hub) resolverInputs(addresses ...any) props {
	return props{"direction": "INBOUND", "securityGroupIds": list(h.group.id), "ipAddresses": addresses}
}

func pinnedIn(subnet thing, ip string) props { return props{"subnetId": subnet.id, "ip": ip} }

// dnsSite is a site with a DNS resolver and a subnet for its inbound endpoints.
type dnsSite struct {
	site
	resolver, dns thing
}

func (l lab) dns() dnsSite {
	s := l.site()
	return dnsSite{s, s.create(dnsResolverToken, "r", s.resolverOf(s.vnet)), s.delegated("dns", "192.168.2.16/28")}
}

func (s site) resolverOf(vnet thing) props {
	return props{"resourceGroupName": "rg", "dnsResolverName": "r-" + vnet.name, "virtualNetwork": props{"id": vnet.id}}
}

func (s site) delegated(name, cidr string) thing {
	s.t.Helper()
	return s.create(vnetSubnetToken, name, props{"resourceGroupName": "rg", "virtualNetworkName": "vnet", "subnetName": name, "addressPrefix": cidr,
		"delegations": []any{props{"name": "dns", "serviceName": "Microsoft.Network/dnsResolvers"}}})
}

func (s dnsSite) inbound(name string, subnet thing, address string) props {
	return props{"resourceGroupName": "rg", "dnsResolverName": "r-vnet", "inboundEndpointName": name, "ipConfigurations": []any{
		props{"subnet": props{"id": subnet.id}, "privateIpAddress": address, "privateIpAllocationMethod": "Static"}}}
}

var resolverProvocations = []provocation{
	{"aws-resolver-addresses", func(l lab) error {
		h := l.hub()
		return fails(h.try(resolverToken, "r", h.resolverInputs(pinnedIn(h.subnet, "10.0.0.10"))))
	}},
	{"aws-resolver-not-found", func(l lab) error {
		_, err := l.us().update(thing{token: resolverToken, name: "r", id: "rslvr-in-0"}, l.hub().resolverInputs(props{"subnetId": "a"}, props{"subnetId": "b"}))
		return err
	}},
	{"aws-resolver-subnet", func(l lab) error {
		h := l.hub()
		return fails(h.try(resolverToken, "r", h.resolverInputs(pinnedIn(h.subnet, "10.0.0.10"), props{"subnetId": "subnet-0"})))
	}},
	{"aws-resolver-two-vpcs", func(l lab) error {
		h, other := l.hub(), makeHub(l.us(), "other", "10.1.0.0/16", "10.1.0.0/24")
		return fails(h.try(resolverToken, "r", h.resolverInputs(pinnedIn(h.subnet, "10.0.0.10"), pinnedIn(other.subnet, "10.1.0.10"))))
	}},
	{"aws-resolver-quota", func(l lab) error {
		h, dns := l.asked()
		for i := range resolversPerRegion {
			h.create(resolverToken, "r"+itoa(i), h.resolverInputs(props{"subnetId": h.subnet.id}, props{"subnetId": dns.id}))
		}
		return fails(h.try(resolverToken, "more", h.resolverInputs(props{"subnetId": h.subnet.id}, props{"subnetId": dns.id})))
	}},
	{"aws-address-in-use", func(l lab) error {
		h, dns := l.asked()
		h.create(endpointToken, "e", h.endpointInputs(props{"subnetConfigurations": []any{props{"subnetId": h.subnet.id, "ipv4": "10.0.0.10"}}}))
		return fails(h.try(resolverToken, "r", h.resolverInputs(pinnedIn(h.subnet, "10.0.0.10"), pinnedIn(dns, "10.0.1.10"))))
	}},
	{"aws-subnet-in-use", func(l lab) error {
		h, dns := l.asked()
		h.create(resolverToken, "r", h.resolverInputs(pinnedIn(h.subnet, "10.0.0.10"), pinnedIn(dns, "10.0.1.10")))
		return h.remove(dns)
	}},
	{"aws-group-in-use", func(l lab) error {
		h, dns := l.asked()
		h.create(resolverToken, "r", h.resolverInputs(pinnedIn(h.subnet, "10.0.0.10"), pinnedIn(dns, "10.0.1.10")))
		return h.remove(h.group)
	}},

	{"azure-second-resolver", func(l lab) error {
		s := l.dns()
		return fails(s.try(dnsResolverToken, "again", merged(s.resolverOf(s.vnet), props{"dnsResolverName": "again"})))
	}},
	{"azure-nested", func(l lab) error {
		s := l.dns()
		s.create(inboundToken, "in", s.inbound("in", s.dns, "192.168.2.20"))
		return s.remove(s.resolver)
	}},
	{"azure-inbound-network", func(l lab) error {
		s := l.dns()
		s.network("far", "10.0.0.0/16")
		far := s.create(vnetSubnetToken, "far-dns", props{"resourceGroupName": "rg", "virtualNetworkName": "far", "subnetName": "dns", "addressPrefix": "10.0.0.0/28",
			"delegations": []any{props{"name": "dns", "serviceName": "Microsoft.Network/dnsResolvers"}}})
		return fails(s.try(inboundToken, "in", s.inbound("in", far, "10.0.0.4")))
	}},
	{"azure-inbound-delegation", func(l lab) error {
		s := l.dns()
		return fails(s.try(inboundToken, "in", s.inbound("in", s.subnet, "192.168.2.70")))
	}},
	{"azure-inbound-subnet", func(l lab) error {
		s := l.dns()
		return fails(s.try(inboundToken, "in", s.inbound("in", s.delegated("small", "192.168.2.0/29"), "192.168.2.4")))
	}},
	{"azure-inbound-subnet", func(l lab) error {
		s := l.dns()
		s.create(inboundToken, "in", s.inbound("in", s.dns, "192.168.2.20"))
		return fails(s.try(inboundToken, "second", s.inbound("second", s.dns, "192.168.2.21")))
	}},
	{"azure-address-reserved", func(l lab) error {
		s := l.dns()
		return fails(s.try(inboundToken, "in", s.inbound("in", s.dns, "192.168.2.17")))
	}},
	{"azure-subnet-in-use", func(l lab) error {
		s := l.dns()
		s.create(inboundToken, "in", s.inbound("in", s.dns, "192.168.2.20"))
		return s.remove(s.dns)
	}},
	{"azure-network-in-use", func(l lab) error { s := l.dns(); return s.remove(s.vnet) }},
	{"azure-delegated-subnet", func(l lab) error {
		s := l.dns()
		return fails(s.try(endpointTypeToken, "e", merged(s.endpointInputs(), props{"subnet": props{"id": s.dns.id}})))
	}},
}

// TestInboundResolver: the addresses are the endpoint's while it is there, and an update moves one of
// them only.
func TestInboundResolver(t *testing.T) {
	h, dns := lab{start(t, Config{})}.asked()
	r := h.create(resolverToken, "r", h.resolverInputs(pinnedIn(h.subnet, "10.0.0.10"), pinnedIn(dns, "10.0.1.10")))
	wantEqual(t, r.str("hostVpcId"), h.vpc.id)
	if !strings.HasPrefix(r.id, "rslvr-in-") {
		t.Errorf("id %s", r.id)
	}
	r, err := h.update(r, h.resolverInputs(pinnedIn(h.subnet, "10.0.0.10"), pinnedIn(dns, "10.0.1.11")))
	h.must(nil, err)
	if _, err := h.try(resolverToken, "s", h.resolverInputs(pinnedIn(h.subnet, "10.0.0.10"), pinnedIn(dns, "10.0.1.10"))); err == nil || !strings.Contains(err.Error(), "10.0.0.10 is in use") {
		t.Errorf("an address that stayed is given twice: %v", err)
	}
	h.create(resolverToken, "s", h.resolverInputs(pinnedIn(h.subnet, "10.0.0.11"), pinnedIn(dns, "10.0.1.10")))
	h.must(nil, h.remove(r))
}

// TestDNSPrivateResolver: an address that is left to Azure is the first that can be had.
func TestDNSPrivateResolver(t *testing.T) {
	s := lab{start(t, Config{})}.dns()
	in := s.inbound("in", s.dns, "")
	in["ipConfigurations"] = []any{props{"subnet": props{"id": s.dns.id}}}
	e := s.create(inboundToken, "in", in)
	wantEqual(t, str(maps(e.out, "ipConfigurations")[0], "privateIpAddress"), "192.168.2.20")
	s.must(nil, s.remove(e))
	s.must(nil, s.remove(s.resolver))
	s.must(nil, s.remove(s.dns))
}
