package aws

import (
	"slices"
	"testing"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/manifest/linttest"
)

func TestLintResolvers(t *testing.T) {
	const (
		endpoint = "inboundendpoint_hub"
		tcp      = "dnsingress_hub_home_172-16-0-0-24_tcp"
		udp      = "dnsingress_hub_home_172-16-0-0-24_udp"
	)
	type resource = *manifest.Resource
	if found := manifest.Lint(linttest.Recorded("forwarding")(t), slices.Concat(manifest.Rules, LintRules)); len(found) > 0 {
		t.Fatalf("the recorded program: %v", found)
	}
	linttest.Try(t, linttest.Recorded("forwarding"), resolverRules, func(spoil linttest.Spoil) {
		spoil("one address", "aws-resolver-addresses", endpoint, func(r resource) { r.Inputs["ipAddresses"] = r.List("ipAddresses")[:1] })
		spoil("created before deleted", "aws-resolver-replace", endpoint, func(r resource) { r.DeleteBeforeReplace = false })
		spoil("addresses of AWS's choice", "", endpoint, func(r resource) {
			r.Inputs["ipAddresses"], r.DeleteBeforeReplace = []any{map[string]any{"subnetId": "subnet-1"}, map[string]any{"subnetId": "subnet-2"}}, false
		})
		spoil("no UDP", "aws-resolver-ports", udp, func(r resource) { r.Inputs["ipProtocol"] = "tcp" })
		spoil("no TCP", "aws-resolver-ports", tcp, func(r resource) { r.Inputs["cidrIpv4"] = "172.16.9.0/24" })
	})
}
