package deploy

import (
	"context"
	"maps"

	"github.com/obslink/obslink/compiler/plan"
)

// A temporary part is needed only until another part is there. The engine knows no such thing: what a
// program registers stays, and what it does not register goes. So `up` makes two passes: with the
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
	maps.DeleteFunc(all, func(name string, part plan.Temporary) bool { return !d.has[part.For] || d.served[name] != part.Digest })
	s.leaveOut(all)
	return nil
}

// leaveOut makes the following passes leave out these parts.
func (s *session) leaveOut(parts map[string]plan.Temporary) {
	if len(parts) == 0 {
		return
	}
	served := map[string]string{}
	for name, part := range parts {
		served[name] = part.Digest
	}
	without := *s.stack.Plan
	without.Served = served
	s.stack.Plan = &without
}

// unserved is how many temporary parts the pass did not leave out.
func (s *session) unserved() int { return len(temporary(s.stack.Plan)) - len(s.stack.Plan.Served) }
