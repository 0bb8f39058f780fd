package aws

import (
	"encoding/json"
	"strings"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

// service is one endpoint service of a backend, from whichever catalogue, with the keys of the
// topology that it stands for.
type service struct {
	// kind is the backend's, such as datadog.
	kind string
	// id is the service's part of names: its key, or what several services with one endpoint share.
	id   string
	keys []string
	// name is what AWS calls the service: com.amazonaws.….
	name string
	// zones are the private DNS names that the service has, by the private zone that each needs.
	zones []privateZone
	// hosts are the names that clients ask for. One that no zone answers is pointed at the first of
	// them by public DNS.
	hosts     []string
	versioned string
	// place is the service's own in a block of addresses.
	place, block int
	// field is where the backend asks for it: services.metrics, products.infra.
	field string
	// override is the path of the topology's own row of the catalogue, if it has one.
	override string
	// policy is the endpoint's policy in canonical JSON; empty where there is none.
	policy string
}

// privateZone is a zone of exactly the names that a service takes over: itself, all names below it
// ("*."), or both.
type privateZone struct {
	domain string
	names  []string
	// key is the zone's part of names, where a service has several.
	key string
}

// answers are the private DNS names of the endpoint: it answers all of them, or none.
func (s *service) answers() []string {
	var all []string
	for _, z := range s.zones {
		all = append(all, z.names...)
	}
	return all
}

// answering is the zone that answers a host, or nil.
func (s *service) answering(host string) *privateZone {
	for i, z := range s.zones {
		for _, name := range z.names {
			if below, wild := strings.CutPrefix(name, "*"); name == host || wild && strings.HasSuffix(host, below) {
				return &s.zones[i]
			}
		}
	}
	return nil
}

// domains are what a DNS server elsewhere asks a VPC's resolver for: the names that clients ask for and
// the zones that answer them, so that a server which follows CNAMEs itself and one which does not both
// end at the endpoint. None is a parent of a name that another service serves.
func (s *service) domains() []string {
	var all []string
	for _, host := range s.hosts {
		all = append(all, strings.TrimPrefix(host, "*."))
	}
	for _, z := range s.zones {
		all = append(all, z.domain)
	}
	return all
}

// path is where the topology names the service.
func (s *service) path(backend string) string {
	field := s.field
	if field == "" {
		field = "services." + diag.Step(s.keys[0])
	}
	return "backends." + backend + "." + s.kind + "." + field
}

// offers are the kinds of backends with endpoint services in AWS, and what lists those of a backend
// for endpoints in a place.
var offers = map[string]func(t *topology.Topology, body json.RawMessage, at place) []*service{
	datadogKind: datadogServices,
	ownKind:     ownServices,
}

// offered reports whether a backend's endpoints stand in AWS.
func offered(t *topology.Topology, backend string) bool {
	b := t.Backends[backend]
	return b != nil && offers[b.Kind] != nil
}

// placeIn is where a network is.
func placeIn(t *topology.Topology, network string) place {
	n := t.Networks[network]
	at := place{region: n.Region}
	if a := t.Accounts[n.Account]; a != nil && a.Kind == Name {
		at.account = compile.Decode[account](a.Body).ID
	}
	return at
}

// servicesOf returns a function that lists the endpoint services of a backend in a network, and reads
// each backend once a place: a thousand networks may use the same.
func servicesOf(t *topology.Topology) func(*compile.Hosting) []*service {
	type use struct {
		backend string
		at      place
	}
	known := map[use][]*service{}
	return func(h *compile.Hosting) []*service {
		b := t.Backends[h.Backend]
		id := use{h.Backend, placeIn(t, h.Network)}
		s, ok := known[id]
		if list := offers[b.Kind]; !ok && list != nil {
			s = list(t, b.Body, id.at)
			known[id] = s
		}
		return s
	}
}
