package azure

import (
	"regexp"
	"testing"

	"github.com/obslink/obslink/schema"
)

// TestServicesOfOthers: whatever service of Datadog a topology names, Azure takes its alias and the message
// that goes with it.
func TestServicesOfOthers(t *testing.T) {
	alias := regexp.MustCompile(`^[a-z0-9-]+\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.[a-z0-9]+\.azure\.privatelinkservice$`)
	rows := 0
	for name, site := range schema.Datadog().AzureSites {
		for key, row := range site.Services {
			rows++
			if message := requestMessage(name, row.Endpoint); len(message) > 140 || row.Endpoint == "" {
				t.Errorf("%s %s: the message %q has %d characters", name, key, message, len(message))
			}
			if !alias.MatchString(row.Alias) {
				t.Errorf("%s %s: %q is no alias of a private link service", name, key, row.Alias)
			}
		}
	}
	if rows == 0 {
		t.Error("the catalogue has no such service")
	}
}
