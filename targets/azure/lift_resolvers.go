package azure

import (
	"fmt"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
)

// resolver must be in its network's region; its inbound endpoints are read by themselves.
func (l *lifting) resolver(r *manifest.Resource) {
	if at, ok := l.network(r, "virtualNetwork.id", inner(r.Inputs, "virtualNetwork", "id")); ok {
		l.beside(r, at)
	}
}

// inbound answers questions at an address of its resolver's network.
func (l *lifting) inbound(r *manifest.Resource) {
	p := l.ourParent(r, "dnsResolverName", resolverType, "dnsResolvers")
	if p == nil {
		return
	}
	network, ok := l.network(p, "virtualNetwork.id", inner(p.Inputs, "virtualNetwork", "id"))
	if !ok {
		return
	}
	resolver := plan.Resolver{Name: r.Name, Ref: plan.Ref{Part: r.Name}, Network: l.name(network)}
	for i, value := range r.List("ipConfigurations") {
		fields, _ := value.(map[string]any)
		path := fmt.Sprintf("ipConfigurations[%d].", i)
		at, ok := l.subnetOf(r, path+"subnet.id", inner(fields, "subnet", "id"))
		if !ok {
			return
		}
		if at.network != network {
			l.Problem(r, path+"subnet.id", "is in network %q, the resolver in %q", l.name(at.network), l.name(network))
			return
		}
		if !l.delegated(r, path+"subnet.id", at) || !l.beside(r, network) {
			return
		}
		if fields["privateIpAllocationMethod"] != "Static" {
			l.Problem(r, path+"privateIpAllocationMethod", "%v leaves the address to Azure", fields["privateIpAllocationMethod"])
			return
		}
		a, ok := l.address(r, path+"privateIpAddress", fields["privateIpAddress"], at)
		if !ok {
			return
		}
		resolver.Addresses = append(resolver.Addresses, a)
	}
	if len(resolver.Addresses) == 0 {
		l.Problem(r, "ipConfigurations", "are not given")
		return
	}
	l.g.Resolvers = append(l.g.Resolvers, resolver)
}

// delegated reports whether a subnet is for DNS inbound endpoints; one that is there already is looked
// up.
func (l *lifting) delegated(r *manifest.Resource, path string, at spot) bool {
	subnet := l.View.Named(l.subnetAt(at).Ref.Part)
	if subnet == nil {
		return true
	}
	for _, value := range subnet.List("delegations") {
		if d, _ := value.(map[string]any); d["serviceName"] == resolverService {
			return true
		}
	}
	l.Problem(r, path, "%s is not delegated to %s", subnet.Name, resolverService)
	return false
}
