package program

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/route53"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// registerInboundEndpoints pins the addresses, so two generations of an endpoint cannot exist at once:
// a replacement deletes first.
func (r *Run) registerInboundEndpoints() error {
	for _, e := range r.parts.InboundEndpoints {
		var addresses route53.ResolverEndpointIpAddressArray
		for _, s := range e.Subnets {
			addresses = append(addresses, route53.ResolverEndpointIpAddressArgs{
				SubnetId: r.ID(s.Subnet),
				Ip:       pulumi.String(s.Address.String()),
			})
		}
		endpoint, err := route53.NewResolverEndpoint(r.Ctx, e.Name, &route53.ResolverEndpointArgs{
			Direction:        pulumi.String("INBOUND"),
			IpAddresses:      addresses,
			SecurityGroupIds: pulumi.StringArray{r.Resource(e.SecurityGroup).ID()},
			Tags:             r.tags(e.Name),
		}, r.Options(e.Part, pulumi.DeleteBeforeReplace(true)))
		if err != nil {
			return err
		}
		r.Keep(e.Name, endpoint)
	}
	return nil
}
