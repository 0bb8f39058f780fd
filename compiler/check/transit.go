package check

import (
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var (
	notAttached = diag.Code{
		ID: "OBS260", Severity: diag.Error, Title: "a network on no transit gateway",
		Cause:   "`via: transitGateway` needs both networks, the client's and the one with the endpoints, to be attached to a transit gateway.",
		Example: `links: a: {from: "tokyo", to: "dd", via: transitGateway: endpoints: "hub"}   // tokyo has no attach`,
		Mend:    `tokyo: attach: {transitGateway: "core", subnets: ["a", "b"]}`,
	}
	notJoined = diag.Code{
		ID: "OBS261", Severity: diag.Error, Title: "two transit gateways that are not peered",
		Cause:   "Networks on different transit gateways reach each other only if those two are peered. Routes over a peering are static (AWS transit gateway peering, 2026-08), and obslink adds them for one peering, not for a chain.",
		Example: `transitGateways: {core: {…}, tokyo: {…}}   // hub is on core, tokyo's VPC on tokyo`,
		Mend:    `transitGateways: {core: {…, peers: tokyo: {}}, tokyo: {…}}`,
	}
	gatewayElsewhere = diag.Code{
		ID: "OBS262", Severity: diag.Error, Title: "a transit gateway of another region",
		Cause:   "A network is attached to a transit gateway of its own region; those of two regions are peered (VPC transit gateways guide, 2026-08).",
		Example: `tokyo: {region: "ap-northeast-1", attach: transitGateway: "core"}   // core is in us-east-1`,
		Mend:    `transitGateways: {core: {…, peers: east: {}}, east: {account: "main", region: "ap-northeast-1"}}` + "\n" + `tokyo: {region: "ap-northeast-1", attach: transitGateway: "east"}`,
	}
	peerTwice = diag.Code{
		ID: "OBS263", Severity: diag.Error, Title: "a peering of transit gateways that cannot be",
		Cause:   "A peering joins two different transit gateways, and is declared on one of them: declared on both it would be asked for twice.",
		Example: `transitGateways: {core: peers: east: {}, east: peers: core: {}}`,
		Mend:    `transitGateways: {core: peers: east: {}, east: {…}}`,
	}
	twoMechanisms = diag.Code{
		ID: "OBS265", Severity: diag.Error, Title: "two networks joined in two ways",
		Cause:   "A route table has one route to a range. Two networks that are peered and on transit gateways as well would have two ways, of which one is never taken.",
		Example: `links: {a: {from: "tokyo", to: "dd", via: peering: endpoints: "hub"}, b: {from: "tokyo", to: "dd2", via: transitGateway: endpoints: "hub"}}`,
		Mend:    `links: {a: {from: "tokyo", to: "dd", via: transitGateway: endpoints: "hub"}, b: {from: "tokyo", to: "dd2", via: transitGateway: endpoints: "hub"}}`,
	}
	noAttachSubnet = diag.Code{
		ID: "OBS266", Severity: diag.Error, Title: "an attachment without a subnet",
		Cause:   "In each availability zone with servers or endpoints the transit gateway needs an address in one subnet; from a zone without one nothing reaches it.",
		Example: `tokyo: attach: {transitGateway: "core", subnets: []}`,
		Mend:    `tokyo: attach: {transitGateway: "core", subnets: ["a", "b"]}`,
	}
	meetAtGateway = diag.Code{
		ID: "OBS264", Severity: diag.Error, Title: "ranges that overlap on one transit gateway",
		Cause:   "A transit gateway's route table has one way to each range. AWS refuses no attachment whose ranges overlap another's: the packets go to one of the two in silence (Transit Gateway peering, 2026-08).",
		Example: `tokyo: {cidrs: ["10.0.0.0/16"], attach: transitGateway: "core"}` + "\n" + `osaka: {cidrs: ["10.0.0.0/24"], attach: transitGateway: "core"}`,
		Mend:    `osaka: {cidrs: ["10.1.0.0/24"], attach: transitGateway: "core"}`,
	}
)

// transit checks that the networks of links through transit gateways are joined by them.
func transit(t *topology.Topology) diag.List {
	found := gatewayPeers(t)
	for key, n := range topology.Sorted(t.Networks) {
		if n.Attach == nil {
			continue
		}
		path := "networks." + key + ".attach"
		if len(n.Attach.Subnets) == 0 {
			found = append(found, noAttachSubnet.At(t.At(path), path+".subnets", "network %q is attached in no subnet", key).
				WithHint("name one subnet in each availability zone with servers or endpoints"))
		}
		if g := t.TransitGateways[n.Attach.TransitGateway]; g != nil && g.Region != n.Region {
			at := path + ".transitGateway"
			found = append(found, gatewayElsewhere.At(t.At(at), at, "transit gateway %q is in %s; network %q is in %s", n.Attach.TransitGateway, g.Region, key, n.Region).
				WithNote(t.At("transitGateways."+n.Attach.TransitGateway+".region"), "the gateway's region").
				WithHint("attach it to a transit gateway in %s, and let %q be a peer of that", n.Region, n.Attach.TransitGateway))
		}
	}
	for key, l := range topology.Sorted(t.Links) {
		if l.Via.TransitGateway != nil && t.Networks[l.Via.TransitGateway.Endpoints] != nil && (t.Networks[l.From] != nil || t.Gateway(l.From) != "") {
			found = append(found, throughGateways(t, "links."+key, l)...)
		}
	}
	return append(found, mechanisms(t)...)
}

// gatewayPeers checks the peerings of transit gateways.
func gatewayPeers(t *topology.Topology) diag.List {
	var found diag.List
	for key, g := range topology.Sorted(t.TransitGateways) {
		for peer := range topology.Sorted(g.Peers) {
			at := "transitGateways." + key + ".peers." + peer
			if peer == key {
				found = append(found, peerTwice.At(t.At(at), at, "transit gateway %q is its own peer", key).WithHint("remove it, or name another transit gateway"))
				continue
			}
			other := t.TransitGateways[peer]
			if other == nil || key < peer {
				continue // the second of two says so
			}
			if _, both := other.Peers[key]; both {
				found = append(found, peerTwice.At(t.At(at), at, "the peering of %q and %q is declared on both", peer, key).
					WithNote(t.At("transitGateways."+peer+".peers."+key), "the other declaration").WithHint("remove one of the two"))
			}
		}
	}
	return found
}

// throughGateways checks that transit gateways join the two networks of a link.
func throughGateways(t *topology.Topology, path string, l *topology.Link) diag.List {
	var found diag.List
	at := path + ".via.transitGateway"
	hub := l.Via.TransitGateway.Endpoints
	for _, network := range []string{l.From, hub} {
		if t.Gateway(network) == "" {
			where := "networks." + network
			found = append(found, notAttached.At(t.At(at), at, "network %q is attached to no transit gateway", network).
				WithNote(t.At(where), "the network").WithHint("add to networks.%s: `attach: {transitGateway: …, subnets: […]}`", network))
		}
	}
	a, b := t.Gateway(l.From), t.Gateway(hub)
	if len(found) > 0 || a == b || t.TransitGateways[a] == nil || t.TransitGateways[b] == nil || t.Peered(a, b) {
		return found
	}
	return diag.List{notJoined.At(t.At(at), at, "%q is on transit gateway %q and network %q on %q, which are not peered", l.From, a, hub, b).
		WithNote(t.At("transitGateways."+a), "transit gateway %q", a).WithNote(t.At("transitGateways."+b), "transit gateway %q", b).
		WithHint("add to transitGateways.%s: `peers: %s: {}`", a, b)}
}

// mechanisms checks that two networks are joined in one way.
func mechanisms(t *topology.Topology) diag.List {
	type pair [2]string
	var found diag.List
	first := map[pair]string{} // link
	for key, l := range topology.Sorted(t.Links) {
		hub, field := l.Via.Network()
		if !l.Via.Joins() || len(l.Via.Kinds()) > 1 {
			continue
		}
		id := pair{min(hub, l.From), max(hub, l.From)}
		other := first[id]
		if other == "" {
			first[id] = key
			continue
		}
		if (t.Links[other].Via.Peering == nil) == (l.Via.Peering == nil) {
			continue
		}
		at := "links." + key + "." + field
		found = append(found, twoMechanisms.At(t.At(at), at, "networks %q and %q are joined by a peering and by transit gateways", l.From, hub).
			WithNote(t.At("links."+other+".via"), "the other way").WithHint("use one mechanism in both links"))
	}
	return found
}

// attachedSpans lists, for each transit gateway, the ranges that its route table leads to: those of its
// own networks and of what is linked with them through its peers.
func attachedSpans(t *topology.Topology) [][]span {
	members := map[string]map[string]bool{}
	join := func(gateway, network string) {
		if gateway == "" {
			return
		}
		if members[gateway] == nil {
			members[gateway] = map[string]bool{}
		}
		members[gateway][network] = true
	}
	for key := range t.Networks {
		join(t.Gateway(key), key)
	}
	for key := range t.Sites {
		join(t.Gateway(key), key)
	}
	for _, l := range t.Links {
		if l.Via.TransitGateway != nil && t.Networks[l.Via.TransitGateway.Endpoints] != nil {
			join(t.Gateway(l.From), l.Via.TransitGateway.Endpoints)
			join(t.Gateway(l.Via.TransitGateway.Endpoints), l.From)
		}
	}
	var groups [][]span
	for _, networks := range topology.Sorted(members) {
		var group []span
		for network := range topology.Sorted(networks) {
			group = append(group, spansOf(t, network)...)
		}
		groups = append(groups, group)
	}
	return groups
}
