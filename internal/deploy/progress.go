package deploy

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/plan"
)

// progress follows one engine call by its events.
type progress struct {
	observer Observer
	began    time.Time
	origins  map[string]plan.Origin
	answers  map[string][]string // names by endpoint
	total    int

	mu      sync.Mutex // of program, which another goroutine writes
	program error

	done        int
	seen        map[string]*Change
	finished    map[string]bool
	complaints  map[string][]string // by URN; the stack's own and the engine's under ""
	failedOps   map[string]string   // operation by URN
	pending     []pendingOperation  // of an earlier run
	interrupted bool
}

func newProgress(p *plan.Plan, observer Observer) *progress {
	if observer == nil {
		observer = func(Event) {}
	}
	fresh := &progress{observer: observer, began: time.Now(), origins: originsOf(p), answers: map[string][]string{}}
	for _, n := range p.Names {
		fresh.answers[n.Endpoint] = append(fresh.answers[n.Endpoint], n.FQDN)
	}
	return fresh.again()
}

// again forgets what a failed attempt showed, before the same call is made once more.
func (p *progress) again() *progress {
	return &progress{
		observer: p.observer, began: p.began, origins: p.origins, answers: p.answers, total: len(p.origins),
		seen: map[string]*Change{}, finished: map[string]bool{}, complaints: map[string][]string{}, failedOps: map[string]string{},
	}
}

// keep remembers how the program ended.
func (p *progress) keep(err error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.program = err
	return err
}

func (p *progress) programError() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.program
}

// follow reads events until the engine closes the stream or stop says that the engine ended without
// ever opening it.
func (p *progress) follow(stream <-chan events.EngineEvent, stop <-chan struct{}) {
	for {
		select {
		case e, open := <-stream:
			if !open {
				return
			}
			p.hear(e.EngineEvent)
		case <-stop:
			return
		}
	}
}

func (p *progress) hear(e apitype.EngineEvent) {
	switch {
	case e.ResourcePreEvent != nil:
		p.begin(e.ResourcePreEvent.Metadata, e.ResourcePreEvent.Planning)
	case e.ResOutputsEvent != nil:
		p.end(e.ResOutputsEvent.Metadata, e.ResOutputsEvent.Planning)
	case e.ResOpFailedEvent != nil:
		p.fail(e.ResOpFailedEvent.Metadata)
	case e.CancelEvent != nil:
	case e.DiagnosticEvent != nil:
		p.diagnose(*e.DiagnosticEvent)
	case e.ErrorEvent != nil:
		p.complaints[""] = append(p.complaints[""], e.ErrorEvent.Error)
	}
}

func (p *progress) begin(m apitype.StepEventMetadata, planning bool) {
	if m.Type == stackType {
		return
	}
	change, known := p.seen[m.URN]
	if !known {
		change = &Change{Op: operation(m.Op), Type: m.Type, Name: nameOf(m.URN), URN: m.URN}
		p.seen[m.URN] = change
		if len(p.seen) > p.total {
			p.total = len(p.seen)
		}
	}
	change.learn(m)
	if !known && !planning {
		p.observer(Event{Kind: Started, Op: change.Op, Type: change.Type, Name: change.Name, Done: p.done, Total: p.total, Elapsed: time.Since(p.began)})
	}
}

func (p *progress) end(m apitype.StepEventMetadata, planning bool) {
	if m.Type == stackType {
		return
	}
	p.begin(m, true) // some steps have no beginning
	change := p.seen[m.URN]
	// A replacement is done when the new object is there.
	if p.finished[m.URN] || change.Op == "replace" && m.Op == apitype.OpDeleteReplaced {
		return
	}
	p.finished[m.URN] = true
	p.done++
	p.observer(Event{Kind: Done, Op: change.Op, Type: change.Type, Name: change.Name, Done: p.done, Total: p.total, Elapsed: time.Since(p.began)})
}

func (p *progress) fail(m apitype.StepEventMetadata) {
	p.failedOps[m.URN] = operation(m.Op)
	p.observer(Event{Kind: Failed, Op: operation(m.Op), Type: m.Type, Name: nameOf(m.URN), Message: strings.Join(p.complaints[m.URN], "; "),
		Done: p.done, Total: p.total, Elapsed: time.Since(p.began)})
}

func (p *progress) note(text string) {
	p.observer(Event{Kind: Note, Message: text, Done: p.done, Total: p.total, Elapsed: time.Since(p.began)})
}

func (p *progress) diagnose(d apitype.DiagnosticEvent) {
	if d.Ephemeral {
		return
	}
	if d.Severity == "warning" {
		if pending := pendingOperations(d.Message); len(pending) > 0 {
			p.pending = pending
			p.note(pendingNote(pending))
		}
		return
	}
	if d.Severity != "error" {
		return
	}
	urn := d.URN
	if typeOf(urn) == stackType {
		urn = ""
	}
	if text := cloudText(d.Message); text != "" && !slices.Contains(p.complaints[urn], text) {
		p.complaints[urn] = append(p.complaints[urn], text)
	}
}

// text is what the engine said that is about no resource.
func (p *progress) text() string { return strings.Join(p.complaints[""], "\n") }

// bookkeeping is what the engine says on top of the cloud's answer.
var bookkeeping = regexp.MustCompile(`^(update|preview|refresh|destroy|resource \w+) (failed|canceled|cancelled)|^deleting failed|has been cancel`)

// refused are the resources that the cloud or its provider did not take, each at its line.
func (p *progress) refused(stack Stack) diag.List {
	var list diag.List
	for urn, texts := range p.complaints {
		if urn == "" {
			continue
		}
		if words := slices.DeleteFunc(slices.Clone(texts), bookkeeping.MatchString); len(words) > 0 {
			texts = words
		}
		answer := strings.Join(texts, "; ")
		origin := blamed(stack, nameOf(urn), answer, p.origins[nameOf(urn)])
		op := cmp.Or(p.failedOps[urn], "deploy")
		list = append(list, codeRefused.At(origin.Pos, origin.Path, "could not %s %s (%s): %s", op, quote(nameOf(urn)), typeOf(urn), answer).
			WithHint("mend what the answer names and run the command again; what is already built stays"))
	}
	return list.Sorted()
}

// summary counts what was seen. An operation that failed is not counted.
func (p *progress) summary() Summary {
	s := Summary{Changes: []Change{}}
	for urn, change := range p.seen {
		if _, failed := p.failedOps[urn]; failed {
			continue
		}
		switch change.Op {
		case "create":
			s.Create++
		case "update":
			s.Update++
		case "replace":
			s.Replace++
			change.Dead = p.answers[change.Name]
		case "delete":
			s.Delete++
		default:
			s.Same++
			continue
		}
		s.Changes = append(s.Changes, *change)
	}
	slices.SortFunc(s.Changes, func(a, b Change) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Name, b.Name), cmp.Compare(a.URN, b.URN))
	})
	return s
}
