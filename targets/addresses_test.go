package targets_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/load"
	"github.com/obslink/obslink/compiler/topologytest"
	"github.com/obslink/obslink/schema"
	"github.com/obslink/obslink/targets"
	"github.com/obslink/obslink/targets/aws"
)

// hubOf is a topology with one hub that several Datadog backends share, each for a site of its own.
func hubOf(site, cidr string, services map[string][]string) topologytest.Doc {
	d := topologytest.Doc{"environment": "test"}
	d.At("accounts", "main", "aws")["id"] = "123456789012"
	n := d.At("networks", "hub")
	n["account"], n["region"], n["cidrs"] = "main", schema.Datadog().Sites[site].HomeRegion, []any{"10.0.0.0/16"}
	d.At("networks", "hub", "subnets", "endpoints")["cidr"] = cidr
	for i, b := range slices.Sorted(maps.Keys(services)) {
		d.At("backends", b, "datadog")["site"] = site
		for _, s := range services[b] {
			d.At("backends", b, "datadog", "services", s)
		}
		d.At("sites", "site-"+b)["cidrs"] = []any{fmt.Sprintf("172.16.%d.0/24", i)}
		d.At("sites", "site-"+b, "existing")["network"] = "hub"
		d.At("links")["link-"+b] = map[string]any{"from": "site-" + b, "to": b, "via": map[string]any{"endpoint": map[string]any{"network": "hub"}}}
	}
	return d
}

// compileLocked compiles a topology beside an address lock.
func compileLocked(t *testing.T, d topologytest.Doc, locked map[string]string) compile.Result {
	t.Helper()
	raw, err := json.Marshal(load.Lock{Version: 1, Addresses: locked})
	if err != nil {
		t.Fatal(err)
	}
	return compile.Stack(fstest.MapFS{
		"stacks/prod/topology.cue": {Data: d.CUE(nil)}, "stacks/prod/" + load.LockFile: {Data: raw},
	}, "stacks/prod", targets.All)
}

// endpointAddresses lists the address of each endpoint and subnet, by "endpoint subnet".
func endpointAddresses(t *testing.T, r compile.Result) map[string]string {
	t.Helper()
	if r.Plan == nil || len(codes(r)) > 0 {
		t.Fatalf("found %v", r.Found)
	}
	all, taken := map[string]string{}, map[string]string{}
	for _, p := range partsOf(t, r.Plan) {
		for subnet, address := range p.addresses() {
			id := p.Name + " " + subnet
			if other := taken[address]; other != "" {
				t.Errorf("%s and %s both have %s", other, id, address)
			}
			if _, err := netip.ParseAddr(address); err != nil {
				t.Errorf("%s has no address: %v", id, err)
			}
			all[id], taken[address] = address, id
		}
	}
	return all
}

// keep checks that everything in both has the same address in both.
func keep(t *testing.T, before, after map[string]string, what string) {
	t.Helper()
	for id, address := range before {
		if now, ok := after[id]; ok && now != address {
			t.Errorf("%s: %s moved from %s to %s", what, id, address, now)
		}
	}
}

// codes lists what was found, but that the hub has one subnet, which is on purpose.
func codes(r compile.Result) []string {
	var all []string
	for _, d := range r.Found {
		if d.Code != "OBS322" && d.Code != "OBS832" {
			all = append(all, d.Code)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Every service of every Datadog site, added one after another and taken away in another order,
// leaves the addresses of the others as they were.
func TestServicesComeAndGo(t *testing.T) {
	for site, row := range schema.Datadog().Sites {
		keys := append(slices.Sorted(maps.Keys(row.Services)), slices.Sorted(maps.Keys(row.Anchors))...)
		r := rand.New(rand.NewSource(int64(len(keys))))
		r.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
		var before map[string]string
		step := func(services []string) {
			d := hubOf(site, "10.0.0.0/24", map[string][]string{"dd": services})
			after := endpointAddresses(t, compileLocked(t, d, nil))
			keep(t, before, after, fmt.Sprintf("%s with %v", site, services))
			before = after
		}
		for i := range keys {
			step(keys[:i+1])
		}
		for i := range len(keys) - 1 {
			step(keys[i+1:])
		}
	}
}

// Two backends that would take one address are an error that `obslink lock` mends for good.
func TestLockMendsCollisions(t *testing.T) {
	d := hubOf("us1", "10.0.0.0/27", map[string][]string{"one": {"metrics", "traces"}, "two": {"metrics", "api"}})
	r := compileLocked(t, d, nil)
	if got := codes(r); !slices.Equal(got, []string{"OBS315"}) {
		t.Fatalf("found %v", r.Found)
	}
	locked := aws.Lock(r.Topology)
	after := endpointAddresses(t, compileLocked(t, d, locked))
	if len(after) != 4 || len(locked) != 4 {
		t.Errorf("%d addresses and %d locked, want 4", len(after), len(locked))
	}
	alone := endpointAddresses(t, compileLocked(t, hubOf("us1", "10.0.0.0/27", map[string][]string{"one": {"metrics", "traces"}}), nil))
	keep(t, alone, after, "locked beside another backend")

	// What is locked stays, whatever comes, goes or is renamed.
	more := hubOf("us1", "10.0.0.0/27", map[string][]string{"one": {"metrics"}, "two": {"metrics", "api", "process"}, "zero": {"logs-agent"}})
	again := aws.Lock(compileLocked(t, more, locked).Topology)
	keep(t, after, endpointAddresses(t, compileLocked(t, more, again)), "with other services")

	for _, rename := range [][2]string{{"networks", "hub"}, {"backends", "two"}} {
		renamed := d.Clone()
		renamed.Rename(rename[0], rename[1], "now", true)
		before := map[string]string{}
		for id, address := range after {
			before[strings.ReplaceAll(id, "_"+rename[1]+"_", "_now_")] = address
		}
		got := endpointAddresses(t, compileLocked(t, renamed, locked))
		if !maps.Equal(before, got) {
			t.Errorf("%v renamed: got %v, want %v", rename, got, before)
		}
	}
	renamed := d.Clone()
	renamed.RenameIn("endpoints", "now", true, "networks", "hub", "subnets")
	got := endpointAddresses(t, compileLocked(t, renamed, locked))
	for id, address := range after {
		if now := got[strings.ReplaceAll(id, "_endpoints", "_now")]; now != address {
			t.Errorf("subnet renamed: %s moved from %s to %s", id, address, now)
		}
	}
}

// A lock that does not fit any more is mended, not kept: the subnet moved, or two lines were edited
// to one address.
func TestLockOutOfDate(t *testing.T) {
	d := hubOf("us1", "10.0.0.0/24", map[string][]string{"dd": {"metrics", "api"}})
	for what, locked := range map[string]map[string]string{
		"moved subnet": {"endpoint_hub_dd_metrics/endpoints": "10.0.9.9", "endpoint_hub_dd_orchid/endpoints": "10.0.0.100"},
		"reserved":     {"endpoint_hub_dd_metrics/endpoints": "10.0.0.255", "endpoint_hub_dd_orchid/endpoints": "10.0.0.100"},
		"edited":       {"endpoint_hub_dd_metrics/endpoints": "10.0.0.100", "endpoint_hub_dd_orchid/endpoints": "10.0.0.100"},
	} {
		r := compileLocked(t, d, locked)
		if r.Plan != nil {
			t.Errorf("%s: no error", what)
			continue
		}
		after := endpointAddresses(t, compileLocked(t, d, aws.Lock(r.Topology)))
		if what != "edited" && after["endpoint_hub_dd_orchid subnet_hub_endpoints"] != "10.0.0.100" {
			t.Errorf("%s: the good line of the lock was not kept: %v", what, after)
		}
	}
}

// In an existing subnet nothing is chosen; the lock gives each endpoint an address.
func TestLockInExistingSubnet(t *testing.T) {
	d := hubOf("us1", "10.0.0.0/28", map[string][]string{"dd": {"metrics", "api", "traces"}})
	d.At("networks", "hub", "existing")["vpc"] = "vpc-0a1b"
	d.At("networks", "hub", "subnets", "endpoints")["existing"] = "subnet-0a1b"
	r := compileLocked(t, d, nil)
	if got := codes(r); !slices.Equal(got, []string{"OBS314"}) || len(r.Found) != 4 {
		t.Fatalf("found %v", r.Found)
	}
	endpointAddresses(t, compileLocked(t, d, aws.Lock(r.Topology)))
}

// A topology with mistakes that a lock cannot mend has none.
func TestNoLockForMistakes(t *testing.T) {
	for what, spoil := range map[string]func(topologytest.Doc){
		"unknown backend": func(d topologytest.Doc) { d.At("links", "link-dd")["to"] = "nothing" },
		"bad subnet":      func(d topologytest.Doc) { d.At("networks", "hub", "subnets", "endpoints")["cidr"] = "10.0.0.0" },
		"unknown site":    func(d topologytest.Doc) { d.At("backends", "dd", "datadog")["site"] = "us9" },
		"unknown service": func(d topologytest.Doc) { d.At("backends", "dd", "datadog", "services", "nothing") },
		"IPv6 subnet":     func(d topologytest.Doc) { d.At("networks", "hub", "subnets", "endpoints")["cidr"] = "2001:db8::/64" },
	} {
		d := hubOf("us1", "10.0.0.0/24", map[string][]string{"dd": {"metrics"}})
		spoil(d)
		r := compileLocked(t, d, nil)
		if locked := aws.Lock(r.Topology); locked != nil || r.Plan != nil {
			t.Errorf("%s: got the lock %v", what, locked)
		}
	}
}

// Locking a random topology changes no address that the topology already has, and locking twice
// changes nothing.
func TestLockKeepsChoices(t *testing.T) {
	each(t, func(t *testing.T, _ *rand.Rand, d topologytest.Doc) {
		r := compileLocked(t, d, nil)
		before, locked := endpointAddresses(t, r), aws.Lock(r.Topology)
		after := compileLocked(t, d, locked)
		if !maps.Equal(before, endpointAddresses(t, after)) {
			t.Error("addresses moved")
		}
		if !maps.Equal(locked, aws.Lock(after.Topology)) {
			t.Error("the lock changed")
		}
	})
}
