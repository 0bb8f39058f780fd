package aws

import (
	"net/netip"
	"slices"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
)

// vpc fills in a created network. One that nobody declared is a network all the same.
func (l *lifting) vpc(r *manifest.Resource) {
	ref := plan.Ref{Part: r.Name}
	at, declared := l.networks[ref]
	if !declared {
		at = len(l.g.Networks)
		l.networks[ref] = at
		l.g.Networks = append(l.g.Networks, plan.Network{Name: r.Name, Ref: ref})
	}
	n := &l.g.Networks[at]
	// Hostnames are off by default (pulumi-aws 6.83.2, Vpc), and private names need both attributes
	// (AWS PrivateLink User Guide p. 58).
	support, hostnames := l.flag(r, "enableDnsSupport", true), l.flag(r, "enableDnsHostnames", false)
	n.DNSAttributes = support && hostnames
	if cidr, ok := l.Prefix(r, "cidrBlock", r.Inputs["cidrBlock"]); ok {
		n.CIDRs = []netip.Prefix{cidr}
	}
}

func (l *lifting) moreCIDRs(r *manifest.Resource) {
	at, ok := l.network(r, "vpcId", r.Inputs["vpcId"])
	if cidr, fits := l.Prefix(r, "cidrBlock", r.Inputs["cidrBlock"]); ok && fits {
		l.g.Networks[at].CIDRs = append(l.g.Networks[at].CIDRs, cidr)
	}
}

// subnet fills in a created subnet. It must lie in its VPC (EC2: InvalidSubnet.Range).
func (l *lifting) subnet(r *manifest.Resource) {
	at, ok := l.network(r, "vpcId", r.Inputs["vpcId"])
	cidr, fits := l.Prefix(r, "cidrBlock", r.Inputs["cidrBlock"])
	if !ok || !fits {
		return
	}
	ref, n := plan.Ref{Part: r.Name}, &l.g.Networks[at]
	s, declared := l.subnets[ref]
	switch {
	case !declared:
		s = spot{at, len(n.Subnets)}
		l.subnets[ref] = s
		n.Subnets = append(n.Subnets, plan.Subnet{Name: r.Name, Ref: ref})
	case s.at != at:
		l.Problem(r, "vpcId", "is network %q, the subnet is declared in %q", n.Name, l.g.Networks[s.at].Name)
		return
	}
	if !slices.ContainsFunc(n.CIDRs, func(c netip.Prefix) bool { return c.Bits() <= cidr.Bits() && c.Contains(cidr.Addr()) }) {
		l.Problem(r, "cidrBlock", "%s is not in the VPC's %s", cidr, n.CIDRs)
		return
	}
	n.Subnets[s.in].CIDR = cidr
}

func (l *lifting) routeTable(r *manifest.Resource) {
	if at, ok := l.network(r, "vpcId", r.Inputs["vpcId"]); ok {
		l.addTable(at, r.Name, plan.Ref{Part: r.Name})
	}
}

func (l *lifting) addTable(network int, name string, ref plan.Ref) spot {
	n := &l.g.Networks[network]
	s := spot{network, len(n.RouteTables)}
	n.RouteTables = append(n.RouteTables, plan.RouteTable{Name: name, Ref: ref})
	l.tables[ref] = s
	return s
}

// builtIn is the table that AWS makes with a VPC: it is the main one until another is chosen, and is
// in the graph only where something uses it.
func (l *lifting) builtIn(network int) spot {
	n := &l.g.Networks[network]
	ref := plan.Ref{Part: n.Ref.Part + ".mainRouteTableId"}
	if s, made := l.tables[ref]; made {
		return s
	}
	return l.addTable(network, "main_"+n.Name, ref)
}

func (l *lifting) mainTable(r *manifest.Resource) {
	at, ok := l.network(r, "vpcId", r.Inputs["vpcId"])
	table, found := l.tableOf(r, "routeTableId", r.Inputs["routeTableId"])
	switch {
	case !ok || !found:
	case table.at != at:
		l.Problem(r, "routeTableId", "is of another VPC")
	case l.mains[at] != "":
		l.Problem(r, "vpcId", "has a main route table already")
	default:
		l.mains[at] = l.tableAt(table).Name
	}
}

// tableAssociation gives a subnet its table. A second one is refused (EC2: Resource.AlreadyAssociated).
func (l *lifting) tableAssociation(r *manifest.Resource) {
	at, ok := l.subnetOf(r, "subnetId", r.Inputs["subnetId"])
	table, found := l.tableOf(r, "routeTableId", r.Inputs["routeTableId"])
	if !ok || !found {
		return
	}
	s := l.subnetAt(at)
	switch {
	case table.at != at.at:
		l.Problem(r, "routeTableId", "is of another VPC than the subnet")
	case s.RouteTable != "":
		l.Problem(r, "subnetId", "has the route table %s already", s.RouteTable)
	default:
		s.RouteTable = l.tableAt(table).Name
	}
}

// useMainTables gives every created subnet without table its VPC's main one. An existing subnet may
// have any: nobody declared it.
func (l *lifting) useMainTables() {
	for i := range l.g.Networks {
		for j := range l.g.Networks[i].Subnets {
			s := &l.g.Networks[i].Subnets[j]
			if s.Ref.Part == "" || s.RouteTable != "" || l.View.Named(s.Ref.Part) == nil || l.View.Named(s.Ref.Part).Type != subnetType {
				continue
			}
			if s.RouteTable = l.mains[i]; s.RouteTable == "" && !l.g.Networks[i].Existing() {
				s.RouteTable = l.tableAt(l.builtIn(i)).Name
			}
		}
	}
}
