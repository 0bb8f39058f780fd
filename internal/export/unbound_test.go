package export_test

import (
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"
)

// publicA and publicAAAA are what the public DNS of these tests answers for every name.
var (
	publicA    = netip.MustParseAddr("203.0.113.9")
	publicAAAA = netip.MustParseAddr("2001:db8::9")
)

// TestRealUnbound runs Unbound with the exported file and asks it: the names answer their addresses
// and nothing else, and every other name is asked for upstream as if the file were not there.
func TestRealUnbound(t *testing.T) {
	server := startUnbound(t, write(t, "unbound", sample))

	for name, addresses := range want(sample) {
		if got := ask(t, server, name, dns.TypeA); !slices.Equal(got.addresses, addresses) {
			t.Errorf("A %s: got %v, want %v", name, got.addresses, addresses)
		}
		for _, kind := range []uint16{dns.TypeAAAA, dns.TypeHTTPS, dns.TypeTXT} {
			if got := ask(t, server, name, kind); got.rcode != dns.RcodeSuccess || got.answers > 0 {
				t.Errorf("%s %s: got %d records, %s; want an empty answer", dns.TypeToString[kind], name, got.answers, dns.RcodeToString[got.rcode])
			}
		}
	}
	others := []string{
		"datadoghq.com", "agent.datadoghq.com", "foo.agent.datadoghq.com", "trace.agent.datadoghq.com", // parents and siblings
		"child.metrics.agent.datadoghq.com", "under.api.monitor.azure.com", "x.under.api.monitor.azure.com", // children
		"monitor.azure.com", "global.in.ai.monitor.azure.com", "loganalytics.io", "com",
		"x.ods.opinsights.azure.com", // unknown names are not taken over
	}
	for _, name := range others {
		if got := ask(t, server, name, dns.TypeA); got.authoritative || !slices.Equal(got.addresses, []netip.Addr{publicA}) {
			t.Errorf("A %s: got %+v, want the public answer", name, got)
		}
		if got := ask(t, server, name, dns.TypeAAAA); got.authoritative || !slices.Equal(got.addresses, []netip.Addr{publicAAAA}) {
			t.Errorf("AAAA %s: got %+v, want the public answer", name, got)
		}
	}
}

// TestZoneTypeMatters holds the other zone types against the same questions: were one of them as
// good, the choice of `transparent` would not be tested.
func TestZoneTypeMatters(t *testing.T) {
	leaks := startUnbound(t, strings.ReplaceAll(write(t, "unbound", sample), "transparent", "typetransparent"))
	if got := ask(t, leaks, "metrics.agent.datadoghq.com", dns.TypeAAAA); got.answers == 0 {
		t.Error("typetransparent does not let the public AAAA through: it may be used as well")
	}
	blocks := startUnbound(t, strings.ReplaceAll(write(t, "unbound", sample), "transparent", "static"))
	if got := ask(t, blocks, "child.metrics.agent.datadoghq.com", dns.TypeA); got.rcode != dns.RcodeNameError {
		t.Error("static does not answer NXDOMAIN for children: it may be used as well")
	}
}

// answer is what a DNS server said.
type answer struct {
	rcode         int
	authoritative bool
	answers       int
	addresses     []netip.Addr
}

func ask(t *testing.T, server, name string, kind uint16) answer {
	t.Helper()
	q := new(dns.Msg).SetQuestion(dns.Fqdn(name), kind)
	r, err := dns.Exchange(q, server)
	if err != nil {
		t.Fatalf("%s %s: %v", dns.TypeToString[kind], name, err)
	}
	a := answer{rcode: r.Rcode, authoritative: r.Authoritative, answers: len(r.Answer)}
	for _, rr := range r.Answer {
		if address, ok := netip.AddrFromSlice(recordIP(rr)); ok {
			a.addresses = append(a.addresses, address.Unmap())
		}
	}
	slices.SortFunc(a.addresses, netip.Addr.Compare)
	return a
}

// startUnbound checks the file with unbound-checkconf and runs Unbound with it on a loopback port,
// forwarding to a public DNS of the test's own. It returns its address.
func startUnbound(t *testing.T, conf string) string {
	t.Helper()
	for _, program := range []string{"unbound", "unbound-checkconf"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Fatalf("%v; scripts/deps installs it (Debian: apt-get install unbound)", err)
		}
	}
	dir := t.TempDir()
	port := freePort(t)
	upstream := publicDNS(t)
	exported := filepath.Join(dir, "obslink.conf")
	main := filepath.Join(dir, "unbound.conf")
	writeFile(t, exported, conf)
	writeFile(t, main, fmt.Sprintf(`server:
    interface: 127.0.0.1@%d
    chroot: ""
    username: ""
    directory: %q
    pidfile: ""
    use-syslog: no
    logfile: ""
    module-config: "validator iterator"
    do-not-query-localhost: no
    do-daemonize: no
include: %q
forward-zone:
    name: "."
    forward-addr: 127.0.0.1@%d
remote-control:
    control-enable: no
`, port, dir, exported, upstream))
	if out, err := exec.Command("unbound-checkconf", main).CombinedOutput(); err != nil {
		t.Fatalf("unbound-checkconf: %v\n%s\n%s", err, out, conf)
	}
	cmd := exec.Command("unbound", "-d", "-c", main)
	var log strings.Builder
	cmd.Stderr = &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("unbound said:\n%s", &log)
		}
	})
	server := fmt.Sprintf("127.0.0.1:%d", port)
	q := new(dns.Msg).SetQuestion("ready.example.", dns.TypeA)
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if _, err := dns.Exchange(q, server); err == nil {
			return server
		} else if time.Now().After(deadline) {
			t.Fatalf("unbound does not answer: %v", err)
		}
	}
}

// pointed are names that the public DNS of these tests answers with a CNAME.
var pointed = map[string]string{"7-71-0-app.agent.example.org.": "metrics.agent.datadoghq.com.", "api.loganalytics.example.": "api.monitor.azure.com."}

// publicDNS serves A and AAAA for every name, and returns its port.
func publicDNS(t *testing.T) int {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	handler := dns.HandlerFunc(func(w dns.ResponseWriter, q *dns.Msg) {
		r := new(dns.Msg).SetReply(q)
		head := dns.RR_Header{Name: q.Question[0].Name, Rrtype: q.Question[0].Qtype, Class: dns.ClassINET, Ttl: 30}
		if target := pointed[head.Name]; target != "" {
			r.Answer = append(r.Answer, &dns.CNAME{Hdr: dns.RR_Header{Name: head.Name, Rrtype: dns.TypeCNAME, Class: dns.ClassINET, Ttl: 30}, Target: target})
			head.Name = target // as a recursive server does, it answers to the end of the chain
		}
		switch head.Rrtype {
		case dns.TypeA:
			r.Answer = append(r.Answer, &dns.A{Hdr: head, A: publicA.AsSlice()})
		case dns.TypeAAAA:
			r.Answer = append(r.Answer, &dns.AAAA{Hdr: head, AAAA: publicAAAA.AsSlice()})
		default:
			r.Answer = append(r.Answer, &dns.CNAME{Hdr: dns.RR_Header{Name: head.Name, Rrtype: dns.TypeCNAME, Class: dns.ClassINET, Ttl: 30}, Target: "public.example."})
		}
		_ = w.WriteMsg(r)
	})
	server := &dns.Server{PacketConn: conn, Handler: handler}
	go func() { _ = server.ActivateAndServe() }()
	t.Cleanup(func() { _ = server.Shutdown() })
	return conn.LocalAddr().(*net.UDPAddr).Port
}

func freePort(t *testing.T) int {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	return conn.LocalAddr().(*net.UDPAddr).Port
}

func writeFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
