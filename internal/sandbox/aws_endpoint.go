package sandbox

import (
	"encoding/json"
	"slices"
	"strings"
)

const endpointToken = "aws:ec2/vpcEndpoint:VpcEndpoint"

// noCrossRegion are the zones without cross-Region endpoints (facts/datadog_aws.md §4.8).
var noCrossRegion = []string{"use1-az3", "usw1-az2", "apne1-az3", "apne2-az2", "apne2-az4"}

// endpointZones are Route 53's zone ids of vpce.amazonaws.com by region. us-east-2 is confirmed (facts/datadog_aws.md §4.29), the
// others are recalled; a region that is missing gets a made-up one.
var endpointZones = map[string]string{
	"us-east-1": "Z7HUB22UULQXV", "us-east-2": "ZC8PG0KIFKBRI", "ap-northeast-1": "Z2E726K9Y6RL4W",
}

func endpointZone(region string) string {
	if z, ok := endpointZones[region]; ok {
		return z
	}
	return "Z" + strings.ToUpper(digest("vpce", region)[:13])
}

func awsEndpointTypes() []resourceType {
	return []resourceType{{
		token:    endpointToken,
		missing:  "aws-endpoint-not-found",
		required: []string{"vpcId"},
		inputs: []string{"serviceName", "serviceRegion", "vpcEndpointType", "subnetIds", "subnetConfigurations", "securityGroupIds",
			"privateDnsEnabled", "ipAddressType", "dnsOptions", "policy", "autoAccept", "tags"},
		defaults: map[string]any{"vpcEndpointType": "Gateway", "privateDnsEnabled": false},
		replace:  []string{"vpcId", "serviceName", "serviceRegion", "vpcEndpointType"},
		sets:     []string{"subnetIds", "securityGroupIds", "subnetConfigurations"},
		computed: []string{"id", "arn", "cidrBlocks", "dnsEntries", "dnsOptions", "ipAddressType", "networkInterfaceIds", "ownerId", "policy",
			"prefixListId", "requesterManaged", "routeTableIds", "securityGroupIds", "serviceRegion", "state", "subnetConfigurations", "subnetIds"},
		volatile: []string{"dnsEntries", "networkInterfaceIds", "subnetConfigurations"},
		create:   createEndpoint,
		update:   updateEndpoint,
		remove:   removeEndpoint,
	}}
}

func createEndpoint(c *call) (*Object, error) {
	if t := c.str("vpcEndpointType"); t != "Interface" {
		return nil, no("unsupported", "VPC endpoints of type "+t)
	}
	vpc, err := c.vpc("vpcId")
	if err != nil {
		return nil, err
	}
	if quota := c.quota("endpointsPerVPC"); c.number(vpc, endpointToken) >= quota {
		return nil, no("aws-endpoint-quota", quota, vpc.ID)
	}
	unique := c.unique()
	id := awsID("vpce", unique...)
	return c.endpoint(c.object(id, c.name, map[string]any{"id": id, "arn": c.arn("vpc-endpoint", id), "_hash": digest(unique...)[:8]}, vpc), vpc)
}

func updateEndpoint(c *call) (*Object, error) {
	vpc, err := c.vpc("vpcId")
	if err != nil {
		return nil, err
	}
	return c.endpoint(c.old.with(nil), vpc)
}

func removeEndpoint(c *call) error {
	for _, nic := range c.of(c.old, interfaceToken) {
		c.drop(nic)
	}
	return nil
}

// endpoint judges the inputs and gives the endpoint its network interfaces: those of subnets that stay are kept, with their
// addresses, as AWS keeps them for the endpoint's life (facts/datadog_aws.md §4.11).
func (c *call) endpoint(o, vpc *Object) (*Object, error) {
	service, cross, err := c.endpointService()
	if err != nil {
		return nil, err
	}
	if err := c.endpointPolicy(service); err != nil {
		return nil, err
	}
	subnets, err := c.endpointSubnets(vpc, cross)
	if err != nil {
		return nil, err
	}
	groups, err := c.endpointGroups(vpc)
	if err != nil {
		return nil, err
	}
	private := flag(c.in, "privateDnsEnabled")
	if private {
		if err := c.privateDNS(o.ID, vpc, service); err != nil {
			return nil, err
		}
	}
	nics, err := c.endpointInterfaces(o, vpc, subnets, groups)
	if err != nil {
		return nil, err
	}
	names := []any{}
	if private {
		names = list(service.names...)
	}
	o = o.with(map[string]any{
		"vpcId": vpc.ID, "ownerId": c.who.account, "state": "available", "requesterManaged": false, "vpcEndpointType": "Interface",
		"serviceName": c.str("serviceName"), "serviceRegion": service.region, "privateDnsEnabled": private, "_privateNames": names,
		"subnetIds": idsOf(subnets), "securityGroupIds": idsOf(groups), "networkInterfaceIds": idsOf(nics), "routeTableIds": []any{},
		"subnetConfigurations": subnetConfigurations(nics), "dnsEntries": c.dnsEntries(o, service, subnets, cross, private),
		"cidrBlocks": []any{}, "ipAddressType": "ipv4", "prefixListId": "",
		"dnsOptions": map[string]any{"dnsRecordIpType": "ipv4", "privateDnsOnlyForInboundResolverEndpoint": false},
		"policy":     policyOf(c.str("policy")),
	})
	o.Refs = keysOf(slices.Concat([]*Object{vpc}, subnets, groups))
	return o, nil
}

// endpointPolicy judges a policy: the provider wants JSON, EC2 a policy, and not every service takes one.
func (c *call) endpointPolicy(service endpointService) error {
	given := c.str("policy")
	if given == "" {
		return nil
	}
	var data any
	if err := json.Unmarshal([]byte(given), &data); err != nil {
		return no("aws-policy-json", err)
	}
	policy, _ := data.(map[string]any)
	statements := maps(policy, "Statement")
	for _, s := range statements {
		for _, either := range [][]string{{"Effect"}, {"Principal", "NotPrincipal"}, {"Action", "NotAction"}, {"Resource", "NotResource"}} {
			if !slices.ContainsFunc(either, func(field string) bool { return s[field] != nil }) {
				return no("aws-policy-document")
			}
		}
		if effect := str(s, "Effect"); effect != "Allow" && effect != "Deny" {
			return no("aws-policy-document")
		}
	}
	if len(statements) == 0 {
		return no("aws-policy-document")
	}
	if !service.policy {
		return no("aws-policy-unsupported", c.str("serviceName"))
	}
	return nil
}

// policyOf is the policy that an endpoint has: AWS fills in one that lets everything through.
func policyOf(given string) string {
	if given != "" {
		return given
	}
	return `{"Statement":[{"Action":"*","Effect":"Allow","Principal":"*","Resource":"*"}]}`
}

func idsOf(objects []*Object) []any {
	out := make([]any, len(objects))
	for i, o := range objects {
		out[i] = o.ID
	}
	return out
}

func (c *call) endpointService() (s endpointService, cross bool, err error) {
	name := c.str("serviceName")
	s, ok := c.service(name)
	asked := c.who.region
	if r := c.str("serviceRegion"); r != "" {
		asked = r
	}
	if asked != c.who.region && !c.enabled(asked) {
		return s, false, no("aws-endpoint-opt-in", asked, c.who.account)
	}
	if !ok || s.region != asked {
		return s, false, no("aws-endpoint-service", name)
	}
	if own := !strings.HasPrefix(s.label, "vpce-svc-"); own && s.region != c.who.region && !slices.Contains(acrossRegions, s.label) {
		return s, false, no("aws-endpoint-across", name, c.who.region)
	}
	return s, s.region != c.who.region, nil
}

// optIn are the regions that an account enables before it uses them: those opened after 2019-03-20 (AWS Account Management
// guide, recalled).
var optIn = []string{"af-south-1", "ap-east-1", "ap-east-2", "ap-south-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6",
	"ap-southeast-7", "ca-west-1", "eu-central-2", "eu-south-1", "eu-south-2", "il-central-1", "me-central-1", "me-south-1", "mx-central-1"}

// enabled reports whether an account may use a region: what it holds there says that it has opted in.
func (c *call) enabled(region string) bool {
	return !slices.Contains(optIn, region) || c.holds(c.who.account, region)
}

func (c *call) endpointSubnets(vpc *Object, cross bool) ([]*Object, error) {
	ids := slices.Sorted(slices.Values(strs(c.in, "subnetIds")))
	if len(ids) == 0 {
		return nil, no("aws-endpoint-no-subnets")
	}
	var out []*Object
	zones := map[string]string{}
	for _, id := range slices.Compact(ids) {
		s := c.aws(subnetToken, id)
		if s == nil {
			return nil, no("aws-subnet-not-found", id)
		}
		zone := s.attr("availabilityZoneId")
		switch {
		case s.attr("vpcId") != vpc.ID:
			return nil, no("aws-endpoint-subnet-vpc", id, vpc.ID)
		case zones[zone] != "":
			return nil, no("aws-endpoint-two-subnets-in-zone", id)
		case cross && slices.Contains(noCrossRegion, zone):
			return nil, no("aws-endpoint-cross-region-zone", zone, id)
		}
		zones[zone] = id
		out = append(out, s)
	}
	for _, sc := range maps(c.in, "subnetConfigurations") {
		if id := str(sc, "subnetId"); !slices.Contains(ids, id) {
			return nil, no("aws-endpoint-subnet-config", id)
		}
	}
	return out, nil
}

func (c *call) endpointGroups(vpc *Object) ([]*Object, error) {
	ids := slices.Sorted(slices.Values(strs(c.in, "securityGroupIds")))
	if len(ids) == 0 {
		ids = []string{vpc.attr("defaultSecurityGroupId")}
	}
	var out []*Object
	for _, id := range slices.Compact(ids) {
		g := c.aws(groupToken, id)
		if g == nil {
			return nil, no("aws-group-not-found", id)
		}
		if g.attr("vpcId") != vpc.ID {
			return nil, no("aws-endpoint-group-vpc", id, vpc.ID)
		}
		out = append(out, g)
	}
	return out, nil
}

// privateDNS: the names belong to one endpoint of the VPC, and to no private zone of it (facts/datadog_aws.md §4.1, 4.4, 4.5).
func (c *call) privateDNS(self string, vpc *Object, service endpointService) error {
	if len(service.names) == 0 {
		return no("aws-private-dns-none", c.str("serviceName"))
	}
	if !flag(vpc.Attributes, "enableDnsSupport") || !flag(vpc.Attributes, "enableDnsHostnames") {
		return no("aws-private-dns-attributes", vpc.ID)
	}
	for _, name := range service.names { // a wildcard takes the zone behind it
		for _, other := range c.of(vpc, endpointToken) {
			if other.ID != self && slices.Contains(strs(other.Attributes, "_privateNames"), name) {
				return no("aws-private-dns-conflict", name, vpc.ID)
			}
		}
		for _, z := range c.zonesOn(vpc) {
			if z.attr("name") == strings.TrimPrefix(name, "*.") {
				return no("aws-private-dns-conflict", name, vpc.ID)
			}
		}
	}
	return nil
}
