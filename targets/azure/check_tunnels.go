package azure

import (
	"regexp"
	"strings"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var (
	badTunnelHost = diag.Code{
		ID: "OBS881", Severity: diag.Error, Title: "not the network interface or security group of a tunnels' host in Azure",
		Cause:   "The VM that tunnels end on is there already, in an existing VNet; its network interface and its network security group are named by ARM ids of the VNet's subscription (`az network nic list --query '[].id'`, `az network nsg list --query '[].id'`). An interface stands in the subscription of its VNet (virtual-networks-faq, recalled 2026-11).",
		Example: `wireguard: {network: "japan", gateway: {existing: "192.168.2.4", interface: "nic-wg"}, …}`,
		Mend:    `wireguard: {network: "japan", gateway: {existing: "192.168.2.4", interface: "/subscriptions/…/resourceGroups/rg-net/providers/Microsoft.Network/networkInterfaces/nic-wg"}, …}`,
	}
	halfATunnelRule = diag.Code{
		ID: "OBS882", Severity: diag.Error, Title: "half of what a tunnel's rule needs in Azure",
		Cause:   "obslink lets the tunnel's UDP port in to gateway.securityGroup from peerAddress, the site's public address, and from nowhere else; so both are needed, and a priority without them is nobody's.",
		Example: `wireguard: {network: "japan", gateway: {existing: "192.168.2.4", securityGroup: "/subscriptions/…/networkSecurityGroups/nsg-wg"}, …}`,
		Mend:    `wireguard: {network: "japan", gateway: {existing: "192.168.2.4", securityGroup: "/subscriptions/…/networkSecurityGroups/nsg-wg"}, peerAddress: "203.0.113.7", …}`,
	}
	tunnelPriority = diag.Code{
		ID: "OBS883", Severity: diag.Error, Title: "a priority that a rule of a security group cannot have",
		Cause:   "Rules of a network security group have priorities from 100 to 4096, and no two of one direction have the same (network-security-groups-overview, 2024: SecurityRuleConflict). A tunnel's rule has 1000 where none is given.",
		Example: `sites: {home: wireguard: gateway: {existing: "192.168.2.4", securityGroup: "…/nsg-wg"}, lab: wireguard: gateway: {existing: "192.168.2.4", securityGroup: "…/nsg-wg"}}`,
		Mend:    `sites: {home: wireguard: gateway: {existing: "192.168.2.4", securityGroup: "…/nsg-wg"}, lab: wireguard: gateway: {existing: "192.168.2.4", securityGroup: "…/nsg-wg", priority: 1001}}`,
	}
)

// checkTunnels checks what is said of the hosts that WireGuard tunnels end on.
func checkTunnels(t *topology.Topology) diag.List {
	var found diag.List
	taken := map[string]map[int]string{} // sites by group and priority
	for key, s := range topology.Sorted(t.Sites) {
		w := s.WireGuard
		if w == nil || t.Kind(w.Network) != Name {
			continue
		}
		path := "sites." + key + ".wireguard"
		found = append(found, hostObject(t, key, "interface", w.Gateway.Interface, "network interface", interfaceID)...)
		found = append(found, hostObject(t, key, "securityGroup", w.Gateway.SecurityGroup, "network security group", groupID)...)
		if half := tunnelHalves(t, path, w); len(half) > 0 || w.Gateway.SecurityGroup == "" {
			found = append(found, half...)
			continue
		}
		group := strings.ToLower(w.Gateway.SecurityGroup)
		if taken[group] == nil {
			taken[group] = map[int]string{}
		}
		found = append(found, priorities(t, key, w, taken[group])...)
	}
	return found
}

// hostObject checks the id of something of a host, and where it is.
func hostObject(t *topology.Topology, site, field, id, what string, form *regexp.Regexp) diag.List {
	if id == "" {
		return nil
	}
	at, network := "sites."+site+".wireguard.gateway."+field, t.Sites[site].WireGuard.Network
	n := t.Networks[network]
	match := form.FindStringSubmatch(id)
	switch a := t.Accounts[n.Account]; {
	case match == nil:
		command := map[string]string{"interface": "nic", "securityGroup": "nsg"}[field]
		return diag.List{badTunnelHost.At(t.At(at), at, "%q is not the id of a %s", id, what).WithHint("paste it from `az network %s list --query '[].id'`", command)}
	case n.Existing == nil:
		return diag.List{badTunnelHost.At(t.At(at), at, "%s %q cannot be in network %q, which is yet to be created", what, match[3], network).
			WithNote(t.At("networks."+network), "the network").WithHint("declare the network as existing, or remove %s", field)}
	case a != nil && !strings.EqualFold(compile.Decode[account](a.Body).Subscription, match[1]):
		return diag.List{badTunnelHost.At(t.At(at), at, "%s %q is in another subscription than network %q", what, match[3], network).
			WithHint("paste the id of the host's own %s", what)}
	}
	return nil
}

// tunnelHalves checks that both halves of a rule are there, or none.
func tunnelHalves(t *topology.Topology, path string, w *topology.WireGuard) diag.List {
	group, from := w.Gateway.SecurityGroup != "", w.PeerAddress != ""
	switch {
	case from && !group:
		at := path + ".peerAddress"
		return diag.List{halfATunnelRule.At(t.At(at), at, "peerAddress %q is let in to no security group", w.PeerAddress).WithHint("add securityGroup, the id of the host's group, to the gateway, or remove peerAddress")}
	case group && !from:
		at := path + ".gateway.securityGroup"
		return diag.List{halfATunnelRule.At(t.At(at), at, "it is not said from where the tunnel is let in").WithHint("add peerAddress, the site's public address")}
	case w.Gateway.Priority != 0 && !group:
		at := path + ".gateway.priority"
		return diag.List{halfATunnelRule.At(t.At(at), at, "priority %d is that of no rule", w.Gateway.Priority).WithHint("remove priority, or add securityGroup and peerAddress")}
	}
	return nil
}

// priorities checks the priority of a site's rule beside those of former sites in the same group.
func priorities(t *topology.Topology, key string, w *topology.WireGuard, taken map[int]string) diag.List {
	at := "sites." + key + ".wireguard.gateway.priority"
	priority := priorityOf(w)
	if priority < 100 || priority > 4096 {
		return diag.List{tunnelPriority.At(t.At(at), at, "%d is no priority of a rule", priority).WithHint("write one from 100 to 4096")}
	}
	if w.Gateway.Priority == 0 {
		at = "sites." + key + ".wireguard.gateway.securityGroup"
	}
	other, ok := taken[priority]
	if !ok {
		taken[priority] = key
		return nil
	}
	free := priority
	for taken[free] != "" && free < 4096 {
		free++
	}
	return diag.List{tunnelPriority.At(t.At(at), at, "the rules of sites %q and %q would both have priority %d", other, key, priority).
		WithNote(t.At("sites."+other+".wireguard.gateway.securityGroup"), "the other rule's group").WithHint("write priority: %d in the gateway of %q", free, key)}
}
