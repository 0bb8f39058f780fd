package azure

import (
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/topology"
	"github.com/obslink/obslink/schema"
)

var nameTooLong = diag.Code{
	ID: "OBS374", Severity: diag.Error, Title: "the name of a resource would be too long for Azure",
	Cause: "obslink names a resource after the stack and the keys it is made of: obslink-<stack>-<backend>-<workspace>. A workspace's name has at most 63 characters, a data collection endpoint's and an Azure Monitor workspace's 44, a data collection rule's 64, a private endpoint's and a VNet's 64, a subnet's, a network interface's and a zone link's 80, a resource group's 90, a component's 255 (resource-name-rules, 2026-08).",
	Example: `// stacks/production-japan-east
backends: "application-monitoring": azureMonitor: workspaces: "security-operations-centre": {}`,
	Mend: `// stacks/prod
backends: apps: azureMonitor: workspaces: soc: {}`,
}

// lengths checks the names that lowering made: only there the stack's name is known.
func lengths(p *Parts) diag.List {
	var found diag.List
	one := func(kind, name string, origin plan.Origin) {
		if limit := schema.Azure().NameLengths[kind].Max; len(name) > limit {
			found = append(found, nameTooLong.At(origin.Pos, origin.Path, "%s %q has a name of %d characters; Azure takes %d", kind, name, len(name), limit).
				WithHint("shorten the stack's name or a key by %d characters", len(name)-limit))
		}
	}
	for _, g := range p.ResourceGroups {
		one("resource group", g.ResourceName, g.Origin)
	}
	for _, v := range p.VNets {
		one("virtual network", v.ResourceName, v.Origin)
	}
	for _, s := range p.Subnets {
		one("subnet", s.ResourceName, s.Origin)
	}
	for _, a := range p.PublicIPs {
		one("public IP address", a.ResourceName, a.Origin)
	}
	for _, g := range p.VPNGateways {
		one("VPN gateway", g.ResourceName, g.Origin)
	}
	for _, g := range p.LocalGateways {
		one("local network gateway", g.ResourceName, g.Origin)
	}
	for _, c := range p.VPNConnections {
		one("VPN connection", c.ResourceName, c.Origin)
	}
	for _, r := range p.RouteTables {
		one("route table", r.ResourceName, r.Origin)
	}
	for _, h := range p.Peerings {
		one("peering", h.ResourceName, h.Origin)
	}
	for _, w := range p.Workspaces {
		one("workspace", w.ResourceName, w.Origin)
	}
	for _, c := range p.Components {
		one("component", c.ResourceName, c.Origin)
	}
	for _, e := range p.DataCollectionEndpoints {
		one("data collection endpoint", e.ResourceName, e.Origin)
	}
	for _, w := range p.PrometheusWorkspaces {
		one("Azure Monitor workspace", w.ResourceName, w.Origin)
	}
	for _, r := range p.DataCollectionRules {
		one("data collection rule", r.ResourceName, r.Origin)
	}
	for _, e := range p.PrivateEndpoints {
		one("private endpoint", e.ResourceName, e.Origin)
		one("network interface", e.NIC, e.Origin)
	}
	for _, r := range p.DNSResolvers {
		one("DNS resolver", r.ResourceName, r.Origin)
	}
	for _, e := range p.InboundEndpoints {
		one("DNS inbound endpoint", e.ResourceName, e.Origin)
	}
	for _, l := range p.ZoneLinks {
		one("zone link", l.ResourceName, l.Origin)
	}
	return found
}

// checkNothing stands in the table for what Lower finds itself.
func checkNothing(*topology.Topology) diag.List { return nil }
