// Package topology is what the user wrote, as plain data: the value that load makes and that checks
// and lowering read. It knows no cloud by name. What only one target understands (an account's ids,
// a backend's services) is kept as raw JSON and decoded by that target.
//
// Nothing in here may be changed after load.
package topology

import (
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/obslink/obslink/compiler/diag"
)

// Topology is one environment.
type Topology struct {
	Environment string
	// Protect makes the stack refuse `destroy` without --unprotect.
	Protect bool
	// ZoneAuthorizations is "kept", "removed" or "".
	ZoneAuthorizations string

	Accounts map[string]*Account
	Networks map[string]*Network
	Sites    map[string]*Site
	Backends map[string]*Backend
	Links    map[string]*Link
	Zones    map[string]*Zone
	// Catalogue holds rows that replace or add to what is known of backends, by their kind.
	Catalogue map[string]json.RawMessage
	// TransitGateways are routers that networks are attached to.
	TransitGateways map[string]*TransitGateway
	// Severities are by code.
	Severities map[string]Severity
	// Prices are by item and region.
	Prices map[string]map[string]Price

	// Locked holds the addresses of addresses.lock.json, keyed by endpoint name.
	Locked map[string]string
	// Pinned are the members of endpoints that addresses.lock.json holds, by endpoint name.
	Pinned map[string]Pinned
	// Where finds the user's position of a path such as "networks.hub.cidrs[0]". Every topology that
	// load made has it.
	Where func(path string) diag.Pos
}

// Pinned are an endpoint's members with their addresses, as the cloud told them once.
type Pinned struct {
	// Of is what the endpoint answered for when they were read: with anything more or less it has others.
	Of []string `json:"of"`
	// Members are addresses, by the cloud's names of the members.
	Members map[string]string `json:"members"`
}

// At returns where the user wrote the value at a path, or its nearest parent.
func (t *Topology) At(path string) diag.Pos {
	if t.Where == nil {
		return diag.Pos{}
	}
	return t.Where(path)
}

// Tagged is a value of one of several kinds: {"aws": {...}} is Kind "aws" with the inner object as
// Body. Kind is empty when the user wrote none, and All lists every kind written.
type Tagged struct {
	Kind string
	Body json.RawMessage
	All  []string
}

// Account is one cloud account or subscription; its kind names the target.
type Account struct {
	Tagged
	Was string
}

// Network is a VPC or VNet, created or existing.
type Network struct {
	Account string            `json:"account"`
	Region  string            `json:"region"`
	CIDRs   []string          `json:"cidrs"`
	Subnets map[string]Subnet `json:"subnets"`
	// Existing is nil for a network that obslink creates.
	Existing *Existing `json:"existing"`
	// Attach is nil for a network that no router joins.
	Attach *Attach `json:"attach"`
	// Inbound are the DNS inbound endpoints that are made.
	Inbound map[string]Inbound `json:"inbound"`
	// VPNGateway is nil for a network in which no site's VPN ends.
	VPNGateway *VPNGateway       `json:"vpnGateway"`
	Clients    map[string]Client `json:"clients"`
	// Resolver is "cloud", "public" or "".
	Resolver string `json:"resolver"`
	// Acknowledge is by backend.
	Acknowledge map[string]Acknowledgement `json:"acknowledge"`
	Was         string                     `json:"was"`
}

// Acknowledgement says why something is accepted.
type Acknowledgement struct {
	Reason string `json:"reason"`
}

// Client is a group of servers of a network. Egress is nil where it is not declared.
type Client struct {
	Subnet        string   `json:"subnet"`
	CIDR          string   `json:"cidr"`
	Uses          []string `json:"uses"`
	SecurityGroup string   `json:"securityGroup"`
	Egress        []string `json:"egress"`
}

// Severity is what a finding counts as: "error", "warning" or "acknowledged".
type Severity struct {
	Level  string `json:"level"`
	Reason string `json:"reason"`
}

// Price is an amount of US dollars, as the user wrote it.
type Price struct {
	USD    json.Number `json:"usd"`
	Source string      `json:"source"`
}

// Zone is a private DNS zone that is there already.
type Zone struct {
	Domain   string `json:"domain"`
	Existing string `json:"existing"`
	// Account holds the zone; "" is that of the first network.
	Account string `json:"account"`
	// Networks is nil where none sees it yet and an endpoint is to take it.
	Networks []string `json:"networks"`
	// Links are the names of the zone's attachments, by network, where the cloud has such.
	Links       map[string]string   `json:"links"`
	FallThrough bool                `json:"fallThrough"`
	Records     map[string][]string `json:"records"`
}

// Existing names what is already there. Which fields count is the target's matter.
type Existing struct {
	VPC         string            `json:"vpc"`
	RouteTables map[string]string `json:"routeTables"`
	// Routes are prefixes that tables lead to already, by table.
	Routes       map[string][]string `json:"routes"`
	DNSSupport   *bool               `json:"dnsSupport"`
	DNSHostnames *bool               `json:"dnsHostnames"`
	Resolvers    []string            `json:"resolvers"`
	// Endpoints are by backend and service, SecurityGroups by a name of the user's choice.
	Endpoints      map[string]map[string]*ExistingEndpoint `json:"endpoints"`
	SecurityGroups map[string]*ExistingGroup               `json:"securityGroups"`
	ResourceGroup  string                                  `json:"resourceGroup"`
	VirtualNetwork string                                  `json:"virtualNetwork"`
}

// DNSAttributes reports whether private zones and endpoint names work inside the network.
func (n *Network) DNSAttributes() bool {
	return n.Existing == nil || (n.Existing.DNSSupport == nil || *n.Existing.DNSSupport) && (n.Existing.DNSHostnames == nil || *n.Existing.DNSHostnames)
}

// Subnet is a part of a network in which endpoints can be placed.
type Subnet struct {
	CIDR string `json:"cidr"`
	// RouteTable is a key of the network's existing route tables.
	RouteTable string `json:"routeTable"`
	// NetworkACL is nil where everything passes.
	NetworkACL *NetworkACL `json:"networkACL"`
	// Zone is an availability zone id such as use1-az6.
	Zone string `json:"zone"`
	// Existing is the id or name of a subnet that is already there.
	Existing string `json:"existing"`
	// Endpoints is nil or true where endpoints may be placed.
	Endpoints *bool `json:"endpoints"`
	// Addresses are fixed endpoint addresses, by backend and service.
	Addresses map[string]map[string]string `json:"addresses"`
	Was       string                       `json:"was"`
}

// NetworkACL is a stateless filter at a subnet's edge.
type NetworkACL struct {
	Ingress []ACLRule `json:"ingress"`
	Egress  []ACLRule `json:"egress"`
}

// ACLRule is one rule of a network ACL. Ports is "", a port or a range; Action "", "allow" or "deny".
type ACLRule struct {
	CIDR   string `json:"cidr"`
	Ports  string `json:"ports"`
	Action string `json:"action"`
}

// PortRange is the first and the last port of a rule: "443", "1024-65535", or every port where the
// rule names none.
func (r ACLRule) PortRange() (ports [2]int, err error) {
	if r.Ports == "" {
		return [2]int{0, 65535}, nil
	}
	first, last, isRange := strings.Cut(r.Ports, "-")
	if !isRange {
		last = first
	}
	for i, text := range []string{first, last} {
		if ports[i], err = strconv.Atoi(text); err != nil || ports[i] < 0 || ports[i] > 65535 {
			return ports, fmt.Errorf("%q is no port", text)
		}
	}
	if ports[0] > ports[1] {
		return ports, fmt.Errorf("%q ends before it begins", r.Ports)
	}
	return ports, nil
}

// HoldsEndpoints reports whether endpoints may be placed in the subnet.
func (s Subnet) HoldsEndpoints() bool { return s.Endpoints == nil || *s.Endpoints }

// Kind is the kind of the account that a network stands in, which names its target; "" when the
// account is not declared.
func (t *Topology) Kind(network string) string {
	if n := t.Networks[network]; n != nil {
		if a := t.Accounts[n.Account]; a != nil {
			return a.Kind
		}
	}
	return ""
}

// SecretRef names a secret of the stack; the value is never in a topology.
type SecretRef struct {
	Secret string `json:"secret"`
}

// Backend is what is to be reached; its kind names the service (and through it a target).
type Backend struct {
	Tagged
	Was string
}

// Link is a declared need.
type Link struct {
	From string `json:"from"`
	To   string `json:"to"`
	// Clients are groups of servers of From; nil where the whole of it is meant.
	Clients map[string]struct{} `json:"clients"`
	Via     Via                 `json:"via"`
	Was     string              `json:"was"`
	// Chosen says why Via is what it is, where package choose filled it in.
	Chosen string `json:"-"`
}

// Groups are the groups of servers that the link is for, sorted; nil where it is for all of From.
func (l *Link) Groups() []string { return slices.Sorted(maps.Keys(l.Clients)) }

// Via is the mechanism of a link; exactly one field is set, or none where the user leaves it open.
type Via struct {
	Peering        *Peering  `json:"peering"`
	TransitGateway *Through  `json:"transitGateway"`
	Endpoint       *Endpoint `json:"endpoint"`
	// Declared says that the user wrote it, be it empty.
	Declared bool `json:"-"`
}

// UnmarshalJSON tells a mechanism that was left open from one that is there.
func (v *Via) UnmarshalJSON(raw []byte) error {
	type plain Via
	v.Declared = true
	return json.Unmarshal(raw, (*plain)(v))
}

// Kinds are the mechanisms that are written, sorted.
func (v Via) Kinds() []string {
	var kinds []string
	for _, k := range []struct {
		name    string
		written bool
	}{{"endpoint", v.Endpoint != nil}, {"peering", v.Peering != nil}, {"transitGateway", v.TransitGateway != nil}} {
		if k.written {
			kinds = append(kinds, k.name)
		}
	}
	return kinds
}

// Joins reports whether the endpoints stand in another network, which the client's is joined to.
func (v Via) Joins() bool { return v.Peering != nil || v.TransitGateway != nil }

// Through: the endpoint stands in another network, which routers join with the client's.
type Through struct {
	Endpoints   string `json:"endpoints"`
	CrossRegion bool   `json:"crossRegion"`
}

// Endpoint: the endpoint stands in the client's network, or in the one where its tunnel ends.
type Endpoint struct {
	Network     string `json:"network"`
	CrossRegion bool   `json:"crossRegion"`
}

// CrossRegion reports whether the endpoint may stand in another region than its backend, and the path
// of that field.
func (v Via) CrossRegion() (crosses bool, field string) {
	switch {
	case v.Peering != nil:
		return v.Peering.CrossRegion, "via.peering.crossRegion"
	case v.TransitGateway != nil:
		return v.TransitGateway.CrossRegion, "via.transitGateway.crossRegion"
	case v.Endpoint != nil:
		return v.Endpoint.CrossRegion, "via.endpoint.crossRegion"
	default:
		return false, ""
	}
}

// Mechanism names it, as products print it; "" where it is open.
func (v Via) Mechanism() string {
	crosses, _ := v.CrossRegion()
	switch {
	case v.Peering != nil && crosses:
		return "peering with a cross-region endpoint"
	case v.Peering != nil:
		return "peering"
	case v.TransitGateway != nil && crosses:
		return "transit gateway with a cross-region endpoint"
	case v.TransitGateway != nil:
		return "transit gateway"
	case v.Endpoint != nil && crosses:
		return "cross-region endpoint"
	case v.Endpoint != nil:
		return "endpoint"
	default:
		return ""
	}
}

// Network returns the network that holds the endpoint and the path of that field.
func (v Via) Network() (name, field string) {
	switch {
	case v.Peering != nil:
		return v.Peering.Endpoints, "via.peering.endpoints"
	case v.TransitGateway != nil:
		return v.TransitGateway.Endpoints, "via.transitGateway.endpoints"
	case v.Endpoint != nil:
		return v.Endpoint.Network, "via.endpoint.network"
	default:
		return "", ""
	}
}

// Sorted walks a map in the order of its keys. Products have no other order.
func Sorted[V any](m map[string]V) iter.Seq2[string, V] {
	return func(yield func(string, V) bool) {
		for _, k := range slices.Sorted(maps.Keys(m)) {
			if !yield(k, m[k]) {
				return
			}
		}
	}
}
