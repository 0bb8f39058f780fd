package targets_test

import (
	"fmt"
	"maps"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/topologytest"
	"github.com/obslink/obslink/schema"
)

// change is one thing that a user does to a topology.
type change struct {
	what string
	// of is the path of the map that holds the element.
	of []string
	// key is the element, now its key afterwards; "" where it is deleted.
	key, now string
	// may lists the keys that names of changed parts may carry.
	may []string
	doc topologytest.Doc
}

func (c change) String() string { return fmt.Sprint(c.what, " ", strings.Join(c.of, "."), ".", c.key) }

// deletions lists the topologies that d becomes when one element is deleted. Read the other way
// round, they are insertions.
func deletions(d topologytest.Doc) []change {
	var all []change
	for _, section := range topologytest.Sections {
		for _, key := range d.Keys(section) {
			if section == "accounts" && used(d, key) {
				continue
			}
			c := change{what: "delete", of: []string{section}, key: key, doc: d.Clone()}
			c.may = c.doc.Delete(section, key)
			if gateway := sharedBy(d, section, key); gateway != "" && !sharing(c.doc, gateway) {
				c.may = append(c.may, gateway) // what it is shared by goes with the last who shares it
			}
			all = append(all, c)
		}
	}
	for _, of := range nested(d) {
		for _, key := range d.Keys(of...) {
			c := change{what: "delete", of: of, key: key, may: []string{key}, doc: d.Clone()}
			delete(c.doc.At(of...), key)
			switch of[len(of)-1] {
			case "subnets":
				if !c.doc.ForgetSubnet(of[1], key) {
					continue
				}
				if id, ok := d.At(append(of, key)...)["existing"].(string); ok {
					c.may = append(c.may, id)
				}
			case "workspaces":
				if len(d.Collecting(of[1], key)) > 0 {
					continue
				}
			case "services":
				c.may = []string{serviceKey(d, of[1], key)}
				c.doc.ForgetAddresses(of[1], key)
			}
			if enough(c.doc, of) {
				all = append(all, c)
			}
		}
	}
	return all
}

// nested lists the paths of maps inside elements.
func nested(d topologytest.Doc) [][]string {
	var all [][]string
	for _, n := range d.Keys("networks") {
		all = append(all, []string{"networks", n, "subnets"}, []string{"networks", n, "existing", "routeTables"})
	}
	for _, b := range d.Keys("backends") {
		all = append(all, []string{"backends", b, "datadog", "services"}, []string{"backends", b, "awsServices", "services"}, []string{"backends", b, "azureMonitor", "workspaces"})
	}
	return slices.DeleteFunc(all, func(of []string) bool { return !d.Has(of...) })
}

// enough reports whether a map that lost an element is still without a finding: one must be left, and
// of subnets one for endpoints, in AWS two.
func enough(d topologytest.Doc, of []string) bool {
	if of[len(of)-1] != "subnets" {
		return len(d.Keys(of...)) > 0
	}
	left, needed := 0, 1
	for _, s := range d.Keys(of...) {
		if d.At(of...)[s].(map[string]any)["endpoints"] == nil {
			left++
		}
	}
	if account, _ := d.At("networks", of[1])["account"].(string); d.Has("accounts", account, "aws") {
		needed = 2
	}
	return left >= needed
}

// sharedBy is the transit gateway of another account that a network is attached to.
func sharedBy(d topologytest.Doc, section, key string) string {
	if section != "networks" || !d.Has("networks", key, "attach") {
		return ""
	}
	gateway, _ := d.At("networks", key, "attach")["transitGateway"].(string)
	if d.At("transitGateways", gateway)["account"] == d.At("networks", key)["account"] {
		return ""
	}
	return gateway
}

// sharing reports whether a network of another account is attached to a gateway.
func sharing(d topologytest.Doc, gateway string) bool {
	return slices.ContainsFunc(d.Keys("networks"), func(key string) bool { return sharedBy(d, "networks", key) == gateway })
}

func used(d topologytest.Doc, account string) bool {
	for _, n := range d.Keys("networks") {
		if d.At("networks", n)["account"] == account {
			return true
		}
	}
	for _, g := range d.Keys("transitGateways") {
		if d.At("transitGateways", g)["account"] == account {
			return true
		}
	}
	for _, b := range d.Keys("backends") {
		for _, kind := range []string{"azureMonitor", "azureArc"} {
			if d.Has("backends", b, kind) && d.At("backends", b, kind)["account"] == account {
				return true
			}
		}
	}
	return false
}

// serviceKey is the key of a service in names: the colour where services share an endpoint.
func serviceKey(d topologytest.Doc, backend, service string) string {
	if d.Has("backends", backend, "awsServices") {
		return plan.Slug(service)
	}
	site := d.At("backends", backend, "datadog")["site"].(string)
	if azure, found := schema.Datadog().AzureSites[site]; found {
		return azure.Services[service].Endpoint
	}
	row, _ := schema.Datadog().Sites[site].Service(service)
	if row.Anchor != "" {
		return row.Anchor
	}
	return service
}

// renames lists the topologies that d becomes when one element gets another key.
func renames(d topologytest.Doc, r *rand.Rand, was bool) []change {
	var all []change
	add := func(of []string, key string, rename func(topologytest.Doc, string)) {
		now := d.Key(r)
		c := change{what: "rename", of: of, key: key, now: now, may: []string{key, now}, doc: d.Clone()}
		rename(c.doc, now)
		all = append(all, c)
	}
	for _, section := range topologytest.Sections {
		for _, key := range d.Keys(section) {
			add([]string{section}, key, func(d topologytest.Doc, now string) { d.Rename(section, key, now, was) })
		}
	}
	for _, of := range nested(d) {
		last := of[len(of)-1]
		if last == "services" || was && last == "routeTables" {
			continue // a service's key is the catalogue's, and a route table's name has no `was`
		}
		for _, key := range d.Keys(of...) {
			add(of, key, func(d topologytest.Doc, now string) { d.RenameIn(key, now, was, of...) })
		}
	}
	return all
}

// some picks at most n of a list.
func some[T any](r *rand.Rand, all []T, n int) []T {
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:min(n, len(all))]
}

// Deleting or inserting one element changes no resource whose name does not carry its key.
func TestDeleteAndInsert(t *testing.T) {
	met := map[string]bool{}
	each(t, func(t *testing.T, r *rand.Rand, d topologytest.Doc) {
		before := partsOf(t, mustCompile(t, d))
		for _, c := range some(r, deletions(d), 12) {
			met[c.of[0]+"/"+c.of[len(c.of)-1]] = true
			after := partsOf(t, mustCompile(t, c.doc))
			if unchanged(t, before, after, c.may); t.Failed() {
				t.Fatalf("%s made\n%s", c, c.doc.CUE(nil))
			}
		}
	})
	for _, what := range []string{"networks/networks", "sites/sites", "backends/backends", "links/links", "accounts/accounts", "transitGateways/transitGateways",
		"networks/subnets", "networks/routeTables", "backends/services", "backends/workspaces"} {
		if !met[what] {
			t.Errorf("nothing of %s was deleted", what)
		}
	}
}

// Renaming one element without `was` changes names that carry its key, and those alone.
func TestRename(t *testing.T) {
	each(t, func(t *testing.T, r *rand.Rand, d topologytest.Doc) {
		before := partsOf(t, mustCompile(t, d))
		for _, c := range some(r, renames(d, r, false), 5) {
			after := partsOf(t, mustCompile(t, c.doc))
			unchanged(t, before, after, c.may)
			// A peering is named by its two networks in the order of their keys, which may turn around.
			kinds := map[string]string{}
			for name, p := range before {
				kinds[inOrder(name)] = p.Kind
			}
			for name, p := range after {
				if old := renamed(name, c.now, c.key); kinds[inOrder(old)] != p.Kind {
					t.Errorf("%s has no counterpart %s", p, old)
				}
			}
			if len(before) != len(after) {
				t.Errorf("%d parts became %d", len(before), len(after))
			}
			if t.Failed() {
				t.Fatalf("%s to %s made\n%s", c, c.now, c.doc.CUE(nil))
			}
		}
	})
}

// Renaming with `was` gives every renamed part its old name, and replaces nothing: no address, no
// name in the cloud and no range changes.
func TestRenameWithWas(t *testing.T) {
	each(t, func(t *testing.T, r *rand.Rand, d topologytest.Doc) {
		before := partsOf(t, mustCompile(t, d))
		for _, c := range some(r, renames(d, r, true), 5) {
			after := partsOf(t, mustCompile(t, c.doc))
			for _, name := range slices.Sorted(maps.Keys(after)) {
				p, old := after[name], before[renamed(name, c.now, c.key)]
				switch {
				case old.Kind != p.Kind:
					t.Errorf("%s has no counterpart %s", p, old.Name)
				case name != old.Name && !slices.Contains(p.Was, old.Name):
					t.Errorf("%s does not say that it was %s", p, old.Name)
				case p.ResourceName != old.ResourceName || p.CIDR != old.CIDR:
					t.Errorf("%s was %s", p, old)
				case renamed(p.Provider, c.now, c.key) != old.Provider:
					t.Errorf("%s was by %s", p, old.Provider)
				}
				for subnet, address := range p.addresses() {
					if was := old.addresses()[renamed(subnet, c.now, c.key)]; was != address {
						t.Errorf("%s has %s in %s, had %s", p, address, subnet, was)
					}
				}
			}
			if len(before) != len(after) {
				t.Errorf("%d parts became %d", len(before), len(after))
			}
			if t.Failed() {
				t.Fatalf("%s to %s made\n%s", c, c.now, c.doc.CUE(nil))
			}
		}
	})
}

// inOrder is a name with its keys in their alphabetical order.
func inOrder(name string) string {
	steps := strings.Split(name, "_")
	slices.Sort(steps)
	return strings.Join(steps, "_")
}

// renamed is a name with one key in place of another.
func renamed(name, old, now string) string {
	steps := strings.Split(name, "_")
	for i, s := range steps {
		if s == old {
			steps[i] = now
		}
	}
	return strings.Join(steps, "_")
}

// A link's key is in no name: under another key, with links met in another order, the plan is the
// same.
func TestLinkKeysDoNotMatter(t *testing.T) {
	each(t, func(t *testing.T, r *rand.Rand, d topologytest.Doc) {
		renamed := d.Clone()
		for _, key := range d.Keys("links") {
			renamed.Rename("links", key, renamed.Key(r), false)
		}
		if mustCompile(t, d).Digest() != mustCompile(t, renamed).Digest() {
			t.Errorf("with other link keys the plan differs:\n%s", renamed.CUE(nil))
		}
	})
}
