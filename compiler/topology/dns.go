package topology

// SiteDNS says who answers a site's servers. Forward is by domain; ForwardTo is the network whose DNS
// inbound endpoints are asked for what the site needs.
type SiteDNS struct {
	Resolver  string            `json:"resolver"`
	Forward   map[string]string `json:"forward"`
	ForwardTo string            `json:"forwardTo"`
}

// Inbound is an address at which a network's own resolver answers others. Address is empty where it is
// left open.
type Inbound struct {
	Subnet  string `json:"subnet"`
	Address string `json:"address"`
	Was     string `json:"was"`
}

// AnswersDNS reports whether the network has DNS inbound endpoints, made or existing.
func (n *Network) AnswersDNS() bool {
	return len(n.Inbound) > 0 || n.Existing != nil && len(n.Existing.Resolvers) > 0
}

// ForwardsTo is the network whose resolver answers a client in place of exported records, or "".
func (t *Topology) ForwardsTo(client string) string {
	if s := t.Sites[client]; s != nil {
		return s.DNS.ForwardTo
	}
	return ""
}
