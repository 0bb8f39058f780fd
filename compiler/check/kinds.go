package check

import (
	"fmt"
	"strings"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
	"github.com/obslink/obslink/schema"
)

var (
	noKind = diag.Code{
		ID: "OBS202", Severity: diag.Error, Title: "an element does not say what it is",
		Cause:   "An account, a backend and a link's `via` each hold exactly one field that says of which kind they are; a group of servers is one subnet or one CIDR; a VPN or an existing connection ends in a network or at a transit gateway.",
		Example: `links: "tokyo-datadog": {from: "tokyo", to: "dd", via: {}}`,
		Mend:    `links: "tokyo-datadog": {from: "tokyo", to: "dd", via: peering: endpoints: "hub"}`,
	}
	severalKinds = diag.Code{
		ID: "OBS203", Severity: diag.Error, Title: "an element says that it is two things",
		Cause:   "An account, a backend, a site's connection, where that ends, a group of servers and a link's `via` are each of one kind.",
		Example: `via: {peering: endpoints: "hub", endpoint: network: "hub"}`,
		Mend:    `via: peering: endpoints: "hub"`,
	}
)

// connectionsOf are the kinds of connection that a site has.
func connectionsOf(s *topology.Site) []string {
	var got []string
	for _, k := range []struct {
		name    string
		written bool
	}{{"existing", s.Existing != nil}, {"vpn", s.VPN != nil}, {"wireguard", s.WireGuard != nil}} {
		if k.written {
			got = append(got, k.name)
		}
	}
	return got
}

// ends are the fields that say where a connection ends.
func ends(network, transitGateway string) []string {
	var got []string
	if network != "" {
		got = append(got, "network")
	}
	if transitGateway != "" {
		got = append(got, "transitGateway")
	}
	return got
}

// kinds checks that everything that is of one of several kinds is of exactly one.
func kinds(t *topology.Topology) diag.List {
	var found diag.List
	one := func(path, section string, got []string) {
		switch {
		case len(got) == 0:
			found = append(found, noKind.At(t.At(path), path, "%s does not say what it is", path).WithHint("add one of: %s", strings.Join(schema.Kinds[section], ", ")))
		case len(got) > 1:
			found = append(found, severalKinds.At(t.At(path+"."+got[1]), path, "%s is both %s", path, strings.Join(got, " and ")).
				WithHint("keep one of them"))
		}
	}
	for key, a := range topology.Sorted(t.Accounts) {
		one("accounts."+key, "accounts", a.All)
	}
	for key, b := range topology.Sorted(t.Backends) {
		one("backends."+key, "backends", b.All)
	}
	for key, l := range topology.Sorted(t.Links) {
		if got := l.Via.Kinds(); len(got) > 0 || l.Via.Declared {
			one(fmt.Sprintf("links.%s.via", key), "via", got)
		}
	}
	for key, n := range topology.Sorted(t.Networks) {
		for name, c := range topology.Sorted(n.Clients) {
			path := "networks." + key + ".clients." + name
			switch {
			case c.Subnet == "" && c.CIDR == "":
				found = append(found, noKind.At(t.At(path), path, "%s does not say which servers it is", path).WithHint("add one of: subnet, cidr"))
			case c.Subnet != "" && c.CIDR != "":
				one(path, "", []string{"subnet", "cidr"})
			}
		}
	}
	for key, s := range topology.Sorted(t.Sites) {
		if got := connectionsOf(s); len(got) > 1 {
			one("sites."+key, "sites", got)
		}
		if v := s.VPN; v != nil {
			one("sites."+key+".vpn", "ends", ends(v.Network, v.TransitGateway))
		}
		if u := s.Existing; u != nil {
			one("sites."+key+".existing", "ends", ends(u.Network, u.TransitGateway))
		}
	}
	return found
}
