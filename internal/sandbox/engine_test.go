package sandbox

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optdestroy"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optpreview"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optrefresh"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// The real engine, with untyped registrations: the typed SDKs take minutes to compile, and what goes over the wire is the same.

func pulumiCLI(t *testing.T) string {
	t.Helper()
	for _, path := range []string{"../../bin/pulumi", "pulumi"} {
		if found, err := exec.LookPath(path); err == nil {
			abs, _ := filepath.Abs(found)
			return filepath.Dir(abs)
		}
	}
	t.Fatal("no pulumi command; `make pulumi` gets or builds it")
	return ""
}

func engine(t *testing.T, e *env, program pulumi.RunFunc) auto.Stack {
	t.Helper()
	if testing.Short() {
		t.Skip("starts the engine ten times")
	}
	bin := pulumiCLI(t)
	dir := t.TempDir()
	vars := map[string]string{
		"PATH": bin + ":" + os.Getenv("PATH"), "PULUMI_BACKEND_URL": "file://" + dir, "PULUMI_CONFIG_PASSPHRASE": "x",
		"PULUMI_SKIP_UPDATE_CHECK": "true", "PULUMI_HOME": dir,
	}
	for k, v := range e.server.Env() {
		vars[k] = v
	}
	command, err := auto.NewPulumiCommand(&auto.PulumiCommandOptions{Root: filepath.Dir(bin), SkipVersionCheck: true})
	if err != nil {
		t.Fatal(err)
	}
	s, err := auto.UpsertStackInlineSource(t.Context(), "dev", "obslink", program, auto.EnvVars(vars), auto.Pulumi(command))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.SetAllConfig(t.Context(), auto.ConfigMap{"pulumi:disable-default-providers": auto.ConfigValue{Value: `["*"]`}}); err != nil {
		t.Fatal(err)
	}
	return s
}

type anyResource struct{ pulumi.CustomResourceState }

func register(ctx *pulumi.Context, token, name string, p pulumi.ProviderResource, in pulumi.Map, opts ...pulumi.ResourceOption) (*anyResource, error) {
	var r anyResource
	err := ctx.RegisterResource(token, name, in, &r, append(opts, pulumi.Provider(p))...)
	return &r, err
}

func TestEngine(t *testing.T) {
	e := start(t, Config{})
	cidr := "192.168.0.0/16"
	program := func(ctx *pulumi.Context) error {
		var p pulumi.ProviderResourceState
		if err := ctx.RegisterResource("pulumi:providers:aws", "us", pulumi.Map{"region": pulumi.String("us-east-1"),
			"allowedAccountIds": pulumi.ToStringArray([]string{"111111111111"})}, &p); err != nil {
			return err
		}
		var az pulumi.ProviderResourceState
		if err := ctx.RegisterResource("pulumi:providers:azure-native", "jp", pulumi.Map{"subscriptionId": pulumi.String(sub1)}, &az); err != nil {
			return err
		}
		vpc, err := register(ctx, vpcToken, "hub", &p, pulumi.Map{"cidrBlock": pulumi.String(cidr), "enableDnsHostnames": pulumi.Bool(true)})
		if err != nil {
			return err
		}
		subnet, err := register(ctx, subnetToken, "endpoints", &p, pulumi.Map{"vpcId": vpc.ID(), "cidrBlock": pulumi.String(strings.Replace(cidr, "/16", "/20", 1))})
		if err != nil {
			return err
		}
		group, err := register(ctx, groupToken, "clients", &p, pulumi.Map{"vpcId": vpc.ID()})
		if err != nil {
			return err
		}
		_, err = register(ctx, endpointToken, "metrics", &p, pulumi.Map{"vpcId": vpc.ID(), "serviceName": pulumi.String(metricsService),
			"vpcEndpointType": pulumi.String("Interface"), "subnetIds": pulumi.Array{subnet.ID()}, "securityGroupIds": pulumi.Array{group.ID()},
			"tags": pulumi.Map{"canary": pulumi.ToSecret(pulumi.String("canary-value"))}})
		if err != nil {
			return err
		}
		_, err = register(ctx, groupTypeToken, "rg", &az, pulumi.Map{"resourceGroupName": pulumi.String("rg"), "location": pulumi.String("japaneast")})
		return err
	}
	s := engine(t, e, program)
	ctx := context.Background()
	first, err := s.Preview(ctx, optpreview.ProgressStreams(t.Output()))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(first.StdOut, noticeText) {
		t.Fatal("the engine's output does not say that this is a sandbox")
	}
	if _, err := s.Up(ctx, optup.ProgressStreams(t.Output())); err != nil {
		t.Fatal(err)
	}
	unchanged := func() {
		t.Helper()
		if _, err := s.Preview(ctx, optpreview.ExpectNoChanges(), optpreview.ProgressStreams(t.Output())); err != nil {
			t.Fatal(err)
		}
	}
	unchanged()
	if _, err := s.Refresh(ctx, optrefresh.ExpectNoChanges(), optrefresh.ProgressStreams(t.Output())); err != nil {
		t.Fatal(err)
	}
	unchanged()
	data, err := os.ReadFile(e.state)
	if err != nil || strings.Contains(string(data), "canary-value") {
		t.Fatalf("the state file holds a secret (%v)", err)
	}
	cidr = "192.169.0.0/16"
	if _, err := s.Up(ctx, optup.ProgressStreams(t.Output())); err != nil {
		t.Fatal(err)
	}
	unchanged()
	if _, err := s.Destroy(ctx, optdestroy.ProgressStreams(t.Output())); err != nil {
		t.Fatal(err)
	}
	if left := e.clouds().Objects(); len(left) > 0 {
		t.Fatalf("destroy left %v", left)
	}
}
