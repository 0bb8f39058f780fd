package program

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// registerVPCs turns both DNS attributes on: without them neither private zones nor endpoint names
// are answered (AWS PrivateLink guide p. 58; hostnames are off by default).
func (r *Run) registerVPCs() error {
	for _, v := range r.parts.VPCs {
		vpc, err := ec2.NewVpc(r.Ctx, v.Name, &ec2.VpcArgs{
			CidrBlock:          pulumi.String(v.CIDR.String()),
			EnableDnsHostnames: pulumi.Bool(true),
			EnableDnsSupport:   pulumi.Bool(true),
			Tags:               r.tags(v.Name),
		}, r.Options(v.Part))
		if err != nil {
			return err
		}
		r.Keep(v.Name, vpc)
	}
	return nil
}

func (r *Run) registerSubnets() error {
	for _, s := range r.parts.Subnets {
		args := &ec2.SubnetArgs{
			VpcId:     r.ID(s.VPC),
			CidrBlock: pulumi.String(s.CIDR.String()),
			Tags:      r.tags(s.Name),
		}
		if s.ZoneID != "" {
			args.AvailabilityZoneId = pulumi.String(s.ZoneID)
		}
		// A new range that overlaps the old one is refused while both are there. Deleting the old one
		// first is refused too, since endpoints move to the new one in place.
		subnet, err := ec2.NewSubnet(r.Ctx, s.Name, args, r.Options(s.Part))
		if err != nil {
			return err
		}
		r.Keep(s.Name, subnet)
	}
	return nil
}

// registerRouteTables sets no routes: routes in a table and route resources overwrite each other.
func (r *Run) registerRouteTables() error {
	for _, t := range r.parts.RouteTables {
		table, err := ec2.NewRouteTable(r.Ctx, t.Name, &ec2.RouteTableArgs{
			VpcId: r.ID(t.VPC),
			Tags:  r.tags(t.Name),
		}, r.Options(t.Part))
		if err != nil {
			return err
		}
		r.Keep(t.Name, table)
	}
	return nil
}

func (r *Run) registerRouteTableAssociations() error {
	for _, a := range r.parts.RouteTableAssociations {
		association, err := ec2.NewRouteTableAssociation(r.Ctx, a.Name, &ec2.RouteTableAssociationArgs{
			SubnetId:     r.ID(a.Subnet),
			RouteTableId: r.ID(a.RouteTable),
		}, r.Options(a.Part))
		if err != nil {
			return err
		}
		r.Keep(a.Name, association)
	}
	return nil
}

// registerPeerings leaves the acceptance to the accepter: a request can accept itself only within one
// account and region.
func (r *Run) registerPeerings() error {
	for _, p := range r.parts.Peerings {
		peering, err := ec2.NewVpcPeeringConnection(r.Ctx, p.Name, &ec2.VpcPeeringConnectionArgs{
			VpcId:       r.ID(p.Requester),
			PeerVpcId:   r.ID(p.Accepter),
			PeerRegion:  pulumi.String(p.AccepterRegion),
			PeerOwnerId: pulumi.String(p.AccepterAccount),
			AutoAccept:  pulumi.Bool(false),
			Tags:        r.tags(p.Name),
		}, r.Options(p.Part))
		if err != nil {
			return err
		}
		r.Keep(p.Name, peering)
	}
	return nil
}

// registerPeeringAccepters tags each peering a second time: tags of the request are not seen in
// another region or account (VPC Peering Guide, 2023), and the look-up of an existing route table
// there must know its own. Within one region and account both tag the same object, so with the same
// tags, else each run would undo the other's.
func (r *Run) registerPeeringAccepters() error {
	for _, a := range r.parts.PeeringAccepters {
		accepter, err := ec2.NewVpcPeeringConnectionAccepter(r.Ctx, a.Name, &ec2.VpcPeeringConnectionAccepterArgs{
			VpcPeeringConnectionId: r.Resource(a.Peering).ID(),
			AutoAccept:             pulumi.Bool(true),
			Tags:                   r.tags(a.Peering),
		}, r.Options(a.Part))
		if err != nil {
			return err
		}
		r.Keep(a.Name, accepter)
	}
	return nil
}

// registerRoutes waits for the accepter: a route to a peering that is still pending is refused. So is
// one to a transit gateway that the VPC is not attached to yet.
func (r *Run) registerRoutes() error {
	for _, route := range r.parts.Routes {
		args := &ec2.RouteArgs{
			RouteTableId:         r.ID(route.RouteTable),
			DestinationCidrBlock: pulumi.String(route.Destination.String()),
		}
		var after []string
		if route.ExistingPeering != "" {
			args.VpcPeeringConnectionId = pulumi.String(route.ExistingPeering)
		}
		if route.Peering != "" {
			args.VpcPeeringConnectionId = r.Resource(route.Peering).ID()
		}
		if route.Accepter != "" {
			after = append(after, route.Accepter)
		}
		if route.Attachment != "" {
			args.TransitGatewayId = r.ID(route.TransitGateway)
			after = append(after, route.Attachment)
		}
		if route.Interface != "" {
			args.NetworkInterfaceId = pulumi.String(route.Interface)
		}
		registered, err := ec2.NewRoute(r.Ctx, route.Name, args, r.Options(route.Part, r.DependsOn(after...)))
		if err != nil {
			return err
		}
		r.Keep(route.Name, registered)
	}
	return nil
}
