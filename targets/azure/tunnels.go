package azure

import (
	"cmp"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/topology"
)

// ExistingTunnelHost is the network interface of the VM that sites' tunnels end on, and is looked up: it
// must have the addresses, in a subnet of the VNet, and where Forwards take packets that are not addressed to
// it. VNet is the ARM id.
type ExistingTunnelHost struct {
	Provider      string       `json:"provider"`
	ResourceGroup string       `json:"resourceGroup"`
	Name          string       `json:"name"`
	VNet          string       `json:"vnet"`
	Addresses     []netip.Addr `json:"addresses"`
	Forwards      bool         `json:"forwards,omitempty"`
	Origin        plan.Origin  `json:"origin"`
}

// ExistingGroup is a network security group that the plan adds rules to, and is looked up: no other rule
// has the priority of one of them, or drops before it what it lets in, and the group stands before a subnet of
// the VNet or a network interface.
type ExistingGroup struct {
	Provider      string      `json:"provider"`
	ResourceGroup string      `json:"resourceGroup"`
	Name          string      `json:"name"`
	VNet          string      `json:"vnet"`
	Origin        plan.Origin `json:"origin"`
}

// TunnelRule lets the UDP packets of a tunnel in to the host that it ends on, from one address of the
// internet. In.ResourceGroup and Group are those of an existing network security group; After is the rule
// before it there, since a group takes one write at a time.
type TunnelRule struct {
	plan.Part
	In
	Group       string     `json:"group"`
	Priority    int        `json:"priority"`
	From        netip.Addr `json:"from"`
	To          netip.Addr `json:"to"`
	Port        int        `json:"port"`
	Description string     `json:"description"`
	After       string     `json:"after,omitempty"`
}

// usualPriority is that of a tunnel's rule for which none is given.
const usualPriority = 1000

var (
	interfaceID = regexp.MustCompile(`(?i)^/subscriptions/([^/]+)/resourceGroups/([^/]+)/providers/Microsoft\.Network/networkInterfaces/([^/]+)$`)
	groupID     = regexp.MustCompile(`(?i)^/subscriptions/([^/]+)/resourceGroups/([^/]+)/providers/Microsoft\.Network/networkSecurityGroups/([^/]+)$`)
)

// priorityOf is the priority of a site's rule.
func priorityOf(w *topology.WireGuard) int { return cmp.Or(w.Gateway.Priority, usualPriority) }

// hosts names what the hosts of tunnels must be, and lets the tunnels in.
func (l *lowering) hosts() {
	seen := tunnelsSeen{hosts: map[string]int{}, said: map[string]bool{}, last: map[string]string{}}
	for key, s := range topology.Sorted(l.t.Sites) {
		if w := s.WireGuard; w != nil && l.t.Kind(w.Network) == Name {
			l.tunnelHost(key, w, seen)
			l.tunnelRule(key, s, seen.last)
		}
	}
}

// tunnelsSeen are what former sites brought: hosts by interface, prerequisites, and the last
// rule of a group.
type tunnelsSeen struct {
	hosts map[string]int
	said  map[string]bool
	last  map[string]string
}

// tunnelHost has the interface of a tunnel's host looked up. One that translates sends only its own
// address, which needs no forwarding.
func (l *lowering) tunnelHost(key string, w *topology.WireGuard, seen tunnelsSeen) {
	origin := l.origin("sites." + key + ".wireguard.gateway")
	address := netip.MustParseAddr(w.Gateway.Existing)
	if !w.SNAT {
		text := fmt.Sprintf("the network interface of the tunnels' host at %s in network %q has IP forwarding on, and the host passes packets on", address, w.Network)
		if w.Gateway.Interface != "" {
			text = fmt.Sprintf("the tunnels' host at %s in network %q passes packets on", address, w.Network)
		}
		if !seen.said[text] {
			l.out.Prerequisites = append(l.out.Prerequisites, plan.Prerequisite{Text: text, Origin: origin})
		}
		seen.said[text] = true
	}
	id := interfaceID.FindStringSubmatch(w.Gateway.Interface)
	if id == nil {
		return
	}
	host := ExistingTunnelHost{
		Provider: l.provider(l.t.Networks[w.Network].Account), ResourceGroup: id[2], Name: id[3], VNet: l.vnetID(w.Network).Existing, Addresses: []netip.Addr{address}, Forwards: !w.SNAT,
		Origin: l.origin("sites." + key + ".wireguard.gateway.interface"),
	}
	same := strings.ToLower(w.Gateway.Interface)
	if i, ok := seen.hosts[same]; ok {
		at := &l.parts.ExistingTunnelHosts[i]
		at.Forwards = at.Forwards || host.Forwards
		if !slices.Contains(at.Addresses, address) {
			at.Addresses = append(at.Addresses, address)
		}
		return
	}
	seen.hosts[same] = len(l.parts.ExistingTunnelHosts)
	l.parts.ExistingTunnelHosts = append(l.parts.ExistingTunnelHosts, host)
}

// tunnelRule lets a tunnel in from the site's public address.
func (l *lowering) tunnelRule(key string, s *topology.Site, last map[string]string) {
	w := s.WireGuard
	id := groupID.FindStringSubmatch(w.Gateway.SecurityGroup)
	if id == nil {
		return
	}
	provider, origin := l.provider(l.t.Networks[w.Network].Account), l.origin("sites."+key+".wireguard.gateway.securityGroup")
	port, _ := strconv.Atoi(w.Endpoint[strings.LastIndexByte(w.Endpoint, ':')+1:])
	k, group := plan.Key{Now: key, Was: s.Was}, strings.ToLower(w.Gateway.SecurityGroup)
	if last[group] == "" {
		l.parts.ExistingGroups = append(l.parts.ExistingGroups, ExistingGroup{Provider: provider, ResourceGroup: id[2], Name: id[3], VNet: l.vnetID(w.Network).Existing, Origin: origin})
	}
	rule := TunnelRule{
		Part: plan.Named("tunnelrule", provider, origin, k), In: In{plan.Ref{Existing: id[2]}, l.cloudName(k)}, Group: id[3], Priority: priorityOf(w),
		From: netip.MustParseAddr(w.PeerAddress), To: netip.MustParseAddr(w.Gateway.Existing), Port: port, Description: "the tunnel of site " + key, After: last[group],
	}
	last[group] = rule.Name
	l.parts.TunnelRules = append(l.parts.TunnelRules, rule)
}
