package sandbox

import (
	"testing"
)

const (
	metricsService = "com.amazonaws.vpce.us-east-1.vpce-svc-09a8006e245d1e7b8"
	logsService    = "com.amazonaws.vpce.us-east-1.vpce-svc-025a56b9187ac1f63"
)

// hub is a network with everything that an endpoint needs.
type hub struct {
	*client
	vpc, subnet, group thing
}

func makeHub(c *client, name, cidr, subnet string) hub {
	c.t.Helper()
	vpc := c.create(vpcToken, name, props{"cidrBlock": cidr, "enableDnsHostnames": true})
	return hub{c, vpc,
		c.create(subnetToken, name+"-endpoints", props{"vpcId": vpc.id, "cidrBlock": subnet}),
		c.create(groupToken, name+"-clients", props{"vpcId": vpc.id})}
}

func (h hub) endpointInputs(more props) props {
	return merged(props{"vpcId": h.vpc.id, "serviceName": metricsService, "vpcEndpointType": "Interface",
		"subnetIds": list(h.subnet.id), "securityGroupIds": list(h.group.id)}, more)
}

func TestSeedOverPeering(t *testing.T) {
	e := start(t, Config{World: []byte(`{"version":1,"aws":[{"account":"111111111111","region":"ap-northeast-1","vpcs":[
		{"id":"vpc-0a1b","cidrs":["10.0.0.0/16"],"dnsSupport":true,"dnsHostnames":true,
		 "subnets":[{"id":"subnet-1","cidr":"10.0.1.0/24"}],"routeTables":[{"id":"rtb-1","subnets":["subnet-1"]}]}]}]}`)})
	tokyo, us := e.aws("111111111111", "ap-northeast-1"), e.aws("111111111111", "us-east-1")
	h := makeHub(us, "hub", "192.168.0.0/16", "192.168.0.0/20")
	peering := tokyo.create(peeringToken, "p", props{"vpcId": "vpc-0a1b", "peerVpcId": h.vpc.id, "peerRegion": "us-east-1"})
	route := tokyo.create(routeToken, "out", props{"routeTableId": "rtb-1", "destinationCidrBlock": "192.168.0.0/16", "vpcPeeringConnectionId": peering.id})
	wantEqual(t, route.str("state"), "blackhole")
	accepter := us.create(accepterToken, "a", props{"vpcPeeringConnectionId": peering.id, "autoAccept": true})
	wantEqual(t, accepter.str("acceptStatus"), "active")
	wantEqual(t, tokyo.read(route).str("state"), "active")
	back := us.create(routeToken, "back", props{"routeTableId": h.vpc.str("mainRouteTableId"), "destinationCidrBlock": "10.0.0.0/16", "vpcPeeringConnectionId": peering.id})
	wantEqual(t, back.str("state"), "active")

	ep := us.create(endpointToken, "metrics", h.endpointInputs(props{"subnetConfigurations": list(props{"subnetId": h.subnet.id, "ipv4": "192.168.0.10"})}))
	wantEqual(t, ep.out["subnetConfigurations"], list(props{"subnetId": h.subnet.id, "ipv4": "192.168.0.10", "ipv6": ""}))
	zone := us.create(zoneToken, "z", props{"name": "metrics.agent.datadoghq.com", "vpcs": list(
		props{"vpcId": h.vpc.id}, props{"vpcId": "vpc-0a1b", "vpcRegion": "ap-northeast-1"})})
	us.create(recordToken, "r", props{"zoneId": zone.id, "name": "metrics.agent.datadoghq.com", "type": "A", "aliases": list(
		props{"name": ep.str("dnsEntries.0.dnsName"), "zoneId": ep.str("dnsEntries.0.hostedZoneId"), "evaluateTargetHealth": true})})

	for _, vpc := range []string{"vpc-0a1b", h.vpc.id} {
		got, err := e.clouds().Resolve(vpc, "metrics.agent.datadoghq.com.")
		if err != nil || len(got) != 1 || got[0].String() != "192.168.0.10" {
			t.Fatalf("in %s: %v, %v", vpc, got, err)
		}
	}
	_, err := e.clouds().Resolve(h.vpc.id, "x.metrics.agent.datadoghq.com")
	wantError(t, err, "NXDOMAIN")
	_, err = e.clouds().Resolve(h.vpc.id, "api.datadoghq.com")
	wantError(t, err, "public")
}
