package deploy

import (
	"context"
	"fmt"
	"maps"

	"github.com/obslink/obslink/compiler/plan"
)

// A temporary part is needed only until another part is there. The engine knows no such thing: what a
// program registers stays, and what it does not register goes. So `up` runs the program twice: with the
// temporary parts, and, when all is there, without them. Later runs leave them out from the start, as
// long as the state holds what they were for and nothing would make that anew.

func temporary(p *plan.Plan) map[string]plan.Temporary {
	all := map[string]plan.Temporary{}
	for target := range p.Parts {
		if of := programs[target].temporary; of != nil {
			maps.Copy(all, of(p))
		}
	}
	return all
}

// leaveOutServed makes the run leave out the temporary parts that have served.
func leaveOutServed(ctx context.Context, s *session) error {
	all := temporary(s.stack.Plan)
	if len(all) == 0 {
		return nil
	}
	d, err := s.deployed(ctx)
	if err != nil {
		return err
	}
	served := map[string]string{}
	for name, part := range all {
		if d.has[part.For] && d.served[name] == part.Digest {
			served[name] = part.Digest
		}
	}
	s.leaveOut(served)
	return nil
}

func (s *session) leaveOut(served map[string]string) {
	without := *s.stack.Plan
	without.Served = served
	s.stack.Plan = &without
}

// unserved is how many temporary parts the run did not leave out.
func (s *session) unserved() int { return len(temporary(s.stack.Plan)) - len(s.stack.Plan.Served) }

// twice makes the call, and once more without the parts that are temporary.
func (r *Runner) twice(ctx context.Context, s *session, run *progress, kind operationKind, do call) (Summary, error) {
	run, err := r.through(ctx, s, run, kind, do)
	first := run.summary()
	count := s.unserved()
	if err != nil || !kind.twice || count == 0 {
		return first, err
	}
	if !kind.changes {
		run.note(fmt.Sprintf("%d authorizations are temporary: up deletes them when what needs them is there", count))
		return first, nil
	}
	served := map[string]string{}
	for name, part := range temporary(s.stack.Plan) {
		served[name] = part.Digest
	}
	s.leaveOut(served)
	run.note(fmt.Sprintf("deleting %d temporary authorizations", count))
	run, err = r.through(ctx, s, run.again(), kind, do)
	return first.then(run.summary()), err
}
