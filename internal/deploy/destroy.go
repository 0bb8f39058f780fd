package deploy

import (
	"context"
	"encoding/json"
)

func protected(stack string) *Failure {
	return fail(codeProtected, "stack %s is protected", quote(stack)).
		hint("if it must go, type `obslink destroy %s --unprotect`", stack)
}

// refuseProtected looks whether the deployed stack is protected: it stays so after `protect` went from
// the topology, until an `up` says otherwise. Single resources are not protected, since the engine
// would then refuse to replace them too, which is an ordinary edit.
func (s *session) refuseProtected(ctx context.Context) error {
	raw, err := s.engine.call(ctx, s.dir, nil, "stack", "export", "--stack", s.stack.Plan.Stack)
	if err != nil {
		return nil // no stack, a lock or an unreadable state: the operation itself meets it and says so
	}
	var state struct {
		Deployment struct {
			Resources []struct {
				Type    string                     `json:"type"`
				Outputs map[string]json.RawMessage `json:"outputs"`
			} `json:"resources"`
		} `json:"deployment"`
	}
	if err := json.Unmarshal([]byte(raw), &state); err != nil {
		return fail(codeState, "the state of stack %s does not read: %s", quote(s.stack.Plan.Stack), err).hint("%s", s.stateHint())
	}
	for _, resource := range state.Deployment.Resources {
		var deployed struct {
			Protect bool `json:"protect"`
		}
		if resource.Type != stackType || json.Unmarshal(resource.Outputs[planExport], &deployed) != nil {
			continue
		}
		if deployed.Protect {
			return protected(s.stack.Plan.Stack)
		}
	}
	return nil
}
