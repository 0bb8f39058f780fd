package topology

import "encoding/json"

// Site is an on-prem location.
type Site struct {
	CIDRs     []string   `json:"cidrs"`
	WireGuard *WireGuard `json:"wireguard"`
	VPN       *VPN       `json:"vpn"`
	Existing  *Uplink    `json:"existing"`
	DNS       SiteDNS    `json:"dns"`
	// AgentVersions are the Datadog Agent versions that run there, such as 7.70.1: the Agent asks
	// for a host name that carries its version, and a hosts file knows no wildcard.
	AgentVersions []string `json:"agentVersions"`
	// Machines are servers that a target manages; each is the target's to decode.
	Machines map[string]json.RawMessage `json:"machines"`
	Was      string                     `json:"was"`
}

// Network returns the network that the site's connection ends in and the path of that field; nothing
// where it ends at a transit gateway.
func (s *Site) Network() (name, field string) {
	switch {
	case s.WireGuard != nil:
		return s.WireGuard.Network, "wireguard.network"
	case s.VPN != nil && s.VPN.Network != "":
		return s.VPN.Network, "vpn.network"
	case s.Existing != nil && s.Existing.Network != "":
		return s.Existing.Network, "existing.network"
	default:
		return "", ""
	}
}

// Gateway returns the transit gateway that the site's connection ends at and the path of that field;
// nothing where it ends in a network.
func (s *Site) Gateway() (key, field string) {
	switch {
	case s.WireGuard != nil:
		return "", ""
	case s.VPN != nil && s.VPN.Network == "" && s.VPN.TransitGateway != "":
		return s.VPN.TransitGateway, "vpn.transitGateway"
	case s.Existing != nil && s.Existing.Network == "" && s.Existing.TransitGateway != "":
		return s.Existing.TransitGateway, "existing.transitGateway"
	default:
		return "", ""
	}
}

// Translated is the address by which a network sees the site, where its connection hides it behind
// one; else "".
func (s *Site) Translated() string {
	switch {
	case s.WireGuard != nil && s.WireGuard.SNAT:
		return s.WireGuard.Gateway.Existing
	case s.Existing != nil:
		return s.Existing.SNAT
	default:
		return ""
	}
}

// WireGuard is a tunnel to a gateway that already runs inside a network.
type WireGuard struct {
	Network    string     `json:"network"`
	Gateway    Gateway    `json:"gateway"`
	Endpoint   string     `json:"endpoint"`
	PublicKey  string     `json:"publicKey"`
	PrivateKey *SecretRef `json:"privateKey"`
	// AllowedIPs are those of the site's end; nil where the default is meant.
	AllowedIPs []string `json:"allowedIPs"`
	// SNAT says that the gateway hides the site behind its own address.
	SNAT bool `json:"snat"`
	// PeerAddress is the site's public address, or "".
	PeerAddress string `json:"peerAddress"`
}

// Gateway is the network's end of a tunnel: its private address and, where a route table that
// obslink owns must point at it, its network interface.
type Gateway struct {
	Existing  string `json:"existing"`
	Interface string `json:"interface"`
	// SecurityGroup lets the tunnel in; "" where that is somebody else's matter.
	SecurityGroup string `json:"securityGroup"`
	// Priority is that of the rule in the group; 0 where the default is meant, or nothing has one.
	Priority int `json:"priority"`
	// AllowedIPs are those of the gateway's end; nil where the default is meant.
	AllowedIPs []string `json:"allowedIPs"`
}

// Uplink is a VPN, ExpressRoute or Direct Connect that is already there. It ends in a network or at a
// transit gateway.
type Uplink struct {
	Network        string `json:"network"`
	TransitGateway string `json:"transitGateway"`
	Over           string `json:"over"`
	// Carries is nil where it is not declared.
	Carries []string `json:"carries"`
	// SNAT is the address that hides the site, or "".
	SNAT string `json:"snat"`
}

// VPN is an IPsec VPN that obslink makes, to the VPN gateway of a network or to a transit gateway.
type VPN struct {
	Network        string `json:"network"`
	TransitGateway string `json:"transitGateway"`
	Device         Device `json:"device"`
	// ASN is 0 where the routes are static.
	ASN          int64     `json:"asn"`
	BGPAddress   string    `json:"bgpAddress"`
	PreSharedKey SecretRef `json:"preSharedKey"`
	// Carries is nil where the default is meant.
	Carries []string `json:"carries"`
}

// Device is the site's end of a VPN: one of the two is given.
type Device struct {
	Address string `json:"address"`
	FQDN    string `json:"fqdn"`
}

// VPNGateway is a network's own end of VPNs. Existing is "" for one that obslink creates.
type VPNGateway struct {
	Existing string `json:"existing"`
	ASN      int64  `json:"asn"`
	// Subnet and SKU are "" where the target needs none or chooses.
	Subnet string `json:"subnet"`
	SKU    string `json:"sku"`
}
