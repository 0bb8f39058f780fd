package deploy

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/targets"
	"github.com/obslink/obslink/targets/aws"
)

var update = flag.Bool("update", false, "write the goldens")

func record(t testing.TB, p *plan.Plan) *manifest.Manifest {
	t.Helper()
	m, err := Record(p, "obslink")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func asJSON(t testing.TB, v any) []byte {
	t.Helper()
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(v); err != nil {
		t.Fatal(err)
	}
	return text.Bytes()
}

func TestRecordGolden(t *testing.T) {
	shared := seedPlan()
	shareZones(shared.Parts[aws.Name].(*aws.Parts))
	shared.Protect = true
	for name, p := range map[string]*plan.Plan{"seeds": seedPlan(), "shared": shared, "every": everyPart(), "cross_region": scenarioPlan(t, "cross_region"), "forwarding": scenarioPlan(t, "forwarding"), "azure_forwarding": scenarioPlan(t, "azure_forwarding")} {
		t.Run(name, func(t *testing.T) {
			got := asJSON(t, record(t, p))
			file := filepath.Join("testdata", name+".manifest.json")
			if *update {
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("the manifest is not %s (go test ./internal/deploy -update writes it):\n%s", file, firstDifference(got, want))
			}
		})
	}
}

// scenarioPlan compiles the topology of a scenario.
func scenarioPlan(t *testing.T, name string) *plan.Plan {
	t.Helper()
	s := openScenario(t, filepath.Join("testdata", "scenarios", name+".txtar"))
	r := compile.Stack(os.DirFS(s.root), "stacks/t", targets.All)
	if r.Plan == nil || r.Found.HasErrors() {
		t.Fatal(r.Found)
	}
	return r.Plan
}

func firstDifference(got, want []byte) string {
	g, w := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return "line " + strings.Join([]string{g[max(0, i-1)], "- " + w[i], "+ " + g[i]}, "\n")
		}
	}
	return "one is longer"
}

func TestRecordIsDeterministic(t *testing.T) {
	first := asJSON(t, record(t, seedPlan()))
	for range 20 {
		if again := asJSON(t, record(t, seedPlan())); !bytes.Equal(first, again) {
			t.Fatal(firstDifference(again, first))
		}
	}
}

func TestRecordIgnoresTheEnvironment(t *testing.T) {
	want := asJSON(t, record(t, seedPlan()))
	for name, value := range map[string]string{
		"AWS_REGION": "eu-west-1", "AWS_PROFILE": "canary", "AWS_ACCESS_KEY_ID": "canary", "ARM_SUBSCRIPTION_ID": "canary", "ARM_CLIENT_SECRET": "canary",
		"ARM_ENVIRONMENT": "usgovernment", "ARM_LOCATION_NAME": "westeurope", "PULUMI_CONFIG": `{"aws:region":"eu-west-1"}`, "PULUMI_DRY_RUN": "true", "PULUMI_PLUGINS": "true",
	} {
		t.Setenv(name, value)
	}
	if got := asJSON(t, record(t, seedPlan())); !bytes.Equal(got, want) {
		t.Error(firstDifference(got, want))
	}
}

func find(t testing.TB, m *manifest.Manifest, name string) manifest.Resource {
	t.Helper()
	i := slices.IndexFunc(m.Resources, func(r manifest.Resource) bool { return r.Name == name })
	if i < 0 {
		t.Fatalf("no resource is called %q", name)
	}
	return m.Resources[i]
}

// TestRecordKeepsOptions looks at each option once, by name, so that a golden regenerated without
// reading cannot lose one.
func TestRecordKeepsOptions(t *testing.T) {
	p := seedPlan()
	p.Protect = true
	parts := p.Parts[aws.Name].(*aws.Parts)
	shareZones(parts)
	parts.Endpoints[0].Was = []string{"endpoint_hub_dd_logs", "endpoint_old"}
	parts.Providers[0].Was = []string{"provider-aws_tokyo"}
	m := record(t, p)

	endpoint := find(t, m, "endpoint_hub_dd_logs-agent")
	if endpoint.Provider != virginia || !endpoint.DeleteBeforeReplace || endpoint.Protect {
		t.Errorf("endpoint: provider %q, deleteBeforeReplace %v, protect %v", endpoint.Provider, endpoint.DeleteBeforeReplace, endpoint.Protect)
	}
	if want := []string{"endpoint_hub_dd_logs", "endpoint_old"}; !slices.Equal(endpoint.Aliases, want) {
		t.Errorf("endpoint: aliases %q, want %q", endpoint.Aliases, want)
	}
	zone := find(t, m, "zone_hub_dd_metrics")
	if !slices.Equal(zone.IgnoreChanges, []string{"vpcs"}) || !reflect.DeepEqual(zone.ReplacementTrigger, []any{"${vpc_hub.id}", "vpc-0a1b"}) || !zone.DeleteBeforeReplace {
		t.Errorf("zone: ignoreChanges %q, trigger %v, deleteBeforeReplace %v", zone.IgnoreChanges, zone.ReplacementTrigger, zone.DeleteBeforeReplace)
	}
	if route := find(t, m, "route_tokyo_private_hub"); !slices.Equal(route.DependsOn, []string{"peering-accepter_hub_tokyo"}) || route.Provider != tokyo {
		t.Errorf("route: dependsOn %q, provider %q", route.DependsOn, route.Provider)
	}
	if provider := find(t, m, tokyo); provider.Provider != "" || provider.Protect || !slices.Equal(provider.Aliases, []string{"provider-aws_tokyo"}) {
		t.Errorf("provider: provider %q, protect %v, aliases %q", provider.Provider, provider.Protect, provider.Aliases)
	}
	if subnet := find(t, m, "subnet_japan_resolver"); !slices.Equal(subnet.DependsOn, []string{"subnet_japan_endpoints"}) || len(subnet.Aliases) > 0 {
		t.Errorf("subnet: dependsOn %q, aliases %q", subnet.DependsOn, subnet.Aliases)
	}
	peering, accepter := find(t, m, "peering_hub_tokyo"), find(t, m, "peering-accepter_hub_tokyo")
	if !reflect.DeepEqual(peering.Inputs["tags"], accepter.Inputs["tags"]) {
		t.Errorf("peering and accepter may be one object, and have other tags: %v, %v", peering.Inputs["tags"], accepter.Inputs["tags"])
	}
	if len(m.Assumptions) != 5 {
		t.Errorf("%d assumptions, want the 5 existing objects", len(m.Assumptions))
	}
}

func TestRecordOutputs(t *testing.T) {
	p := seedPlan()
	m := record(t, p)
	head, _ := m.Outputs["obslink"].(map[string]any)
	if head["stack"] != "prod" || head["version"] != 1.0 || head["planDigest"] != p.Digest() {
		t.Errorf("obslink: %v", head)
	}
	want := `[{"ipv4":"${endpoint_hub_dd_metrics.subnetConfigurations[0].ipv4}","subnetId":"${endpoint_hub_dd_metrics.subnetConfigurations[0].subnetId}"}]`
	if got, _ := json.Marshal(m.Outputs["endpoint_hub_dd_metrics"]); string(got) != want {
		t.Errorf("AWS endpoint: %s, want %s", got, want)
	}
	want = `{"fn::invoke":{"arguments":{"networkInterfaceName":"obslink-prod-logs-nic","resourceGroupName":"${resource-group_japan.name}"},` +
		`"function":"azure-native:network:getNetworkInterface","options":{"dependsOn":["${endpoint_japan_logs}","${zone-group_japan_logs}"],"provider":"${provider-azure_jp}"},"return":"ipConfigurations"}}`
	if got, _ := json.Marshal(m.Outputs["endpoint_japan_logs"]); string(got) != want {
		t.Errorf("Azure endpoint:\n%s, want\n%s", got, want)
	}
}

func TestRecordPrintsSecretsAsReferences(t *testing.T) {
	p := seedPlan()
	p.Secrets = []plan.Secret{{Name: "home-wg"}}
	config, keys := secretConfig(p, "obslink")
	if config["obslink:home-wg"] != "${secret:home-wg}" || !slices.Equal(keys, []string{"obslink:home-wg"}) {
		t.Errorf("config %v, secret keys %v", config, keys)
	}
}

// TestRecordCost holds what does not depend on the machine: what is allocated for a resource, and that
// it does not grow with their number. 47 KB allocated were a peak of 21 KB (2026-11-21); the time is
// the benchmark's.
func TestRecordCost(t *testing.T) {
	small, large := allocated(t, 10), allocated(t, 100)
	if large > 60_000 {
		t.Errorf("%d bytes are allocated for a resource", large)
	}
	if large > small*11/10 {
		t.Errorf("%d bytes are allocated for a resource of many, %d of few", large, small)
	}
}

// allocated is how many bytes recording n VPCs allocates for each resource.
func allocated(t *testing.T, n int) uint64 {
	p := manyEndpoints(n)
	resources := len(record(t, p).Resources)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	record(t, p)
	runtime.ReadMemStats(&after)
	return (after.TotalAlloc - before.TotalAlloc) / uint64(resources)
}

func BenchmarkRecord(b *testing.B) {
	for _, n := range []int{20, 200} {
		p := manyEndpoints(n)
		b.Run(fmt.Sprintf("vpcs=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			var resources int
			for b.Loop() {
				resources = len(record(b, p).Resources)
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*resources), "µs/resource")
			b.ReportMetric(float64(resources), "resources")
		})
	}
}
