package truth

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/obslink/obslink/compiler/plan"
)

// vpc is a network of either cloud while the world is made.
type vpc struct {
	key      string
	id       string // reference or cloud id
	provider string
	account  string
	region   string
	existing bool
	azure    bool
	group    string // the resource group, in Azure
	name     string // in Azure
	number   int
	cidr     netip.Prefix
	subnets  []*subnet
	tables   []*table
	// ruled networks ask another one's resolver.
	ruled bool
}

type subnet struct {
	key, id string
	cidr    netip.Prefix
	table   *table
}

// table is a route table; declared is its name in the declarations.
type table struct{ name, id string }

const (
	accountA = "111111111111"
	accountB = "222222222222"
)

// aws makes the AWS half of a world: networks, what joins them, sites, endpoints and names.
func (m *maker) aws() {
	for range 1 + m.Intn(4) {
		m.vpc()
	}
	m.transit()
	for range m.Intn(3) {
		m.site()
	}
	for i := range 1 + m.Intn(6)/5 {
		if i < len(m.vpcs) {
			m.hub(m.vpcs[i])
		}
	}
	for _, v := range m.vpcs {
		if v.existing && m.chance(25) {
			m.clientGroup(v)
		}
	}
}

// vpc makes a network with subnets and route tables, created or existing.
func (m *maker) vpc() *vpc {
	n := len(m.vpcs) + 1
	v := &vpc{
		key: string(rune('a' + n - 1)), number: n, cidr: prefix("10.%d.0.0/16", n), existing: m.chance(45),
		account: accountA, region: pick(m, []string{"us-east-1", "ap-southeast-2"}),
	}
	if n > 1 && m.chance(50) {
		v.region = m.vpcs[0].region
	}
	if m.chance(20) {
		v.account = accountB
	}
	v.provider = m.provider("aws", v.account, v.region)
	m.vpcs = append(m.vpcs, v)
	if v.existing {
		m.existingVPC(v)
	} else {
		m.createdVPC(v)
	}
	return v
}

func (m *maker) createdVPC(v *vpc) {
	name := "vpc_" + v.key
	v.id = m.add("aws:ec2/vpc:Vpc", name, v.provider, map[string]any{
		"cidrBlock": v.cidr.String(), "enableDnsHostnames": true, "enableDnsSupport": true,
	})
	declared := plan.Network{Name: v.key, Ref: plan.Ref{Part: name}, Origin: origin("networks", v.key)}
	for i := range 1 + m.Intn(2) {
		t := &table{name: fmt.Sprintf("routetable_%s_%d", v.key, i)}
		t.id = m.add("aws:ec2/routeTable:RouteTable", t.name, v.provider, map[string]any{"vpcId": v.id})
		v.tables = append(v.tables, t)
	}
	main := m.chance(30)
	if main {
		m.add("aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation", "main_"+v.key, v.provider, map[string]any{
			"vpcId": v.id, "routeTableId": v.tables[0].id,
		})
	}
	for i := range 1 + m.Intn(3) {
		s, part := m.createdSubnet(v, i)
		if s.table = pick(m, v.tables); main && m.chance(60) {
			s.table = v.tables[0] // as the main table
		} else {
			m.associate(v, s)
		}
		declared.Subnets = append(declared.Subnets, plan.Subnet{Name: s.key, Ref: plan.Ref{Part: part}, Origin: origin("networks", v.key, "subnets", s.key)})
	}
	m.w.Declared.Networks = append(m.w.Declared.Networks, declared)
}

func (m *maker) createdSubnet(v *vpc, i int) (*subnet, string) {
	s := &subnet{key: fmt.Sprintf("s%d", i), cidr: prefix("10.%d.%d.0/24", v.number, i)}
	name := "subnet_" + v.key + "_" + s.key
	s.id = m.add("aws:ec2/subnet:Subnet", name, v.provider, map[string]any{"vpcId": v.id, "cidrBlock": s.cidr.String()})
	v.subnets = append(v.subnets, s)
	return s, name
}

func (m *maker) associate(v *vpc, s *subnet) {
	m.add("aws:ec2/routeTableAssociation:RouteTableAssociation", "routetableassociation_"+v.key+"_"+s.key, v.provider, map[string]any{
		"subnetId": s.id, "routeTableId": s.table.id,
	})
}

func (m *maker) existingVPC(v *vpc) {
	v.id = "vpc-0" + v.key
	declared := plan.Network{
		Name: v.key, Ref: plan.Ref{Existing: v.id}, CIDRs: []netip.Prefix{v.cidr}, DNSAttributes: true, Origin: origin("networks", v.key),
	}
	for i := range 1 + m.Intn(2) {
		t := &table{name: fmt.Sprintf("existing_%s_t%d", v.key, i), id: fmt.Sprintf("rtb-%s%d", v.key, i)}
		v.tables = append(v.tables, t)
		declared.RouteTables = append(declared.RouteTables, plan.RouteTable{Name: t.name, Ref: plan.Ref{Existing: t.id}})
	}
	for i := range 1 + m.Intn(3) {
		at := origin("networks", v.key, "subnets", fmt.Sprintf("s%d", i))
		if m.chance(25) { // created inside the existing network
			s, part := m.createdSubnet(v, i)
			s.table = pick(m, v.tables)
			m.associate(v, s)
			declared.Subnets = append(declared.Subnets, plan.Subnet{Name: s.key, Ref: plan.Ref{Part: part}, Origin: at})
			continue
		}
		s := &subnet{key: fmt.Sprintf("s%d", i), id: fmt.Sprintf("subnet-%s%d", v.key, i), cidr: prefix("10.%d.%d.0/24", v.number, i), table: pick(m, v.tables)}
		v.subnets = append(v.subnets, s)
		declared.Subnets = append(declared.Subnets, plan.Subnet{
			Name: s.key, Ref: plan.Ref{Existing: s.id}, CIDR: s.cidr, RouteTable: s.table.name, Origin: at,
		})
	}
	m.w.Declared.Networks = append(m.w.Declared.Networks, declared)
}

// declared is what is declared of a network.
func (m *maker) declared(v *vpc) *plan.Network {
	i := slices.IndexFunc(m.w.Declared.Networks, func(n plan.Network) bool { return n.Name == v.key })
	return &m.w.Declared.Networks[i]
}

// route adds a route to every table of a network: field is the input that names the target.
func (m *maker) route(v *vpc, to netip.Prefix, field, target string, after ...string) {
	for _, t := range v.tables {
		name := "route_" + v.key + "_" + t.name + "_" + slug(to)
		if m.has(name) {
			continue
		}
		m.add("aws:ec2/route:Route", name, v.provider, map[string]any{
			"routeTableId": t.id, "destinationCidrBlock": to.String(), field: target,
		})
		m.last().DependsOn = after
	}
}

func (m *maker) has(name string) bool {
	for i := range m.w.Manifest.Resources {
		if m.w.Manifest.Resources[i].Name == name {
			return true
		}
	}
	return false
}

// peer joins two networks with routes on both sides.
func (m *maker) peer(a, b *vpc) {
	if m.peered[a.key+b.key] || a == b {
		return
	}
	m.peered[a.key+b.key], m.peered[b.key+a.key] = true, true
	pair := a.key + "_" + b.key
	if m.chance(20) {
		id := m.peeringThere(a, b)
		m.route(a, b.cidr, "vpcPeeringConnectionId", id)
		m.route(b, a.cidr, "vpcPeeringConnectionId", id)
		return
	}
	id := m.add("aws:ec2/vpcPeeringConnection:VpcPeeringConnection", "peering_"+pair, a.provider, map[string]any{
		"vpcId": a.id, "peerVpcId": b.id, "peerRegion": b.region, "peerOwnerId": b.account, "autoAccept": false,
	})
	accepter := "peeringaccepter_" + pair
	m.add("aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter", accepter, b.provider, map[string]any{
		"vpcPeeringConnectionId": id, "autoAccept": true,
	})
	m.route(a, b.cidr, "vpcPeeringConnectionId", id, accepter)
	m.route(b, a.cidr, "vpcPeeringConnectionId", id, accepter)
}

// clientRule begins the names of rules that let a group of servers out.
const clientRule = "clientegress_"

// clientGroup declares a group of servers of an existing network with what lets them out.
func (m *maker) clientGroup(v *vpc) {
	if v.ruled {
		return // what stands before servers does not stand before the resolver
	}
	s := pick(m, v.subnets)
	name := "client_" + v.key + "_app"
	group := plan.Client{Name: "app", CIDR: s.cidr, Filter: name, Origin: origin("networks", v.key, "clients.app")}
	if m.chance(40) {
		group.CIDR = netip.PrefixFrom(inSubnet(s.cidr, 128), 25)
	}
	filter := plan.Filter{Name: name, Ref: plan.Ref{Existing: name}, Origin: group.Origin}
	// Half of the groups let nothing out by themselves: rules of the manifest do.
	managed := m.chance(50)
	if managed {
		group.SecurityGroup = "sg-client-" + v.key
	}
	for _, h := range m.hubs {
		if !managed {
			filter.Egress = append(filter.Egress, plan.Rule{Prefix: h.vpc.cidr, Ports: plan.AllPorts, Origin: group.Origin})
			continue
		}
		m.add("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", clientRule+v.key+"_"+h.vpc.key, v.provider, map[string]any{
			"securityGroupId": group.SecurityGroup, "cidrIpv4": h.vpc.cidr.String(), "ipProtocol": "tcp", "fromPort": 443, "toPort": 443,
		})
	}
	n := m.declared(v)
	n.Clients = append(n.Clients, group)
	m.w.Declared.Filters = append(m.w.Declared.Filters, filter)
}
