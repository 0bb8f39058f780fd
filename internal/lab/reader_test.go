package lab

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
)

// What the programs register, the lab must know: every type and every input, but for those that it says
// it cannot build.
func TestProgramsAreKnown(t *testing.T) {
	files, err := filepath.Glob("../deploy/testdata/*.manifest.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no recorded manifests: %v", err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var m manifest.Manifest
		if err := json.Unmarshal(raw, &m); err != nil {
			t.Fatal(err)
		}
		r := &reader{view: manifest.NewView(&m)}
		r.refuseUnknown()
		for _, err := range r.errors {
			t.Errorf("%s: %v", filepath.Base(file), err)
		}
	}
}

// A world that cannot be built as it stands is refused: a lab that builds less than the manifest says
// would call it reachable or not for the wrong reason.
func TestRefusals(t *testing.T) {
	for _, test := range []struct {
		world *world
		want  string
	}{
		{sameVPC().add("aws:ec2/instance:Instance", "x", in{}), "the lab cannot build aws:ec2/instance:Instance (x)"},
		{sameVPC().add("aws:ec2/customerGateway:CustomerGateway", "x", in{"type": "ipsec.1", "ipAddress": "203.0.113.9"}), `[203.0.113.9] is the device of no site`},
		{sameVPC().add("aws:ec2/routeTable:RouteTable", "x", in{"vpcId": "${hub.id}", "routes": []any{}}), "aws:ec2/routeTable:RouteTable x: the lab does not read routes"},
		{sameVPC().add("aws:ec2/subnet:Subnet", "x", in{"vpcId": "vpc-1", "cidrBlock": "10.9.0.0/24"}), `the world holds no VPC "vpc-1"`},
		{sameVPC().add("aws:ec2/subnet:Subnet", "x", in{"vpcId": "${hub.id}", "cidrBlock": "10.9.0.0/33"}), `"10.9.0.0/33" is no prefix`},
		{sameVPC().zone("zone", api, "endpoint", "hub"), "network hub sees api.example.net twice: a zone and endpoint endpoint"},
		{peered().zone("again", api, "endpoint", "hub"), "network hub sees api.example.net twice: a zone and a zone"},
		{sameVPC().add("aws:ec2/route:Route", "x", in{"routeTableId": "${hub_table.id}", "destinationCidrBlock": "10.9.0.0/16", "networkInterfaceId": "eni-9"}), `leads to "eni-9", which the world does not hold`},
		{sameVPC().with(func(w *world) { w.inputs("endpoint")["vpcEndpointType"] = "Gateway" }), "only interface endpoints can be built"},
		{sameVPC().with(func(w *world) { w.Declared.Connections = []plan.Connection{{Name: "c", A: plan.End{Node: "nowhere"}}} }), `connection c joins "nowhere" and ""`},
	} {
		_, err := read(test.world.World, test.world.hosts)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("read says %v, want %q", err, test.want)
		}
	}
}

var update = flag.Bool("update", false, "write the types into README.md")

// README.md lists what is read; a type that it leaves out is news to whoever writes worlds.
func TestReadmeListsTheTypes(t *testing.T) {
	raw, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	begin, end := "<!-- types: written by the test, with -update -->\n", "<!-- end -->"
	head, rest, _ := strings.Cut(string(raw), begin)
	_, tail, found := strings.Cut(rest, end)
	if !found {
		t.Fatal("README.md has no place for the types")
	}
	want := head + begin + typeList() + end + tail
	if *update {
		if err := os.WriteFile("README.md", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if string(raw) != want {
		t.Error("README.md does not list the types as types.go has them; run this test with -update")
	}
}

func typeList() string {
	text := "\n| type | inputs that are read | inputs that say nothing to a packet |\n|---|---|---|\n"
	for _, r := range resourceTypes() {
		text += "| `" + r.token + "` | " + strings.ReplaceAll(r.inputs, " ", ", ") + " | " + strings.ReplaceAll(r.idle, " ", ", ") + " |\n"
	}
	return text + "\nWithout any meaning for a packet: `pulumi:providers:*`, `" + strings.Join(idleTypes, "`, `") + "`.\nIn every type: " +
		strings.ReplaceAll(everywhere, " ", ", ") + ".\n\n"
}
