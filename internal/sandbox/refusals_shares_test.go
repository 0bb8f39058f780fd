package sandbox

import (
	"strings"
	"testing"
)

// gatewayShare is a transit gateway in a share that another account is invited to.
type gatewayShare struct {
	routed
	share thing
	far   *client
}

func (l lab) gatewayShare(external bool) gatewayShare {
	s := gatewayShare{routed: l.transit(), far: l.aws(acct2, "us-east-1")}
	s.share = s.create(shareToken, "s", props{"allowExternalPrincipals": external})
	s.create(sharedToken, "g", props{"resourceShareArn": s.share.id, "resourceArn": s.gateway.str("arn")})
	return s
}

func (s gatewayShare) invite() { s.create(principalToken, "p", s.principal(acct2)) }

func (s gatewayShare) principal(account string) props {
	return props{"resourceShareArn": s.share.id, "principal": account}
}

// shareProvocations provoke the rows of refusals_shares.go.
var shareProvocations = []provocation{
	{"aws-share-not-found", func(l lab) error {
		return fails(l.us().try(principalToken, "p", props{"resourceShareArn": "arn:aws:ram:us-east-1:111111111111:resource-share/0", "principal": acct2}))
	}},
	{"aws-share-resource", func(l lab) error {
		s := l.gatewayShare(true)
		return fails(s.try(sharedToken, "other", props{"resourceShareArn": s.share.id, "resourceArn": "arn:aws:ec2:us-east-1:111111111111:transit-gateway/tgw-0"}))
	}},
	{"aws-share-principal", func(l lab) error {
		s := l.gatewayShare(true)
		return fails(s.try(principalToken, "p", s.principal("team")))
	}},
	{"aws-share-external", func(l lab) error {
		s := l.gatewayShare(false)
		return fails(s.try(principalToken, "p", s.principal(acct2)))
	}},
	{"aws-share-invitation", func(l lab) error {
		s := l.gatewayShare(true)
		return fails(s.far.try(shareAcceptToken, "yes", props{"shareArn": s.share.id}))
	}},
}

// TestSharedGateways attaches another account's VPC to a gateway: not before the share is accepted, and
// with no way through before the gateway's owner accepts the attachment too.
func TestSharedGateways(t *testing.T) {
	s := lab{start(t, Config{})}.gatewayShare(true)
	vpc := s.far.create(vpcToken, "v", props{"cidrBlock": "10.5.0.0/16"})
	subnet := s.far.create(subnetToken, "s", props{"vpcId": vpc.id, "cidrBlock": "10.5.0.0/28"})
	in := props{"transitGatewayId": s.gateway.id, "vpcId": vpc.id, "subnetIds": list(subnet.id)}
	refuses := func(what string, err error, words string) {
		t.Helper()
		if err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%s: %v", what, err)
		}
	}
	_, err := s.far.try(vpcAttachmentToken, "a", in)
	refuses("not shared", err, "does not exist")
	s.invite()
	_, err = s.far.try(vpcAttachmentToken, "a", in)
	refuses("invited only", err, "does not exist")
	s.far.create(shareAcceptToken, "yes", props{"shareArn": s.share.id})
	a := s.far.create(vpcAttachmentToken, "a", in)
	out := props{"routeTableId": vpc.str("mainRouteTableId"), "destinationCidrBlock": "10.0.0.0/16", "transitGatewayId": s.gateway.id}
	_, err = s.far.try(routeToken, "out", out)
	refuses("a route before the attachment is accepted", err, "does not exist")
	_, err = s.try(transitJoinToken, "j", s.pair(a.id))
	refuses("an association before that", err, "invalid state")
	_, err = s.far.try(attachmentAcceptToken, "own", props{"transitGatewayAttachmentId": a.id, defaultAssociation: false, defaultPropagation: false})
	if err == nil {
		t.Error("the VPC's account accepted its own attachment")
	}
	s.create(attachmentAcceptToken, "yes", props{"transitGatewayAttachmentId": a.id, defaultAssociation: false, defaultPropagation: false})
	s.create(transitJoinToken, "j", s.pair(a.id))
	s.far.create(routeToken, "out", out)
}
