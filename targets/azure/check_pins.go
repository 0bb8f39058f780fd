package azure

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var (
	notPinned = diag.Code{
		ID: "OBS814", Severity: diag.Warning, Title: "an endpoint is to be pinned, and its members are not known yet",
		Cause:   "Azure fixes addresses by the names of an endpoint's members, all of them at once (bicep-registry-modules#1389), and tells those names when the endpoint is there. Until addresses.lock.json holds them, the addresses are those that Azure chose.",
		Example: `logs: azureMonitor: {pin: true, …}   // and nothing was deployed`,
		Mend:    "obslink up STACK; obslink outputs STACK --format json -o FILE; obslink lock STACK --outputs FILE; obslink up STACK",
	}
	otherMembers = diag.Code{
		ID: "OBS815", Severity: diag.Error, Title: "what a pinned endpoint answers for changes",
		Cause:   "A resource more in the scope is a member more of its endpoints, and a pinned endpoint must name all (PrivateEndpointIpConfigurationMissingMemberNamesRequiredByFps, bicep-registry-modules#1389); the new one's name is known only from an endpoint that Azure chooses addresses for. A workspace in a region that has one adds no member.",
		Example: `logs: azureMonitor: {pin: true, workspaces: main: {}, dataCollectionEndpoints: jp: {}}   // and addresses.lock.json is of before`,
		Mend:    "without the change: remove pin, `obslink up`, `obslink lock`; then with it and pin: true: `obslink up`, `obslink lock STACK --outputs FILE`, `obslink up`",
	}
	pinnedAddress = diag.Code{
		ID: "OBS816", Severity: diag.Error, Title: "a pinned endpoint has an address that it cannot have",
		Cause:   "A member's address is in the endpoint's subnet, not one of the five that Azure keeps there (Azure Virtual Network FAQ, 2026-08), and nobody else's.",
		Example: `// addresses.lock.json: "api": "192.168.2.65"   // subnet 192.168.2.64/27`,
		Mend:    `// addresses.lock.json: "api": "192.168.2.68"`,
	}
)

// checkPins holds the members in the lock against the topology. The lock is a file of obslink's own, so findings are at
// the backend.
func checkPins(t *topology.Topology) diag.List {
	var found diag.List
	taken := map[string]string{} // who has an address, by network and address
	for network, n := range topology.Sorted(t.Networks) {
		if len(t.Pinned) == 0 || t.Kind(network) != Name {
			continue
		}
		for _, s := range topology.Sorted(n.Subnets) {
			for backend, of := range topology.Sorted(s.Addresses) {
				for service, address := range topology.Sorted(of) {
					taken[network+" "+address] = "service " + quoted(service) + " of backend " + quoted(backend)
				}
			}
		}
	}
	unlocked := map[string][]string{}
	for _, e := range pinnables(t) {
		lock, locked := lockOf(t, e.Part)
		switch {
		case e.body.Pin && !locked:
			unlocked[e.path+".pin"] = append(unlocked[e.path+".pin"], e.Name)
		case locked && !slices.Equal(lock.Of, e.of):
			found = append(found, changedMembers(t, e, lock.Of))
		case locked && e.body.Pin:
			found = append(found, pinnedAddresses(t, e, lock.Members, taken)...)
		}
	}
	for at, names := range topology.Sorted(unlocked) {
		found = append(found, notPinned.At(t.At(at), at, "Azure still chooses the addresses of %s", strings.Join(names, ", ")).
			WithHint("once it is deployed: `obslink outputs STACK --format json -o FILE`, `obslink lock STACK --outputs FILE`, `obslink up STACK`"))
	}
	return found
}

// changedMembers reports what came to a pinned endpoint, else what went.
func changedMembers(t *topology.Topology, e pinnable, had []string) diag.Diagnostic {
	at := e.path + ".pin"
	const hint = "take this change back; remove pin, `obslink up`, `obslink lock`; then make it with pin: true, `obslink up`, `obslink lock STACK --outputs FILE`, `obslink up`"
	for _, of := range e.of {
		if what, _, _ := strings.Cut(of, " in "); !slices.Contains(had, of) {
			return otherMembers.At(t.At(at), at, "%s is pinned, and addresses.lock.json knows no member for %s", e.Name, of).
				WithNote(t.At(e.path+"."+what), "what comes").WithHint(hint)
		}
	}
	gone := slices.DeleteFunc(slices.Clone(had), func(of string) bool { return slices.Contains(e.of, of) })
	return otherMembers.At(t.At(at), at, "%s is pinned with members for %s, which is no more", e.Name, strings.Join(gone, ", ")).
		WithHint(hint)
}

// pinnedAddresses checks the address of each member.
func pinnedAddresses(t *topology.Topology, e pinnable, members map[string]string, taken map[string]string) diag.List {
	n := t.Networks[e.h.Network]
	cidr, err := netip.ParsePrefix(n.Subnets[endpointSubnet(n)].CIDR)
	if err != nil {
		return nil
	}
	var found diag.List
	at := e.path + ".pin"
	report := func(format string, args ...any) {
		found = append(found, pinnedAddress.At(t.At(at), at, format, args...).
			WithHint("correct addresses.lock.json, or take the endpoint's members out of it and `obslink lock STACK --outputs FILE`"))
	}
	for member, text := range topology.Sorted(members) {
		a, err := netip.ParseAddr(text)
		key := e.h.Network + " " + text
		switch {
		case err != nil || !cidr.Contains(a):
			report("member %q of %s has the address %q, which is not in its subnet %s", member, e.Name, text, cidr)
		case a.Less(firstUsable(cidr)) || !cidr.Contains(a.Next()):
			report("member %q of %s has the address %s, which Azure keeps for itself in %s", member, e.Name, text, cidr)
		case taken[key] != "":
			report("member %q of %s has the address %s, which is that of %s", member, e.Name, text, taken[key])
		}
		taken[key] = "member " + quoted(member) + " of " + e.Name
	}
	return found
}
