package topology

import "slices"

// ExistingEndpoint is a backend's private address in a network that is there already.
type ExistingEndpoint struct {
	ID        string   `json:"id"`
	Addresses []string `json:"addresses"`
	// PrivateDNS is nil or true where the endpoint answers its names inside the network.
	PrivateDNS *bool `json:"privateDNS"`
	// SecurityGroup is a key of the network's existing groups.
	SecurityGroup string `json:"securityGroup"`
}

// AnswersNames reports whether the endpoint answers its names inside its network by itself.
func (e *ExistingEndpoint) AnswersNames() bool { return e.PrivateDNS == nil || *e.PrivateDNS }

// ExistingGroup is a filter before endpoints that is there already.
type ExistingGroup struct {
	ID string `json:"id"`
	// Ingress are prefixes that it lets in already.
	Ingress []string `json:"ingress"`
	// Backends are those whose new endpoints stand behind it.
	Backends []string `json:"backends"`
}

// GroupFor is the key of the existing group that new endpoints of a backend stand behind, or "".
func (n *Network) GroupFor(backend string) string {
	if n.Existing == nil {
		return ""
	}
	for key, g := range Sorted(n.Existing.SecurityGroups) {
		if slices.Contains(g.Backends, backend) {
			return key
		}
	}
	return ""
}
