package program

import (
	"strconv"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/vpc"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// staticASN stands in a customer gateway without BGP, where EC2 wants a number all the same (its default).
const staticASN = 65000

// largestASN is the last that bgpAsn holds; beyond it the number stands in bgpAsnExtended.
const largestASN = 2147483647

func (r *Run) registerCustomerGateways() error {
	for _, g := range r.parts.CustomerGateways {
		args := &ec2.CustomerGatewayArgs{
			Type:      pulumi.String("ipsec.1"),
			IpAddress: pulumi.String(g.Address.String()),
			Tags:      r.tags(g.Name),
		}
		switch {
		case g.ASN == 0:
			args.BgpAsn = pulumi.String(strconv.Itoa(staticASN))
		case g.ASN > largestASN:
			args.BgpAsnExtended = pulumi.String(strconv.FormatInt(g.ASN, 10))
		default:
			args.BgpAsn = pulumi.String(strconv.FormatInt(g.ASN, 10))
		}
		gateway, err := ec2.NewCustomerGateway(r.Ctx, g.Name, args, r.Options(g.Part))
		if err != nil {
			return err
		}
		r.Keep(g.Name, gateway)
	}
	return nil
}

// registerVPNGateways deletes first: a VPC has one VPN gateway at a time.
func (r *Run) registerVPNGateways() error {
	for _, g := range r.parts.VPNGateways {
		args := &ec2.VpnGatewayArgs{VpcId: r.ID(g.VPC), Tags: r.tags(g.Name)}
		if g.ASN != 0 {
			args.AmazonSideAsn = pulumi.String(strconv.FormatInt(g.ASN, 10))
		}
		gateway, err := ec2.NewVpnGateway(r.Ctx, g.Name, args, r.Options(g.Part, pulumi.DeleteBeforeReplace(true)))
		if err != nil {
			return err
		}
		r.Keep(g.Name, gateway)
	}
	return nil
}

// registerVPNConnections deletes first: a second request for the same two ends is answered with the
// connection that is there (EC2 CreateVpnConnection, recalled 2026-11). What AWS returns of the keys
// is secret in the SDK.
func (r *Run) registerVPNConnections() error {
	for _, c := range r.parts.VPNConnections {
		key, err := r.Secret(c.Secret)
		if err != nil {
			return err
		}
		args := &ec2.VpnConnectionArgs{
			Type:                pulumi.String("ipsec.1"),
			CustomerGatewayId:   r.Resource(c.CustomerGateway).ID(),
			StaticRoutesOnly:    pulumi.Bool(c.Static),
			Tunnel1PresharedKey: key,
			Tunnel2PresharedKey: key,
			Tags:                r.tags(c.Name),
		}
		if c.TransitGateway.Part+c.TransitGateway.Existing != "" {
			args.TransitGatewayId = r.ID(c.TransitGateway)
		} else {
			args.VpnGatewayId = r.ID(c.VPNGateway)
		}
		connection, err := ec2.NewVpnConnection(r.Ctx, c.Name, args, r.Options(c.Part, pulumi.DeleteBeforeReplace(true)))
		if err != nil {
			return err
		}
		r.Keep(c.Name, connection)
	}
	return nil
}

func (r *Run) registerVPNRoutes() error {
	for _, route := range r.parts.VPNRoutes {
		registered, err := ec2.NewVpnConnectionRoute(r.Ctx, route.Name, &ec2.VpnConnectionRouteArgs{
			VpnConnectionId:      r.Resource(route.Connection).ID(),
			DestinationCidrBlock: pulumi.String(route.Destination.String()),
		}, r.Options(route.Part, pulumi.DeleteBeforeReplace(true)))
		if err != nil {
			return err
		}
		r.Keep(route.Name, registered)
	}
	return nil
}

func (r *Run) registerVPNPropagations() error {
	for _, p := range r.parts.VPNPropagations {
		propagation, err := ec2.NewVpnGatewayRoutePropagation(r.Ctx, p.Name, &ec2.VpnGatewayRoutePropagationArgs{
			RouteTableId: r.ID(p.RouteTable),
			VpnGatewayId: r.ID(p.VPNGateway),
		}, r.Options(p.Part))
		if err != nil {
			return err
		}
		r.Keep(p.Name, propagation)
	}
	return nil
}

func (r *Run) registerTunnelRules() error {
	for _, rule := range r.parts.TunnelRules {
		registered, err := vpc.NewSecurityGroupIngressRule(r.Ctx, rule.Name, &vpc.SecurityGroupIngressRuleArgs{
			SecurityGroupId: pulumi.String(rule.SecurityGroup),
			CidrIpv4:        pulumi.String(rule.From.String()),
			IpProtocol:      pulumi.String("udp"),
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

// attachmentID is the id of an attachment to a transit gateway: a VPN has one beside its own.
func (r *Run) attachmentID(name string) pulumi.StringInput {
	if c, ok := r.Resource(name).(*ec2.VpnConnection); ok {
		return c.TransitGatewayAttachmentId
	}
	return r.Resource(name).ID()
}
