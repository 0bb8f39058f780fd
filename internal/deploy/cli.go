package deploy

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/blang/semver"
	"github.com/google/renameio/v2"
)

// minimumCLI is the oldest Pulumi CLI that keeps what obslink promises. 3.181 is the first that runs
// an inline program on `refresh --run-program` (pulumi/pulumi#19912); 3.208 is the first engine that
// knows replacement triggers (pulumi/pulumi#20936): an older one drops them silently and leaves a
// private zone on a deleted VPC.
var minimumCLI = semver.MustParse("3.208.0")

// cliVariable names a Pulumi CLI and wins over every other place.
const cliVariable = "OBSLINK_PULUMI"

// cli is a Pulumi command line that is new enough.
type cli struct {
	path    string
	version semver.Version
}

// findCLI takes the CLI that the environment names, else the one that `make pulumi` built, else the
// one on PATH.
func findCLI(ctx context.Context, root string) (cli, error) {
	path, from := os.Getenv(cliVariable), cliVariable
	if path == "" {
		path, from = filepath.Join(root, "bin", "pulumi"), "bin/pulumi"
		if _, err := os.Stat(path); err != nil {
			path, from = "pulumi", "PATH"
		}
	}
	found, err := exec.LookPath(path)
	if err != nil {
		message := "no Pulumi CLI in bin/pulumi or on PATH"
		if from == cliVariable {
			message = "no Pulumi CLI at " + quote(path) + ", which " + cliVariable + " names"
		}
		return cli{}, fail(codeCLI, "%s", message).hint("type `make pulumi` to get or build one (a first build takes minutes), or set %s", cliVariable)
	}
	if found, err = filepath.Abs(found); err != nil {
		return cli{}, err
	}
	version, err := cliVersion(ctx, root, found)
	if err != nil {
		return cli{}, fail(codeCLI, "%s does not run as a Pulumi CLI: %s", quote(found), firstLine(err.Error())).
			hint("type `make pulumi` to get or build one, or set %s", cliVariable)
	}
	if version.LT(minimumCLI) {
		return cli{}, fail(codeCLI, "the Pulumi CLI %s (%s) is too old: obslink needs %s or later", quote(found), version, minimumCLI).
			hint("type `make pulumi`, which puts a newer one into bin/pulumi")
	}
	return cli{path: found, version: version}, nil
}

// cliVersion asks the CLI once and remembers the answer by the file's size and time: starting it
// takes a quarter of a second, as much as a tenth of a whole preview.
func cliVersion(ctx context.Context, root, path string) (semver.Version, error) {
	type memory struct {
		Path    string    `json:"path"`
		Size    int64     `json:"size"`
		Time    time.Time `json:"time"`
		Version string    `json:"version"`
	}
	info, err := os.Stat(path)
	if err != nil {
		return semver.Version{}, err
	}
	now := memory{Path: path, Size: info.Size(), Time: info.ModTime().UTC()}
	file := filepath.Join(root, stateFolder, "pulumi-cli.json")
	var known memory
	if raw, err := os.ReadFile(file); err == nil && json.Unmarshal(raw, &known) == nil {
		now.Version = known.Version
		if known == now {
			return semver.ParseTolerant(known.Version)
		}
	}
	ask := exec.CommandContext(ctx, path, "version")
	ask.Env = environment(nil, map[string]string{"PULUMI_SKIP_UPDATE_CHECK": "true", "PULUMI_HOME": filepath.Join(root, stateFolder, "home")})
	out, err := ask.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return semver.Version{}, errors.New("`pulumi version` failed: " + firstLine(string(exit.Stderr)))
	} else if err != nil {
		return semver.Version{}, err
	}
	now.Version = strings.TrimSpace(string(out))
	version, err := semver.ParseTolerant(now.Version)
	if err != nil {
		return semver.Version{}, errors.New("`pulumi version` printed " + quote(firstLine(now.Version)))
	}
	// Only a shortcut: where it cannot be written, the next run asks again.
	if raw, err := json.Marshal(now); err == nil && os.MkdirAll(filepath.Dir(file), 0o755) == nil {
		_ = renameio.WriteFile(file, raw, 0o644)
	}
	return version, nil
}
