package azure

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
)

// indexGateway finds the network of a VPN gateway that is there already: a look-up says which it is.
func (l *lifting) indexGateway(a manifest.Assumption) {
	if a.Function != "azure-native:network:getVirtualNetworkGateway" || a.Expected["gatewayType"] != "Vpn" {
		return
	}
	group, _ := a.Args["resourceGroupName"].(string)
	name, _ := a.Args["virtualNetworkGatewayName"].(string)
	configurations, _ := a.Expected["ipConfigurations"].([]any)
	for _, value := range configurations {
		fields, _ := value.(map[string]any)
		subnet, _ := inner(fields, "subnet", "id").(string)
		vnet, _, _ := strings.Cut(strings.ToLower(subnet), "/subnets/")
		if at, ok := l.networks[vnet]; ok {
			l.gateways[armID(l.subscription(&manifest.Resource{Provider: a.Provider})+"/"+group, "virtualNetworkGateways", name)] = at
		}
	}
}

// vpnGateway is one of a VNet, which has one at most, in the subnet that Azure keeps for it.
func (l *lifting) vpnGateway(r *manifest.Resource) {
	if r.Text("gatewayType") != "Vpn" || r.Text("vpnType") != "RouteBased" {
		l.Problem(r, "gatewayType", "%q, %q is no route-based VPN gateway", r.Text("gatewayType"), r.Text("vpnType"))
		return
	}
	configurations := r.List("ipConfigurations")
	if len(configurations) != 1 {
		l.Problem(r, "ipConfigurations", "are %d, one is known", len(configurations))
		return
	}
	fields, _ := configurations[0].(map[string]any)
	s, ok := l.subnetOf(r, "ipConfigurations[0].subnet.id", inner(fields, "subnet", "id"))
	if !ok || !l.beside(r, s.network) {
		return
	}
	address, ok := l.ours(r, "ipConfigurations[0].publicIPAddress.id", inner(fields, "publicIPAddress", "id"), publicIPType)
	if !ok || !l.beside(l.View.Named(address), s.network) || !l.together(r, l.View.Named(address)) {
		return
	}
	ref := l.subnetAt(s).Ref
	if made := l.View.Named(ref.Part); made != nil && made.Text("subnetName") != gatewaySubnet || made == nil && !strings.HasSuffix(ref.Existing, "/"+gatewaySubnet) {
		l.Problem(r, "ipConfigurations[0].subnet.id", "subnet %q is not called %s", l.subnetAt(s).Name, gatewaySubnet)
		return
	}
	for _, at := range l.gateways {
		if at == s.network {
			l.Problem(r, "ipConfigurations[0].subnet.id", "network %q has a VPN gateway already", l.name(at))
			return
		}
	}
	l.gateways[key(plan.Ref{Part: r.Name})] = s.network
}

// vpn is a connection of a site to a gateway. What the site's device announces over BGP are its CIDRs;
// without, Azure routes what the local network gateway says.
func (l *lifting) vpn(r *manifest.Resource) {
	ref, ok := l.Object(r, "virtualNetworkGateway1.id", inner(r.Inputs, "virtualNetworkGateway1", "id"), gatewayType)
	local, found := l.ours(r, "localNetworkGateway2.id", inner(r.Inputs, "localNetworkGateway2", "id"), localGatewayType)
	if !ok || !found {
		return
	}
	device, bgp := l.View.Named(local), r.Inputs["enableBgp"] == true
	at, known := l.gateways[key(ref)]
	s := l.siteOf(device)
	switch gateway := l.View.Named(ref.Part); {
	case r.Text("connectionType") != "IPsec":
		l.Problem(r, "connectionType", "%q is not known", r.Text("connectionType"))
	case !known:
		l.Problem(r, "virtualNetworkGateway1.id", "%s is the gateway of no network", ref.Part+ref.Existing)
	case s == nil:
		l.Problem(r, "localNetworkGateway2.id", "%s is no site's device", local)
	case bgp && (gateway != nil && gateway.Inputs["enableBgp"] != true || !device.Has("bgpSettings")):
		l.Problem(r, "enableBgp", "is on, and one of the two ends has no BGP")
	case bgp && !slices.ContainsFunc(l.prefixesOf(device), func(p netip.Prefix) bool {
		return p.IsSingleIP() && p.Addr().String() == inner(device.Inputs, "bgpSettings", "bgpPeeringAddress")
	}):
		l.Problem(device, "localNetworkAddressSpace", "does not hold the address that the device speaks BGP with")
	case !l.beside(r, at), !l.together(r, device), !l.together(r, gateway):
	case gateway == nil && !strings.HasPrefix(key(ref), "/subscriptions/"+l.subscription(r)+"/"):
		l.Problem(r, "virtualNetworkGateway1.id", "%s is in another subscription", ref.Existing)
	default:
		announced := s.CIDRs
		if !bgp {
			announced = l.prefixesOf(device)
		}
		l.g.Connections = append(l.g.Connections, plan.Connection{
			Name: r.Name, Kind: plan.KindVPN, A: plan.End{Node: s.Name}, B: plan.End{Node: l.name(at), Allowed: announced},
		})
	}
}

// together reports whether two resources of a gateway are in one subscription, as Azure wants it (recalled
// 2026-11: the portal offers no others). What is there already is in no manifest.
func (l *lifting) together(r, other *manifest.Resource) bool {
	if other == nil || l.subscription(r) == l.subscription(other) {
		return true
	}
	l.Problem(r, "", "is in another subscription than %s", other.Name)
	return false
}

// siteOf is the site whose device a local network gateway is.
func (l *lifting) siteOf(r *manifest.Resource) *plan.Site {
	for i := range l.g.Sites {
		if s := &l.g.Sites[i]; s.Device != nil && (s.Device.Address == r.Text("gatewayIpAddress") || s.Device.Address == r.Text("fqdn")) {
			return s
		}
	}
	return nil
}

func (l *lifting) prefixesOf(r *manifest.Resource) []netip.Prefix {
	all := []netip.Prefix{} // none, where nil would be every prefix
	space, _ := inner(r.Inputs, "localNetworkAddressSpace", "addressPrefixes").([]any)
	for _, value := range space {
		if p, ok := l.Prefix(r, "localNetworkAddressSpace.addressPrefixes", value); ok && !slices.Contains(all, p) {
			all = append(all, p)
		}
	}
	return all
}
