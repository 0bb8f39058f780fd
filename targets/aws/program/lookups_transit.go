package program

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2transitgateway"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/targets/aws"
	"github.com/obslink/obslink/targets/register"
)

// lookUpTransitRoutes finds routes of an existing gateway's table that would take the plan's packets: a
// longer prefix inside one that the plan routes, and one to the same prefix of the other kind (a static
// route wins against a propagated one). AWS does not say where a route leads, so one of the same prefix
// and kind may be an earlier run's; EC2 refuses a second static one.
func (r *Run) lookUpTransitRoutes(g aws.ExistingTransitGateway, table string) diag.List {
	if len(g.Adds) == 0 {
		return nil
	}
	what := fmt.Sprintf("transit gateway route table %q", table)
	got, err := ec2transitgateway.GetRouteTableRoutes(r.Ctx, &ec2transitgateway.GetRouteTableRoutesArgs{
		TransitGatewayRouteTableId: table,
		Filters:                    []ec2transitgateway.GetRouteTableRoutesFilter{{Name: "type", Values: []string{"propagated", "static"}}},
	}, r.Through(g.Provider))
	if err != nil {
		return register.Failed(g.Origin, "the routes of "+what, r.place(g.Provider), err)
	}
	var found diag.List
	for _, route := range got.Routes {
		has, err := netip.ParsePrefix(route.DestinationCidrBlock)
		if err != nil || slices.ContainsFunc(g.Adds, func(a aws.TransitAdds) bool { return a.Destination == has && a.Static == (route.Type == "static") }) {
			continue
		}
		for _, a := range g.Adds {
			if a.Destination.Bits() <= has.Bits() && a.Destination.Contains(has.Addr()) {
				found = append(found, differs(a.Origin, "%s has a %s route to %q already, which takes packets to %q", what, route.Type, has, a.Destination).
					WithHint("remove the route, or give the networks CIDRs that it does not claim"))
				break
			}
		}
	}
	return found
}
