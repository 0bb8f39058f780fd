package sandbox

import (
	"slices"
	"testing"

	"github.com/obslink/obslink/schema"
)

// TestOwnServices: the sandbox and the catalogue, which were written apart, know AWS's own services by
// the same names, and agree on whether their endpoints take a policy.
func TestOwnServices(t *testing.T) {
	for key, row := range schema.AWSServiceCatalogue().Services {
		s, known := parseService("com.amazonaws.eu-west-2." + key)
		var names []string
		for _, n := range row.Names {
			names = append(names, schema.Fill(n, "eu-west-2", ""))
		}
		if !known || s.policy != row.Policies || !slices.Equal(s.names, names) {
			t.Errorf("%s: %+v, the catalogue has %v", key, s, names)
		}
	}
}
