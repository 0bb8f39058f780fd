package program

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/vpc"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/targets/aws"
	"github.com/obslink/obslink/targets/register"
)

// httpsPort is the port that rules for endpoints are about.
const httpsPort = 443

// endpointAssumptions are the look-ups of lookUpEndpoint with the answers that would please. The cloud
// chooses the ids of its network interfaces; here they say where they are.
func endpointAssumptions(e aws.ExistingEndpoint) []manifest.Assumption {
	ids := make([]any, len(e.Addresses))
	all := []manifest.Assumption{assume(endpointFunction, e.Provider, e.Origin, map[string]any{"id": e.ID}, map[string]any{
		"id": e.ID, "vpcId": e.VPC, "serviceName": e.ServiceName, "state": "available", "vpcEndpointType": "Interface",
		"privateDnsEnabled": e.PrivateDNS, "securityGroupIds": []any{e.SecurityGroup}, "networkInterfaceIds": ids,
	})}
	for i, a := range e.Addresses {
		ids[i] = e.ID + " " + a.String()
		all = append(all, assume("aws:ec2/getNetworkInterface:getNetworkInterface", e.Provider, e.Origin,
			map[string]any{"id": ids[i]}, map[string]any{"id": ids[i], "privateIp": a.String()}))
	}
	return all
}

func (r *Run) lookUpEndpoint(e aws.ExistingEndpoint) diag.List {
	what := fmt.Sprintf("VPC endpoint %q", e.ID)
	got, err := ec2.LookupVpcEndpoint(r.Ctx, &ec2.LookupVpcEndpointArgs{Id: &e.ID}, r.Through(e.Provider))
	if err != nil {
		return register.Failed(e.Origin, what, r.place(e.Provider), err)
	}
	var found diag.List
	differ := func(hint, format string, args ...any) {
		found = append(found, differs(e.Origin, format, args...).WithHint("%s", hint))
	}
	if got.VpcId != e.VPC {
		differ(fmt.Sprintf("declare it in the network that is %q", got.VpcId), "%s is in VPC %q, the topology says %q", what, got.VpcId, e.VPC)
	}
	if got.ServiceName != e.ServiceName {
		differ("declare it for the service that it is for, or write the id of another endpoint", "%s is for the service %q, the topology says %q", what, got.ServiceName, e.ServiceName)
	}
	if got.VpcEndpointType != "Interface" {
		differ("write the id of an interface endpoint", "%s is of type %q; only an interface endpoint has addresses", what, got.VpcEndpointType)
	}
	if !strings.EqualFold(got.State, "available") {
		differ("have the connection accepted by the owner of the service, or take the endpoint out of the topology", "%s is %q, not available", what, got.State)
	}
	if got.PrivateDnsEnabled != e.PrivateDNS {
		differ(fmt.Sprintf("write privateDNS: %t", got.PrivateDnsEnabled), "%s has private DNS %s, the topology says %s", what, onOff(got.PrivateDnsEnabled), onOff(e.PrivateDNS))
	}
	if !slices.Contains(got.SecurityGroupIds, e.SecurityGroup) {
		differ("name one of its groups", "%s has the security groups %s, the topology says %q", what, register.Quoted(got.SecurityGroupIds), e.SecurityGroup)
	}
	return append(found, r.lookUpAddresses(e, what, got.NetworkInterfaceIds)...)
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// lookUpAddresses asks for each network interface of an endpoint: their addresses must be the declared ones.
func (r *Run) lookUpAddresses(e aws.ExistingEndpoint, what string, interfaces []string) diag.List {
	var has []string
	for _, id := range interfaces {
		got, err := ec2.LookupNetworkInterface(r.Ctx, &ec2.LookupNetworkInterfaceArgs{Id: &id}, r.Through(e.Provider))
		if err != nil {
			return register.Failed(e.Origin, fmt.Sprintf("network interface %q of %s", id, what), r.place(e.Provider), err)
		}
		has = append(has, got.PrivateIp)
	}
	var says []string
	for _, a := range e.Addresses {
		says = append(says, a.String())
	}
	if has, says := register.Quoted(has), register.Quoted(says); has != says {
		return diag.List{differs(e.Origin, "%s has the addresses %s, the topology says %s", what, has, says).WithHint("write addresses: [%s]", has)}
	}
	return nil
}

// groupAssumptions are the look-ups of lookUpGroup with the answers that would please. The cloud chooses the
// ids of rules; here they say what is let in.
func groupAssumptions(g aws.ExistingGroup) []manifest.Assumption {
	ids := make([]any, len(g.Admits))
	all := []manifest.Assumption{
		assume("aws:ec2/getSecurityGroup:getSecurityGroup", g.Provider, g.Origin, map[string]any{"id": g.ID}, map[string]any{"id": g.ID, "vpcId": g.VPC}),
		assume("aws:vpc/getSecurityGroupRules:getSecurityGroupRules", g.Provider, g.Origin, rulesOf(g.ID), map[string]any{"ids": ids}),
	}
	for i, prefix := range g.Admits {
		ids[i] = g.ID + " " + prefix.String()
		all = append(all, assume("aws:vpc/getSecurityGroupRule:getSecurityGroupRule", g.Provider, g.Origin,
			map[string]any{"securityGroupRuleId": ids[i]},
			map[string]any{"isEgress": false, "ipProtocol": "tcp", "fromPort": httpsPort, "toPort": httpsPort, "cidrIpv4": prefix.String()}))
	}
	return all
}

func rulesOf(group string) map[string]any {
	return map[string]any{"filters": []any{map[string]any{"name": "group-id", "values": []any{group}}}}
}

// lookUpGroup asks for a group and its rules: those that are declared must be there, and none that the
// plan adds, unless an earlier run of this stack has added it.
func (r *Run) lookUpGroup(g aws.ExistingGroup) diag.List {
	what := fmt.Sprintf("security group %q", g.ID)
	got, err := ec2.LookupSecurityGroup(r.Ctx, &ec2.LookupSecurityGroupArgs{Id: &g.ID}, r.Through(g.Provider))
	if err != nil {
		return register.Failed(g.Origin, what, r.place(g.Provider), err)
	}
	var found diag.List
	if got.VpcId != g.VPC {
		found = append(found, differs(g.Origin, "%s is in VPC %q, the topology says %q", what, got.VpcId, g.VPC).
			WithHint("write a security group of %q", g.VPC))
	}
	rules, err := vpc.GetSecurityGroupRules(r.Ctx, &vpc.GetSecurityGroupRulesArgs{
		Filters: []vpc.GetSecurityGroupRulesFilter{{Name: "group-id", Values: []string{g.ID}}},
	}, r.Through(g.Provider))
	if err != nil {
		return append(found, register.Failed(g.Origin, "the rules of "+what, r.place(g.Provider), err)...)
	}
	admits, failed := r.admitted(g, what, rules.Ids)
	if failed != nil {
		return append(found, failed...)
	}
	for _, prefix := range g.Admits {
		if !slices.ContainsFunc(admits, func(a admitted) bool { return a.Bits() <= prefix.Bits() && a.Contains(prefix.Addr()) }) {
			found = append(found, differs(g.Origin, "%s does not let %q in to port %d, the topology says that it does", what, prefix, httpsPort).
				WithHint("take %q out of ingress, and obslink adds the rule", prefix))
		}
	}
	for _, prefix := range g.Adds {
		if slices.ContainsFunc(admits, func(a admitted) bool { return a.Prefix == prefix && !a.ours && a.exact }) {
			found = append(found, differs(g.Origin, "%s lets %q in to port %d already, and obslink would add the rule", what, prefix, httpsPort).
				WithHint("write ingress: [%q] on it", prefix))
		}
	}
	return found
}

// admitted is a prefix that a group lets in to port 443; exact rules are for TCP and that port alone, as
// the plan's are.
type admitted struct {
	netip.Prefix
	exact, ours bool
}

// admitted asks for each rule of a group.
func (r *Run) admitted(g aws.ExistingGroup, what string, ids []string) ([]admitted, diag.List) {
	var all []admitted
	for _, id := range ids {
		rule, err := vpc.GetSecurityGroupRule(r.Ctx, &vpc.GetSecurityGroupRuleArgs{SecurityGroupRuleId: &id}, r.Through(g.Provider))
		if err != nil {
			return nil, register.Failed(g.Origin, fmt.Sprintf("rule %q of %s", id, what), r.place(g.Provider), err)
		}
		prefix, err := netip.ParsePrefix(rule.CidrIpv4)
		if err != nil || rule.IsEgress {
			continue
		}
		whole := rule.IpProtocol == "-1"
		if !whole && (rule.IpProtocol != "tcp" || rule.FromPort > httpsPort || rule.ToPort < httpsPort) {
			continue
		}
		all = append(all, admitted{
			Prefix: prefix, ours: rule.Tags[stackTag] == r.Stack, exact: !whole && rule.FromPort == httpsPort && rule.ToPort == httpsPort,
		})
	}
	return all, nil
}
