package aws

import (
	"fmt"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
	"github.com/obslink/obslink/schema"
)

var (
	manyEndpoints = diag.Code{
		ID: "OBS331", Severity: diag.Warning, Title: "more endpoints than a VPC takes by default",
		Cause:   "A VPC takes 50 interface endpoints unless the quota is raised (PrivateLink guide p. 190, 2026). Endpoints that are there already count too.",
		Example: `hub: {…}   // six backends of ten services each`,
		Mend:    `severities: OBS331: {level: "acknowledged", reason: "quota raised to 100 in us-east-1"}`,
	}
	manyVPCs = diag.Code{
		ID: "OBS339", Severity: diag.Warning, Title: "more VPCs than a region takes by default",
		Cause:   "An account has 5 VPCs in a region, the default VPC among them, unless the quota is raised (VPC user guide, 2026-08).",
		Example: `networks: {a: {…}, b: {…}, c: {…}, d: {…}, e: {…}, f: {…}}   // all created in us-east-1`,
		Mend:    `severities: OBS339: {level: "acknowledged", reason: "quota raised to 20 in us-east-1"}`,
	}
	manyZones = diag.Code{
		ID: "OBS341", Severity: diag.Warning, Title: "more hosted zones than an account has by default",
		Cause:   "An account has 500 hosted zones unless the quota is raised (Route 53 developer guide, 2026-08). obslink makes one for each service that peered networks reach in an endpoint network.",
		Example: `networks: {hub1: {…}, hub2: {…}, …}   // 51 endpoint networks with ten services each`,
		Mend:    "let more clients share an endpoint network, or have the quota raised and acknowledge OBS341",
	}
)

// raise says what to do about a quota that can be raised.
func raise(q schema.Quota, code diag.Code) string {
	to := ""
	if q.Max > 0 {
		to = fmt.Sprintf(" (up to %d)", q.Max)
	}
	return fmt.Sprintf("have %q raised%s in Service Quotas, then: severities: %s: {level: \"acknowledged\", reason: \"…\"}", q.Name, to, code.ID)
}

// checkCounts checks how many endpoints, VPCs and zones there would be.
func checkCounts(t *topology.Topology) diag.List {
	var found diag.List
	quotas := schema.AWS().Quotas
	services := servicesOf(t)
	endpoints, zones := map[string]int{}, map[string]int{}
	for _, h := range compile.Hostings(t, Name) {
		if !offered(t, h.Backend) {
			continue
		}
		private := 0
		for _, s := range services(h) {
			endpoints[h.Network]++
			private += len(s.zones)
		}
		if _, others := seenFrom(t, h); len(others) > 0 {
			zones[t.Networks[h.Network].Account] += private
		}
	}
	for network, count := range topology.Sorted(endpoints) {
		if q := quotas["endpointsPerVPC"]; count > q.Default {
			at := "networks." + network
			found = append(found, manyEndpoints.At(t.At(at), at, "network %q would have %d interface endpoints; a VPC takes %d by default", network, count, q.Default).
				WithHint("%s", raise(q, manyEndpoints)))
		}
	}
	for account, count := range topology.Sorted(zones) {
		if q := quotas["zonesPerAccount"]; count > q.Default {
			at := "accounts." + account
			found = append(found, manyZones.At(t.At(at), at, "account %q would have %d private hosted zones; it has %d by default", account, count, q.Default).
				WithHint("%s", raise(q, manyZones)))
		}
	}
	return append(found, vpcCounts(t, quotas["vpcsPerRegion"])...)
}

// vpcCounts counts the VPCs that obslink would create in each account and region.
func vpcCounts(t *topology.Topology, q schema.Quota) diag.List {
	type place struct{ account, region string }
	var found diag.List
	created := map[place]int{}
	for key, n := range topology.Sorted(t.Networks) {
		if t.Kind(key) == Name && n.Existing == nil {
			created[place{n.Account, n.Region}]++
		}
	}
	reported := map[place]bool{}
	for _, n := range topology.Sorted(t.Networks) {
		id := place{n.Account, n.Region}
		if created[id] <= q.Default || reported[id] {
			continue
		}
		reported[id] = true
		at := "accounts." + n.Account
		found = append(found, manyVPCs.At(t.At(at), at, "account %q would get %d VPCs in %s; it has %d by default, the default VPC among them", n.Account, created[id], n.Region, q.Default).
			WithHint("%s", raise(q, manyVPCs)))
	}
	return found
}
