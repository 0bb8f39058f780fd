package targets_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/targets"
)

var updateLifts = flag.Bool("update-lifts", false, "write the out section of testdata/lift/*.txtar anew")

// TestLiftCases lifts manifests that are written by hand: types that lowering does not make, and what
// the clouds do not do. An archive holds the resources, one a line (type, name, provider, inputs), what
// is declared, and the graph and the problems that must come out.
func TestLiftCases(t *testing.T) {
	files, err := filepath.Glob("testdata/lift/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var declared plan.Graph
			m, want := &manifest.Manifest{}, ""
			for _, f := range a.Files {
				switch f.Name {
				case "resources":
					m.Resources = resources(t, string(f.Data))
				case "declared.json":
					if err := json.Unmarshal(f.Data, &declared); err != nil {
						t.Fatal(err)
					}
				case "out":
					want = string(f.Data)
				}
			}
			g, problems := targets.Lift(m, declared)
			got := outline(g) + "problems\n\t" + strings.Join(problems, "\n\t") + "\n"
			if got == want {
				return
			}
			if !*updateLifts {
				t.Fatalf("got\n%s\nwant\n%s\n(go test ./targets -update-lifts writes it)", got, want)
			}
			a.Files[len(a.Files)-1] = txtar.File{Name: "out", Data: []byte(got)}
			if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func resources(t *testing.T, text string) []manifest.Resource {
	t.Helper()
	var all []manifest.Resource
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.SplitN(strings.TrimSpace(line), " ", 4)
		r := manifest.Resource{Type: fields[0], Name: fields[1], Provider: strings.Trim(fields[2], "-")}
		if err := json.Unmarshal([]byte(fields[3]), &r.Inputs); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		all = append(all, r)
	}
	return all
}

// outline is a graph in the fewest lines that tell all that lifting makes.
func outline(g plan.Graph) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	tables := func(all []plan.RouteTable) {
		for _, t := range all {
			line("\ttable %s", t.Name)
			for _, r := range t.Routes {
				line("\t\t%s -> %s", r.Destination, r.Target)
			}
		}
	}
	for _, n := range g.Networks {
		line("network %s %s dns=%t", n.Name, n.CIDRs, n.DNSAttributes)
		for _, s := range n.Subnets {
			line("\tsubnet %s %s table=%s filters=%s", s.Name, s.CIDR, s.RouteTable, s.Filters)
		}
		tables(n.RouteTables)
	}
	for _, r := range g.Routers {
		line("router %s", r.Name)
		tables(r.RouteTables)
	}
	for _, c := range g.Connections {
		line("%s %s: %s %s - %s %s", c.Kind, c.Name, c.A.Node, c.A.Table, c.B.Node, c.B.Table)
	}
	for _, e := range g.Endpoints {
		line("endpoint %s: %s %s %s own=%s filters=%s", e.Name, e.Network, e.Subnet, e.Addresses, e.PrivateDNS, e.Filters)
	}
	rules := func(way string, all []plan.Rule) {
		for _, r := range all {
			line("\t%s %s %v deny=%t", way, r.Prefix, r.Ports, r.Deny)
		}
	}
	for _, f := range g.Filters {
		line("filter %s stateless=%t", f.Name, f.Stateless)
		rules("in", f.Ingress)
		rules("out", f.Egress)
	}
	for _, z := range g.Zones {
		line("zone %s %s fallThrough=%t", z.Name, z.Networks, z.FallThrough)
		for _, r := range z.Records {
			line("\t%s %s%s", r.Name, r.Endpoint, r.Addresses)
		}
	}
	for _, r := range g.Resolvers {
		line("resolver %s: %s %s filters=%s", r.Name, r.Network, r.Addresses, r.Filters)
	}
	for _, r := range g.Rules {
		line("rule %s %s -> %s", r.Domain, r.Networks, r.Servers)
	}
	return b.String()
}
