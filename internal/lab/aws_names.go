package lab

import (
	"net/netip"
	"strings"

	"github.com/obslink/obslink/compiler/manifest"
)

func awsNameTypes() []resourceType {
	return []resourceType{
		{"aws:ec2/vpcEndpoint:VpcEndpoint", "vpcId vpcEndpointType subnetIds subnetConfigurations securityGroupIds privateDnsEnabled",
			"serviceName serviceRegion ipAddressType policy autoAccept", after, (*reader).vpcEndpoint},
		{"aws:route53/zone:Zone", "name vpcs", "forceDestroy", after, (*reader).hostedZone},
		{"aws:route53/vpcAssociationAuthorization:VpcAssociationAuthorization", "zoneId vpcId", "vpcRegion", after, (*reader).nothing},
		{"aws:route53/zoneAssociation:ZoneAssociation", "zoneId vpcId", "vpcRegion", after, (*reader).zoneAssociation},
		{"aws:route53/record:Record", "zoneId name type records aliases", "ttl allowOverwrite", after, (*reader).hostedRecord},
		{"aws:route53/resolverEndpoint:ResolverEndpoint", "direction ipAddresses securityGroupIds", "protocols resolverEndpointType", after, (*reader).resolverEndpoint},
		{"aws:route53/resolverRule:ResolverRule", "domainName ruleType targetIps resolverEndpointId", "", after, (*reader).resolverRule},
		{"aws:route53/resolverRuleAssociation:ResolverRuleAssociation", "resolverRuleId vpcId", "", after, (*reader).resolverRuleAssociation},
	}
}

func (r *reader) vpcEndpoint(res *manifest.Resource) {
	n := find(r, r.networks, res, "VPC", res.Inputs["vpcId"])
	if n == nil {
		return
	}
	if res.Text("vpcEndpointType") != "Interface" {
		r.fail("%s: only interface endpoints can be built", res.Name)
	}
	e := &endpoint{name: res.Name, network: n, own: boolean(res, "privateDnsEnabled", false), gates: r.securityGroups(res)}
	chosen := map[*subnet]bool{}
	for _, c := range res.List("subnetConfigurations") {
		fields, _ := c.(map[string]any)
		if s := find(r, r.subnets, res, "subnet", fields["subnetId"]); s != nil {
			e.homes, chosen[s] = append(e.homes, home{s, r.address(res, fields["ipv4"])}), true
		}
	}
	for _, value := range res.List("subnetIds") {
		if s := find(r, r.subnets, res, "subnet", value); s != nil && !chosen[s] {
			e.homes = append(e.homes, home{subnet: s})
		}
	}
	r.bp.endpoints = append(r.bp.endpoints, e)
	add(r.endpoints, e, res.Name)
}

func (r *reader) hostedZone(res *manifest.Resource) {
	z := &zone{name: literal(res.Text("name")), networks: map[*network]bool{}}
	for _, v := range res.List("vpcs") {
		fields, _ := v.(map[string]any)
		if n := find(r, r.networks, res, "VPC", fields["vpcId"]); n != nil {
			z.networks[n] = false
		}
	}
	r.bp.zones = append(r.bp.zones, z)
	add(r.zones, z, res.Name)
}

// zoneAssociation of another account's VPC has no effect without the zone owner's authorization.
func (r *reader) zoneAssociation(res *manifest.Resource) {
	z := find(r, r.zones, res, "zone", res.Inputs["zoneId"])
	n := find(r, r.networks, res, "VPC", res.Inputs["vpcId"])
	if z == nil || n == nil {
		return
	}
	owner := r.view.Referred(res.Inputs["zoneId"])
	if owner != nil && foreign(r.account(owner), r.account(res)) && !r.authorized(res) {
		return
	}
	z.networks[n] = false
}

func (r *reader) authorized(res *manifest.Resource) bool {
	for _, a := range r.view.OfType("aws:route53/vpcAssociationAuthorization:VpcAssociationAuthorization") {
		if r.key(a.Inputs["zoneId"]) == r.key(res.Inputs["zoneId"]) && r.key(a.Inputs["vpcId"]) == r.key(res.Inputs["vpcId"]) {
			return true
		}
	}
	return false
}

// hostedRecord holds an alias to an endpoint, addresses, or another name. A name that does not end
// with the zone's is relative to it.
func (r *reader) hostedRecord(res *manifest.Resource) {
	z := find(r, r.zones, res, "zone", res.Inputs["zoneId"])
	if z == nil {
		return
	}
	name := literal(res.Text("name"))
	switch {
	case name == "":
		name = z.name
	case name != z.name && !strings.HasSuffix(name, "."+z.name):
		name += "." + z.name
	}
	made := record{name: name}
	for _, a := range res.List("aliases") {
		fields, _ := a.(map[string]any)
		made.endpoint = find(r, r.endpoints, res, "endpoint", fields["name"])
	}
	for _, value := range res.List("records") {
		switch text, _ := value.(string); res.Text("type") {
		case "A":
			made.addresses = append(made.addresses, r.address(res, value))
		case "CNAME":
			made.cname = literal(text)
		}
	}
	if kind := res.Text("type"); kind != "A" && kind != "CNAME" {
		r.fail("%s: the lab holds no records of type %q", res.Name, kind)
	}
	z.records = append(z.records, made)
}

func (r *reader) resolverEndpoint(res *manifest.Resource) {
	var homes []home
	for _, value := range res.List("ipAddresses") {
		fields, _ := value.(map[string]any)
		if s := find(r, r.subnets, res, "subnet", fields["subnetId"]); s != nil {
			homes = append(homes, home{s, r.address(res, fields["ip"])})
		}
	}
	if len(homes) == 0 {
		r.fail("%s: the resolver endpoint has no addresses", res.Name)
		return
	}
	if res.Text("direction") == "OUTBOUND" {
		add(r.outbounds, &outbound{network: homes[0].subnet.network, home: homes[0], gates: r.securityGroups(res)}, res.Name)
		return
	}
	r.bp.resolvers = append(r.bp.resolvers, &inbound{network: homes[0].subnet.network, homes: homes, gates: r.securityGroups(res)})
}

// resolverRule forwards through its outbound endpoint if the manifest holds that one, else through a
// host of the asking network.
func (r *reader) resolverRule(res *manifest.Resource) {
	if kind := res.Text("ruleType"); kind != "FORWARD" {
		r.fail("%s: the lab knows no resolver rules of type %q", res.Name, kind)
	}
	f := &forward{domain: literal(res.Text("domainName")), from: r.outbounds[r.key(res.Inputs["resolverEndpointId"])]}
	if f.from == nil {
		f.from = &outbound{}
	}
	for _, value := range res.List("targetIps") {
		fields, _ := value.(map[string]any)
		if a := r.address(res, fields["ip"]); a != (netip.Addr{}) {
			f.servers = append(f.servers, a)
		}
	}
	r.bp.forwards = append(r.bp.forwards, f)
	add(r.forwards, f, res.Name)
}

func (r *reader) resolverRuleAssociation(res *manifest.Resource) {
	f := find(r, r.forwards, res, "resolver rule", res.Inputs["resolverRuleId"])
	n := find(r, r.networks, res, "VPC", res.Inputs["vpcId"])
	if f != nil && n != nil {
		f.networks = append(f.networks, n)
	}
}
