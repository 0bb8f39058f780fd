package program

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/targets/aws"
	"github.com/obslink/obslink/targets/register"
)

// Lookups asks AWS for every existing object that the plan relies on, and returns all that differs
// from what the topology says. Assumptions lists the same look-ups with the answers that would please.
func (r *Run) Lookups() diag.List {
	var asks []register.Ask
	for _, v := range r.parts.ExistingVPCs {
		asks = append(asks, func() diag.List { return r.lookUpVPC(v) })
	}
	for _, s := range r.parts.ExistingSubnets {
		asks = append(asks, func() diag.List { return r.lookUpSubnet(s) })
	}
	for _, t := range r.parts.ExistingRouteTables {
		asks = append(asks, func() diag.List { return r.lookUpRouteTable(t) })
	}
	for _, p := range r.parts.ExistingPeerings {
		asks = append(asks, func() diag.List { return r.lookUpPeering(p) })
	}
	for _, z := range r.parts.ExistingZones {
		asks = append(asks, func() diag.List { return r.lookUpZone(z) })
	}
	for _, n := range r.parts.FreeNames {
		asks = append(asks, func() diag.List { return r.lookUpName(n) })
	}
	for _, g := range r.parts.ExistingGroups {
		asks = append(asks, func() diag.List { return r.lookUpGroup(g) })
	}
	for _, e := range r.parts.ExistingEndpoints {
		asks = append(asks, func() diag.List { return r.lookUpEndpoint(e) })
	}
	for _, s := range r.parts.ExistingServices {
		asks = append(asks, func() diag.List { return r.lookUpService(s) })
	}
	for _, g := range r.parts.ExistingTransitGateways {
		asks = append(asks, func() diag.List { return r.lookUpTransitGateway(g) })
	}
	for _, g := range r.parts.ExistingVPNGateways {
		asks = append(asks, func() diag.List { return r.lookUpVPNGateway(g) })
	}
	for _, h := range r.parts.ExistingTunnelHosts {
		asks = append(asks, func() diag.List { return r.lookUpTunnelHost(h) })
	}
	return register.AskAll(asks)
}

func (r *Run) lookUpVPC(v aws.ExistingVPC) diag.List {
	what := fmt.Sprintf("VPC %q", v.ID)
	got, err := ec2.LookupVpc(r.Ctx, &ec2.LookupVpcArgs{Id: &v.ID}, r.Through(v.Provider))
	if err != nil {
		return register.Failed(v.Origin, what, r.place(v.Provider), err)
	}
	var found diag.List
	if has, says := register.Quoted(vpcCIDRs(got)), register.QuotedPrefixes(v.CIDRs); has != says {
		found = append(found, differs(v.Origin, "%s has the CIDRs %s, the topology says %s", what, has, says).
			WithHint("write cidrs: [%s]", has))
	}
	for _, attribute := range []struct {
		name, option string
		on           bool
	}{
		{"enableDnsSupport", "--enable-dns-support", got.EnableDnsSupport},
		{"enableDnsHostnames", "--enable-dns-hostnames", got.EnableDnsHostnames},
	} {
		if !attribute.on {
			found = append(found, differs(v.Origin, "%s has %s off, so private names would not resolve in it", what, attribute.name).
				WithHint("turn it on: aws ec2 modify-vpc-attribute --vpc-id %s %s", v.ID, attribute.option))
		}
	}
	return found
}

// vpcCIDRs leaves out ranges that were taken away: AWS keeps them in the list as "disassociated".
func vpcCIDRs(vpc *ec2.LookupVpcResult) []string {
	var cidrs []string
	for _, association := range vpc.CidrBlockAssociations {
		if association.State == "associated" {
			cidrs = append(cidrs, association.CidrBlock)
		}
	}
	if len(cidrs) == 0 {
		return []string{vpc.CidrBlock}
	}
	return cidrs
}

func (r *Run) lookUpSubnet(s aws.ExistingSubnet) diag.List {
	what := fmt.Sprintf("subnet %q", s.ID)
	got, err := ec2.LookupSubnet(r.Ctx, &ec2.LookupSubnetArgs{Id: &s.ID}, r.Through(s.Provider))
	if err != nil {
		return register.Failed(s.Origin, what, r.place(s.Provider), err)
	}
	var found diag.List
	if got.VpcId != s.VPC {
		found = append(found, differs(s.Origin, "%s is in VPC %q, the topology says %q", what, got.VpcId, s.VPC).
			WithHint("write a subnet of %q, or declare the network as %q", s.VPC, got.VpcId))
	}
	if got.CidrBlock != s.CIDR.String() {
		found = append(found, differs(s.Origin, "%s has the CIDR %q, the topology says %q", what, got.CidrBlock, s.CIDR).
			WithHint("write cidr: %q", got.CidrBlock))
	}
	if zone := got.AvailabilityZoneId; s.CrossRegion && !aws.TakesCrossRegion(zone) {
		found = append(found, differs(s.Origin, "%s is in zone %q, which has no cross-region endpoints", what, zone).
			WithHint("write `endpoints: false` on it, and name a subnet of another zone"))
	}
	if s.ZoneID != "" && got.AvailabilityZoneId != s.ZoneID {
		found = append(found, differs(s.Origin, "%s is in zone %q, the topology says %q", what, got.AvailabilityZoneId, s.ZoneID).
			WithHint("write zone: %q", got.AvailabilityZoneId))
	}
	return found
}

func (r *Run) lookUpRouteTable(t aws.ExistingRouteTable) diag.List {
	what := fmt.Sprintf("route table %q", t.ID)
	got, err := ec2.LookupRouteTable(r.Ctx, &ec2.LookupRouteTableArgs{RouteTableId: &t.ID}, r.Through(t.Provider))
	if err != nil {
		return register.Failed(t.Origin, what, r.place(t.Provider), err)
	}
	var found diag.List
	if got.VpcId != t.VPC {
		found = append(found, differs(t.Origin, "%s belongs to VPC %q, the topology says %q", what, got.VpcId, t.VPC).
			WithHint("write a route table of %q, or declare the network as %q", t.VPC, got.VpcId))
	}
	for _, route := range got.Routes {
		if claimed := claims(route, t.Adds); claimed.IsValid() && !r.ours(t, route) {
			found = append(found, differs(t.Origin, "%s already sends %q to %q, and obslink would send %q elsewhere",
				what, route.CidrBlock, target(route), claimed).
				WithHint("remove the route, or give the networks CIDRs that it does not claim"))
		}
	}
	for _, held := range t.Holds {
		i := slices.IndexFunc(got.Routes, func(route ec2.GetRouteTableRoute) bool { return route.CidrBlock == held.Destination.String() })
		switch {
		case i < 0:
			found = append(found, differs(t.Origin, "%s has no route to %q, the topology says that it has", what, held.Destination).
				WithHint("take %q out of existing.routes, and obslink adds the route", held.Destination))
		case target(got.Routes[i]) != held.Target:
			found = append(found, differs(t.Origin, "%s sends %q to %q, the links need %q", what, held.Destination, target(got.Routes[i]), held.Target).
				WithHint("let the route lead to %q", held.Target))
		}
	}
	return found
}

// lookUpService asks for a service that the topology's own row of the catalogue names.
func (r *Run) lookUpService(s aws.ExistingService) diag.List {
	what := fmt.Sprintf("endpoint service %q", s.ServiceName)
	args := &ec2.LookupVpcEndpointServiceArgs{ServiceName: &s.ServiceName}
	if s.Region != "" {
		args.ServiceRegions = []string{s.Region}
	}
	got, err := ec2.LookupVpcEndpointService(r.Ctx, args, r.Through(s.Provider))
	if err != nil {
		return register.Failed(s.Origin, what, r.place(s.Provider), err)
	}
	var found diag.List
	if got.PrivateDnsName != s.PrivateDNSName {
		found = append(found, differs(s.Origin, "%s answers the private DNS name %q, the topology says %q", what, got.PrivateDnsName, s.PrivateDNSName).
			WithHint("write privateDnsName: %q, or the service's name that whoever offers it gave you", got.PrivateDnsName))
	}
	if got.ServiceType != "Interface" {
		found = append(found, differs(s.Origin, "%s is of type %q; only an interface endpoint has addresses", what, got.ServiceType).
			WithHint("write the name of an interface endpoint service"))
	}
	return found
}

// claims is the first of the prefixes that the route takes traffic from: the same prefix is refused as
// a duplicate, a longer one inside it wins against the plan's route. A shorter one loses to it.
func claims(route ec2.GetRouteTableRoute, adds []netip.Prefix) netip.Prefix {
	has, err := netip.ParsePrefix(route.CidrBlock)
	if err != nil {
		return netip.Prefix{} // an IPv6 or prefix-list route, which takes no IPv4 prefix that can be seen here
	}
	for _, prefix := range adds {
		if prefix.Bits() <= has.Bits() && prefix.Contains(has.Addr()) {
			return prefix
		}
	}
	return netip.Prefix{}
}

// ours reports whether the route was made by an earlier run of this stack: it goes to the gateway's
// interface or transit gateway, as the plan's does, or to a peering or gateway that carries the stack's
// tag on this side.
func (r *Run) ours(t aws.ExistingRouteTable, route ec2.GetRouteTableRoute) bool {
	if route.TransitGatewayId != "" {
		return slices.Contains(t.Gateways, route.TransitGatewayId) || r.ownGateway(t.Provider, route.TransitGatewayId)
	}
	if strings.HasPrefix(route.GatewayId, "vgw-") {
		return slices.Contains(t.VPNGateways, route.GatewayId) || r.ownVPNGateway(t.Provider, route.GatewayId)
	}
	if slices.Contains(t.Peerings, route.VpcPeeringConnectionId) {
		return true
	}
	if route.VpcPeeringConnectionId == "" {
		return slices.Contains(t.Interfaces, route.NetworkInterfaceId)
	}
	peering, err := ec2.LookupVpcPeeringConnection(r.Ctx,
		&ec2.LookupVpcPeeringConnectionArgs{Id: &route.VpcPeeringConnectionId}, r.Through(t.Provider))
	return err == nil && peering.Tags[stackTag] == r.Stack
}

func target(route ec2.GetRouteTableRoute) string {
	for _, id := range []string{
		route.VpcPeeringConnectionId, route.TransitGatewayId, route.NetworkInterfaceId, route.NatGatewayId, route.GatewayId,
		route.VpcEndpointId, route.CoreNetworkArn, route.CarrierGatewayId, route.LocalGatewayId, route.InstanceId,
	} {
		if id != "" {
			return id
		}
	}
	return "an unknown target"
}

// place names the account and region that a provider searches.
func (r *Run) place(provider string) string {
	for _, p := range r.parts.Providers {
		if p.Name == provider {
			return fmt.Sprintf("%s of account %s", p.Region, p.AccountID)
		}
	}
	panic(fmt.Sprintf("no provider is called %q; this is a bug in obslink", provider))
}

func differs(origin plan.Origin, format string, args ...any) diag.Diagnostic {
	return manifest.Differs.At(origin.Pos, origin.Path, format, args...)
}
