package deploy

import (
	"errors"
	"testing"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/plan"
)

// A look-up that the engine's end cut off says nothing of the cloud: the missing plugin is the cause.
func TestMissingPluginIsTheCause(t *testing.T) {
	s := &session{stack: Stack{Plan: &plan.Plan{Stack: "dev"}}, engine: &engine{stderr: "error: [resource plugin aws-6.83.2] downloading: failed to download plugin: aws-6.83.2: failed all 5 attempts\n"}}
	cut := diag.Diagnostic{Code: "OBS401", Message: `VPC "vpc-1" cannot be looked up: rpc error: code = Canceled desc = context canceled`}
	answered := diag.Diagnostic{Code: "OBS402", Message: `VPC "vpc-1" has other CIDRs`}
	for _, c := range []struct {
		found diag.List
		want  string
	}{{diag.List{cut}, "OBS515"}, {diag.List{cut, answered}, "OBS401"}} {
		run := newProgress(s.stack.Plan, nil)
		_ = run.keep(&Disagreement{Diagnostics: c.found})
		var failure *Failure
		if err := s.explain(errors.New("exit status 255"), run); !errors.As(err, &failure) || failure.Diagnostics[0].Code != c.want {
			t.Errorf("%v: got %v, want %s", c.found, err, c.want)
		}
	}
}
