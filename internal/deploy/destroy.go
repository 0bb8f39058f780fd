package deploy

import (
	"context"
	"encoding/json"
)

func protected(stack string) *Failure {
	return fail(codeProtected, "stack %s is protected", quote(stack)).
		hint("if it must go, type `obslink destroy %s --unprotect`", stack)
}

// unprotect looks whether the state holds protected resources. A stack may still be protected in its
// state after `protect` went from the topology; the engine would then delete around them.
func (s *session) unprotect(ctx context.Context, allowed bool) error {
	raw, err := s.engine.call(ctx, s.dir, nil, "stack", "export", "--stack", s.stack.Plan.Stack)
	if err != nil {
		return nil // no stack, a lock or an unreadable state: the operation itself meets it and says so
	}
	var state struct {
		Deployment struct {
			Resources []struct {
				Protect bool `json:"protect"`
			} `json:"resources"`
		} `json:"deployment"`
	}
	if err := json.Unmarshal([]byte(raw), &state); err != nil {
		return fail(codeState, "the state of stack %s does not read: %s", quote(s.stack.Plan.Stack), err).hint("%s", s.stateHint())
	}
	for _, resource := range state.Deployment.Resources {
		if !resource.Protect {
			continue
		}
		if !allowed {
			return protected(s.stack.Plan.Stack)
		}
		if _, err := s.engine.call(ctx, s.dir, nil, "state", "unprotect", "--all", "--yes", "--stack", s.stack.Plan.Stack); err != nil {
			return fail(codeProtected, "the protection of stack %s cannot be lifted: %s", quote(s.stack.Plan.Stack), firstLine(cloudText(s.engine.stderr)))
		}
		break
	}
	return nil
}
