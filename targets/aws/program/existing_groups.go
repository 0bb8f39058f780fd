package program

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/vpc"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/targets/aws"
	"github.com/obslink/obslink/targets/register"
)

// groupAssumptions are the look-ups of lookUpGroup with the answers that would please. The cloud chooses the
// ids of rules; here they say what is let in.
func groupAssumptions(g aws.ExistingGroup) []manifest.Assumption {
	ids := make([]any, 0, len(g.Admits)+len(g.LetsOut))
	expected := map[string]any{"id": g.ID}
	if g.VPC != "" {
		expected["vpcId"] = g.VPC
	}
	var rules []manifest.Assumption
	for _, way := range waysOf(g) {
		for _, prefix := range way.there {
			id := g.ID + way.mark + prefix.String()
			ids = append(ids, id)
			rules = append(rules, assume("aws:vpc/getSecurityGroupRule:getSecurityGroupRule", g.Provider, g.Origin,
				map[string]any{"securityGroupRuleId": id},
				map[string]any{"isEgress": way.out, "ipProtocol": "tcp", "fromPort": httpsPort, "toPort": httpsPort, "cidrIpv4": prefix.String()}))
		}
	}
	return append([]manifest.Assumption{
		assume("aws:ec2/getSecurityGroup:getSecurityGroup", g.Provider, g.Origin, map[string]any{"id": g.ID}, expected),
		assume("aws:vpc/getSecurityGroupRules:getSecurityGroupRules", g.Provider, g.Origin, rulesOf(g.ID), map[string]any{"ids": ids}),
	}, rules...)
}

// way is one direction of a group: what it passes already and what the plan adds, and how a person says it.
type way struct {
	there, adds       []netip.Prefix
	out               bool
	mark, does, field string
}

func waysOf(g aws.ExistingGroup) []way {
	return []way{
		{g.Admits, g.Adds, false, " ", "in to", "ingress"},
		{g.LetsOut, g.AddsOut, true, " out ", "out to", "egress"},
	}
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
	if g.VPC != "" && got.VpcId != g.VPC {
		found = append(found, differs(g.Origin, "%s is in VPC %q, the topology says %q", what, got.VpcId, g.VPC).
			WithHint("write a security group of %q", g.VPC))
	}
	rules, err := vpc.GetSecurityGroupRules(r.Ctx, &vpc.GetSecurityGroupRulesArgs{
		Filters: []vpc.GetSecurityGroupRulesFilter{{Name: "group-id", Values: []string{g.ID}}},
	}, r.Through(g.Provider))
	if err != nil {
		return append(found, register.Failed(g.Origin, "the rules of "+what, r.place(g.Provider), err)...)
	}
	passes, failed := r.passes(g, what, rules.Ids)
	if failed != nil {
		return append(found, failed...)
	}
	for _, way := range waysOf(g) {
		found = append(found, compared(g, what, way, passes)...)
	}
	return found
}

// compared holds one direction of a group against what its rules pass.
func compared(g aws.ExistingGroup, what string, way way, passes []passed) (found diag.List) {
	for _, prefix := range way.there {
		if !slices.ContainsFunc(passes, func(p passed) bool { return p.out == way.out && p.Bits() <= prefix.Bits() && p.Contains(prefix.Addr()) }) {
			found = append(found, differs(g.Origin, "%s does not let %q %s port %d, the topology says that it does", what, prefix, way.does, httpsPort).
				WithHint("take %q out of %s, and obslink adds the rule", prefix, way.field))
		}
	}
	for _, prefix := range way.adds {
		if slices.ContainsFunc(passes, func(p passed) bool { return p.out == way.out && p.Prefix == prefix && !p.ours && p.exact }) {
			found = append(found, differs(g.Origin, "%s lets %q %s port %d already, and obslink would add the rule", what, prefix, way.does, httpsPort).
				WithHint("write %s: [%q] on it", way.field, prefix))
		}
	}
	return found
}

// passed is a prefix that a group passes to port 443; exact rules are for TCP and that port alone, as
// the plan's are.
type passed struct {
	netip.Prefix
	out, exact, ours bool
}

// passes asks for each rule of a group.
func (r *Run) passes(g aws.ExistingGroup, what string, ids []string) ([]passed, diag.List) {
	var all []passed
	for _, id := range ids {
		rule, err := vpc.GetSecurityGroupRule(r.Ctx, &vpc.GetSecurityGroupRuleArgs{SecurityGroupRuleId: &id}, r.Through(g.Provider))
		if err != nil {
			return nil, register.Failed(g.Origin, fmt.Sprintf("rule %q of %s", id, what), r.place(g.Provider), err)
		}
		prefix, err := netip.ParsePrefix(rule.CidrIpv4)
		if err != nil {
			continue
		}
		whole := rule.IpProtocol == "-1"
		if !whole && (rule.IpProtocol != "tcp" || rule.FromPort > httpsPort || rule.ToPort < httpsPort) {
			continue
		}
		all = append(all, passed{
			Prefix: prefix, out: rule.IsEgress, ours: rule.Tags[stackTag] == r.Stack, exact: !whole && rule.FromPort == httpsPort && rule.ToPort == httpsPort,
		})
	}
	return all, nil
}
