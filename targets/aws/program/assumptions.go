package program

import (
	"net/netip"
	"strings"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/targets/aws"
)

// Assumptions lists the look-ups of Lookups with the answers that the plan expects.
func Assumptions(p *aws.Parts) []manifest.Assumption {
	var assumptions []manifest.Assumption
	for _, v := range p.ExistingVPCs {
		assumptions = append(assumptions, assume("aws:ec2/getVpc:getVpc", v.Provider, v.Origin,
			map[string]any{"id": v.ID},
			map[string]any{
				"id":                    v.ID,
				"cidrBlock":             v.CIDRs[0].String(),
				"cidrBlockAssociations": associated(v.CIDRs),
				"enableDnsSupport":      true,
				"enableDnsHostnames":    true,
			}))
	}
	for _, s := range p.ExistingSubnets {
		expected := map[string]any{"id": s.ID, "vpcId": s.VPC, "cidrBlock": s.CIDR.String()}
		if s.ZoneID != "" {
			expected["availabilityZoneId"] = s.ZoneID
		}
		assumptions = append(assumptions, assume("aws:ec2/getSubnet:getSubnet", s.Provider, s.Origin,
			map[string]any{"id": s.ID}, expected))
	}
	for _, t := range p.ExistingRouteTables {
		assumptions = append(assumptions, assume("aws:ec2/getRouteTable:getRouteTable", t.Provider, t.Origin,
			map[string]any{"routeTableId": t.ID},
			// No route that claims what the plan adds.
			map[string]any{"routeTableId": t.ID, "vpcId": t.VPC, "routes": heldRoutes(t)}))
	}
	for _, x := range p.ExistingPeerings {
		assumptions = append(assumptions, peeringAssumption(x))
	}
	for _, z := range p.ExistingZones {
		assumptions = append(assumptions, zoneAssumptions(z)...)
	}
	for _, n := range p.FreeNames {
		assumptions = append(assumptions, nameAssumptions(n)...)
	}
	for _, g := range p.ExistingGroups {
		assumptions = append(assumptions, groupAssumptions(g)...)
	}
	for _, e := range p.ExistingEndpoints {
		assumptions = append(assumptions, endpointAssumptions(e)...)
	}
	for _, s := range p.ExistingServices {
		args := map[string]any{"serviceName": s.ServiceName}
		if s.Region != "" {
			args["serviceRegions"] = []any{s.Region}
		}
		assumptions = append(assumptions, assume("aws:ec2/getVpcEndpointService:getVpcEndpointService", s.Provider, s.Origin, args,
			map[string]any{"serviceName": s.ServiceName, "privateDnsName": s.PrivateDNSName, "serviceType": "Interface"}))
	}
	for _, g := range p.ExistingTransitGateways {
		assumptions = append(assumptions, transitAssumptions(g)...)
	}
	return append(assumptions, vpnAssumptions(p)...)
}

func heldRoutes(t aws.ExistingRouteTable) []any {
	routes := []any{}
	for _, held := range t.Holds {
		field := "networkInterfaceId"
		switch {
		case strings.HasPrefix(held.Target, "pcx-"):
			field = "vpcPeeringConnectionId"
		case strings.HasPrefix(held.Target, "tgw-"):
			field = "transitGatewayId"
		}
		routes = append(routes, map[string]any{"cidrBlock": held.Destination.String(), field: held.Target})
	}
	return routes
}

func associated(cidrs []netip.Prefix) []any {
	associations := make([]any, len(cidrs))
	for i, cidr := range cidrs {
		associations[i] = map[string]any{"cidrBlock": cidr.String(), "state": "associated"}
	}
	return associations
}

func assume(function, provider string, origin plan.Origin, args, expected map[string]any) manifest.Assumption {
	return manifest.Assumption{
		Function: function, Args: args, Provider: provider, Expected: expected,
		Path: origin.Path, Pos: origin.Pos.String(),
	}
}
