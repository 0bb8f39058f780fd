package deploy

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/internal/sandbox"
)

// fakeClouds is a provider "fake" whose resources do what their inputs say, so that the runner is
// tested with the real engine and without the sandbox: fail, slow.
type fakeClouds struct {
	pulumirpc.UnimplementedResourceProviderServer
	server *grpc.Server
	port   int

	mu      sync.Mutex
	objects map[string]map[string]any // by id, which begins with the logical name
	made    int
	slow    func() // called in each create
}

func newFake() (*fakeClouds, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	f := &fakeClouds{server: grpc.NewServer(), port: listener.Addr().(*net.TCPAddr).Port, objects: map[string]map[string]any{}}
	pulumirpc.RegisterResourceProviderServer(f.server, f)
	go func() { _ = f.server.Serve(listener) }()
	return f, nil
}

func startFake(t *testing.T) *fakeClouds {
	t.Helper()
	f, err := newFake()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.server.Stop)
	return f
}

func (f *fakeClouds) Env() map[string]string {
	return map[string]string{debugProviders: fmt.Sprintf("fake:%d", f.port)}
}
func (f *fakeClouds) Close() error { return nil }

func (f *fakeClouds) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: "1.0.0"}, nil
}
func (f *fakeClouds) CheckConfig(_ context.Context, r *pulumirpc.CheckRequest) (*pulumirpc.CheckResponse, error) {
	return &pulumirpc.CheckResponse{Inputs: r.News}, nil
}
func (f *fakeClouds) DiffConfig(context.Context, *pulumirpc.DiffRequest) (*pulumirpc.DiffResponse, error) {
	return &pulumirpc.DiffResponse{Changes: pulumirpc.DiffResponse_DIFF_NONE}, nil
}
func (f *fakeClouds) Configure(context.Context, *pulumirpc.ConfigureRequest) (*pulumirpc.ConfigureResponse, error) {
	return &pulumirpc.ConfigureResponse{}, nil
}
func (f *fakeClouds) Cancel(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	return &emptypb.Empty{}, nil
}
func (f *fakeClouds) Attach(context.Context, *pulumirpc.PluginAttach) (*emptypb.Empty, error) {
	return &emptypb.Empty{}, nil
}
func (f *fakeClouds) Check(_ context.Context, r *pulumirpc.CheckRequest) (*pulumirpc.CheckResponse, error) {
	return &pulumirpc.CheckResponse{Inputs: r.News}, nil
}
func (f *fakeClouds) Diff(_ context.Context, r *pulumirpc.DiffRequest) (*pulumirpc.DiffResponse, error) {
	diff := &pulumirpc.DiffResponse{Changes: pulumirpc.DiffResponse_DIFF_NONE}
	old, now := r.OldInputs.AsMap(), r.News.AsMap()
	for _, key := range []string{"size", "place"} {
		if fmt.Sprint(old[key]) != fmt.Sprint(now[key]) {
			diff.Changes = pulumirpc.DiffResponse_DIFF_SOME
			diff.Diffs = append(diff.Diffs, key)
			if key == "place" {
				diff.Replaces = append(diff.Replaces, key)
			}
		}
	}
	return diff, nil
}
func (f *fakeClouds) Create(_ context.Context, r *pulumirpc.CreateRequest) (*pulumirpc.CreateResponse, error) {
	in := r.Properties.AsMap()
	if r.Preview {
		return &pulumirpc.CreateResponse{Properties: r.Properties}, nil
	}
	if f.slow != nil {
		f.slow()
	}
	if text, ok := in["fail"].(string); ok {
		return nil, fmt.Errorf("1 error occurred:\n\t* %s", text)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.made++
	id := fmt.Sprintf("%s-%d", r.Name, f.made)
	f.objects[id] = in
	return &pulumirpc.CreateResponse{Id: id, Properties: r.Properties}, nil
}
func (f *fakeClouds) Read(_ context.Context, r *pulumirpc.ReadRequest) (*pulumirpc.ReadResponse, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	object, ok := f.objects[r.Id]
	if !ok {
		return &pulumirpc.ReadResponse{}, nil
	}
	properties, err := structpb.NewStruct(object)
	return &pulumirpc.ReadResponse{Id: r.Id, Properties: properties, Inputs: properties}, err
}
func (f *fakeClouds) Update(_ context.Context, r *pulumirpc.UpdateRequest) (*pulumirpc.UpdateResponse, error) {
	if !r.Preview {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.objects[r.Id] = r.News.AsMap()
	}
	return &pulumirpc.UpdateResponse{Properties: r.News}, nil
}
func (f *fakeClouds) Delete(_ context.Context, r *pulumirpc.DeleteRequest) (*emptypb.Empty, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.objects, r.Id)
	return &emptypb.Empty{}, nil
}

func (f *fakeClouds) count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.objects)
}

// forget deletes an object behind obslink's back.
func (f *fakeClouds) forget(name string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	maps.DeleteFunc(f.objects, func(id string, _ map[string]any) bool { return strings.HasPrefix(id, name+"-") })
}

// change gives every object another value, as somebody at the console would.
func (f *fakeClouds) change(key, from, to string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, object := range f.objects {
		if object[key] == from {
			object[key] = to
		}
	}
}

// things are a made-up target's parts.
type things struct{ Things []thing }
type thing struct {
	plan.Part
	Inputs map[string]string
}

func (t *things) add(line int, name string, inputs ...string) {
	part := thing{Part: plan.Part{Name: name, Origin: plan.Origin{Path: "things." + name, Pos: diag.Pos{File: "stack.cue", Line: line, Column: 3}}}, Inputs: map[string]string{}}
	for i := 0; i < len(inputs); i += 2 {
		part.Inputs[inputs[i]] = inputs[i+1]
	}
	t.Things = append(t.Things, part)
}

// thingProgram registers a plan of things.
func thingProgram(ctx *pulumi.Context, p *plan.Plan) error {
	var provider pulumi.ProviderResourceState
	if err := ctx.RegisterResource("pulumi:providers:fake", "fake_main", pulumi.Map{}, &provider, pulumi.Version("1.0.0")); err != nil {
		return err
	}
	for _, thing := range p.Parts["fake"].(*things).Things {
		inputs := pulumi.Map{}
		for name, value := range thing.Inputs {
			inputs[name] = pulumi.String(value)
		}
		options := []pulumi.ResourceOption{}
		if thing.Provider == "" {
			options = append(options, pulumi.Provider(&provider))
		}
		var state pulumi.CustomResourceState
		if err := ctx.RegisterResource("fake:index:Thing", thing.Name, inputs, &state, options...); err != nil {
			return err
		}
		ctx.Export(thing.Name, state.ID())
	}
	ctx.Export(planExport, pulumi.Map{"protect": pulumi.Bool(p.Protect)})
	return nil
}

// emptyProgram needs no provider.
func emptyProgram(ctx *pulumi.Context, p *plan.Plan) error {
	ctx.Export("stack", pulumi.String(p.Stack))
	return nil
}

// bench is a stack of things in a folder of its own.
type bench struct {
	*Runner
	clouds *fakeClouds
	stack  Stack
	things *things
	events []Event
}

func newBench(t *testing.T) *bench {
	t.Helper()
	needCLI(t)
	b := &bench{Runner: New(Options{LockWait: time.Second}), clouds: startFake(t), things: &things{}}
	root := t.TempDir()
	b.program = thingProgram
	b.Runner.clouds = func(context.Context, sandbox.Config) (clouds, error) { return b.clouds, nil }
	b.stack = Stack{
		Plan:    &plan.Plan{Version: 1, Stack: "dev", Parts: map[string]any{"fake": b.things}},
		Project: "obslink", Dir: filepath.Join(root, "stacks", "dev"), Root: root, Sandbox: true,
	}
	if err := os.MkdirAll(b.stack.Dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return b
}

// needCLI fails where no Pulumi CLI is at hand: a skipped test would say that all is well.
func needCLI(t *testing.T) {
	t.Helper()
	if noCLI != nil {
		t.Fatalf("this test runs the real Pulumi engine: %v", noCLI)
	}
}

func (b *bench) hear(e Event) { b.events = append(b.events, e) }

func (b *bench) up(t *testing.T) Summary {
	t.Helper()
	summary, err := b.Up(t.Context(), b.stack, b.hear)
	if err != nil {
		t.Fatalf("up: %v", err)
	}
	return summary
}

// checkpoint is the sandbox's state file.
func (b *bench) checkpoint() string {
	return filepath.Join(b.stack.SandboxFolder(), "backend", ".pulumi", "stacks", b.stack.Project, b.stack.Plan.Stack+".json")
}

func show(v any) string {
	raw, _ := json.MarshalIndent(v, "", "  ")
	return string(raw)
}
