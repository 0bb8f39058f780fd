package aws

import (
	"fmt"
	"slices"

	"github.com/obslink/obslink/compiler/manifest"
)

// groupRules are the traps of rules of security groups that are there already.
var groupRules = []manifest.Rule{
	{Name: "aws-rule-twice", Source: "EC2 API error codes: InvalidPermission.Duplicate", AsOf: "2026-11", Check: lintRuleTwice},
	{Name: "aws-egress-narrow", Source: "AWS Well-Architected SEC05-BP02; a rule lets servers out to an endpoint", AsOf: "2026-11", Check: lintEgressNarrow},
}

// lintRuleTwice finds rules that EC2 takes for one: descriptions and tags do not count.
func lintRuleTwice(v *manifest.View, report manifest.Report) {
	for _, token := range []string{ingressType, egressType} {
		first := map[string]string{}
		for _, r := range v.OfType(token) {
			key := ""
			for _, input := range []string{"securityGroupId", "cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId", "ipProtocol", "fromPort", "toPort"} {
				key += fmt.Sprint(r.Inputs[input]) + " "
			}
			if other, taken := first[key]; taken {
				report(r, "", "is the rule that %s is", other)
				continue
			}
			first[key] = r.Name
		}
	}
}

func lintEgressNarrow(v *manifest.View, report manifest.Report) {
	for _, r := range v.OfType(egressType) {
		for _, input := range []string{"cidrIpv4", "cidrIpv6"} {
			if slices.Contains([]string{"0.0.0.0/0", "::/0"}, r.Text(input)) {
				report(r, input, "lets servers out to everyone")
			}
		}
		if r.Text("ipProtocol") == "-1" || fmt.Sprint(r.Inputs["fromPort"]) != fmt.Sprint(r.Inputs["toPort"]) {
			report(r, "ipProtocol", "lets servers out to more than one port")
		}
	}
}
