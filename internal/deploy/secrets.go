package deploy

import (
	"context"
	"regexp"
	"strings"
)

var secretName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

// SecretSet stores a secret of the stack, encrypted, in its settings. The value goes to the engine
// through a pipe, so that it stands in no argument list, and is never printed.
func (r *Runner) SecretSet(ctx context.Context, stack Stack, name, value string) error {
	if !secretName.MatchString(name) {
		return fail(codeSecret, "%s is no name for a secret", quote(name)).hint("use letters, digits, '-', '_' and '.'")
	}
	if value == "" {
		return fail(codeSecret, "the value of secret %s is empty", quote(name)).hint("type it at the prompt, or pipe it in: printf %%s \"$VALUE\" | obslink secret set %s %s", stack.Plan.Stack, name)
	}
	s, err := r.open(ctx, stack, false)
	if err != nil {
		return err
	}
	set := func() error {
		_, err := s.engine.call(ctx, s.dir, strings.NewReader(value), "config", "set", stack.Project+":"+name, "--secret", "--stack", stack.Plan.Stack)
		return err
	}
	err = set()
	if err != nil && noStack.MatchString(s.engine.stderr) {
		if err = s.create(ctx); err == nil {
			err = set()
		}
	}
	if err != nil {
		return s.explain(err, newProgress(stack.Plan, nil))
	}
	return nil
}
