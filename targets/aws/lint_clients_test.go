package aws

import (
	"testing"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/manifest/linttest"
)

func TestLintOfGroupRules(t *testing.T) {
	type resource = *manifest.Resource
	withRules := func(t *testing.T) *manifest.Manifest {
		m := recorded(t)
		for name, to := range map[string]string{"clientegress_a": "192.168.0.10/32", "clientegress_b": "192.168.0.11/32"} {
			m.Resources = append(m.Resources, manifest.Resource{Type: egressType, Name: name, Provider: m.Resources[0].Name, Inputs: map[string]any{
				"securityGroupId": "sg-0a1b", "cidrIpv4": to, "ipProtocol": "tcp", "fromPort": 443.0, "toPort": 443.0,
			}})
		}
		return m
	}
	const rule = "clientegress_b"
	linttest.Try(t, withRules, groupRules, func(spoil linttest.Spoil) {
		spoil("the same address", "aws-rule-twice", rule, func(r resource) { r.Inputs["cidrIpv4"], r.Inputs["description"] = "192.168.0.10/32", "another" })
		spoil("the same address of another group", "", rule, func(r resource) { r.Inputs["cidrIpv4"], r.Inputs["securityGroupId"] = "192.168.0.10/32", "sg-0c3d" })
		spoil("everyone", "aws-egress-narrow", rule, func(r resource) { r.Inputs["cidrIpv4"] = "0.0.0.0/0" })
		spoil("every port", "aws-egress-narrow", rule, func(r resource) { r.Inputs["fromPort"] = 0.0 })
		spoil("every protocol", "aws-egress-narrow", rule, func(r resource) { r.Inputs["ipProtocol"] = "-1" })
	})
}
