package deploy

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// lock is a process that is changing the stack, or was when it died.
type lock struct {
	url  string
	user string
	host string
	pid  int
	at   time.Time
}

var lockLine = regexp.MustCompile(`(?m)^\s*(\S+): created by (.*)@(\S+) \(pid (\d+)\) at (\S+)`)

// locksIn reads the engine's refusal to run on a locked stack. The text is the same for every
// backend that keeps its state in files (local, S3, Azure Blob, GCS).
func locksIn(text string) []lock {
	if !strings.Contains(text, "currently locked by") {
		return nil
	}
	var locks []lock
	for _, m := range lockLine.FindAllStringSubmatch(text, -1) {
		pid, _ := strconv.Atoi(m[4])
		at, _ := time.Parse(time.RFC3339, m[5])
		locks = append(locks, lock{url: m[1], user: m[2], host: m[3], pid: pid, at: at})
	}
	return locks
}

// here reports whether the lock's process runs, or ran, on this host.
func (l lock) here() bool {
	host, err := os.Hostname()
	return err == nil && l.host == host
}

// lockFiles are the stack's locks in a backend on this disk. The engine takes every file in the folder
// for one, half-written ones too.
func (s *session) lockFiles() []string {
	dir := s.backend()
	if local, ok := localFile(dir); ok {
		dir = local
	}
	paths, _ := filepath.Glob(filepath.Join(dir, ".pulumi", "locks", "*", s.stack.Project, s.stack.Plan.Stack, "*"))
	return slices.DeleteFunc(paths, func(path string) bool { return filepath.Ext(path) == ".attrs" })
}

// tornLock is how the engine complains of a lock file without content: what remains of one that was
// taken when the disk was full.
var tornLock = regexp.MustCompile(`(?m)^error: unexpected end of JSON input$`)

// tornLocks are those files.
func (s *session) tornLocks() []string {
	return slices.DeleteFunc(s.lockFiles(), func(path string) bool {
		info, err := os.Stat(path)
		return err != nil || info.Size() > 0
	})
}

// removeTornLocks reports whether there were any. Only in a sandbox it is sure that nobody holds them.
func (s *session) removeTornLocks() bool {
	torn := s.tornLocks()
	for _, path := range torn {
		_ = os.Remove(path)
	}
	return len(torn) > 0
}

// sandboxLocks reads the locks in the sandbox's own backend.
func (s *session) sandboxLocks() []lock {
	var locks []lock
	for _, path := range s.lockFiles() {
		var content struct {
			PID       int       `json:"pid"`
			Username  string    `json:"username"`
			Hostname  string    `json:"hostname"`
			Timestamp time.Time `json:"timestamp"`
		}
		if raw, err := os.ReadFile(path); err == nil && json.Unmarshal(raw, &content) == nil {
			locks = append(locks, lock{url: fileURL(path), user: content.Username, host: content.Hostname, pid: content.PID, at: content.Timestamp})
		}
	}
	return locks
}

// dead reports whether the lock's process surely is gone.
func (l lock) dead() bool { return l.here() && !running(l.pid, l.at) }

func (l lock) String() string {
	return fmt.Sprintf("%s@%s (process %d, since %s)", l.user, l.host, l.pid, l.at.Local().Format("2006-01-02 15:04:05"))
}

// unlock removes the locks of dead processes, and waits for living ones of this host, such as the
// engine of an obslink that was killed and that is just saving what it did. It returns nil when the
// call is worth trying again.
func (s *session) unlock(ctx context.Context, locks []lock, run *progress, until time.Time) error {
	for _, l := range locks {
		if !l.dead() {
			done, err := l.await(ctx, run, until)
			if err != nil {
				return err
			} else if !done {
				return s.lockedBy(l)
			}
			if path, ok := localFile(l.url); ok && !exists(path) {
				continue // it cleaned up behind itself
			}
		}
		if err := s.breakLock(ctx, l, len(locks)); err != nil {
			return err
		}
		run.note("removed the lock of " + l.String() + ", which died before it was done")
	}
	return nil
}

// await waits until the lock's process ends or takes its lock away.
func (l lock) await(ctx context.Context, run *progress, until time.Time) (done bool, _ error) {
	path, local := localFile(l.url)
	for said := false; !l.dead() && (!local || exists(path)); said = true {
		if !l.here() || time.Now().After(until) {
			return false, nil
		}
		if !said {
			run.note("waiting for " + l.String() + ", which is changing the stack")
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
			return false, fail(codeInterrupted, "interrupted while waiting for %s", l)
		}
	}
	return true, nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func (s *session) lockedBy(l lock) *Failure {
	name := s.stack.Plan.Stack
	locked := fail(codeLocked, "stack %s is being changed by %s", quote(name), l)
	if l.here() {
		return locked.hint("wait until it is done, or stop it with `kill -INT %d`, which lets it save what it did", l.pid)
	}
	return locked.hint("wait until it is done; whether it still runs can only be seen on %s. If it is surely dead: `%s`", l.host, s.pulumi("cancel --stack "+name))
}

// breakLock removes one lock file where it can be reached, so that a lock that was taken in the
// meantime stays; elsewhere it takes `pulumi cancel`, which removes all.
func (s *session) breakLock(ctx context.Context, l lock, all int) error {
	if path, ok := localFile(l.url); ok {
		if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
			return fail(codeLocked, "the lock of %s, which died, cannot be removed: %s", l, err).hint("delete %s", path)
		}
		_ = os.Remove(path + ".attrs")
		return nil
	}
	if all > 1 {
		return s.lockedBy(l)
	}
	if _, err := s.engine.call(ctx, s.dir, nil, "cancel", "--yes", "--stack", s.stack.Plan.Stack); err != nil {
		return fail(codeLocked, "the lock of %s, which died, cannot be removed: %s", l, firstLine(cloudText(s.engine.stderr))).
			hint("`%s`", s.pulumi("cancel --stack "+s.stack.Plan.Stack))
	}
	return nil
}

// localFile is the path of a file:// URL.
func localFile(raw string) (string, bool) {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "file" {
		return "", false
	}
	path := filepath.FromSlash(u.Path)
	if runtime.GOOS == "windows" {
		path = strings.TrimPrefix(path, `\`)
	}
	return path, true
}
