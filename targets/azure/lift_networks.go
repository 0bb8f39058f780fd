package azure

import (
	"net/netip"
	"slices"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
)

// vnet fills in a created network. Private zones work in every VNet; servers of its own choice would
// be in dhcpOptions, which lift does not know.
func (l *lifting) vnet(r *manifest.Resource) {
	ref := plan.Ref{Part: r.Name}
	at, declared := l.networks[key(ref)]
	if !declared {
		at = len(l.g.Networks)
		l.networks[key(ref)] = at
		l.g.Networks = append(l.g.Networks, plan.Network{Name: r.Name, Ref: ref})
	}
	n := &l.g.Networks[at]
	n.DNSAttributes = true
	space, _ := inner(r.Inputs, "addressSpace", "addressPrefixes").([]any)
	for _, value := range space {
		if cidr, ok := l.Prefix(r, "addressSpace.addressPrefixes", value); ok {
			n.CIDRs = append(n.CIDRs, cidr)
		}
	}
}

// edge is what a created subnet says of its edge; security group and table are resources.
type edge struct {
	group, table string
	// forEndpoints say whether they count for private endpoints too.
	groupForEndpoints, tableForEndpoints bool
}

// policies say what of a subnet counts for its private endpoints. Disabled is the default of the SDK
// and of the portal (learn: disable-private-endpoint-network-policy, 2024).
var policies = map[string]struct{ group, table bool }{
	"": {}, "Disabled": {}, "Enabled": {true, true}, "NetworkSecurityGroupEnabled": {group: true}, "RouteTableEnabled": {table: true},
}

// subnet fills in a created subnet. It must lie in its VNet (ARM: NetcfgInvalidSubnet).
func (l *lifting) subnet(r *manifest.Resource) {
	at, ok := l.networkByName(r)
	cidr, fits := l.Prefix(r, "addressPrefix", r.Inputs["addressPrefix"])
	if !ok || !fits {
		return
	}
	ref, n := plan.Ref{Part: r.Name}, &l.g.Networks[at]
	s, declared := l.subnets[key(ref)]
	switch {
	case !declared:
		s = spot{at, len(n.Subnets)}
		l.subnets[key(ref)] = s
		n.Subnets = append(n.Subnets, plan.Subnet{Name: r.Name, Ref: ref})
	case s.network != at:
		l.Problem(r, "virtualNetworkName", "is network %q, the subnet is declared in %q", n.Name, l.name(s.network))
		return
	}
	if !slices.ContainsFunc(n.CIDRs, func(c netip.Prefix) bool { return c.Bits() <= cidr.Bits() && c.Contains(cidr.Addr()) }) {
		l.Problem(r, "addressPrefix", "%s is not in the network's %s", cidr, n.CIDRs)
		return
	}
	n.Subnets[s.subnet].CIDR = cidr
	l.used[s] = l.edge(r)
}

func (l *lifting) edge(r *manifest.Resource) *edge {
	e := &edge{}
	if value := inner(r.Inputs, "networkSecurityGroup", "id"); value != nil || r.Has("networkSecurityGroup") {
		e.group, _ = l.ours(r, "networkSecurityGroup.id", value, securityGroupType)
	}
	if value := inner(r.Inputs, "routeTable", "id"); value != nil || r.Has("routeTable") {
		e.table, _ = l.ours(r, "routeTable.id", value, routeTableType)
	}
	p, known := policies[r.Text("privateEndpointNetworkPolicies")]
	if !known {
		l.Problem(r, "privateEndpointNetworkPolicies", "%q is not known", r.Text("privateEndpointNetworkPolicies"))
	}
	e.groupForEndpoints, e.tableForEndpoints = p.group, p.table
	return e
}
