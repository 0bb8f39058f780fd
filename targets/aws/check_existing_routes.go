package aws

import (
	"fmt"
	"slices"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var (
	peersCreated = diag.Code{
		ID: "OBS774", Severity: diag.Error, Title: "an existing peering of a VPC that is not there yet",
		Cause:   "A peering joins two VPCs that are there. One that obslink is to create cannot have a peering already.",
		Example: `networks: hub: {account: "main", …}   // created` + "\n" + `links: a: {…, via: peering: {endpoints: "hub", existing: "pcx-0a1b"}}`,
		Mend:    `networks: hub: {account: "main", …, existing: {vpc: "vpc-0a1b", …}}` + "\n" + `links: a: {…, via: peering: {endpoints: "hub", existing: "pcx-0a1b"}}`,
	}
	peersTwice = diag.Code{
		ID: "OBS775", Severity: diag.Error, Title: "two existing peerings of two VPCs",
		Cause:   "Two VPCs have one peering (VPC peering guide, 2023), which all links between them use. It is enough that one of the links names it.",
		Example: `links: {a: {…, via: peering: {endpoints: "hub", existing: "pcx-0a1b"}}, b: {…, via: peering: {endpoints: "hub", existing: "pcx-0c3d"}}}`,
		Mend:    `links: {a: {…, via: peering: {endpoints: "hub", existing: "pcx-0a1b"}}, b: {…, via: peering: endpoints: "hub"}}`,
	}
	heldNowhere = diag.Code{
		ID: "OBS776", Severity: diag.Error, Title: "a route is there already, to something that is not",
		Cause:   "`existing.routes` are prefixes to which a table has a route already, over a peering, a transit gateway or a gateway's interface that is there. Over a peering that obslink makes there is none yet, and without a link that needs it the line says nothing.",
		Example: `tokyo: existing: {routeTables: main: "rtb-0a1b", routes: main: ["192.168.0.0/16"]}` + "\n" + `links: a: {from: "tokyo", …, via: peering: endpoints: "hub"}   // a new peering`,
		Mend:    `links: a: {from: "tokyo", …, via: peering: {endpoints: "hub", existing: "pcx-0a1b"}}`,
	}
	zoneAccount = diag.Code{
		ID: "OBS777", Severity: diag.Error, Title: "the account of a zone is of another cloud",
		Cause:   "A hosted zone is an object of an AWS account; VPCs of other AWS accounts may see it.",
		Example: `zones: corp: {domain: "corp.example.net", account: "jp", networks: ["tokyo"], …}   // jp is an Azure account`,
		Mend:    `zones: corp: {domain: "corp.example.net", account: "main", networks: ["tokyo"], …}`,
	}
)

// checkExistingRoutes checks peerings and routes that are there already.
func checkExistingRoutes(t *topology.Topology) diag.List {
	var found diag.List
	first := existingPeerings(t)
	pairs := map[string][2]string{} // by id
	for key, l := range topology.Sorted(t.Links) {
		p := l.Via.Peering
		if p == nil || p.Existing == "" || t.Kind(p.Endpoints) != Name || t.Kind(l.From) != Name {
			continue
		}
		at, pair := "links."+key+".via.peering.existing", pairOf(l.From, p.Endpoints)
		if other := first[pair]; t.Links[other].Via.Peering.Existing != p.Existing {
			found = append(found, peersTwice.At(t.At(at), at, "%q and %q are two peerings of networks %q and %q", t.Links[other].Via.Peering.Existing, p.Existing, pair[0], pair[1]).
				WithNote(t.At("links."+other+".via.peering.existing"), "the other peering").WithHint("name one of them"))
			continue
		}
		if other, taken := pairs[p.Existing]; taken && other != pair {
			found = append(found, declaredTwice.At(t.At(at), at, "peering %q is declared for networks %q and %q, and for %q and %q", p.Existing, other[0], other[1], pair[0], pair[1]).
				WithNote(t.At("links."+first[other]+".via.peering.existing"), "the other declaration").WithHint("write the id of the other peering"))
		}
		pairs[p.Existing] = pair
		for _, network := range pair {
			if t.Networks[network].Existing == nil {
				found = append(found, peersCreated.At(t.At(at), at, "peering %q is there already, and network %q is not", p.Existing, network).
					WithNote(t.At("networks."+network), "the network").WithHint("declare the network as existing, or leave out existing to have the peering created"))
			}
		}
	}
	return append(found, heldRoutes(t, first)...)
}

// heldRoutes checks that each route that is there already is one that a link needs, over something that is
// there too.
func heldRoutes(t *topology.Topology, peerings map[[2]string]string) diag.List {
	needs := map[string][]string{} // prefixes by network
	for _, l := range topology.Sorted(t.Links) {
		hub, _ := l.Via.Network()
		switch {
		case t.Networks[l.From] == nil:
			if w := wireGuard(t, l.From); w != nil && !w.SNAT && w.Gateway.Interface != "" {
				needs[hub] = append(needs[hub], t.Sites[l.From].CIDRs...)
			}
			continue
		case l.Via.Peering != nil && peerings[pairOf(l.From, hub)] == "":
			continue
		case l.Via.TransitGateway != nil && !thereAlready(t, l.From, hub):
			continue
		case !l.Via.Joins() || t.Networks[hub] == nil:
			continue
		}
		needs[hub] = append(needs[hub], t.Networks[l.From].CIDRs...)
		needs[l.From] = append(needs[l.From], t.Networks[hub].CIDRs...)
	}
	var found diag.List
	for key, n := range topology.Sorted(t.Networks) {
		if t.Kind(key) != Name || n.Existing == nil {
			continue
		}
		for table, routes := range topology.Sorted(n.Existing.Routes) {
			for i, prefix := range routes {
				if !slices.Contains(needs[key], prefix) {
					at := fmt.Sprintf("networks.%s.existing.routes.%s[%d]", key, table, i)
					found = append(found, heldNowhere.At(t.At(at), at, "no link needs a route from network %q to %s over something that is there already", key, prefix).
						WithHint("remove it, or name the existing peering in the link"))
				}
			}
		}
	}
	return found
}

// thereAlready reports whether the transit gateways of two networks are existing ones.
func thereAlready(t *topology.Topology, networks ...string) bool {
	return !slices.ContainsFunc(networks, func(n string) bool {
		g := t.TransitGateways[t.Gateway(n)]
		return g == nil || g.Existing == nil
	})
}

// checkZoneAccounts checks in whose account a declared zone is.
func checkZoneAccounts(t *topology.Topology) diag.List {
	var found diag.List
	for key, z := range topology.Sorted(t.Zones) {
		if len(z.Networks) == 0 || t.Kind(z.Networks[0]) != Name || z.Account == "" || t.Accounts[z.Account].Kind == Name {
			continue
		}
		at := "zones." + key + ".account"
		found = append(found, zoneAccount.At(t.At(at), at, "account %q is not an AWS account, and network %q is in AWS", z.Account, z.Networks[0]).WithHint("name an AWS account"))
	}
	return found
}
