package sandbox

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"

	"github.com/obslink/obslink/schema"
)

const acct1, acct2 = "111111111111", "222222222222"

// lab is a fresh pair of clouds for one case.
type lab struct{ *env }

func (l lab) us() *client { return l.aws(acct1, "us-east-1") }
func (l lab) az() *client { return l.azure(sub1) }
func (l lab) hub() hub    { return makeHub(l.us(), "hub", "10.0.0.0/16", "10.0.0.0/24") }
func (l lab) site() site  { return makeSite(l.az()) }

func fails(_ thing, err error) error { return err }

// provocation names a row and gives a way to be refused by it.
type provocation struct {
	row string
	run func(lab) error
}

var provocations = slices.Concat(generalProvocations, vpnProvocations, gatewayProvocations, resolverProvocations, shareProvocations, collectProvocations, securityProvocations)

var generalProvocations = []provocation{
	{"unknown-type", func(l lab) error { return fails(l.us().try("aws:s3/bucket:Bucket", "b", props{})) }},
	{"unknown-function", func(l lab) error { _, err := l.us().invoke("aws:ec2/getVpcs:getVpcs", nil); return err }},
	{"unknown-input", func(l lab) error {
		return fails(l.us().try(vpcToken, "v", props{"cidrBlock": "10.0.0.0/16", "ipv4IpamPoolId": "x"}))
	}},
	{"unsupported", func(l lab) error {
		h := l.hub()
		return fails(h.try(endpointToken, "e", h.endpointInputs(props{"vpcEndpointType": "Gateway"})))
	}},
	{"not-configured", func(l lab) error { return fails(l.dial("aws").try(vpcToken, "v", props{"cidrBlock": "10.0.0.0/16"})) }},
	{"aws-missing-input", func(l lab) error { return fails(l.us().try(subnetToken, "s", props{"cidrBlock": "10.0.0.0/24"})) }},
	{"azure-missing-input", func(l lab) error { return fails(l.az().try(networkToken, "n", props{})) }},
	{"function-missing-input", func(l lab) error { _, err := l.us().invoke("aws:ec2/getVpc:getVpc", nil); return err }},

	{"aws-no-region", func(l lab) error { return l.configure("aws", props{"region": "tokyo", "allowedAccountIds": `["1"]`}) }},
	{"aws-no-account", func(l lab) error { return l.configure("aws", props{"region": "us-east-1"}) }},
	{"aws-account-not-allowed", func(l lab) error {
		return l.configure("aws", props{"region": "us-east-1", "allowedAccountIds": `["1"]`, "assumeRole": `{"roleArn":"arn:aws:iam::2:role/x"}`})
	}},
	{"aws-bad-configuration", func(l lab) error {
		return l.configure("aws", props{"region": "us-east-1", "allowedAccountIds": `[`})
	}},
	{"azure-no-subscription", func(l lab) error { return l.configure("azure-native", props{}) }},

	{"aws-zone-no-match", func(l lab) error {
		_, err := l.us().invoke("aws:route53/getZone:getZone", props{"name": "example.net", "privateZone": true})
		return err
	}},
	{"aws-zone-matches", func(l lab) error {
		for _, name := range []string{"a", "b"} {
			vpc := l.us().create(vpcToken, name, props{"cidrBlock": "10.0.0.0/16"})
			l.us().create(zoneToken, "zone-"+name, props{"name": "example.net", "vpcs": list(props{"vpcId": vpc.id})})
		}
		_, err := l.us().invoke("aws:route53/getZone:getZone", props{"name": "example.net", "privateZone": true})
		return err
	}},
	{"aws-endpoint-no-match", func(l lab) error {
		_, err := l.us().invoke("aws:ec2/getVpcEndpoint:getVpcEndpoint", props{"id": "vpce-0"})
		return err
	}},
	{"aws-endpoint-matches", func(l lab) error {
		h := l.hub()
		h.create(endpointToken, "a", h.endpointInputs(nil))
		h.create(endpointToken, "b", h.endpointInputs(nil))
		_, err := l.us().invoke("aws:ec2/getVpcEndpoint:getVpcEndpoint", props{"vpcId": h.vpc.id, "serviceName": metricsService})
		return err
	}},
	{"aws-rule-not-found", func(l lab) error {
		_, err := l.us().invoke("aws:vpc/getSecurityGroupRule:getSecurityGroupRule", props{"securityGroupRuleId": "sgr-0"})
		return err
	}},
	{"aws-cidr-syntax", func(l lab) error { return fails(l.us().try(vpcToken, "v", props{"cidrBlock": "10.0.0.0"})) }},
	{"aws-cidr-host-bits", func(l lab) error { return fails(l.us().try(vpcToken, "v", props{"cidrBlock": "10.0.0.1/16"})) }},
	{"aws-cidr-size", func(l lab) error { return fails(l.us().try(vpcToken, "v", props{"cidrBlock": "10.0.0.0/8"})) }},
	{"aws-vpc-not-found", func(l lab) error {
		return fails(l.us().try(subnetToken, "s", props{"vpcId": "vpc-0", "cidrBlock": "10.0.0.0/24"}))
	}},
	{"aws-vpc-in-use", func(l lab) error { h := l.hub(); return h.remove(h.vpc) }},
	{"aws-subnet-not-found", func(l lab) error {
		h := l.hub()
		return fails(h.try(endpointToken, "e", h.endpointInputs(props{"subnetIds": list("subnet-0")})))
	}},
	{"aws-subnet-range", func(l lab) error {
		h := l.hub()
		return fails(h.try(subnetToken, "s", props{"vpcId": h.vpc.id, "cidrBlock": "10.1.0.0/24"}))
	}},
	{"aws-subnet-conflict", func(l lab) error {
		h := l.hub()
		return fails(h.try(subnetToken, "s", props{"vpcId": h.vpc.id, "cidrBlock": "10.0.0.128/25"}))
	}},
	{"aws-subnet-in-use", func(l lab) error {
		h := l.hub()
		h.create(endpointToken, "e", h.endpointInputs(nil))
		return h.remove(h.subnet)
	}},
	{"aws-zone-unknown", func(l lab) error {
		h := l.hub()
		return fails(h.try(subnetToken, "s", props{"vpcId": h.vpc.id, "cidrBlock": "10.0.1.0/24", "availabilityZoneId": "use1-az9"}))
	}},
	{"aws-both-zones", func(l lab) error {
		h := l.hub()
		return fails(h.try(subnetToken, "s", props{"vpcId": h.vpc.id, "cidrBlock": "10.0.1.0/24", "availabilityZoneId": "use1-az1", "availabilityZone": "us-east-1a"}))
	}},

	{"aws-route-table-not-found", func(l lab) error {
		return fails(l.us().try(routeToken, "r", props{"routeTableId": "rtb-0", "destinationCidrBlock": "10.1.0.0/16", "vpcPeeringConnectionId": "pcx-0"}))
	}},
	{"aws-route-table-in-use", func(l lab) error {
		h := l.hub()
		table := h.create(routeTableToken, "t", props{"vpcId": h.vpc.id})
		h.create(tableAssociationToken, "a", props{"routeTableId": table.id, "subnetId": h.subnet.id})
		return h.remove(table)
	}},
	{"aws-already-associated", func(l lab) error {
		h := l.hub()
		table := h.create(routeTableToken, "t", props{"vpcId": h.vpc.id})
		h.create(tableAssociationToken, "a", props{"routeTableId": table.id, "subnetId": h.subnet.id})
		return fails(h.try(tableAssociationToken, "b", props{"routeTableId": table.id, "subnetId": h.subnet.id}))
	}},
	{"aws-different-networks", func(l lab) error {
		h := l.hub()
		other := h.create(vpcToken, "other", props{"cidrBlock": "10.1.0.0/16"})
		return fails(h.try(tableAssociationToken, "a", props{"routeTableId": other.str("mainRouteTableId"), "subnetId": h.subnet.id}))
	}},
	{"aws-route-exists", func(l lab) error {
		h, p := l.peered()
		in := props{"routeTableId": h.vpc.str("mainRouteTableId"), "destinationCidrBlock": "10.1.0.0/16", "vpcPeeringConnectionId": p.id}
		h.create(routeToken, "r", in)
		return fails(h.try(routeToken, "again", in))
	}},
	{"aws-route-quota", func(l lab) error {
		h, p := l.peered()
		var err error
		for i := range schema.AWS().Quotas["routesPerTable"].Default + 1 {
			err = fails(h.try(routeToken, fmt.Sprint("r", i), props{"routeTableId": h.vpc.str("mainRouteTableId"),
				"destinationCidrBlock": fmt.Sprintf("172.%d.%d.0/24", 16+i/256, i%256), "vpcPeeringConnectionId": p.id}))
		}
		return err
	}},
	{"aws-route-inside-vpc", func(l lab) error {
		h, p := l.peered()
		return fails(h.try(routeToken, "r", props{"routeTableId": h.vpc.str("mainRouteTableId"), "destinationCidrBlock": "10.0.3.0/24", "vpcPeeringConnectionId": p.id}))
	}},
	{"aws-route-target", func(l lab) error {
		h := l.hub()
		return fails(h.try(routeToken, "r", props{"routeTableId": h.vpc.str("mainRouteTableId"), "destinationCidrBlock": "10.1.0.0/16"}))
	}},
	{"aws-interface-not-found", func(l lab) error {
		_, err := l.us().invoke("aws:ec2/getNetworkInterface:getNetworkInterface", props{"id": "eni-0"})
		return err
	}},

	{"aws-group-name", func(l lab) error { return fails(l.us().try(groupToken, "sg-clients", props{"vpcId": "vpc-0"})) }},
	{"aws-group-no-vpc", func(l lab) error { return fails(l.us().try(groupToken, "g", props{})) }},
	{"aws-group-exists", func(l lab) error {
		h := l.hub()
		return fails(h.try(groupToken, "g", props{"vpcId": h.vpc.id, "name": h.group.str("name")}))
	}},
	{"aws-group-not-found", func(l lab) error {
		return fails(l.us().try(ingressToken, "r", props{"securityGroupId": "sg-0", "ipProtocol": "-1", "cidrIpv4": "10.0.0.0/8"}))
	}},
	{"aws-group-in-use", func(l lab) error {
		h := l.hub()
		h.create(endpointToken, "e", h.endpointInputs(nil))
		return h.remove(h.group)
	}},
	{"aws-rule-exists", func(l lab) error {
		h := l.hub()
		h.create(ingressToken, "a", h.rule("10.0.0.0/16"))
		return fails(h.try(ingressToken, "b", h.rule("10.0.0.0/16")))
	}},
	{"aws-rule-source", func(l lab) error {
		h := l.hub()
		return fails(h.try(ingressToken, "a", props{"securityGroupId": h.group.id, "ipProtocol": "-1"}))
	}},
	{"aws-rule-ports", func(l lab) error {
		h := l.hub()
		return fails(h.try(ingressToken, "a", props{"securityGroupId": h.group.id, "ipProtocol": "tcp", "cidrIpv4": "10.0.0.0/16"}))
	}},
	{"aws-rule-quota", func(l lab) error {
		h := l.hub()
		for i := range schema.AWS().Quotas["rulesPerGroup"].Default {
			h.create(ingressToken, fmt.Sprint("r", i), h.rule(fmt.Sprintf("10.0.%d.0/24", i)))
		}
		h.create(egressToken, "other way", h.rule("10.0.0.0/24"))
		return fails(h.try(ingressToken, "one more", h.rule("10.1.0.0/24")))
	}},

	{"aws-endpoint-no-subnets", func(l lab) error {
		h := l.hub()
		return fails(h.try(endpointToken, "e", h.endpointInputs(props{"subnetIds": nil})))
	}},
	{"aws-endpoint-service", func(l lab) error {
		h := makeHub(l.aws(acct1, "ap-northeast-1"), "hub", "10.0.0.0/16", "10.0.0.0/24")
		return fails(h.try(endpointToken, "e", h.endpointInputs(nil)))
	}},
	{"aws-endpoint-cross-region-zone", func(l lab) error {
		h := makeHub(l.aws(acct1, "ap-northeast-1"), "hub", "10.0.0.0/16", "10.0.0.0/24")
		s := h.create(subnetToken, "bad", props{"vpcId": h.vpc.id, "cidrBlock": "10.0.1.0/24", "availabilityZoneId": "apne1-az3"})
		return fails(h.try(endpointToken, "e", h.endpointInputs(props{"serviceRegion": "us-east-1", "subnetIds": list(s.id)})))
	}},
	{"aws-endpoint-opt-in", func(l lab) error {
		h := makeHub(l.aws(acct1, "ap-northeast-1"), "hub", "10.0.0.0/16", "10.0.0.0/24")
		return fails(h.try(endpointToken, "e", h.endpointInputs(props{"serviceRegion": "ap-east-1"})))
	}},
	{"aws-endpoint-two-subnets-in-zone", func(l lab) error {
		h := l.hub()
		s := h.create(subnetToken, "same", props{"vpcId": h.vpc.id, "cidrBlock": "10.0.1.0/24", "availabilityZoneId": h.subnet.str("availabilityZoneId")})
		return fails(h.try(endpointToken, "e", h.endpointInputs(props{"subnetIds": list(h.subnet.id, s.id)})))
	}},
	{"aws-endpoint-subnet-vpc", func(l lab) error {
		h, o := l.hub(), makeHub(l.us(), "other", "10.1.0.0/16", "10.1.0.0/24")
		return fails(h.try(endpointToken, "e", h.endpointInputs(props{"subnetIds": list(o.subnet.id)})))
	}},
	{"aws-endpoint-group-vpc", func(l lab) error {
		h, o := l.hub(), makeHub(l.us(), "other", "10.1.0.0/16", "10.1.0.0/24")
		return fails(h.try(endpointToken, "e", h.endpointInputs(props{"securityGroupIds": list(o.group.id)})))
	}},
	{"aws-endpoint-subnet-config", func(l lab) error { h := l.hub(); return h.pin("subnet-0", "10.0.0.9") }},
	{"aws-address-syntax", func(l lab) error { h := l.hub(); return h.pin(h.subnet.id, "10.0.0") }},
	{"aws-address-outside", func(l lab) error { h := l.hub(); return h.pin(h.subnet.id, "10.0.1.9") }},
	{"aws-address-reserved", func(l lab) error { h := l.hub(); return h.pin(h.subnet.id, "10.0.0.3") }},
	{"aws-address-in-use", func(l lab) error {
		h := l.hub()
		if err := h.pin(h.subnet.id, "10.0.0.9"); err != nil {
			return err
		}
		return fails(h.try(endpointToken, "second", h.endpointInputs(props{"subnetConfigurations": list(props{"subnetId": h.subnet.id, "ipv4": "10.0.0.9"})})))
	}},
	{"aws-subnet-full", func(l lab) error {
		h := makeHub(l.us(), "small", "10.0.0.0/24", "10.0.0.0/28")
		var err error
		for i := range 12 {
			err = fails(h.try(endpointToken, fmt.Sprint("e", i), h.endpointInputs(nil)))
		}
		return err
	}},
	{"aws-private-dns-attributes", func(l lab) error {
		h := l.hub()
		if _, err := h.update(h.vpc, props{"cidrBlock": "10.0.0.0/16"}); err != nil {
			return nil
		}
		return fails(h.try(endpointToken, "e", h.endpointInputs(props{"privateDnsEnabled": true})))
	}},
	{"aws-private-dns-conflict", func(l lab) error {
		h := l.hub()
		h.create(endpointToken, "e", h.endpointInputs(props{"privateDnsEnabled": true}))
		return fails(h.try(endpointToken, "f", h.endpointInputs(props{"privateDnsEnabled": true})))
	}},
	{"aws-private-dns-conflict", func(l lab) error { // with a zone
		h := l.hub()
		h.create(zoneToken, "z", props{"name": "metrics.agent.datadoghq.com", "vpcs": list(props{"vpcId": h.vpc.id})})
		return fails(h.try(endpointToken, "e", h.endpointInputs(props{"privateDnsEnabled": true})))
	}},
	{"aws-private-dns-conflict", func(l lab) error { // of AWS's own service, with the zone behind its wildcard
		h := l.hub()
		h.create(zoneToken, "z", props{"name": "dkr.ecr.us-east-1.amazonaws.com", "vpcs": list(props{"vpcId": h.vpc.id})})
		return fails(h.try(endpointToken, "e", h.endpointInputs(props{"privateDnsEnabled": true, "serviceName": "com.amazonaws.us-east-1.ecr.dkr"})))
	}},
	{"aws-endpoint-across", func(l lab) error {
		h := l.hub()
		return fails(h.try(endpointToken, "e", h.endpointInputs(props{"serviceName": "com.amazonaws.eu-west-2.logs", "serviceRegion": "eu-west-2"})))
	}},
	{"aws-policy-json", func(l lab) error {
		h := l.hub()
		return fails(h.try(endpointToken, "e", h.endpointInputs(props{"serviceName": "com.amazonaws.us-east-1.logs", "policy": "{"})))
	}},
	{"aws-policy-document", func(l lab) error {
		h := l.hub()
		return fails(h.try(endpointToken, "e", h.endpointInputs(props{"serviceName": "com.amazonaws.us-east-1.logs", "policy": `{"Statement": []}`})))
	}},
	{"aws-policy-document", func(l lab) error {
		h := l.hub()
		return fails(h.try(endpointToken, "e", h.endpointInputs(props{"serviceName": "com.amazonaws.us-east-1.logs", "policy": `{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}`})))
	}},
	{"aws-policy-unsupported", func(l lab) error {
		h := l.hub()
		return fails(h.try(endpointToken, "e", h.endpointInputs(props{"serviceName": "com.amazonaws.us-east-1.cloudformation",
			"policy": `{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}`})))
	}},
	{"aws-private-dns-none", func(l lab) error {
		h := l.hub()
		return fails(h.try(endpointToken, "e", h.endpointInputs(props{"privateDnsEnabled": true, "serviceName": "com.amazonaws.vpce.us-east-1.vpce-svc-0"})))
	}},
	{"aws-endpoint-quota", func(l lab) error {
		h := l.hub()
		for i := range schema.AWS().Quotas["endpointsPerVPC"].Default {
			h.create(endpointToken, fmt.Sprint("e", i), h.endpointInputs(nil))
		}
		return fails(h.try(endpointToken, "one more", h.endpointInputs(nil)))
	}},
	{"aws-endpoint-not-found", func(l lab) error {
		h := l.hub()
		x := h.create(endpointToken, "e", h.endpointInputs(nil))
		if err := h.remove(x); err != nil {
			return nil
		}
		return fails(h.update(x, h.endpointInputs(props{"tags": props{"a": "b"}})))
	}},

	{"aws-peering-auto-cross", func(l lab) error {
		return fails(l.us().try(peeringToken, "p", props{"vpcId": "vpc-0", "peerVpcId": "vpc-1", "peerRegion": "us-east-2", "autoAccept": true}))
	}},
	{"aws-peering-auto-account", func(l lab) error {
		h := l.hub()
		other := l.aws(acct2, "us-east-1").create(vpcToken, "v", props{"cidrBlock": "10.1.0.0/16"})
		return fails(h.try(peeringToken, "p", props{"vpcId": h.vpc.id, "peerVpcId": other.id, "peerOwnerId": acct2, "autoAccept": true}))
	}},
	{"aws-peering-failed", func(l lab) error {
		h := l.hub()
		other := h.create(vpcToken, "v", props{"cidrBlock": "10.0.0.0/20"})
		return fails(h.try(peeringToken, "p", props{"vpcId": h.vpc.id, "peerVpcId": other.id}))
	}},
	{"aws-peering-quota", func(l lab) error {
		h := l.hub()
		var err error
		for i := range schema.AWS().Quotas["peeringsPerVPC"].Default + 1 {
			other := h.create(vpcToken, fmt.Sprint("v", i), props{"cidrBlock": fmt.Sprintf("10.%d.0.0/16", i+1)})
			err = fails(h.try(peeringToken, fmt.Sprint("p", i), props{"vpcId": h.vpc.id, "peerVpcId": other.id}))
		}
		return err
	}},
	{"aws-peering-not-found", func(l lab) error { // in the wrong region
		_, p := l.peered()
		return fails(l.aws(acct1, "eu-west-2").try(accepterToken, "a", props{"vpcPeeringConnectionId": p.id}))
	}},
	{"aws-peering-not-found", func(l lab) error { // on the requester's side of a peering between regions
		h := l.hub()
		far := l.aws(acct1, "eu-west-2").create(vpcToken, "far", props{"cidrBlock": "10.9.0.0/16"})
		p := h.create(peeringToken, "p", props{"vpcId": h.vpc.id, "peerVpcId": far.id, "peerRegion": "eu-west-2"})
		return fails(h.try(accepterToken, "a", props{"vpcPeeringConnectionId": p.id}))
	}},

	{"aws-transit-asn", func(l lab) error { return fails(l.us().try(gatewayToken, "g", props{"amazonSideAsn": 65535})) }},
	{"aws-transit-not-found", func(l lab) error {
		return fails(l.us().try(gatewayTableToken, "t", props{"transitGatewayId": "tgw-0"}))
	}},
	{"aws-transit-in-use", func(l lab) error { x := l.transit(); return x.remove(x.gateway) }},
	{"aws-transit-table-not-found", func(l lab) error {
		x := l.transit()
		return fails(x.try(transitRouteToken, "r", props{"transitGatewayRouteTableId": "tgw-rtb-0", "destinationCidrBlock": "10.1.0.0/16", "transitGatewayAttachmentId": x.attachment.id}))
	}},
	{"aws-transit-table-in-use", func(l lab) error { x := l.transit(); x.associate(); return x.remove(x.table) }},
	{"aws-transit-attachment-not-found", func(l lab) error {
		x := l.transit()
		return fails(x.try(transitJoinToken, "a", x.pair("tgw-attach-0")))
	}},
	{"aws-transit-attached", func(l lab) error {
		x := l.transit()
		return fails(x.try(vpcAttachmentToken, "again", x.attach(x.subnet.id)))
	}},
	{"aws-transit-no-subnets", func(l lab) error {
		x := l.transit()
		_, err := x.update(x.attachment, x.attach())
		return err
	}},
	{"aws-transit-two-subnets-in-zone", func(l lab) error {
		x := l.transit()
		s := x.create(subnetToken, "same", props{"vpcId": x.vpc.id, "cidrBlock": "10.0.1.0/24", "availabilityZoneId": x.subnet.str("availabilityZoneId")})
		_, err := x.update(x.attachment, x.attach(x.subnet.id, s.id))
		return err
	}},
	{"aws-transit-not-attached", func(l lab) error {
		x := l.transit()
		other := x.create(vpcToken, "other", props{"cidrBlock": "10.1.0.0/16"})
		return fails(x.try(routeToken, "r", props{"routeTableId": other.str("mainRouteTableId"), "destinationCidrBlock": "10.0.0.0/16", "transitGatewayId": x.gateway.id}))
	}},
	{"aws-transit-unavailable", func(l lab) error {
		x := l.transit()
		_, p := x.peer()
		return fails(x.try(transitRouteToken, "r", merged(x.pair(p.id), props{"destinationCidrBlock": "10.2.0.0/16"})))
	}},
	{"aws-transit-other-gateway", func(l lab) error {
		x := l.transit()
		g := x.create(gatewayToken, "other", props{})
		return fails(x.try(transitJoinToken, "a", props{"transitGatewayAttachmentId": x.attachment.id, "transitGatewayRouteTableId": g.str(associationTableKey)}))
	}},
	{"aws-transit-associated", func(l lab) error {
		x := l.transit()
		x.associate()
		return fails(x.try(transitJoinToken, "again", x.pair(x.attachment.id)))
	}},
	{"aws-transit-propagation", func(l lab) error {
		x := l.transit()
		far, p := x.peer()
		far.create(transitAcceptToken, "yes", props{"transitGatewayAttachmentId": p.id})
		return fails(x.try(propagationToken, "p", x.pair(p.id)))
	}},
	{"aws-transit-propagated", func(l lab) error {
		x := l.transit()
		x.create(propagationToken, "p", x.pair(x.attachment.id))
		return fails(x.try(propagationToken, "again", x.pair(x.attachment.id)))
	}},
	{"aws-transit-route-exists", func(l lab) error {
		x := l.transit()
		in := merged(x.pair(x.attachment.id), props{"destinationCidrBlock": "10.0.0.0/16"})
		x.create(transitRouteToken, "r", in)
		return fails(x.try(transitRouteToken, "again", in))
	}},
	{"aws-transit-peering-failed", func(l lab) error {
		x := l.transit()
		return fails(x.try(transitPeerToken, "p", props{"transitGatewayId": x.gateway.id, "peerTransitGatewayId": "tgw-0", "peerRegion": "eu-west-2"}))
	}},
	{"aws-transit-peered", func(l lab) error {
		x := l.transit()
		far, p := x.peer()
		return fails(far.try(transitPeerToken, "back", props{"transitGatewayId": p.str("peerTransitGatewayId"), "peerTransitGatewayId": x.gateway.id, "peerRegion": "us-east-1", "peerAccountId": acct1}))
	}},

	{"aws-zone-not-found", func(l lab) error {
		return fails(l.us().try(recordToken, "r", props{"zoneId": "Z0", "name": "x", "type": "A", "ttl": 60, "records": list("10.0.0.1")}))
	}},
	{"aws-zone-vpc", func(l lab) error {
		return fails(l.us().try(zoneToken, "z", props{"name": "a.example", "vpcs": list(props{"vpcId": "vpc-0"})}))
	}},
	{"aws-zone-conflict", func(l lab) error {
		h := l.hub()
		h.zone("z", "a.example")
		return fails(h.try(zoneToken, "z2", props{"name": "a.example", "vpcs": list(props{"vpcId": h.vpc.id})}))
	}},
	{"aws-zone-conflict", func(l lab) error { // with an endpoint's private DNS
		h := l.hub()
		h.create(endpointToken, "e", h.endpointInputs(props{"privateDnsEnabled": true}))
		return fails(h.try(zoneToken, "z", props{"name": "metrics.agent.datadoghq.com", "vpcs": list(props{"vpcId": h.vpc.id})}))
	}},
	{"aws-zone-not-empty", func(l lab) error {
		h := l.hub()
		z := h.zone("z", "a.example")
		h.create(recordToken, "r", props{"zoneId": z.id, "name": "x", "type": "A", "ttl": 60, "records": list("10.0.0.1")})
		return h.remove(z)
	}},
	{"aws-zone-last-vpc", func(l lab) error {
		h := l.hub()
		z := h.zone("z", "a.example")
		_, err := h.update(z, props{"name": "a.example", "vpcs": []any{}})
		return err
	}},
	{"aws-zone-public", func(l lab) error {
		h := l.hub()
		z := h.create(zoneToken, "z", props{"name": "a.example"})
		return fails(h.try(zoneAssociationToken, "a", props{"zoneId": z.id, "vpcId": h.vpc.id}))
	}},
	{"aws-zone-quota", func(l lab) error {
		c := l.us()
		var vpcs []any
		for i := range schema.AWS().Quotas["vpcsPerZone"].Default + 1 {
			vpcs = append(vpcs, props{"vpcId": c.create(vpcToken, fmt.Sprint("v", i), props{"cidrBlock": "10.0.0.0/16"}).id})
		}
		return fails(c.try(zoneToken, "z", props{"name": "a.example", "vpcs": vpcs}))
	}},
	{"aws-zone-unauthorised", func(l lab) error {
		z := l.hub().zone("z", "a.example")
		o := makeHub(l.aws(acct2, "us-east-1"), "other", "10.1.0.0/16", "10.1.0.0/24")
		return fails(o.try(zoneAssociationToken, "a", props{"zoneId": z.id, "vpcId": o.vpc.id}))
	}},
	{"aws-record-value", func(l lab) error { return l.record(props{}) }},
	{"aws-record-ttl", func(l lab) error { return l.record(props{"records": list("10.0.0.1")}) }},
	{"aws-record-exists", func(l lab) error {
		return l.record(props{"records": list("10.0.0.1"), "ttl": 60}, props{"records": list("10.0.0.2"), "ttl": 60})
	}},
	{"aws-record-cname", func(l lab) error {
		return l.record(props{"records": list("10.0.0.1"), "ttl": 60}, props{"type": "CNAME", "records": list("b.example"), "ttl": 60})
	}},
	{"aws-record-address", func(l lab) error { return l.record(props{"records": list("fe80::1"), "ttl": 60}) }},
	{"aws-alias-target", func(l lab) error {
		return l.record(props{"aliases": list(props{"name": "vpce-0-a.vpce-svc-0.us-east-2.vpce.amazonaws.com", "zoneId": "ZC8PG0KIFKBRI", "evaluateTargetHealth": false})})
	}},
	{"aws-alias-zone", func(l lab) error {
		return l.record(props{"aliases": list(props{"name": "vpce-0-a.vpce-svc-0.us-east-2.vpce.amazonaws.com", "zoneId": "Z1", "evaluateTargetHealth": false})})
	}},

	{"azure-group-missing", func(l lab) error {
		return fails(l.az().try(privateZoneToken, "z", props{"resourceGroupName": "none", "location": "global"}))
	}},
	{"azure-exists", func(l lab) error {
		return fails(l.site().try(groupTypeToken, "again", props{"resourceGroupName": "rg", "location": "japaneast"}))
	}},
	{"azure-location", func(l lab) error {
		return fails(l.site().try(scopeToken, "s", props{"resourceGroupName": "rg", "accessModeSettings": openModes}))
	}},
	{"azure-location-missing", func(l lab) error { return fails(l.az().try(groupTypeToken, "g", props{})) }},
	{"azure-location-unknown", func(l lab) error { return fails(l.az().try(groupTypeToken, "g", props{"location": "global"})) }},
	{"azure-location-cloud", func(l lab) error {
		return fails(l.az().try(groupTypeToken, "g", props{"location": "usgovvirginia"}))
	}},
	{"azure-parent-missing", func(l lab) error {
		return fails(l.site().try(vnetSubnetToken, "s", props{"resourceGroupName": "rg", "virtualNetworkName": "none", "addressPrefix": "10.0.0.0/24"}))
	}},
	{"azure-reference", func(l lab) error {
		return fails(l.site().try(linkToken, "l", merged(l.linkInputs("none"), props{"privateZoneName": "privatelink.monitor.azure.com"})))
	}},
	{"azure-not-found", func(l lab) error {
		_, err := l.site().invoke("azure-native:network:getVirtualNetwork", props{"resourceGroupName": "rg", "virtualNetworkName": "none"})
		return err
	}},
	{"azure-nested", func(l lab) error {
		s := l.site()
		s.create(linkToken, "l", merged(l.linkInputs("vnet"), props{"privateZoneName": s.zones[0].name}))
		return s.remove(s.zones[0])
	}},

	{"azure-no-address-space", func(l lab) error { return l.vnet("v", []any{}) }},
	{"azure-cidr", func(l lab) error { return l.vnet("v", list("10.0.0.0")) }},
	{"azure-cidr-host-bits", func(l lab) error { return l.vnet("v", list("10.0.0.1/24")) }},
	{"azure-subnet-outside", func(l lab) error { return l.site().addSubnet("10.9.0.0/24") }},
	{"azure-subnet-overlap", func(l lab) error { return l.site().addSubnet("192.168.2.64/28") }},
	{"azure-subnet-in-use", func(l lab) error { s := l.site(); s.endpoint("pe", nil); return s.remove(s.subnet) }},
	{"azure-network-in-use", func(l lab) error { s := l.site(); s.endpoint("pe", nil); return s.remove(s.vnet) }},
	{"azure-group-in-use", func(l lab) error {
		s := l.site()
		f := s.create(filterToken, "f", props{"resourceGroupName": "rg", "location": "japaneast"})
		s.create(vnetSubnetToken, "more", props{"resourceGroupName": "rg", "virtualNetworkName": "vnet", "addressPrefix": "192.168.2.0/28", "networkSecurityGroup": props{"id": f.id}})
		return s.remove(f)
	}},
	{"azure-table-in-use", func(l lab) error {
		s := l.site()
		t := s.create(userTableToken, "t", props{"resourceGroupName": "rg", "routeTableName": "t", "location": "japaneast"})
		s.create(vnetSubnetToken, "routed", props{"resourceGroupName": "rg", "virtualNetworkName": "vnet", "addressPrefix": "192.168.2.0/28", "routeTable": props{"id": t.id}})
		return s.remove(t)
	}},
	{"azure-route-next-hop", func(l lab) error {
		return fails(l.site().try(userTableToken, "t", props{"resourceGroupName": "rg", "routes": list(
			props{"name": "a", "addressPrefix": "172.16.0.0/24", "nextHopType": "VirtualAppliance"})}))
	}},
	{"azure-route-twice", func(l lab) error {
		return fails(l.site().try(userTableToken, "t", props{"resourceGroupName": "rg", "routes": list(
			props{"name": "a", "addressPrefix": "172.16.0.0/24", "nextHopType": "None"}, props{"name": "b", "addressPrefix": "172.16.0.0/24", "nextHopType": "None"})}))
	}},
	{"azure-peering-overlap", func(l lab) error {
		s := l.site()
		return fails(s.try(vnetPeeringToken, "p", s.peeringTo(s.network("v2", "192.168.2.0/25"))))
	}},
	{"azure-peering-exists", func(l lab) error {
		s := l.site()
		other := s.network("v2", "10.0.0.0/16")
		s.create(vnetPeeringToken, "p", s.peeringTo(other))
		return fails(s.try(vnetPeeringToken, "q", s.peeringTo(other)))
	}},

	{"azure-endpoint-group", func(l lab) error {
		s := l.site()
		return fails(s.try(endpointTypeToken, "pe", merged(s.endpointInputs(), props{"privateLinkServiceConnections": list(
			props{"name": "c", "privateLinkServiceId": s.scope.id, "groupIds": list("blob")})})))
	}},
	{"azure-subnet-full", func(l lab) error {
		s := l.site()
		small := s.create(vnetSubnetToken, "small", props{"resourceGroupName": "rg", "virtualNetworkName": "vnet", "addressPrefix": "192.168.2.0/29"})
		return fails(s.try(endpointTypeToken, "pe", merged(s.endpointInputs(), props{"subnet": props{"id": small.id}})))
	}},
	{"azure-address-outside", func(l lab) error { return l.pinned("192.168.3.70") }},
	{"azure-address-reserved", func(l lab) error { return l.pinned("192.168.2.65") }},
	{"azure-address-in-use", func(l lab) error {
		s := l.site()
		s.endpoint("first", nil)
		return s.pinned("192.168.2.68")
	}},
	{"azure-member-unknown", func(l lab) error {
		s := l.site()
		return fails(s.try(endpointTypeToken, "pinned", merged(s.endpointInputs(), props{"ipConfigurations": append(pinnedFrom(80), pin("web", 99))})))
	}},
	{"azure-address-mapping", func(l lab) error {
		s := l.site()
		pe := s.endpoint("pe", nil)
		_, err := s.update(pe, merged(s.endpointInputs(), props{"privateEndpointName": "pe", "ipConfigurations": pinnedFrom(90)}))
		return err
	}},
	{"azure-members-missing", func(l lab) error { return l.pinned("192.168.2.80") }},
	{"azure-second-scope", func(l lab) error {
		s := l.site()
		s.endpoint("pe", nil)
		other := s.create(scopeToken, "other", props{"resourceGroupName": "rg", "location": "global", "accessModeSettings": openModes})
		return fails(s.try(endpointTypeToken, "pe2", merged(s.endpointInputs(), props{"privateLinkServiceConnections": list(
			props{"name": "c", "privateLinkServiceId": other.id, "groupIds": list("azuremonitor")})})))
	}},
	{"azure-second-arc-scope", func(l lab) error {
		s := l.site()
		s.arcEndpoint("pe", s.arcScope("arc"))
		return fails(s.try(endpointTypeToken, "pe2", s.arcEndpointInputs(s.arcScope("other"))))
	}},
	{"azure-machine-region", func(l lab) error {
		s := l.site()
		s.machine("web", "japaneast")
		s.arcScope("arc")
		return fails(s.try(arcMemberToken, "m", s.memberInputs("arc", "web")))
	}},
	{"azure-machine-scope", func(l lab) error {
		s := l.site()
		s.machine("web", "japanwest")
		s.arcScope("arc")
		s.arcScope("other")
		s.create(arcMemberToken, "m", s.memberInputs("arc", "web"))
		return fails(s.try(arcMemberToken, "n", s.memberInputs("other", "web")))
	}},
	{"azure-extension-region", func(l lab) error {
		s := l.site()
		s.machine("web", "japaneast")
		return fails(s.try(extensionToken, "agent", merged(agentInputs, props{"location": "japanwest"})))
	}},
	{"azure-extension-system", func(l lab) error {
		s := l.site()
		s.machine("web", "japaneast")
		return fails(s.try(extensionToken, "agent", merged(agentInputs, props{"properties": props{"publisher": "Microsoft.Azure.Monitor", "type": "AzureMonitorWindowsAgent"}})))
	}},
	{"azure-arc-access", func(l lab) error {
		in := props{"resourceGroupName": "rg", "properties": props{"publicNetworkAccess": "SecuredByPerimeter"}}
		return fails(l.site().try(arcScopeToken, "arc", in))
	}},
	{"azure-arc-scope-in-use", func(l lab) error {
		s := l.site()
		arc := s.arcScope("arc")
		s.arcEndpoint("pe", arc)
		return s.remove(arc)
	}},
	{"azure-endpoint-quota", func(l lab) error {
		s := l.site()
		for i := range endpointsPerScope + 1 {
			name := fmt.Sprint("n", i)
			s.network(name, fmt.Sprintf("10.%d.0.0/16", i))
			subnet := s.create(vnetSubnetToken, name+"-s", props{"resourceGroupName": "rg", "virtualNetworkName": name, "addressPrefix": fmt.Sprintf("10.%d.0.0/24", i)})
			x, err := s.try(endpointTypeToken, name+"-pe", merged(s.endpointInputs(), props{"subnet": props{"id": subnet.id}}))
			if err != nil {
				return err
			}
			_ = x
		}
		return nil
	}},
	{"azure-interface-name", func(l lab) error {
		s := l.site()
		s.endpoint("pe", props{"customNetworkInterfaceName": "nic"})
		return fails(s.try(endpointTypeToken, "pe2", merged(s.endpointInputs(), props{"customNetworkInterfaceName": "nic"})))
	}},
	{"azure-endpoint-subnet-change", func(l lab) error {
		s := l.site()
		pe := s.endpoint("pe", nil)
		other := s.create(vnetSubnetToken, "more", props{"resourceGroupName": "rg", "virtualNetworkName": "vnet", "addressPrefix": "192.168.2.128/27"})
		return fails(s.update(pe, merged(s.endpointInputs(), props{"privateEndpointName": "pe", "subnet": props{"id": other.id}})))
	}},

	{"azure-alias-unknown", func(l lab) error {
		s := l.site()
		return fails(s.try(endpointTypeToken, "pe", s.serviceInputs("metrics-pl-1.00000000-0000-0000-0000-000000000000.westus2.azure.privatelinkservice", "hello")))
	}},
	{"azure-request-message", func(l lab) error {
		s := l.site()
		return fails(s.try(endpointTypeToken, "pe", s.serviceInputs(aliasOfMetrics, strings.Repeat("x", 141))))
	}},
	{"azure-record-address", func(l lab) error {
		s := l.site()
		return fails(s.try(recordSetToken, "r", props{"resourceGroupName": "rg", "privateZoneName": s.zones[0].name, "recordType": "A",
			"relativeRecordSetName": "x", "aRecords": list(props{"ipv4Address": "10.0.0.256"})}))
	}},

	{"azure-group-zones", func(l lab) error {
		s := l.site()
		s.endpoint("pe", nil)
		return fails(s.try(zoneGroupToken, "default", s.groupInputs("pe", 6)))
	}},
	{"azure-second-group", func(l lab) error {
		s := l.site()
		s.endpoint("pe", nil)
		s.create(zoneGroupToken, "default", s.groupInputs("pe", 5))
		return fails(s.try(zoneGroupToken, "second", s.groupInputs("pe", 5)))
	}},
	{"azure-group-config-name", func(l lab) error {
		s := l.site()
		s.endpoint("pe", nil)
		return fails(s.try(zoneGroupToken, "default", props{"resourceGroupName": "rg", "privateEndpointName": "pe",
			"privateDnsZoneConfigs": list(props{"name": "with.dots", "privateDnsZoneId": s.zones[0].id})}))
	}},
	{"azure-link-overlap", func(l lab) error {
		s := l.site()
		s.create(groupTypeToken, "rg2", props{"resourceGroupName": "rg2", "location": "japaneast"})
		s.create(privateZoneToken, "twin", props{"resourceGroupName": "rg2", "privateZoneName": s.zones[0].name, "location": "Global"})
		s.create(linkToken, "l", merged(l.linkInputs("vnet"), props{"privateZoneName": s.zones[0].name}))
		return fails(s.try(linkToken, "m", merged(l.linkInputs("vnet"), props{"privateZoneName": s.zones[0].name, "resourceGroupName": "rg2"})))
	}},
	{"azure-link-policy", func(l lab) error {
		s := l.site()
		return fails(s.try(linkPolicyToken, "l", merged(l.linkInputs("vnet"), props{"privateZoneName": s.zones[0].name, "resolutionPolicy": "Redirect"})))
	}},
	{"azure-link-network-change", func(l lab) error {
		s := l.site()
		link := s.create(linkToken, "l", merged(l.linkInputs("vnet"), props{"privateZoneName": s.zones[0].name}))
		s.network("v2", "10.0.0.0/16")
		return fails(s.update(link, merged(l.linkInputs("v2"), props{"privateZoneName": s.zones[0].name, "virtualNetworkLinkName": "l"})))
	}},

	{"azure-access-mode", func(l lab) error {
		return fails(l.site().try(scopeToken, "s", props{"resourceGroupName": "rg", "location": "global", "accessModeSettings": props{"queryAccessMode": "Open"}}))
	}},
	{"azure-scope-in-use", func(l lab) error { s := l.site(); s.endpoint("pe", nil); return s.remove(s.scope) }},
	{"azure-scope-in-use", func(l lab) error { s := l.site(); s.join("w", s.workspace); return s.remove(s.scope) }},
	{"azure-scoped-exists", func(l lab) error {
		s := l.site()
		s.join("w", s.workspace)
		return fails(s.try(scopedResourceToken, "again", s.joinInputs(s.workspace)))
	}},
	{"azure-scope-busy", func(l lab) error {
		s := l.site()
		other := s.create(workspaceToken, "w2", props{"resourceGroupName": "rg"})
		errs := make(chan error, 2)
		for _, w := range []thing{s.workspace, other} {
			go func() { errs <- fails(s.try(scopedResourceToken, w.name, s.joinInputs(w))) }()
		}
		if err := <-errs; err != nil {
			return err
		}
		return <-errs
	}},
	{"azure-scoped-kind", func(l lab) error { s := l.site(); return fails(s.try(scopedResourceToken, "x", s.joinInputs(s.vnet))) }},
	{"azure-still-scoped", func(l lab) error { s := l.site(); s.join("w", s.workspace); return s.remove(s.workspace) }},
	{"azure-component-kind", func(l lab) error {
		return fails(l.site().try(componentToken, "c", props{"resourceGroupName": "rg", "kind": "web"}))
	}},
}

func TestEveryRefusalIsProvoked(t *testing.T) {
	provoked := map[string]bool{}
	for _, p := range provocations {
		provoked[p.row] = true
	}
	for _, r := range refusals {
		if !provoked[r.Name] {
			t.Errorf("no test provokes %s", r.Name)
		}
		if r.Source == "" || r.AsOf == "" {
			t.Errorf("%s has no source or date", r.Name)
		}
	}
}

func TestRefusals(t *testing.T) {
	rows := map[string]refusal{}
	for _, r := range refusals {
		if rows[r.Name].Name != "" {
			t.Fatalf("%s is there twice", r.Name)
		}
		rows[r.Name] = r
	}
	for i, p := range provocations {
		t.Run(fmt.Sprintf("%d-%s", i, p.row), func(t *testing.T) {
			err := p.run(lab{start(t, Config{})})
			if err == nil {
				t.Fatal("nothing was refused")
			}
			if !rows[p.row].Pattern().MatchString(err.Error()) {
				t.Fatalf("got  %v\nwant %s", err, rows[p.row].Text)
			}
		})
	}
}

// what the cases above build on

func (l lab) configure(provider string, in props) error {
	_, err := l.dial(provider).rpc.Configure(l.t.Context(), &pulumirpc.ConfigureRequest{Args: encode(in)})
	return err
}

func (l lab) peered() (hub, thing) {
	h := l.hub()
	other := h.create(vpcToken, "other", props{"cidrBlock": "10.1.0.0/16"})
	return h, h.create(peeringToken, "p", props{"vpcId": h.vpc.id, "peerVpcId": other.id, "autoAccept": true})
}

func (h hub) rule(cidr string) props {
	return props{"securityGroupId": h.group.id, "ipProtocol": "tcp", "fromPort": 443, "toPort": 443, "cidrIpv4": cidr}
}

func (h hub) pin(subnet, address string) error {
	return fails(h.try(endpointToken, "e", h.endpointInputs(props{"subnetConfigurations": list(props{"subnetId": subnet, "ipv4": address})})))
}

func (h hub) zone(name, domain string) thing {
	h.t.Helper()
	return h.create(zoneToken, name, props{"name": domain, "vpcs": list(props{"vpcId": h.vpc.id})})
}

// record tries records of one name, and gives the last one's error.
func (l lab) record(all ...props) error {
	h := l.hub()
	z := h.zone("z", "a.example")
	var err error
	for i, in := range all {
		err = fails(h.try(recordToken, fmt.Sprint("r", i), merged(props{"zoneId": z.id, "name": "x", "type": "A"}, in)))
	}
	return err
}

// site is a resource group with a network, a workspace, a scope and six private zones.
type site struct {
	*client
	group, vnet, subnet, workspace, scope thing
	zones                                 []thing
}

var openModes = props{"ingestionAccessMode": "PrivateOnly", "queryAccessMode": "Open"}

func makeSite(c *client) site {
	c.t.Helper()
	s := site{client: c}
	s.group = c.create(groupTypeToken, "rg", props{"resourceGroupName": "rg", "location": "Japan East"})
	s.vnet = s.network("vnet", "192.168.2.0/24")
	s.subnet = c.create(vnetSubnetToken, "endpoints", props{"resourceGroupName": "rg", "virtualNetworkName": "vnet", "subnetName": "endpoints", "addressPrefix": "192.168.2.64/27"})
	s.workspace = c.create(workspaceToken, "logs", props{"resourceGroupName": "rg", "workspaceName": "logs", "publicNetworkAccessForIngestion": "Disabled"})
	s.scope = c.create(scopeToken, "scope", props{"resourceGroupName": "rg", "scopeName": "scope", "location": "global", "accessModeSettings": openModes})
	for _, d := range append([]string{"other.example"}, privateLinkDomains...) {
		name := "privatelink." + d
		s.zones = append(s.zones, c.create(privateZoneToken, name, props{"resourceGroupName": "rg", "privateZoneName": name, "location": "Global"}))
	}
	return s
}

func (s site) network(name, cidr string) thing {
	s.t.Helper()
	return s.create(networkToken, name, props{"resourceGroupName": "rg", "virtualNetworkName": name, "addressSpace": props{"addressPrefixes": list(cidr)}})
}

func (l lab) vnet(name string, cidrs []any) error {
	return fails(l.site().try(networkToken, name, props{"resourceGroupName": "rg", "addressSpace": props{"addressPrefixes": cidrs}}))
}

func (s site) addSubnet(cidr string) error {
	return fails(s.try(vnetSubnetToken, "s", props{"resourceGroupName": "rg", "virtualNetworkName": "vnet", "addressPrefix": cidr}))
}

func (s site) peeringTo(remote thing) props {
	return props{"resourceGroupName": "rg", "virtualNetworkName": "vnet", "remoteVirtualNetwork": props{"id": remote.id}, "allowVirtualNetworkAccess": true}
}

func (s site) endpointInputs() props {
	return props{"resourceGroupName": "rg", "location": "japaneast", "subnet": props{"id": s.subnet.id}, "privateLinkServiceConnections": list(
		props{"name": "c", "privateLinkServiceId": s.scope.id, "groupIds": list("azuremonitor")})}
}

func (s site) endpoint(name string, more props) thing {
	s.t.Helper()
	return s.create(endpointTypeToken, name, merged(s.endpointInputs(), props{"privateEndpointName": name}, more))
}

func (s site) pinned(address string) error {
	return fails(s.try(endpointTypeToken, "pinned", merged(s.endpointInputs(), props{"ipConfigurations": list(
		props{"name": "api", "groupId": "azuremonitor", "memberName": "api", "privateIPAddress": address})})))
}

func (l lab) pinned(address string) error { return l.site().pinned(address) }

func (s site) groupInputs(endpoint string, zones int) props {
	configs := []any{}
	for _, z := range s.zones[len(s.zones)-zones:] {
		configs = append(configs, props{"name": strings.ReplaceAll(z.name, ".", "-"), "privateDnsZoneId": z.id})
	}
	return props{"resourceGroupName": "rg", "privateEndpointName": endpoint, "privateDnsZoneConfigs": configs}
}

func (l lab) linkInputs(network string) props {
	return props{"resourceGroupName": "rg", "location": "global", "registrationEnabled": false,
		"virtualNetwork": props{"id": armID(sub1, "rg", networkType, network)}}
}

func (s site) joinInputs(x thing) props {
	return props{"resourceGroupName": "rg", "scopeName": "scope", "linkedResourceId": x.id}
}

func (s site) join(name string, x thing) thing {
	s.t.Helper()
	return s.create(scopedResourceToken, name, s.joinInputs(x))
}
