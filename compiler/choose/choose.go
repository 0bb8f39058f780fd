// Package choose fills in the mechanism of links that name none: topology in, topology out, with the
// reason at each link that it filled. Where the endpoints stand follows from the client (its own
// network, or the one in which its connection ends); which mechanism serves there is the target's
// offer. It reads topologies that the neutral checks have passed and changes nothing that a user
// wrote; a link for which nothing can be chosen is an error that says what to declare.
package choose

import (
	"fmt"
	"maps"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var nothing = diag.Code{
	ID: "OBS342", Severity: diag.Error, Title: "no mechanism can be chosen for a link",
	Cause:   "Without `via`, the endpoints stand in the client's own network, or in the one where its connection ends. That network must be of a cloud that offers the backend and have a subnet for endpoints.",
	Example: `networks: tokyo: {cidrs: ["10.0.0.0/16"], …}` + "\n" + `links: "tokyo-datadog": {from: "tokyo", to: "dd"}`,
	Mend:    `networks: tokyo: {cidrs: ["10.0.0.0/16"], subnets: endpoints: {cidr: "10.0.0.0/24", zone: "apne1-az4"}, …}`,
}

// Codes are what choosing can find.
var Codes = []diag.Code{nothing}

// Offer is what a target can do for a backend from inside a network: a mechanism and its reason, or a
// refusal and what to declare instead.
type Offer struct {
	Via     topology.Via
	Why     string
	Refusal string
	Hint    string
}

// Offerer makes a target's offer for a link whose endpoints would stand in a network.
type Offerer func(t *topology.Topology, network string, l *topology.Link) Offer

// Mechanisms returns the topology with a mechanism in every link. Offers are by the kind of the
// network's account.
func Mechanisms(t *topology.Topology, offers map[string]Offerer) (*topology.Topology, diag.List) {
	var found diag.List
	filled := *t
	filled.Links = maps.Clone(t.Links)
	for key, l := range topology.Sorted(t.Links) {
		if l.Via.Declared || l.Via.Mechanism() != "" {
			continue
		}
		path := "links." + key
		if gateway := t.Gateway(l.From); t.Networks[l.From] == nil && gateway != "" {
			found = append(found, nothing.At(t.At(path), path+".via", "no mechanism can be chosen for link %q: site %q is connected to transit gateway %q, which leads to several networks", key, l.From, gateway).
				WithNote(t.At("sites."+l.From), "the site").WithHint("write `via: transitGateway: endpoints: …` with a network that is attached to it"))
			continue
		}
		network, whose := place(t, l.From)
		offerer := offers[t.Kind(network)]
		if offerer == nil {
			continue // another check reports the account
		}
		offer := offerer(t, network, l)
		if offer.Refusal != "" {
			found = append(found, nothing.At(t.At(path), path+".via", "no mechanism can be chosen for link %q: %s", key, offer.Refusal).
				WithNote(t.At("networks."+network), "this network is %s", whose).WithHint("%s", offer.Hint))
			continue
		}
		with := *l
		with.Via, with.Chosen = offer.Via, fmt.Sprintf("network %q is %s; %s", network, whose, offer.Why)
		filled.Links[key] = &with
	}
	return &filled, found
}

// place is the network that would hold a client's endpoints, and what it is to the client.
func place(t *topology.Topology, client string) (network, whose string) {
	if t.Networks[client] != nil {
		return client, "the client's own"
	}
	network, _ = t.Sites[client].Network()
	return network, fmt.Sprintf("where the connection of site %q ends", client)
}
