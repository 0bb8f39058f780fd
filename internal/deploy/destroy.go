package deploy

import (
	"context"
	"encoding/json"
)

func protected(stack string) *Failure {
	return fail(codeProtected, "stack %s is protected", quote(stack)).
		hint("if it must go, type `obslink destroy %s --unprotect`", stack)
}

// deployed is what the state says of the stack.
type deployed struct {
	protect bool
	// served are the digests of temporary parts that the last run left out, by name.
	served map[string]string
	// has are the logical names of the resources that are there.
	has map[string]bool
}

// deployed reads the state. Of a stack that is not there, locked or unreadable it says nothing: the
// operation itself meets that and says so.
func (s *session) deployed(ctx context.Context) (*deployed, error) {
	d := &deployed{has: map[string]bool{}}
	raw, err := s.engine.call(ctx, s.dir, nil, "stack", "export", "--stack", s.stack.Plan.Stack)
	if err != nil {
		return d, nil
	}
	var state struct {
		Deployment struct {
			Resources []struct {
				URN     string                     `json:"urn"`
				Type    string                     `json:"type"`
				Delete  bool                       `json:"delete"`
				Outputs map[string]json.RawMessage `json:"outputs"`
			} `json:"resources"`
		} `json:"deployment"`
	}
	if err := json.Unmarshal([]byte(raw), &state); err != nil {
		return nil, fail(codeState, "the state of stack %s does not read: %s", quote(s.stack.Plan.Stack), err).hint("%s", s.stateHint())
	}
	for _, resource := range state.Deployment.Resources {
		var head struct {
			Protect bool              `json:"protect"`
			Served  map[string]string `json:"served"`
		}
		if resource.Type != stackType {
			d.has[nameOf(resource.URN)] = !resource.Delete
		} else if json.Unmarshal(resource.Outputs[planExport], &head) == nil {
			d.protect, d.served = head.Protect, head.Served
		}
	}
	return d, nil
}

// refuseProtected looks whether the deployed stack is protected: it stays so after `protect` went from
// the topology, until an `up` says otherwise. Single resources are not protected, since the engine
// would then refuse to replace them too, which is an ordinary edit.
func refuseProtected(ctx context.Context, s *session) error {
	d, err := s.deployed(ctx)
	if err != nil {
		return err
	}
	if d.protect {
		return protected(s.stack.Plan.Stack)
	}
	return nil
}
