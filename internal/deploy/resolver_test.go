package deploy

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/obslink/obslink/targets/aws"
	"github.com/obslink/obslink/targets/azure"
)

// resolverParts adds DNS inbound endpoints of both clouds.
func resolverParts(a *aws.Parts, z *azure.Parts) {
	a.IngressRules = append(a.IngressRules, aws.IngressRule{
		Part: part(virginia, "dnsingress_hub_home_172-16-0-0-24_tcp", 90), SecurityGroup: "security-group_hub_dd", From: prefix("172.16.0.0/24"), Port: 53, Description: "DNS over tcp",
	}, aws.IngressRule{
		Part: part(virginia, "dnsingress_hub_home_172-16-0-0-24_udp", 90), SecurityGroup: "security-group_hub_dd", From: prefix("172.16.0.0/24"), Port: 53, Protocol: "udp", Description: "DNS over udp",
	})
	a.InboundEndpoints = append(a.InboundEndpoints, aws.InboundEndpoint{
		Part: part(virginia, "inboundendpoint_hub", 91), SecurityGroup: "security-group_hub_dd", Subnets: []aws.EndpointSubnet{
			{Subnet: created("subnet_hub_endpoints"), Address: netip.MustParseAddr("192.168.0.100")}, {Subnet: existing("subnet-1"), Address: netip.MustParseAddr("192.168.64.100")},
		},
	})
	in := azure.In{ResourceGroup: created("resource-group_japan"), ResourceName: "japan"}
	z.Subnets = append(z.Subnets, azure.Subnet{
		Part: part(azureProvider, "subnet_osaka_dns", 92), In: azure.In{ResourceGroup: in.ResourceGroup, ResourceName: "dns"},
		VNet: created("vnet_osaka"), CIDR: prefix("192.168.2.128/28"), Delegation: "Microsoft.Network/dnsResolvers",
	})
	z.ExistingSubnets = append(z.ExistingSubnets, azure.ExistingSubnet{
		Provider: azureProvider, ResourceGroup: "rg-net", VNet: "vnet-japan", Name: "snet-dns", CIDR: prefix("192.168.2.16/28"),
		Delegation: "Microsoft.Network/dnsResolvers", Origin: at("networks.japan.subnets.dns", 93),
	})
	z.DNSResolvers = append(z.DNSResolvers, azure.DNSResolver{Part: part(azureProvider, "dnsresolver_osaka", 94), In: in, Location: "japanwest", VNet: created("vnet_osaka")})
	z.InboundEndpoints = append(z.InboundEndpoints, azure.InboundEndpoint{
		Part: part(azureProvider, "inboundendpoint_osaka_main", 95), In: in, Location: "japanwest", Resolver: "dnsresolver_osaka",
		Subnet: created("subnet_osaka_dns"), Address: netip.MustParseAddr("192.168.2.132"),
	})
}

// TestResolverLookups asks for an existing subnet that is delegated to nobody, or to somebody else.
func TestResolverLookups(t *testing.T) {
	const dns = "getSubnet rg-net snet-dns vnet-japan"
	for name, delegations := range map[string][]any{"to nobody": nil, "to another": {map[string]any{"serviceName": "Microsoft.Web/serverFarms"}}} {
		p := everyPart()
		_, err := runIn(t, p, map[string]any{dns: map[string]any{"name": "snet-dns", "addressPrefix": "192.168.2.16/28", "delegations": delegations}})
		if err == nil || !strings.Contains(err.Error(), `subnet "snet-dns" of VNet "vnet-japan" is not delegated to Microsoft.Network/dnsResolvers`) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := runIn(t, everyPart(), nil); err != nil {
		t.Errorf("as the plan expects: %v", err)
	}
}
