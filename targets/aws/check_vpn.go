package aws

import (
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var (
	deviceName = diag.Code{
		ID: "OBS730", Severity: diag.Error, Title: "a VPN of AWS to a device without address",
		Cause:   "A customer gateway is the static public IPv4 address of the site's device (EC2 CreateCustomerGateway; only certificates do without one, 2026-11). AWS resolves no name for it.",
		Example: `vpn: {network: "hub", device: fqdn: "vpn.example.net", …}   // hub is a VPC`,
		Mend:    `vpn: {network: "hub", device: address: "203.0.113.7", …}`,
	}
	tunnelAddress = diag.Code{
		ID: "OBS731", Severity: diag.Error, Title: "an address for BGP that AWS chooses itself",
		Cause:   "AWS speaks BGP with the device inside each tunnel, at addresses of 169.254.0.0/16 that it chooses and the device's configuration names (Site-to-Site VPN user guide, 2023).",
		Example: `vpn: {network: "hub", asn: 65010, bgpAddress: "172.16.0.1", …}   // hub is a VPC`,
		Mend:    `vpn: {network: "hub", asn: 65010, …}`,
	}
	badVPNGateway = diag.Code{
		ID: "OBS732", Severity: diag.Error, Title: "not a VPN gateway that a VPC can have",
		Cause:   "A created VPN gateway's own ASN is a private one, 64512 to 65534 or 4200000000 to 4294967294, and 64512 where none is given; that of an existing one is what it is (EC2 CreateVpnGateway, 2026-11). A VPC has one VPN gateway, so an existing one is attached to an existing VPC.",
		Example: `hub: {…, vpnGateway: {existing: "vgw-0a1b", asn: 64512}}`,
		Mend:    `hub: {existing: vpc: "vpc-0a1b", …, vpnGateway: existing: "vgw-0a1b"}`,
	}
	gatewaysASN = diag.Code{
		ID: "OBS733", Severity: diag.Error, Title: "a device with the ASN that AWS gives its gateways",
		Cause:   "A VPN gateway or transit gateway without asn has 64512 (EC2, 2026-11). The device needs another, else the BGP session is internal and no routes come over it.",
		Example: `hub: vpnGateway: {}` + "\n" + `vpn: {network: "hub", asn: 64512, …}`,
		Mend:    `vpn: {network: "hub", asn: 65010, …}   // or another asn in hub.vpnGateway`,
	}
	staticAtDefault = diag.Code{
		ID: "OBS734", Severity: diag.Error, Title: "static routes at an existing transit gateway that names no route table",
		Cause:   "Without BGP nothing is propagated from a VPN at a transit gateway (transit gateway guide, 2026-08): obslink adds static routes, to the route table that the topology names and to no other.",
		Example: `transitGateways: core: existing: transitGateway: "tgw-0a1b"` + "\n" + `vpn: {transitGateway: "core", …}   // no asn`,
		Mend:    `transitGateways: core: existing: {transitGateway: "tgw-0a1b", routeTable: "tgw-rtb-0c3d"}   // or asn for BGP`,
	}
	nothingThere = diag.Code{
		ID: "OBS735", Severity: diag.Error, Title: "an existing connection at a transit gateway that is created",
		Cause:   "What is attached already is attached to a gateway that is there already.",
		Example: `transitGateways: core: {account: "main", region: "us-east-1"}` + "\n" + `sites: home: existing: {transitGateway: "core", over: "directconnect"}`,
		Mend:    `transitGateways: core: {account: "main", region: "us-east-1", existing: transitGateway: "tgw-0a1b"}`,
	}
	halfATunnelRule = diag.Code{
		ID: "OBS736", Severity: diag.Error, Title: "half of what a tunnel's rule needs",
		Cause:   "obslink lets the tunnel's UDP port in to gateway.securityGroup from peerAddress, the site's public address, and from nowhere else; so both are needed.",
		Example: `wireguard: {gateway: {existing: "192.168.0.10", securityGroup: "sg-0a1b"}, …}`,
		Mend:    `wireguard: {gateway: {existing: "192.168.0.10", securityGroup: "sg-0a1b"}, peerAddress: "203.0.113.7", …}`,
	}
)

// usualASN is that of a gateway for which none is given.
const usualASN = 64512

// checkVPN checks VPN gateways and the connections of sites that end in AWS.
func checkVPN(t *topology.Topology) diag.List {
	var found diag.List
	for key, n := range topology.Sorted(t.Networks) {
		if n.VPNGateway != nil && t.Kind(key) == Name {
			found = append(found, checkVPNGateway(t, "networks."+key, n)...)
		}
	}
	for key, s := range topology.Sorted(t.Sites) {
		path := "sites." + key
		network, _ := s.Network()
		gateway := t.TransitGateways[t.Gateway(key)]
		switch {
		case gateway == nil && t.Kind(network) != Name:
		case s.VPN != nil:
			found = append(found, checkDevice(t, path+".vpn", s.VPN, gateway)...)
		case s.Existing != nil && gateway != nil && gateway.Existing == nil:
			at := path + ".existing.transitGateway"
			found = append(found, nothingThere.At(t.At(at), at, "nothing of site %q is attached to transit gateway %q, which is yet to be created", key, s.Existing.TransitGateway).
				WithNote(t.At("transitGateways."+s.Existing.TransitGateway), "the transit gateway").
				WithHint(`add existing: transitGateway: "tgw-…" to it, or let obslink make the site's connection: vpn: {transitGateway: %q, …}`, s.Existing.TransitGateway))
		case s.WireGuard != nil && (s.WireGuard.PeerAddress == "") != (s.WireGuard.Gateway.SecurityGroup == ""):
			found = append(found, tunnelRule(t, path+".wireguard", s.WireGuard))
		}
	}
	return found
}

func tunnelRule(t *topology.Topology, path string, w *topology.WireGuard) diag.Diagnostic {
	if at := path + ".peerAddress"; w.PeerAddress != "" {
		return halfATunnelRule.At(t.At(at), at, "peerAddress %q is let in to no security group", w.PeerAddress).WithHint(`add securityGroup: "sg-…" to the gateway, or remove peerAddress`)
	}
	at := path + ".gateway.securityGroup"
	return halfATunnelRule.At(t.At(at), at, "it is not said from where the tunnel is let in to %q", w.Gateway.SecurityGroup).WithHint("add peerAddress, the site's public address")
}

func checkVPNGateway(t *topology.Topology, path string, n *topology.Network) diag.List {
	g := n.VPNGateway
	private := g.ASN >= 64512 && g.ASN <= 65534 || g.ASN >= 4200000000 && g.ASN <= 4294967294
	switch at := path + ".vpnGateway.asn"; {
	case g.Existing != "" && n.Existing == nil:
		at := path + ".vpnGateway.existing"
		return diag.List{badVPNGateway.At(t.At(at), at, "VPN gateway %q is attached to no VPC that is yet to be created", g.Existing).WithHint("remove existing: obslink makes a VPN gateway")}
	case g.Existing != "" && g.ASN != 0:
		return diag.List{badVPNGateway.At(t.At(at), at, "VPN gateway %q is existing: its ASN cannot be chosen", g.Existing).WithHint("remove asn")}
	case g.ASN != 0 && !private:
		return diag.List{badVPNGateway.At(t.At(at), at, "%d is not a private ASN", g.ASN).WithHint("write one of 64512 to 65534, or of 4200000000 to 4294967294")}
	}
	return nil
}

// checkDevice checks what AWS takes of a site's device; gateway is nil where the VPN ends in a network.
func checkDevice(t *topology.Topology, path string, v *topology.VPN, gateway *topology.TransitGateway) diag.List {
	var found diag.List
	if at := path + ".device.fqdn"; v.Device.FQDN != "" {
		found = append(found, deviceName.At(t.At(at), at, "AWS reaches a device by its address, not by the name %q", v.Device.FQDN).WithHint("write device: address: with its static public address"))
	}
	if at := path + ".bgpAddress"; v.BGPAddress != "" {
		found = append(found, tunnelAddress.At(t.At(at), at, "AWS speaks BGP inside the tunnels and not with %q", v.BGPAddress).WithHint("remove bgpAddress"))
	}
	usual := gateway != nil && gateway.ASN == 0 && gateway.Existing == nil
	if n := t.Networks[v.Network]; n != nil && n.VPNGateway != nil {
		usual = n.VPNGateway.ASN == 0 && n.VPNGateway.Existing == ""
	}
	if at := path + ".asn"; v.ASN == usualASN && usual {
		found = append(found, gatewaysASN.At(t.At(at), at, "%d is the ASN of the gateway, for which none is given", v.ASN).WithHint("give the device or the gateway another"))
	}
	if gateway != nil && gateway.Existing != nil && gateway.Existing.RouteTable == "" && v.ASN == 0 {
		at := "transitGateways." + v.TransitGateway + ".existing"
		found = append(found, staticAtDefault.At(t.At(path+".transitGateway"), path+".transitGateway", "existing transit gateway %q names no route table for static routes", v.TransitGateway).
			WithNote(t.At(at), "the transit gateway").WithHint(`add routeTable: "tgw-rtb-…" to it, or asn to the VPN`))
	}
	return found
}
