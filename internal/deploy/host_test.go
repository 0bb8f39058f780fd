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

// TestStockHost brings a stack up through cmd/obslink-program and the plain CLI.
func TestStockHost(t *testing.T) {
	needCLI(t)
	binary := filepath.Join(t.TempDir(), "obslink-program")
	if out, err := exec.Command("go", "build", "-o", binary, "../../cmd/obslink-program").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	root := t.TempDir()
	topology := filepath.Join(root, "stacks", "solo", "solo.cue")
	writeTopology(t, topology, soloTopology)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	host := grpc.NewServer()
	pulumirpc.RegisterLanguageRuntimeServer(host, goHost{binary: binary, dir: root})
	go func() { _ = host.Serve(listener) }()
	t.Cleanup(host.Stop)

	// The sandbox's session has what the CLI needs: a project, a backend, the clouds.
	stack := Stack{Plan: &plan.Plan{Stack: "solo"}, Project: "obslink", Dir: filepath.Join(root, "stacks", "solo"), Root: root, Sandbox: true}
	s, err := New(Options{}).open(t.Context(), stack, true)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.close() })
	if err := s.create(t.Context()); err != nil {
		t.Fatalf("%v: %s", err, s.engine.stderr)
	}
	client := "--client=" + listener.Addr().String()
	if out, err := s.engine.call(t.Context(), s.dir, nil, "up", "--yes", "--skip-preview", "--stack", "solo", client); err != nil {
		t.Fatalf("up: %v\n%s%s", err, out, s.engine.stderr)
	}
	if out, err := s.engine.call(t.Context(), s.dir, nil, "preview", "--expect-no-changes", "--stack", "solo", client); err != nil {
		t.Errorf("the second preview: %v\n%s%s", err, out, s.engine.stderr)
	}
	out, err := s.engine.call(t.Context(), s.dir, nil, "stack", "output", "--json", "--stack", "solo")
	if err != nil || !strings.Contains(out, `"planDigest"`) {
		t.Errorf("outputs: %v\n%s", err, out)
	}

	// A mistake in the topology comes out as its diagnostic, at the user's line.
	writeTopology(t, topology, strings.Replace(soloTopology, `from: "hub"`, `from: "hob"`, 1))
	out, err = s.engine.call(t.Context(), s.dir, nil, "preview", "--stack", "solo", client)
	if err == nil || !strings.Contains(out, "stacks/solo/solo.cue:") || !strings.Contains(out, `"hob"`) || strings.Contains(out, "goroutine") {
		t.Errorf("a broken topology: %v\n%s%s", err, out, s.engine.stderr)
	}
}
