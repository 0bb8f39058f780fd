package model_test

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/obslink/obslink/compiler/model"
	"github.com/obslink/obslink/compiler/plan"
)

func texts(all []model.Assumption) []string {
	var s []string
	for _, a := range all {
		s = append(s, a.Text)
	}
	return s
}

// What is not declared of existing networks is assumed, and only that.
func TestAssumptions(t *testing.T) {
	outside := model.Host{Node: "tokyo", Address: addr("10.0.9.9")}
	for _, c := range []struct {
		name   string
		from   model.Host
		change func(g *plan.Graph)
		want   []string // parts of the assumptions, in their order; each has a Declare
	}{
		{"declared client in a declared subnet", web, func(*plan.Graph) {}, nil},
		{"outside of the declared clients and subnets", outside, func(*plan.Graph) {}, []string{
			`network ACLs of existing network "tokyo" let its servers out to 443`, `the servers of network "tokyo" use route table "private"`,
		}},
		{"subnet without table", web, func(g *plan.Graph) { g.Networks[2].Subnets[0].RouteTable = "" }, []string{
			`subnet "web" of network "tokyo" uses route table "private"`,
		}},
		{"one table of two works", web, func(g *plan.Graph) {
			g.Networks[2].Subnets[0].RouteTable = ""
			g.Networks[2].RouteTables = append(g.Networks[2].RouteTables, plan.RouteTable{Name: "existing_tokyo_empty"})
		}, []string{`uses route table "private" and not route table "empty"`}},
		{"both tables work", web, func(g *plan.Graph) {
			g.Networks[2].Subnets[0].RouteTable = ""
			g.Networks[2].RouteTables = append(g.Networks[2].RouteTables, plan.RouteTable{Name: "b", Routes: g.Networks[2].RouteTables[0].Routes})
		}, []string{`uses route tables "b", "private"`}},
		{"the endpoint's table", web, func(g *plan.Graph) { g.Networks[0].Subnets[0].RouteTable = "" }, []string{
			`subnet "endpoints" of network "hub" uses route table "hub"`,
		}},
		{"the gateway's table", home, func(g *plan.Graph) {
			behindTokyo(g)
			g.Connections[3].B.SNAT, g.Networks[0].RouteTables[0].Routes[1].Target = true, "peer"
			g.Filters[0].Ingress = append(g.Filters[0].Ingress, rule("10.0.2.4/32", 443, 443))
		}, []string{`the gateway of site "home" in network "tokyo" uses route table "private"`}},
		{"connection on trust", home, func(g *plan.Graph) { g.Connections[3].Assumed = "it carries what is needed" }, []string{"it carries what is needed"}},
		{"inside one network nothing about tables", model.Host{Node: "hub", Address: addr("192.168.99.9")}, func(g *plan.Graph) {
			g.Filters[0].Ingress = []plan.Rule{rule(allTCP, 443, 443)}
			g.Endpoints[0].Subnet, g.Networks[0].Subnets = "", nil
		}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			g, names := world()
			c.change(g)
			b, assumed, _ := try(t, g, names, c.from)
			if b != nil {
				t.Fatalf("%s: %s", b.Reason, b.Text)
			}
			got := texts(assumed)
			if len(got) != len(c.want) {
				t.Fatalf("got %q, want %q", got, c.want)
			}
			for i := range got {
				if !strings.Contains(got[i], c.want[i]) {
					t.Errorf("got %q, want %q", got[i], c.want[i])
				}
				if assumed[i].Declare == "" {
					t.Errorf("%q says nothing of what to declare", got[i])
				}
			}
		})
	}
}

// What works, works: ways through gateways that translate, VPNs, routers and overlaps of no account.
func TestWaysThatHold(t *testing.T) {
	for _, c := range []struct {
		name   string
		from   model.Host
		change func(g *plan.Graph)
	}{
		{"gateway that translates", home, func(g *plan.Graph) {
			g.Connections[3].B.SNAT = true
			g.Filters[0].Ingress = []plan.Rule{rule("192.168.16.4/32", 443, 443)}
			g.Networks[0].RouteTables[0].Routes = nil
		}},
		{"site behind a router, translated", home, func(g *plan.Graph) {
			behindSpoke(g)
			g.Connections[3].B.SNAT = true
		}},
		{"VPN without lists", home, func(g *plan.Graph) {
			g.Connections[3].Kind, g.Connections[3].A.Allowed = plan.KindVPN, nil
			g.Connections[3].B = plan.End{Node: "hub"}
		}},
		{"VPN whose gateway announces the site", home, func(g *plan.Graph) {
			g.Connections[3].Kind, g.Connections[3].B.Gateway = plan.KindVPN, netip.Addr{}
			g.Networks[0].RouteTables[0].Routes = nil
		}},
		{"VPN into a network without tables", home, func(g *plan.Graph) {
			g.Connections[3].Kind, g.Connections[3].B.Gateway = plan.KindVPN, netip.Addr{}
			g.Networks[0].RouteTables = nil
			for i := range g.Networks[0].Subnets {
				g.Networks[0].Subnets[i].RouteTable = ""
			}
		}},
		{"site attached to the router", home, func(g *plan.Graph) {
			g.Connections[3] = plan.Connection{Name: "dx", Kind: plan.KindAttachment, A: plan.End{Node: "home"}, B: plan.End{Node: "tgw", Table: "main"}}
			g.Networks[0].RouteTables[0].Routes[1].Target = "attach-hub"
			g.Routers[0].RouteTables[0].Routes = append(g.Routers[0].RouteTables[0].Routes, route("172.16.1.0/24", "dx"))
		}},
		{"more specific route beside a blackhole", web, func(g *plan.Graph) {
			g.Networks[2].RouteTables[0].Routes = append(g.Networks[2].RouteTables[0].Routes, route("192.168.0.0/24", plan.Blackhole), route("192.168.0.0/28", "peer"))
		}},
		{"two routes to one prefix: the first", web, func(g *plan.Graph) {
			g.Networks[2].RouteTables[0].Routes = append(g.Networks[2].RouteTables[0].Routes, route("192.168.0.0/20", plan.Blackhole))
		}},
		{"a route to the network's own CIDR does not count", web, func(g *plan.Graph) {
			g.Networks[0].RouteTables[0].Routes = append(g.Networks[0].RouteTables[0].Routes, route("192.168.0.0/16", plan.Blackhole))
		}},
		{"ACL does not look inside a subnet", model.Host{Node: "hub", Address: addr("192.168.1.1")}, func(g *plan.Graph) {
			hubACL(g, nil, nil)
			g.Filters[0].Ingress = []plan.Rule{rule(allTCP, 443, 443)}
		}},
		{"ACL in two rules that together pass the answers", web, func(g *plan.Graph) {
			deny := rule(allTCP, 0, 1023)
			deny.Deny = true
			g.Filters[2].Ingress = []plan.Rule{deny, rule(allTCP, 32768, 65535), rule("192.168.0.0/16", 500, 40000)}
		}},
		{"stateful subnet filter lets answers pass", web, func(g *plan.Graph) {
			g.Filters[2].Stateless, g.Filters[2].Ingress = false, nil
		}},
		{"the most specific client group counts", web, func(g *plan.Graph) {
			g.Networks[2].Clients = append(g.Networks[2].Clients, plan.Client{Name: "all", CIDR: prefix("10.0.0.0/16"), Filter: "none"})
		}},
		{"overlapping networks that nothing joins", web, func(g *plan.Graph) {
			g.Networks = append(g.Networks, plan.Network{Name: "twin", CIDRs: prefixes("192.168.0.0/16", "10.0.0.0/16")})
		}},
		{"long filter lists", web, func(g *plan.Graph) {
			var rules []plan.Rule
			for i := range 50 {
				deny := plan.Rule{Prefix: netip.PrefixFrom(netip.AddrFrom4([4]byte{10, 0, byte(100 + i), 0}), 24), Ports: plan.AllPorts, Deny: true}
				rules = append(rules, deny)
			}
			g.Filters[0].Ingress = append(rules, rule("10.0.0.0/8", 443, 443))
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			g, names := world()
			c.change(g)
			if b, assumed, _ := try(t, g, names, c.from); b != nil {
				t.Errorf("%s: %s", b.Reason, b.Text)
			} else if len(assumed) > 0 {
				t.Errorf("assumed %q", texts(assumed))
			}
		})
	}
}

// A filter's first rule that matches decides, in a short list and in an indexed one.
func TestFirstRuleDecides(t *testing.T) {
	for _, padding := range []int{0, 40} {
		g, names := world()
		deny := rule("10.0.1.0/24", 443, 443)
		deny.Deny = true
		var rules []plan.Rule
		for i := range padding {
			rules = append(rules, rule(netip.PrefixFrom(netip.AddrFrom4([4]byte{11, byte(i), 0, 0}), 16).String(), 0, 65535))
		}
		g.Filters[0].Ingress = slices.Concat(rules, []plan.Rule{deny, rule("10.0.0.0/8", 443, 443)})
		if b, _, _ := try(t, g, names, web); b == nil || b.Reason != model.FilterIn || b.Culprit != deny.Origin {
			t.Errorf("deny first, %d rules before: %+v", padding, b)
		}
		g.Filters[0].Ingress = slices.Concat(rules, []plan.Rule{rule("10.0.0.0/8", 443, 443), deny})
		if b, _, _ := try(t, g, names, web); b != nil {
			t.Errorf("deny second, %d rules before: %+v", padding, b)
		}
	}
}
