package deploy

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/topologytest"
	"github.com/obslink/obslink/internal/sandbox"
	"github.com/obslink/obslink/targets"
)

// TestScenarios brings each topology of testdata/scenarios up on the sandbox, changes it and brings it
// up again. After each run every name resolves to its endpoint in every network that is to see it,
// and a second preview is empty; after destroy nothing is left.
func TestScenarios(t *testing.T) {
	t.Parallel()
	needCLI(t)
	files, err := filepath.Glob("testdata/scenarios/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no scenarios", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			s := openScenario(t, file)
			s.up(t)
			before := addresses(s.stack(t).Plan)
			s.change(t)
			if names, ok := strings.CutPrefix(s.want, "replaced: "); ok {
				s.announced(t, strings.Split(names, ", "), before)
			}
			changed := s.up(t)
			if s.want == "only updates" && changed.Create+changed.Replace+changed.Delete > 0 {
				t.Errorf("a rename made, replaced or deleted: %+v", changed.Changes)
			}
			if _, err := s.runner.Destroy(t.Context(), s.stack(t), true, nil); err != nil {
				t.Fatal(err)
			}
			if left := s.clouds(t).Objects(); !slices.EqualFunc(left, s.before, func(a, b sandbox.Object) bool { return a.ID == b.ID }) {
				t.Errorf("left after destroy: %v, before: %v", left, s.before)
			}
		})
	}
}

// addresses are the pinned addresses of a plan's endpoints.
func addresses(p *plan.Plan) map[string]string {
	at := map[string]string{}
	for _, e := range p.Graph.Endpoints {
		at[e.Name] = fmt.Sprint(e.Addresses)
	}
	return at
}

// announced previews the change: these endpoints are replaced, with the names that are dead meanwhile,
// and keep the addresses that they had.
func (s *scenario) announced(t *testing.T, endpoints []string, before map[string]string) {
	t.Helper()
	stack := s.stack(t)
	preview, err := s.runner.Preview(t.Context(), stack, nil)
	if err != nil {
		t.Fatal(err)
	}
	after := addresses(stack.Plan)
	var replaced []string
	for _, c := range preview.Changes {
		if c.Op != "replace" || !strings.HasPrefix(c.Name, "endpoint_") {
			continue
		}
		replaced = append(replaced, c.Name)
		names := 0
		for _, n := range stack.Plan.Names {
			if n.Endpoint != c.Name {
				continue
			}
			names++
			if !slices.Contains(c.Dead, n.FQDN) {
				t.Errorf("%s is replaced, and nobody says that %s is dead meanwhile: %v", c.Name, n.FQDN, c.Dead)
			}
		}
		if names == 0 || !slices.Contains(c.Properties, "serviceName") || after[c.Name] != before[c.Name] {
			t.Errorf("%+v answers %d names, at %s (before: %s)", c, names, after[c.Name], before[c.Name])
		}
	}
	if slices.Sort(replaced); !slices.Equal(replaced, endpoints) {
		t.Errorf("replaced: %v, want %v", replaced, endpoints)
	}
}

type scenario struct {
	root   string
	edits  []string
	want   string
	runner *Runner
	// before are the objects of the world.
	before []sandbox.Object
}

func openScenario(t *testing.T, file string) *scenario {
	t.Helper()
	archive, err := topologytest.ReadArchive(file)
	if err != nil {
		t.Fatal(err)
	}
	s := &scenario{runner: New(Options{})}
	text := func(name string) string {
		f := archive.Files[name]
		if delete(archive.Files, name); f == nil {
			return ""
		}
		return strings.TrimSpace(string(f.Data))
	}
	s.edits, s.want = strings.Split(text("change"), "\n"), text("want")
	if world := archive.Files["world.json"]; world != nil {
		s.before = worldObjects(t, world.Data)
	}
	s.root = unpacked(t, archive)
	return s
}

// unpacked writes an archive's project to a folder; its world is that of the stack.
func unpacked(t *testing.T, archive *topologytest.Archive) (root string) {
	t.Helper()
	files := maps.Clone(archive.Files)
	if world := files["world.json"]; world != nil {
		delete(files, "world.json")
		files["stacks/t/world.json"] = world
	}
	root = t.TempDir()
	if err := os.CopyFS(root, files); err != nil {
		t.Fatal(err)
	}
	return root
}

// worldObjects are the objects of a world before anything is built in it.
func worldObjects(t *testing.T, world []byte) []sandbox.Object {
	t.Helper()
	file := filepath.Join(t.TempDir(), "clouds.json")
	server, err := sandbox.Start(context.Background(), sandbox.Config{StateFile: file, World: world})
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Close(); err != nil {
		t.Fatal(err)
	}
	clouds, err := sandbox.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	return clouds.Objects()
}

func (s *scenario) stack(t *testing.T) Stack {
	t.Helper()
	r := compile.Stack(os.DirFS(s.root), "stacks/t", targets.All)
	if r.Plan == nil {
		t.Fatalf("does not compile: %v", r.Found)
	}
	return Stack{Plan: r.Plan, Project: "obslink", Dir: filepath.Join(s.root, "stacks", "t"), Root: s.root, Sandbox: true}
}

func (s *scenario) clouds(t *testing.T) *sandbox.Clouds {
	t.Helper()
	clouds, err := sandbox.Open(filepath.Join(s.stack(t).SandboxFolder(), "clouds.json"))
	if err != nil {
		t.Fatal(err)
	}
	return clouds
}

// change edits the topology as the lines of its section `change` say: s|old|new|, everywhere.
func (s *scenario) change(t *testing.T) {
	t.Helper()
	file := filepath.Join(s.root, "stacks", "t", "t.cue")
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text := string(raw)
	for _, edit := range s.edits {
		parts := strings.Split(strings.NewReplacer(`\n`, "\n", `\t`, "\t").Replace(edit), "|")
		if len(parts) != 4 || !strings.Contains(text, parts[1]) {
			t.Fatalf("%q changes nothing", edit)
		}
		text = strings.ReplaceAll(text, parts[1], parts[2])
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// up brings the stack up, previews it again, and asks for every name.
func (s *scenario) up(t *testing.T) Summary {
	t.Helper()
	stack := s.stack(t)
	changed, err := s.runner.Up(t.Context(), stack, nil)
	if err != nil {
		t.Fatal(err)
	}
	if token, ok := strings.CutPrefix(s.want, "gone: "); ok {
		s.gone(t, token, changed)
	}
	again, err := s.runner.Preview(t.Context(), stack, nil)
	if err != nil || !again.Empty() {
		t.Fatalf("a second preview is not empty: %+v %v", again.Changes, err)
	}
	outputs, err := s.runner.Outputs(t.Context(), stack)
	if err != nil {
		t.Fatal(err)
	}
	s.resolves(t, stack.Plan, outputs)
	return changed
}

// gone looks that objects of a type were made, and are there no more when all is done.
func (s *scenario) gone(t *testing.T, token string, changed Summary) {
	t.Helper()
	made := slices.ContainsFunc(changed.Changes, func(c Change) bool { return c.Op == "create" && c.Type == token })
	for _, o := range s.clouds(t).Objects() {
		if o.Type == token {
			t.Errorf("%s is still there", o.ID)
		}
	}
	if !made {
		t.Errorf("no %s was made: %+v", token, changed.Changes)
	}
}

// resolves asks the sandbox's resolver in each network for each name that the plan makes it see.
func (s *scenario) resolves(t *testing.T, p *plan.Plan, outputs *plan.Outputs) {
	t.Helper()
	clouds := s.clouds(t)
	networks := networkIDs(p, clouds.Objects())
	wanted := map[string][]string{} // names by endpoint
	names, unknown := plan.Resolve(p, outputs, "", nil)
	for _, n := range names {
		if n.AliasOf == "" {
			wanted[n.Endpoint] = append(wanted[n.Endpoint], n.FQDN)
		}
	}
	if len(unknown) > 0 {
		t.Errorf("unknown after up: %v", unknown)
	}
	asked := 0
	for _, v := range views(p) {
		id := networks[v.network]
		if id == "" {
			t.Fatalf("no id of network %q", v.network)
		}
		for _, n := range names {
			if n.Endpoint != v.endpoint || n.AliasOf != "" {
				continue
			}
			name := v.ask(n.FQDN)
			got, err := clouds.Resolve(id, name)
			if err != nil || fmt.Sprint(got) != fmt.Sprint(n.Addresses) {
				t.Errorf("%s in %s resolves to %v (%v), want %v", name, v.network, got, err, n.Addresses)
			}
			asked++
		}
	}
	if asked == 0 {
		t.Error("no name was asked for")
	}
}

// view is an endpoint whose names a network sees, and the name to ask for a client's name.
type view struct {
	network, endpoint string
	ask               func(string) string
}

func views(p *plan.Plan) []view {
	same := func(name string) string { return name }
	var all []view
	for _, e := range p.Graph.Endpoints {
		for _, name := range e.PrivateDNS {
			all = append(all, view{e.Network, e.Name, func(asked string) string { return anchorOr(asked, name) }})
		}
	}
	for _, z := range p.Graph.Zones {
		for _, network := range z.Networks {
			if z.FallThrough {
				continue
			}
			all = append(all, view{network, z.Records[0].Endpoint, func(asked string) string { return anchorOr(asked, z.Name) }})
		}
	}
	for _, e := range p.Graph.Endpoints {
		if len(e.Addresses) == 0 { // Azure: the zones hold the names below privatelink
			all = append(all, view{e.Network, e.Name, same})
		}
	}
	return all
}

// anchorOr is the name to ask the private zone for: the name itself, or the anchor that public DNS
// points it at, which the sandbox has no public DNS to follow.
func anchorOr(asked, zone string) string {
	if strings.Contains(zone, ".intake.") {
		return zone
	}
	return asked
}

// networkIDs finds each network's id in the sandbox by its CIDR.
func networkIDs(p *plan.Plan, objects []sandbox.Object) map[string]string {
	ids := map[string]string{}
	for _, n := range p.Graph.Networks {
		for _, o := range objects {
			isNetwork := strings.HasSuffix(o.Type, ":Vpc") || strings.HasSuffix(o.Type, ":VirtualNetwork")
			if made := o.URN != ""; isNetwork && made == (n.Ref.Part != "") && strings.Contains(fmt.Sprint(o.Inputs, o.Attributes), n.CIDRs[0].String()) {
				ids[n.Name] = o.ID
			}
		}
	}
	return ids
}
