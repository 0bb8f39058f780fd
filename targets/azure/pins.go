package azure

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/topology"
)

// Azure fixes the addresses of a private endpoint only for all of its members at once, by names that no document lists
// (bicep-registry-modules#1389), and of one that is there only where they are already (a runbook for ACR's endpoints,
// reproduced in 2026: PrivateEndpointStaticIpMustMatchDynamicIpMapping). So they are read once from the endpoint's
// interface, kept in addresses.lock.json, and said from then on.

// pinnable is an endpoint of a backend of Azure Monitor: the scope's own in a network, or one by which an Azure Monitor
// workspace is asked.
type pinnable struct {
	plan.Part
	h    *compile.Hosting
	path string // of the backend
	body *monitor
	of   []string
}

// pinnables lists the endpoints of every backend of Azure Monitor.
func pinnables(t *topology.Topology) []pinnable {
	var all []pinnable
	homes := homes(t)
	bodies := map[string]*monitor{}
	for _, h := range compile.Hostings(t, Name) {
		b := t.Backends[h.Backend]
		if b.Kind != kindMonitor {
			continue
		}
		if bodies[h.Backend] == nil {
			body := compile.Decode[monitor](b.Body)
			bodies[h.Backend] = &body
		}
		body := bodies[h.Backend]
		if !body.Pin && len(t.Pinned) == 0 {
			continue
		}
		keys := []plan.Key{{Now: h.Backend, Was: b.Was}, {Now: h.Network, Was: t.Networks[h.Network].Was}}
		one := pinnable{h: h, path: "backends." + h.Backend + "." + kindMonitor, body: body}
		one.Part, one.of = plan.Named("endpoint", "", plan.Origin{}, keys...), sourcesOf(body.all(), homes[h.Backend])
		all = append(all, one)
		for _, r := range body.queried() {
			one.Part = plan.Named("endpoint", "", plan.Origin{}, append(keys, plan.K(prometheusKey), plan.Key{Now: r.key, Was: r.Was})...)
			one.of = sourcesOf([]monitored{r}, homes[h.Backend])
			all = append(all, one)
		}
	}
	return all
}

// sourcesOf are what gives an endpoint its members: each region with workspaces, and each other resource
// (ampls_dns.json). A workspace more in such a region adds names to members that are there.
func sourcesOf(resources []monitored, home string) []string {
	of := []string{}
	for _, r := range resources {
		if region := cmp.Or(r.Region, home); r.kind == kindWorkspace {
			of = append(of, "workspaces in "+region)
		} else {
			of = append(of, fields[r.kind]+"."+plan.Key{Now: r.key, Was: r.Was}.Oldest()+" in "+region)
		}
	}
	slices.Sort(of)
	return slices.Compact(of)
}

// lockOf is what the lock says of an endpoint, under its name or one that it had.
func lockOf(t *topology.Topology, part plan.Part) (topology.Pinned, bool) {
	for _, name := range append([]string{part.Name}, part.Was...) {
		if p, found := t.Pinned[name]; found {
			return p, true
		}
	}
	return topology.Pinned{}, false
}

// lockedMembers are the members that the lock holds of an endpoint.
func lockedMembers(t *topology.Topology, part plan.Part) []Member {
	var all []Member
	lock, _ := lockOf(t, part)
	for name, text := range topology.Sorted(lock.Members) {
		if a, err := netip.ParseAddr(text); err == nil { // checkPins reports others
			all = append(all, Member{name, a})
		}
	}
	return all
}

// Pin lists the members of the endpoints that a topology pins: as outputs say them, else as they are locked.
func Pin(t *topology.Topology, outputs *plan.Outputs) (map[string]topology.Pinned, error) {
	all := map[string]topology.Pinned{}
	for _, e := range pinnables(t) {
		if !e.body.Pin {
			continue
		}
		if outputs == nil {
			if locked, found := lockOf(t, e.Part); found {
				all[e.Name] = locked
			}
			continue
		}
		i := slices.IndexFunc(outputs.Endpoints, func(o plan.EndpointOutput) bool { return o.Endpoint == e.Name })
		if i < 0 {
			return nil, fmt.Errorf("the outputs hold nothing of %s", e.Name)
		}
		members := map[string]string{}
		for _, m := range outputs.Endpoints[i].Addresses {
			if m.Member == "" {
				return nil, fmt.Errorf("the outputs do not say which member of %s has the address %s", e.Name, m.Address)
			}
			members[m.Member] = m.Address.String()
		}
		all[e.Name] = topology.Pinned{Of: e.of, Members: members}
	}
	return all, nil
}
