package program

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/pulumi/pulumi-azure-native-sdk/network/v2"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/targets/azure"
	"github.com/obslink/obslink/targets/register"
)

// Lookups asks Azure for every existing object that the plan relies on, and returns all that differs
// from what the topology says. Assumptions lists the same look-ups with the answers that would please.
func (r *Run) Lookups() diag.List {
	var asks []register.Ask
	for _, v := range r.parts.ExistingVNets {
		asks = append(asks, func() diag.List { return r.lookUpVNet(v) })
	}
	for _, s := range r.parts.ExistingSubnets {
		asks = append(asks, func() diag.List { return r.lookUpSubnet(s) })
	}
	for _, g := range r.parts.ExistingGateways {
		asks = append(asks, func() diag.List { return r.lookUpGateway(g) })
	}
	for _, h := range r.parts.ExistingTunnelHosts {
		asks = append(asks, func() diag.List { return r.lookUpTunnelHost(h) })
	}
	for _, g := range r.parts.ExistingGroups {
		asks = append(asks, func() diag.List { return r.lookUpGroup(g) })
	}
	for _, z := range r.parts.ExistingZones {
		asks = append(asks, func() diag.List { return r.lookUpZone(z) })
		for _, l := range z.Links {
			asks = append(asks, func() diag.List { return r.lookUpLink(z, l) })
		}
	}
	for _, a := range r.parts.ExistingArc {
		asks = append(asks, func() diag.List { return r.lookUpArcScope(a) })
	}
	for _, s := range r.parts.ExistingScopes {
		asks = append(asks, func() diag.List { return r.lookUpScope(s) })
	}
	for _, m := range r.parts.ExistingMonitored {
		asks = append(asks, func() diag.List { return r.lookUpMonitored(m) })
	}
	for _, m := range r.parts.ExistingMachines {
		asks = append(asks, func() diag.List { return r.lookUpMachine(m) })
	}
	for _, t := range r.parts.ExistingTables {
		asks = append(asks, func() diag.List { return r.lookUpTable(t) })
	}
	return register.AskAll(asks)
}

func (r *Run) lookUpVNet(v azure.ExistingVNet) diag.List {
	what := fmt.Sprintf("VNet %q", v.Name)
	got, err := network.LookupVirtualNetwork(r.Ctx, &network.LookupVirtualNetworkArgs{
		ResourceGroupName: v.ResourceGroup, VirtualNetworkName: v.Name,
	}, r.Through(v.Provider))
	if err != nil {
		return register.Failed(v.Origin, what, r.place(v.ResourceGroup, v.Provider), err)
	}
	var found diag.List
	var has []string
	if got.AddressSpace != nil {
		has = got.AddressSpace.AddressPrefixes
	}
	if has, says := register.Quoted(has), register.QuotedPrefixes(v.CIDRs); has != says {
		found = append(found, differs(v.Origin, "%s has the address space %s, the topology says %s", what, has, says).
			WithHint("write cidrs: [%s]", has))
	}
	if got.Location == nil || !sameLocation(*got.Location, v.Location) {
		found = append(found, differs(v.Origin, "%s is in %q, the topology says %q", what, value(got.Location), v.Location).
			WithHint("write region: %q", value(got.Location)))
	}
	for _, h := range v.Halves {
		found = append(found, judgeHalf(what, h, got.VirtualNetworkPeerings)...)
	}
	return found
}

func (r *Run) lookUpSubnet(s azure.ExistingSubnet) diag.List {
	what := fmt.Sprintf("subnet %q of VNet %q", s.Name, s.VNet)
	got, err := network.LookupSubnet(r.Ctx, &network.LookupSubnetArgs{
		ResourceGroupName: s.ResourceGroup, VirtualNetworkName: s.VNet, SubnetName: s.Name,
	}, r.Through(s.Provider))
	if err != nil {
		return register.Failed(s.Origin, what, r.place(s.ResourceGroup, s.Provider), err)
	}
	// ARM fills either the one or the list, whichever the subnet was written with.
	has := got.AddressPrefixes
	if got.AddressPrefix != nil {
		has = append(has, *got.AddressPrefix)
	}
	if has, says := register.Quoted(has), register.QuotedPrefixes([]netip.Prefix{s.CIDR}); has != says {
		return diag.List{differs(s.Origin, "%s has the prefix %s, the topology says %s", what, has, says).
			WithHint("write cidr: %s", has)}
	}
	if s.Delegation == "" {
		return nil
	}
	for _, d := range got.Delegations {
		if d.ServiceName != nil && *d.ServiceName == s.Delegation {
			return nil
		}
	}
	return diag.List{differs(s.Origin, "%s is not delegated to %s", what, s.Delegation).
		WithHint("delegate it, if nothing else stands in it: az network vnet subnet update --delegations %s …", s.Delegation)}
}

// place names the group and subscription that a provider searches.
func (r *Run) place(group, provider string) string {
	for _, p := range r.parts.Providers {
		if p.Name == provider {
			return fmt.Sprintf("resource group %q of subscription %s", group, p.Subscription)
		}
	}
	panic(fmt.Sprintf("no provider is called %q; this is a bug in obslink", provider))
}

func differs(origin plan.Origin, format string, args ...any) diag.Diagnostic {
	return manifest.Differs.At(origin.Pos, origin.Path, format, args...)
}

// sameLocation compares as ARM does: "Japan East" is "japaneast".
func sameLocation(a, b string) bool {
	plain := func(s string) string { return strings.ToLower(strings.ReplaceAll(s, " ", "")) }
	return plain(a) == plain(b)
}

func value(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
