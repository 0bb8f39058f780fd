package deploy

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optrefresh"
)

// pendingOperation is what an earlier run had begun when it died: the cloud may or may not have
// done it.
type pendingOperation struct{ urn, doing string }

var pendingLine = regexp.MustCompile(`\* (urn:pulumi:\S+), interrupted while (\w+)`)

// pendingOperations reads the engine's warning about them.
func pendingOperations(warning string) []pendingOperation {
	var pending []pendingOperation
	for _, m := range pendingLine.FindAllStringSubmatch(warning, -1) {
		pending = append(pending, pendingOperation{urn: m[1], doing: m[2]})
	}
	return pending
}

// pendingNote says what happened and, for real clouds, what to do about it.
func pendingNote(pending []pendingOperation) string {
	var b strings.Builder
	b.WriteString("an earlier run died in the middle of its work:")
	for _, op := range pending {
		fmt.Fprintf(&b, "\n  %s %q (%s) may or may not be done", op.doing, nameOf(op.urn), typeOf(op.urn))
	}
	return b.String()
}

// pendingAdvice is for real clouds, where only a person can look.
func pendingAdvice(stack string) string {
	return fmt.Sprintf("look into the cloud: if the object is there, adopt it with `pulumi import TYPE NAME ID --stack %[1]s`; if it is not, or to decide one by one, "+
		"type `pulumi refresh --stack %[1]s`, which asks for each (--clear-pending-creates says \"not there\" for all)", stack)
}

// halfDone reports whether an operation on an object that the state knows was interrupted: reading
// the object back settles it. Nothing reads back an interrupted create, whose id nobody learned.
func halfDone(pending []pendingOperation) bool {
	return slices.ContainsFunc(pending, func(op pendingOperation) bool { return op.doing != "creating" })
}

// unfinished marks a sandbox whose run did not end by itself. The simulated clouds live in the process
// that runs them: when it is killed, the engine loses answers that no cloud would lose, and writes
// down nothing of it.
const unfinished = "unfinished"

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
