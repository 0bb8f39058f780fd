package program

import (
	"cmp"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/vpc"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/targets/aws"
	"github.com/obslink/obslink/targets/register"
)

// registerSecurityGroups sets no rules: rules in a group and rule resources overwrite each other. The
// provider removes AWS's default egress, and an endpoint needs none.
func (r *Run) registerSecurityGroups() error {
	for _, g := range r.parts.SecurityGroups {
		group, err := ec2.NewSecurityGroup(r.Ctx, g.Name, &ec2.SecurityGroupArgs{
			VpcId:       r.ID(g.VPC),
			Description: pulumi.String(g.Description),
			Tags:        r.tags(g.Name),
		}, r.Options(g.Part))
		if err != nil {
			return err
		}
		r.Keep(g.Name, group)
	}
	return nil
}

// group is the id of a security group, of this program or of one that is there already.
func (r *Run) group(part, existing string) register.ID {
	return r.ID(plan.Ref{Part: part, Existing: existing})
}

// registerIngressRules registers one CIDR a rule, as AWS counts them.
func (r *Run) registerIngressRules() error {
	for _, rule := range r.parts.IngressRules {
		registered, err := vpc.NewSecurityGroupIngressRule(r.Ctx, rule.Name, &vpc.SecurityGroupIngressRuleArgs{
			SecurityGroupId: r.group(rule.SecurityGroup, rule.ExistingGroup),
			CidrIpv4:        pulumi.String(rule.From.String()),
			IpProtocol:      pulumi.String(cmp.Or(rule.Protocol, "tcp")),
			FromPort:        pulumi.Int(rule.Port),
			ToPort:          pulumi.Int(rule.Port),
			Description:     pulumi.String(rule.Description),
			Tags:            r.tags(rule.Name),
		}, r.Options(rule.Part))
		if err != nil {
			return err
		}
		r.Keep(rule.Name, registered)
	}
	return nil
}

// registerEgressRules registers one address a rule, in the account of the servers' VPC.
func (r *Run) registerEgressRules() error {
	for _, rule := range r.parts.EgressRules {
		registered, err := vpc.NewSecurityGroupEgressRule(r.Ctx, rule.Name, &vpc.SecurityGroupEgressRuleArgs{
			SecurityGroupId: pulumi.String(rule.ExistingGroup),
			CidrIpv4:        pulumi.String(rule.To.String()),
			IpProtocol:      pulumi.String("tcp"),
			FromPort:        pulumi.Int(rule.Port),
			ToPort:          pulumi.Int(rule.Port),
			Description:     pulumi.String(rule.Description),
			Tags:            r.tags(rule.Name),
		}, r.Options(rule.Part))
		if err != nil {
			return err
		}
		r.Keep(rule.Name, registered)
	}
	return nil
}

// registerEndpoints pins the addresses, so two generations of an endpoint cannot exist at once:
// a replacement deletes first.
func (r *Run) registerEndpoints() error {
	for _, e := range r.parts.Endpoints {
		ids, configurations := r.endpointSubnets(e.Subnets)
		var region, policy pulumi.StringPtrInput
		if e.Policy != "" {
			policy = pulumi.String(e.Policy)
		}
		if e.ServiceRegion != "" {
			region = pulumi.String(e.ServiceRegion)
		}
		endpoint, err := ec2.NewVpcEndpoint(r.Ctx, e.Name, &ec2.VpcEndpointArgs{
			VpcId:       r.ID(e.VPC),
			ServiceName: pulumi.String(e.ServiceName),
			// Where it is not said, AWS looks for the service in the VPC's own region.
			ServiceRegion: region,
			// The provider's default is Gateway.
			VpcEndpointType: pulumi.String("Interface"),
			// On by default in the console, off in the provider: always said.
			PrivateDnsEnabled:    pulumi.Bool(e.PrivateDNS),
			SubnetIds:            ids,
			SubnetConfigurations: configurations,
			SecurityGroupIds:     pulumi.StringArray{r.group(e.SecurityGroup, e.ExistingGroup)},
			Policy:               policy,
			Tags:                 r.tags(e.Name),
		}, r.Options(e.Part, pulumi.DeleteBeforeReplace(true)))
		if err != nil {
			return err
		}
		r.Keep(e.Name, endpoint)
		// The real addresses, pinned or not; aws.EndpointOutputs reads them.
		r.Ctx.Export(e.Name, endpoint.SubnetConfigurations)
	}
	return nil
}

// endpointSubnets lists the subnets twice, as the API wants it: ids, and addresses for each id.
func (r *Run) endpointSubnets(subnets []aws.EndpointSubnet) (pulumi.StringArray, ec2.VpcEndpointSubnetConfigurationArray) {
	var ids pulumi.StringArray
	var configurations ec2.VpcEndpointSubnetConfigurationArray
	for _, s := range subnets {
		id := r.ID(s.Subnet)
		ids = append(ids, id)
		configurations = append(configurations, ec2.VpcEndpointSubnetConfigurationArgs{
			SubnetId: id,
			Ipv4:     pulumi.String(s.Address.String()),
		})
	}
	return ids, configurations
}
