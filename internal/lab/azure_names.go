package lab

import (
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/manifest"
)

func azureNameTypes() []resourceType {
	return []resourceType{
		{"azure-native:network:PrivateEndpoint", "privateEndpointName subnet ipConfigurations", "customNetworkInterfaceName privateLinkServiceConnections manualPrivateLinkServiceConnections", after, (*reader).privateEndpoint},
		{"azure-native:network:PrivateZone", "privateZoneName", "", after, (*reader).privateZone},
		{"azure-native:network:VirtualNetworkLink", "privateZoneName virtualNetwork resolutionPolicy", "virtualNetworkLinkName registrationEnabled", after, (*reader).zoneLink},
		{"azure-native:network:PrivateRecordSet", "privateZoneName relativeRecordSetName recordType aRecords cnameRecord", "ttl", after, (*reader).privateRecord},
		{"azure-native:network:PrivateDnsZoneGroup", "privateEndpointName privateDnsZoneConfigs", "privateDnsZoneGroupName", last, (*reader).zoneGroup},
		{"azure-native:network:DnsResolver", "virtualNetwork dnsResolverName", "", after, (*reader).dnsResolver},
		{"azure-native:network:InboundEndpoint", "dnsResolverName ipConfigurations", "inboundEndpointName", after, (*reader).inboundEndpoint},
	}
}

// privateEndpoint looks at the security group and the route table of its subnet only if the subnet's
// policies say so. They do not by default.
func (r *reader) privateEndpoint(res *manifest.Resource) {
	s := find(r, r.subnets, res, "subnet", inObject(res, "subnet", "id"))
	if s == nil {
		return
	}
	e := &endpoint{name: res.Name, network: s.network, homes: []home{{subnet: s}}}
	for i, value := range res.List("ipConfigurations") {
		fields, _ := value.(map[string]any)
		if i == 0 {
			e.homes[0].address = r.address(res, fields["privateIPAddress"])
		}
	}
	if slices.Contains([]string{"Enabled", "NetworkSecurityGroupEnabled"}, s.policies) {
		e.gates = s.gates
	}
	e.plainRoutes = !slices.Contains([]string{"Enabled", "RouteTableEnabled"}, s.policies)
	r.bp.endpoints = append(r.bp.endpoints, e)
	add(r.endpoints, e, res.Name, r.path(res, "privateEndpoints", res.Text("privateEndpointName")))
}

func (r *reader) privateZone(res *manifest.Resource) {
	z := &zone{name: literal(res.Text("privateZoneName")), networks: map[*network]bool{}}
	r.bp.zones = append(r.bp.zones, z)
	add(r.zones, z, res.Name, r.path(res, "privateDnsZones", res.Text("privateZoneName")))
}

func (r *reader) zoneLink(res *manifest.Resource) {
	z := parent(r, r.zones, res, "privateDnsZones", res.Inputs["privateZoneName"])
	n := find(r, r.networks, res, "virtual network", inObject(res, "virtualNetwork", "id"))
	if z != nil && n != nil {
		z.networks[n] = res.Text("resolutionPolicy") == "NxDomainRedirect"
	}
}

func (r *reader) privateRecord(res *manifest.Resource) {
	z := parent(r, r.zones, res, "privateDnsZones", res.Inputs["privateZoneName"])
	if z == nil {
		return
	}
	made := record{name: z.name}
	if name := res.Text("relativeRecordSetName"); name != "@" {
		made.name = literal(name) + "." + z.name
	}
	for _, value := range res.List("aRecords") {
		fields, _ := value.(map[string]any)
		made.addresses = append(made.addresses, r.address(res, fields["ipv4Address"]))
	}
	if target, ok := inObject(res, "cnameRecord", "cname").(string); ok {
		made.cname = literal(target)
	}
	z.records = append(z.records, made)
}

// zoneGroup writes the endpoint's names into the group's zones, each into the narrowest that fits.
func (r *reader) zoneGroup(res *manifest.Resource) {
	e := parent(r, r.endpoints, res, "privateEndpoints", res.Inputs["privateEndpointName"])
	if e == nil {
		return
	}
	var zones []*zone
	for _, value := range res.List("privateDnsZoneConfigs") {
		fields, _ := value.(map[string]any)
		if z := find(r, r.zones, res, "zone", fields["privateDnsZoneId"]); z != nil {
			zones = append(zones, z)
		}
	}
	slices.SortStableFunc(zones, func(a, b *zone) int { return len(b.name) - len(a.name) })
	for _, name := range e.names {
		i := slices.IndexFunc(zones, func(z *zone) bool { return name == z.name || strings.HasSuffix(name, "."+z.name) })
		if i >= 0 {
			zones[i].records = append(zones[i].records, record{name: name, endpoint: e})
		}
	}
}

func (r *reader) dnsResolver(res *manifest.Resource) {
	if n := find(r, r.networks, res, "virtual network", inObject(res, "virtualNetwork", "id")); n != nil {
		add(r.dnsNodes, n, res.Name, r.path(res, "dnsResolvers", res.Text("dnsResolverName")))
	}
}

func (r *reader) inboundEndpoint(res *manifest.Resource) {
	n := parent(r, r.dnsNodes, res, "dnsResolvers", res.Inputs["dnsResolverName"])
	if n == nil {
		return
	}
	in := &inbound{network: n}
	for _, value := range res.List("ipConfigurations") {
		fields, _ := value.(map[string]any)
		inner, _ := fields["subnet"].(map[string]any)
		if s := find(r, r.subnets, res, "subnet", inner["id"]); s != nil {
			in.homes = append(in.homes, home{s, r.address(res, fields["privateIpAddress"])})
			in.gates = s.gates
		}
	}
	r.bp.resolvers = append(r.bp.resolvers, in)
}
