package azure

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
)

// securityGroup is a network security group with its rules; what they mean depends on the subnets
// that it stands before.
type securityGroup struct {
	r     *manifest.Resource
	rules []securityRule
}

type securityRule struct {
	path     string
	priority int
	out      bool
	deny     bool
	near     []string // the subnet's own side, and the far one, as they are written
	far      []string
	ports    [][2]int
}

func (l *lifting) securityGroup(r *manifest.Resource) {
	g := &securityGroup{r: r}
	l.groups[r.Name] = g
	for i, value := range r.List("securityRules") {
		fields, _ := value.(map[string]any)
		l.addRule(r, g, fmt.Sprintf("securityRules[%d].", i), fields)
	}
}

func (l *lifting) securityRule(r *manifest.Resource) {
	if l.tunnelRule(r) {
		return
	}
	if p := l.ourParent(r, "networkSecurityGroupName", securityGroupType, "networkSecurityGroups"); p != nil && l.groups[p.Name] != nil {
		l.addRule(r, l.groups[p.Name], "", r.Inputs)
	}
}

// addRule reads a rule. One for another protocol than TCP says nothing that the graph holds.
func (l *lifting) addRule(r *manifest.Resource, g *securityGroup, path string, fields map[string]any) {
	rule := securityRule{path: path, deny: fields["access"] == "Deny", out: fields["direction"] == "Outbound"}
	priority, err := strconv.Atoi(fmt.Sprint(fields["priority"]))
	rule.priority = priority
	protocol, _ := fields["protocol"].(string)
	switch protocol = strings.ToLower(protocol); {
	case err != nil || rule.priority < 100 || rule.priority > 4096:
		l.Problem(r, path+"priority", "%v is not from 100 to 4096", fields["priority"])
		return
	case !rule.deny && fields["access"] != "Allow":
		l.Problem(r, path+"access", "%v is neither Allow nor Deny", fields["access"])
		return
	case !rule.out && fields["direction"] != "Inbound":
		l.Problem(r, path+"direction", "%v is neither Inbound nor Outbound", fields["direction"])
		return
	case slices.Contains([]string{"udp", "icmp", "esp", "ah"}, protocol):
		return
	case protocol != "tcp" && protocol != "*":
		l.Problem(r, path+"protocol", "%v is a protocol that lift does not know", fields["protocol"])
		return
	}
	for _, ports := range texts(fields, "sourcePortRange", "sourcePortRanges") {
		if ports != "*" {
			l.Problem(r, path+"sourcePortRange", "%s is not read: clients ask from any port", ports)
			return
		}
	}
	for _, text := range texts(fields, "destinationPortRange", "destinationPortRanges") {
		ports, err := portRange(text)
		if err != nil {
			l.Problem(r, path+"destinationPortRange", "%v", err)
			return
		}
		rule.ports = append(rule.ports, ports)
	}
	rule.near, rule.far = texts(fields, "destinationAddressPrefix", "destinationAddressPrefixes"), texts(fields, "sourceAddressPrefix", "sourceAddressPrefixes")
	if rule.out {
		rule.near, rule.far = rule.far, rule.near
	}
	if len(rule.near) == 0 || len(rule.far) == 0 || len(rule.ports) == 0 {
		l.Problem(r, path+"sourceAddressPrefix", "must be given, with a destination and its ports")
		return
	}
	g.rules = append(g.rules, rule)
}

// texts are the values of an input that has a form for one and a form for many.
func texts(fields map[string]any, one, many string) []string {
	var all []string
	if text, ok := fields[one].(string); ok && text != "" {
		all = append(all, text)
	}
	list, _ := fields[many].([]any)
	for _, value := range list {
		all = append(all, fmt.Sprint(value))
	}
	return all
}

func portRange(text string) ([2]int, error) {
	if text == "*" {
		return plan.AllPorts, nil
	}
	first, last, isRange := strings.Cut(text, "-")
	if !isRange {
		last = first
	}
	from, err := strconv.Atoi(first)
	to, err2 := strconv.Atoi(last)
	if err != nil || err2 != nil || from < 0 || to > plan.AllPorts[1] || from > to {
		return [2]int{}, fmt.Errorf("%q is no range of ports", text)
	}
	return [2]int{from, to}, nil
}

// anywhere is every address; privateRanges are those that the tag Internet leaves out.
var (
	anywhere      = netip.MustParsePrefix("0.0.0.0/0")
	privateRanges = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("192.168.0.0/16")}
)

// makeFilters makes one filter of each security group, or several where the tag VirtualNetwork means
// different things in the subnets that it stands before.
func (l *lifting) makeFilters() {
	for _, r := range l.View.OfType(securityGroupType) {
		g, made := l.groups[r.Name], map[string]string{}
		slices.SortStableFunc(g.rules, func(a, b securityRule) int { return cmp.Compare(a.priority, b.priority) })
		for i := range l.g.Networks {
			for j := range l.g.Networks[i].Subnets {
				s := spot{i, j}
				if l.used[s] == nil || l.used[s].group != r.Name {
					continue
				}
				subnet, vnet := l.subnetAt(s), l.virtualNetwork(s)
				same := fmt.Sprint(vnet, subnet.CIDR)
				if made[same] == "" {
					made[same] = r.Name
					if len(made) > 1 {
						made[same] = r.Name + "_" + l.name(i) + "_" + subnet.Name
					}
					l.g.Filters = append(l.g.Filters, l.filterOf(g, made[same], vnet, subnet.CIDR))
				}
				subnet.Filters = append(slices.Clip(subnet.Filters), made[same])
			}
		}
	}
}

// filterOf spells a group's rules out for one subnet, and Azure's own after them: in from the virtual
// network (65000), out to it (65000) and to the internet (65001), all else dropped (65500)
// (learn: network-security-groups-overview, 2024).
func (l *lifting) filterOf(g *securityGroup, name string, vnet []netip.Prefix, subnet netip.Prefix) plan.Filter {
	f := plan.Filter{Name: name, Ref: plan.Ref{Part: name}}
	for _, r := range g.rules {
		if !l.concerns(g, r, vnet, subnet) {
			continue
		}
		for _, far := range r.far {
			for _, p := range l.prefixes(g, r, far, vnet) {
				for _, ports := range r.ports {
					rule := plan.Rule{Prefix: p, Ports: ports, Deny: r.deny}
					if r.out {
						f.Egress = append(f.Egress, rule)
					} else {
						f.Ingress = append(f.Ingress, rule)
					}
				}
			}
		}
	}
	for _, p := range vnet {
		f.Ingress = append(f.Ingress, plan.Rule{Prefix: p, Ports: plan.AllPorts})
		f.Egress = append(f.Egress, plan.Rule{Prefix: p, Ports: plan.AllPorts})
	}
	for _, p := range privateRanges {
		f.Egress = append(f.Egress, plan.Rule{Prefix: p, Ports: plan.AllPorts, Deny: true})
	}
	f.Egress = append(f.Egress, plan.Rule{Prefix: anywhere, Ports: plan.AllPorts})
	return f
}

// concerns reports whether a rule is for a subnet's own addresses: for all of them or for none, since
// the graph's rules say nothing of the near end.
func (l *lifting) concerns(g *securityGroup, r securityRule, vnet []netip.Prefix, subnet netip.Prefix) bool {
	partly := false
	for _, near := range r.near {
		for _, p := range l.prefixes(g, r, near, vnet) {
			if p.Bits() <= subnet.Bits() && p.Contains(subnet.Addr()) {
				return true
			}
			partly = partly || p.Overlaps(subnet)
		}
	}
	if partly {
		l.Problem(g.r, r.path, "is for a part of subnet %s, which lift cannot say", subnet)
	}
	return false
}

// prefixes are what an address prefix or a tag stands for. Internet is what is public, and so nothing
// that a private network holds.
func (l *lifting) prefixes(g *securityGroup, r securityRule, text string, vnet []netip.Prefix) []netip.Prefix {
	switch text {
	case "*":
		return []netip.Prefix{anywhere}
	case "VirtualNetwork":
		return vnet
	case "Internet", "AzureLoadBalancer":
		return nil
	}
	if a, err := netip.ParseAddr(text); err == nil && a.Is4() {
		return []netip.Prefix{netip.PrefixFrom(a, 32)}
	}
	p, err := netip.ParsePrefix(text)
	if err != nil || !p.Addr().Is4() {
		l.Problem(g.r, r.path, "%q is no prefix or tag that lift knows", text)
		return nil
	}
	return []netip.Prefix{p.Masked()}
}
