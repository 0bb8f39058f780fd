package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/obslink/obslink/internal/sandbox"
)

// run previews the program or brings it up, with everything that it keeps in a folder.
func run(ctx context.Context, verb, folder, world string) error {
	exists, err := os.ReadFile(world)
	if err != nil {
		return err
	}
	backend := filepath.Join(folder, "backend")
	if err := os.MkdirAll(backend, 0o755); err != nil {
		return err
	}
	clouds, err := sandbox.Start(ctx, sandbox.Config{StateFile: filepath.Join(folder, "clouds.json"), World: exists})
	if err != nil {
		return err
	}
	defer clouds.Close()
	env := map[string]string{
		"PULUMI_BACKEND_URL":                            "file://" + backend,
		"PULUMI_CONFIG_PASSPHRASE":                      "bench",
		"PULUMI_HOME":                                   filepath.Join(folder, "home"),
		"PULUMI_SKIP_UPDATE_CHECK":                      "true",
		"PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION":   "true",
		"PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS": "true",
	}
	maps.Copy(env, clouds.Env())
	s, err := auto.UpsertStackInlineSource(ctx, "prod", "byhand", program, auto.EnvVars(env),
		auto.Project(workspace.Project{Name: tokens.PackageName("byhand"), Runtime: workspace.NewProjectRuntimeInfo("go", nil)}))
	if err != nil {
		return err
	}
	if verb == "preview" {
		_, err = s.Preview(ctx)
		return err
	}
	up, err := s.Up(ctx, optup.SuppressProgress())
	if err == nil && up.Summary.ResourceChanges != nil {
		fmt.Println((*up.Summary.ResourceChanges)["create"] - 1) // less the stack itself
	}
	return err
}

// program is what a person would write.
func program(ctx *pulumi.Context) error {
	if err := datadog(ctx); err != nil {
		return err
	}
	return monitor(ctx)
}
