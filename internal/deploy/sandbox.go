package deploy

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optrefresh"

	"github.com/obslink/obslink/internal/sandbox"
)

const (
	// sandboxPassphrase is no secret: what a sandbox stores belongs to nobody.
	sandboxPassphrase = "obslink-sandbox"
	// sandboxSecret stands for each secret that is not set, since simulated clouds need none.
	sandboxSecret = "obslink.sandbox"
	// unfinished marks a sandbox whose run did not end by itself. The simulated clouds live in the
	// process that runs them: when it is killed, the engine loses answers that no cloud would lose, and
	// writes down nothing of it.
	unfinished = "unfinished"
)

// clouds are what a sandbox runs on.
type clouds interface {
	// Env is what the engine's environment needs to find them.
	Env() map[string]string
	Close() error
}

func simulated(ctx context.Context, settings sandbox.Config) (clouds, error) {
	return sandbox.Start(ctx, settings)
}

// SandboxFolder is where a stack's sandbox keeps its clouds and its state.
func (s Stack) SandboxFolder() string {
	return filepath.Join(s.Root, stateFolder, "sandbox", s.Plan.Stack)
}

// openSandbox prepares a project, a backend and a Pulumi home of the sandbox's own, so that nothing
// of the user's Pulumi is read, written or downloaded.
func (r *Runner) openSandbox(ctx context.Context, s *session, providers bool) error {
	folder := s.stack.SandboxFolder()
	s.dir = filepath.Join(folder, "project")
	backend := filepath.Join(folder, "backend")
	for _, dir := range []string{s.dir, backend} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return fail(codeSandbox, "the sandbox cannot be kept in %s: %s", folder, cause(err))
		}
	}
	project := fmt.Sprintf("name: %s\nruntime: go\nconfig:\n  %s:\n    value: [\"*\"]\n", s.stack.Project, noDefaultProviders)
	for _, secret := range s.stack.Plan.Secrets {
		if declared := fmt.Sprintf("  %q:\n", secret.Name); !strings.Contains(project, declared) {
			project += declared + "    type: string\n    default: " + sandboxSecret + "\n"
		}
	}
	if err := writeIfChanged(filepath.Join(s.dir, "Pulumi.yaml"), []byte(project)); err != nil {
		return fail(codeSandbox, "the sandbox cannot be kept in %s: %s", folder, cause(err))
	}
	set := map[string]string{
		"PULUMI_BACKEND_URL":                          fileURL(backend),
		"PULUMI_CONFIG_PASSPHRASE":                    sandboxPassphrase,
		"PULUMI_HOME":                                 filepath.Join(folder, "home"),
		"PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
		"PULUMI_DISABLE_REGISTRY_RESOLVE":             "true",
		// Nobody goes back to an older sandbox: that is a copy of the state less at each update.
		"PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS": "true",
	}
	if providers {
		if err := r.startClouds(ctx, s, folder); err != nil {
			return err
		}
		for name, value := range s.clouds.Env() {
			set[name] = value
		}
	}
	s.engine.env = environment(func(name string) bool { return strings.HasPrefix(name, "PULUMI_") }, set)
	return nil
}

func (r *Runner) startClouds(ctx context.Context, s *session, folder string) error {
	settings := sandbox.Config{StateFile: filepath.Join(folder, "clouds.json")}
	for name, into := range map[string]*[]byte{"world.json": &settings.World, "faults.json": &settings.Faults} {
		raw, err := os.ReadFile(filepath.Join(s.stack.Dir, name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fail(codeSandbox, "%s cannot be read: %s", filepath.Join(s.stack.Dir, name), cause(err))
		}
		*into = raw
	}
	// An interrupted engine still needs the clouds for what is under way: they end with the session.
	clouds, err := r.clouds(context.WithoutCancel(ctx), settings)
	for until := time.Now().Add(r.options.LockWait); errors.Is(err, syscall.EAGAIN) && ctx.Err() == nil && time.Now().Before(until); {
		time.Sleep(100 * time.Millisecond)
		clouds, err = r.clouds(context.WithoutCancel(ctx), settings)
	}
	if errors.Is(err, syscall.EAGAIN) {
		return fail(codeLocked, "the sandbox of stack %s is in use by another obslink", quote(s.stack.Plan.Stack)).hint("wait until it is done")
	} else if err != nil {
		return fail(codeSandbox, "the sandbox of stack %s does not start: %s", quote(s.stack.Plan.Stack), firstLine(err.Error())).
			hint("the world file is %s, the faults file %s, the state is in %s", filepath.Join(s.stack.Dir, "world.json"), filepath.Join(s.stack.Dir, "faults.json"), folder)
	}
	s.clouds = clouds
	return nil
}

// isNew reports whether the stack surely is not there yet. Only a sandbox's backend can be looked
// into without asking the CLI.
func (s *session) isNew() bool {
	return s.stack.Sandbox && !exists(filepath.Join(s.backend(), ".pulumi", "stacks", s.stack.Project, s.stack.Plan.Stack+".json"))
}

// settleSandbox makes the state of a sandbox whose last run died what its clouds say. Interrupted
// creates are forgotten: asked for again, the clouds give back the object that they had made.
func (r *Runner) settleSandbox(ctx context.Context, s *session, run *progress) error {
	mark := filepath.Join(s.stack.SandboxFolder(), unfinished)
	if exists(mark) {
		run.note("the last run on this sandbox did not end by itself; reading back what it built")
		// Its engine may outlive it for a moment, and write while others read.
		if err := s.unlock(ctx, s.sandboxLocks(), run, time.Now().Add(r.options.LockWait)); err != nil {
			return err
		}
		s.dropTornAttributes()
		settle := func(ctx context.Context, stack *auto.Stack, out chan<- events.EngineEvent) error {
			_, err := stack.Refresh(ctx, optrefresh.EventStreams(out), optrefresh.Color("never"), optrefresh.ClearPendingCreates())
			return err
		}
		quiet := newProgress(s.stack.Plan, func(e Event) {
			if e.Kind == Note {
				run.observer(e)
			}
		})
		if _, err := r.through(ctx, s, quiet, operationKind{}, settle); err != nil {
			return err
		}
	}
	if err := os.WriteFile(mark, nil, 0o644); err != nil {
		return fail(codeSandbox, "the sandbox cannot be kept in %s: %s", s.stack.SandboxFolder(), cause(err))
	}
	return nil
}

// dropTornAttributes removes the empty attribute files that a killed engine leaves. Local backends
// replace the state itself atomically, but write the attributes beside it in place (gocloud.dev
// fileblob); an empty one reads as "EOF", a missing one as none.
func (s *session) dropTornAttributes() {
	_ = filepath.WalkDir(s.backend(), func(path string, entry fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(path) == ".attrs" {
			if info, err := entry.Info(); err == nil && info.Size() == 0 {
				_ = os.Remove(path)
			}
		}
		return nil
	})
}

// ended takes the mark away, unless the engine may have been stopped in the middle.
func (s *session) ended(byItself bool) {
	if byItself {
		_ = os.Remove(filepath.Join(s.stack.SandboxFolder(), unfinished))
	}
}
