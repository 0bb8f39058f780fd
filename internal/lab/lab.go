// Package lab turns a world (a manifest, and what no manifest holds) into Linux network namespaces
// with real packets, DNS, WireGuard and TLS, and lets clients try names in it. It is what the
// reachability proof is held against, so it must not share the proof's reading: it takes zones,
// associations, routes and rules from the resources themselves, and imports no model of ours. What
// it reads is the table in types.go; README.md lists it in words, with what cannot be modelled.
package lab

import (
	"net/netip"
	"time"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
)

// World is what a lab builds.
type World struct {
	// Manifest holds the created resources as recorded.
	Manifest *manifest.Manifest
	// Declared is what no manifest holds: existing networks and zones, sites, their connections.
	Declared plan.Graph
	// Names are what public DNS knows, and what a site's hosts files hold.
	Names []plan.Name
}

// Host is a client: an address of a network or site. Node is the declared name, the cloud's id or
// the logical name of a resource.
type Host struct {
	Node    string
	Address netip.Addr
}

// DNS outcomes.
const (
	Private  = "private"
	Public   = "public"
	NXDomain = "nxdomain"
	// Timeout is no answer, or one that says that the resolver got none (SERVFAIL).
	Timeout = "timeout"
)

// Observation is what a client saw.
type Observation struct {
	DNS       string
	Addresses []netip.Addr
	// Reached are those of the addresses at which a TLS server answered.
	Reached []netip.Addr
	// Endpoint is the logical name in the certificate that answered.
	Endpoint string
	// Connected says that at least one address answered.
	Connected bool
	Err       error
}

// DefaultTimeout is how long a lab waits for DNS, and again for TCP and TLS. Failures cost this much.
const DefaultTimeout = 400 * time.Millisecond

// publicRange is where public DNS sends every name. Nothing answers there.
var publicRange = netip.MustParsePrefix("203.0.113.0/24")
