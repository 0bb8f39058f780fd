package deploy

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/blang/semver"
)

// engine starts the Pulumi CLI; it is the Automation API's PulumiCommand. Two things differ from the
// Automation API's own: the calls that obslink has no use for are not made (each costs a quarter of a
// second), and an interrupted CLI is waited for, since the API's own kills it after ten seconds and
// loses what a cloud was just building.
type engine struct {
	cli cli
	env []string
	// stdout and stderr are what the last call printed.
	stdout, stderr string
}

func (e *engine) Version() semver.Version { return e.cli.version }

// unwanted are calls that the Automation API makes around every operation, with answers that it
// accepts: obslink learns from the operation itself whether the stack exists, and reads outputs
// when it is asked for them.
var unwanted = map[string]string{"stack select": "", "stack output": "{}", "stack history": "[]"}

// Run is called by the Automation API.
func (e *engine) Run(ctx context.Context, dir string, stdin io.Reader, stdout, stderr []io.Writer, env []string, args ...string) (string, string, int, error) {
	if len(args) > 1 {
		if answer, ok := unwanted[args[0]+" "+args[1]]; ok {
			return answer, "", 0, nil
		}
	}
	code, err := e.run(ctx, dir, stdin, stdout, stderr, env, args...)
	return e.stdout, e.stderr, code, err
}

// call runs one CLI command and returns what it printed.
func (e *engine) call(ctx context.Context, dir string, stdin io.Reader, args ...string) (string, error) {
	_, err := e.run(ctx, dir, stdin, nil, nil, nil, args...)
	return e.stdout, err
}

func (e *engine) run(ctx context.Context, dir string, stdin io.Reader, stdout, stderr []io.Writer, env []string, args ...string) (int, error) {
	var out, errs bytes.Buffer
	// The CLI finds language hosts and the like beside itself.
	path := "PATH=" + filepath.Dir(e.cli.path) + string(os.PathListSeparator) + os.Getenv("PATH")
	cmd := exec.Command(e.cli.path, append([]string{"--non-interactive"}, args...)...)
	cmd.Dir = dir
	cmd.Env = append(append(e.env[:len(e.env):len(e.env)], env...), path, "PULUMI_AUTOMATION_API=true", "PULUMI_SKIP_UPDATE_CHECK=true")
	cmd.Stdin = stdin
	cmd.Stdout = io.MultiWriter(append(stdout, &out)...)
	cmd.Stderr = io.MultiWriter(append(stderr, &errs)...)
	// A group of its own: a Ctrl-C at the terminal reaches obslink only, which hands it on once.
	cmd.SysProcAttr = ownGroup()
	err := interruptible(ctx, cmd)
	e.stdout, e.stderr = out.String(), errs.String()
	if cmd.ProcessState == nil {
		return -1, err
	}
	return cmd.ProcessState.ExitCode(), err
}

// interruptible runs the command. When ctx ends the CLI is asked to stop, which lets operations that
// are under way finish and saves their results; a second interrupt from the keyboard is handed on as
// one too and makes the CLI stop at once.
func interruptible(ctx context.Context, cmd *exec.Cmd) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()

	cancelled, interrupts := ctx.Done(), 0
	for {
		select {
		case err := <-ended:
			return err
		case <-cancelled:
			cancelled = nil
			_ = cmd.Process.Signal(os.Interrupt)
		case <-signals:
			// The first signal is also what ended ctx, or will: it counts once.
			if interrupts++; interrupts > 1 {
				_ = cmd.Process.Signal(os.Interrupt)
			}
		}
	}
}

// environment is this process's environment without the variables that drop answers true, and with
// those of set.
func environment(drop func(name string) bool, set map[string]string) []string {
	var env []string
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		if _, replaced := set[name]; !replaced && (drop == nil || !drop(name)) {
			env = append(env, entry)
		}
	}
	for name, value := range set {
		env = append(env, name+"="+value)
	}
	return env
}
