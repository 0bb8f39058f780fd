package deploy

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/plan"
)

func TestCLIMissingOrTooOld(t *testing.T) {
	script := func(name, text string) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte("#!/bin/sh\n"+text+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
		return path
	}
	tests := map[string]struct {
		cli  string
		want []string
	}{
		"named but missing": {cli: "/does/not/exist/pulumi", want: []string{`no Pulumi CLI at "/does/not/exist/pulumi"`, "make pulumi"}},
		"nowhere":           {want: []string{"no Pulumi CLI in bin/pulumi or on PATH", "make pulumi"}},
		"too old":           {cli: script("pulumi", "echo v3.100.0"), want: []string{"3.100.0", "too old", minimumCLI.String(), "make pulumi"}},
		"something else":    {cli: script("pulumi", "echo hello"), want: []string{"does not run as a Pulumi CLI", "make pulumi"}},
		"broken":            {cli: script("pulumi", "echo cannot load >&2; exit 3"), want: []string{"cannot load", "make pulumi"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Setenv(cliVariable, test.cli)
			t.Setenv("PATH", "/does/not/exist:/bin")
			t.Setenv(debugProviders, "")
			root := t.TempDir()
			stack := Stack{Plan: &plan.Plan{Stack: "dev"}, Project: "obslink", Dir: root, Root: root, Sandbox: true}
			_, err := New(Options{}).Preview(t.Context(), stack, nil)
			wantFailure(t, err, append(test.want, "OBS503")...)
		})
	}
}

// The script that gets a CLI must not stop at one that obslink refuses.
func TestScriptAgreesOnMinimum(t *testing.T) {
	raw, err := os.ReadFile("../../scripts/pulumi")
	if err != nil {
		t.Fatal(err)
	}
	if want := "\nminimum=" + minimumCLI.String() + "\n"; !strings.Contains(string(raw), want) {
		t.Errorf("scripts/pulumi lacks %q", want)
	}
}

func (b *bench) writeLock(t *testing.T, host string, pid int, at time.Time) string {
	t.Helper()
	path := filepath.Join(b.stack.SandboxFolder(), "backend", ".pulumi", "locks", "organization", b.stack.Project, b.stack.Plan.Stack, "11111111-1111-1111-1111-111111111111.json")
	raw, _ := json.Marshal(map[string]any{"pid": pid, "username": "alice", "hostname": host, "timestamp": at})
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestLocks(t *testing.T) {
	host, _ := os.Hostname()
	b := newBench(t)
	b.things.add(3, "thing_a", "size", "1")
	b.up(t)
	b.things.Things[0].Inputs["size"] = "2"

	gone := exec.Command("true")
	if err := gone.Run(); err != nil {
		t.Fatal(err)
	}
	t.Run("of a dead process here", func(t *testing.T) {
		path := b.writeLock(t, host, gone.Process.Pid, time.Now())
		b.events = nil
		b.up(t)
		if _, err := os.Stat(path); err == nil {
			t.Error("the lock is still there")
		}
		if len(b.events) == 0 || b.events[0].Kind != Note || !strings.Contains(b.events[0].Message, "alice@"+host) {
			t.Errorf("nothing was said of it: %s", show(b.events))
		}
	})
	t.Run("of a number that another process has now", func(t *testing.T) {
		b.writeLock(t, host, os.Getpid(), time.Now().Add(-24*time.Hour))
		b.up(t)
	})
	t.Run("of a living process here", func(t *testing.T) {
		defer os.Remove(b.writeLock(t, host, os.Getpid(), time.Now().Add(time.Minute)))
		b.events = nil
		began := time.Now()
		_, err := b.Up(t.Context(), b.stack, b.hear)
		wantFailure(t, err, `stack "dev" is being changed by alice@`+host, "OBS505", "wait until it is done", "kill -INT")
		if waited := time.Since(began); waited < b.options.LockWait || waited > b.options.LockWait+20*time.Second {
			t.Errorf("waited %s", waited)
		}
		if len(b.events) != 1 || b.events[0].Kind != Note {
			t.Errorf("a wait is announced once: %s", show(b.events))
		}
	})
	t.Run("of another host", func(t *testing.T) {
		path := b.writeLock(t, "elsewhere", 1, time.Now())
		defer os.Remove(path)
		_, err := b.Up(t.Context(), b.stack, nil)
		wantFailure(t, err, `alice@elsewhere (process 1`, "OBS505", "can only be seen on elsewhere", "pulumi cancel --stack dev")
		if _, err := os.Stat(path); err != nil {
			t.Error("a lock that nobody can judge was removed")
		}
	})
}

func TestCorruptState(t *testing.T) {
	b := newBench(t)
	b.things.add(3, "thing_a", "size", "1")
	b.up(t)
	whole, err := os.ReadFile(b.checkpoint())
	if err != nil {
		t.Fatal(err)
	}
	for name, broken := range map[string]string{
		"cut short": string(whole[:len(whole)/2]),
		"empty":     "",
		"no JSON":   "<html>",
		"newer":     strings.Replace(string(whole), `"version":3,`, `"version":99,`, 1),
	} {
		t.Run(name, func(t *testing.T) {
			if err := os.WriteFile(b.checkpoint(), []byte(broken), 0o600); err != nil {
				t.Fatal(err)
			}
			for what, run := range map[string]func() error{
				"up":      func() error { _, err := b.Up(t.Context(), b.stack, nil); return err },
				"preview": func() error { _, err := b.Preview(t.Context(), b.stack, nil); return err },
				"outputs": func() error { _, err := b.Outputs(t.Context(), b.stack); return err },
				"destroy": func() error { _, err := b.Destroy(t.Context(), b.stack, false, nil); return err },
			} {
				err := run()
				if err == nil {
					t.Errorf("%s of a corrupt state went through", what)
					continue
				}
				wantFailure(t, err, `the state of stack "dev" does not read`, "OBS506", "delete "+b.stack.SandboxFolder())
			}
			if now, _ := os.ReadFile(b.checkpoint()); string(now) != broken {
				t.Error("the state file was written over")
			}
			if b.clouds.count() != 1 {
				t.Errorf("%d objects", b.clouds.count())
			}
		})
	}
}

// realBench is a stack outside the sandbox: a project of its own and a local backend.
func realBench(t *testing.T) *bench {
	t.Helper()
	b := newBench(t)
	b.stack.Sandbox = false
	b.clouds = nil
	b.project(t, "name: obslink\nruntime: go\nconfig:\n  pulumi:disable-default-providers:\n    value: [\"*\"]\n")
	backend := filepath.Join(b.stack.Root, "state")
	if err := os.Mkdir(backend, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PULUMI_BACKEND_URL", "file://"+backend)
	t.Setenv("PULUMI_HOME", filepath.Join(b.stack.Root, "home"))
	t.Setenv("PULUMI_CONFIG_PASSPHRASE", "correct horse")
	return b
}

func (b *bench) project(t *testing.T, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(b.stack.Root, "Pulumi.yaml"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestDebugProvidersAreRefused(t *testing.T) {
	b := realBench(t)
	t.Setenv(debugProviders, "aws:1234")
	_, err := b.Up(t.Context(), b.stack, nil)
	wantFailure(t, err, "OBS511", "PULUMI_DEBUG_PROVIDERS is set", "unset PULUMI_DEBUG_PROVIDERS")
}

func TestProject(t *testing.T) {
	b := realBench(t)
	for text, want := range map[string]string{
		"name: other\nruntime: go\n":   `names the project "other"`,
		"name: obslink\nruntime: go\n": "default providers",
		"name: [\n":                    "does not read as a Pulumi project",
		"":                             "does not read as a Pulumi project",
	} {
		b.project(t, text)
		_, err := b.Up(t.Context(), b.stack, nil)
		wantFailure(t, err, "OBS504", want)
	}
	if err := os.Remove(filepath.Join(b.stack.Root, "Pulumi.yaml")); err != nil {
		t.Fatal(err)
	}
	_, err := b.Up(t.Context(), b.stack, nil)
	wantFailure(t, err, "OBS504", "there is no Pulumi.yaml", "obslink init")
}

func TestPassphrase(t *testing.T) {
	b := realBench(t)
	os.Unsetenv("PULUMI_CONFIG_PASSPHRASE") // realBench puts it back
	_, err := b.Up(t.Context(), b.stack, nil)
	wantFailure(t, err, "OBS508", "needs a passphrase", "PULUMI_CONFIG_PASSPHRASE")
	b.wantUntouched(t)

	t.Setenv("PULUMI_CONFIG_PASSPHRASE", "correct horse")
	if err := b.SecretSet(t.Context(), b.stack, "home-wg", "battery"); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PULUMI_CONFIG_PASSPHRASE", "wrong")
	_, err = b.Up(t.Context(), b.stack, nil)
	wantFailure(t, err, "OBS508", "not the one", "PULUMI_CONFIG_PASSPHRASE")
}

// wantUntouched looks for half-written files after a refusal.
func (b *bench) wantUntouched(t *testing.T) {
	t.Helper()
	for _, pattern := range []string{"Pulumi.*.yaml", "state/.pulumi/stacks/*/*"} {
		if found, _ := filepath.Glob(filepath.Join(b.stack.Root, pattern)); len(found) > 0 {
			t.Errorf("the refused run left %v", found)
		}
	}
}

func TestSecrets(t *testing.T) {
	b := realBench(t)
	const canary = "cAnArY-0123456789"
	b.stack.Plan.Secrets = []plan.Secret{
		{Name: "home-wg", Origin: plan.Origin{Path: "sites.home.wireguard.privateKey", Pos: diag.Pos{File: "stack.cue", Line: 7, Column: 2}}},
		{Name: "office-psk", Origin: plan.Origin{Path: "sites.office.vpn.psk", Pos: diag.Pos{File: "stack.cue", Line: 9, Column: 2}}},
	}
	_, err := b.Up(t.Context(), b.stack, b.hear)
	wantFailure(t, err, `stack.cue:7:2: secret "home-wg" is not set`, "obslink secret set dev home-wg", `stack.cue:9:2: secret "office-psk"`)
	b.wantUntouched(t)

	for _, name := range []string{"home-wg", "office-psk"} {
		if err := b.SecretSet(t.Context(), b.stack, name, canary); err != nil {
			t.Fatal(err)
		}
	}
	// No provider can be had outside the sandbox: the program registers nothing.
	b.program = emptyProgram
	b.up(t)
	for _, bad := range []string{"", "a b", "$(x)", "-x"} {
		wantFailure(t, b.SecretSet(t.Context(), b.stack, bad, canary), "OBS509")
	}
	wantFailure(t, b.SecretSet(t.Context(), b.stack, "home-wg", ""), "OBS509", "is empty")
	err = filepath.WalkDir(b.stack.Root, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if unpacked, zipErr := gzip.NewReader(bytes.NewReader(raw)); zipErr == nil { // the engine's logs
			raw, err = io.ReadAll(unpacked)
		}
		if strings.Contains(string(raw), canary) {
			t.Errorf("%s holds the secret in clear", path)
		}
		return err
	})
	if err != nil || strings.Contains(show(b.events), canary) {
		t.Error(err, show(b.events))
	}
}

// A full disk leaves an empty lock file, which the engine cannot read.
func TestTornLock(t *testing.T) {
	b := realBench(t)
	b.program = emptyProgram
	b.up(t)
	locks := filepath.Join(b.stack.Root, "state", ".pulumi", "locks", "organization", "obslink", "dev")
	torn := filepath.Join(locks, "x.json.tmp")
	if err := os.MkdirAll(locks, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(torn, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := b.Up(t.Context(), b.stack, nil)
	wantFailure(t, err, "OBS505", "a lock without a name in it", torn, "pulumi cancel --stack dev")
	if err := os.Remove(torn); err != nil {
		t.Fatal(err)
	}
	b.up(t)
}
