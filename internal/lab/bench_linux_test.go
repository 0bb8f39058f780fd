package lab

import (
	"net/netip"
	"testing"

	"github.com/obslink/obslink/compiler/plan"
)

// sixNodes is a world of four VPCs, a transit gateway and a site with a tunnel.
func sixNodes() *world {
	w := attached().vpc("far", "10.2.0.0/16", "10.2.1.0/24").peer("peering", "hub", "10.0.0.0/16", "far", "10.2.0.0/16").
		vpc("lone", "10.3.0.0/16", "10.3.1.0/24").host("far", "10.2.1.20").host("lone", "10.3.1.20").host("hub", "10.0.1.20").host("office", "192.168.10.20").
		endpoint("hub", "second", "10.0.1.11", false).
		add("aws:ec2/route:Route", "to_office", in{"routeTableId": "${hub_table.id}", "destinationCidrBlock": "192.168.10.0/24", "networkInterfaceId": "eni-1"})
	w.inputs("zone")["vpcs"] = append(w.inputs("zone")["vpcs"].([]any), in{"vpcId": "${far.id}"})
	w.Declared.Sites = []plan.Site{{Name: "office", CIDRs: prefixes("192.168.10.0/24"), DNS: plan.DNS{Mode: plan.DNSExported}}}
	w.Declared.Connections = []plan.Connection{{
		Name: "tunnel", Kind: plan.KindWireGuard,
		A: plan.End{Node: "office", Allowed: prefixes("10.0.0.0/16")},
		B: plan.End{Node: "hub", Gateway: netip.MustParseAddr("10.0.1.5"), Interface: "eni-1", Allowed: prefixes("192.168.10.0/24")},
	}}
	w.Names[0].Clients = []string{"office"}
	return w
}

func TestSixNodes(t *testing.T) {
	needLab(t)
	l := sixNodes().build(t)
	for host, want := range map[Host]string{
		at("hub", "10.0.1.20"): "private endpoint", at("spoke", spokeHost): "private endpoint", at("far", "10.2.1.20"): "private endpoint",
		at("lone", "10.3.1.20"): "public", office: "private endpoint",
	} {
		expect(t, l, host, api, want)
	}
}

// BenchmarkWorld is one world of six nodes: built, tried by all its clients, taken down.
func BenchmarkWorld(b *testing.B) {
	needLab(b)
	for b.Loop() {
		w := sixNodes()
		l, err := Build(b.Context(), w.World, w.hosts)
		if err != nil {
			b.Fatal(err)
		}
		if err := each(w.hosts, func(h Host) error { l.Try(h, api); return nil }); err != nil {
			b.Fatal(err)
		}
		l.Close()
	}
}
