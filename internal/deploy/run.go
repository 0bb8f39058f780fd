// Package deploy runs the program of a plan: against a recorder, which writes the manifest without
// engine or cloud, or with the Pulumi engine, which previews, builds, refreshes and destroys.
//
// The engine is the stock Pulumi CLI, driven through the Automation API with the program in this
// process. The package adds what people need around it: progress, refusals at the topology's line,
// locks and interrupted runs explained, and a sandbox whose clouds, state and Pulumi home are its own.
// It keeps no state besides Pulumi's, and it prints nothing: events and diagnostics are values.
package deploy

import (
	"context"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optdestroy"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optpreview"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optrefresh"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/internal/sandbox"
)

// Stack is one stack to run.
type Stack struct {
	Plan *plan.Plan
	// Project is the Pulumi project's name, the same as in Pulumi.yaml.
	Project string
	// Dir is the stack's folder. For a sandbox it may hold world.json (what exists already) and
	// faults.json (what shall go wrong).
	Dir string
	// Root is the project's folder, which holds Pulumi.yaml; a sandbox keeps its clouds and its
	// state under Root/.obslink/sandbox.
	Root string
	// Sandbox runs the stack on simulated clouds.
	Sandbox bool
	// Where finds the user's position of a path of the topology; nil where there is none.
	Where func(path string) diag.Pos
}

// Options say how a Runner behaves; the zero value is right for commands.
type Options struct {
	// LockWait is how long to wait for another process that is changing the stack; 10 s if zero.
	LockWait time.Duration
}

// Runner runs stacks with the Pulumi engine. Its methods return a *Failure where something stands
// in the way. It has no state of its own, and may be used by several goroutines for different stacks.
type Runner struct {
	options Options
	program func(*pulumi.Context, *plan.Plan) error
	clouds  func(context.Context, sandbox.Config) (clouds, error)
}

// New returns a Runner.
func New(options Options) *Runner {
	if options.LockWait == 0 {
		options.LockWait = 10 * time.Second
	}
	return &Runner{options: options, program: Run, clouds: simulated}
}

// Preview says what Up would do.
func (r *Runner) Preview(ctx context.Context, stack Stack, observer Observer) (Summary, error) {
	return r.operate(ctx, stack, observer, operationKind{create: true, secrets: true, passes: true, prepare: leaveOutServed}, func(ctx context.Context, s *auto.Stack, out chan<- events.EngineEvent) error {
		_, err := s.Preview(ctx, optpreview.EventStreams(out), optpreview.Color("never"), optpreview.SuppressProgress(), optpreview.UserAgent(agent))
		return err
	})
}

// Up makes the clouds what the plan says, in two passes where the first brings about what the second needs.
func (r *Runner) Up(ctx context.Context, stack Stack, observer Observer) (Summary, error) {
	return r.operate(ctx, stack, observer, operationKind{create: true, secrets: true, changes: true, passes: true, prepare: leaveOutServed}, func(ctx context.Context, s *auto.Stack, out chan<- events.EngineEvent) error {
		_, err := s.Up(ctx, optup.EventStreams(out), optup.Color("never"), optup.SuppressProgress(), optup.SuppressOutputs(), optup.UserAgent(agent))
		return err
	})
}

// Refresh makes the state what the clouds say. It runs the program too, so that look-ups and
// providers are the topology's and not those of the last Up.
func (r *Runner) Refresh(ctx context.Context, stack Stack, observer Observer) (Summary, error) {
	return r.operate(ctx, stack, observer, operationKind{secrets: true, changes: true, prepare: leaveOutServed}, refresh)
}

func refresh(ctx context.Context, s *auto.Stack, out chan<- events.EngineEvent) error {
	_, err := s.Refresh(ctx, optrefresh.EventStreams(out), optrefresh.Color("never"), optrefresh.SuppressProgress(), optrefresh.SuppressOutputs(),
		optrefresh.RunProgram(true), optrefresh.UserAgent(agent))
	return err
}

// Destroy deletes everything that the stack built. A protected stack is refused before anything is
// touched, unless unprotect says otherwise.
func (r *Runner) Destroy(ctx context.Context, stack Stack, unprotect bool, observer Observer) (Summary, error) {
	if stack.Plan.Protect && !unprotect {
		return Summary{}, protected(stack.Plan.Stack)
	}
	kind := operationKind{changes: true}
	if !unprotect {
		kind.prepare = refuseProtected
	}
	return r.operate(ctx, stack, observer, kind,
		func(ctx context.Context, s *auto.Stack, out chan<- events.EngineEvent) error {
			_, err := s.Destroy(ctx, optdestroy.EventStreams(out), optdestroy.Color("never"), optdestroy.SuppressProgress(), optdestroy.SuppressOutputs(), optdestroy.UserAgent(agent))
			return err
		})
}

const agent = "obslink"

// call is one operation of the Automation API.
type call func(context.Context, *auto.Stack, chan<- events.EngineEvent) error

// operationKind is what an operation needs around its call.
type operationKind struct {
	create  bool // the stack is made if it is not there
	secrets bool // the plan's secrets must be set
	changes bool // the state is written
	passes  bool // a second pass may follow
	prepare func(context.Context, *session) error
}

// operate makes a stack ready, settles what a run that died left behind, and makes the call.
func (r *Runner) operate(ctx context.Context, stack Stack, observer Observer, kind operationKind, do call) (_ Summary, err error) {
	run := newProgress(stack.Plan, observer)
	s, err := r.open(ctx, stack, true)
	if s != nil {
		defer func() {
			if closed := s.close(); err == nil {
				err = closed
			}
		}()
	}
	if err != nil {
		return Summary{}, err
	}
	if kind.secrets {
		if err := s.checkSecrets(); err != nil {
			return Summary{}, err
		}
	}
	if kind.prepare != nil {
		if err := kind.prepare(ctx, s); err != nil {
			return Summary{}, err
		}
	}
	if kind.changes && stack.Sandbox {
		if err := r.settleSandbox(ctx, s, run); err != nil {
			return Summary{}, err
		}
		defer func() { s.ended(ctx.Err() == nil) }()
	}
	return r.passes(ctx, s, run, kind, do)
}

// through makes the call. What stands in its way and can be cleared (no stack yet, the lock of a dead
// process, half-done operations) is cleared, and the call made once more; looking first would cost
// every run a start of the CLI.
func (r *Runner) through(ctx context.Context, s *session, run *progress, kind operationKind, do call) (*progress, error) {
	if kind.create && s.isNew() {
		if err := s.create(ctx); err != nil {
			return run, s.explain(err, run)
		}
	}
	cleared := obstacles{wait: r.options.LockWait}
	for ; ; run = run.again() {
		err := r.attempt(ctx, s, run, do)
		if err != nil {
			again, stop := s.clear(ctx, run, kind, &cleared)
			if stop != nil || cleared.nothingThere {
				return run, stop
			} else if again {
				continue
			}
		}
		if kind.changes && !cleared.halfDone && ctx.Err() == nil && halfDone(run.pending) {
			cleared.halfDone = true
			run.note("reading back from the cloud what is there")
			if _, err := r.through(ctx, s, run.again(), operationKind{}, refresh); err != nil {
				return run, err
			}
			continue
		}
		if err != nil {
			run.interrupted = ctx.Err() != nil
			return run, s.explain(err, run)
		}
		if kind.changes && len(run.pending) > 0 {
			run.note(pendingAdvice(s.stack.Plan.Stack))
		}
		return run, nil
	}
}

// obstacles are those that were cleared already: each is cleared once. Locks are waited for until a
// time that begins with the first one.
type obstacles struct {
	wait                                  time.Duration
	until                                 time.Time
	created, torn, halfDone, nothingThere bool
}

// clear reports whether what stopped the call is out of its way now.
func (s *session) clear(ctx context.Context, run *progress, kind operationKind, cleared *obstacles) (again bool, _ error) {
	said := s.engine.stderr + s.engine.stdout
	if locks := locksIn(said); len(locks) > 0 {
		if cleared.until.IsZero() {
			cleared.until = time.Now().Add(cleared.wait)
		}
		return true, s.unlock(ctx, locks, run, cleared.until)
	}
	if s.stack.Sandbox && tornLock.MatchString(said) && s.removeTornLocks() {
		return true, nil
	}
	if tornRead.MatchString(said) && !cleared.torn {
		cleared.torn = true
		time.Sleep(300 * time.Millisecond)
		return true, nil
	}
	if !noStack.MatchString(said) {
		return false, nil
	}
	if !kind.create {
		cleared.nothingThere = true
		run.note("stack " + quote(s.stack.Plan.Stack) + " was never brought up; there is nothing to do")
		return false, nil
	}
	if cleared.created {
		return false, nil
	}
	cleared.created = true
	if err := s.create(ctx); err != nil {
		return false, s.explain(err, run)
	}
	return true, nil
}

// attempt makes the call once, with the program, and follows its events.
func (r *Runner) attempt(ctx context.Context, s *session, run *progress, do call) error {
	stack, err := s.automation(ctx)
	if err != nil {
		return err
	}
	// The program runs in this process: its typed error is kept, not read out of the engine's text.
	stack.Workspace().SetProgram(func(ctx *pulumi.Context) error {
		return run.keep(r.program(ctx, s.stack.Plan))
	})
	stream := make(chan events.EngineEvent)
	stop, followed := make(chan struct{}), make(chan struct{})
	go func() {
		run.follow(stream, stop)
		close(followed)
	}()
	err = do(ctx, &stack, stream)
	close(stop)
	<-followed
	return err
}
