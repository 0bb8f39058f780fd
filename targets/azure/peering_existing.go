package azure

import (
	"regexp"
	"strings"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/topology"
)

var halfID = regexp.MustCompile(`(?i)^(/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.Network/virtualNetworks/[^/]+)/virtualNetworkPeerings/([^/]+)$`)

// vnetIDOf is the ARM id of a VNet that is there already, or "".
func vnetIDOf(t *topology.Topology, network string) string {
	n := t.Networks[network]
	if n == nil || n.Existing == nil || t.Accounts[n.Account] == nil {
		return ""
	}
	return "/subscriptions/" + compile.Decode[account](t.Accounts[n.Account].Body).Subscription + "/resourceGroups/" + n.Existing.ResourceGroup +
		"/providers/Microsoft.Network/virtualNetworks/" + n.Existing.VirtualNetwork
}

// halfNamed is the name of a network's half, where a link's id is that of it.
func halfNamed(t *topology.Topology, id, network string) (name string, ok bool) {
	at := halfID.FindStringSubmatch(id)
	if at == nil || !strings.EqualFold(at[1], vnetIDOf(t, network)) {
		return "", false
	}
	return at[2], true
}

// expectHalf says what the look-up of an existing VNet must find of a peering with another one that is
// there already.
func (l *lowering) expectHalf(from, to string, p pair, made Peering) {
	at, ok := l.existingVNets[from]
	if remote := l.vnetID(to).Existing; ok && remote != "" {
		half := ExistingHalf{
			Name: made.ResourceName, Made: len(p.named) == 0, Remote: remote, CIDRs: compile.Prefixes(l.t.Networks[to].CIDRs), Offers: made.Offers, Uses: made.Uses, Origin: made.Origin,
		}
		if !half.Made {
			half.Name = ""
		}
		for _, link := range p.named {
			if name, ok := halfNamed(l.t, l.t.Links[link].Via.Peering.Existing, from); ok {
				half.Name, half.Origin = name, l.origin("links."+link+".via.peering.existing")
			}
		}
		l.parts.ExistingVNets[at].Halves = append(l.parts.ExistingVNets[at].Halves, half)
	}
}
