package main

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/route53"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/vpc"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const (
	account    = "123456789012"
	tokyoVPC   = "vpc-0a1b2c3d4e5f60001"
	tokyoTable = "rtb-0a1b2c3d4e5f60002"
)

// must keeps the registrations readable; program's caller sees the first error.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// datadog reaches Datadog us1 from Tokyo.
func datadog(ctx *pulumi.Context) error {
	provider := func(region string) pulumi.ResourceOrInvokeOption {
		return pulumi.Provider(must(aws.NewProvider(ctx, "aws-"+region, &aws.ProviderArgs{
			Region: pulumi.String(region), AllowedAccountIds: pulumi.ToStringArray([]string{account}),
		})))
	}
	virginia, tokyo := provider("us-east-1"), provider("ap-northeast-1")
	if _, err := ec2.LookupVpc(ctx, &ec2.LookupVpcArgs{Id: pulumi.StringRef(tokyoVPC)}, tokyo); err != nil {
		return err
	}

	hub := must(ec2.NewVpc(ctx, "hub", &ec2.VpcArgs{
		CidrBlock: pulumi.String("192.168.0.0/16"), EnableDnsHostnames: pulumi.Bool(true), EnableDnsSupport: pulumi.Bool(true),
	}, virginia))
	subnet := must(ec2.NewSubnet(ctx, "endpoints", &ec2.SubnetArgs{
		VpcId: hub.ID(), CidrBlock: pulumi.String("192.168.0.0/20"), AvailabilityZoneId: pulumi.String("use1-az6"),
	}, virginia))
	table := must(ec2.NewRouteTable(ctx, "hub", &ec2.RouteTableArgs{VpcId: hub.ID()}, virginia))
	must(ec2.NewRouteTableAssociation(ctx, "endpoints", &ec2.RouteTableAssociationArgs{SubnetId: subnet.ID(), RouteTableId: table.ID()}, virginia))
	peering := must(ec2.NewVpcPeeringConnection(ctx, "hub-tokyo", &ec2.VpcPeeringConnectionArgs{
		VpcId: hub.ID(), PeerVpcId: pulumi.String(tokyoVPC), PeerOwnerId: pulumi.String(account), PeerRegion: pulumi.String("ap-northeast-1"), AutoAccept: pulumi.Bool(false),
	}, virginia))
	accepted := pulumi.DependsOn([]pulumi.Resource{must(ec2.NewVpcPeeringConnectionAccepter(ctx, "hub-tokyo", &ec2.VpcPeeringConnectionAccepterArgs{
		VpcPeeringConnectionId: peering.ID(), AutoAccept: pulumi.Bool(true),
	}, tokyo))})
	must(ec2.NewRoute(ctx, "hub", &ec2.RouteArgs{
		RouteTableId: table.ID(), DestinationCidrBlock: pulumi.String("10.0.0.0/16"), VpcPeeringConnectionId: peering.ID(),
	}, virginia, accepted))
	must(ec2.NewRoute(ctx, "tokyo", &ec2.RouteArgs{
		RouteTableId: pulumi.String(tokyoTable), DestinationCidrBlock: pulumi.String("192.168.0.0/16"), VpcPeeringConnectionId: peering.ID(),
	}, tokyo, accepted))

	group := must(ec2.NewSecurityGroup(ctx, "datadog", &ec2.SecurityGroupArgs{VpcId: hub.ID(), Description: pulumi.String("Datadog endpoints")}, virginia))
	must(vpc.NewSecurityGroupIngressRule(ctx, "tokyo", &vpc.SecurityGroupIngressRuleArgs{
		SecurityGroupId: group.ID(), CidrIpv4: pulumi.String("10.0.0.0/16"), IpProtocol: pulumi.String("tcp"), FromPort: pulumi.Int(443), ToPort: pulumi.Int(443),
	}, virginia))
	for name, service := range map[string]struct{ id, host, address string }{
		"metrics": {"vpce-svc-09a8006e245d1e7b8", "metrics.agent.datadoghq.com", "192.168.0.10"},
		"logs":    {"vpce-svc-025a56b9187ac1f63", "agent-http-intake.logs.datadoghq.com", "192.168.0.11"},
	} {
		endpoint := must(ec2.NewVpcEndpoint(ctx, name, &ec2.VpcEndpointArgs{
			VpcId: hub.ID(), ServiceName: pulumi.String("com.amazonaws.vpce.us-east-1." + service.id), VpcEndpointType: pulumi.String("Interface"),
			PrivateDnsEnabled: pulumi.Bool(false), SecurityGroupIds: pulumi.StringArray{group.ID()}, SubnetIds: pulumi.StringArray{subnet.ID()},
			SubnetConfigurations: ec2.VpcEndpointSubnetConfigurationArray{ec2.VpcEndpointSubnetConfigurationArgs{SubnetId: subnet.ID(), Ipv4: pulumi.String(service.address)}},
		}, virginia))
		zone := must(route53.NewZone(ctx, name, &route53.ZoneArgs{Name: pulumi.String(service.host), Vpcs: route53.ZoneVpcArray{
			route53.ZoneVpcArgs{VpcId: hub.ID(), VpcRegion: pulumi.String("us-east-1")},
			route53.ZoneVpcArgs{VpcId: pulumi.String(tokyoVPC), VpcRegion: pulumi.String("ap-northeast-1")},
		}}, virginia))
		entry := endpoint.DnsEntries.Index(pulumi.Int(0))
		must(route53.NewRecord(ctx, name, &route53.RecordArgs{ZoneId: zone.ID(), Name: pulumi.String(service.host), Type: pulumi.String("A"), Aliases: route53.RecordAliasArray{
			route53.RecordAliasArgs{Name: entry.DnsName().Elem(), ZoneId: entry.HostedZoneId().Elem(), EvaluateTargetHealth: pulumi.Bool(false)},
		}}, virginia))
		ctx.Export(name, endpoint.SubnetConfigurations)
	}
	return nil
}
