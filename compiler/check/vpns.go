package check

import (
	"net/netip"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var (
	badDevice = diag.Code{
		ID: "OBS270", Severity: diag.Error, Title: "not where a site's device can be reached",
		Cause:   "An IPsec tunnel over the internet ends at the public IPv4 address of the site's device, or of the NAT before it (NAT-T, RFC 3947); of address and fqdn one is given. A cloud takes a private address and the tunnel never comes up.",
		Example: `vpn: {network: "hub", device: address: "192.168.1.1", …}`,
		Mend:    `vpn: {network: "hub", device: address: "203.0.113.7", …}`,
	}
	badSiteASN = diag.Code{
		ID: "OBS271", Severity: diag.Error, Title: "not an ASN that a site's device can have",
		Cause:   "0, 23456, 65535 and 4294967295 are reserved (RFC 7607, 6793, 7300), and the two ends of an eBGP session have different ASNs (RFC 4271): with one alike the session is internal and the gateway takes no routes from it.",
		Example: `hub: vpnGateway: asn: 64512` + "\n" + `vpn: {network: "hub", asn: 64512, …}`,
		Mend:    `vpn: {network: "hub", asn: 65010, …}`,
	}
	noVPNGateway = diag.Code{
		ID: "OBS272", Severity: diag.Error, Title: "a VPN into a network without VPN gateway",
		Cause:   "The cloud's end of a VPN is a gateway of the network. It is declared there, created or existing, since it costs money and several sites share it.",
		Example: `hub: {…}   // no vpnGateway` + "\n" + `sites: home: vpn: {network: "hub", …}`,
		Mend:    `hub: {…, vpnGateway: {}}`,
	}
	sameDevice = diag.Code{
		ID: "OBS273", Severity: diag.Error, Title: "two sites behind one device",
		Cause:   "A cloud knows a site by its device: AWS gives the same customer gateway to a second request with the same address (EC2 CreateCustomerGateway, recalled 2026-11), and two tunnels to one device for two sites would answer through either.",
		Example: `sites: {home: vpn: device: address: "203.0.113.7", lab: vpn: device: address: "203.0.113.7"}`,
		Mend:    `sites: home: {cidrs: ["172.16.0.0/24", "172.16.1.0/24"], vpn: device: address: "203.0.113.7"}`,
	}
	staticAndBGP = diag.Code{
		ID: "OBS274", Severity: diag.Error, Title: "a VPN with static routes and with BGP",
		Cause:   "With asn BGP tells each end what the other has; without it the routes are static, to the site's CIDRs in the cloud and to carries on the device. A cloud's VPN is one or the other.",
		Example: `vpn: {network: "hub", asn: 65010, carries: ["192.168.0.0/16"], …}`,
		Mend:    `vpn: {network: "hub", asn: 65010, …}   // or carries without asn`,
	}
)

// vpns checks the IPsec VPNs that obslink is to make.
func vpns(t *topology.Topology) diag.List {
	var found diag.List
	first := map[topology.Device]string{} // path of the device
	for key, s := range topology.Sorted(t.Sites) {
		if s.VPN == nil {
			continue
		}
		path := "sites." + key + ".vpn"
		found = append(found, device(t, path+".device", s.VPN.Device)...)
		if other, taken := first[s.VPN.Device]; taken {
			found = append(found, sameDevice.At(t.At(path+".device"), path+".device", "the device of site %q is that of another site", key).
				WithNote(t.At(other), "the other site's").WithHint("declare one site with the CIDRs of both"))
		}
		first[s.VPN.Device] = path + ".device"
		if n := t.Networks[s.VPN.Network]; n != nil && n.VPNGateway == nil {
			found = append(found, noVPNGateway.At(t.At(path+".network"), path+".network", "network %q has no VPN gateway", s.VPN.Network).
				WithNote(t.At("networks."+s.VPN.Network), "the network").WithHint("add to networks.%s: `vpnGateway: {}`", s.VPN.Network))
		}
		found = append(found, routing(t, path, s.VPN)...)
	}
	return found
}

func device(t *topology.Topology, path string, d topology.Device) diag.List {
	const hint = "write the public address that the device, or the NAT before it, has in the internet"
	at := path + ".address"
	switch {
	case d.Address == "" && d.FQDN == "":
		return diag.List{badDevice.At(t.At(path), path, "the device has neither address nor fqdn").WithHint(hint)}
	case d.Address != "" && d.FQDN != "":
		return diag.List{badDevice.At(t.At(path+".fqdn"), path, "the device has both address and fqdn").WithHint("keep one of them")}
	case d.FQDN != "" && !isDomain(d.FQDN, 2):
		return diag.List{badDevice.At(t.At(path+".fqdn"), path+".fqdn", "%q is not a host name", d.FQDN).WithHint(`write a name such as "vpn.example.net"`)}
	case d.FQDN != "" || isPublic(d.Address):
		return nil
	}
	return diag.List{badDevice.At(t.At(at), at, "%q is not a public IPv4 address", d.Address).WithHint(hint)}
}

// isPublic reports whether a text is an address that the internet routes to.
func isPublic(text string) bool {
	a, err := netip.ParseAddr(text)
	if err != nil || !a.Is4() || a.IsPrivate() || sharedSpace.Contains(a) {
		return false
	}
	for _, r := range specialRanges {
		if r.prefix.Contains(a) {
			return false
		}
	}
	return true
}

// sharedSpace is what carriers put before their own NAT (RFC 6598).
var sharedSpace = netip.MustParsePrefix("100.64.0.0/10")

// routing checks what says which end has which prefixes.
func routing(t *topology.Topology, path string, v *topology.VPN) diag.List {
	var found diag.List
	at := path + ".asn"
	own, where := gatewayASN(t, v)
	switch {
	case v.ASN < 0 || v.ASN > 4294967294 || v.ASN == 23456 || v.ASN == 65535:
		found = append(found, badSiteASN.At(t.At(at), at, "%d is no ASN of a device", v.ASN).WithHint("write the device's own, such as a private one of 64512 to 65534"))
	case v.ASN != 0 && v.ASN == own:
		found = append(found, badSiteASN.At(t.At(at), at, "%d is the gateway's own ASN", v.ASN).WithNote(t.At(where), "the gateway's").WithHint("give one of the two another"))
	}
	if at := path + ".bgpAddress"; v.BGPAddress != "" {
		if v.ASN == 0 {
			found = append(found, staticAndBGP.At(t.At(at), at, "bgpAddress without asn: the routes are static").WithHint("add asn, or remove bgpAddress"))
		}
		addresses := addressChecker{t: t}
		addresses.one(at, v.BGPAddress)
		found = append(found, addresses.found...)
	}
	if at := path + ".carries"; v.Carries != nil && v.ASN != 0 {
		found = append(found, staticAndBGP.At(t.At(at), at, "carries beside asn: BGP tells the device what to route").
			WithNote(t.At(path+".asn"), "BGP is on").WithHint("remove carries, or asn"))
	}
	return found
}

// gatewayASN is what the topology says of the gateway's own ASN, and where; 0 where it says nothing.
func gatewayASN(t *topology.Topology, v *topology.VPN) (asn int64, path string) {
	if n := t.Networks[v.Network]; n != nil && n.VPNGateway != nil {
		return n.VPNGateway.ASN, "networks." + v.Network + ".vpnGateway.asn"
	}
	if g := t.TransitGateways[v.TransitGateway]; g != nil {
		return g.ASN, "transitGateways." + v.TransitGateway + ".asn"
	}
	return 0, ""
}
