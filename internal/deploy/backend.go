package deploy

import (
	"context"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"

	"github.com/google/renameio/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/config"
	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"

	"github.com/obslink/obslink/compiler/diag"
)

const (
	// stateFolder holds what obslink may forget: sandboxes and shortcuts.
	stateFolder = ".obslink"
	// noDefaultProviders makes the engine refuse a resource without an explicit provider, which
	// would go to whatever account the shell is logged in to.
	noDefaultProviders = "pulumi:disable-default-providers"
	debugProviders     = "PULUMI_DEBUG_PROVIDERS"
)

// session is one stack made ready for the engine.
type session struct {
	stack  Stack
	engine *engine
	dir    string // the Pulumi project's folder
	clouds clouds
}

// open makes the stack ready. Only what runs providers needs the clouds.
func (r *Runner) open(ctx context.Context, stack Stack, providers bool) (*session, error) {
	if !stack.Sandbox && os.Getenv(debugProviders) != "" {
		return nil, fail(codeDebug, "%s is set: the engine would talk to %s instead of the clouds", debugProviders, quote(os.Getenv(debugProviders))).
			hint("type `unset %s`, or use --sandbox", debugProviders)
	}
	found, err := findCLI(ctx, stack.Root)
	if err != nil {
		return nil, err
	}
	s := &session{stack: stack, engine: &engine{cli: found}, dir: stack.Root}
	if stack.Sandbox {
		return s, r.openSandbox(ctx, s, providers)
	}
	s.engine.env = environment(nil, nil)
	return s, s.checkProject()
}

// checkProject looks whether the user's Pulumi project is the one that the stack belongs to.
func (s *session) checkProject() error {
	path := filepath.Join(s.dir, "Pulumi.yaml")
	project, err := workspace.LoadProject(path)
	if errors.Is(err, fs.ErrNotExist) {
		return fail(codeProject, "there is no Pulumi.yaml in %s", s.dir).hint("type `obslink init`, or change to the project's folder")
	} else if err != nil {
		return fail(codeProject, "%s does not read as a Pulumi project: %s", path, firstLine(err.Error()))
	}
	if string(project.Name) != s.stack.Project {
		return fail(codeProject, "%s names the project %s, but the stack belongs to %s", path, quote(string(project.Name)), quote(s.stack.Project)).
			hint("write `name: %s`", s.stack.Project)
	}
	if _, ok := project.Config[noDefaultProviders]; !ok {
		return fail(codeProject, "%s lets the engine use default providers, which act in whatever account the shell is logged in to", path).
			hint("add to it:\nconfig:\n  %s:\n    value: [\"*\"]", noDefaultProviders)
	}
	return nil
}

// settings reads Pulumi.STACK.yaml; a stack that has none yet has empty settings.
func (s *session) settings() (*workspace.ProjectStack, error) {
	path := filepath.Join(s.dir, "Pulumi."+s.stack.Plan.Stack+".yaml")
	project := &workspace.Project{}
	if loaded, err := workspace.LoadProject(filepath.Join(s.dir, "Pulumi.yaml")); err == nil {
		project = loaded
	}
	settings, err := workspace.LoadProjectStack(nil, project, path)
	if err != nil {
		return nil, fail(codeProject, "%s does not read as a stack's settings: %s", path, firstLine(err.Error()))
	}
	return settings, nil
}

// checkSecrets says which of the plan's secrets are not set, all at once. The simulated clouds take
// no secret, so a sandbox runs without.
func (s *session) checkSecrets() error {
	if s.stack.Sandbox || len(s.stack.Plan.Secrets) == 0 {
		return nil
	}
	settings, err := s.settings()
	if err != nil {
		return err
	}
	var missing diag.List
	for _, secret := range s.stack.Plan.Secrets {
		if value, ok := settings.Config[config.MustMakeKey(s.stack.Project, secret.Name)]; !ok || !value.Secure() {
			missing = append(missing, codeSecret.At(secret.Origin.Pos, secret.Origin.Path, "secret %s is not set for stack %s", quote(secret.Name), quote(s.stack.Plan.Stack)).
				WithHint("type `obslink secret set %s %s` and enter its value", s.stack.Plan.Stack, secret.Name))
		}
	}
	if len(missing) > 0 {
		return &Failure{missing.Sorted()}
	}
	return nil
}

// automation is the stack as the Automation API sees it. It starts no process.
func (s *session) automation(ctx context.Context) (auto.Stack, error) {
	work, err := auto.NewLocalWorkspace(ctx, auto.WorkDir(s.dir), auto.Pulumi(s.engine))
	if err != nil {
		return auto.Stack{}, err
	}
	return auto.SelectStack(ctx, s.stack.Plan.Stack, work)
}

// create makes the stack in the backend, with the secrets provider that its settings name.
func (s *session) create(ctx context.Context) error {
	args := []string{"stack", "init", s.stack.Plan.Stack, "--no-select"}
	settings, err := s.settings()
	if err != nil {
		return err
	}
	if settings.SecretsProvider != "" {
		args = append(args, "--secrets-provider", settings.SecretsProvider)
	}
	_, err = s.engine.call(ctx, s.dir, nil, args...)
	return err
}

func (s *session) close() error {
	if s.clouds == nil {
		return nil
	}
	if err := s.clouds.Close(); err != nil {
		return fail(codeSandbox, "the sandbox of stack %s could not write what it built: %s", quote(s.stack.Plan.Stack), cause(err))
	}
	return nil
}

// backend says where the state is kept.
func (s *session) backend() string {
	if s.stack.Sandbox {
		return filepath.Join(s.stack.SandboxFolder(), "backend")
	}
	if backend := os.Getenv("PULUMI_BACKEND_URL"); backend != "" {
		if u, err := url.Parse(backend); err == nil {
			return u.Redacted()
		}
	}
	return "the Pulumi backend"
}

// stateHint says how to come back from a state that does not read.
func (s *session) stateHint() string {
	if s.stack.Sandbox {
		return "delete " + s.stack.SandboxFolder() + " to start over with empty clouds"
	}
	if tornRead.MatchString(s.engine.stderr) {
		return "look for an empty file " + s.stack.Plan.Stack + ".json.attrs beside the state in " + s.backend() + ": a killed process leaves one, and it may be deleted"
	}
	return "put back the last good copy in " + s.backend() + ": Pulumi keeps one beside the state (.pulumi/stacks/…/" + s.stack.Plan.Stack +
		".json.bak) and one per update under .pulumi/backups"
}

// pulumi is a command line for the user to type.
func (s *session) pulumi(command string) string {
	if s.stack.Sandbox {
		return "PULUMI_BACKEND_URL=" + fileURL(s.backend()) + " pulumi " + command
	}
	return "pulumi " + command
}

func fileURL(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	return "file://" + filepath.ToSlash(path)
}

// writeIfChanged replaces a file atomically, and only where it must.
func writeIfChanged(path string, data []byte) error {
	if old, err := os.ReadFile(path); err == nil && slices.Equal(old, data) {
		return nil
	}
	return renameio.WriteFile(path, data, 0o644)
}

// cause is an error without the Go operation and path around it.
func cause(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
