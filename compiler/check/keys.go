package check

import (
	"regexp"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var (
	badKey = diag.Code{
		ID: "OBS201", Severity: diag.Error, Title: "a key cannot be part of a resource name",
		Cause:   "Keys become parts of Pulumi and cloud resource names: lower-case letters, digits and hyphens, starting with a letter, at most 32 characters.",
		Example: `networks: "Tokyo_VPC": {…}`,
		Mend:    `networks: "tokyo-vpc": {…}`,
	}
	keyTwice = diag.Code{
		ID: "OBS209", Severity: diag.Error, Title: "a network and a site have the same key",
		Cause:   "`from` of a link names a network or a site, so one key may not mean both.",
		Example: "networks: tokyo: {…}\nsites: tokyo: {…}",
		Mend:    "sites: \"tokyo-office\": {…}",
	}
	renamedTwice = diag.Code{
		ID: "OBS210", Severity: diag.Error, Title: "`was` names an element that still exists",
		Cause:   "A rename takes over the resources of the old key, so the old key cannot stay in use and only one element can have had it.",
		Example: "networks: {hub: {…}, core: {was: \"hub\", …}}",
		Mend:    "networks: core: {was: \"hub\", …}",
	}
)

var keyPattern = regexp.MustCompile(`^[a-z][a-z0-9-]{0,31}$`)

// keys checks the keys of every map whose elements get names, and renames.
func keys(t *topology.Topology) diag.List {
	var found diag.List
	section := func(path string, was map[string]string) {
		found = append(found, Keys(t, path, was)...)
	}
	section("accounts", wasOf(t.Accounts, func(a *topology.Account) string { return a.Was }))
	section("networks", wasOf(t.Networks, func(n *topology.Network) string { return n.Was }))
	section("sites", wasOf(t.Sites, func(s *topology.Site) string { return s.Was }))
	section("backends", wasOf(t.Backends, func(b *topology.Backend) string { return b.Was }))
	section("links", wasOf(t.Links, func(l *topology.Link) string { return l.Was }))
	section("transitGateways", wasOf(t.TransitGateways, func(g *topology.TransitGateway) string { return g.Was }))
	section("zones", wasOf(t.Zones, func(*topology.Zone) string { return "" }))
	for key, n := range topology.Sorted(t.Networks) {
		section("networks."+key+".clients", wasOf(n.Clients, func(topology.Client) string { return "" }))
		section("networks."+key+".inbound", wasOf(n.Inbound, func(in topology.Inbound) string { return in.Was }))
		section("networks."+key+".subnets", wasOf(n.Subnets, func(s topology.Subnet) string { return s.Was }))
		if n.Existing != nil {
			section("networks."+key+".existing.routeTables", wasOf(n.Existing.RouteTables, func(string) string { return "" }))
			section("networks."+key+".existing.securityGroups", wasOf(n.Existing.SecurityGroups, func(*topology.ExistingGroup) string { return "" }))
		}
		if _, both := t.Sites[key]; both {
			found = append(found, keyTwice.At(t.At("sites."+key), "sites."+key, "%q is a network and a site", key).
				WithNote(t.At("networks."+key), "the network").WithHint("rename one of them"))
		}
	}
	return found
}

func wasOf[V any](m map[string]V, was func(V) string) map[string]string {
	out := make(map[string]string, len(m))
	for k, v := range m {
		out[k] = was(v)
	}
	return out
}

// Keys checks the keys of one map, given what each was before; targets use it for maps that only
// they know.
func Keys(t *topology.Topology, section string, was map[string]string) diag.List {
	var found diag.List
	by := map[string]string{}
	for key, old := range topology.Sorted(was) {
		path := section + "." + key
		if !keyPattern.MatchString(key) {
			found = append(found, badKey.At(t.At(path), path, "%q is not a usable key", key).
				WithHint("use lower-case letters, digits and hyphens, starting with a letter, at most 32 characters"))
		}
		if old == "" {
			continue
		}
		if _, still := was[old]; still {
			found = append(found, renamedTwice.At(t.At(path+".was"), path+".was", "%q was renamed from %q, which is still there", key, old).
				WithHint("remove %q, or this `was`", old))
		}
		if other, taken := by[old]; taken {
			found = append(found, renamedTwice.At(t.At(path+".was"), path+".was", "%q and %q were both renamed from %q", other, key, old).
				WithHint("keep one `was: %q`", old))
		}
		by[old] = key
	}
	return found
}
