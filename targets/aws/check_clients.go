package aws

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var oneGroupTwice = diag.Code{
	ID: "OBS740", Severity: diag.Error, Title: "one security group of servers, declared in two ways",
	Cause:   "A security group is of one VPC and lets the same out for all servers that have it (VPC user guide, 2026-08). Two declarations that differ cannot both be what is there, and obslink adds rules by them.",
	Example: `clients: {web: {…, securityGroup: "sg-0a1b", egress: ["10.0.0.0/8"]}, batch: {…, securityGroup: "sg-0a1b", egress: []}}`,
	Mend:    `clients: {web: {…, securityGroup: "sg-0a1b", egress: ["10.0.0.0/8"]}, batch: {…, securityGroup: "sg-0a1b", egress: ["10.0.0.0/8"]}}`,
}

// clientAt is a group of servers that a security group lets out.
type clientAt struct{ network, client string }

func (c clientAt) path() string { return "networks." + c.network + ".clients." + c.client }

func (c clientAt) in(t *topology.Topology) topology.Client {
	return t.Networks[c.network].Clients[c.client]
}

// checkClientGroups checks that each security group of servers is declared in one way.
func checkClientGroups(t *topology.Topology) diag.List {
	var found diag.List
	first := map[string]clientAt{}
	for network, n := range topology.Sorted(t.Networks) {
		if t.Kind(network) != Name {
			continue
		}
		for client, c := range topology.Sorted(n.Clients) {
			if !managed(c) {
				continue
			}
			here := clientAt{network, client}
			other, known := first[c.SecurityGroup]
			switch {
			case !known:
				first[c.SecurityGroup] = here
			case other.network != network:
				at := here.path() + ".securityGroup"
				found = append(found, oneGroupTwice.At(t.At(at), at, "security group %q is of network %q and of %q", c.SecurityGroup, other.network, network).
					WithNote(t.At(other.path()+".securityGroup"), "the other declaration").WithHint("write a group of %q", network))
			case !sameSet(other.in(t).Egress, c.Egress):
				at := here.path() + ".egress"
				found = append(found, oneGroupTwice.At(t.At(at), at, "security group %q lets out one thing for clients %q and another for %q", c.SecurityGroup, other.client, client).
					WithNote(t.At(other.path()+".egress"), "the other declaration").WithHint("write what it lets out at both"))
			}
		}
	}
	return found
}

func sameSet(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// clientRules checks how many rules the security groups of servers would have.
func clientRules(t *topology.Topology) diag.List {
	addresses := map[[2]string][]netip.Addr{} // by network and backend
	rules := map[string]map[netip.Addr]bool{} // by security group
	first := map[string]clientAt{}
	for _, h := range compile.Hostings(t, Name) {
		for network, groups := range topology.Sorted(h.Groups(t)) {
			for _, client := range groups {
				c := t.Networks[network].Clients[client]
				if !managed(c) {
					continue
				}
				if len(addresses) == 0 {
					addresses = pinnedBy(t)
				}
				id := c.SecurityGroup
				if rules[id] == nil {
					rules[id], first[id] = map[netip.Addr]bool{}, clientAt{network, client}
				}
				for _, a := range addresses[[2]string{h.Network, h.Backend}] {
					if !covered(c.Egress, a) {
						rules[id][a] = true
					}
				}
			}
		}
	}
	var found diag.List
	for id, adds := range topology.Sorted(rules) {
		at := first[id]
		found = append(found, tooMany(t, at.path()+".securityGroup", fmt.Sprintf("security group %q of clients %q", id, at.client), len(adds)+len(at.in(t).Egress),
			"let it out to the subnets of the endpoints and write that in egress", "name fewer services")...)
	}
	return found
}

// pinnedBy are the addresses of endpoints by network and backend.
func pinnedBy(t *topology.Topology) map[[2]string][]netip.Addr {
	all := map[[2]string][]netip.Addr{}
	for _, p := range pins(t) {
		if p.service != nil && p.address.IsValid() {
			id := [2]string{p.network, p.hosting.Backend}
			all[id] = append(all[id], p.address)
		}
	}
	return all
}
