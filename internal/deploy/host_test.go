package deploy

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/obslink/obslink/compiler/plan"
)

// goHost runs a built program as the stock Go language host does: as a child process with the
// engine's addresses in its environment. (The host itself cannot be had here.)
type goHost struct {
	pulumirpc.UnimplementedLanguageRuntimeServer
	binary, dir string
}

func (h goHost) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: "1.0.0"}, nil
}

func (h goHost) GetRequiredPlugins(context.Context, *pulumirpc.GetRequiredPluginsRequest) (*pulumirpc.GetRequiredPluginsResponse, error) {
	return &pulumirpc.GetRequiredPluginsResponse{}, nil
}

func (h goHost) Run(ctx context.Context, r *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	config, err := json.Marshal(r.Config)
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, h.binary)
	cmd.Dir = h.dir
	cmd.Env = append(os.Environ(),
		"PULUMI_ORGANIZATION="+r.Organization, "PULUMI_PROJECT="+r.Project, "PULUMI_STACK="+r.Stack, "PULUMI_ROOT_DIRECTORY="+h.dir,
		"PULUMI_CONFIG="+string(config), "PULUMI_DRY_RUN="+strconv.FormatBool(r.DryRun), "PULUMI_PARALLEL="+strconv.Itoa(int(r.Parallel)),
		"PULUMI_MONITOR="+r.MonitorAddress, "PULUMI_ENGINE="+r.Args[0],
	)
	if out, err := cmd.CombinedOutput(); err != nil {
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("%s: %v", out, err), Bail: cmd.ProcessState != nil && cmd.ProcessState.ExitCode() == 32}, nil
	}
	return &pulumirpc.RunResponse{}, nil
}

const soloTopology = `package stack

environment: "dev"
accounts: main: aws: id: "123456789012"
networks: hub: {account: "main", region: "us-east-1", cidrs: ["192.168.0.0/16"], subnets: endpoints: {cidr: "192.168.0.0/20", zone: "use1-az6"}}
backends: dd: datadog: {site: "us1", services: metrics: {}}
links: "hub-datadog": {from: "hub", to: "dd", via: endpoint: network: "hub"}
`

func writeTopology(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// stockHost is a folder with stacks, the stock host of its program and the plain CLI.
type stockHost struct {
	root, client string
}

func newStockHost(t *testing.T) stockHost {
	t.Helper()
	needCLI(t)
	binary := filepath.Join(t.TempDir(), "obslink-program")
	if out, err := exec.Command("go", "build", "-o", binary, "../../cmd/obslink-program").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	root := t.TempDir()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	host := grpc.NewServer()
	pulumirpc.RegisterLanguageRuntimeServer(host, goHost{binary: binary, dir: root})
	go func() { _ = host.Serve(listener) }()
	t.Cleanup(host.Stop)
	return stockHost{root, "--client=" + listener.Addr().String()}
}

// stack makes a stack of a topology; the function that it returns runs the CLI on it.
func (h stockHost) stack(t *testing.T, name, topology string) func(args ...string) (string, error) {
	t.Helper()
	file := filepath.Join(h.root, "stacks", name, name+".cue")
	writeTopology(t, file, topology)
	// The sandbox's session has what the CLI needs: a project, a backend, the clouds.
	stack := Stack{Plan: &plan.Plan{Stack: name}, Project: "obslink", Dir: filepath.Dir(file), Root: h.root, Sandbox: true}
	s, err := New(Options{}).open(t.Context(), stack, true)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.close() })
	if err := s.create(t.Context()); err != nil {
		t.Fatalf("%v: %s", err, s.engine.stderr)
	}
	return func(args ...string) (string, error) {
		out, err := s.engine.call(t.Context(), s.dir, nil, append(args, "--stack", name)...)
		return out + s.engine.stderr, err
	}
}

// TestStockHost brings a stack up through cmd/obslink-program and the plain CLI.
func TestStockHost(t *testing.T) {
	t.Parallel()
	host := newStockHost(t)
	run := host.stack(t, "solo", soloTopology)
	if out, err := run("up", "--yes", "--skip-preview", host.client); err != nil {
		t.Fatalf("up: %v\n%s", err, out)
	}
	if out, err := run("preview", "--expect-no-changes", host.client); err != nil {
		t.Errorf("the second preview: %v\n%s", err, out)
	}
	if out, err := run("stack", "output", "--json"); err != nil || !strings.Contains(out, `"planDigest"`) {
		t.Errorf("outputs: %v\n%s", err, out)
	}

	// A mistake in the topology comes out as its diagnostic, at the user's line.
	writeTopology(t, filepath.Join(host.root, "stacks", "solo", "solo.cue"), strings.Replace(soloTopology, `from: "hub"`, `from: "hob"`, 1))
	out, err := run("preview", host.client)
	if err == nil || !strings.Contains(out, "stacks/solo/solo.cue:") || !strings.Contains(out, `"hob"`) || strings.Contains(out, "goroutine") {
		t.Errorf("a broken topology: %v\n%s", err, out)
	}

	// The stock CLI makes one pass at a time, and the program says when another is needed.
	run = host.stack(t, "modes", modesTopology)
	const again = "run `pulumi up` a second time"
	if out, err := run("up", "--yes", "--skip-preview", host.client); err != nil || !strings.Contains(out, again) {
		t.Fatalf("the first pass: %v\n%s", err, out)
	}
	if out, err := run("up", "--yes", "--skip-preview", host.client); err != nil || strings.Contains(out, again) || !strings.Contains(out, "1 updated") {
		t.Fatalf("the second pass: %v\n%s", err, out)
	}
	if out, err := run("preview", "--expect-no-changes", host.client); err != nil {
		t.Errorf("the preview after both: %v\n%s", err, out)
	}
}

const modesTopology = `package stack

environment: "dev"
accounts: jp: azure: subscription: "00000000-0000-0000-0000-000000000000"
networks: tokyo: {account: "jp", region: "japaneast", cidrs: ["10.1.0.0/24"], subnets: endpoints: cidr: "10.1.0.64/26"}
backends: logs: azureMonitor: {ingestion: "PrivateOnly", query: "PrivateOnly", exclusions: tokyo: query: "Open", workspaces: main: {}}
links: a: {from: "tokyo", to: "logs", via: endpoint: network: "tokyo"}
`
