package prove_test

import (
	"fmt"
	"net/netip"
	"runtime"
	"testing"
	"time"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/prove"
)

func at(path string) plan.Origin {
	return plan.Origin{Path: path, Pos: diag.Pos{File: "t.cue", Line: 1, Column: 1}}
}

func prefix(s string) netip.Prefix { return netip.MustParsePrefix(s) }

// hub is a network with ten endpoints, joined to n peered networks and n sites with tunnels; each of
// them is linked to every name.
func hub(n int) *plan.Plan {
	p := &plan.Plan{}
	g := &p.Graph
	center := plan.Network{
		Name: "hub", Ref: plan.Ref{Part: "hub"}, CIDRs: []netip.Prefix{prefix("192.168.0.0/16")}, DNSAttributes: true, Origin: at("networks.hub"),
		Subnets:     []plan.Subnet{{Name: "endpoints", CIDR: prefix("192.168.0.0/20"), RouteTable: "hub", Origin: at("networks.hub.subnets.endpoints")}, {Name: "gateway", CIDR: prefix("192.168.16.0/24"), RouteTable: "hub"}},
		RouteTables: []plan.RouteTable{{Name: "hub"}},
	}
	admit := plan.Filter{Name: "sg", Origin: at("backends.dd")}
	var clients []string
	for i := range n {
		name := fmt.Sprintf("net%04d", i)
		cidr := netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(i / 250), byte(i % 250), 0}), 24)
		half := netip.PrefixFrom(cidr.Addr(), 25)
		clients = append(clients, name)
		g.Networks = append(g.Networks, plan.Network{
			Name: name, Ref: plan.Ref{Existing: "vpc-" + name}, CIDRs: []netip.Prefix{cidr}, DNSAttributes: true, Origin: at("networks." + name),
			Subnets:     []plan.Subnet{{Name: "a", CIDR: half, RouteTable: "private", Origin: at("networks." + name + ".subnets.a")}},
			RouteTables: []plan.RouteTable{{Name: "private", Routes: []plan.Route{{Destination: prefix("192.168.0.0/20"), Target: "peer" + name}}}},
		})
		g.Connections = append(g.Connections, plan.Connection{Name: "peer" + name, Kind: plan.KindPeering, A: plan.End{Node: name}, B: plan.End{Node: "hub"}, Origin: at("links." + name)})
		center.RouteTables[0].Routes = append(center.RouteTables[0].Routes, plan.Route{Destination: cidr, Target: "peer" + name})
		admit.Ingress = append(admit.Ingress, plan.Rule{Prefix: cidr, Ports: [2]int{443, 443}})
	}
	for i := range n {
		name := fmt.Sprintf("site%04d", i)
		cidr := netip.PrefixFrom(netip.AddrFrom4([4]byte{172, byte(16 + i/250), byte(i % 250), 0}), 24)
		clients = append(clients, name)
		g.Sites = append(g.Sites, plan.Site{Name: name, CIDRs: []netip.Prefix{cidr}, DNS: plan.DNS{Mode: plan.DNSExported}, Origin: at("sites." + name)})
		g.Connections = append(g.Connections, plan.Connection{
			Name: "tunnel" + name, Kind: plan.KindWireGuard, Origin: at("sites." + name + ".wireguard.network"),
			A: plan.End{Node: name, Allowed: []netip.Prefix{prefix("192.168.0.0/20")}, Origin: at("sites." + name + ".wireguard")},
			B: plan.End{Node: "hub", Gateway: netip.MustParseAddr("192.168.16.4"), Allowed: []netip.Prefix{cidr}, Origin: at("sites." + name + ".wireguard.gateway")},
		})
		center.RouteTables[0].Routes = append(center.RouteTables[0].Routes, plan.Route{Destination: cidr, Target: "tunnel" + name})
		admit.Ingress = append(admit.Ingress, plan.Rule{Prefix: cidr, Ports: [2]int{443, 443}})
	}
	g.Networks = append(g.Networks, center)
	g.Filters = []plan.Filter{admit}
	tenNames(p, clients, append([]string{"hub"}, clients[:n]...))
	return p
}

// routed is a router with n attached networks, one of which has the endpoints.
func routed(n int) *plan.Plan {
	p := &plan.Plan{}
	g := &p.Graph
	r := plan.Router{Name: "tgw", RouteTables: []plan.RouteTable{{Name: "main", Routes: []plan.Route{{Destination: prefix("192.168.0.0/16"), Target: "attach-hub"}}}}}
	attach := func(name string) {
		g.Connections = append(g.Connections, plan.Connection{Name: "attach-" + name, Kind: plan.KindAttachment, A: plan.End{Node: name}, B: plan.End{Node: "tgw", Table: "main"}})
	}
	center := plan.Network{
		Name: "hub", Ref: plan.Ref{Part: "hub"}, CIDRs: []netip.Prefix{prefix("192.168.0.0/16")}, DNSAttributes: true,
		Subnets:     []plan.Subnet{{Name: "endpoints", CIDR: prefix("192.168.0.0/20"), RouteTable: "hub"}},
		RouteTables: []plan.RouteTable{{Name: "hub", Routes: []plan.Route{{Destination: prefix("10.0.0.0/8"), Target: "attach-hub"}}}},
	}
	admit := plan.Filter{Name: "sg", Ingress: []plan.Rule{{Prefix: prefix("10.0.0.0/8"), Ports: [2]int{443, 443}}}}
	var clients []string
	for i := range n {
		name := fmt.Sprintf("net%04d", i)
		cidr := netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(i / 250), byte(i % 250), 0}), 24)
		clients = append(clients, name)
		g.Networks = append(g.Networks, plan.Network{
			Name: name, Ref: plan.Ref{Part: name}, CIDRs: []netip.Prefix{cidr}, DNSAttributes: true,
			Subnets:     []plan.Subnet{{Name: "a", CIDR: cidr, RouteTable: "a"}},
			RouteTables: []plan.RouteTable{{Name: "a", Routes: []plan.Route{{Destination: prefix("192.168.0.0/16"), Target: "attach-" + name}}}},
		})
		attach(name)
		r.RouteTables[0].Routes = append(r.RouteTables[0].Routes, plan.Route{Destination: cidr, Target: "attach-" + name})
	}
	attach("hub")
	g.Networks, g.Routers, g.Filters = append(g.Networks, center), []plan.Router{r}, []plan.Filter{admit}
	tenNames(p, clients, append([]string{"hub"}, clients...))
	return p
}

// severed is a hub that lets nobody in, whose clients all make mistakes of their own too.
func severed(n int) *plan.Plan {
	p := hub(n)
	p.Graph.Filters[0].Ingress = nil
	for i := range p.Graph.Connections {
		if c := &p.Graph.Connections[i]; c.Kind == plan.KindWireGuard {
			c.A.Allowed = nil
		}
	}
	return p
}

func tenNames(p *plan.Plan, clients, seers []string) {
	for i := range 10 {
		name := fmt.Sprintf("endpoint%d", i)
		fqdn := fmt.Sprintf("intake%d.agent.example.com", i)
		p.Graph.Endpoints = append(p.Graph.Endpoints, plan.Endpoint{Name: name, Network: "hub", Subnet: "endpoints", Addresses: []netip.Addr{netip.AddrFrom4([4]byte{192, 168, 0, byte(10 + i)})}, Filters: []string{"sg"}})
		p.Graph.Zones = append(p.Graph.Zones, plan.Zone{Name: fqdn, Networks: seers, Records: []plan.Record{{Name: fqdn, Endpoint: name}}})
		p.Names = append(p.Names, plan.Name{FQDN: fqdn, Backend: "dd", Endpoint: name, Zone: fqdn, Clients: clients})
	}
	for _, c := range clients {
		p.Links = append(p.Links, plan.Link{Name: "l-" + c, From: c, To: "dd", Network: "hub", Origin: at("links." + c)})
	}
}

func BenchmarkPlan(b *testing.B) {
	for _, shape := range []struct {
		name   string
		make   func(int) *plan.Plan
		each   int
		broken int
	}{{"hub", hub, 20, 0}, {"router", routed, 10, 0}, {"broken", severed, 20, 20}} {
		for _, n := range []int{10, 100, 1000} {
			b.Run(fmt.Sprintf("%s/%d", shape.name, n), func(b *testing.B) {
				p := shape.make(n)
				b.ReportAllocs()
				for b.Loop() {
					proof := prove.Plan(p)
					if proof.Pairs != shape.each*n || proof.Broken != shape.broken*n {
						b.Fatalf("%d pairs, %d broken: %v", proof.Pairs, proof.Broken, proof.Found)
					}
				}
			})
		}
	}
}

// The figures to hold: 20,000 pairs in a second on two cores; the benchmark measures more closely.
func TestThousandNetworksAndSites(t *testing.T) {
	p := hub(1000)
	runtime.GC()
	start := time.Now()
	proof := prove.Plan(p)
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("took %v", took)
	}
	if proof.Pairs != 20000 || proof.Broken > 0 || proof.Assumed != 10000 || proof.Proved != 10000 {
		t.Errorf("%+v", proof)
	}
}

// Work grows with the plan: four times the nodes take four times the memory, not sixteen.
func TestGrowth(t *testing.T) {
	for name, shape := range map[string]func(int) *plan.Plan{"hub": hub, "router": routed, "severed": severed} {
		work := func(n int) float64 {
			p := shape(n)
			return testing.AllocsPerRun(1, func() { prove.Plan(p) })
		}
		if small, large := work(50), work(200); large > 4.4*small {
			t.Errorf("%s: %.0f allocations for 50 nodes, %.0f for 200", name, small, large)
		}
	}
}
