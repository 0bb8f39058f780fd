package lab

import (
	"net/netip"
	"os"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
)

// needLab skips where no lab can be built, and takes leftovers away.
func needLab(t testing.TB) {
	t.Helper()
	if testing.Short() {
		t.Skip("builds network namespaces: not in short mode")
	}
	if runtime.GOOS != "linux" || os.Geteuid() != 0 {
		t.Skip("builds network namespaces: needs root on Linux")
	}
	if err := Usable(); err != nil {
		t.Fatal(err)
	}
	sweep.Do(func() {
		if err := Sweep(); err != nil {
			t.Fatal(err)
		}
	})
}

// sweep takes leftovers away once.
var sweep sync.Once

// world collects resources; short forms keep the tests readable.
type world struct {
	World
	hosts []Host
}

type in = map[string]any

func newWorld() *world { return &world{World: World{Manifest: &manifest.Manifest{}}} }

func (w *world) add(token, name string, inputs in) *world {
	w.Manifest.Resources = append(w.Manifest.Resources, manifest.Resource{Type: token, Name: name, Inputs: inputs, Provider: "p"})
	return w
}

func (w *world) drop(name string) *world {
	before := len(w.Manifest.Resources)
	w.Manifest.Resources = slices.DeleteFunc(w.Manifest.Resources, func(r manifest.Resource) bool { return r.Name == name })
	if len(w.Manifest.Resources) == before {
		panic("nothing is called " + name)
	}
	return w
}

func (w *world) inputs(name string) in {
	for _, r := range w.Manifest.Resources {
		if r.Name == name {
			return r.Inputs
		}
	}
	panic("nothing is called " + name)
}

func (w *world) vpc(name, cidr, subnet string) *world {
	return w.add("aws:ec2/vpc:Vpc", name, in{"cidrBlock": cidr, "enableDnsSupport": true, "enableDnsHostnames": true}).
		add("aws:ec2/subnet:Subnet", name+"_subnet", in{"vpcId": "${" + name + ".id}", "cidrBlock": subnet}).
		add("aws:ec2/routeTable:RouteTable", name+"_table", in{"vpcId": "${" + name + ".id}"}).
		add("aws:ec2/routeTableAssociation:RouteTableAssociation", name+"_association",
			in{"subnetId": "${" + name + "_subnet.id}", "routeTableId": "${" + name + "_table.id}"})
}

// endpoint puts one at an address of a VPC's subnet, open to everybody.
func (w *world) endpoint(vpc, name, address string, private bool) *world {
	return w.add("aws:ec2/securityGroup:SecurityGroup", name+"_group", in{"vpcId": "${" + vpc + ".id}"}).
		add("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", name+"_open",
			in{"securityGroupId": "${" + name + "_group.id}", "cidrIpv4": "0.0.0.0/0", "ipProtocol": "tcp", "fromPort": 443, "toPort": 443}).
		add("aws:ec2/vpcEndpoint:VpcEndpoint", name, in{
			"vpcId": "${" + vpc + ".id}", "vpcEndpointType": "Interface", "serviceName": "s", "privateDnsEnabled": private,
			"subnetIds": []any{"${" + vpc + "_subnet.id}"}, "securityGroupIds": []any{"${" + name + "_group.id}"},
			"subnetConfigurations": []any{in{"subnetId": "${" + vpc + "_subnet.id}", "ipv4": address}},
		})
}

func (w *world) zone(name, domain, endpoint string, vpcs ...string) *world {
	var list []any
	for _, v := range vpcs {
		list = append(list, in{"vpcId": "${" + v + ".id}"})
	}
	w.add("aws:route53/zone:Zone", name, in{"name": domain, "vpcs": list})
	if endpoint != "" {
		w.add("aws:route53/record:Record", name+"_record", in{
			"zoneId": "${" + name + ".id}", "name": domain, "type": "A",
			"aliases": []any{in{"name": "${" + endpoint + ".dnsEntries[0].dnsName}", "zoneId": "z", "evaluateTargetHealth": false}},
		})
	}
	return w
}

// peer joins two VPCs with an accepted peering and a route each way.
func (w *world) peer(name, a, cidrA, b, cidrB string) *world {
	route := func(from, to string) in {
		return in{"routeTableId": "${" + from + "_table.id}", "destinationCidrBlock": to, "vpcPeeringConnectionId": "${" + name + ".id}"}
	}
	return w.add("aws:ec2/vpcPeeringConnection:VpcPeeringConnection", name, in{"vpcId": "${" + a + ".id}", "peerVpcId": "${" + b + ".id}", "autoAccept": false}).
		add("aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter", name+"_accepter", in{"vpcPeeringConnectionId": "${" + name + ".id}", "autoAccept": true}).
		add("aws:ec2/route:Route", name+"_there", route(a, cidrB)).
		add("aws:ec2/route:Route", name+"_back", route(b, cidrA))
}

func (w *world) name(fqdn, endpoint string, canonical ...string) *world {
	n := plan.Name{FQDN: fqdn, Endpoint: endpoint}
	if len(canonical) > 0 {
		n.Canonical = canonical[0]
	}
	w.Names = append(w.Names, n)
	return w
}

func (w *world) host(node, address string) *world {
	w.hosts = append(w.hosts, at(node, address))
	return w
}

func at(node, address string) Host { return Host{node, netip.MustParseAddr(address)} }

// build builds the world until the test ends.
func (w *world) build(t testing.TB) *Lab {
	t.Helper()
	l, err := Build(t.Context(), w.World, w.hosts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	return l
}

// expect tries a name and holds what was seen against "private endpoint", "private -", "public",
// "nxdomain" or "timeout".
func expect(t *testing.T, l *Lab, from Host, fqdn, want string) {
	t.Helper()
	seen := func(o Observation) string {
		if o.DNS != Private {
			return o.DNS
		}
		if !o.Connected {
			return "private -"
		}
		return "private " + o.Endpoint
	}
	o := l.Try(from, fqdn)
	if seen(o) != want {
		// A loaded machine must not fail the test.
		if o = l.TryWithin(from, fqdn, 3*time.Second); seen(o) != want {
			t.Errorf("%s %s asks for %s: %s, want %s (%v, %v)", from.Node, from.Address, fqdn, seen(o), want, o.Addresses, o.Err)
		}
	}
}

const api = "api.example.net"

func sameVPC() *world {
	return newWorld().vpc("hub", "10.0.0.0/16", "10.0.1.0/24").endpoint("hub", "endpoint", "10.0.1.10", true).
		name(api, "endpoint").host("hub", "10.0.1.20")
}

func TestSameVPC(t *testing.T) {
	needLab(t)
	l := sameVPC().build(t)
	expect(t, l, at("hub", "10.0.1.20"), api, "private endpoint")
	expect(t, l, at("hub", "10.0.1.20"), "other.example.net", "public")
}

const spokeHost = "10.1.1.20"

func peered() *world {
	return newWorld().vpc("hub", "10.0.0.0/16", "10.0.1.0/24").vpc("spoke", "10.1.0.0/16", "10.1.1.0/24").
		endpoint("hub", "endpoint", "10.0.1.10", false).peer("peering", "hub", "10.0.0.0/16", "spoke", "10.1.0.0/16").
		zone("zone", api, "endpoint", "hub", "spoke").name(api, "endpoint").host("spoke", spokeHost)
}

func TestPeered(t *testing.T) {
	needLab(t)
	expect(t, peered().build(t), at("spoke", spokeHost), api, "private endpoint")
}
