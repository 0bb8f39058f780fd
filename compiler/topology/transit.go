package topology

// TransitGateway is a router of one region that networks are attached to, created or existing.
type TransitGateway struct {
	Account  string           `json:"account"`
	Region   string           `json:"region"`
	Existing *ExistingGateway `json:"existing"`
	// Share is "organization", "invitation", "existing" or "".
	Share string `json:"share"`
	ASN   int64  `json:"asn"`
	// Peers are the keys of other gateways; a peering is declared on one of its sides.
	Peers map[string]struct{} `json:"peers"`
	Was   string              `json:"was"`
}

// ExistingGateway names a transit gateway that is already there. RouteTable is "" where its default
// one is meant.
type ExistingGateway struct {
	TransitGateway string `json:"transitGateway"`
	RouteTable     string `json:"routeTable"`
	// AutoAccept says that it takes in by itself what other accounts attach.
	AutoAccept bool `json:"autoAccept"`
}

// Attach joins a network to a transit gateway. Subnets are keys of the network's own.
type Attach struct {
	TransitGateway string   `json:"transitGateway"`
	Subnets        []string `json:"subnets"`
}

// Gateway is the key of the transit gateway that a network or site is attached to, or "".
func (t *Topology) Gateway(node string) string {
	if n := t.Networks[node]; n != nil {
		if n.Attach != nil {
			return n.Attach.TransitGateway
		}
		return ""
	}
	if s := t.Sites[node]; s != nil {
		key, _ := s.Gateway()
		return key
	}
	return ""
}

// JoinsNetworks reports whether a link joins its client's network to the one with the endpoints, so that
// names must be answered in both; a site's client asks its own servers.
func (t *Topology) JoinsNetworks(l *Link) bool { return l.Via.Joins() && t.Networks[l.From] != nil }

// Peered reports whether one of two transit gateways declares the other as its peer.
func (t *Topology) Peered(a, b string) bool {
	declares := func(from, to string) bool {
		g := t.TransitGateways[from]
		if g == nil {
			return false
		}
		_, ok := g.Peers[to]
		return ok
	}
	return declares(a, b) || declares(b, a)
}
