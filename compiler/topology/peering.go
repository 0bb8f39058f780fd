package topology

// Peering: the endpoint stands in another network, which the client's network is peered with.
type Peering struct {
	Endpoints string `json:"endpoints"`
	// Existing is the cloud's id of a peering that is there already.
	Existing    string `json:"existing"`
	CrossRegion bool   `json:"crossRegion"`
	// GatewayTransit lets one of the two networks use the gateway of the other.
	GatewayTransit bool `json:"gatewayTransit"`
}

// Gateways are the networks with a gateway that leads to sites, each with the path of what says so. A
// tunnel that ends on a host is no gateway.
func (t *Topology) Gateways() map[string]string {
	all := map[string]string{}
	for key, s := range Sorted(t.Sites) {
		network, field := s.Network()
		if network != "" && s.WireGuard == nil && (s.Existing == nil || s.Existing.Over != "openvpn") && all[network] == "" {
			all[network] = "sites." + key + "." + field
		}
	}
	for key, n := range t.Networks {
		if n.VPNGateway != nil {
			all[key] = "networks." + key + ".vpnGateway"
		}
	}
	return all
}

// Transit is the pair of networks that a link lets share a gateway: the client's, which for a site is
// the one that its connection ends in, and that of the endpoints.
func (t *Topology) Transit(l *Link) (client, endpoints string, ok bool) {
	if l.Via.Peering == nil || !l.Via.Peering.GatewayTransit {
		return "", "", false
	}
	client, endpoints = l.From, l.Via.Peering.Endpoints
	if s := t.Sites[l.From]; s != nil {
		client, _ = s.Network()
	}
	return client, endpoints, t.Networks[client] != nil && t.Networks[endpoints] != nil && client != endpoints
}
