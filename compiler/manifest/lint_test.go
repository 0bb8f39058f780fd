package manifest

import (
	"slices"
	"testing"
)

// sound is a small manifest that breaks no neutral rule.
func sound() *Manifest {
	return &Manifest{
		Resources: []Resource{
			{Type: "aws:ec2/securityGroup:SecurityGroup", Name: "group", Provider: "p", Inputs: map[string]any{
				"vpcId":  "${vpc.id}",
				"egress": []any{map[string]any{"cidrBlocks": []any{"0.0.0.0/0"}}},
			}},
			{Type: "aws:ec2/vpc:Vpc", Name: "vpc", Provider: "p", Inputs: map[string]any{"cidrBlock": "10.0.0.0/16"}},
			{Type: "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", Name: "out", Provider: "p", Inputs: map[string]any{"cidrIpv4": "0.0.0.0/0"}},
			{Type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", Name: "in", Provider: "p", DependsOn: []string{"vpc"},
				Inputs: map[string]any{"securityGroupId": "${group.id}", "cidrIpv4": "10.0.0.0/8"}},
			{Type: "azure-native:network:NetworkSecurityGroup", Name: "nsg", Provider: "az", Inputs: map[string]any{
				"password":      "${secret:psk}",
				"securityRules": []any{map[string]any{"access": "Deny", "direction": "Inbound", "sourceAddressPrefix": "*"}},
			}},
			{Type: "pulumi:providers:aws", Name: "p", Inputs: map[string]any{"region": "us-east-1"}},
			{Type: "pulumi:providers:azure-native", Name: "az", Inputs: map[string]any{}},
		},
		Outputs: map[string]any{"vpc": "${vpc.id}", "list": []any{"${group.tags[0]}"}},
	}
}

func TestNeutralRules(t *testing.T) {
	if found := Lint(sound(), Rules); len(found) > 0 {
		t.Fatalf("the sound manifest: %v", found)
	}
	resource := func(m *Manifest, name string) *Resource {
		return &m.Resources[slices.IndexFunc(m.Resources, func(r Resource) bool { return r.Name == name })]
	}
	for _, test := range []struct {
		name, rule, message string
		spoil               func(*Manifest)
	}{
		{"no provider", "explicit-provider", "has no explicit provider", func(m *Manifest) { resource(m, "vpc").Provider = "" }},
		{"an unregistered provider", "explicit-provider", `has provider "q", which is not registered`, func(m *Manifest) { resource(m, "vpc").Provider = "q" }},
		{"the other cloud's provider", "explicit-provider", `has provider "az", which is one of azure-native`, func(m *Manifest) { resource(m, "vpc").Provider = "az" }},
		{"a resource as provider", "explicit-provider", `has provider "group", which is not registered`, func(m *Manifest) { resource(m, "vpc").Provider = "group" }},
		{"a default provider", "explicit-provider", "is a default provider, which takes account and region from its surroundings", func(m *Manifest) {
			m.Resources = append(m.Resources, Resource{Type: "pulumi:providers:aws", Name: "default_6_83_2"})
		}},
		{"a component", "no-component", `is of package "obslink", which has no provider: programs are flat`, func(m *Manifest) {
			m.Resources = append(m.Resources, Resource{Type: "obslink:index:Hub", Name: "hub"})
		}},
		{"a reference to nothing", "reference", "refers to ${vpcs.id}, which is not registered", func(m *Manifest) { resource(m, "group").Inputs["vpcId"] = "${vpcs.id}" }},
		{"a dependency on nothing", "reference", `depends on "vpcs", which is not registered`, func(m *Manifest) { resource(m, "in").DependsOn = []string{"vpcs"} }},
		{"a trigger of nothing", "reference", "refers to ${gone.id}, which is not registered", func(m *Manifest) { resource(m, "in").ReplacementTrigger = "${gone.id}" }},
		{"an output of nothing", "reference", "refers to ${gone.id}, which is not registered", func(m *Manifest) { m.Outputs["gone"] = map[string]any{"x": []any{"a ${gone.id}"}} }},
		{"a name twice in a type", "unique-name", "has the name of a aws:ec2/vpc:Vpc", func(m *Manifest) {
			m.Resources = append(m.Resources, Resource{Type: "aws:ec2/vpc:Vpc", Name: "in2", Provider: "p"}, Resource{Type: "aws:ec2/vpc:Vpc", Name: "in2", Provider: "p"})
		}},
		{"a name in two types", "unique-name", "has the name of a aws:ec2/vpc:Vpc", func(m *Manifest) {
			m.Resources = append(m.Resources, Resource{Type: "aws:ec2/vpc:Vpc", Name: "x", Provider: "p"}, Resource{Type: "aws:ec2/route:Route", Name: "x", Provider: "p"})
		}},
		{"anyone in, by rule", "no-open-ingress", "lets 0.0.0.0/0 in", func(m *Manifest) { resource(m, "in").Inputs["cidrIpv4"] = "0.0.0.0/0" }},
		{"anyone in, IPv6", "no-open-ingress", "lets ::/0 in", func(m *Manifest) { resource(m, "in").Inputs["cidrIpv6"] = "::/0" }},
		{"anyone in, in line", "no-open-ingress", "lets 0.0.0.0/0 in", func(m *Manifest) {
			resource(m, "group").Inputs["ingress"] = []any{map[string]any{"cidrBlocks": []any{"10.0.0.0/8", "0.0.0.0/0"}}}
		}},
		{"anyone in, on Azure", "no-open-ingress", "lets Internet in", func(m *Manifest) {
			resource(m, "nsg").Inputs["securityRules"] = []any{map[string]any{"access": "Allow", "direction": "Inbound", "sourceAddressPrefix": "Internet"}}
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := sound()
			test.spoil(m)
			found := Lint(m, Rules)
			if len(found) == 0 {
				t.Fatal("nothing was found")
			}
			for _, f := range found {
				if f.Rule != test.rule || f.Message != test.message {
					t.Errorf("got %s", f)
				}
			}
		})
	}
}

func TestResolveTakesTheLongestName(t *testing.T) {
	v := NewView(&Manifest{Resources: []Resource{{Name: "zone"}, {Name: "zone.example.com"}, {Name: "twice"}, {Name: "twice"}}})
	for text, want := range map[string]string{
		"zone.id": "zone", "zone.example.com.id": "zone.example.com", "zone.dnsEntries[0].dnsName": "zone", "zone[0]": "zone", "zone": "zone",
	} {
		if r := v.Resolve(text); r == nil || r.Name != want {
			t.Errorf("%s: got %v, want %s", text, r, want)
		}
	}
	for _, text := range []string{"zones.id", "", "twice.id"} {
		if r := v.Resolve(text); r != nil {
			t.Errorf("%s: got %s", text, r.Name)
		}
	}
}
