package lab

import (
	"net/netip"
	"testing"

	"github.com/obslink/obslink/compiler/plan"
)

func prefixes(texts ...string) (all []netip.Prefix) {
	for _, text := range texts {
		all = append(all, netip.MustParsePrefix(text))
	}
	return all
}

var office = at("office", "192.168.10.20")

// tunnelled is a site whose hosts files hold the name, and a tunnel to a gateway of the VPC.
func tunnelled(change ...func(*plan.Connection)) *world {
	w := newWorld().vpc("hub", "10.0.0.0/16", "10.0.1.0/24").endpoint("hub", "endpoint", "10.0.1.10", false).
		name(api, "endpoint").host("office", "192.168.10.20").
		add("aws:ec2/route:Route", "to_office", in{"routeTableId": "${hub_table.id}", "destinationCidrBlock": "192.168.10.0/24", "networkInterfaceId": "eni-1"})
	w.Names[0].Clients = []string{"office"}
	w.Names[0].Aliases = []string{"alias.example.net"}
	c := plan.Connection{
		Name: "tunnel", Kind: plan.KindWireGuard,
		A: plan.End{Node: "office", Allowed: prefixes("10.0.0.0/16")},
		B: plan.End{Node: "hub", Gateway: netip.MustParseAddr("10.0.1.5"), Interface: "eni-1", Allowed: prefixes("192.168.10.0/24")},
	}
	for _, f := range change {
		f(&c)
	}
	w.Declared.Sites = []plan.Site{{Name: "office", CIDRs: prefixes("192.168.10.0/24"), DNS: plan.DNS{Mode: plan.DNSExported}}}
	w.Declared.Connections = []plan.Connection{c}
	return w
}

func TestTunnelScenes(t *testing.T) {
	snat := func(c *plan.Connection) { c.B.SNAT = true }
	noRoute := tunnelled(snat).drop("to_office")
	other := func(w *world) { w.inputs("endpoint_open")["cidrIpv4"] = "10.0.1.5/32" }
	play(t, []scene{
		{"sound", tunnelled(), office, "private endpoint"},
		{"no route back", tunnelled().drop("to_office"), office, "private -"},
		{"source NAT needs no route back", noRoute, office, "private endpoint"},
		{"source NAT shows the gateway's address", tunnelled(snat).with(other), office, "private endpoint"},
		{"without it the site's is seen", tunnelled().with(other), office, "private -"},
		{"AllowedIPs miss the endpoint at the site", tunnelled(func(c *plan.Connection) { c.A.Allowed = prefixes("10.0.2.0/24") }), office, "private -"},
		{"AllowedIPs miss the client at the gateway", tunnelled(func(c *plan.Connection) { c.B.Allowed = prefixes("192.168.11.0/24") }), office, "private -"},
		{"AllowedIPs of both are needed with source NAT", tunnelled(snat, func(c *plan.Connection) { c.B.Allowed = nil }), office, "private -"},
		{"public DNS", tunnelled().with(func(w *world) { w.Declared.Sites[0].DNS.Mode = plan.DNSPublic }), office, "public"},
		{"not exported to this site", tunnelled().with(func(w *world) { w.Names[0].Clients = nil }), office, "public"},
	})
}

// A gateway host that two sites share, and a peered VPC behind it.
func TestSharedGateway(t *testing.T) {
	needLab(t)
	w := tunnelled().host("plant", "192.168.11.20")
	second := w.Declared.Connections[0]
	second.Name, second.A.Node, second.B.Allowed = "tunnel2", "plant", prefixes("192.168.11.0/24")
	w.Declared.Connections = append(w.Declared.Connections, second)
	w.Declared.Sites = append(w.Declared.Sites, plan.Site{Name: "plant", CIDRs: prefixes("192.168.11.0/24"), DNS: plan.DNS{Mode: plan.DNSExported}})
	w.Names[0].Clients = []string{"office", "plant"}
	w.add("aws:ec2/route:Route", "to_plant", in{"routeTableId": "${hub_table.id}", "destinationCidrBlock": "192.168.11.0/24", "networkInterfaceId": "eni-1"})
	l := w.build(t)
	expect(t, l, office, api, "private endpoint")
	expect(t, l, office, "alias.example.net", "private endpoint")
	expect(t, l, at("plant", "192.168.11.20"), api, "private endpoint")
}

// A site reaches a peered VPC through a gateway only with source NAT, and then only because the
// gateway's own network is one of the peering's ends.
func TestBehindTheGateway(t *testing.T) {
	scenes := func(snat bool) *world {
		w := tunnelled(func(c *plan.Connection) { c.A.Allowed = prefixes("10.0.0.0/8"); c.B.SNAT = snat })
		return w.vpc("far", "10.1.0.0/16", "10.1.1.0/24").endpoint("far", "behind", "10.1.1.10", false).
			peer("peering", "hub", "10.0.0.0/16", "far", "10.1.0.0/16").
			add("aws:ec2/subnet:Subnet", "gateways", in{"vpcId": "${hub.id}", "cidrBlock": "10.0.3.0/24"}).
			add("aws:ec2/route:Route", "far_office", in{"routeTableId": "${far_table.id}", "destinationCidrBlock": "192.168.10.0/24", "vpcPeeringConnectionId": "${peering.id}"}).
			with(func(w *world) { w.Names[0].Endpoint = "behind" })
	}
	play(t, []scene{
		{"with source NAT", scenes(true), office, "private behind"},
		{"without", scenes(false), office, "private -"},
	})
}

// Over a transit gateway the answers come back to the gateway's VPC, and the table of the attachment's
// subnet sends them on.
func TestGatewayBehindTransit(t *testing.T) {
	w := attached()
	w.Declared = tunnelled().Declared
	w.Declared.Connections[0].B.Node, w.Declared.Connections[0].B.Gateway = "spoke", netip.MustParseAddr("10.1.1.5")
	w.Names[0].Clients = []string{"office"}
	w.host("office", "192.168.10.20").
		add("aws:ec2/route:Route", "to_office", in{"routeTableId": "${spoke_table.id}", "destinationCidrBlock": "192.168.10.0/24", "networkInterfaceId": "eni-1"}).
		add("aws:ec2/route:Route", "hub_office", in{"routeTableId": "${hub_table.id}", "destinationCidrBlock": "192.168.10.0/24", "transitGatewayId": "${tgw.id}"}).
		add("aws:ec2transitgateway/route:Route", "tgw_office", in{"destinationCidrBlock": "192.168.10.0/24", "transitGatewayAttachmentId": "${attachment_spoke.id}", "transitGatewayRouteTableId": "${tgw_table.id}"})
	play(t, []scene{{"sound", w, office, "private endpoint"}})
}

func resolving(change ...func(*plan.Connection)) *world {
	return tunnelled(change...).zone("zone", "example.net", "", "hub").
		add("aws:route53/record:Record", "record", in{"zoneId": "${zone.id}", "name": api, "type": "A",
			"aliases": []any{in{"name": "${endpoint.dnsEntries[0].dnsName}", "zoneId": "z", "evaluateTargetHealth": false}}}).
		add("aws:ec2/securityGroup:SecurityGroup", "dns_group", in{"vpcId": "${hub.id}"}).
		add("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "dns_open",
			in{"securityGroupId": "${dns_group.id}", "cidrIpv4": "192.168.10.0/24", "ipProtocol": "udp", "fromPort": 53, "toPort": 53}).
		add("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "dns_open_tcp",
			in{"securityGroupId": "${dns_group.id}", "cidrIpv4": "192.168.10.0/24", "ipProtocol": "tcp", "fromPort": 53, "toPort": 53}).
		add("aws:route53/resolverEndpoint:ResolverEndpoint", "inbound", in{"direction": "INBOUND", "securityGroupIds": []any{"${dns_group.id}"},
			"ipAddresses": []any{in{"subnetId": "${hub_subnet.id}", "ip": "10.0.1.53"}}}).
		with(func(w *world) {
			w.Declared.Sites[0].DNS = plan.DNS{Mode: plan.DNSPublic, Forwards: []plan.Forward{{Domain: "example.net", Servers: []netip.Addr{netip.MustParseAddr("10.0.1.53")}}}}
		})
}

func TestForwardScenes(t *testing.T) {
	play(t, []scene{
		{"sound", resolving(), office, "private endpoint"},
		{"security group closed", resolving().drop("dns_open"), office, "timeout"},
		{"closed to long answers", resolving().drop("dns_open_tcp"), office, "timeout"},
		{"no way through the tunnel", resolving(func(c *plan.Connection) { c.A.Allowed = prefixes("10.0.1.10/32") }), office, "timeout"},
		{"forwarding another domain", resolving().with(func(w *world) { w.Declared.Sites[0].DNS.Forwards[0].Domain = "example.org" }), office, "public"},
		{"the record is missing", resolving().drop("record"), office, "nxdomain"},
	})
}

// A rule sends a VPC's queries to another VPC's inbound resolver; a zone of its own for the same
// domain stands back.
func TestRuleScenes(t *testing.T) {
	ruled := func() *world {
		return peered().with(func(w *world) { w.inputs("zone")["vpcs"] = []any{in{"vpcId": "${hub.id}"}} }).
			add("aws:ec2/securityGroup:SecurityGroup", "dns_group", in{"vpcId": "${hub.id}"}).
			add("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "dns_open", in{"securityGroupId": "${dns_group.id}", "cidrIpv4": "10.1.0.0/16", "ipProtocol": "-1"}).
			add("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "dns_out", in{"securityGroupId": "${dns_group.id}", "cidrIpv4": "10.0.0.0/8", "ipProtocol": "-1"}).
			add("aws:route53/resolverEndpoint:ResolverEndpoint", "inbound", in{"direction": "INBOUND", "securityGroupIds": []any{"${dns_group.id}"},
				"ipAddresses": []any{in{"subnetId": "${hub_subnet.id}", "ip": "10.0.1.53"}}}).
			add("aws:route53/resolverEndpoint:ResolverEndpoint", "outbound", in{"direction": "OUTBOUND", "securityGroupIds": []any{"${dns_group.id}"},
				"ipAddresses": []any{in{"subnetId": "${spoke_subnet.id}"}}}).
			add("aws:route53/resolverRule:ResolverRule", "rule", in{"domainName": "example.net", "ruleType": "FORWARD", "resolverEndpointId": "${outbound.id}",
				"targetIps": []any{in{"ip": "10.0.1.53", "port": 53}}}).
			add("aws:route53/resolverRuleAssociation:ResolverRuleAssociation", "ruled", in{"resolverRuleId": "${rule.id}", "vpcId": "${spoke.id}"})
	}
	spoke := at("spoke", spokeHost)
	play(t, []scene{
		{"sound", ruled(), spoke, "private endpoint"},
		{"not associated", ruled().drop("ruled"), spoke, "public"},
		{"no route for the query", ruled().drop("peering_back"), spoke, "timeout"},
		{"the rule beats a zone of its name", ruled().zone("own", "example.net", "", "spoke"), spoke, "private endpoint"},
		{"a narrower zone beats the rule", ruled().zone("own", api, "", "spoke"), spoke, "nxdomain"},
	})
}

func TestVPNScenes(t *testing.T) {
	vpn := func(change ...func(*plan.Connection)) *world {
		w := tunnelled(append([]func(*plan.Connection){func(c *plan.Connection) {
			c.Kind, c.B.Gateway, c.B.Interface = plan.KindVPN, netip.Addr{}, ""
		}}, change...)...)
		return w.drop("to_office")
	}
	routed := func(allowed string) *world {
		return vpn(func(c *plan.Connection) { c.B.Allowed = prefixes(allowed) }).
			add("aws:ec2/route:Route", "wide", in{"routeTableId": "${hub_table.id}", "destinationCidrBlock": "192.168.0.0/16", "gatewayId": "vgw-1"})
	}
	play(t, []scene{
		{"sound", vpn(), office, "private endpoint"},
		{"the site sends less", vpn(func(c *plan.Connection) { c.A.Allowed = prefixes("10.0.2.0/24") }), office, "private -"},
		{"the network sends less", vpn(func(c *plan.Connection) { c.B.Allowed = prefixes("192.168.11.0/24") }), office, "private -"},
		{"a wider route sends no more", routed("192.168.11.0/24"), office, "private -"},
		{"a route to the gateway", routed("192.168.10.0/24"), office, "private endpoint"},
		{"both send everything", vpn(func(c *plan.Connection) { c.A.Allowed, c.B.Allowed = nil, nil }), office, "private endpoint"},
	})
}

// A site on a transit gateway that was there before, with the VPC's attachment created.
func TestSiteOnTransit(t *testing.T) {
	site := func() *world {
		w := attached()
		w.Declared.Sites = []plan.Site{{Name: "office", CIDRs: prefixes("192.168.10.0/24"), DNS: plan.DNS{Mode: plan.DNSExported}}}
		w.Declared.Connections = []plan.Connection{{Name: "direct-connect", Kind: plan.KindAttachment, A: plan.End{Node: "office"}, B: plan.End{Node: "tgw", Table: "tgw_table"}}}
		w.Names[0].Clients = []string{"office"}
		return w.host("office", "192.168.10.20").
			add("aws:ec2/route:Route", "hub_office", in{"routeTableId": "${hub_table.id}", "destinationCidrBlock": "192.168.10.0/24", "transitGatewayId": "${tgw.id}"}).
			add("aws:ec2transitgateway/route:Route", "tgw_office", in{"destinationCidrBlock": "192.168.10.0/24", "transitGatewayAttachmentId": "direct-connect", "transitGatewayRouteTableId": "${tgw_table.id}"})
	}
	play(t, []scene{
		{"sound", site(), office, "private endpoint"},
		{"no route back in the gateway", site().drop("tgw_office"), office, "private -"},
		{"no route back in the VPC", site().drop("hub_office"), office, "private -"},
	})
}
