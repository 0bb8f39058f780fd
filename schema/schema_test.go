package schema_test

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/cuecontext"

	"github.com/obslink/obslink/schema"
)

func language(t *testing.T) cue.Value {
	t.Helper()
	raw, err := schema.Files.ReadFile(schema.TopologyFile)
	if err != nil {
		t.Fatal(err)
	}
	v := cuecontext.New().CompileBytes(raw)
	if v.Err() != nil {
		t.Fatal(v.Err())
	}
	return v
}

// TestKinds holds Kinds against the fields of the language that hold a struct and are optional; what
// a site's servers ask for names, and which of them are known, is no kind of site.
func TestKinds(t *testing.T) {
	v := language(t)
	for section, definition := range map[string]string{"accounts": "#Account", "backends": "#Backend", "via": "#Via", "sites": "#Site"} {
		var kinds []string
		it, err := v.LookupPath(cue.ParsePath(definition)).Fields(cue.Optional(true))
		if err != nil {
			t.Fatal(err)
		}
		for it.Next() {
			if it.Selector().ConstraintType() == cue.OptionalConstraint && it.Value().IncompleteKind() == cue.StructKind && !slices.Contains([]string{"dns", "machines"}, it.Selector().Unquoted()) {
				kinds = append(kinds, it.Selector().Unquoted())
			}
		}
		slices.Sort(kinds)
		if !slices.Equal(kinds, schema.Kinds[section]) {
			t.Errorf("Kinds[%q] is %v, the language has %v", section, schema.Kinds[section], kinds)
		}
	}
}

// TestVendored holds the copy that the stock cue command and editors read in this repository.
func TestVendored(t *testing.T) {
	want, _ := schema.Files.ReadFile(schema.TopologyFile)
	got, err := os.ReadFile("../cue.mod/pkg/" + schema.ImportPath + "/" + schema.TopologyFile)
	if err != nil || string(got) != string(want) {
		t.Errorf("cue.mod/pkg is not the language of today (%v): cp schema/topology.cue cue.mod/pkg/%s/", err, schema.ImportPath)
	}
}

// TestDatadogCatalogue: one service id has one private DNS name, every row says where it was read,
// names belong to their site, and a retired id is not offered.
func TestDatadogCatalogue(t *testing.T) {
	c := schema.Datadog()
	if !slices.Equal(slices.Sorted(maps.Keys(c.Sites)), []string{"ap1", "ap2", "uk1", "us1"}) {
		t.Errorf("sites: %v", slices.Sorted(maps.Keys(c.Sites)))
	}
	for key, site := range c.Sites {
		names, places := map[string]string{}, map[int]string{}
		for _, rows := range []map[string]schema.DatadogService{site.Services, site.Anchors} {
			for id, row := range rows {
				if other, seen := names[row.ServiceName]; seen && other != row.PrivateDNSName {
					t.Errorf("%s %s: %s has two private DNS names", key, id, row.ServiceName)
				}
				names[row.ServiceName] = row.PrivateDNSName
				if row.AsOf == "" || row.Status != "confirmed" && row.Status != "inferred" {
					t.Errorf("%s %s: as of %q, %q", key, id, row.AsOf, row.Status)
				}
				if other, seen := places[row.Place]; seen && other != row.ServiceName || row.Place < 0 || row.Place >= 27 {
					t.Errorf("%s %s: place %d is that of %s", key, id, row.Place, other)
				}
				places[row.Place] = row.ServiceName
				if row.Source == "" || c.Sources[strings.Split(strings.TrimSuffix(row.Source, " (Spanish copy)"), ", ")[0]] == "" {
					t.Errorf("%s %s: no known source: %q", key, id, row.Source)
				}
				if !strings.HasPrefix(row.ServiceName, "com.amazonaws.vpce."+site.HomeRegion+".vpce-svc-") {
					t.Errorf("%s %s: %s is not in %s", key, id, row.ServiceName, site.HomeRegion)
				}
				_, svc, _ := strings.Cut(row.ServiceName, "vpce-svc-")
				if _, retired := site.Retired["vpce-svc-"+svc]; retired {
					t.Errorf("%s %s: %s is retired", key, id, row.ServiceName)
				}
			}
		}
		for _, id := range []string{"api", "containers", "dbm", "logs-agent", "logs-user", "metrics", "process", "profiling", "remote-config", "traces"} {
			if row, ok := site.Service(id); !ok || len(row.Hosts) == 0 {
				t.Errorf("%s lacks %s", key, id)
			}
		}
	}
}

// TestProducts: every product says where it was read, is reached somewhere, and its hosts are of the
// site; what the facts name as public is.
func TestProducts(t *testing.T) {
	c := schema.Datadog()
	for key, p := range c.Products {
		reached := false
		for _, source := range strings.Split(p.Source, ", ") {
			if c.Sources[source] == "" {
				t.Errorf("%s: no source %q", key, source)
			}
		}
		for _, h := range p.Hosts {
			for _, site := range c.Sites {
				_, ok := site.Covering(h.On(site))
				reached = reached || ok
				if strings.ContainsAny(h.On(site), "{}") || h.For == "" {
					t.Errorf("%s: %q", key, h.On(site))
				}
			}
		}
		if !reached || p.Label == "" || p.AsOf == "" || p.Status == "" {
			t.Errorf("%s: %+v", key, p)
		}
	}
	for _, want := range []struct{ site, host, by string }{
		{"us1", "<version>-app.agent.datadoghq.com", "metrics"}, {"us1", "trace.agent.datadoghq.com", "traces"},
		{"us1", "<version>-flare.agent.datadoghq.com", ""}, {"ap1", "instrumentation-telemetry-intake.ap1.datadoghq.com", ""},
		{"ap2", "<version>-flare.agent.ap2.datadoghq.com", "beige"}, {"ap2", "trace.agent.ap2.datadoghq.com", "traces"},
		{"uk1", "dbquery-intake.uk1.datadoghq.com", "white"}, {"us1", "dbquery-intake.datadoghq.com", ""},
		{"us1", "intake-v2.synthetics.datadoghq.com", "orchid"}, {"ap1", "otlp.ap1.datadoghq.com", ""},
		{"ap2", "install.datadoghq.com", ""}, {"ap1", "browser-intake-ap1-datadoghq.com", ""},
	} {
		if by, _ := c.Sites[want.site].Covering(want.host); by != want.by {
			t.Errorf("%s on %s is reached through %q, want %q", want.host, want.site, by, want.by)
		}
	}
}

// TestAzureCatalogue: in each cloud, every name of the endpoint lies under a zone of that cloud.
func TestAzureCatalogue(t *testing.T) {
	c := schema.AzureMonitor()
	for cloud, zones := range map[string]int{schema.AzurePublic: 5, "usgovernment": 6} {
		in := c.In(cloud)
		if len(in.Zones) != zones {
			t.Errorf("%s: %d zones, the document lists %d", cloud, len(in.Zones), zones)
		}
		global := 0
		for _, m := range in.Members {
			if !slices.ContainsFunc(in.Zones, func(z schema.AzureZone) bool { return z.Domain == m.Zone }) {
				t.Errorf("%s: %s: no zone %s", cloud, m.ID, m.Zone)
			}
			if !strings.HasSuffix(m.FQDN, "."+strings.TrimPrefix(m.Zone, "privatelink.")) {
				t.Errorf("%s: %s: %s is not under %s", cloud, m.ID, m.FQDN, m.Zone)
			}
			for _, source := range strings.Split(m.Source, ",") {
				if c.Sources[source] == "" {
					t.Errorf("%s: no source %q", m.ID, source)
				}
			}
			if m.Per == "global" {
				global++
			}
		}
		if global != 8 {
			t.Errorf("%s: %d global names; the address formula counts 8", cloud, global)
		}
	}
}

// TestAzureOtherClouds: each row says where it was read, and each name of Azure Government ends as the
// names of that cloud do.
func TestAzureOtherClouds(t *testing.T) {
	c := schema.AzureMonitor()
	for key, cloud := range c.OtherClouds {
		for _, read := range []struct {
			source string
			there  bool
		}{{cloud.ZonesSource, true}, {cloud.SuffixesSource, cloud.Suffixes != nil}, {cloud.AliasesSource, cloud.Aliases != nil}} {
			for _, source := range strings.Split(read.source, ",") {
				if read.there && c.Sources[source] == "" {
					t.Errorf("%s: no source %q", key, source)
				}
			}
		}
		if (cloud.Refused == "") != (len(cloud.Zones) > 0) {
			t.Errorf("%s: refused %q with %d zones", key, cloud.Refused, len(cloud.Zones))
		}
		for id := range cloud.Aliases {
			if !slices.ContainsFunc(c.Members, func(m schema.AzureMember) bool { return m.ID == id }) {
				t.Errorf("%s: there is no member %q", key, id)
			}
		}
	}
	for _, m := range c.In("usgovernment").Members {
		for _, name := range append(m.Aliases, m.FQDN) {
			if !strings.HasSuffix(name, ".us") && !strings.HasSuffix(name, ".usgovcloudapi.net") {
				t.Errorf("%s: %s is no name of Azure Government", m.ID, name)
			}
		}
	}
	for region, want := range map[string]string{"japaneast": "public", "usgovvirginia": "usgovernment", "usdodeast": "usgovernment", "China East 2": "china", "usnatwest": "", "mars": ""} {
		if got, _ := schema.Azure().CloudOf(region); got != want {
			t.Errorf("%s is in %q, want %q", region, got, want)
		}
	}
	for cloud, regions := range schema.Azure().CloudRegions {
		for _, region := range regions {
			if of, _ := schema.Azure().CloudOf(region); of != cloud || schema.Azure().Sources[schema.Azure().CloudRegionsSource] == "" {
				t.Errorf("%s is in %q, want %q", region, of, cloud)
			}
		}
	}
}
