package azure

import (
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var noIPsec = diag.Code{
	ID: "OBS872", Severity: diag.Error, Title: "obslink makes no VPN gateway in Azure",
	Cause:   "`vpn` and `vpnGateway` are built in AWS only (2026-11): in a VNet they would be left out in silence. A VPN or ExpressRoute gateway that is there is declared as the site's existing connection.",
	Example: `networks: hub: vpnGateway: {}   // hub is a VNet` + "\n" + `sites: home: vpn: {network: "hub", …}`,
	Mend:    `sites: home: existing: {network: "hub", over: "vpn"}`,
}

// checkVPNs finds VPNs that would not be made.
func checkVPNs(t *topology.Topology) diag.List {
	var found diag.List
	for key, n := range topology.Sorted(t.Networks) {
		if at := "networks." + key + ".vpnGateway"; t.Kind(key) == Name && n.VPNGateway != nil {
			found = append(found, noIPsec.At(t.At(at), at, "network %q is in Azure, where obslink makes no VPN gateway", key).
				WithHint("remove it, and write `existing: {network: %q, over: \"vpn\"}` at the sites whose VPN ends there", key))
		}
	}
	for key, s := range topology.Sorted(t.Sites) {
		if at := "sites." + key + ".vpn"; s.VPN != nil && t.Kind(s.VPN.Network) == Name {
			found = append(found, noIPsec.At(t.At(at), at, "the VPN of site %q ends in Azure network %q, where obslink makes none", key, s.VPN.Network).
				WithHint("write `existing: {network: %q, over: \"vpn\"}`", s.VPN.Network))
		}
	}
	return found
}
