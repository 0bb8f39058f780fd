package sandbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
)

// fault is one thing that a faults file asks for.
type fault struct {
	Type         string `json:"type"`         // token of a resource or a look-up; empty for any
	Operation    string `json:"operation"`    // check, create, read, update, delete or invoke; empty for any
	Name         string `json:"name"`         // logical name; empty for any
	Nth          int    `json:"nth"`          // the n-th operation that matches; 0 is every one
	OnOperation  int    `json:"onOperation"`  // instead of the four above: the n-th create, update or delete of this process
	Action       string `json:"action"`       // fail, slow, hang, die (before it takes effect) or die-after (written, not answered)
	Error        string `json:"error"`        // for fail
	Milliseconds int    `json:"milliseconds"` // for slow

	seen int
}

type faults struct {
	mu        sync.Mutex
	rows      []*fault
	mutations int
	cancelled chan struct{} // closed and made anew when an engine cancels
}

func parseFaults(data []byte) (*faults, error) {
	f := &faults{cancelled: make(chan struct{})}
	if len(bytes.TrimSpace(data)) == 0 {
		return f, nil
	}
	var file struct {
		Version int      `json:"version"`
		Faults  []*fault `json:"faults"`
	}
	if err := parseFile("faults file", data, &file); err != nil {
		return nil, err
	}
	if file.Version != 1 {
		return nil, fmt.Errorf(`the faults file has version %d; write "version": 1`, file.Version)
	}
	for i, r := range file.Faults {
		if err := r.validate(); err != nil {
			return nil, fmt.Errorf("the faults file is wrong at faults[%d]: %w", i, err)
		}
	}
	f.rows = file.Faults
	return f, nil
}

func (r *fault) validate() error {
	if r == nil {
		return errors.New("null; write an object or remove it")
	}
	if !slices.Contains([]string{"fail", "slow", "hang", "die", "die-after"}, r.Action) {
		return fmt.Errorf("action %q; write fail, slow, hang, die or die-after", r.Action)
	}
	if r.OnOperation == 0 && !slices.Contains([]string{"", "check", "create", "read", "update", "delete", "invoke"}, r.Operation) {
		return fmt.Errorf("operation %q; write check, create, read, update, delete or invoke", r.Operation)
	}
	if r.OnOperation != 0 && r.Type+r.Operation+r.Name != "" {
		return errors.New("onOperation counts all operations; remove it, or type, operation and name")
	}
	if r.Nth < 0 || r.OnOperation < 0 || r.Milliseconds < 0 {
		return errors.New("a negative number; counts begin at 1")
	}
	return nil
}

func (r *fault) matches(token, operation, name string, mutations int, mutating bool) bool {
	if r.OnOperation != 0 {
		return mutating && mutations == r.OnOperation
	}
	if (r.Type != "" && r.Type != token) || (r.Operation != "" && r.Operation != operation) || (r.Name != "" && r.Name != name) {
		return false
	}
	r.seen++
	return r.Nth == 0 || r.seen == r.Nth
}

// before does what the file asks for ahead of an operation. It says whether the process is to end once the operation is on disk
// and before anybody is told; an operation that writes nothing has no such moment, and ends it at once.
func (f *faults) before(request, server context.Context, token, operation, name string, mutating bool) (dieAfter bool, err error) {
	f.mu.Lock()
	if mutating {
		f.mutations++
	}
	var due []*fault
	for _, r := range f.rows {
		if r.matches(token, operation, name, f.mutations, mutating) {
			due = append(due, r)
		}
	}
	f.mu.Unlock()
	for _, r := range due {
		if r.Action == "die-after" && mutating {
			dieAfter = true
			continue
		}
		if err := f.act(request, server, r); err != nil {
			return false, err
		}
	}
	return dieAfter, nil
}

func (f *faults) act(request, server context.Context, r *fault) error {
	f.mu.Lock()
	cancelled := f.cancelled
	f.mu.Unlock()
	var wait <-chan time.Time
	switch r.Action {
	case "fail":
		return errors.New(or(strings.TrimSpace(r.Error), "InternalError: an internal error has occurred"))
	case "die", "die-after":
		die()
	case "slow":
		wait = time.After(time.Duration(r.Milliseconds) * time.Millisecond)
	case "hang": // until somebody gives up
	}
	select {
	case <-wait:
		return nil
	case <-cancelled:
		return errors.New("the engine has cancelled the operation")
	case <-request.Done():
		return context.Cause(request)
	case <-server.Done():
		return errors.New("the sandbox is closing")
	}
}

// release ends what hangs now: the engine gives up.
func (f *faults) release() {
	f.mu.Lock()
	defer f.mu.Unlock()
	close(f.cancelled)
	f.cancelled = make(chan struct{})
}

// die ends this process as the kernel would, with no deferred call and no flush.
func die() {
	p, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = p.Kill()
	}
	if err != nil {
		os.Exit(137)
	}
	select {} // the signal is on its way
}
