package azure

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/manifest"
)

// tunnelRule reads a rule that lets a tunnel in to its host, in a group that is there already: the graph
// holds nothing of it, since tunnels run outside of the networks, but it must be right. It reports whether a
// rule is one.
func (l *lifting) tunnelRule(r *manifest.Resource) bool {
	group, id := l.parent(r, "networkSecurityGroupName", securityGroupType, "networkSecurityGroups")
	if group != nil || id == "" || !strings.EqualFold(r.Text("protocol"), "udp") || r.Text("direction") != "Inbound" || r.Text("access") != "Allow" {
		return false
	}
	if !l.groupsThere[id] {
		l.Problem(r, "networkSecurityGroupName", "%s is looked up by nobody", id)
	}
	from, to := texts(r.Inputs, "sourceAddressPrefix", "sourceAddressPrefixes"), texts(r.Inputs, "destinationAddressPrefix", "destinationAddressPrefixes")
	for _, text := range from {
		if a, err := netip.ParseAddr(text); err != nil || a.IsPrivate() {
			l.Problem(r, "sourceAddressPrefix", "%q is not the public address of a site", text)
		}
	}
	if len(from) == 0 || len(to) == 0 || slices.ContainsFunc(to, func(text string) bool { return !l.hosts[text] }) {
		l.Problem(r, "destinationAddressPrefix", "%q is no host of a tunnel", to)
	}
	if ports := texts(r.Inputs, "destinationPortRange", "destinationPortRanges"); len(ports) != 1 || ports[0] == "*" {
		l.Problem(r, "destinationPortRange", "%q is not a tunnel's port", ports)
	}
	return true
}

// indexGroup finds a security group that is there already.
func (l *lifting) indexGroup(a manifest.Assumption) {
	if a.Function == "azure-native:network:getNetworkSecurityGroup" {
		group, _ := a.Args["resourceGroupName"].(string)
		name, _ := a.Args["networkSecurityGroupName"].(string)
		l.groupsThere[armID(l.subscription(&manifest.Resource{Provider: a.Provider})+"/"+group, "networkSecurityGroups", name)] = true
	}
}
