package aws

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/schema"
)

// endpoint is an interface endpoint: addresses in subnets of its VPC, before which its groups stand.
func (l *lifting) endpoint(r *manifest.Resource) {
	at, ok := l.network(r, "vpcId", r.Inputs["vpcId"])
	if kind := r.Text("vpcEndpointType"); kind != "Interface" {
		l.Problem(r, "vpcEndpointType", "%q has no address (the default is Gateway)", kind)
		return
	}
	if ip := r.Text("ipAddressType"); ip != "" && ip != "ipv4" {
		l.Problem(r, "ipAddressType", "%q is not read: the graph holds IPv4", ip)
	}
	if !ok {
		return
	}
	e := plan.Endpoint{Name: r.Name, Network: l.name(at)}
	where, ok := l.homes(r, at)
	if !ok {
		return
	}
	e.Subnet = l.subnetAt(where[0].spot).Name
	for _, h := range where {
		if h.address.IsValid() {
			e.Addresses = append(e.Addresses, h.address)
		}
	}
	e.Filters = l.groups(r, "securityGroupIds", at)
	row, known := l.service(r)
	if !known {
		return
	}
	if l.flag(r, "privateDnsEnabled", false) {
		e.PrivateDNS = row.names
		if !l.g.Networks[at].DNSAttributes {
			l.Problem(r, "privateDnsEnabled", "needs both DNS attributes of the VPC (EC2: InvalidParameter)")
		}
	}
	l.g.Endpoints = append(l.g.Endpoints, e)
}

// home is a subnet of an endpoint and its address there, if that is pinned.
type home struct {
	spot
	address netip.Addr
}

// homes are the subnets of an endpoint. subnetConfigurations pin the addresses; the same subnets must
// be in subnetIds, else the endpoint differs at every preview (pulumi-aws 6.83.2).
func (l *lifting) homes(r *manifest.Resource, network int) ([]home, bool) {
	var all []home
	var ids []any
	for i, value := range r.List("subnetConfigurations") {
		fields, _ := value.(map[string]any)
		path := fmt.Sprintf("subnetConfigurations[%d].", i)
		at, ok := l.inside(r, path+"subnetId", fields["subnetId"], network)
		address, valid := l.address(r, path+"ipv4", fields["ipv4"], at, ok)
		if !ok || !valid {
			return nil, false
		}
		all, ids = append(all, home{at, address}), append(ids, fields["subnetId"])
	}
	for i, value := range r.List("subnetIds") {
		at, ok := l.inside(r, fmt.Sprintf("subnetIds[%d]", i), value, network)
		if !ok {
			return nil, false
		}
		if len(ids) > 0 && !slices.Contains(ids, value) {
			l.Problem(r, "subnetIds", "%v has no configuration beside those that have one", value)
		}
		if !slices.Contains(ids, value) {
			all = append(all, home{spot: at})
		}
	}
	for _, id := range ids {
		if !slices.Contains(r.List("subnetIds"), id) {
			l.Problem(r, "subnetIds", "%v is configured and not among them", id)
		}
	}
	if len(all) == 0 {
		l.Problem(r, "subnetIds", "are not given")
	}
	return all, len(all) > 0
}

// inside is a subnet of a network.
func (l *lifting) inside(r *manifest.Resource, path string, value any, network int) (spot, bool) {
	at, ok := l.subnetOf(r, path, value)
	if ok && at.at != network {
		l.Problem(r, path, "is in network %q, not in %q", l.name(at.at), l.name(network))
	}
	return at, ok && at.at == network
}

// address reads an address of a subnet; AWS keeps the first four and the last for itself.
func (l *lifting) address(r *manifest.Resource, path string, value any, at spot, known bool) (netip.Addr, bool) {
	text, _ := value.(string)
	a, err := netip.ParseAddr(text)
	if err != nil || !known {
		if known {
			l.Problem(r, path, "%v is no address", value)
		}
		return a, false
	}
	cidr := l.subnetAt(at).CIDR
	taken := !cidr.IsValid() || !cidr.Contains(a) || !cidr.Contains(a.Next())
	for first, i := cidr.Masked().Addr(), 0; i < 4 && !taken; i++ {
		taken, first = first == a, first.Next()
	}
	if taken {
		l.Problem(r, path, "%s is not one of subnet %s that an endpoint may have", a, cidr)
	}
	return a, !taken
}

// serviceFunction looks up an endpoint service.
const serviceFunction = "aws:ec2/getVpcEndpointService:getVpcEndpointService"

// offer is what a service's name in AWS says of it.
type offer struct {
	region string
	// names are its private DNS names, and hosts others that lead to them by public CNAMEs.
	names, hosts []string
}

// datadogOffers are the catalogue's services of Datadog by their name in AWS.
var datadogOffers = sync.OnceValue(func() map[string]offer {
	rows := map[string]offer{}
	for _, site := range schema.Datadog().Sites {
		for _, services := range []map[string]schema.DatadogService{site.Services, site.Anchors} {
			for _, row := range services {
				rows[row.ServiceName] = offer{names: []string{row.PrivateDNSName}, hosts: row.Hosts}
			}
		}
	}
	return rows
})

// offerOf reads what a catalogue knows of an endpoint's service, or what a look-up of the program makes
// sure of before anything is registered.
func (l *lifting) offerOf(r *manifest.Resource) (offer, bool) {
	name := r.Text("serviceName")
	region, key, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(name, ownPrefix), "vpce."), ".")
	o, known := datadogOffers()[name]
	if row, own := schema.AWSServiceCatalogue().Services[key]; own && name == ownPrefix+region+"."+key {
		o, known = offer{names: filled(row.Names, place{region: region})}, true
	}
	for _, a := range l.View.Assumptions {
		if a.Function == serviceFunction && a.Args["serviceName"] == name && placeOf(l.View, &manifest.Resource{Provider: a.Provider}) == l.placeOf(r) {
			o.names, known = []string{fmt.Sprint(a.Expected["privateDnsName"])}, true
		}
	}
	o.region = region
	return o, known
}

// service is what is known of an endpoint's service. A service is reached from its own region, which its
// name holds, unless the endpoint names that region (PrivateLink User Guide p. 56).
func (l *lifting) service(r *manifest.Resource) (offer, bool) {
	name := r.Text("serviceName")
	o, known := l.offerOf(r)
	if !known {
		l.Problem(r, "serviceName", "%q is no service of the catalogue", name)
		return o, false
	}
	region := r.Text("serviceRegion")
	if region == "" {
		region = l.placeOf(r).region
	}
	if o.region != region {
		l.Problem(r, "serviceName", "%q is not in %s", name, region)
		return o, false
	}
	return o, true
}
