// Package plan is the contract between lowering and everything after it: plain data, nothing that
// talks to a cloud. A plan holds the neutral graph that a proof reads, each target's parts (the
// objects that become Pulumi resources) and the names that clients ask for. Every element carries
// the place in the topology that it came from.
//
// Lowering writes a plan; nothing may change it afterwards. Slices are in the order of names.
package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/netip"
	"strings"

	"github.com/obslink/obslink/compiler/diag"
)

// Version is the version of the plan's JSON form.
const Version = 1

// Plan is one compiled stack.
type Plan struct {
	Version     int    `json:"version"`
	Stack       string `json:"stack"`
	Environment string `json:"environment"`
	Protect     bool   `json:"protect"`
	Graph       Graph  `json:"graph"`
	// Parts are keyed by target; the value is that target's own type.
	Parts map[string]any `json:"parts"`
	Names []Name         `json:"names"`
	// Secrets are the names of the stack's secrets that the topology refers to.
	Secrets []Secret `json:"secrets,omitempty"`
}

// Digest identifies the plan: a hash of its JSON form without positions, so that a comment or a
// moved line changes nothing.
func (p *Plan) Digest() string {
	stripped, err := json.Marshal(p.withoutOrigins())
	if err != nil {
		panic("plan does not marshal: " + err.Error() + "; this is a bug in obslink")
	}
	sum := sha256.Sum256(stripped)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// withoutOrigins is the plan as generic JSON data with every "origin" taken out.
func (p *Plan) withoutOrigins() any {
	raw, err := json.Marshal(p)
	if err != nil {
		panic("plan does not marshal: " + err.Error() + "; this is a bug in obslink")
	}
	var data any
	if err := json.Unmarshal(raw, &data); err != nil {
		panic("plan does not read back: " + err.Error() + "; this is a bug in obslink")
	}
	return dropOrigins(data)
}

func dropOrigins(v any) any {
	switch v := v.(type) {
	case map[string]any:
		delete(v, "origin")
		for k, e := range v {
			v[k] = dropOrigins(e)
		}
	case []any:
		for i, e := range v {
			v[i] = dropOrigins(e)
		}
	}
	return v
}

// Origin is the place in the topology that an element came from. Its JSON form is one string, such
// as "networks.hub stacks/base.cue:19:3".
type Origin struct {
	Path string
	Pos  diag.Pos
}

// MarshalText writes the path and the position.
func (o Origin) MarshalText() ([]byte, error) {
	return []byte(strings.TrimSpace(o.Path + " " + o.Pos.String())), nil
}

// Part is what every object that becomes a Pulumi resource carries.
type Part struct {
	// Name is the resource's logical name: a kind and the topology's keys, joined by "_", which no
	// key contains. It stays when other elements come, go or move.
	Name string `json:"name"`
	// Was holds former logical names, from `was` in the topology: Pulumi aliases.
	Was []string `json:"was,omitempty"`
	// Provider is the logical name of the explicit provider.
	Provider string `json:"provider,omitempty"`
	Origin   Origin `json:"origin"`
}

// Ref is an object that is either created by this plan or already there; exactly one field is set.
type Ref struct {
	// Part is the logical name of a part of this plan.
	Part string `json:"part,omitempty"`
	// Existing is the cloud's id of an existing object.
	Existing string `json:"existing,omitempty"`
}

// Graph is the neutral picture of the network.
type Graph struct {
	Networks    []Network    `json:"networks"`
	Sites       []Site       `json:"sites,omitempty"`
	Connections []Connection `json:"connections,omitempty"`
	Endpoints   []Endpoint   `json:"endpoints,omitempty"`
	Filters     []Filter     `json:"filters,omitempty"`
	Zones       []Zone       `json:"zones,omitempty"`
}

// Network is a VPC or VNet with its route tables.
type Network struct {
	Name        string         `json:"name"`
	CIDRs       []netip.Prefix `json:"cidrs"`
	Existing    bool           `json:"existing"`
	Subnets     []Subnet       `json:"subnets,omitempty"`
	RouteTables []RouteTable   `json:"routeTables,omitempty"`
	// DNSAttributes says that private zones and endpoint names work inside the network.
	DNSAttributes bool   `json:"dnsAttributes"`
	Origin        Origin `json:"origin"`
}

// Subnet is a range of a network.
type Subnet struct {
	Name string       `json:"name"`
	CIDR netip.Prefix `json:"cidr"`
	// RouteTable is empty where the subnet's table is not declared.
	RouteTable string `json:"routeTable,omitempty"`
	Origin     Origin `json:"origin"`
}

// RouteTable holds the routes that the plan adds; an existing table may hold more.
type RouteTable struct {
	Name     string  `json:"name"`
	Existing bool    `json:"existing"`
	Routes   []Route `json:"routes,omitempty"`
}

// Route sends a prefix to a connection, named by Connection.Name.
type Route struct {
	Destination netip.Prefix `json:"destination"`
	Target      string       `json:"target"`
	Origin      Origin       `json:"origin"`
}

// Site is an on-prem location.
type Site struct {
	Name   string         `json:"name"`
	CIDRs  []netip.Prefix `json:"cidrs"`
	Origin Origin         `json:"origin"`
}

// Connection kinds.
const (
	KindPeering   = "peering"
	KindWireGuard = "wireguard"
	KindExisting  = "existing"
)

// Connection joins two nodes (networks or sites, by name).
type Connection struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
	A    string `json:"a"`
	B    string `json:"b"`
	// SNAT is the address that a gateway hides side A behind, if it does.
	SNAT netip.Addr `json:"snat,omitzero"`
	// Assumed says that the connection is there already and obslink cannot see its inside.
	Assumed bool   `json:"assumed,omitempty"`
	Origin  Origin `json:"origin"`
}

// Endpoint is a backend's private address inside a network.
type Endpoint struct {
	Name    string `json:"name"`
	Network string `json:"network"`
	Subnet  string `json:"subnet"`
	Backend string `json:"backend"`
	// Addresses are known before anything is built where the cloud lets obslink pin them; nil means
	// that they come from outputs.
	Addresses []netip.Addr `json:"addresses,omitempty"`
	// PrivateDNS are names that the endpoint itself answers inside its network.
	PrivateDNS []string `json:"privateDNS,omitempty"`
	Filters    []string `json:"filters,omitempty"`
	Origin     Origin   `json:"origin"`
}

// Filter is a stateful filter in front of an endpoint.
type Filter struct {
	Name    string  `json:"name"`
	Ingress []Allow `json:"ingress"`
}

// Allow admits TCP from a prefix to a port.
type Allow struct {
	From   netip.Prefix `json:"from"`
	Port   int          `json:"port"`
	Origin Origin       `json:"origin"`
}

// Zone is a private DNS zone and the networks that see it.
type Zone struct {
	Name     string   `json:"name"`
	Part     string   `json:"part"`
	Networks []string `json:"networks"`
	// FallThrough says that a name the zone does not hold is asked for in public DNS.
	FallThrough bool     `json:"fallThrough,omitempty"`
	Records     []Record `json:"records,omitempty"`
	Origin      Origin   `json:"origin"`
}

// Record answers a name with an endpoint's addresses.
type Record struct {
	Name     string `json:"name"`
	Endpoint string `json:"endpoint"`
}

// Name is an FQDN that clients ask for.
type Name struct {
	// FQDN has no trailing dot. It may hold ${part.output} where only the cloud knows a part of it.
	FQDN     string `json:"fqdn"`
	Backend  string `json:"backend"`
	Service  string `json:"service"`
	Endpoint string `json:"endpoint"`
	// Zone is the private zone that answers, if one does.
	Zone string `json:"zone,omitempty"`
	// Aliases are further names that clients really ask for and that public DNS points at FQDN. A
	// hosts file must list each, since it does not follow a CNAME.
	Aliases []string `json:"aliases,omitempty"`
	// Versioned is a host name with %s for a Datadog Agent's version, such as 7-70-1.
	Versioned string `json:"versioned,omitempty"`
	// Optional says that real endpoints were seen without this name: its absence is no finding.
	Optional bool `json:"optional,omitempty"`
	// Clients are the networks and sites linked to the backend through this endpoint.
	Clients []string `json:"clients"`
	Origin  Origin   `json:"origin"`
}

// Secret is a reference to a secret of the stack.
type Secret struct {
	Name   string `json:"name"`
	Origin Origin `json:"origin"`
}
