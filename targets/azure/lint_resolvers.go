package azure

import (
	"net/netip"

	"github.com/obslink/obslink/compiler/manifest"
)

// resolverRules are the traps of DNS Private Resolvers.
var resolverRules = []manifest.Rule{
	{Name: "azure-resolver-one", Source: "dns-private-resolver-overview: one resolver a VNet", AsOf: "2023-11", Check: lintOneResolver},
	{Name: "azure-inbound-subnet", Source: "dns-private-resolver-overview: /28 to /24, delegated, nothing else in it; azure-rest-api-specs#21744", AsOf: "2023-11", Check: lintInboundSubnet},
	{Name: "azure-inbound-static", Source: "dns-private-resolver-overview: a dynamic address changes when the endpoint is made anew", AsOf: "2023-11", Check: lintInboundStatic},
}

func lintOneResolver(v *manifest.View, report manifest.Report) {
	first := map[any]string{}
	for _, r := range v.OfType(resolverType) {
		vnet := inner(r.Inputs, "virtualNetwork", "id")
		if other, taken := first[vnet]; taken {
			report(r, "virtualNetwork", "has a resolver already: %s", other)
		}
		first[vnet] = r.Name
	}
}

// inboundConfigurations are the IP configurations of every DNS inbound endpoint.
func inboundConfigurations(v *manifest.View, each func(r *manifest.Resource, configuration map[string]any)) {
	for _, r := range v.OfType(inboundType) {
		for _, value := range r.List("ipConfigurations") {
			fields, _ := value.(map[string]any)
			each(r, fields)
		}
	}
}

func lintInboundSubnet(v *manifest.View, report manifest.Report) {
	used := map[any]string{}
	for _, r := range v.OfType(endpointType) {
		used[inner(r.Inputs, "subnet", "id")] = r.Name
	}
	inboundConfigurations(v, func(r *manifest.Resource, fields map[string]any) {
		id := inner(fields, "subnet", "id")
		if other, taken := used[id]; taken {
			report(r, "ipConfigurations", "stands in a subnet that %s uses", other)
		}
		used[id] = r.Name
		subnet := v.Referred(id)
		if subnet == nil {
			return // existing ones are looked up
		}
		if p, err := netip.ParsePrefix(subnet.Text("addressPrefix")); err == nil && (p.Bits() < largestResolverSubnet || p.Bits() > smallestResolverSubnet) {
			report(subnet, "addressPrefix", "is a /%d, and holds %s, which takes /%d to /%d", p.Bits(), r.Name, smallestResolverSubnet, largestResolverSubnet)
		}
		for _, value := range subnet.List("delegations") {
			if d, _ := value.(map[string]any); d["serviceName"] == resolverService {
				return
			}
		}
		report(subnet, "delegations", "do not name %s, as %s needs", resolverService, r.Name)
	})
}

func lintInboundStatic(v *manifest.View, report manifest.Report) {
	inboundConfigurations(v, func(r *manifest.Resource, fields map[string]any) {
		if fields["privateIpAllocationMethod"] != "Static" || fields["privateIpAddress"] == nil {
			report(r, "ipConfigurations", "leave the address to Azure, and sites forward to it")
		}
	})
}
