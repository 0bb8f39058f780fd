package export_test

import (
	"bytes"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/internal/export"
)

var (
	private  = netip.MustParseAddr("192.168.0.20")
	resolver = netip.MustParseAddr("192.168.0.250")
)

func forwards(domains ...string) export.Input {
	in := sample
	in.ForwardTo, in.Unknown = "hub", nil
	for _, d := range domains {
		in.Forwards = append(in.Forwards, plan.Forward{Domain: d, Servers: []netip.Addr{resolver, netip.MustParseAddr("192.168.1.10")}})
	}
	return in
}

func TestForwards(t *testing.T) {
	want := `# Written by obslink for stack "prod", site "home". Changes made here are lost.
# plan sha256:abc
# The site's DNS server forwards to network "hub" (sites.home.dns.forwardTo).
server:
    domain-insecure: "metrics.agent.datadoghq.com."
    private-domain: "metrics.agent.datadoghq.com."
forward-zone:
    name: "metrics.agent.datadoghq.com."
    forward-addr: 192.168.0.250
    forward-addr: 192.168.1.10
`
	if got := write(t, "unbound", forwards("metrics.agent.datadoghq.com")); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if hosts := write(t, "hosts", forwards()); !strings.Contains(hosts, "for hosts that do not") || !strings.Contains(hosts, "\n192.168.0.20 metrics.agent.datadoghq.com ") {
		t.Errorf("hosts does not say what it is for, or lacks the names:\n%s", hosts)
	}
	unbound, _ := export.Find("unbound")
	for _, bad := range []plan.Forward{
		{Domain: "a.example\"\nserver:", Servers: []netip.Addr{resolver}}, {Domain: "", Servers: []netip.Addr{resolver}},
		{Domain: "a.example"}, {Domain: "a.example", Servers: []netip.Addr{{}}}, {Domain: "a.example", Servers: []netip.Addr{netip.MustParseAddr("fe80::1%x")}},
	} {
		in := forwards()
		in.Forwards = []plan.Forward{bad}
		var b bytes.Buffer
		if err := unbound.Write(&b, in); err == nil || b.Len() > 0 {
			t.Errorf("%+v: %v\n%s", bad, err, &b)
		}
	}
}

// strict is what a careful person has in Unbound already: private addresses are stripped from answers,
// and what lies below a signed domain must be signed.
const strict = `server:
    private-address: 192.168.0.0/16
    trust-anchor: "datadoghq.com. DS 12345 8 2 0123456789012345678901234567890123456789012345678901234567890123"
    trust-anchor: "azure.com. DS 12345 8 2 0123456789012345678901234567890123456789012345678901234567890123"
`

// TestRealUnboundForwards runs Unbound with the exported file, with a network's resolver where the file
// says, and asks it: forwarded names get the resolver's answers, whichever way public DNS leads to them,
// and every other name is asked for as if the file were not there.
func TestRealUnboundForwards(t *testing.T) {
	port := cloudDNS(t)
	conf := write(t, "unbound", forwards("metrics.agent.datadoghq.com", "monitor.azure.com"))
	conf = strings.ReplaceAll(conf, "forward-addr: 192.168.1.10\n", "\n")
	conf = strings.ReplaceAll(conf, resolver.String(), fmt.Sprintf("127.0.0.1@%d", port))
	server := startUnbound(t, strict+conf)
	for _, name := range []string{
		"metrics.agent.datadoghq.com", "api.monitor.azure.com", "x.handler.control.monitor.azure.com",
		"7-71-0-app.agent.example.org", // public DNS points it at metrics.agent.datadoghq.com, and answers that too
		"api.loganalytics.example",     // and this one at api.monitor.azure.com
	} {
		if got := ask(t, server, name, dns.TypeA); !slices.Equal(got.addresses, []netip.Addr{private}) {
			t.Errorf("A %s: got %+v, want %s", name, got, private)
		}
	}
	for _, name := range []string{"loganalytics.example", "agent.example.org", "example.org"} {
		if got := ask(t, server, name, dns.TypeA); !slices.Equal(got.addresses, []netip.Addr{publicA}) {
			t.Errorf("A %s: got %+v, want the public answer", name, got)
		}
	}
	for _, option := range []string{"domain-insecure", "private-domain"} {
		careless := startUnbound(t, strict+strings.ReplaceAll(conf, "    "+option, "    #"))
		if got := ask(t, careless, "metrics.agent.datadoghq.com", dns.TypeA); len(got.addresses) > 0 {
			t.Errorf("without %s the name is answered all the same: it is not needed", option)
		}
	}
}

// cloudDNS is a network's own resolver: what it is asked for has a private address, at the end of a
// chain of names where Azure has one.
func cloudDNS(t *testing.T) int {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &dns.Server{PacketConn: conn, Handler: dns.HandlerFunc(func(w dns.ResponseWriter, q *dns.Msg) {
		r := new(dns.Msg).SetReply(q)
		name := q.Question[0].Name
		if host, ok := strings.CutSuffix(name, ".monitor.azure.com."); ok && !strings.HasSuffix(host, ".privatelink") {
			target := host + ".privatelink.monitor.azure.com."
			r.Answer = append(r.Answer, &dns.CNAME{Hdr: dns.RR_Header{Name: name, Rrtype: dns.TypeCNAME, Class: dns.ClassINET, Ttl: 30}, Target: target})
			name = target
		}
		if q.Question[0].Qtype == dns.TypeA {
			r.Answer = append(r.Answer, &dns.A{Hdr: dns.RR_Header{Name: name, Rrtype: dns.TypeA, Class: dns.ClassINET, Ttl: 30}, A: private.AsSlice()})
		}
		_ = w.WriteMsg(r)
	})}
	go func() { _ = server.ActivateAndServe() }()
	t.Cleanup(func() { _ = server.Shutdown() })
	return conn.LocalAddr().(*net.UDPAddr).Port
}
