package azure

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
	"github.com/obslink/obslink/schema"
)

var (
	badGatewaySubnet = diag.Code{
		ID: "OBS874", Severity: diag.Error, Title: "an Azure VPN gateway has no subnet of its own",
		Cause:   "The gateway stands in a subnet that Azure calls GatewaySubnet and that holds nothing else; /27 or larger is recommended, and what grows later needs it (about-vpn-gateway-settings, read 2026). obslink gives a subnet that it creates that name.",
		Example: `hub: {…, vpnGateway: {}, subnets: endpoints: cidr: "10.0.0.0/27"}   // hub is a VNet`,
		Mend:    `hub: {…, vpnGateway: subnet: "gateway", subnets: {endpoints: cidr: "10.0.0.0/27", gateway: {cidr: "10.0.0.32/27", endpoints: false}}}`,
	}
	badSKU = diag.Code{
		ID: "OBS875", Severity: diag.Error, Title: "not a size that a VPN gateway can have",
		Cause:   "obslink makes gateways of the sizes VpnGw1AZ to VpnGw5AZ: Basic speaks neither BGP nor IKEv2 with IPv4 alone, and sizes without AZ are no longer made. The first three take 30 sites, the others 100 (about-vpn-gateway-skus, recalled 2026-11).",
		Example: `hub: vpnGateway: {subnet: "gateway", sku: "VpnGw1"}`,
		Mend:    `hub: vpnGateway: {subnet: "gateway", sku: "VpnGw1AZ"}`,
	}
	badGateway = diag.Code{
		ID: "OBS876", Severity: diag.Error, Title: "not an existing VPN gateway of an Azure network",
		Cause:   "An existing gateway is named by its ARM id; it stands in an existing VNet of the same subscription, with the subnet, size and ASN that it has (`az network vnet-gateway list -g … --query '[].id'`).",
		Example: `hub: {existing: {…}, vpnGateway: existing: "vgw-hub"}`,
		Mend:    `hub: {existing: {…}, vpnGateway: existing: "/subscriptions/…/resourceGroups/rg-hub/providers/Microsoft.Network/virtualNetworkGateways/vgw-hub"}`,
	}
	reservedASN = diag.Code{
		ID: "OBS877", Severity: diag.Error, Title: "an ASN that Azure keeps for itself",
		Cause:   "8074, 8075, 12076 and 65515 to 65520 are Azure's; a VPN gateway has 65515 where none is given, and no device can have one of them (vpn-gateway-bgp-overview, recalled 2026-11).",
		Example: `vpn: {network: "hub", asn: 65515, …}   // hub is a VNet`,
		Mend:    `vpn: {network: "hub", asn: 65010, …}`,
	}
	noBGPAddress = diag.Code{
		ID: "OBS878", Severity: diag.Error, Title: "a VPN of Azure with BGP, and no address to speak it with",
		Cause:   "Azure speaks BGP with an address of the device behind the tunnel, not its public one, which the local network gateway names (vpn-gateway-bgp-overview, read 2026). It is one of the site's; obslink makes no addresses of 169.254.0.0/16 for the gateway.",
		Example: `vpn: {network: "hub", asn: 65010, …}   // hub is a VNet`,
		Mend:    `vpn: {network: "hub", asn: 65010, bgpAddress: "172.16.0.1", …}   // in the site's cidrs`,
	}
)

// smallestGatewaySubnet is the longest prefix that obslink gives a gateway.
const smallestGatewaySubnet = 27

// checkVPNs checks VPN gateways, and the VPNs of sites that end there.
func checkVPNs(t *topology.Topology) diag.List {
	var found diag.List
	sites := map[string]int{}
	for key, s := range topology.Sorted(t.Sites) {
		if s.VPN == nil || t.Kind(s.VPN.Network) != Name {
			continue
		}
		sites[s.VPN.Network]++
		found = append(found, checkBGP(t, "sites."+key, s)...)
	}
	for key, n := range topology.Sorted(t.Networks) {
		if t.Kind(key) != Name || n.VPNGateway == nil {
			continue
		}
		path := "networks." + key + ".vpnGateway"
		if at := path + ".asn"; n.VPNGateway.ASN != 65515 && reserved(n.VPNGateway.ASN) {
			found = append(found, reservedASN.At(t.At(at), at, "%d is Azure's own", n.VPNGateway.ASN).WithHint("write a private one such as 65010, or remove asn"))
		}
		if n.VPNGateway.Existing != "" {
			found = append(found, existingGateway(t, path, n)...)
			continue
		}
		found = append(found, checkGatewaySubnet(t, key, n)...)
		found = append(found, checkSKU(t, path, n.VPNGateway.SKU, sites[key])...)
	}
	return found
}

// reserved reports whether an ASN is Azure's.
func reserved(asn int64) bool {
	return slices.Contains([]int64{8074, 8075, 12076}, asn) || asn >= 65515 && asn <= 65520
}

// checkBGP checks what Azure needs for BGP with a device.
func checkBGP(t *topology.Topology, path string, s *topology.Site) diag.List {
	const hint = "write bgpAddress: with an address of the device in the site's cidrs"
	at := path + ".vpn.asn"
	switch {
	case s.VPN.ASN == 0:
		return nil
	case reserved(s.VPN.ASN):
		return diag.List{reservedASN.At(t.At(at), at, "%d is Azure's own", s.VPN.ASN).WithHint("write the device's own, such as a private one of 64512 to 65514")}
	case s.VPN.BGPAddress == "":
		return diag.List{noBGPAddress.At(t.At(at), at, "the VPN of site %q speaks BGP, and the device has no address for it", strings.TrimPrefix(path, "sites.")).WithHint(hint)}
	}
	a, err := netip.ParseAddr(s.VPN.BGPAddress)
	for _, c := range s.CIDRs {
		if p, failed := netip.ParsePrefix(c); err != nil || failed == nil && p.Contains(a) {
			return nil // what is no address is reported for every cloud
		}
	}
	at = path + ".vpn.bgpAddress"
	return diag.List{noBGPAddress.At(t.At(at), at, "%s is not in the site's cidrs", a).WithNote(t.At(path+".cidrs"), "the site's cidrs").WithHint(hint)}
}

func existingGateway(t *topology.Topology, path string, n *topology.Network) diag.List {
	at, g := path+".existing", n.VPNGateway
	id := gatewayID.FindStringSubmatch(g.Existing)
	var found diag.List
	for field, given := range topology.Sorted(map[string]bool{"asn": g.ASN != 0, "subnet": g.Subnet != "", "sku": g.SKU != ""}) {
		if at := path + "." + field; given {
			found = append(found, badGateway.At(t.At(at), at, "the VPN gateway is existing, and its %s cannot be chosen", field).WithHint("remove %s", field))
		}
	}
	switch a := t.Accounts[n.Account]; {
	case id == nil:
		found = append(found, badGateway.At(t.At(at), at, "%q is not the id of a VPN gateway", g.Existing).WithHint("paste it from `az network vnet-gateway list -g … --query '[].id'`"))
	case n.Existing == nil:
		found = append(found, badGateway.At(t.At(at), at, "VPN gateway %q is in no VNet that is yet to be created", id[3]).WithHint("remove existing: obslink makes a VPN gateway"))
	case a != nil && !strings.EqualFold(compile.Decode[account](a.Body).Subscription, id[1]):
		found = append(found, badGateway.At(t.At(at), at, "VPN gateway %q is in another subscription than its network", id[3]).WithHint("paste the id of the VNet's own gateway"))
	}
	return found
}

// checkGatewaySubnet checks that a gateway has a subnet to itself, large enough and with Azure's name.
func checkGatewaySubnet(t *topology.Topology, key string, n *topology.Network) diag.List {
	path := "networks." + key
	name := n.VPNGateway.Subnet
	s, declared := n.Subnets[name]
	at := path + ".subnets." + name
	p, err := netip.ParsePrefix(s.CIDR)
	switch {
	case name == "":
		at := path + ".vpnGateway"
		return diag.List{badGatewaySubnet.At(t.At(at), at, "the VPN gateway of Azure network %q has no subnet", key).
			WithHint("declare a /27 with `endpoints: false` and write vpnGateway: subnet: with its key")}
	case !declared:
		return nil // an unknown subnet is reported as such
	case s.Existing != "" && s.Existing != gatewaySubnet:
		return diag.List{badGatewaySubnet.At(t.At(at+".existing"), at+".existing", "a VPN gateway cannot stand in subnet %q", s.Existing).WithHint("write existing: %q, if there is one, or remove existing", gatewaySubnet)}
	case s.HoldsEndpoints() || holdsInbound(n, name):
		return diag.List{badGatewaySubnet.At(t.At(at), at, "subnet %q is the VPN gateway's, and not for endpoints", name).
			WithNote(t.At(path+".vpnGateway.subnet"), "the gateway").WithHint("write `endpoints: false` on it, and let nothing else stand in it")}
	case err == nil && p.Bits() > smallestGatewaySubnet:
		return diag.List{badGatewaySubnet.At(t.At(at+".cidr"), at+".cidr", "%s is too small for a VPN gateway", p).WithHint("use /%d or larger", smallestGatewaySubnet)}
	}
	return nil
}

func checkSKU(t *topology.Topology, path, sku string, sites int) diag.List {
	at, limits := path+".sku", schema.Azure().VPNTunnels
	if sku == "" {
		sku, at = usualSKU, path
	}
	most, known := limits[sku]
	if !known {
		return diag.List{badSKU.At(t.At(at), at, "%q is no size of a VPN gateway", sku).WithHint("write one of %s", strings.Join(slices.Sorted(maps.Keys(limits)), ", "))}
	}
	if sites <= most {
		return nil
	}
	hint := "let some sites' VPNs end in another network"
	for _, larger := range slices.Sorted(maps.Keys(limits)) {
		if sites <= limits[larger] {
			hint = fmt.Sprintf("write sku: %q", larger)
			break
		}
	}
	return diag.List{badSKU.At(t.At(at), at, "a gateway of size %s takes %d sites, not %d", sku, most, sites).WithHint("%s", hint)}
}
