package model

import (
	"slices"

	"github.com/obslink/obslink/compiler/plan"
)

// Path is what happens to a connection: the packet out, the answer back.
type Path struct {
	Out, Back []Step
	// Break is what drops the packet or the answer; nil where both arrive.
	Break *Break
	// Assumptions are taken on trust; each is listed once.
	Assumptions []Assumption
}

// Step is one thing that happens to a question or a packet at a network, site or router.
type Step struct {
	Node   string      `json:"node"`
	Text   string      `json:"text"`
	Origin plan.Origin `json:"origin,omitzero"`
}

// Assumption is existing state that the topology does not declare and that the path needs.
type Assumption struct {
	Text   string      `json:"text"`
	Origin plan.Origin `json:"origin,omitzero"`
	// Declare says what to write in the topology so that nothing is assumed.
	Declare string `json:"declare,omitempty"`
}

// Break is why a path ends before it should.
type Break struct {
	Reason Reason `json:"reason"`
	// Text says what is wrong in plain words.
	Text string `json:"text"`
	// Culprit is the declaration that would mend it.
	Culprit plan.Origin `json:"culprit,omitzero"`
	// Mend is what to write there.
	Mend string `json:"mend,omitempty"`
}

// Reason is a kind of Break.
type Reason string

// What ends a path. Names first, then the way out and the way back.
const (
	PublicAnswer        Reason = "publicAnswer"        // the name resolves to a public address
	NXDOMAIN            Reason = "nxdomain"            // a private zone answers that the name does not exist
	DNSAttributesOff    Reason = "dnsAttributesOff"    // private zones do not work inside the network
	ResolverUnreachable Reason = "resolverUnreachable" // the DNS server that should answer cannot be asked
	WrongEndpoint       Reason = "wrongEndpoint"       // the name resolves to something else

	Missing                Reason = "missing"                // the graph lacks what the path starts or ends at
	AddressFamily          Reason = "addressFamily"          // IPv6 to IPv4, or the reverse
	NoRoute                Reason = "noRoute"                // no route to the server
	NoReturnRoute          Reason = "noReturnRoute"          // no route back to the client
	Blackhole              Reason = "blackhole"              // a route drops it
	DanglingRoute          Reason = "danglingRoute"          // a route's target does not end where the route is
	NoAttachmentTable      Reason = "noAttachmentTable"      // a router has no table for what arrives over an attachment
	PeeringPassesNothingOn Reason = "peeringPassesNothingOn" // a peering delivers into one network only
	NetworkPassesNothingOn Reason = "networkPassesNothingOn" // so does an attachment and a VPN
	WrongNetwork           Reason = "wrongNetwork"           // it ends in a network or site that has the same addresses
	Loop                   Reason = "loop"                   // it goes round in a circle

	NoTunnel      Reason = "noTunnel"      // a site has no connection
	TunnelOut     Reason = "tunnelOut"     // the site does not send it into the tunnel
	TunnelIn      Reason = "tunnelIn"      // the gateway does not accept it from the tunnel
	TunnelBackOut Reason = "tunnelBackOut" // the gateway does not send the answer into the tunnel
	TunnelBackIn  Reason = "tunnelBackIn"  // the site does not accept the answer from the tunnel

	FilterOut  Reason = "filterOut"  // what stands before the client drops it
	FilterIn   Reason = "filterIn"   // what stands before the server drops it
	ACLOut     Reason = "aclOut"     // a subnet's edge drops it on the way out of the subnet
	ACLIn      Reason = "aclIn"      // … on the way into the subnet
	ACLBackOut Reason = "aclBackOut" // … the answer on the way out of the server's subnet
	ACLBackIn  Reason = "aclBackIn"  // … the answer on the way into the client's subnet
)

// Reasons lists every Reason.
var Reasons = []Reason{
	PublicAnswer, NXDOMAIN, DNSAttributesOff, ResolverUnreachable, WrongEndpoint,
	Missing, AddressFamily, NoRoute, NoReturnRoute, Blackhole, DanglingRoute, NoAttachmentTable,
	PeeringPassesNothingOn, NetworkPassesNothingOn, WrongNetwork, Loop,
	NoTunnel, TunnelOut, TunnelIn, TunnelBackOut, TunnelBackIn,
	FilterOut, FilterIn, ACLOut, ACLIn, ACLBackOut, ACLBackIn,
}

// assume adds an assumption once. The slice may be shared with another branch of a walk, so it is
// never appended to in place.
func assume(all []Assumption, a Assumption) []Assumption {
	if slices.ContainsFunc(all, func(b Assumption) bool { return a.Text == b.Text }) {
		return all
	}
	return append(slices.Clip(all), a)
}
