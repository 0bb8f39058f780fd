package aws

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/choose"
	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/topology"
	"github.com/obslink/obslink/schema"
)

// Choose offers endpoints in a network: of the region where the backend answers, or cross-region ones,
// which Datadog recommends over peering from any other region (Datadog's PrivateLink guide, 2026-08).
func Choose(t *topology.Topology, network string, l *topology.Link) choose.Offer {
	backend := l.To
	b, n := t.Backends[backend], t.Networks[network]
	if !offered(t, backend) {
		return choose.Offer{
			Refusal: fmt.Sprintf("network %q is in AWS; the endpoints of backend %q, which is %s, are not", network, backend, b.Kind),
			Hint:    "link a network of the cloud that offers " + b.Kind + ", or a site that is connected to one",
		}
	}
	home := homeRegion(t, backend)
	if !holdsEndpoints(n) && (n.Existing == nil || len(n.Existing.Endpoints[backend]) == 0) {
		return choose.Offer{
			Refusal: fmt.Sprintf("network %q has no subnet for endpoints", network),
			Hint:    "add subnets: endpoints: {cidr: …, zone: …} to it" + orPeering(t, l.From, home),
		}
	}
	via := topology.Via{Endpoint: &topology.Endpoint{Network: network}}
	switch home {
	case "":
		return choose.Offer{Via: via, Why: "the backend's services are offered in each region"}
	case n.Region:
		return choose.Offer{Via: via, Why: fmt.Sprintf("%s answers in its region, %s", siteDomain(t, backend), n.Region)}
	}
	via.Endpoint.CrossRegion = true
	if b.Kind == ownKind {
		return choose.Offer{Via: via, Why: fmt.Sprintf("%s answers in %s; a cross-region endpoint needs no network there", siteDomain(t, backend), home)}
	}
	return choose.Offer{Via: via, Why: fmt.Sprintf("%s answers in %s, and from another region Datadog recommends cross-region endpoints over peering", siteDomain(t, backend), home)}
}

func holdsEndpoints(n *topology.Network) bool {
	return slices.ContainsFunc(slices.Collect(maps.Values(n.Subnets)), topology.Subnet.HoldsEndpoints)
}

// orPeering names the networks of a region that could hold the endpoints instead. A site reaches none
// through a peering.
func orPeering(t *topology.Topology, client, region string) string {
	if t.Networks[client] == nil {
		return ""
	}
	var hubs []string
	for key, n := range topology.Sorted(t.Networks) {
		if key != client && t.Kind(key) == Name && n.Region == region && holdsEndpoints(n) {
			hubs = append(hubs, fmt.Sprintf("via: peering: endpoints: %q", key))
		}
	}
	if len(hubs) == 0 {
		return ""
	}
	return ", or write " + strings.Join(hubs, " or ")
}

// homeRegion is where a backend answers; "" for one that is not known, or that answers in every region.
func homeRegion(t *topology.Topology, backend string) string {
	if b := t.Backends[backend]; b != nil && b.Kind == ownKind {
		return compile.Decode[awsServices](b.Body).Region
	}
	return datadogSite(t, backend).HomeRegion
}

// siteDomain is what answers, for a reader.
func siteDomain(t *topology.Topology, backend string) string {
	if b := t.Backends[backend]; b != nil && b.Kind == ownKind {
		return fmt.Sprintf("backend %q", backend)
	}
	return datadogSite(t, backend).Domain
}

func datadogSite(t *topology.Topology, backend string) schema.DatadogSite {
	b := t.Backends[backend]
	if b == nil || b.Kind != datadogKind {
		return schema.DatadogSite{}
	}
	return schema.Datadog().Sites[compile.Decode[datadog](b.Body).Site]
}
