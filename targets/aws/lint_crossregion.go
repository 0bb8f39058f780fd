package aws

import (
	"strings"

	"github.com/obslink/obslink/compiler/manifest"
)

// lintEndpointRegion wants the region in a service's name to be the one in which AWS looks for it: the
// one that the endpoint names, else its own.
func lintEndpointRegion(v *manifest.View, report manifest.Report) {
	for _, r := range v.OfType(endpointType) {
		rest, private := strings.CutPrefix(r.Text("serviceName"), "com.amazonaws.vpce.")
		home, _, _ := strings.Cut(rest, ".")
		asked := r.Text("serviceRegion")
		if asked == "" {
			asked = placeOf(v, r).region
		}
		if private && home != asked {
			report(r, "serviceRegion", "the service is of %s and would be looked for in %s", home, asked)
		}
	}
}

// lintEndpointZone refuses subnets of zones in which no endpoint for another region stands.
func lintEndpointZone(v *manifest.View, report manifest.Report) {
	for _, r := range v.OfType(endpointType) {
		if !r.Has("serviceRegion") || r.Text("serviceRegion") == placeOf(v, r).region {
			continue
		}
		for _, id := range r.List("subnetIds") {
			if s := v.Referred(id); s != nil && !TakesCrossRegion(s.Text("availabilityZoneId")) {
				report(r, "subnetIds", "%s is in %s, which has no cross-region endpoints", s.Name, s.Text("availabilityZoneId"))
			}
		}
	}
}
