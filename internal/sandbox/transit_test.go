package sandbox

import (
	"strings"
	"testing"
)

// routed is a hub whose VPC is attached to a transit gateway with one table and no defaults.
type routed struct {
	hub
	lab                        lab
	gateway, table, attachment thing
}

func (l lab) transit() routed {
	x := routed{hub: l.hub(), lab: l}
	x.gateway = x.create(gatewayToken, "core", props{gatewayAssociation: "disable", gatewayPropagation: "disable"})
	x.table = x.create(gatewayTableToken, "core", props{"transitGatewayId": x.gateway.id})
	x.attachment = x.create(vpcAttachmentToken, "hub", x.attach(x.subnet.id))
	return x
}

func (x routed) attach(subnets ...string) props {
	return props{"transitGatewayId": x.gateway.id, "vpcId": x.vpc.id, "subnetIds": list(subnets...), defaultAssociation: false, defaultPropagation: false}
}

func (x routed) pair(attachment string) props {
	return props{"transitGatewayAttachmentId": attachment, "transitGatewayRouteTableId": x.table.id}
}

func (x routed) associate() { x.create(transitJoinToken, "a", x.pair(x.attachment.id)) }

// peer asks for a peering with a gateway of another region, which nobody has accepted yet.
func (x routed) peer() (*client, thing) {
	far := x.lab.aws(acct2, "eu-west-2")
	g := far.create(gatewayToken, "far", props{})
	return far, x.create(transitPeerToken, "p", props{"transitGatewayId": x.gateway.id, "peerTransitGatewayId": g.id, "peerRegion": "eu-west-2", "peerAccountId": acct2})
}

// TestTransitGateways goes through the life of two peered gateways: what one side may only do after the
// other, what is in use while it is, and what goes with what.
func TestTransitGateways(t *testing.T) {
	x := lab{start(t, Config{})}.transit()
	x.associate()
	if err := x.remove(x.subnet); err == nil || !strings.Contains(err.Error(), "has dependencies") {
		t.Errorf("a subnet with the gateway's interface: %v", err)
	}
	x.create(routeToken, "out", props{"routeTableId": x.vpc.str("mainRouteTableId"), "destinationCidrBlock": "10.9.0.0/16", "transitGatewayId": x.gateway.id})
	far, p := x.peer()
	wantEqual(t, p.str("state"), "pendingAcceptance")
	if _, err := x.try(transitAcceptToken, "own", props{"transitGatewayAttachmentId": p.id}); err == nil {
		t.Error("the side that asked accepted its own peering")
	}
	accepter := far.create(transitAcceptToken, "yes", props{"transitGatewayAttachmentId": p.id})
	wantEqual(t, accepter.id, p.id)
	wantEqual(t, x.read(p).str("state"), "available")
	x.create(transitJoinToken, "peer", x.pair(p.id))
	far.create(transitJoinToken, "peer", props{"transitGatewayAttachmentId": p.id, "transitGatewayRouteTableId": accepter.tableOf(far)})
	x.create(transitRouteToken, "r", merged(x.pair(p.id), props{"destinationCidrBlock": "10.9.0.0/16"}))
	x.must(nil, far.remove(accepter))
	if _, err := x.try(transitRouteToken, "gone", merged(x.pair(p.id), props{"destinationCidrBlock": "10.8.0.0/16"})); err == nil {
		t.Error("the peering outlives its acceptance")
	}
	x.must(nil, x.remove(p))
	x.must(nil, x.remove(x.attachment))
	x.must(nil, x.remove(x.table))
	x.must(nil, x.remove(x.gateway))
	x.must(nil, x.remove(x.subnet))
}

// tableOf is the default route table of the gateway on the accepter's side.
func (x thing) tableOf(c *client) string {
	got, err := c.invoke("aws:ec2transitgateway/getTransitGateway:getTransitGateway", props{"id": x.str("transitGatewayId")})
	c.must(nil, err)
	table, err := c.invoke("aws:ec2transitgateway/getRouteTable:getRouteTable", props{"id": got[associationTableKey]})
	c.must(nil, err)
	return table["id"].(string)
}

// TestTransitDefaults attaches a VPC to gateways of the world, which associate and propagate by themselves or not.
func TestTransitDefaults(t *testing.T) {
	world := `{"version": 1, "aws": [{"account": "111111111111", "region": "us-east-1", "transitGateways": [
		{"id": "tgw-1", "routeTables": [{"id": "tgw-rtb-1", "default": true}, {"id": "tgw-rtb-2"}]}, {"id": "tgw-2", "defaults": false, "asn": 64600}]}]}`
	l := lab{start(t, Config{World: []byte(world)})}
	h := l.hub()
	in := props{"transitGatewayId": "tgw-1", "vpcId": h.vpc.id, "subnetIds": list(h.subnet.id)}
	a := h.create(vpcAttachmentToken, "a", in)
	second := props{"transitGatewayAttachmentId": a.id, "transitGatewayRouteTableId": "tgw-rtb-2"}
	if _, err := h.try(transitJoinToken, "other", second); err == nil || !strings.Contains(err.Error(), "already associated") {
		t.Errorf("the default table does not count: %v", err)
	}
	h.create(transitJoinToken, "other", merged(second, props{"replaceExistingAssociation": true}))
	got, err := h.invoke("aws:ec2transitgateway/getTransitGateway:getTransitGateway", props{"id": "tgw-2"})
	if err != nil || got[gatewayAssociation] != "disable" || got["ownerId"] != acct1 {
		t.Errorf("tgw-2: %v %v", got, err)
	}
	if _, err := parseWorld([]byte(`{"version": 1, "aws": [{"account": "1", "region": "us-east-1", "transitGateways": [{}]}]}`)); err == nil {
		t.Error("a transit gateway without id")
	}
}
