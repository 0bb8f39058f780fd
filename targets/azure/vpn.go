package azure

import (
	"cmp"
	"fmt"
	"net/netip"
	"regexp"
	"slices"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/topology"
	"github.com/obslink/obslink/schema"
)

// gatewaySubnet is what Azure calls the one subnet in which a gateway can stand
// (about-vpn-gateway-settings, read 2026).
const gatewaySubnet = "GatewaySubnet"

// usualSKU is that of a gateway for which none is given.
const usualSKU = "VpnGw1AZ"

var gatewayID = regexp.MustCompile(`(?i)^/subscriptions/([^/]+)/resourceGroups/([^/]+)/providers/Microsoft\.Network/virtualNetworkGateways/([^/]+)$`)

// holdsGateway reports whether a subnet is that of the network's VPN gateway.
func holdsGateway(n *topology.Network, subnet string) bool {
	return n.VPNGateway != nil && n.VPNGateway.Subnet == subnet
}

// vpns lowers VPN gateways and the VPNs of sites that end at them.
func (l *lowering) vpns() {
	sites := map[string][]string{} // by the network that their VPNs end in
	for key, s := range topology.Sorted(l.t.Sites) {
		if s.VPN != nil && l.t.Kind(s.VPN.Network) == Name {
			sites[s.VPN.Network] = append(sites[s.VPN.Network], key)
		}
	}
	for key, n := range topology.Sorted(l.t.Networks) {
		if l.t.Kind(key) != Name || n.VPNGateway == nil {
			continue
		}
		gateway := l.vpnGateway(key, n, sites[key])
		for _, site := range sites[key] {
			l.vpn(site, key, l.t.Sites[site], gateway)
		}
	}
}

// vpnGateway makes a network's gateway, or has it looked up, and returns what connections refer to.
func (l *lowering) vpnGateway(key string, n *topology.Network, sites []string) plan.Ref {
	provider, origin := l.provider(n.Account), l.origin("networks."+key+".vpnGateway")
	var asns []int64
	for _, site := range sites {
		if asn := l.t.Sites[site].VPN.ASN; asn != 0 {
			asns = append(asns, asn)
		}
	}
	if id := n.VPNGateway.Existing; id != "" {
		at := gatewayID.FindStringSubmatch(id)
		l.parts.ExistingGateways = append(l.parts.ExistingGateways, ExistingGateway{
			Provider: provider, ResourceGroup: at[2], Name: at[3], VNet: l.vnetID(key).Existing, BGP: len(asns) > 0, ASNs: asns, Origin: origin,
		})
		return plan.Ref{Existing: id}
	}
	in := In{l.networkGroup(key), l.cloudName(l.networkKey(key))}
	address := PublicIP{Part: plan.Named("publicip", provider, origin, l.networkKey(key)), In: in, Location: n.Region}
	if !slices.Contains(schema.Azure().WithoutZones, n.Region) {
		// A gateway of an AZ size refuses an address without (VmssVpnGatewayPublicIpsMustHaveZonesConfigured,
		// Azure/ResourceModules#2609, 2023; seen again in 2026-03).
		address.Zones = []string{"1", "2", "3"}
	}
	l.parts.PublicIPs = append(l.parts.PublicIPs, address)
	gateway := VPNGateway{
		Part: plan.Named("vpngateway", provider, origin, l.networkKey(key)), In: in, Location: n.Region, SKU: cmp.Or(n.VPNGateway.SKU, usualSKU),
		Subnet: l.subnetID(key, n.VPNGateway.Subnet), PublicIP: address.Name, BGP: n.VPNGateway.ASN != 0 || len(asns) > 0, ASN: n.VPNGateway.ASN,
	}
	for _, s := range l.parts.Subnets {
		if l.subnetOwner[s.Name] == key {
			gateway.After = s.Name
		}
	}
	l.parts.VPNGateways = append(l.parts.VPNGateways, gateway)
	return plan.Ref{Part: gateway.Name}
}

// vpn makes a site's connection. The gateway's routes are in every table of the network, and of the
// networks that use it through a peering.
func (l *lowering) vpn(key, network string, s *topology.Site, gateway plan.Ref) {
	n, origin := l.t.Networks[network], l.origin("sites."+key+".vpn")
	provider, k := l.provider(n.Account), plan.Key{Now: key, Was: s.Was}
	in := In{l.networkGroup(network), l.cloudName(k)}
	cidrs := compile.Prefixes(s.CIDRs)
	device := LocalGateway{
		Part: plan.Named("localgateway", provider, l.origin("sites."+key+".vpn.device"), k), In: in, Location: n.Region, FQDN: s.VPN.Device.FQDN, Prefixes: cidrs,
	}
	if s.VPN.Device.Address != "" {
		device.Address = netip.MustParseAddr(s.VPN.Device.Address)
	}
	if s.VPN.ASN != 0 {
		device.ASN, device.BGPAddress = s.VPN.ASN, netip.MustParseAddr(s.VPN.BGPAddress)
		device.Prefixes = []netip.Prefix{netip.PrefixFrom(device.BGPAddress, device.BGPAddress.BitLen())}
	} else {
		l.out.Prerequisites = append(l.out.Prerequisites, plan.Prerequisite{
			Text:   fmt.Sprintf("the device of site %q (%s) routes what the site asks for into its VPN", key, cmp.Or(s.VPN.Device.Address, s.VPN.Device.FQDN)),
			Origin: origin,
		})
	}
	c := VPNConnection{
		Part: plan.Named("vpnconnection", provider, origin, k), In: in, Location: n.Region, Gateway: gateway, LocalGateway: device.Name,
		BGP: s.VPN.ASN != 0, Secret: s.VPN.PreSharedKey.Secret,
	}
	l.parts.LocalGateways = append(l.parts.LocalGateways, device)
	l.parts.VPNConnections = append(l.parts.VPNConnections, c)
	l.out.Connections = append(l.out.Connections, plan.Connection{
		Name: c.Name, Kind: plan.KindVPN, Origin: origin, A: plan.End{Node: key}, B: plan.End{Node: network, Allowed: cidrs},
	})
}
