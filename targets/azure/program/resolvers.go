package program

import (
	"github.com/pulumi/pulumi-azure-native-sdk/network/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/obslink/obslink/targets/register"
)

func (r *Run) registerDNSResolvers() error {
	for _, d := range r.parts.DNSResolvers {
		resolver, err := network.NewDnsResolver(r.Ctx, d.Name, &network.DnsResolverArgs{
			ResourceGroupName: r.group(d.ResourceGroup),
			DnsResolverName:   pulumi.String(d.ResourceName),
			Location:          pulumi.String(d.Location),
			VirtualNetwork:    network.SubResourceArgs{Id: r.ID(d.VNet)},
			Tags:              r.tags(),
		}, r.options(d.Part))
		if err != nil {
			return err
		}
		r.Keep(d.Name, resolver)
	}
	return nil
}

// registerInboundEndpoints fixes the addresses: sites forward to them.
func (r *Run) registerInboundEndpoints() error {
	for _, e := range r.parts.InboundEndpoints {
		endpoint, err := network.NewInboundEndpoint(r.Ctx, e.Name, &network.InboundEndpointArgs{
			ResourceGroupName:   r.group(e.ResourceGroup),
			DnsResolverName:     register.Get[*network.DnsResolver](r.Book, e.Resolver).Name,
			InboundEndpointName: pulumi.String(e.ResourceName),
			Location:            pulumi.String(e.Location),
			IpConfigurations: network.InboundEndpointIPConfigurationArray{
				network.InboundEndpointIPConfigurationArgs{
					Subnet:                    network.SubResourceArgs{Id: r.ID(e.Subnet)},
					PrivateIpAddress:          pulumi.String(e.Address.String()),
					PrivateIpAllocationMethod: pulumi.String("Static"),
				},
			},
			Tags: r.tags(),
		}, r.options(e.Part))
		if err != nil {
			return err
		}
		r.Keep(e.Name, endpoint)
	}
	return nil
}
