package aws

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var (
	noSuchEndpoint = diag.Code{
		ID: "OBS770", Severity: diag.Error, Title: "an existing endpoint of a service that the backend does not name",
		Cause:   "`existing.endpoints` is by backend and service. A key that the backend does not name would be ignored in silence, and the endpoint's names would be taken for free ones.",
		Example: `backends: dd: datadog: services: metrics: {}` + "\n" + `hub: existing: endpoints: dd: metric: {id: "vpce-0a1b", …}`,
		Mend:    `hub: existing: endpoints: dd: metrics: {id: "vpce-0a1b", …}`,
	}
	endpointShape = diag.Code{
		ID: "OBS771", Severity: diag.Error, Title: "not the addresses of an interface endpoint",
		Cause:   "An interface endpoint has one address in each of its subnets, which are in different availability zones (PrivateLink guide p. 59, 2026), and at least one. Its addresses go into hosts files and records, so all of them are declared.",
		Example: `hub: existing: endpoints: dd: metrics: {id: "vpce-0a1b", addresses: [], securityGroup: "shared"}`,
		Mend:    `hub: existing: endpoints: dd: metrics: {id: "vpce-0a1b", addresses: ["192.168.0.10"], securityGroup: "shared"}`,
	}
	privateDNSTwice = diag.Code{
		ID: "OBS772", Severity: diag.Error, Title: "an existing endpoint answers a name that something else would answer",
		Cause:   "In one VPC a name has one private answer: AWS refuses a second endpoint with private DNS for it (hashicorp/terraform-provider-aws#17535) and a private zone of that name (ConflictingDomainExists, #37783). The private DNS of an endpoint answers every server of its VPC, whether a link leads to it or not.",
		Example: `hub: existing: endpoints: old: metrics: {id: "vpce-0a1b", …}   // private DNS for metrics.agent.datadoghq.com` + "\n" + `links: own: {from: "hub", to: "dd"}   // a new endpoint for the same name`,
		Mend:    `hub: existing: endpoints: dd: metrics: {id: "vpce-0a1b", …}   // the link uses the endpoint that is there`,
	}
	groupTwice = diag.Code{
		ID: "OBS773", Severity: diag.Error, Title: "two existing security groups for one backend",
		Cause:   "New endpoints of a backend stand behind one group: with two, the clients' rules would be in one of them only.",
		Example: `hub: existing: securityGroups: {a: {id: "sg-0a1b", backends: ["dd"]}, b: {id: "sg-0c3d", backends: ["dd"]}}`,
		Mend:    `hub: existing: securityGroups: {a: {id: "sg-0a1b", backends: ["dd"]}, b: id: "sg-0c3d"}`,
	}
)

// checkExisting checks endpoints and groups that are there already, each by itself.
func checkExisting(t *topology.Topology) diag.List {
	var found diag.List
	services := servicesOf(t)
	for key, n := range topology.Sorted(t.Networks) {
		if t.Kind(key) != Name || n.Existing == nil {
			continue
		}
		for backend, declared := range topology.Sorted(n.Existing.Endpoints) {
			if !offered(t, backend) {
				at := "networks." + key + ".existing.endpoints." + backend
				found = append(found, noSuchEndpoint.At(t.At(at), at, "backend %q has no endpoints in AWS", backend).WithHint("name a backend whose services are in AWS"))
				continue
			}
			all := services(&compile.Hosting{Network: key, Backend: backend})
			found = append(found, existingOf(t, key, backend, declared, all)...)
		}
		for name, g := range topology.Sorted(n.Existing.SecurityGroups) {
			for i, backend := range g.Backends {
				if first := n.GroupFor(backend); first != name {
					at := fmt.Sprintf("networks.%s.existing.securityGroups.%s.backends[%d]", key, name, i)
					found = append(found, groupTwice.At(t.At(at), at, "groups %q and %q are both for backend %q", first, name, backend).
						WithNote(t.At("networks."+key+".existing.securityGroups."+first), "the other group").WithHint("take %q out of one of them", backend))
				}
			}
		}
	}
	return found
}

// existingOf checks the existing endpoints of one backend in one network.
func existingOf(t *topology.Topology, network, backend string, declared map[string]*topology.ExistingEndpoint, all []*service) diag.List {
	var found diag.List
	first := map[string]string{} // key by endpoint service
	for key, e := range topology.Sorted(declared) {
		path := existingPath(network, backend, key)
		i := slices.IndexFunc(all, func(s *service) bool { return slices.Contains(s.keys, key) })
		if i < 0 {
			found = append(found, notNamed(noSuchEndpoint.At(t.At(path), path, "backend %q does not name service %q", backend, key), key, all))
			continue
		}
		if other, taken := first[all[i].name]; taken {
			found = append(found, declaredTwice.At(t.At(path), path, "services %q and %q share one endpoint, which is declared twice", other, key).
				WithNote(t.At(existingPath(network, backend, other)), "the other declaration").WithHint("declare it for one of them only"))
			continue
		}
		first[all[i].name] = key
		found = append(found, addressesOf(t, path, network, e)...)
	}
	return found
}

// notNamed hints at the services that a backend names.
func notNamed(d diag.Diagnostic, key string, all []*service) diag.Diagnostic {
	var keys []string
	for _, s := range all {
		keys = append(keys, s.keys...)
	}
	slices.Sort(keys)
	if near := diag.DidYouMean(key, keys); near != "" {
		return d.WithHint("did you mean %q?", near)
	}
	return d.WithHint("one of: %s", strings.Join(keys, ", "))
}

// addressesOf checks that an existing endpoint has one address in each of some subnets.
func addressesOf(t *topology.Topology, path, network string, e *topology.ExistingEndpoint) diag.List {
	at := path + ".addresses"
	if len(e.Addresses) == 0 {
		return diag.List{endpointShape.At(t.At(at), at, "existing endpoint %q has no address", e.ID).WithHint("write the addresses of its network interfaces")}
	}
	var found diag.List
	in := map[string]int{}
	for i, text := range e.Addresses {
		a, err := netip.ParseAddr(text)
		if err != nil {
			continue // reported with the address
		}
		sub := subnetHolding(t.Networks[network], a)
		if other, taken := in[sub]; taken && sub != "" {
			at := fmt.Sprintf("%s.addresses[%d]", path, i)
			found = append(found, endpointShape.At(t.At(at), at, "%s and %s are both in subnet %q", e.Addresses[other], text, sub).WithHint("write its one address in that subnet"))
		}
		in[sub] = i
	}
	return found
}

// checkExistingNames checks that nothing else answers the names of an existing endpoint with private DNS
// in its network.
func checkExistingNames(t *topology.Topology) diag.List {
	c := &nameHolders{t: t, services: servicesOf(t), by: map[question]holder{}}
	c.endpoints()
	if len(c.by) == 0 {
		return c.found
	}
	for key, z := range topology.Sorted(t.Zones) {
		for _, network := range z.Networks {
			c.ask("zones."+key+".domain", "zone \""+key+"\"", question{network, strings.ToLower(z.Domain)})
		}
	}
	for _, h := range compile.Hostings(t, Name) {
		if offered(t, h.Backend) {
			c.hosting(h)
		}
	}
	return c.found
}

// question is a name that the servers of a network ask for, by the zone that would answer it.
type question struct{ network, domain string }

// holder is an existing endpoint that answers it.
type holder struct{ path, id string }

type nameHolders struct {
	t        *topology.Topology
	services func(*compile.Hosting) []*service
	by       map[question]holder
	found    diag.List
}

// ask reports that something else would answer a question that an existing endpoint answers.
func (c *nameHolders) ask(at, what string, q question) {
	by, taken := c.by[q]
	if !taken {
		return
	}
	c.found = append(c.found, privateDNSTwice.At(c.t.At(at), at, "%s would answer %s in network %q, where endpoint %q does", what, q.domain, q.network, by.id).
		WithNote(c.t.At(by.path), "the existing endpoint").
		WithHint("let the link use the endpoint that is there, turn its private DNS off and write privateDNS: false, or name different services"))
}

// endpoints finds what existing endpoints answer, and those that answer alike.
func (c *nameHolders) endpoints() {
	for key, n := range topology.Sorted(c.t.Networks) {
		if c.t.Kind(key) != Name || n.Existing == nil {
			continue
		}
		for backend := range topology.Sorted(n.Existing.Endpoints) {
			if !offered(c.t, backend) {
				continue
			}
			for _, s := range c.services(&compile.Hosting{Network: key, Backend: backend}) {
				e, path := existingFor(c.t, key, backend, s)
				if e == nil || !e.AnswersNames() {
					continue
				}
				for _, z := range s.zones {
					q := question{key, z.domain}
					c.ask(path, "endpoint \""+e.ID+"\"", q)
					if _, taken := c.by[q]; !taken {
						c.by[q] = holder{path, e.ID}
					}
				}
			}
		}
	}
}

// hosting asks for every network that would see a private answer of a hosting.
func (c *nameHolders) hosting(h *compile.Hosting) {
	for _, s := range c.services(h) {
		e, _ := existingFor(c.t, h.Network, h.Backend, s)
		private := e != nil && e.AnswersNames()
		sees := map[string]string{} // link by network
		for _, key := range h.Links {
			if l := c.t.Links[key]; c.t.Networks[l.From] != nil {
				sees[l.From], sees[h.Network] = key, key
			}
		}
		if private {
			delete(sees, h.Network) // by itself
		}
		for network, key := range topology.Sorted(sees) {
			for _, z := range s.zones {
				c.ask("links."+key, fmt.Sprintf("the endpoint of %q in %q", h.Backend, h.Network), question{network, z.domain})
			}
		}
	}
}
