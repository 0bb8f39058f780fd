package deploy

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/targets/azure"
)

// A pass is one call of the engine with the program. Some of what a stack needs is there only after a
// pass, and then a second one uses it: temporary parts that have served, names that the cloud made up, and
// answers that the deletions of the first pass changed. Up makes both; the state is whole after each, so
// whichever command comes next goes on from there. Preview says that a second one follows.

// passes makes the call, and once more where there is reason to.
func (r *Runner) passes(ctx context.Context, s *session, run *progress, kind operationKind, do call) (Summary, error) {
	before, err := s.namesBefore(ctx, kind)
	if err != nil {
		return Summary{}, err
	}
	run, err = r.through(ctx, s, run, kind, do)
	first := run.summary()
	if err != nil || !kind.passes {
		return first, err
	}
	reasons, err := s.reasons(ctx, kind, first, before)
	if err != nil || len(reasons) == 0 {
		return first, err
	}
	it := strings.Join(reasons, ", and ")
	if !kind.changes {
		run.note("a second pass follows: it " + it)
		return first, nil
	}
	run.note("the second pass: it " + it)
	s.leaveOut(temporary(s.stack.Plan))
	run, err = r.through(ctx, s, run.again(), kind, do)
	return first.then(run.summary()), err
}

// reasons are what a second pass is for: what it does, in words.
func (s *session) reasons(ctx context.Context, kind operationKind, first Summary, before map[string]string) ([]string, error) {
	var all []string
	if count := s.unserved(); count > 0 {
		all = append(all, fmt.Sprintf("deletes %d authorizations that are needed until what they authorize is there", count))
	}
	if first.outdated() {
		all = append(all, "reads what the endpoints answer after the deletions")
	}
	names, err := s.newNames(ctx, kind, first, before)
	if len(names) > 0 {
		all = append(all, "says the names that the cloud makes up for "+strings.Join(names, ", "))
	}
	return all, err
}

// readAhead are the types of resources whose deletion changes what a look-up of the same pass has read
// already, since the engine deletes when the program is done: the members of an Azure Monitor endpoint.
var readAhead = []string{azure.ScopedResourceType}

func (s Summary) outdated() bool {
	return slices.ContainsFunc(s.Changes, func(c Change) bool { return c.Op == "delete" && slices.Contains(readAhead, c.Type) })
}

// A cloud makes up names that other resources want said (Azure: the connection of a private endpoint in
// the exclusions of its scope). No program can say them in the pass that makes the endpoint without a
// circle, so a pass exports them, and the next one reads them from the stack's outputs. They are called
// RESOURCE.what.

// wanted are the names that a plan wants.
func wanted(p *plan.Plan) []string {
	var all []string
	for _, target := range slices.Sorted(maps.Keys(p.Parts)) {
		if read := readings[target]; read.wanted != nil {
			all = append(all, read.wanted(p.Parts[target])...)
		}
	}
	return all
}

// known are those of the wanted names that outputs say.
func known(p *plan.Plan, exports map[string]any) map[string]string {
	all := map[string]string{}
	for target, parts := range p.Parts {
		if read := readings[target]; read.known != nil {
			maps.Copy(all, read.known(parts, exports))
		}
	}
	return all
}

// namesBefore are the wanted names that the outputs say; who wants none is spared the call.
func (s *session) namesBefore(ctx context.Context, kind operationKind) (map[string]string, error) {
	if !kind.passes || len(wanted(s.stack.Plan)) == 0 {
		return nil, nil
	}
	exports, err := s.exports(ctx)
	return known(s.stack.Plan, exports), err
}

// newNames are the resources whose names are others than before a pass; after a preview those that the
// pass would make, too.
func (s *session) newNames(ctx context.Context, kind operationKind, first Summary, before map[string]string) ([]string, error) {
	after := before
	if kind.changes {
		var err error
		if after, err = s.namesBefore(ctx, kind); err != nil {
			return nil, err
		}
	}
	var all []string
	for _, name := range wanted(s.stack.Plan) {
		resource, _, _ := strings.Cut(name, ".")
		made := slices.ContainsFunc(first.Changes, func(c Change) bool { return c.Name == resource && (c.Op == "create" || c.Op == "replace") })
		if after[name] != before[name] || !kind.changes && (made || before[name] == "") {
			all = append(all, quote(resource))
		}
	}
	return slices.Compact(all), nil
}
