package sandbox

import "testing"

// TestVPN: a route table learns the static routes of its VPN gateway while it is told to, and a VPN at a
// transit gateway joins the default table by itself, which an association of its own must replace.
func TestVPN(t *testing.T) {
	l := lab{start(t, Config{})}
	v := l.vpn()
	static := v.create(vpnToken, "static", merged(v.inputs(nil), props{"staticRoutesOnly": true, "tunnel1PresharedKey": "long.enough_1"}))
	v.create(vpnRouteToken, "r", props{"vpnConnectionId": static.id, "destinationCidrBlock": "172.16.0.0/24"})
	table := v.vpc.str("mainRouteTableId")
	routes := func() int {
		got, err := v.invoke("aws:ec2/getRouteTable:getRouteTable", props{"routeTableId": table})
		if err != nil {
			t.Fatal(err)
		}
		return len(got["routes"].([]any))
	}
	before := routes()
	learning := v.create(learningToken, "p", props{"vpnGatewayId": v.gateway.id, "routeTableId": table})
	wantEqual(t, routes(), before+1)
	v.must(nil, v.remove(learning))
	wantEqual(t, routes(), before)

	gateway := v.create(gatewayToken, "core", props{})
	attached := v.create(vpnToken, "attached", props{"type": "ipsec.1", "customerGatewayId": v.device.id, "transitGatewayId": gateway.id})
	own := v.create(gatewayTableToken, "own", props{"transitGatewayId": gateway.id})
	pair := props{"transitGatewayAttachmentId": attached.str("transitGatewayAttachmentId"), "transitGatewayRouteTableId": own.id}
	if _, err := v.try(transitJoinToken, "a", pair); err == nil {
		t.Error("a VPN was associated twice")
	}
	v.create(transitJoinToken, "a", merged(pair, props{"replaceExistingAssociation": true}))
	v.create(propagationToken, "a", pair)
	if err := v.remove(gateway); err == nil {
		t.Error("a transit gateway went away under its VPN")
	}
	v.must(nil, v.remove(attached))
	v.must(nil, v.remove(gateway))
}
