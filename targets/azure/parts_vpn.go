package azure

import (
	"net/netip"

	"github.com/obslink/obslink/compiler/plan"
)

// ExistingGateway is looked up: it must be a route-based VPN gateway of the VNet, and speak BGP where a
// site's device does. VNet is the ARM id; ASNs are those of devices, which must not be its own.
type ExistingGateway struct {
	Provider      string      `json:"provider"`
	ResourceGroup string      `json:"resourceGroup"`
	Name          string      `json:"name"`
	VNet          string      `json:"vnet"`
	BGP           bool        `json:"bgp,omitempty"`
	ASNs          []int64     `json:"asns,omitempty"`
	Origin        plan.Origin `json:"origin"`
}

// PublicIP is a static address of the internet. Zones is empty where the region has none.
type PublicIP struct {
	plan.Part
	In
	Location string   `json:"location"`
	Zones    []string `json:"zones,omitempty"`
}

// VPNGateway is the network's end of VPNs, in a subnet of its own. After is the last write of the VNet
// before it. ASN is 0 where Azure's is meant.
type VPNGateway struct {
	plan.Part
	In
	Location string   `json:"location"`
	SKU      string   `json:"sku"`
	Subnet   plan.Ref `json:"subnet"`
	PublicIP string   `json:"publicIp"`
	BGP      bool     `json:"bgp,omitempty"`
	ASN      int64    `json:"asn,omitempty"`
	After    string   `json:"after,omitempty"`
}

// LocalGateway is what Azure knows of a site's device: one of Address and FQDN. Prefixes are what Azure
// routes to it; with BGP only the device's own address, which tells the rest.
type LocalGateway struct {
	plan.Part
	In
	Location   string         `json:"location"`
	Address    netip.Addr     `json:"address,omitzero"`
	FQDN       string         `json:"fqdn,omitempty"`
	Prefixes   []netip.Prefix `json:"prefixes"`
	ASN        int64          `json:"asn,omitempty"`
	BGPAddress netip.Addr     `json:"bgpAddress,omitzero"`
}

// VPNConnection is a tunnel between a gateway and a site's device. Gateway.Existing holds an ARM id;
// Secret is the name of the stack's secret that holds the pre-shared key.
type VPNConnection struct {
	plan.Part
	In
	Location     string   `json:"location"`
	Gateway      plan.Ref `json:"gateway"`
	LocalGateway string   `json:"localGateway"`
	BGP          bool     `json:"bgp,omitempty"`
	Secret       string   `json:"secret"`
}
