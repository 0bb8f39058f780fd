package export_test

import (
	"bufio"
	"bytes"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/internal/export"
)

func name(fqdn, aliasOf string, addresses ...string) plan.ResolvedName {
	n := plan.ResolvedName{FQDN: fqdn, AliasOf: aliasOf, Endpoint: "endpoint_hub_dd_metrics", Backend: "dd"}
	for _, a := range addresses {
		n.Addresses = append(n.Addresses, netip.MustParseAddr(a))
	}
	return n
}

// sample has a direct name with aliases, a name in two zones, names that nest, and one that a site
// must not take over.
var sample = export.Input{
	Stack: "prod", Site: "home", PlanDigest: "sha256:abc",
	Names: []plan.ResolvedName{
		name("metrics.agent.datadoghq.com", "", "192.168.0.20", "192.168.1.20"),
		name("7-70-1-app.agent.datadoghq.com", "metrics.agent.datadoghq.com", "192.168.0.20", "192.168.1.20"),
		name("api.monitor.azure.com", "", "192.168.2.70"),
		name("api.loganalytics.io", "api.monitor.azure.com", "192.168.2.70"),
		name("deep.under.api.monitor.azure.com", "", "192.168.2.71"),
		name("api.privatelink.monitor.azure.com", "", "192.168.2.70"),
	},
	Unknown: []plan.Unknown{{FQDN: "x.ods.opinsights.azure.com", Why: "the cloud chooses the address"}},
}

func write(t testing.TB, format string, in export.Input) string {
	t.Helper()
	f, ok := export.Find(format)
	if !ok {
		t.Fatalf("no format %q", format)
	}
	var b bytes.Buffer
	if err := f.Write(&b, in); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestFormats(t *testing.T) {
	var names []string
	for _, f := range export.Formats() {
		names = append(names, f.Name)
		if f.File == "" || f.About == "" || f.Write == nil {
			t.Errorf("format %q is not complete", f.Name)
		}
	}
	if !slices.IsSorted(names) {
		t.Errorf("formats are not sorted: %v", names)
	}
	if _, ok := export.Find("nothing"); ok {
		t.Error("found a format that is not there")
	}
}

func TestHosts(t *testing.T) {
	want := `# BEGIN obslink prod home
# Written by obslink for stack "prod", site "home". Changes made here are lost.
# plan sha256:abc
192.168.0.20 7-70-1-app.agent.datadoghq.com 7-70-1-app.agent.datadoghq.com.
192.168.0.20 metrics.agent.datadoghq.com metrics.agent.datadoghq.com.
192.168.1.20 7-70-1-app.agent.datadoghq.com 7-70-1-app.agent.datadoghq.com.
192.168.1.20 metrics.agent.datadoghq.com metrics.agent.datadoghq.com.
192.168.2.70 api.loganalytics.io api.loganalytics.io.
192.168.2.70 api.monitor.azure.com api.monitor.azure.com.
192.168.2.71 deep.under.api.monitor.azure.com deep.under.api.monitor.azure.com.
# These names have no address yet and still resolve in public DNS:
# x.ods.opinsights.azure.com: the cloud chooses the address
# END obslink prod home
`
	if got := write(t, "hosts", sample); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestUnbound(t *testing.T) {
	want := `# Written by obslink for stack "prod", site "home". Changes made here are lost.
# plan sha256:abc
# PLANNED: these are the addresses that the plan fixes; nothing was asked of the cloud.
# SANDBOX: these addresses are of the simulated clouds and lead nowhere.
server:
    local-zone: "metrics.agent.datadoghq.com." transparent
    local-data: "metrics.agent.datadoghq.com. 60 IN A 192.168.0.20"
    local-data: "metrics.agent.datadoghq.com. 60 IN A 192.168.1.20"
`
	in := sample
	in.Planned, in.Sandbox, in.Names, in.Unknown = true, true, sample.Names[:1], nil
	if got := write(t, "unbound", in); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// Order of the input and repetition change nothing.
func TestDeterministic(t *testing.T) {
	shuffled := sample
	shuffled.Names = append(slices.Clone(sample.Names), sample.Names...)
	slices.Reverse(shuffled.Names)
	shuffled.Unknown = append(slices.Clone(sample.Unknown), sample.Unknown...)
	for _, f := range export.Formats() {
		if f.Tunnel {
			continue // names are none of it
		}
		if a, b := write(t, f.Name, sample), write(t, f.Name, shuffled); a != b {
			t.Errorf("%s: got\n%s\nand\n%s", f.Name, a, b)
		}
	}
}

func TestMarks(t *testing.T) {
	for _, f := range export.Formats() {
		if f.Tunnel {
			continue // nothing of it is asked of a cloud
		}
		for _, set := range []export.Input{{}, {Sandbox: true}, {Planned: true}} {
			text := write(t, f.Name, set)
			if got := strings.Contains(text, "# SANDBOX"); got != set.Sandbox {
				t.Errorf("%s of %+v: SANDBOX mark is %v", f.Name, set, got)
			}
			if got := strings.Contains(text, "# PLANNED"); got != set.Planned {
				t.Errorf("%s of %+v: PLANNED mark is %v", f.Name, set, got)
			}
		}
	}
}

// What a cloud answers is not trusted: nothing but host names and addresses gets into a file.
func TestRefused(t *testing.T) {
	bad := []plan.ResolvedName{
		name("a.example\n0.0.0.0 evil.example", "", "10.0.0.1"),
		name(`a.example" static`, "", "10.0.0.1"),
		name("*.agent.datadoghq.com", "", "10.0.0.1"),
		name("${workspace.customerId}.oms.opinsights.azure.com", "", "10.0.0.1"),
		name("", "", "10.0.0.1"),
		name("a..example", "", "10.0.0.1"),
		name(strings.Repeat("a", 64)+".example", "", "10.0.0.1"),
		name(strings.Repeat("a.", 127)+"example", "", "10.0.0.1"),
		name("zoned.example", "", "fe80::1%eth0"),
		name("nowhere.example", ""),
		{FQDN: "invalid.example", Addresses: []netip.Addr{{}}},
	}
	for _, f := range export.Formats() {
		for _, n := range bad {
			var b bytes.Buffer
			if err := f.Write(&b, export.Input{Names: []plan.ResolvedName{n}}); err == nil {
				t.Errorf("%s wrote %q:\n%s", f.Name, n.FQDN, &b)
			} else if b.Len() > 0 {
				t.Errorf("%s wrote a part before it refused %q", f.Name, n.FQDN)
			}
		}
	}
}

// answers is what a file says: the addresses of each name.
type answers map[string][]netip.Addr

func (a answers) add(name string, address netip.Addr) { a[name] = append(a[name], address) }

func (a answers) String() string {
	var lines []string
	for n, addresses := range a {
		slices.SortFunc(addresses, netip.Addr.Compare)
		lines = append(lines, fmt.Sprint(n, " ", addresses))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// parseHosts reads a hosts file as hosts(5) describes it. A name counts only if it is there with
// and without its final dot.
func parseHosts(text string) (answers, error) {
	plain, dotted := answers{}, answers{}
	for s := bufio.NewScanner(strings.NewReader(text)); s.Scan(); {
		line, _, _ := strings.Cut(s.Text(), "#")
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		address, err := netip.ParseAddr(fields[0])
		if err != nil {
			return nil, err
		}
		for _, n := range fields[1:] {
			if bare, dot := strings.CutSuffix(n, "."); dot {
				dotted.add(bare, address)
			} else {
				plain.add(n, address)
			}
		}
	}
	if plain.String() != dotted.String() {
		return nil, fmt.Errorf("names with a dot\n%s\nwithout\n%s", dotted, plain)
	}
	return plain, nil
}

// parseUnbound reads local-data as DNS records; each needs a transparent zone of exactly its name.
func parseUnbound(text string) (answers, error) {
	got, zones := answers{}, map[string]bool{}
	for s := bufio.NewScanner(strings.NewReader(text)); s.Scan(); {
		key, value, _ := strings.Cut(strings.TrimSpace(s.Text()), ": ")
		switch {
		case strings.HasPrefix(key, "#"), key == "server:", key == "":
		case key == "local-zone":
			zone, kind, _ := strings.Cut(value, " ")
			if kind != "transparent" {
				return nil, fmt.Errorf("zone %s is %s", zone, kind)
			}
			zones[strings.Trim(zone, `"`)] = true
		case key == "local-data":
			rr, err := dns.NewRR(strings.Trim(value, `"`))
			if err != nil {
				return nil, err
			}
			if !zones[rr.Header().Name] || rr.Header().Ttl != 60 {
				return nil, fmt.Errorf("record without its own zone: %s", rr)
			}
			address, _ := netip.AddrFromSlice([]byte(recordIP(rr)))
			got.add(strings.TrimSuffix(rr.Header().Name, "."), address.Unmap())
		default:
			return nil, fmt.Errorf("line %q", s.Text())
		}
	}
	if len(zones) != len(got) {
		return nil, fmt.Errorf("%d zones for %d names", len(zones), len(got))
	}
	return got, nil
}

func recordIP(rr dns.RR) []byte {
	switch rr := rr.(type) {
	case *dns.A:
		return rr.A
	case *dns.AAAA:
		return rr.AAAA
	}
	return nil
}

// want is what every format must say of an input.
func want(in export.Input) answers {
	w := answers{}
	for _, n := range in.Names {
		fqdn := strings.ToLower(strings.TrimSuffix(n.FQDN, "."))
		if slices.Contains(strings.Split(fqdn, "."), "privatelink") {
			continue
		}
		for _, a := range n.Addresses {
			if a = a.Unmap(); !slices.Contains(w[fqdn], a) {
				w.add(fqdn, a)
			}
		}
	}
	return w
}

var parsers = map[string]func(string) (answers, error){"hosts": parseHosts, "unbound": parseUnbound}

// FuzzWriteParse: what is written reads back as what was given, or nothing is written.
func FuzzWriteParse(f *testing.F) {
	f.Add("metrics.agent.datadoghq.com", "api.loganalytics.io.", "prod", []byte{192, 168, 0, 1}, "the cloud chooses")
	f.Add("_x.A-b.example", "a", "my stack", []byte{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 10, 0, 0, 1}, "why\nnot # so")
	f.Add("a.example", "b.a.example", `q"uo`, []byte{0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, "")
	f.Add("privatelink.example", "0.0.0.0", "\r", []byte{255, 255, 255, 255}, "\x00")
	f.Fuzz(func(t *testing.T, one, two, stack string, raw []byte, why string) {
		address, ok := netip.AddrFromSlice(raw)
		if !ok {
			return
		}
		in := export.Input{
			Stack: stack, Site: "home", Planned: true,
			Names:   []plan.ResolvedName{{FQDN: one, Addresses: []netip.Addr{address, address}}, {FQDN: two, Addresses: []netip.Addr{address}}},
			Unknown: []plan.Unknown{{FQDN: one, Why: why}},
		}
		for _, format := range export.Formats() {
			var b bytes.Buffer
			if err := format.Write(&b, in); err != nil {
				if b.Len() > 0 {
					t.Fatalf("%s: %v, after %q", format.Name, err, &b)
				}
				continue
			}
			got, err := parsers[format.Name](b.String())
			if err != nil {
				t.Fatalf("%s: %v\n%s", format.Name, err, &b)
			}
			if got.String() != want(in).String() {
				t.Fatalf("%s: got\n%s\nwant\n%s", format.Name, got, want(in))
			}
		}
	})
}

func TestWriteParse(t *testing.T) {
	for _, f := range export.Formats() {
		if f.Tunnel {
			continue
		}
		got, err := parsers[f.Name](write(t, f.Name, sample))
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		if got.String() != want(sample).String() {
			t.Errorf("%s: got\n%s\nwant\n%s", f.Name, got, want(sample))
		}
	}
}
