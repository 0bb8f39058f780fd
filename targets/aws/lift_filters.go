package aws

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
)

// group is a security group without rules: the provider removes the egress rule that AWS gives a new
// one (pulumi-aws 6.83.2, SecurityGroup), and the rules are resources of their own.
func (l *lifting) group(r *manifest.Resource) {
	if _, ok := l.network(r, "vpcId", r.Inputs["vpcId"]); ok {
		l.addFilter(plan.Filter{Name: r.Name})
	}
}

func (l *lifting) groupRule(r *manifest.Resource) {
	ref, ok := l.near(r, "securityGroupId", r.Inputs["securityGroupId"], groupType)
	if !ok {
		return
	}
	f := l.filter(ref)
	rule, matters := l.rule(r, "", r.Inputs, "cidrIpv4", "cidrIpv6", "ipProtocol")
	if r.Type == ingressType && f != nil {
		l.overUDP(r, f.Name)
	}
	switch {
	case !matters: // such as a tunnel's UDP, let in to the host that it ends on
	case f == nil && len(l.groupsByID[ref.Existing]) == 0:
		l.Problem(r, "securityGroupId", "%s is no group of this manifest, and may have other rules", ref.Part+ref.Existing)
	case ref.Existing != "":
		l.existingRule(r, ref.Existing, rule)
	case r.Type == egressType:
		f.Egress = append(f.Egress, rule)
	default:
		f.Ingress = append(f.Ingress, rule)
	}
}

func (l *lifting) filter(ref plan.Ref) *plan.Filter {
	if i, ok := l.filters[ref]; ok {
		return &l.g.Filters[i]
	}
	return nil
}

func (l *lifting) addFilter(f plan.Filter) {
	f.Ref = plan.Ref{Part: f.Name}
	l.filters[f.Ref] = len(l.g.Filters)
	l.g.Filters = append(l.g.Filters, f)
}

// rule reads what a rule matches. One for another protocol than TCP, or for IPv6, says nothing that
// the graph holds: endpoints answer TCP over IPv4.
func (l *lifting) rule(r *manifest.Resource, path string, fields map[string]any, v4, v6, protocol string) (plan.Rule, bool) {
	in := func(name string) string { return path + name }
	if fields[v4] == nil && fields[v6] != nil {
		return plan.Rule{}, false
	}
	prefix, ok := l.Prefix(r, in(v4), fields[v4])
	if !ok {
		return plan.Rule{}, false
	}
	rule := plan.Rule{Prefix: prefix, Ports: plan.AllPorts}
	switch fields[protocol] {
	case "-1", "all": // looks at no port, even where some are given
		return rule, true
	case "tcp", "6":
	case "udp", "17", "icmp", "1", "icmpv6", "58":
		return plan.Rule{}, false
	default:
		l.Problem(r, in(protocol), "%v is a protocol that lift does not know", fields[protocol])
		return plan.Rule{}, false
	}
	from, first := number(fields["fromPort"])
	to, last := number(fields["toPort"])
	if !first || !last || from < 0 || to > plan.AllPorts[1] || from > to {
		l.Problem(r, in("fromPort"), "%v to %v are no ports", fields["fromPort"], fields["toPort"])
		return plan.Rule{}, false
	}
	rule.Ports = [2]int{from, to}
	return rule, true
}

// unreadable is the name of a filter that the graph does not have, and that so passes nothing.
const unreadable = "unreadable"

// groups are the filters before a network interface. Without any, AWS puts the VPC's default group
// there, which admits only its own members; one that cannot be read admits nobody.
func (l *lifting) groups(r *manifest.Resource, path string, network int) []string {
	list := r.List(path)
	if len(list) == 0 {
		l.Problem(r, path, "are not given, so the VPC's default group stands there")
		return []string{unreadable}
	}
	var names []string
	for i, value := range list {
		at := fmt.Sprintf("%s[%d]", path, i)
		ref, ok := l.near(r, at, value, groupType)
		f := l.filter(ref)
		switch {
		case !ok:
			return []string{unreadable}
		case f == nil:
			l.Problem(r, at, "%s is no group of this manifest", ref.Part+ref.Existing)
			return []string{unreadable}
		case ref.Part == "" && !l.lookedUpIn(ref.Existing, network):
			l.Problem(r, at, "nothing makes sure that %s is a group of network %q", ref.Existing, l.name(network))
			return []string{unreadable}
		case ref.Part != "" && !l.isIn(ref.Part, network):
			l.Problem(r, at, "%s is of another VPC", ref.Part)
			return []string{unreadable}
		}
		names = append(names, f.Name)
	}
	return l.anyOf(names)
}

// anyOf joins groups before one interface: they pass what any of them passes, while the filters of the
// graph must all pass. Groups have no rules that deny, so their rules can be read as one list.
func (l *lifting) anyOf(names []string) []string {
	if len(names) < 2 {
		return names
	}
	slices.Sort(names)
	joined := plan.Filter{Name: strings.Join(names, "+")}
	if l.filter(plan.Ref{Part: joined.Name}) == nil {
		for _, name := range names {
			f := l.filterNamed(name)
			joined.Ingress, joined.Egress = append(joined.Ingress, f.Ingress...), append(joined.Egress, f.Egress...)
		}
		l.addFilter(joined)
	}
	return []string{joined.Name}
}

// filterNamed is a filter of the graph that is there.
func (l *lifting) filterNamed(name string) *plan.Filter {
	i := slices.IndexFunc(l.g.Filters, func(f plan.Filter) bool { return f.Name == name })
	return &l.g.Filters[i]
}

// lookedUpIn reports whether a look-up makes sure that a security group is one of a network's.
func (l *lifting) lookedUpIn(id string, network int) bool {
	return slices.ContainsFunc(l.View.Assumptions, func(a manifest.Assumption) bool {
		return a.Function == groupFunction && a.Args["id"] == id && a.Expected["vpcId"] == l.g.Networks[network].Ref.Existing
	})
}

// groupFunction looks up a security group.
const groupFunction = "aws:ec2/getSecurityGroup:getSecurityGroup"

// isIn reports whether a resource's vpcId is a network.
func (l *lifting) isIn(name string, network int) bool {
	text := l.View.Named(name).Text("vpcId")
	ref := plan.Ref{Existing: text}
	if vpc, ok := l.Named(text, "id"); ok {
		ref = plan.Ref{Part: vpc}
	}
	at, ok := l.networks[ref]
	return ok && at == network
}

// aclRule is a rule of a network ACL with its number: the lowest that matches decides.
type aclRule struct {
	number int
	egress bool
	plan.Rule
}

// acl is a network ACL, which drops all that no rule passes (VPC User Guide: rule *).
func (l *lifting) acl(r *manifest.Resource) {
	if _, ok := l.network(r, "vpcId", r.Inputs["vpcId"]); !ok {
		return
	}
	l.addFilter(plan.Filter{Name: r.Name, Stateless: true})
	for _, input := range []string{"ingress", "egress"} {
		for i, value := range r.List(input) {
			fields, _ := value.(map[string]any)
			path := fmt.Sprintf("%s[%d].", input, i)
			l.numbered(r, r.Name, path, fields, "ruleNo", "action", "protocol", input == "egress")
		}
	}
	for i, value := range r.List("subnetIds") {
		l.edge(r, fmt.Sprintf("subnetIds[%d]", i), value, r.Name)
	}
}

func (l *lifting) aclRule(r *manifest.Resource) {
	if ref, ok := l.near(r, "networkAclId", r.Inputs["networkAclId"], aclType); ok && l.ours(r, "networkAclId", ref) {
		l.numbered(r, ref.Part, "", r.Inputs, "ruleNumber", "ruleAction", "protocol", l.flag(r, "egress", false))
	}
}

// ours wants an ACL of this manifest: one that was there before has rules that nobody knows.
func (l *lifting) ours(r *manifest.Resource, path string, ref plan.Ref) bool {
	if ref.Part == "" {
		l.Problem(r, path, "%s is no network ACL of this manifest", ref.Existing)
	}
	return ref.Part != ""
}

func (l *lifting) numbered(r *manifest.Resource, acl, path string, fields map[string]any, order, action, protocol string, egress bool) {
	rule, matters := l.rule(r, path, fields, "cidrBlock", "ipv6CidrBlock", protocol)
	n, ok := number(fields[order])
	if !ok {
		l.Problem(r, path+order, "%v is no number", fields[order])
		return
	}
	switch fields[action] {
	case "allow":
	case "deny":
		rule.Deny = true
	default:
		l.Problem(r, path+action, "%v is neither allow nor deny", fields[action])
		return
	}
	if matters {
		l.acls[acl] = append(l.acls[acl], aclRule{n, egress, rule})
	}
}

func (l *lifting) aclAssociation(r *manifest.Resource) {
	if ref, ok := l.near(r, "networkAclId", r.Inputs["networkAclId"], aclType); ok && l.ours(r, "networkAclId", ref) {
		l.edge(r, "subnetId", r.Inputs["subnetId"], ref.Part)
	}
}

// edge puts an ACL before a subnet, which has one.
func (l *lifting) edge(r *manifest.Resource, path string, subnet any, acl string) {
	at, ok := l.subnetOf(r, path, subnet)
	if !ok {
		return
	}
	s := l.subnetAt(at)
	switch {
	case !l.isIn(acl, at.at):
		l.Problem(r, path, "is of another VPC than %s", acl)
	case len(s.Filters) > 0:
		l.Problem(r, path, "has the network ACL %s already", s.Filters[0])
	default:
		s.Filters = []string{acl}
	}
}

func (l *lifting) sortACLs() {
	for i := range l.g.Filters {
		f := &l.g.Filters[i]
		rules := l.acls[f.Ref.Part]
		slices.SortStableFunc(rules, func(a, b aclRule) int { return cmp.Compare(a.number, b.number) })
		for _, r := range rules {
			if r.egress {
				f.Egress = append(f.Egress, r.Rule)
			} else {
				f.Ingress = append(f.Ingress, r.Rule)
			}
		}
	}
}
