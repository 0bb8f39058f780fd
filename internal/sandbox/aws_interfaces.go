package sandbox

import (
	"net/netip"
	"slices"
	"strings"
)

func (c *call) endpointInterfaces(o, vpc *Object, subnets, groups []*Object) ([]*Object, error) {
	pinned := map[string]string{}
	for _, sc := range maps(c.in, "subnetConfigurations") {
		pinned[str(sc, "subnetId")] = str(sc, "ipv4")
	}
	kept := map[string]*Object{}
	for _, nic := range c.of(o, interfaceToken) {
		id := nic.attr("subnetId")
		if want := pinned[id]; slices.ContainsFunc(subnets, func(s *Object) bool { return s.ID == id }) && (want == "" || want == nic.attr("privateIp")) {
			kept[id] = nic
		} else {
			c.drop(nic)
		}
	}
	var out []*Object
	for _, s := range subnets {
		id := awsID("eni", o.ID, s.ID, pinned[s.ID])
		address := ""
		if nic := kept[s.ID]; nic != nil {
			id, address = nic.ID, nic.attr("privateIp")
		} else {
			a, err := c.allocate(s, pinned[s.ID], id)
			if err != nil {
				return nil, err
			}
			address = a.String()
		}
		nic := c.part(interfaceToken, c.who.region, id, "", map[string]any{
			"id": id, "privateIp": address, "privateIps": list(address), "subnetId": s.ID, "vpcId": vpc.ID, "ownerId": c.who.account,
			"availabilityZone": s.attr("availabilityZone"), "interfaceType": "vpc_endpoint", "description": "VPC Endpoint Interface " + o.ID,
			"securityGroups": idsOf(groups),
		}, append([]*Object{o, s}, groups...)...)
		c.put(nic)
		out = append(out, nic)
	}
	return out, nil
}

// allocate gives an address of a subnet: the wanted one if a cloud would give it, else one that looks random.
func (c *call) allocate(subnet *Object, want, unique string) (netip.Addr, error) {
	p, _ := parsePrefix(subnet.attr("cidrBlock"))
	used := c.usedIn(subnet)
	if want == "" {
		a, ok := freeAddress(p, pick(max(1, capacity(p)), unique), used)
		if !ok {
			return a, no("aws-subnet-full", subnet.ID)
		}
		return a, nil
	}
	a, err := netip.ParseAddr(want)
	switch {
	case err != nil || !a.Is4():
		return a, no("aws-address-syntax", want)
	case !p.Contains(a):
		return a, no("aws-address-outside", want)
	case reserved(p, a):
		return a, no("aws-address-reserved", want)
	case used[a] != "":
		return a, no("aws-address-in-use", want)
	}
	return a, nil
}

func subnetConfigurations(nics []*Object) []any {
	out := []any{}
	for _, nic := range nics {
		out = append(out, map[string]any{"subnetId": nic.attr("subnetId"), "ipv4": nic.attr("privateIp"), "ipv6": ""})
	}
	return out
}

// dnsEntries: first the regional name, then one for each zone (not across regions), then the private names (facts/datadog_aws.md §4.18, §5).
func (c *call) dnsEntries(o *Object, service endpointService, subnets []*Object, cross, private bool) []any {
	base := o.ID + "-" + o.attr("_hash")
	domain := "." + service.label + "." + c.who.region + ".vpce.amazonaws.com"
	zone := endpointZone(c.who.region)
	out := list(map[string]any{"dnsName": base + domain, "hostedZoneId": zone})
	if !cross {
		for _, s := range subnets {
			out = append(out, map[string]any{"dnsName": base + "-" + s.attr("availabilityZone") + domain, "hostedZoneId": zone})
		}
	}
	if private {
		for _, n := range service.names {
			out = append(out, map[string]any{"dnsName": n, "hostedZoneId": "Z" + strings.ToUpper(digest("private", o.ID, n)[:20])})
		}
	}
	return out
}
