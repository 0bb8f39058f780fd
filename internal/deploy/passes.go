package deploy

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/targets/azure"
)

// A cloud makes up names that other resources want said (Azure: the connection of a private endpoint in
// the exclusions of its scope). No program can say them in the run that makes the endpoint without a
// circle, so a run exports them, and the next one reads them from the stack's outputs. Up makes both; the
// state is whole after each, so whichever command comes next goes on from there.

// readAhead are the types of resources whose deletion changes what a look-up of the same run has read
// already: the members of an Azure Monitor endpoint.
var readAhead = []string{azure.ScopedResourceType}

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
func known(p *plan.Plan, raw map[string]any) map[string]string {
	all := map[string]string{}
	for target, parts := range p.Parts {
		if read := readings[target]; read.known != nil {
			maps.Copy(all, read.known(parts, raw))
		}
	}
	return all
}

// passes makes the call, and once more where it has changed a name that it was to say.
func (r *Runner) passes(ctx context.Context, stack Stack, observer Observer, once func(context.Context, Stack, Observer) (Summary, error)) (Summary, error) {
	began := time.Now()
	before, err := r.knownNow(ctx, stack)
	if err != nil {
		return Summary{}, err
	}
	first, err := once(ctx, stack, observer)
	if err != nil {
		return first, err
	}
	after, err := r.knownNow(ctx, stack)
	switch {
	case err != nil:
		return first, err
	case !maps.Equal(before, after):
		tell(observer, began, "the second pass: it says the names that the cloud made up in the first")
	case first.outdated():
		tell(observer, began, "the second pass: it reads what the endpoints answer now, after the deletions")
	default:
		return first, nil
	}
	second, err := once(ctx, stack, observer)
	return first.then(second), err
}

// knownNow are the wanted names that the stack's outputs say; a plan that wants none is spared the call.
func (r *Runner) knownNow(ctx context.Context, stack Stack) (map[string]string, error) {
	if len(wanted(stack.Plan)) == 0 {
		return nil, nil
	}
	raw, err := r.raw(ctx, stack)
	return known(stack.Plan, raw), err
}

// outdated reports whether something was deleted that the run's look-ups still saw: the engine deletes
// when the program is done.
func (s Summary) outdated() bool {
	return slices.ContainsFunc(s.Changes, func(c Change) bool { return c.Op == "delete" && slices.Contains(readAhead, c.Type) })
}

// announcePass says that Up would make a second pass.
func (r *Runner) announcePass(ctx context.Context, stack Stack, would Summary, observer Observer) error {
	names := wanted(stack.Plan)
	if would.outdated() {
		tell(observer, time.Now(), "a second pass follows: it reads what the endpoints answer after the deletions")
		return nil
	}
	if len(names) == 0 {
		return nil
	}
	raw, err := r.raw(ctx, stack)
	if err != nil {
		return err
	}
	there := known(stack.Plan, raw)
	for _, name := range names {
		resource, _, _ := strings.Cut(name, ".")
		anew := slices.ContainsFunc(would.Changes, func(c Change) bool { return c.Name == resource && (c.Op == "create" || c.Op == "replace") })
		if there[name] == "" || anew {
			tell(observer, time.Now(), "a second pass follows: the cloud makes up a name for "+quote(resource)+", and only then it can be said where it is wanted")
			return nil
		}
	}
	return nil
}

func tell(observer Observer, began time.Time, message string) {
	if observer != nil {
		observer(Event{Kind: Note, Message: message, Elapsed: time.Since(began)})
	}
}
