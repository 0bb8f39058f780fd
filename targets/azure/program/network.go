package program

import (
	"strings"

	"github.com/pulumi/pulumi-azure-native-sdk/network/v2"
	"github.com/pulumi/pulumi-azure-native-sdk/resources/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/targets/azure"
	"github.com/obslink/obslink/targets/register"
)

func (r *Run) registerResourceGroups() error {
	for _, g := range r.parts.ResourceGroups {
		group, err := resources.NewResourceGroup(r.Ctx, g.Name, &resources.ResourceGroupArgs{
			ResourceGroupName: pulumi.String(g.ResourceName),
			Location:          pulumi.String(g.Location),
			Tags:              r.tags(),
		}, r.options(g.Part))
		if err != nil {
			return err
		}
		r.Keep(g.Name, group)
	}
	return nil
}

// registerVNets sets no subnets: subnets in a VNet and subnet resources overwrite each other.
func (r *Run) registerVNets() error {
	for _, v := range r.parts.VNets {
		var cidrs []string
		for _, cidr := range v.CIDRs {
			cidrs = append(cidrs, cidr.String())
		}
		vnet, err := network.NewVirtualNetwork(r.Ctx, v.Name, &network.VirtualNetworkArgs{
			ResourceGroupName:  r.group(v.ResourceGroup),
			VirtualNetworkName: pulumi.String(v.ResourceName),
			Location:           pulumi.String(v.Location),
			AddressSpace:       network.AddressSpaceArgs{AddressPrefixes: pulumi.ToStringArray(cidrs)},
			Tags:               r.tags(),
		}, r.options(v.Part))
		if err != nil {
			return err
		}
		r.Keep(v.Name, vnet)
	}
	return nil
}

// registerSubnets creates the subnets of one VNet one after another: Azure refuses a second write to
// the same VNet while one is under way (409 AnotherOperationInProgress).
func (r *Run) registerSubnets() error {
	last := map[owner]string{}
	for _, s := range r.parts.Subnets {
		vnet := owner{s.ResourceGroup, s.VNet}
		var after []string
		if before, found := last[vnet]; found {
			after = append(after, before)
		}
		args := &network.SubnetArgs{
			ResourceGroupName:  r.group(s.ResourceGroup),
			VirtualNetworkName: r.vnetName(s.VNet),
			SubnetName:         pulumi.String(s.ResourceName),
			AddressPrefix:      pulumi.String(s.CIDR.String()),
			Delegations:        delegations(s),
			// Disabled is the default of the SDK and of the portal, but not of every API version: said,
			// so that an upgrade changes nothing. No network security group stands before an endpoint.
			PrivateEndpointNetworkPolicies: pulumi.String("Disabled"),
		}
		if s.RouteTable != "" { // which counts for private endpoints with policies only
			args.PrivateEndpointNetworkPolicies = pulumi.String("Enabled")
			args.RouteTable = network.RouteTableTypeArgs{Id: r.Resource(s.RouteTable).ID()}
		}
		subnet, err := network.NewSubnet(r.Ctx, s.Name, args, r.options(s.Part, r.DependsOn(after...)))
		if err != nil {
			return err
		}
		r.Keep(s.Name, subnet)
		last[vnet] = s.Name
	}
	return nil
}

// delegations lets one service stand in the subnet, and nothing else.
func delegations(s azure.Subnet) network.DelegationArray {
	if s.Delegation == "" {
		return nil
	}
	return network.DelegationArray{network.DelegationArgs{
		Name: pulumi.String(strings.ReplaceAll(s.Delegation, "/", ".")), ServiceName: pulumi.String(s.Delegation),
	}}
}

// owner is the VNet of a subnet; an existing one is known by group and name.
type owner struct{ group, vnet plan.Ref }

func (r *Run) vnetName(ref plan.Ref) pulumi.StringInput {
	if ref.Existing != "" {
		return pulumi.String(ref.Existing)
	}
	return register.Get[*network.VirtualNetwork](r.Book, ref.Part).Name
}
