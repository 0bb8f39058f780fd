package program

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi-azure-native-sdk/network/v2"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/targets/azure"
	"github.com/obslink/obslink/targets/register"
)

// assumeTunnelHost expects the interface of a tunnel's host in the VNet, with the tunnels' addresses.
func assumeTunnelHost(h azure.ExistingTunnelHost) manifest.Assumption {
	var configurations []any
	for _, a := range h.Addresses {
		configurations = append(configurations, map[string]any{"privateIPAddress": a.String(), "subnet": map[string]any{"id": h.VNet + "/subnets/"}})
	}
	expected := map[string]any{"name": h.Name, "ipConfigurations": configurations}
	if h.Forwards {
		expected["enableIPForwarding"] = true
	}
	return assume("azure-native:network:getNetworkInterface", h.Provider, h.Origin,
		map[string]any{"resourceGroupName": h.ResourceGroup, "networkInterfaceName": h.Name}, expected)
}

// lookUpTunnelHost looks at the interface that tunnels end on.
func (r *Run) lookUpTunnelHost(h azure.ExistingTunnelHost) diag.List {
	what := fmt.Sprintf("network interface %q", h.Name)
	got, err := network.LookupNetworkInterface(r.Ctx, &network.LookupNetworkInterfaceArgs{
		ResourceGroupName: h.ResourceGroup, NetworkInterfaceName: h.Name,
	}, r.Through(h.Provider))
	if err != nil {
		return register.Failed(h.Origin, what, r.place(h.ResourceGroup, h.Provider), err)
	}
	var has []string
	inside := false
	for _, c := range got.IpConfigurations {
		has = append(has, value(c.PrivateIPAddress))
		inside = inside || c.Subnet != nil && inVNet(value(c.Subnet.Id), h.VNet)
	}
	var found diag.List
	if !inside {
		found = append(found, differs(h.Origin, "%s is not in VNet %q", what, h.VNet).WithHint("name the interface of the host in that VNet"))
	}
	for _, a := range h.Addresses {
		if !slices.Contains(has, a.String()) {
			found = append(found, differs(h.Origin, "%s has the addresses %s, the topology says %q", what, register.Quoted(has), a).
				WithHint("write existing: with the host's address"))
		}
	}
	if h.Forwards && !isTrue(got.EnableIPForwarding) {
		found = append(found, differs(h.Origin, "%s drops what is not addressed to it: its IP forwarding is off", what).
			WithHint("turn it on: az network nic update -g %s -n %s --ip-forwarding true, or masquerade on the host and write snat: true", h.ResourceGroup, h.Name))
	}
	return found
}

// inVNet reports whether the id of a subnet is that of one in a VNet.
func inVNet(subnet, vnet string) bool {
	return strings.HasPrefix(strings.ToLower(subnet), strings.ToLower(vnet)+"/")
}

// assumeGroup expects a network security group before a subnet of the VNet.
func assumeGroup(g azure.ExistingGroup) manifest.Assumption {
	return assume("azure-native:network:getNetworkSecurityGroup", g.Provider, g.Origin,
		map[string]any{"resourceGroupName": g.ResourceGroup, "networkSecurityGroupName": g.Name},
		map[string]any{"name": g.Name, "subnets": []any{map[string]any{"id": g.VNet + "/subnets/"}}})
}

// lookUpGroup looks at the group that tunnels are let in to. Which interfaces it stands before is known by
// their ids alone, which do not say a VNet.
func (r *Run) lookUpGroup(g azure.ExistingGroup) diag.List {
	what := fmt.Sprintf("network security group %q", g.Name)
	got, err := network.LookupNetworkSecurityGroup(r.Ctx, &network.LookupNetworkSecurityGroupArgs{
		ResourceGroupName: g.ResourceGroup, NetworkSecurityGroupName: g.Name,
	}, r.Through(g.Provider))
	if err != nil {
		return register.Failed(g.Origin, what, r.place(g.ResourceGroup, g.Provider), err)
	}
	var found diag.List
	before := func(s network.SubnetResponse) bool { return inVNet(value(s.Id), g.VNet) }
	if len(got.NetworkInterfaces) == 0 && !slices.ContainsFunc(got.Subnets, before) {
		found = append(found, differs(g.Origin, "%s stands before no network interface and no subnet of VNet %q", what, g.VNet).
			WithHint("name the group of the host's network interface or subnet"))
	}
	taken := map[int]string{} // the names of rules by priority
	for _, rule := range got.SecurityRules {
		if rule.Direction == "Inbound" {
			taken[rule.Priority] = value(rule.Name)
		}
	}
	for _, rule := range r.parts.TunnelRules {
		if strings.EqualFold(rule.Group, g.Name) && strings.EqualFold(rule.ResourceGroup.Existing, g.ResourceGroup) && rule.Provider == g.Provider {
			found = append(found, judgeRules(what, rule, got.SecurityRules, taken)...)
		}
	}
	return found
}

// judgeRules looks for a rule with the priority of ours, and for one before it that drops the tunnel. A rule
// of the stack that is about to go counts too: Pulumi deletes last, and Azure would refuse ours before.
func judgeRules(group string, ours azure.TunnelRule, all []network.SecurityRuleResponse, taken map[int]string) diag.List {
	if other := taken[ours.Priority]; other != "" && !strings.EqualFold(other, ours.ResourceName) {
		free := ours.Priority
		for taken[free] != "" && free > 100 {
			free--
		}
		return diag.List{differs(ours.Origin, "%s has a rule of priority %d already: %q", group, ours.Priority, other).WithHint("write priority: %d", free)}
	}
	var first *network.SecurityRuleResponse
	for i, rule := range all {
		if rule.Direction == "Inbound" && rule.Priority < ours.Priority && concernsTunnel(rule, ours) && (first == nil || rule.Priority < first.Priority) {
			first = &all[i]
		}
	}
	if first == nil || first.Access == "Allow" {
		return nil
	}
	return diag.List{differs(ours.Origin, "%s has a rule that drops the tunnel before: %q, of priority %d", group, value(first.Name), first.Priority).
		WithHint("write a priority below %d", first.Priority)}
}

// concernsTunnel reports whether a rule is for the packets that ours lets in. Tags other than those of
// everything public are taken not to be.
func concernsTunnel(rule network.SecurityRuleResponse, ours azure.TunnelRule) bool {
	covers := func(one *string, many []string, a netip.Addr, everything ...string) bool {
		return slices.ContainsFunc(slices.Concat(many, []string{value(one)}), func(text string) bool {
			p, err := netip.ParsePrefix(text)
			return text == "*" || text == a.String() || slices.Contains(everything, text) || err == nil && p.Contains(a)
		})
	}
	port := slices.ContainsFunc(slices.Concat(rule.DestinationPortRanges, []string{value(rule.DestinationPortRange)}), func(text string) bool {
		first, last, isRange := strings.Cut(text, "-")
		if !isRange {
			last = first
		}
		from, err := strconv.Atoi(first)
		to, err2 := strconv.Atoi(last)
		return text == "*" || err == nil && err2 == nil && from <= ours.Port && ours.Port <= to
	})
	return port && (rule.Protocol == "*" || strings.EqualFold(rule.Protocol, "Udp")) &&
		covers(rule.SourceAddressPrefix, rule.SourceAddressPrefixes, ours.From, "Internet") &&
		covers(rule.DestinationAddressPrefix, rule.DestinationAddressPrefixes, ours.To, "VirtualNetwork")
}
