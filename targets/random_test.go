package targets_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"math/rand"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/topologytest"
	"github.com/obslink/obslink/targets"
)

// rounds is how many random topologies each property is held against.
var rounds = flag.Int64("rounds", 30, "random topologies for each property")

// each runs a property on random topologies; the seed is in the name of the subtest.
func each(t *testing.T, property func(t *testing.T, r *rand.Rand, d topologytest.Doc)) {
	for seed := range *rounds {
		r := rand.New(rand.NewSource(seed))
		d := topologytest.Random(r)
		if !t.Run(fmt.Sprint("seed", seed), func(t *testing.T) { property(t, r, d) }) {
			t.Logf("the topology:\n%s", d.CUE(nil))
			return
		}
	}
}

// compileFile compiles one file as the stack "prod".
func compileFile(name string, text []byte) compile.Result {
	return compile.Stack(fstest.MapFS{name: {Data: text}}, "stacks/prod", targets.All)
}

// leftBehind are findings that a deleted link or network leaves: names that move for servers which no
// link is for any more, and acknowledgements of nothing. OBS832 is said of every Arc scope.
var leftBehind = []string{"OBS651", "OBS654", "OBS832"}

// beyond are the findings that are not left behind.
func beyond(found diag.List) diag.List {
	return slices.DeleteFunc(slices.Clone(found), func(d diag.Diagnostic) bool { return slices.Contains(leftBehind, d.Code) })
}

// mustCompile compiles a topology that must have no finding at all but those.
func mustCompile(t *testing.T, d topologytest.Doc) *plan.Plan {
	t.Helper()
	return mustCompileFile(t, "stacks/prod/topology.cue", d.CUE(nil))
}

func mustCompileFile(t *testing.T, name string, text []byte) *plan.Plan {
	t.Helper()
	got := compileFile(name, text)
	if len(beyond(got.Found)) > 0 || got.Plan == nil {
		t.Fatalf("%s: found %v\n%s", name, got.Found, text)
	}
	return got.Plan
}

func marshal(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// part is what must not change about a resource that nobody touched.
type part struct {
	Kind         string
	Name         string   `json:"name"`
	Was          []string `json:"was"`
	Provider     string   `json:"provider"`
	ResourceName string   `json:"resourceName"`
	CIDR         string   `json:"cidr"`
	Subnets      []struct {
		Subnet  plan.Ref `json:"subnet"`
		Address string   `json:"address"`
	} `json:"subnets"`
}

// addresses are an endpoint's, by subnet.
func (p part) addresses() map[string]string {
	by := map[string]string{}
	for _, s := range p.Subnets {
		by[s.Subnet.Part+s.Subnet.Existing] = s.Address
	}
	return by
}

// String shows what must stay, without the addresses in subnets that a changed key is of.
func (p part) String() string {
	return fmt.Sprint(p.Kind, " ", p.Name, " was ", p.Was, " by ", p.Provider, " called ", p.ResourceName, " ", p.CIDR)
}

// carries reports whether one of the keys is a part of a name.
func carries(name string, keys []string) bool {
	return slices.ContainsFunc(strings.Split(name, "_"), func(s string) bool { return slices.Contains(keys, s) })
}

// partsOf lists the parts of every target by name.
func partsOf(t *testing.T, p *plan.Plan) map[string]part {
	t.Helper()
	var lists map[string]map[string][]part
	if err := json.Unmarshal([]byte(marshal(t, p.Parts)), &lists); err != nil {
		t.Fatal(err)
	}
	all := map[string]part{}
	for target, kinds := range lists {
		for kind, list := range kinds {
			for _, one := range list {
				if strings.HasPrefix(kind, "existing") || kind == "freeNames" { // they are looked up, not made
					continue
				}
				one.Kind = target + "/" + kind
				id := one.Name
				if other, twice := all[id]; twice {
					t.Errorf("%s and %s have one name: %s", other.Kind, one.Kind, id)
				}
				all[id] = one
			}
		}
	}
	return all
}

// unchanged checks that every part whose name carries none of the keys is in both plans, and that
// whatever is in both is the same in both.
func unchanged(t *testing.T, before, after map[string]part, keys []string) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(before)) {
		b, a := before[name], after[name]
		if a.Name == "" {
			if !carries(name, keys) {
				t.Errorf("%s is gone; changed keys %v", b, keys)
			}
			continue
		}
		if strings.Join(substitute(b.String(), keys), "") != strings.Join(substitute(a.String(), keys), "") {
			t.Errorf("%s became %s; changed keys %v", b, a, keys)
		}
		sameAddresses(t, b, a, keys)
	}
	for _, name := range slices.Sorted(maps.Keys(after)) {
		if before[name].Name == "" && !carries(name, keys) {
			t.Errorf("%s is new; changed keys %v", after[name], keys)
		}
	}
}

// substitute cuts a text at the keys, so that two texts that differ in them alone are equal. Only
// references to other parts may hold them.
func substitute(text string, keys []string) []string {
	return strings.FieldsFunc(strings.NewReplacer(pairs(keys)...).Replace(text), func(r rune) bool { return r == '\x00' })
}

func pairs(keys []string) []string {
	var p []string
	for _, k := range keys {
		p = append(p, "_"+k+"_", "_\x00_", "_"+k+" ", "_\x00 ")
	}
	return p
}

func sameAddresses(t *testing.T, before, after part, keys []string) {
	t.Helper()
	b, a := before.addresses(), after.addresses()
	for subnet, address := range b {
		if !carries(subnet, keys) && a[subnet] != address {
			t.Errorf("%s has %s in %s, had %s; changed keys %v", after.Name, a[subnet], subnet, address, keys)
		}
	}
}

// A random topology has no finding, in each of its forms.
func TestRandomIsLegal(t *testing.T) {
	kinds, clouds := map[string]int{}, 0
	each(t, func(t *testing.T, _ *rand.Rand, d topologytest.Doc) {
		for _, p := range partsOf(t, mustCompile(t, d)) {
			kinds[p.Kind]++
		}
		if strings.Contains(string(d.CUE(nil)), "usgovernment") {
			clouds++
		}
	})
	if clouds == 0 {
		t.Error("no random topology is in Azure Government")
	}
	// The properties below mean something only if every kind of resource was met.
	want := []string{
		"aws/egressRules", "aws/endpoints", "aws/inboundEndpoints", "aws/ingressRules", "aws/peeringAccepters", "aws/peerings", "aws/providers", "aws/records",
		"aws/routeTableAssociations", "aws/routeTables", "aws/routes", "aws/securityGroups", "aws/subnets", "aws/vpcs",
		"aws/transitAssociations", "aws/transitAttachments", "aws/transitGateways", "aws/transitPeeringAccepters", "aws/transitPeeringAssociations",
		"aws/transitPeerings", "aws/transitPropagations", "aws/transitRouteTables", "aws/transitRoutes",
		"aws/customerGateways", "aws/vpnConnections", "aws/vpnGateways", "aws/vpnPropagations", "aws/vpnRoutes",
		"aws/transitShares", "aws/transitShared", "aws/transitSharePrincipals", "aws/transitShareAccepters", "aws/transitAttachmentAccepters",
		"aws/zoneAssociations", "aws/zoneAuthorizations", "aws/zones",
		"azure/agents", "azure/arcMembers", "azure/arcScopes", "azure/components", "azure/records", "azure/dataCollectionEndpoints", "azure/dataCollectionRules", "azure/dnsResolvers", "azure/inboundEndpoints", "azure/peerings", "azure/privateEndpoints", "azure/prometheusWorkspaces", "azure/providers", "azure/resourceGroups", "azure/ruleAssociations", "azure/scopedResources", "azure/scopes",
		"azure/subnets", "azure/tables", "azure/publicIps", "azure/vpnGateways", "azure/localGateways", "azure/vpnConnections", "azure/tunnelRules", "azure/vnets", "azure/workspaces", "azure/zoneGroups", "azure/zoneLinks", "azure/zones",
	}
	for _, kind := range want {
		if kinds[kind] == 0 {
			t.Errorf("no random topology has %s", kind)
		}
	}
	if len(kinds) != len(want) {
		t.Errorf("kinds that this test does not know: %v", slices.Sorted(maps.Keys(kinds)))
	}
}
