package azure

import (
	"slices"
	"testing"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/manifest/linttest"
)

func TestLintResolvers(t *testing.T) {
	const (
		resolver = "dnsresolver_osaka"
		inbound  = "inboundendpoint_osaka_main"
		subnet   = "subnet_osaka_dns"
	)
	type resource = *manifest.Resource
	standsIn := func(id string) func(resource) {
		return func(r resource) {
			configuration, _ := r.List("ipConfigurations")[0].(map[string]any)
			configuration["subnet"] = map[string]any{"id": id}
		}
	}
	tried := map[string]bool{}
	for _, test := range []struct {
		name, rule, resource string
		spoil                func(resource)
	}{
		{"a second resolver", "azure-resolver-one", "", func(r resource) { r.Name = "again" }},
		{"a resolver of another VNet", "", "", func(r resource) {
			r.Name, r.Inputs["virtualNetwork"] = "again", map[string]any{"id": "/subscriptions/x"}
		}},
		{"delegated to nobody", "azure-inbound-subnet", subnet, func(r resource) { delete(r.Inputs, "delegations") }},
		{"delegated to another", "azure-inbound-subnet", subnet, func(r resource) {
			r.Inputs["delegations"] = []any{map[string]any{"name": "x", "serviceName": "Microsoft.Web/serverFarms"}}
		}},
		{"too small", "azure-inbound-subnet", subnet, func(r resource) { r.Inputs["addressPrefix"] = "192.168.2.128/29" }},
		{"too large", "azure-inbound-subnet", subnet, func(r resource) { r.Inputs["addressPrefix"] = "192.168.0.0/23" }},
		{"beside a private endpoint", "azure-inbound-subnet", "endpoint_japan_logs", func(r resource) { r.Inputs["subnet"] = map[string]any{"id": "${subnet_osaka_dns.id}"} }},
		{"a subnet that is there already", "", inbound, standsIn("/subscriptions/x/subnets/dns")},
		{"an address of Azure's choice", "azure-inbound-static", inbound, func(r resource) {
			r.Inputs["ipConfigurations"] = []any{map[string]any{"subnet": map[string]any{"id": "${subnet_osaka_dns.id}"}, "privateIpAllocationMethod": "Dynamic"}}
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := recorded(t)
			i := slices.IndexFunc(m.Resources, func(r manifest.Resource) bool { return r.Name == test.resource })
			if test.resource == "" { // another one like the resolver
				i = slices.IndexFunc(m.Resources, func(r manifest.Resource) bool { return r.Name == resolver })
				m.Resources = append(m.Resources, recorded(t).Resources[i])
				i = len(m.Resources) - 1
			}
			test.spoil(&m.Resources[i])
			linttest.Expect(t, m, resolverRules, test.rule)
		})
		tried[test.rule] = true
	}
	for _, rule := range resolverRules {
		if !tried[rule.Name] {
			t.Errorf("no test breaks %s", rule.Name)
		}
	}
}
