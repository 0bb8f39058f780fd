package sandbox

import (
	"net/netip"
	"strings"
)

const (
	dnsResolverToken = "azure-native:network:DnsResolver"
	inboundToken     = "azure-native:network:InboundEndpoint"
	dnsResolverType  = "Microsoft.Network/dnsResolvers"
)

func azureResolverTypes() []resourceType {
	return []resourceType{
		{
			token:    dnsResolverToken,
			required: []string{"resourceGroupName", "virtualNetwork"},
			inputs:   []string{"dnsResolverName", "location", "tags"},
			autoname: "dnsResolverName", naming: eightHex,
			replace:  []string{"resourceGroupName", "dnsResolverName", "location", "virtualNetwork"},
			hidden:   []string{"resourceGroupName", "dnsResolverName"},
			computed: []string{"name", "type", "etag", "provisioningState", "dnsResolverState", "resourceGuid", "systemData"},
			id: func(c *call) string {
				return armID(c.who.account, c.str("resourceGroupName"), dnsResolverType, c.str("dnsResolverName"))
			},
			create: createDNSResolver,
			remove: removeDNSResolver,
		},
		{
			token:    inboundToken,
			required: []string{"resourceGroupName", "dnsResolverName", "ipConfigurations"},
			inputs:   []string{"inboundEndpointName", "location", "tags"},
			autoname: "inboundEndpointName", naming: eightHex,
			// ARM takes another subnet or address of an endpoint that is there for a new endpoint (recalled).
			replace:  []string{"resourceGroupName", "dnsResolverName", "inboundEndpointName", "location", "ipConfigurations"},
			hidden:   []string{"resourceGroupName", "dnsResolverName", "inboundEndpointName"},
			computed: []string{"name", "type", "etag", "provisioningState", "resourceGuid", "systemData", "ipConfigurations"},
			id: func(c *call) string {
				return armID(c.who.account, c.str("resourceGroupName"), dnsResolverType+"/inboundEndpoints", c.str("dnsResolverName"), c.str("inboundEndpointName"))
			},
			create: createInbound,
		},
	}
}

func createDNSResolver(c *call) (*Object, error) {
	o, err := c.armObject(dnsResolverType, regional, map[string]any{"etag": etag(c.row.id(c)), "resourceGuid": guid(c.row.id(c)), "dnsResolverState": "Connected"})
	if err != nil {
		return nil, err
	}
	network, err := c.reference(o, networkToken, refID(c.in, "virtualNetwork"), o.Region)
	if err != nil {
		return nil, err
	}
	for _, other := range c.of(network, dnsResolverToken) {
		return nil, no("azure-second-resolver", network.ID, other.ID)
	}
	o = o.with(map[string]any{"virtualNetwork": map[string]any{"id": network.ID}})
	o.Refs = append(o.Refs, network.key())
	return o, nil
}

func removeDNSResolver(c *call) error {
	for _, e := range c.of(c.old, inboundToken) {
		return no("azure-nested", e.ID)
	}
	return nil
}

func createInbound(c *call) (*Object, error) {
	resolver := c.arm(dnsResolverToken, parentOf(c.row.id(c)))
	o, err := c.armObject(dnsResolverType+"/inboundEndpoints", regional, map[string]any{"etag": etag(c.row.id(c)), "resourceGuid": guid(c.row.id(c))}, resolver)
	if err != nil {
		return nil, err
	}
	configurations := maps(c.in, "ipConfigurations")
	if len(configurations) != 1 {
		return nil, no("unsupported", "an inbound endpoint with "+itoa(len(configurations))+" IP configurations")
	}
	subnet, err := c.reference(o, vnetSubnetToken, refID(configurations[0], "subnet"), o.Region)
	if err != nil {
		return nil, err
	}
	address, err := c.inboundAddress(o, resolver, subnet, configurations[0])
	if err != nil {
		return nil, err
	}
	method := or(str(configurations[0], "privateIpAllocationMethod"), "Dynamic")
	o = o.with(map[string]any{"ipConfigurations": list(map[string]any{
		"subnet": map[string]any{"id": subnet.ID}, "privateIpAddress": address.String(), "privateIpAllocationMethod": method,
	})})
	o.Refs = append(o.Refs, subnet.key())
	return o, nil
}

// inboundAddress judges the subnet and gives the endpoint its address.
func (c *call) inboundAddress(o, resolver, subnet *Object, configuration map[string]any) (netip.Addr, error) {
	p, _ := parsePrefix(subnet.attr("addressPrefix"))
	if !strings.EqualFold(parentOf(subnet.ID), str(sub(resolver.Attributes, "virtualNetwork"), "id")) {
		return netip.Addr{}, no("azure-inbound-network", subnet.ID, resolver.ID)
	}
	delegated := false
	for _, d := range maps(subnet.Inputs, "delegations") {
		delegated = delegated || str(d, "serviceName") == dnsResolverType
	}
	if !delegated {
		return netip.Addr{}, no("azure-inbound-delegation", subnet.ID)
	}
	if p.Bits() < 24 || p.Bits() > 28 || c.number(subnet, inboundToken) > 0 || c.number(subnet, nicToken) > 0 {
		return netip.Addr{}, no("azure-inbound-subnet", subnet.ID)
	}
	if str(configuration, "privateIpAllocationMethod") != "Static" {
		a, _ := freeAddress(p, 0, nil)
		return a, nil
	}
	want := str(configuration, "privateIpAddress")
	a, err := netip.ParseAddr(want)
	if err != nil {
		return a, no("azure-address-outside", want, p)
	}
	return a, azureAddress(want, p, nil)
}
