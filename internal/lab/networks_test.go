package lab

import (
	"net/netip"
	"testing"

	"github.com/obslink/obslink/compiler/plan"
)

// scene is one client's try in a world that is sound but for one thing.
type scene struct {
	name  string
	world *world
	from  Host
	want  string
}

func play(t *testing.T, scenes []scene) {
	t.Helper()
	needLab(t)
	for _, s := range scenes {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			expect(t, s.world.build(t), s.from, api, s.want)
		})
	}
}

// with changes a world.
func (w *world) with(change func(*world)) *world {
	change(w)
	return w
}

func TestPeeringScenes(t *testing.T) {
	spoke := at("spoke", spokeHost)
	third := func() *world {
		return peered().vpc("far", "10.2.0.0/16", "10.2.1.0/24").host("far", "10.2.1.20").
			peer("second", "spoke", "10.1.0.0/16", "far", "10.2.0.0/16").
			add("aws:ec2/route:Route", "far_hub", in{"routeTableId": "${far_table.id}", "destinationCidrBlock": "10.0.0.0/16", "vpcPeeringConnectionId": "${second.id}"}).
			add("aws:ec2/route:Route", "hub_far", in{"routeTableId": "${hub_table.id}", "destinationCidrBlock": "10.2.0.0/16", "vpcPeeringConnectionId": "${peering.id}"}).
			add("aws:route53/zoneAssociation:ZoneAssociation", "far_zone", in{"zoneId": "${zone.id}", "vpcId": "${far.id}"})
	}
	play(t, []scene{
		{"sound", peered(), spoke, "private endpoint"},
		{"no return route", peered().drop("peering_there"), spoke, "private -"},
		{"no route", peered().drop("peering_back"), spoke, "private -"},
		{"nobody accepts", peered().drop("peering_accepter"), spoke, "private -"},
		{"a route to another prefix", peered().with(func(w *world) { w.inputs("peering_back")["destinationCidrBlock"] = "10.0.2.0/24" }), spoke, "private -"},
		{"the client's table is not associated", peered().drop("spoke_association"), spoke, "private -"},
		{"the main table", peered().drop("spoke_association").
			add("aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation", "main", in{"vpcId": "${spoke.id}", "routeTableId": "${spoke_table.id}"}), spoke, "private endpoint"},
		{"a second range", peered().with(func(w *world) {
			w.add("aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation", "more", in{"vpcId": "${hub.id}", "cidrBlock": "10.7.0.0/16"})
			w.inputs("hub_subnet")["cidrBlock"], w.inputs("peering_back")["destinationCidrBlock"] = "10.7.1.0/24", "10.7.0.0/16"
			w.inputs("endpoint")["subnetConfigurations"].([]any)[0].(in)["ipv4"] = "10.7.1.10"
		}), spoke, "private endpoint"},
		{"peering does not pass on", third(), at("far", "10.2.1.20"), "private -"},
	})
}

func TestZoneScenes(t *testing.T) {
	spoke := at("spoke", spokeHost)
	canonical := func(endpoint string) *world {
		w := peered().drop("zone").drop("zone_record").zone("zone", "gold.example.net", endpoint, "hub", "spoke")
		w.Names = nil
		return w.name(api, "endpoint", "gold.example.net")
	}
	associated := func(account string) *world {
		return peered().drop("zone").drop("zone_record").zone("zone", api, "endpoint", "hub").
			add("aws:route53/zoneAssociation:ZoneAssociation", "joined", in{"zoneId": "${zone.id}", "vpcId": "${spoke.id}"}).
			add("pulumi:providers:aws", "p", in{"allowedAccountIds": []any{"1"}}).
			add("pulumi:providers:aws", "q", in{"allowedAccountIds": []any{account}}).
			with(func(w *world) {
				for i, r := range w.Manifest.Resources {
					if r.Name == "joined" {
						w.Manifest.Resources[i].Provider = "q"
					}
				}
			})
	}
	play(t, []scene{
		{"not associated", peered().drop("zone").drop("zone_record").zone("zone", api, "endpoint", "hub"), spoke, "public"},
		{"no record", peered().drop("zone_record"), spoke, "nxdomain"},
		{"a parent without the record", peered().drop("zone").drop("zone_record").zone("zone", "example.net", "endpoint", "hub", "spoke"), spoke, "nxdomain"},
		{"the narrower zone wins", peered().zone("parent", "example.net", "", "spoke"), spoke, "private endpoint"},
		{"the end of public DNS's chain", canonical("endpoint"), spoke, "private endpoint"},
		{"the end of the chain is not held", canonical(""), spoke, "nxdomain"},
		{"DNS attributes are off", peered().with(func(w *world) { delete(w.inputs("spoke"), "enableDnsHostnames") }), spoke, "public"},
		{"an endpoint's own name is not seen next door", peered().drop("zone").drop("zone_record").with(func(w *world) { w.inputs("endpoint")["privateDnsEnabled"] = true }), spoke, "public"},
		{"associated by its own account", associated("1"), spoke, "private endpoint"},
		{"another account without authorization", associated("2"), spoke, "public"},
		{"another account with authorization", associated("2").
			add("aws:route53/vpcAssociationAuthorization:VpcAssociationAuthorization", "may", in{"zoneId": "${zone.id}", "vpcId": "${spoke.id}"}), spoke, "private endpoint"},
		{"public DNS only", peered().with(func(w *world) {
			w.Declared.Networks = []plan.Network{{Name: "tokyo", Ref: plan.Ref{Part: "spoke"}, DNS: plan.DNS{Mode: plan.DNSPublic}}}
		}), spoke, "public"},
	})
}

func TestFilterScenes(t *testing.T) {
	spoke := at("spoke", spokeHost)
	acl := func(back string) *world {
		rule := func(number int, egress bool, cidr string, from, to int) in {
			return in{"networkAclId": "${acl.id}", "ruleNumber": number, "egress": egress, "ruleAction": "allow", "protocol": "tcp", "cidrBlock": cidr, "fromPort": from, "toPort": to}
		}
		const token = "aws:ec2/networkAclRule:NetworkAclRule"
		return peered().add("aws:ec2/networkAcl:NetworkAcl", "acl", in{"vpcId": "${hub.id}"}).
			add("aws:ec2/networkAclAssociation:NetworkAclAssociation", "acl_hub", in{"networkAclId": "${acl.id}", "subnetId": "${hub_subnet.id}"}).
			add(token, "acl_in", rule(100, false, "10.1.0.0/16", 443, 443)).add(token, "acl_out", rule(100, true, back, 1024, 65535))
	}
	client := func(rules ...plan.Rule) *world {
		w := peered()
		w.Declared.Filters = []plan.Filter{{Name: "servers", Egress: rules}}
		w.Declared.Networks = []plan.Network{{Name: "tokyo", Ref: plan.Ref{Part: "spoke"}, Clients: []plan.Client{{CIDR: netip.MustParsePrefix("10.1.1.0/24"), Filter: "servers"}}}}
		return w
	}
	https := func(prefix string) plan.Rule {
		return plan.Rule{Prefix: netip.MustParsePrefix(prefix), Ports: [2]int{443, 443}}
	}
	deny := https("10.0.1.10/32")
	deny.Deny = true
	play(t, []scene{
		{"security group for others", peered().with(func(w *world) { w.inputs("endpoint_open")["cidrIpv4"] = "10.9.0.0/16" }), spoke, "private -"},
		{"security group for another port", peered().with(func(w *world) { w.inputs("endpoint_open")["toPort"], w.inputs("endpoint_open")["fromPort"] = 80, 80 }), spoke, "private -"},
		{"security group without rules", peered().drop("endpoint_open"), spoke, "private -"},
		{"no security group", peered().with(func(w *world) { delete(w.inputs("endpoint"), "securityGroupIds") }), spoke, "private -"},
		{"network ACL", acl("10.1.0.0/16"), spoke, "private endpoint"},
		{"network ACL without answers", acl("10.9.0.0/16"), spoke, "private -"},
		{"network ACL that refuses first", acl("10.1.0.0/16").add("aws:ec2/networkAclRule:NetworkAclRule", "acl_first", in{
			"networkAclId": "${acl.id}", "ruleNumber": 50, "egress": false, "ruleAction": "deny", "protocol": "-1", "cidrBlock": "10.1.1.0/24"}), spoke, "private -"},
		{"network ACL inside its subnet", acl("10.9.0.0/16").host("hub", "10.0.1.20"), at("hub", "10.0.1.20"), "private endpoint"},
		{"client's egress", client(https("10.0.0.0/16")), spoke, "private endpoint"},
		{"client's egress elsewhere", client(https("10.9.0.0/16")), spoke, "private -"},
		{"client's egress refused first", client(deny, https("10.0.0.0/16")), spoke, "private -"},
		{"client outside of the group", client().host("spoke", "10.1.2.20").with(func(w *world) {
			w.add("aws:ec2/subnet:Subnet", "other", in{"vpcId": "${spoke.id}", "cidrBlock": "10.1.2.0/24"})
			w.add("aws:ec2/routeTableAssociation:RouteTableAssociation", "other_table", in{"subnetId": "${other.id}", "routeTableId": "${spoke_table.id}"})
		}), at("spoke", "10.1.2.20"), "private endpoint"},
	})
}

func attached() *world {
	table := func(name string) in {
		return in{"routeTableId": "${" + name + "_table.id}", "destinationCidrBlock": "10.0.0.0/8", "transitGatewayId": "${tgw.id}"}
	}
	of := func(name string) in {
		return in{"transitGatewayAttachmentId": "${attachment_" + name + ".id}", "transitGatewayRouteTableId": "${tgw_table.id}"}
	}
	const tgw = "aws:ec2transitgateway/"
	w := newWorld().vpc("hub", "10.0.0.0/16", "10.0.1.0/24").vpc("spoke", "10.1.0.0/16", "10.1.1.0/24").
		endpoint("hub", "endpoint", "10.0.1.10", false).zone("zone", api, "endpoint", "hub", "spoke").
		name(api, "endpoint").host("spoke", spokeHost).
		add(tgw+"transitGateway:TransitGateway", "tgw", in{"defaultRouteTableAssociation": "disable", "defaultRouteTablePropagation": "disable"}).
		add(tgw+"routeTable:RouteTable", "tgw_table", in{"transitGatewayId": "${tgw.id}"}).
		add("aws:ec2/route:Route", "hub_route", table("hub")).add("aws:ec2/route:Route", "spoke_route", table("spoke"))
	for _, name := range []string{"hub", "spoke"} {
		w.add(tgw+"vpcAttachment:VpcAttachment", "attachment_"+name, in{"transitGatewayId": "${tgw.id}", "vpcId": "${" + name + ".id}", "subnetIds": []any{"${" + name + "_subnet.id}"}}).
			add(tgw+"routeTableAssociation:RouteTableAssociation", "associated_"+name, of(name)).
			add(tgw+"routeTablePropagation:RouteTablePropagation", "propagated_"+name, of(name))
	}
	return w
}

func TestTransitScenes(t *testing.T) {
	spoke := at("spoke", spokeHost)
	route := func(to string, more in) in {
		more["destinationCidrBlock"], more["transitGatewayRouteTableId"] = to, "${tgw_table.id}"
		return more
	}
	const token = "aws:ec2transitgateway/route:Route"
	standard := attached().with(func(w *world) {
		for _, name := range []string{"associated_hub", "associated_spoke", "propagated_hub", "propagated_spoke", "tgw_table"} {
			w.drop(name)
		}
		delete(w.inputs("tgw"), "defaultRouteTableAssociation")
		delete(w.inputs("tgw"), "defaultRouteTablePropagation")
	})
	play(t, []scene{
		{"sound", attached(), spoke, "private endpoint"},
		{"the default table", standard, spoke, "private endpoint"},
		{"static routes", attached().drop("propagated_hub").drop("propagated_spoke").
			add(token, "to_hub", route("10.0.0.0/16", in{"transitGatewayAttachmentId": "${attachment_hub.id}"})).
			add(token, "to_spoke", route("10.1.0.0/16", in{"transitGatewayAttachmentId": "${attachment_spoke.id}"})), spoke, "private endpoint"},
		{"nothing is propagated back", attached().drop("propagated_spoke"), spoke, "private -"},
		{"not associated", attached().drop("associated_spoke"), spoke, "private -"},
		{"blackhole", attached().add(token, "hole", route("10.0.0.0/16", in{"blackhole": true})), spoke, "private -"},
		{"narrower blackhole", attached().add(token, "hole", route("10.0.1.0/24", in{"blackhole": true})), spoke, "private -"},
		{"wider blackhole", attached().add(token, "hole", route("10.0.0.0/8", in{"blackhole": true})), spoke, "private endpoint"},
		{"the VPC has no route", attached().drop("hub_route"), spoke, "private -"},
	})
}

// Two transit gateways in two regions: static routes both ways, and somebody must accept.
func TestTransitPeeringScenes(t *testing.T) {
	const tgw = "aws:ec2transitgateway/"
	two := func() *world {
		route := func(table, to, attachment string) in {
			return in{"destinationCidrBlock": to, "transitGatewayRouteTableId": "${" + table + ".id}", "transitGatewayAttachmentId": "${" + attachment + ".id}"}
		}
		off := func() in {
			return in{"defaultRouteTableAssociation": "disable", "defaultRouteTablePropagation": "disable"}
		}
		return attached().add(tgw+"transitGateway:TransitGateway", "tgw2", off()).
			add(tgw+"routeTable:RouteTable", "tgw2_table", in{"transitGatewayId": "${tgw2.id}"}).
			add(tgw+"peeringAttachment:PeeringAttachment", "across", in{"transitGatewayId": "${tgw.id}", "peerTransitGatewayId": "${tgw2.id}"}).
			add(tgw+"peeringAttachmentAccepter:PeeringAttachmentAccepter", "accepted", in{"transitGatewayAttachmentId": "${across.id}"}).
			add(tgw+"routeTableAssociation:RouteTableAssociation", "across1", in{"transitGatewayAttachmentId": "${across.id}", "transitGatewayRouteTableId": "${tgw_table.id}"}).
			add(tgw+"routeTableAssociation:RouteTableAssociation", "across2", in{"transitGatewayAttachmentId": "${accepted.id}", "transitGatewayRouteTableId": "${tgw2_table.id}"}).
			add(tgw+"route:Route", "out", route("tgw_table", "10.1.0.0/16", "across")).
			add(tgw+"route:Route", "home", route("tgw2_table", "10.0.0.0/16", "accepted")).
			with(func(w *world) {
				w.drop("propagated_spoke").drop("associated_spoke")
				w.inputs("attachment_spoke")["transitGatewayId"] = "${tgw2.id}"
				w.inputs("spoke_route")["transitGatewayId"] = "${tgw2.id}"
				w.add(tgw+"routeTableAssociation:RouteTableAssociation", "associated_spoke", in{"transitGatewayAttachmentId": "${attachment_spoke.id}", "transitGatewayRouteTableId": "${tgw2_table.id}"})
				w.add(tgw+"routeTablePropagation:RouteTablePropagation", "propagated_spoke", in{"transitGatewayAttachmentId": "${attachment_spoke.id}", "transitGatewayRouteTableId": "${tgw2_table.id}"})
			})
	}
	spoke := at("spoke", spokeHost)
	play(t, []scene{
		{"sound", two(), spoke, "private endpoint"},
		{"nobody accepts", two().with(func(w *world) {
			w.drop("accepted")
			w.inputs("across2")["transitGatewayAttachmentId"], w.inputs("home")["transitGatewayAttachmentId"] = "${across.id}", "${across.id}"
		}), spoke, "private -"},
		{"no route back", two().drop("out"), spoke, "private -"},
	})
}

// An existing spoke: what no manifest holds is declared, under the ids that the manifest uses.
func TestExistingScenes(t *testing.T) {
	spoke := at("tokyo", spokeHost)
	existing := func(tables ...plan.RouteTable) *world {
		w := peered()
		for _, suffix := range []string{"", "_subnet", "_table", "_association"} {
			w.drop("spoke" + suffix)
		}
		w.hosts = []Host{spoke}
		w.inputs("peering")["peerVpcId"], w.inputs("peering_back")["routeTableId"] = "vpc-1", "rtb-1"
		w.inputs("zone")["vpcs"] = []any{in{"vpcId": "${hub.id}"}, in{"vpcId": "vpc-1"}}
		w.Declared.Networks = []plan.Network{{
			Name: "tokyo", Ref: plan.Ref{Existing: "vpc-1"}, CIDRs: prefixes("10.1.0.0/16"), DNSAttributes: true, RouteTables: tables,
			Subnets: []plan.Subnet{{Name: "app", Ref: plan.Ref{Existing: "subnet-1"}, CIDR: netip.MustParsePrefix("10.1.1.0/24"), RouteTable: "app"}},
		}}
		return w
	}
	table := func(name, id string, routes ...plan.Route) plan.RouteTable {
		return plan.RouteTable{Name: name, Ref: plan.Ref{Existing: id}, Routes: routes}
	}
	to := func(prefix, target string) plan.Route {
		return plan.Route{Destination: netip.MustParsePrefix(prefix), Target: target}
	}
	group := func(w *world) {
		w.Declared.Filters = []plan.Filter{{Name: "servers", Ref: plan.Ref{Existing: "sg-1"}}}
		w.Declared.Networks[0].Clients = []plan.Client{{CIDR: netip.MustParsePrefix("10.1.1.0/24"), Filter: "servers", SecurityGroup: "sg-1"}}
	}
	play(t, []scene{
		{"sound", existing(table("app", "rtb-1")), spoke, "private endpoint"},
		{"another table", existing(table("app", "rtb-2"), table("other", "rtb-1")), spoke, "private -"},
		{"a narrower route is there already", existing(table("app", "rtb-1", to("10.0.1.0/24", plan.Blackhole))), spoke, "private -"},
		{"a route is there already", existing(table("app", "rtb-1", to("10.0.0.0/16", "peering"))).drop("peering_back"), spoke, "private endpoint"},
		{"no subnet says its table", existing(table("app", "rtb-1")).with(func(w *world) { w.Declared.Networks[0].Subnets = nil }), spoke, "private endpoint"},
		{"the servers' group is closed", existing(table("app", "rtb-1")).with(group), spoke, "private -"},
		{"the manifest opens it", existing(table("app", "rtb-1")).with(group).add("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "out",
			in{"securityGroupId": "sg-1", "cidrIpv4": "10.0.0.0/16", "ipProtocol": "tcp", "fromPort": 443, "toPort": 443}), spoke, "private endpoint"},
		{"an existing zone", existing(table("app", "rtb-1")).drop("zone").drop("zone_record").with(func(w *world) {
			w.Declared.Zones = []plan.Zone{{Name: "example.net", Ref: plan.Ref{Existing: "Z1"}, Networks: []string{"tokyo"},
				Records: []plan.Record{{Name: api, Addresses: []netip.Addr{netip.MustParseAddr("10.0.1.10")}}}}}
		}), spoke, "private endpoint"},
	})
}
