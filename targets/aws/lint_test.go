package aws

import (
	"slices"
	"testing"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/manifest/linttest"
)

// recorded is a manifest of the real program, with everything that shared zones add.
var recorded = linttest.Recorded("shared")

func TestLint(t *testing.T) {
	rules := slices.Concat(manifest.Rules, LintRules)
	if found := manifest.Lint(recorded(t), rules); len(found) > 0 {
		t.Fatalf("the recorded program: %v", found)
	}
	const (
		endpoint = "endpoint_hub_dd_metrics"
		group    = "security-group_hub_dd"
		rule     = "ingress_hub_dd_tokyo"
		zone     = "zone_hub_dd_metrics"
		record   = "record_hub_dd_metrics"
		peering  = "peering_hub_tokyo"
		accepter = "peering-accepter_hub_tokyo"
	)
	type resource = *manifest.Resource
	tried := map[string]bool{}
	for _, test := range []struct {
		name, rule, resource string
		// spoil changes the resource; a test without a rule shows what is no mistake.
		spoil func(resource)
	}{
		{"hostnames off", "aws-vpc-dns", "vpc_hub", func(r resource) { r.Inputs["enableDnsHostnames"] = false }},
		{"support not said", "aws-vpc-dns", "vpc_hub", func(r resource) { delete(r.Inputs, "enableDnsSupport") }},
		{"no type", "aws-endpoint-type", endpoint, func(r resource) { delete(r.Inputs, "vpcEndpointType") }},
		{"private DNS not said", "aws-endpoint-private-dns", endpoint, func(r resource) { delete(r.Inputs, "privateDnsEnabled") }},
		{"a gateway endpoint", "", endpoint, func(r resource) { r.Inputs["vpcEndpointType"] = "Gateway"; delete(r.Inputs, "privateDnsEnabled") }},
		{"a subnet too many", "aws-endpoint-subnets", endpoint, func(r resource) { r.Inputs["subnetIds"] = []any{"${subnet_hub_endpoints.id}", "subnet-2"} }},
		{"no list of subnets", "aws-endpoint-subnets", endpoint, func(r resource) { delete(r.Inputs, "subnetIds") }},
		{"subnets in another order", "", endpoint, func(r resource) {
			r.Inputs["subnetIds"] = []any{"subnet-2", "subnet-1"}
			r.Inputs["subnetConfigurations"] = []any{map[string]any{"subnetId": "subnet-1"}, map[string]any{"subnetId": "subnet-2"}}
		}},
		{"no addresses pinned", "", endpoint, func(r resource) { delete(r.Inputs, "subnetConfigurations") }},
		{"created before deleted", "aws-endpoint-replace", endpoint, func(r resource) { r.DeleteBeforeReplace = false }},
		{"a service of another region", "aws-endpoint-region", endpoint, func(r resource) {
			r.Inputs["serviceName"] = "com.amazonaws.vpce.eu-west-2.vpce-svc-058a9de2dbf6959f9"
		}},
		{"looked for elsewhere", "aws-endpoint-region", endpoint, func(r resource) { r.Inputs["serviceRegion"] = "eu-west-2" }},
		{"a service of another region, said", "", endpoint, func(r resource) {
			r.Inputs["serviceName"], r.Inputs["serviceRegion"] = "com.amazonaws.vpce.eu-west-2.vpce-svc-058a9de2dbf6959f9", "eu-west-2"
		}},
		{"its own region, said", "", endpoint, func(r resource) { r.Inputs["serviceRegion"] = "us-east-1" }},
		{"a policy without statements", "aws-endpoint-policy", endpoint, func(r resource) { r.Inputs["policy"] = `{"Version": "2012-10-17"}` }},
		{"a policy that is no JSON", "aws-endpoint-policy", endpoint, func(r resource) { r.Inputs["policy"] = "allow" }},
		{"a policy", "", endpoint, func(r resource) {
			r.Inputs["policy"] = `{"Statement":[{"Action":"*","Effect":"Allow","Principal":"*","Resource":"*"}]}`
		}},
		{"private DNS", "", endpoint, func(r resource) { r.Inputs["privateDnsEnabled"] = true }},
		{"rules in line", "aws-inline-rules", group, func(r resource) { r.Inputs["ingress"] = []any{} }},
		{"egress in line", "aws-inline-rules", group, func(r resource) { r.Inputs["egress"] = []any{} }},
		{"routes in line", "aws-inline-routes", "route-table_hub_endpoints", func(r resource) { r.Inputs["routes"] = []any{} }},
		{"two sources", "aws-rule-source", rule, func(r resource) { r.Inputs["prefixListId"] = "pl-1" }},
		{"no source", "aws-rule-source", rule, func(r resource) { delete(r.Inputs, "cidrIpv4") }},
		{"no port", "aws-rule-source", rule, func(r resource) { delete(r.Inputs, "toPort") }},
		{"ports of every protocol", "aws-rule-source", rule, func(r resource) { r.Inputs["ipProtocol"] = "-1" }},
		{"every protocol", "", rule, func(r resource) {
			r.Inputs["ipProtocol"] = "-1"
			delete(r.Inputs, "fromPort")
			delete(r.Inputs, "toPort")
		}},
		{"sg as physical name", "aws-group-name", group, func(r resource) { r.Inputs["name"] = "sg-endpoints" }},
		{"sg as prefix", "aws-group-name", group, func(r resource) { r.Inputs["namePrefix"] = "sg" }},
		{"another name", "", group, func(r resource) { r.Inputs["name"] = "endpoints-sg" }},
		{"a public zone", "aws-zone-private", "zone_hub_dd_other", nil},
		{"VPCs not ignored", "aws-zone-shared", zone, func(r resource) { r.IgnoreChanges = nil }},
		{"no trigger", "aws-zone-shared", zone, func(r resource) { r.ReplacementTrigger = nil }},
		{"another trigger", "aws-zone-shared", zone, func(r resource) { r.ReplacementTrigger = []any{"${subnet_hub_endpoints.id}"} }},
		{"a trigger that creates first", "aws-zone-shared", zone, func(r resource) { r.DeleteBeforeReplace = false }},
		{"the site as zone", "aws-zone-parent", zone, func(r resource) { r.Inputs["name"] = "datadoghq.com" }},
		{"the agents' parent", "aws-zone-parent", zone, func(r resource) { r.Inputs["name"] = "agent.datadoghq.com" }},
		{"another site's parent", "aws-zone-parent", zone, func(r resource) { r.Inputs["name"] = "Agent.ap1.datadoghq.com." }},
		{"a storage parent", "aws-zone-parent", zone, func(r resource) { r.Inputs["name"] = "blob.core.windows.net" }},
		{"a region's parent", "aws-zone-parent", zone, func(r resource) { r.Inputs["name"] = "ap-northeast-1.amazonaws.com" }},
		{"one service of a region", "", zone, func(r resource) { r.Inputs["name"] = "logs.ap-northeast-1.amazonaws.com" }},
		{"an anchor", "", zone, func(r resource) { r.Inputs["name"] = "beige.intake.ap2.datadoghq.com" }},
		{"an alias with ttl", "aws-alias-ttl", record, func(r resource) { r.Inputs["ttl"] = 60.0 }},
		{"an alias with records", "aws-alias-ttl", record, func(r resource) { r.Inputs["records"] = []any{"192.168.0.11"} }},
		{"records without ttl", "aws-alias-ttl", record, func(r resource) { delete(r.Inputs, "aliases"); r.Inputs["records"] = []any{"192.168.0.11"} }},
		{"plain records", "", record, func(r resource) {
			delete(r.Inputs, "aliases")
			r.Inputs["records"], r.Inputs["ttl"] = []any{"192.168.0.11"}, 60.0
		}},
		{"accepts itself across regions", "aws-peering-accept", peering, func(r resource) { r.Inputs["autoAccept"] = true }},
		{"an accepter that does not accept", "aws-peering-accept", accepter, func(r resource) { r.Inputs["autoAccept"] = false }},
		{"accepted by the requester", "aws-accepter-provider", accepter, func(r resource) { r.Provider = "provider-aws_main_us-east-1" }},
		{"accepted in another account", "aws-accepter-provider", peering, func(r resource) { r.Inputs["peerOwnerId"] = "999999999999" }},
		{"a route that does not wait", "aws-route-after-accepter", "route_tokyo_private_hub", func(r resource) { r.DependsOn = nil }},
		{"a route elsewhere", "", "route_tokyo_private_hub", func(r resource) {
			delete(r.Inputs, "vpcPeeringConnectionId")
			r.Inputs["networkInterfaceId"], r.DependsOn = "eni-1", nil
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := recorded(t)
			if test.spoil == nil {
				m.Resources = append(m.Resources, manifest.Resource{
					Type: zoneType, Name: test.resource, Provider: "provider-aws_main_us-east-1", Inputs: map[string]any{"name": "x.example.com"},
				})
			} else {
				i := slices.IndexFunc(m.Resources, func(r manifest.Resource) bool { return r.Name == test.resource })
				test.spoil(&m.Resources[i])
			}
			linttest.Expect(t, m, rules, test.rule)
		})
		tried[test.rule] = true
	}
	tried["aws-endpoint-zone"] = true  // in TestLintOfNames
	tried["aws-endpoint-names"] = true // TestLintOfEndpoints
	for _, rule := range LintRules {
		if !tried[rule.Name] && !slices.ContainsFunc(slices.Concat(transitRules, vpnRules, resolverRules, groupRules), func(r manifest.Rule) bool { return r.Name == rule.Name }) {
			t.Errorf("no test breaks %s", rule.Name)
		}
		if rule.Source == "" || rule.AsOf == "" {
			t.Errorf("%s has no source or date", rule.Name)
		}
	}
}

// TestLintOfEndpoints covers what two endpoints may not be together.
func TestLintOfEndpoints(t *testing.T) {
	endpoint := func(name, service string, private bool) manifest.Resource {
		return manifest.Resource{Type: endpointType, Name: name, Provider: "p", DeleteBeforeReplace: true, Inputs: map[string]any{
			"vpcId": "vpc-1", "serviceName": service, "vpcEndpointType": "Interface", "privateDnsEnabled": private,
		}}
	}
	for other, want := range map[*manifest.Resource]int{
		new(endpoint("b", "com.amazonaws.us-east-1.logs", true)):       1,
		new(endpoint("b", "com.amazonaws.us-east-1.logs", false)):      0,
		new(endpoint("b", "com.amazonaws.us-east-1.monitoring", true)): 0,
	} {
		m := &manifest.Manifest{Resources: []manifest.Resource{
			{Type: "pulumi:providers:aws", Name: "p"}, endpoint("a", "com.amazonaws.us-east-1.logs", true), *other,
		}}
		found := manifest.Lint(m, slices.Concat(manifest.Rules, LintRules))
		if len(found) != want || want > 0 && found[0].Rule != "aws-endpoint-names" {
			t.Errorf("%v: %v", other.Inputs, found)
		}
	}
}

// TestLintOfNames covers what changing one recorded resource cannot.
func TestLintOfNames(t *testing.T) {
	provider := manifest.Resource{Type: "pulumi:providers:aws", Name: "p"}
	group := func(name string, inputs map[string]any) []manifest.Finding {
		return manifest.Lint(&manifest.Manifest{Resources: []manifest.Resource{
			provider, {Type: groupType, Name: name, Provider: "p", Inputs: inputs},
		}}, slices.Concat(manifest.Rules, LintRules))
	}
	if found := group("sg-hub", nil); len(found) != 1 || found[0].Rule != "aws-group-name" {
		t.Errorf("a logical name: %v", found)
	}
	if found := group("sg-hub", map[string]any{"name": "hub"}); len(found) > 0 {
		t.Errorf("a logical name that names nothing: %v", found)
	}
	zone := manifest.Resource{Type: zoneType, Name: "z", Provider: "p", Inputs: map[string]any{"name": "agent.datadoghq.com", "vpcs": []any{map[string]any{"vpcId": "vpc-1"}}}}
	wildcard := manifest.Resource{Type: recordType, Name: "r", Provider: "p", Inputs: map[string]any{
		"zoneId": "${z.id}", "name": "*.agent.datadoghq.com", "type": "A", "records": []any{"10.0.0.1"}, "ttl": 60.0,
	}}
	if found := manifest.Lint(&manifest.Manifest{Resources: []manifest.Resource{provider, zone, wildcard}}, LintRules); len(found) > 0 {
		t.Errorf("a parent with a wildcard: %v", found)
	}
	closed := manifest.Resource{Type: subnetType, Name: "s", Provider: "p", Inputs: map[string]any{"availabilityZoneId": "apne1-az3"}}
	across := manifest.Resource{Type: endpointType, Name: "e", Provider: "p", DeleteBeforeReplace: true, Inputs: map[string]any{
		"serviceName": "com.amazonaws.vpce.us-east-1.vpce-svc-09a8006e245d1e7b8", "serviceRegion": "us-east-1", "vpcEndpointType": "Interface",
		"privateDnsEnabled": true, "subnetIds": []any{"${s.id}"},
	}}
	if found := manifest.Lint(&manifest.Manifest{Resources: []manifest.Resource{provider, closed, across}}, LintRules); len(found) != 1 || found[0].Rule != "aws-endpoint-zone" {
		t.Errorf("an endpoint for another region in a zone without: %v", found)
	}
	lonely := manifest.Resource{Type: peeringType, Name: "peering", Provider: "p", Inputs: map[string]any{"vpcId": "vpc-1", "peerVpcId": "vpc-2", "peerRegion": "eu-west-1"}}
	if found := manifest.Lint(&manifest.Manifest{Resources: []manifest.Resource{provider, lonely}}, LintRules); len(found) != 1 || found[0].Rule != "aws-peering-accept" {
		t.Errorf("a peering that nothing accepts: %v", found)
	}
}
