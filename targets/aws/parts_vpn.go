package aws

import (
	"net/netip"

	"github.com/obslink/obslink/compiler/plan"
)

// ExistingVPNGateway is looked up: it must be attached to the VPC, and its side of BGP must not have the
// ASN of a device.
type ExistingVPNGateway struct {
	Provider string      `json:"provider"`
	ID       string      `json:"id"`
	VPC      string      `json:"vpc"`
	ASNs     []int64     `json:"asns,omitempty"`
	Origin   plan.Origin `json:"origin"`
}

// ExistingTunnelHost is the EC2 instance on which tunnels of sites end. It is looked up by its network
// interface: it must have the address and, since it passes on packets of others, no source/destination
// check.
type ExistingTunnelHost struct {
	Provider  string     `json:"provider"`
	Interface string     `json:"interface"`
	Address   netip.Addr `json:"address"`
	// SecurityGroup is one that the host must have; empty where none is declared.
	SecurityGroup string      `json:"securityGroup,omitempty"`
	Origin        plan.Origin `json:"origin"`
}

// CustomerGateway is what AWS knows of a site's device. ASN is 0 without BGP.
type CustomerGateway struct {
	plan.Part
	Address netip.Addr `json:"address"`
	ASN     int64      `json:"asn,omitempty"`
}

// VPNGateway is created and attached to a VPC.
type VPNGateway struct {
	plan.Part
	VPC plan.Ref `json:"vpc"`
	ASN int64    `json:"asn,omitempty"`
}

// VPNConnection is two tunnels from a device to a VPN gateway or a transit gateway.
type VPNConnection struct {
	plan.Part
	CustomerGateway string   `json:"customerGateway"`
	VPNGateway      plan.Ref `json:"vpnGateway,omitzero"`
	TransitGateway  plan.Ref `json:"transitGateway,omitzero"`
	// Static says that there is no BGP.
	Static bool `json:"static"`
	// Secret is the name of the stack's secret that holds the pre-shared key of both tunnels.
	Secret string `json:"secret"`
}

// VPNRoute is a static route of a VPN gateway to a site.
type VPNRoute struct {
	plan.Part
	Connection  string       `json:"connection"`
	Destination netip.Prefix `json:"destination"`
}

// VPNPropagation gives a VPC's route table the routes of its VPN gateway.
type VPNPropagation struct {
	plan.Part
	RouteTable plan.Ref `json:"routeTable"`
	VPNGateway plan.Ref `json:"vpnGateway"`
}

// TunnelRule lets the UDP packets of a tunnel in to the host that it ends on, from one address.
type TunnelRule struct {
	plan.Part
	// SecurityGroup is the id of an existing one.
	SecurityGroup string       `json:"securityGroup"`
	From          netip.Prefix `json:"from"`
	Port          int          `json:"port"`
	Description   string       `json:"description"`
}
