package aws

import (
	"encoding/json"

	"github.com/obslink/obslink/compiler/manifest"
)

// lintEndpointPolicy wants a policy that AWS reads: JSON with at least one statement.
func lintEndpointPolicy(v *manifest.View, report manifest.Report) {
	for _, r := range v.OfType(endpointType) {
		if !r.Has("policy") {
			continue
		}
		var policy struct{ Statement []map[string]any }
		if err := json.Unmarshal([]byte(r.Text("policy")), &policy); err != nil || len(policy.Statement) == 0 {
			report(r, "policy", "is no policy with statements")
		}
	}
}

// lintEndpointNames refuses a second endpoint of a service whose names a VPC has already.
func lintEndpointNames(v *manifest.View, report manifest.Report) {
	type names struct{ vpc, service any }
	first := map[names]string{}
	for _, r := range v.OfType(endpointType) {
		if r.Inputs["privateDnsEnabled"] != true {
			continue
		}
		id := names{r.Inputs["vpcId"], r.Inputs["serviceName"]}
		if other, taken := first[id]; taken {
			report(r, "privateDnsEnabled", "conflicts with %s, which answers the same names in that VPC", other)
		}
		first[id] = r.Name
	}
}
