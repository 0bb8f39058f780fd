package lab

import (
	"net/netip"
	"strings"

	"github.com/obslink/obslink/compiler/manifest"
)

func awsFilterTypes() []resourceType {
	return []resourceType{
		{"aws:ec2/securityGroup:SecurityGroup", "", "vpcId revokeRulesOnDelete", before, (*reader).securityGroup},
		{"aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "securityGroupId cidrIpv4 ipProtocol fromPort toPort", "cidrIpv6", after, (*reader).securityGroupRule},
		{"aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "securityGroupId cidrIpv4 ipProtocol fromPort toPort", "cidrIpv6", after, (*reader).securityGroupRule},
		{"aws:ec2/networkAcl:NetworkAcl", "", "vpcId", before, (*reader).networkACL},
		{"aws:ec2/networkAclRule:NetworkAclRule", "networkAclId ruleNumber egress ruleAction cidrBlock fromPort toPort protocol", "ipv6CidrBlock", before, (*reader).networkACLRule},
		{"aws:ec2/networkAclAssociation:NetworkAclAssociation", "networkAclId subnetId", "", before, (*reader).networkACLAssociation},
	}
}

func (r *reader) securityGroup(res *manifest.Resource) {
	add(r.filters, &filter{name: res.Name}, res.Name)
}

// securityGroupRule adds a rule. Where the group is an existing one that nobody declares to stand before a
// host, such as that of a tunnel's underlay, no packet of this world meets it.
func (r *reader) securityGroupRule(res *manifest.Resource) {
	if name := res.Text("securityGroupId"); !strings.Contains(name, "${") && r.filters[id(name)] == nil {
		return
	}
	group := find(r, r.filters, res, "security group", res.Inputs["securityGroupId"])
	if group == nil || !res.Has("cidrIpv4") {
		return
	}
	made := r.rule(res, res.Inputs["cidrIpv4"], res.Text("ipProtocol"))
	if res.Type == "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule" {
		group.out = append(group.out, made)
	} else {
		group.in = append(group.in, made)
	}
}

func (r *reader) networkACL(res *manifest.Resource) {
	add(r.filters, &filter{name: res.Name, stateless: true}, res.Name)
}

func (r *reader) networkACLRule(res *manifest.Resource) {
	acl := find(r, r.filters, res, "network ACL", res.Inputs["networkAclId"])
	if acl == nil || !res.Has("cidrBlock") {
		return
	}
	made := r.rule(res, res.Inputs["cidrBlock"], res.Text("protocol"))
	made.order, made.deny = number(res.Inputs["ruleNumber"]), res.Text("ruleAction") == "deny"
	if boolean(res, "egress", false) {
		acl.out = append(acl.out, made)
	} else {
		acl.in = append(acl.in, made)
	}
}

// networkACLAssociation replaces whatever stood at the subnet's edge: a subnet has one ACL.
func (r *reader) networkACLAssociation(res *manifest.Resource) {
	acl := find(r, r.filters, res, "network ACL", res.Inputs["networkAclId"])
	s := find(r, r.subnets, res, "subnet", res.Inputs["subnetId"])
	if acl != nil && s != nil {
		s.edge = []*filter{acl}
	}
}

// rule reads a prefix, a protocol and ports; ports that are not given are all.
func (r *reader) rule(res *manifest.Resource, prefix any, proto string) rule {
	made := rule{far: matcher{prefixes: []netip.Prefix{r.prefix(res, prefix)}}, ports: [2]int{0, 65535}}
	known := false
	if made.proto, known = protocol(proto); !known {
		r.fail("%s %s: the lab does not know protocol %q", res.Type, res.Name, proto)
	}
	if res.Has("fromPort") && res.Has("toPort") && number(res.Inputs["fromPort"]) >= 0 {
		made.ports = [2]int{number(res.Inputs["fromPort"]), number(res.Inputs["toPort"])}
	}
	return made
}

// securityGroups are the groups of a network interface: one gate, whose rules count together. Without
// any the VPC's default group stands there, which lets in only its own members.
func (r *reader) securityGroups(res *manifest.Resource) []gate {
	g := gate{}
	for _, value := range res.List("securityGroupIds") {
		if f := find(r, r.filters, res, "security group", value); f != nil {
			g = append(g, f)
		}
	}
	return []gate{g}
}
