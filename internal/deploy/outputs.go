package deploy

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"slices"

	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/targets/aws"
	"github.com/obslink/obslink/targets/azure"
)

// reading is how a target's exports are read: which addresses its endpoints have, and what else only the
// cloud knows.
type reading struct {
	endpoints func(parts any, raw map[string]any) ([]plan.EndpointOutput, error)
	values    func(parts any, raw map[string]any) (map[string]string, error)
	// wanted are the names that resources want said and that only the outputs of an earlier run say; known
	// are those that are there, and foretold outputs that say references for all. A target may have none.
	wanted   func(parts any) []string
	known    func(parts any, raw map[string]any) map[string]string
	foretold func(parts any) map[string]any
}

// readings are by target. A test holds the keys against programs.
var readings = map[string]reading{
	aws.Name: {endpoints: typed(aws.EndpointOutputs), values: nothing},
	azure.Name: {
		endpoints: typed(azure.EndpointOutputs), values: typed(azure.Values),
		wanted:   func(parts any) []string { return azure.Wanted(parts.(*azure.Parts)) },
		known:    func(parts any, raw map[string]any) map[string]string { return azure.Known(parts.(*azure.Parts), raw) },
		foretold: func(parts any) map[string]any { return azure.Foretold(parts.(*azure.Parts)) },
	},
}

// typed gives a target's function the type that a plan holds its parts as.
func typed[P, R any](read func(*P, map[string]any) (R, error)) func(any, map[string]any) (R, error) {
	return func(parts any, raw map[string]any) (R, error) { return read(parts.(*P), raw) }
}

func nothing(any, map[string]any) (map[string]string, error) { return nil, nil }

// Outputs reads what the deployed stack says of itself. The plan digest is the one that was deployed,
// which need not be the one of stack.Plan: who uses outputs compares. Names are not resolved here.
func (r *Runner) Outputs(ctx context.Context, stack Stack) (*plan.Outputs, error) {
	s, err := r.open(ctx, stack, false)
	if err != nil {
		return nil, err
	}
	exports, err := s.exports(ctx)
	if err != nil {
		return nil, err
	}
	if exports == nil {
		return nil, nothingDeployed(stack)
	}
	return outputs(stack, exports)
}

// exports are those of the last run; nil where there is no stack.
func (s *session) exports(ctx context.Context) (map[string]any, error) {
	if s.isNew() {
		return nil, nil
	}
	text, err := s.engine.call(ctx, s.dir, nil, "stack", "output", "--json", "--stack", s.stack.Plan.Stack)
	if err != nil {
		if noStack.MatchString(s.engine.stderr) {
			return nil, nil
		}
		return nil, s.explain(err, newProgress(s.stack.Plan, nil))
	}
	exports := map[string]any{}
	if err := json.Unmarshal([]byte(text), &exports); err != nil {
		return nil, fail(codeState, "the outputs of stack %s do not read: %s", quote(s.stack.Plan.Stack), err)
	}
	return exports, nil
}

func nothingDeployed(stack Stack) *Failure {
	f := fail(codeNoStack, "stack %s is not deployed", quote(stack.Plan.Stack))
	if stack.Sandbox {
		return f.hint("type `obslink up %s --sandbox` first", stack.Plan.Stack)
	}
	return f.hint("type `obslink up %s` first, or add --sandbox if it was brought up there", stack.Plan.Stack)
}

// outputs makes the outputs file's data from the stack's exports.
func outputs(stack Stack, raw map[string]any) (*plan.Outputs, error) {
	deployed, ok := raw[planExport].(map[string]any)
	digest, digestOK := deployed["planDigest"].(string)
	version, versionOK := deployed["version"].(float64)
	if !ok || !digestOK || !versionOK {
		return nil, nothingDeployed(stack)
	}
	if int(version) != plan.OutputsVersion {
		return nil, fail(codeState, "stack %s was deployed by another version of obslink: its outputs have version %d, this one reads %d", quote(stack.Plan.Stack), int(version), plan.OutputsVersion).
			hint("type `obslink up %s` to bring it up to date", stack.Plan.Stack)
	}
	result := &plan.Outputs{
		Version: plan.OutputsVersion, Stack: stack.Plan.Stack, Sandbox: stack.Sandbox, PlanDigest: digest,
		Endpoints: []plan.EndpointOutput{}, Names: []plan.ResolvedName{}, Values: map[string]string{},
	}
	for _, target := range slices.Sorted(maps.Keys(stack.Plan.Parts)) {
		endpoints, err := readings[target].endpoints(stack.Plan.Parts[target], raw)
		values, wrong := readings[target].values(stack.Plan.Parts[target], raw)
		if err = cmp.Or(err, wrong); err != nil {
			return nil, fail(codeState, "the outputs of stack %s do not read: %s", quote(stack.Plan.Stack), firstLine(err.Error())).
				hint("type `obslink refresh %[1]s`, then `obslink up %[1]s`", stack.Plan.Stack)
		}
		result.Endpoints = append(result.Endpoints, endpoints...)
		maps.Copy(result.Values, values)
	}
	return result, nil
}
