package aws

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/topology"
	"github.com/obslink/obslink/schema"
)

const ownKind = "awsServices"

// ownBlock is how many addresses a backend of AWS's own services may take in a subnet: the places of
// the catalogue, with room for those to come.
const ownBlock = 64

// awsServices is the body of a backend of kind awsServices.
type awsServices struct {
	Region   string                `json:"region"`
	Services map[string]awsService `json:"services"`
}

// awsService is what the topology says of one service.
type awsService struct {
	Names  []string        `json:"names"`
	Policy json.RawMessage `json:"policy"`
}

// ownServices lists AWS's own services that a backend names. What the catalogue does not know is
// reported, and left out here.
func ownServices(_ *topology.Topology, raw json.RawMessage, at place) []*service {
	body := compile.Decode[awsServices](raw)
	at.region = cmp.Or(body.Region, at.region)
	var all []*service
	for key, said := range topology.Sorted(body.Services) {
		row, known := schema.AWSServiceCatalogue().Services[key]
		if !known {
			continue
		}
		s := &service{
			kind: ownKind, id: plan.Slug(key), keys: []string{key}, name: ownPrefix + at.region + "." + key,
			place: row.Place, block: ownBlock, policy: canonical(said.Policy),
		}
		for _, name := range filled(row.Names, at) {
			s.answer(name)
			if !strings.HasPrefix(name, "*.") {
				s.hosts = append(s.hosts, name)
			}
		}
		s.hosts = append(append(s.hosts, filled(row.Hosts, at)...), said.Names...)
		slices.Sort(s.hosts)
		s.hosts = slices.Compact(s.hosts)
		all = append(all, s)
	}
	return all
}

// ownPrefix begins the names of AWS's own services; a region follows.
const ownPrefix = "com.amazonaws."

func filled(names []string, at place) []string {
	all := make([]string, len(names))
	for i, name := range names {
		all[i] = schema.Fill(name, at.region, at.account)
	}
	return all
}

// answer adds a private DNS name. A name and the wildcard below it share a zone.
func (s *service) answer(name string) {
	domain := strings.TrimPrefix(name, "*.")
	for i := range s.zones {
		if s.zones[i].domain == domain {
			s.zones[i].names = append(s.zones[i].names, name)
			return
		}
	}
	s.zones = append(s.zones, privateZone{domain: domain, names: []string{name}, key: plan.Slug(domain)})
}

// canonical is a policy with its fields in order, so that a topology written in another order makes
// the same endpoint.
func canonical(policy json.RawMessage) string {
	if len(policy) == 0 {
		return ""
	}
	d := json.NewDecoder(bytes.NewReader(policy))
	d.UseNumber()
	var data any
	if err := d.Decode(&data); err != nil {
		panic("a checked policy does not decode: " + err.Error() + "; this is a bug in obslink")
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(data); err != nil {
		panic("a policy does not encode: " + err.Error() + "; this is a bug in obslink")
	}
	return strings.TrimSpace(b.String())
}
