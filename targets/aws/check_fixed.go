package aws

import (
	"slices"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var addressIdle = diag.Code{
	ID: "OBS321", Severity: diag.Error, Title: "an address is fixed that no endpoint takes",
	Cause:   "`addresses` fixes an endpoint's address by backend and service. A key that the backend does not name would be ignored in silence, and services that share an endpoint have one address.",
	Example: `backends: dd: datadog: services: metrics: {}` + "\n" + `subnets: endpoints: addresses: dd: metric: "192.168.0.10"`,
	Mend:    `subnets: endpoints: addresses: dd: metrics: "192.168.0.10"`,
}

// checkFixed checks that every address that the topology fixes is one endpoint's.
func checkFixed(t *topology.Topology) diag.List {
	var found diag.List
	services := servicesOf(t)
	for network, n := range topology.Sorted(t.Networks) {
		if t.Kind(network) != Name {
			continue
		}
		for sub, s := range topology.Sorted(n.Subnets) {
			for backend, fixed := range topology.Sorted(s.Addresses) {
				path := "networks." + network + ".subnets." + sub + ".addresses." + backend
				if offered(t, backend) {
					found = append(found, fixedOf(t, network, services(&compile.Hosting{Network: network, Backend: backend}), path, backend, fixed)...)
				}
			}
		}
	}
	return found
}

// fixedOf checks the addresses of one backend in one subnet.
func fixedOf(t *topology.Topology, network string, all []*service, path, backend string, fixed map[string]string) diag.List {
	var found diag.List
	first := map[string]string{} // key by endpoint service
	for key, address := range topology.Sorted(fixed) {
		at := path + "." + diag.Step(key)
		i := slices.IndexFunc(all, func(s *service) bool { return slices.Contains(s.keys, key) })
		if i < 0 {
			found = append(found, notNamed(addressIdle.At(t.At(at), at, "backend %q does not name service %q", backend, key), key, all))
			continue
		}
		s := all[i]
		if e, where := existingFor(t, network, backend, s); e != nil {
			found = append(found, addressIdle.At(t.At(at), at, "the endpoint of %q is there already, and has its addresses", key).
				WithNote(t.At(where), "the existing endpoint").WithHint("remove the address here"))
			continue
		}
		other, shared := first[s.name]
		if shared && fixed[other] != address {
			found = append(found, addressIdle.At(t.At(at), at, "services %q and %q share one endpoint, which has one address", other, key).
				WithNote(t.At(path+"."+diag.Step(other)), "the other address").WithHint("write the address of one of them only"))
		}
		first[s.name] = key
	}
	return found
}
