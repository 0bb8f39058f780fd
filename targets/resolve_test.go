package targets_test

import (
	"bytes"
	"fmt"
	"math/rand"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/topologytest"
	"github.com/obslink/obslink/internal/export"
)

// Every name that a linked client needs resolves before anything is built, or is unknown with a
// reason; once outputs are there, all of them resolve.
func TestEveryNameResolves(t *testing.T) {
	each(t, func(t *testing.T, _ *rand.Rand, d topologytest.Doc) {
		p := mustCompile(t, d)
		outputs := outputsOf(p)
		for _, link := range d.Keys("links") {
			l := d.At("links", link)
			client, backend := l["from"].(string), l["to"].(string)
			names, unknown := plan.Resolve(p, nil, client, []string{"7.70.1"})
			azure := d.Has("backends", backend, "azureMonitor") || d.Has("backends", backend, "azureArc")
			wanted := namesOf(p, client, backend)
			if len(wanted) == 0 {
				t.Errorf("link %s has no name", link)
			}
			for _, n := range wanted {
				known := slices.ContainsFunc(names, func(r plan.ResolvedName) bool { return r.FQDN == n && len(r.Addresses) > 0 })
				why := slices.ContainsFunc(unknown, func(u plan.Unknown) bool { return u.FQDN == n && u.Why != "" })
				if known == azure || why != azure {
					t.Errorf("link %s: %s is known: %v, unknown with a reason: %v", link, n, known, why)
				}
			}
			after, missing := plan.Resolve(p, outputs, client, []string{"7.70.1"})
			if len(missing) > 0 {
				t.Errorf("link %s: with outputs, %v has no address", link, missing)
			}
			for _, n := range wanted {
				n = filled(n)
				if !slices.ContainsFunc(after, func(r plan.ResolvedName) bool { return r.FQDN == n && len(r.Addresses) > 0 }) {
					t.Errorf("link %s: with outputs, %s has no address", link, n)
				}
			}
			inEndpointNetwork(t, p, names)
			writable(t, client, names, unknown)
			writable(t, client, after, missing)
		}
	})
}

// namesOf lists what a client asks for of a backend: names, aliases and versioned names.
func namesOf(p *plan.Plan, client, backend string) []string {
	var all []string
	for _, n := range p.Names {
		if n.Backend == backend && slices.Contains(n.Clients, client) {
			all = append(append(all, n.FQDN), n.Aliases...)
			if n.Versioned != "" {
				all = append(all, fmt.Sprintf(n.Versioned, "7-70-1"))
			}
		}
	}
	return all
}

// filled is a name as the cloud knows it: ${workspace_logs_main.customerId} is an id.
func filled(name string) string {
	before, rest, ok := strings.Cut(name, "${")
	if !ok {
		return name
	}
	id, after, _ := strings.Cut(rest, "}")
	return before + plan.Slug(id) + after
}

// outputsOf is what a deployed plan would report: pinned addresses of AWS, and of Azure one address
// for each name that is not an alias.
func outputsOf(p *plan.Plan) *plan.Outputs {
	o := &plan.Outputs{Version: plan.OutputsVersion, Stack: p.Stack, PlanDigest: p.Digest(), Values: map[string]string{}}
	for _, e := range p.Graph.Endpoints {
		out := plan.EndpointOutput{Endpoint: e.Name}
		for _, a := range e.Addresses {
			out.Addresses = append(out.Addresses, plan.EndpointMember{Address: a})
		}
		next := netip.MustParseAddr("10.200.0.1")
		for _, n := range p.Names {
			for _, alias := range n.Aliases { // which says that a component's stamp is among the outputs
				if _, rest, open := strings.Cut(alias, "${"); open {
					reference, _, _ := strings.Cut(rest, "}")
					o.Values[reference] = plan.Slug(reference)
				}
			}
			if len(e.Addresses) == 0 && n.Endpoint == e.Name {
				out.Addresses = append(out.Addresses, plan.EndpointMember{Address: next, FQDNs: []string{filled(n.FQDN)}})
				next = next.Next()
			}
		}
		o.Endpoints = append(o.Endpoints, out)
	}
	return o
}

// inEndpointNetwork checks that a name never resolves outside the network that holds its endpoint.
func inEndpointNetwork(t *testing.T, p *plan.Plan, names []plan.ResolvedName) {
	t.Helper()
	for _, n := range names {
		e := p.Graph.Endpoints[slices.IndexFunc(p.Graph.Endpoints, func(e plan.Endpoint) bool { return e.Name == n.Endpoint })]
		network := p.Graph.Networks[slices.IndexFunc(p.Graph.Networks, func(g plan.Network) bool { return g.Name == e.Network })]
		for _, a := range n.Addresses {
			if !slices.ContainsFunc(network.CIDRs, func(c netip.Prefix) bool { return c.Contains(a) }) {
				t.Errorf("%s resolves to %s, which is not in %s", n.FQDN, a, network.Name)
			}
		}
	}
}

// writable checks that every format takes the names.
func writable(t *testing.T, site string, names []plan.ResolvedName, unknown []plan.Unknown) {
	t.Helper()
	for _, f := range export.Formats() {
		if f.Tunnel {
			continue
		}
		var b bytes.Buffer
		if err := f.Write(&b, export.Input{Stack: "prod", Site: site, Names: names, Unknown: unknown}); err != nil {
			t.Errorf("%s: %v", f.Name, err)
		}
		for _, n := range names {
			if !strings.Contains(b.String(), n.FQDN) {
				t.Errorf("%s does not hold %s", f.Name, n.FQDN)
			}
		}
	}
}
