package plan

import "net/netip"

// OutputsVersion is the version of the outputs file.
const OutputsVersion = 1

// Outputs is what a deployed stack says of itself: which address answers for which endpoint. It is
// written after `up` and read by exports.
type Outputs struct {
	Version int    `json:"version"`
	Stack   string `json:"stack"`
	// Sandbox marks outputs of the simulated clouds; they must never reach a real server.
	Sandbox    bool             `json:"sandbox"`
	PlanDigest string           `json:"planDigest"`
	Endpoints  []EndpointOutput `json:"endpoints"`
	// Values are what only the cloud knows, by the reference that stands for it in a plan: part.output.
	Values map[string]string `json:"values,omitempty"`
	// Names are the plan's names with their addresses, for programs that only want those.
	Names []ResolvedName `json:"names"`
}

// EndpointOutput is one endpoint as the cloud reports it.
type EndpointOutput struct {
	Endpoint  string           `json:"endpoint"`
	Addresses []EndpointMember `json:"addresses"`
	// State is what the owner of the service says of the connection where it approves by hand: Pending,
	// Approved, Rejected or Disconnected. Until it is Approved nobody answers.
	State string `json:"state,omitempty"`
}

// EndpointMember is one address of an endpoint. FQDNs are the names that the cloud says it answers;
// they are empty where the cloud does not say (AWS).
type EndpointMember struct {
	Address netip.Addr `json:"address"`
	FQDNs   []string   `json:"fqdns,omitempty"`
	// Member is the cloud's name of what answers there, where it has one (Azure).
	Member string `json:"member,omitempty"`
}

// ResolvedName is a name and where it must resolve.
type ResolvedName struct {
	FQDN      string       `json:"fqdn"`
	Addresses []netip.Addr `json:"addresses"`
	Endpoint  string       `json:"endpoint"`
	Backend   string       `json:"backend"`
	// AliasOf is the endpoint's own name where FQDN is one of its aliases.
	AliasOf string `json:"aliasOf,omitempty"`
}
