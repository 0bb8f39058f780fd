package aws

import (
	"net/netip"

	"github.com/obslink/obslink/compiler/plan"
)

// ExistingEndpoint is looked up: service, state, VPC, addresses, private DNS and security group must be
// as declared.
type ExistingEndpoint struct {
	// Name is the graph's.
	Name        string       `json:"name"`
	Provider    string       `json:"provider"`
	ID          string       `json:"id"`
	VPC         string       `json:"vpc"`
	ServiceName string       `json:"serviceName"`
	Addresses   []netip.Addr `json:"addresses"`
	PrivateDNS  bool         `json:"privateDns"`
	// SecurityGroup is one of its groups.
	SecurityGroup string      `json:"securityGroup"`
	Origin        plan.Origin `json:"origin"`
}

// ExistingGroup is looked up: it must be the VPC's, unless that one is created, and none of its rules may
// be one that the plan adds, since AWS refuses a second one like it.
type ExistingGroup struct {
	Provider string         `json:"provider"`
	ID       string         `json:"id"`
	VPC      string         `json:"vpc,omitempty"`
	Admits   []netip.Prefix `json:"admits,omitempty"`
	Adds     []netip.Prefix `json:"adds,omitempty"`
	// LetsOut and AddsOut are the same of what goes out.
	LetsOut []netip.Prefix `json:"letsOut,omitempty"`
	AddsOut []netip.Prefix `json:"addsOut,omitempty"`
	Origin  plan.Origin    `json:"origin"`
}

// ExistingPeering is looked up: it must be active and join the two VPCs.
type ExistingPeering struct {
	Provider string      `json:"provider"`
	ID       string      `json:"id"`
	VPCs     [2]string   `json:"vpcs"`
	Origin   plan.Origin `json:"origin"`
}

// HeldRoute is a route that an existing table has already, and the id that it leads to.
type HeldRoute struct {
	Destination netip.Prefix `json:"destination"`
	Target      string       `json:"target"`
}

// ExistingZone is looked up in its account: it must be private and of that name, and each of the VPCs
// must see it.
type ExistingZone struct {
	Provider string      `json:"provider"`
	ID       string      `json:"id"`
	Domain   string      `json:"domain"`
	VPCs     []string    `json:"vpcs"`
	Origin   plan.Origin `json:"origin"`
}

// FreeName is a name that the plan lets a zone or an endpoint answer in existing VPCs of one account and region: it
// is looked up that nothing does so yet. Of other accounts' zones no look-up of this account tells.
type FreeName struct {
	Provider string `json:"provider"`
	Domain   string `json:"domain"`
	// Service is the endpoint service whose private DNS would answer the name too.
	Service string      `json:"service"`
	VPCs    []string    `json:"vpcs"`
	Origin  plan.Origin `json:"origin"`
}
