package sandbox

import (
	"slices"
	"strings"
)

const (
	tableAssociationToken = "aws:ec2/routeTableAssociation:RouteTableAssociation"
	routeToken            = "aws:ec2/route:Route"
)

func awsRouteTypes() []resourceType {
	return []resourceType{
		{
			token:    routeTableToken,
			missing:  "aws-route-table-not-found",
			required: []string{"vpcId"},
			inputs:   []string{"tags"}, // no in-line routes: beside Route resources they undo each other (facts/datadog_aws.md §6)
			replace:  []string{"vpcId"},
			computed: []string{"id", "arn", "ownerId", "routes", "propagatingVgws"},
			create:   createRouteTable,
			remove:   removeRouteTable,
			refresh:  refreshRouteTable,
		},
		{
			token:    tableAssociationToken,
			missing:  "aws-route-table-not-found",
			required: []string{"routeTableId", "subnetId"},
			replace:  []string{"subnetId"},
			computed: []string{"id"},
			create:   createTableAssociation,
			update:   updateTableAssociation,
		},
		{
			token:    routeToken,
			missing:  "aws-route-table-not-found",
			required: []string{"routeTableId", "destinationCidrBlock"},
			inputs:   routeTargets,
			replace:  []string{"routeTableId", "destinationCidrBlock"},
			computed: []string{"id", "instanceId", "instanceOwnerId", "networkInterfaceId", "origin", "state"},
			check:    checkRoute,
			create:   createRoute,
			update:   updateRoute,
			refresh:  refreshRoute,
		},
	}
}

var routeTargets = []string{"vpcPeeringConnectionId", "gatewayId", "natGatewayId", "networkInterfaceId", "transitGatewayId"}

func createRouteTable(c *call) (*Object, error) {
	vpc, err := c.vpc("vpcId")
	if err != nil {
		return nil, err
	}
	id := awsID("rtb", c.unique()...)
	return c.object(id, c.name, map[string]any{"id": id, "arn": c.arn("route-table", id), "ownerId": c.who.account, "vpcId": vpc.ID}, vpc), nil
}

func removeRouteTable(c *call) error {
	if c.number(c.old, tableAssociationToken) > 0 {
		return no("aws-route-table-in-use", c.old.ID)
	}
	for _, token := range []string{routeToken, learningToken} { // AWS drops the routes with the table
		for _, r := range c.of(c.old, token) {
			c.drop(r)
		}
	}
	return nil
}

func refreshRouteTable(c *call, o *Object) (map[string]any, map[string]any) {
	return nil, map[string]any{"routes": c.routesOf(o), "propagatingVgws": []any{}}
}

func (c *call) routesOf(table *Object) []any {
	routes := []any{}
	for _, r := range c.of(table, routeToken) {
		entry := map[string]any{"cidrBlock": r.attr("destinationCidrBlock")}
		for _, k := range append([]string{"instanceId", "ipv6CidrBlock", "vpcEndpointId"}, routeTargets...) {
			entry[k] = r.attr(k)
		}
		routes = append(routes, entry)
	}
	return append(routes, c.learned(table)...)
}

func (c *call) routeTable(id string) (*Object, error) {
	if o := c.aws(routeTableToken, id); o != nil {
		return o, nil
	}
	return nil, no("aws-route-table-not-found", id)
}

func createTableAssociation(c *call) (*Object, error) {
	table, err := c.routeTable(c.str("routeTableId"))
	if err != nil {
		return nil, err
	}
	subnet := c.aws(subnetToken, c.str("subnetId"))
	if subnet == nil {
		return nil, no("aws-subnet-not-found", c.str("subnetId"))
	}
	if table.attr("vpcId") != subnet.attr("vpcId") {
		return nil, no("aws-different-networks", table.ID, "subnet", subnet.ID)
	}
	if c.number(subnet, tableAssociationToken) > 0 {
		return nil, no("aws-already-associated", table.ID)
	}
	return makeTableAssociation(c, awsID("rtbassoc", c.unique()...), table, subnet), nil
}

func makeTableAssociation(c *call, id string, table, subnet *Object) *Object {
	o := c.object(id, c.name, map[string]any{"id": id, "routeTableId": table.ID, "subnetId": subnet.ID, "gatewayId": ""}, table, subnet)
	o.Type = tableAssociationToken
	return o
}

func updateTableAssociation(c *call) (*Object, error) {
	table, err := c.routeTable(c.str("routeTableId"))
	if err != nil {
		return nil, err
	}
	o := c.old.with(map[string]any{"routeTableId": table.ID})
	o.Refs = keysOf([]*Object{table, c.aws(subnetToken, o.attr("subnetId"))})
	return o, nil
}

func checkRoute(c *call) []problem {
	out := c.cidrProblems("destinationCidrBlock")
	n := 0
	for _, k := range routeTargets {
		if v := c.in[k]; v != nil && v != "" {
			n++
		}
	}
	if n != 1 {
		out = append(out, problem{"vpcPeeringConnectionId", no("aws-route-target")})
	}
	return out
}

// routeID is the provider's: the table and the CRC of the destination; here a hash.
func routeID(table, destination string) string {
	return "r-" + table + digest(destination)[:10]
}

func createRoute(c *call) (*Object, error) {
	table, err := c.routeTable(c.str("routeTableId"))
	if err != nil {
		return nil, err
	}
	destination := c.str("destinationCidrBlock")
	for _, r := range c.of(table, routeToken) {
		if r.attr("destinationCidrBlock") == destination {
			return nil, no("aws-route-exists", destination)
		}
	}
	if quota := c.quota("routesPerTable"); c.number(table, routeToken) >= quota {
		return nil, no("aws-route-quota", quota, table.ID)
	}
	return c.routeTo(c.object(routeID(table.ID, destination), c.name, nil, table), table)
}

func updateRoute(c *call) (*Object, error) {
	table, err := c.routeTable(c.str("routeTableId"))
	if err != nil {
		return nil, err
	}
	return c.routeTo(c.old.with(nil), table)
}

// routeTo points a route at its target. A route through a peering that is not active is accepted, and is a black hole.
func (c *call) routeTo(o, table *Object) (*Object, error) {
	vpc := c.aws(vpcToken, table.attr("vpcId"))
	destination := c.str("destinationCidrBlock")
	target, id := "", ""
	for _, k := range routeTargets {
		if s := c.str(k); s != "" {
			target, id = k, s
		}
	}
	if p, ok := parsePrefix(destination); ok && vpc != nil && within(p, prefixes(vpc)) && target != "networkInterfaceId" {
		return nil, no("aws-route-inside-vpc", destination)
	}
	refs := []*Object{table}
	switch target {
	case "vpcPeeringConnectionId":
		peering := c.peering(id)
		if peering == nil {
			return nil, no("aws-peering-not-found", id)
		}
		if v := table.attr("vpcId"); v != peering.attr("vpcId") && v != peering.attr("peerVpcId") {
			return nil, no("aws-different-networks", table.ID, "vpc peering connection", id)
		}
		refs = append(refs, peering)
	case "transitGatewayId":
		gateway, err := c.reachable(id)
		if err != nil || !slices.ContainsFunc(c.of(gateway, vpcAttachmentToken), func(a *Object) bool {
			return a.attr("vpcId") == table.attr("vpcId") && a.attr("_status") == "available"
		}) {
			return nil, no("aws-transit-not-attached", id)
		}
		refs = append(refs, gateway)
	case "networkInterfaceId":
		nic := c.aws(interfaceToken, id)
		if nic == nil {
			return nil, no("aws-interface-not-found", id)
		}
		refs = append(refs, nic)
	default:
		return nil, no("unsupported", "a route to "+snake(target))
	}
	attributes := map[string]any{"id": o.ID, "routeTableId": table.ID, "destinationCidrBlock": destination,
		"origin": "CreateRoute", "instanceId": "", "instanceOwnerId": "", "networkInterfaceId": ""}
	for _, k := range routeTargets {
		attributes[k] = ""
	}
	attributes[target] = id
	o = o.with(attributes)
	o.Refs = keysOf(refs)
	return o, nil
}

func refreshRoute(c *call, o *Object) (map[string]any, map[string]any) {
	state := "active"
	if id := o.attr("vpcPeeringConnectionId"); strings.HasPrefix(id, "pcx-") {
		if p := c.peering(id); p == nil || p.attr("_status") != "active" {
			state = "blackhole"
		}
	}
	return nil, map[string]any{"state": state}
}
