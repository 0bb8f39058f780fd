package lab

import (
	"net/netip"
	"strings"

	"github.com/obslink/obslink/compiler/manifest"
)

func awsNetworkTypes() []resourceType {
	return []resourceType{
		{"aws:ec2/vpc:Vpc", "cidrBlock enableDnsSupport enableDnsHostnames", "instanceTenancy", before, (*reader).vpc},
		{"aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation", "vpcId cidrBlock", "", before, (*reader).vpcRange},
		{"aws:ec2/subnet:Subnet", "vpcId cidrBlock", "availabilityZone availabilityZoneId mapPublicIpOnLaunch", before, (*reader).subnet},
		{"aws:ec2/routeTable:RouteTable", "vpcId", "", before, (*reader).routeTable},
		{"aws:ec2/routeTableAssociation:RouteTableAssociation", "subnetId routeTableId", "", before, (*reader).routeTableAssociation},
		{"aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation", "vpcId routeTableId", "", before, (*reader).mainRouteTableAssociation},
		{"aws:ec2/internetGateway:InternetGateway", "", "vpcId", before, (*reader).nothing},
		{"aws:ec2/vpcPeeringConnection:VpcPeeringConnection", "vpcId peerVpcId autoAccept", "peerRegion peerOwnerId", after, (*reader).vpcPeering},
		{"aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter", "vpcPeeringConnectionId autoAccept", "", after, (*reader).vpcPeeringAccepter},
		{"aws:ec2/route:Route", "routeTableId destinationCidrBlock vpcPeeringConnectionId transitGatewayId gatewayId networkInterfaceId natGatewayId", "", last, (*reader).vpcRoute},
	}
}

func (r *reader) nothing(*manifest.Resource) {}

func (r *reader) vpc(res *manifest.Resource) {
	n := &network{
		name: res.Name, cidrs: []netip.Prefix{r.prefix(res, res.Inputs["cidrBlock"])}, main: &table{name: res.Name + " main"},
		private: boolean(res, "enableDnsSupport", true) && boolean(res, "enableDnsHostnames", false),
	}
	r.bp.networks = append(r.bp.networks, n)
	add(r.networks, n, res.Name)
}

func (r *reader) vpcRange(res *manifest.Resource) {
	if n := find(r, r.networks, res, "VPC", res.Inputs["vpcId"]); n != nil {
		n.cidrs = append(n.cidrs, r.prefix(res, res.Inputs["cidrBlock"]))
	}
}

func (r *reader) subnet(res *manifest.Resource) {
	if n := find(r, r.networks, res, "VPC", res.Inputs["vpcId"]); n != nil {
		s := &subnet{name: res.Name, network: n, cidr: r.prefix(res, res.Inputs["cidrBlock"])}
		n.subnets = append(n.subnets, s)
		add(r.subnets, s, res.Name)
	}
}

func (r *reader) routeTable(res *manifest.Resource) {
	if n := find(r, r.networks, res, "VPC", res.Inputs["vpcId"]); n != nil {
		t := &table{name: res.Name}
		n.tables = append(n.tables, t)
		r.owner[t] = n
		add(r.tables, t, res.Name)
	}
}

func (r *reader) routeTableAssociation(res *manifest.Resource) {
	s := find(r, r.subnets, res, "subnet", res.Inputs["subnetId"])
	t := find(r, r.tables, res, "route table", res.Inputs["routeTableId"])
	if s != nil && t != nil {
		s.table = t
	}
}

func (r *reader) mainRouteTableAssociation(res *manifest.Resource) {
	n := find(r, r.networks, res, "VPC", res.Inputs["vpcId"])
	t := find(r, r.tables, res, "route table", res.Inputs["routeTableId"])
	if n != nil && t != nil {
		n.main, n.unsure = t, false
	}
}

// vpcPeering is down until somebody accepts it.
func (r *reader) vpcPeering(res *manifest.Resource) {
	a := find(r, r.networks, res, "VPC", res.Inputs["vpcId"])
	b := find(r, r.networks, res, "VPC", res.Inputs["peerVpcId"])
	if a != nil && b != nil {
		r.join(&link{name: res.Name, a: end{node: a}, b: end{node: b}, down: !boolean(res, "autoAccept", false)}, res.Name)
	}
}

func (r *reader) vpcPeeringAccepter(res *manifest.Resource) {
	l := find(r, r.links, res, "peering", res.Inputs["vpcPeeringConnectionId"])
	if l != nil {
		l.down = l.down && !boolean(res, "autoAccept", false)
		add(r.links, l, res.Name)
	}
}

// vpcRoute reads one route. What leads to the internet drops: nothing answers there.
func (r *reader) vpcRoute(res *manifest.Resource) {
	t := find(r, r.tables, res, "route table", res.Inputs["routeTableId"])
	if t == nil {
		return
	}
	made := route{to: r.prefix(res, res.Inputs["destinationCidrBlock"])}
	switch {
	case res.Has("vpcPeeringConnectionId"):
		made.target = r.linkTarget(res, r.key(res.Inputs["vpcPeeringConnectionId"]))
	case res.Has("networkInterfaceId"):
		made = r.route(res.Name, made.to, r.key(res.Inputs["networkInterfaceId"]))
	case res.Has("transitGatewayId"):
		router := find(r, r.routers, res, "transit gateway", res.Inputs["transitGatewayId"])
		if l := r.attachment(r.owner[t], router); l != nil {
			made.target = l
		} else {
			r.fail("%s: the table's VPC is not attached to the transit gateway", res.Name)
		}
	case res.Has("gatewayId"):
		key := r.key(res.Inputs["gatewayId"])
		if l := r.vpn(r.owner[t], key); l != nil {
			made.target = l
		} else if gateway := r.view.Named(key); !strings.HasPrefix(key, "igw-") && (gateway == nil || gateway.Type != "aws:ec2/internetGateway:InternetGateway") {
			r.fail("%s: the world holds no gateway %q", res.Name, key)
		}
	case !res.Has("natGatewayId"):
		r.fail("%s: the route leads nowhere", res.Name)
	}
	t.routes = append(t.routes, made)
}

func (r *reader) linkTarget(res *manifest.Resource, key string) any {
	if l := r.links[key]; l != nil {
		return l
	}
	r.fail("%s: the world holds no connection %q", res.Name, key)
	return nil
}

// attachment is the link between a network and a router.
func (r *reader) attachment(n *network, t *router) *link {
	for _, l := range r.bp.links {
		if n != nil && t != nil && l.at(n) != nil && l.at(t) != nil {
			return l
		}
	}
	return nil
}

// vpn is a network's VPN whose gateway has that id, or its only one.
func (r *reader) vpn(n *network, key string) *link {
	if l := r.links[key]; l != nil && n != nil && l.at(n) != nil {
		return l
	}
	if !strings.HasPrefix(key, "vgw-") || n == nil {
		return nil
	}
	var found *link
	for _, l := range r.bp.links {
		if e := l.at(n); e != nil && e.propagates {
			if found != nil {
				return nil
			}
			found = l
		}
	}
	return found
}
