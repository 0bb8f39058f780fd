package deploy

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/obslink/obslink/compiler/diag"
)

// Failure is why a run did not do what it was asked for: every method of Runner returns this error
// type. Diagnostics are ready to print; a position is there where a line of the topology is to blame.
type Failure struct{ Diagnostics diag.List }

func (f *Failure) Error() string {
	var b strings.Builder
	for i, d := range f.Diagnostics {
		if i > 0 {
			b.WriteString("\n")
		}
		if d.Pos.IsValid() {
			fmt.Fprintf(&b, "%s: ", d.Pos)
		}
		fmt.Fprintf(&b, "%s [%s]", d.Message, d.Code)
		if d.Hint != "" {
			fmt.Fprintf(&b, "\n  hint: %s", d.Hint)
		}
	}
	return b.String()
}

// fail is a Failure of one diagnostic that no line of the topology is to blame for.
func fail(code diag.Code, format string, args ...any) *Failure {
	return &Failure{diag.List{code.At(diag.Pos{}, "", format, args...)}}
}

func (f *Failure) hint(format string, args ...any) *Failure {
	f.Diagnostics[0] = f.Diagnostics[0].WithHint(format, args...)
	return f
}

// explain turns a failed engine call into a Failure. The typed error of our own program comes first,
// then the resources that the cloud refused, and only then the engine's text.
func (s *session) explain(err error, run *progress) error {
	var failure *Failure
	if errors.As(err, &failure) {
		return err
	}
	var disagreement *Disagreement
	known := s.known(s.engine.stderr + "\n" + s.engine.stdout + "\n" + run.text())
	if errors.As(run.programError(), &disagreement) && (known == nil || !cutOff(disagreement.Diagnostics)) {
		return &Failure{disagreement.Diagnostics}
	}
	if known != nil {
		return known
	}
	if refused := run.refused(s.stack); len(refused) > 0 {
		return &Failure{refused}
	}
	if run.interrupted {
		return fail(codeInterrupted, "interrupted after %d of %d resources", run.done, run.total).
			hint("what was built is recorded; run the command again to continue")
	}
	text := firstLine(cloudText(run.text()))
	if program := run.programError(); program != nil {
		text = firstLine(program.Error())
	} else if text == "" {
		text = firstLine(cloudText(s.engine.stderr))
	}
	if text == "" {
		text = err.Error()
	}
	return fail(codeProgram, "the engine stopped: %s", text).
		hint("what was built before is recorded; `pulumi stack --stack %s` in %s sees the same stack", s.stack.Plan.Stack, s.dir)
}

// cutOff reports whether no look-up got an answer because the engine ended first: what ended it is
// then the thing to say.
func cutOff(found diag.List) bool {
	return !slices.ContainsFunc(found, func(d diag.Diagnostic) bool { return !strings.Contains(d.Message, "context canceled") })
}

// known recognizes the engine's own complaints about the stack; each has something better to say
// than the engine's text.
func (s *session) known(text string) *Failure {
	name := s.stack.Plan.Stack
	switch {
	case strings.Contains(text, "incorrect passphrase"):
		return fail(codePassphrase, "the passphrase of stack %s is not the one its secrets were encrypted with", quote(name)).
			hint("set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE to the stack's passphrase")
	case strings.Contains(text, "passphrase must be set"):
		return fail(codePassphrase, "stack %s needs a passphrase for its secrets, and none is set", quote(name)).
			hint("set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE; only --sandbox has a default")
	case noPlugin.MatchString(text):
		return fail(codePlugin, "the engine has no provider plugin for stack %s: %s", quote(name), firstLine(cloudText(noPlugin.FindString(text)))).
			hint("let it download the plugin, or type `%s` where the network allows it", s.pulumi("plugin install"))
	case noSpace.MatchString(text):
		return fail(codeSpace, "the state of stack %s could not be written: %s", quote(name), noSpace.FindString(text)).
			hint("make room or change the permission where the state is kept (%s), then run the command again", s.backend())
	case tornLock.MatchString(text) && len(s.tornLocks()) > 0:
		return fail(codeLocked, "stack %s has a lock without a name in it: %s", quote(name), s.tornLocks()[0]).
			hint("a full disk leaves one; if nobody is changing the stack, type `%s`, or delete the file", s.pulumi("cancel --stack "+name))
	case badState.MatchString(text):
		return fail(codeState, "the state of stack %s does not read: %s", quote(name), firstLine(cloudText(badState.FindString(text)))).
			hint("%s", s.stateHint())
	}
	return nil
}

var (
	noPlugin = regexp.MustCompile(`(?m)(failed to download plugin|no resource plugin|could not find plugin|error downloading plugin).*$`)
	noSpace  = regexp.MustCompile(`no space left on device|file too large|disk quota exceeded|read-only file system`)
	badState = regexp.MustCompile(`(?m)^.*(could not deserialize|unmarshal deployment|failed to load checkpoint|invalid character|unexpected end of JSON|snapshot integrity|failed to read checkpoint|error: getting snapshot).*$`)
	// tornRead is what a reader sees while another process writes (see dropTornAttributes).
	tornRead = regexp.MustCompile(`failed to load checkpoint: EOF`)
	noStack  = regexp.MustCompile(`no stack named '.*' found|no previous deployment`)

	colors      = regexp.MustCompile(`<\{%.*?%\}>|\x1b\[[0-9;]*m`)
	rpcNoise    = regexp.MustCompile(`rpc error: code = \w+ desc = `)
	sdkPrefix   = regexp.MustCompile(`sdk-v2/\S+: sdk\.helper_schema: `)
	providerTag = regexp.MustCompile(`: provider=[\w-]+@\S+`)
	countLine   = regexp.MustCompile(`^\d+ errors? occurred:\s*`)
)

// cloudText takes out of an error what the engine, gRPC and the provider SDKs wrapped around the
// cloud's own words.
func cloudText(text string) string {
	text = colors.ReplaceAllString(text, "")
	for _, noise := range []*regexp.Regexp{rpcNoise, sdkPrefix, providerTag} {
		text = noise.ReplaceAllString(text, "")
	}
	text = strings.TrimSpace(text)
	for {
		trimmed := strings.TrimSpace(strings.TrimPrefix(countLine.ReplaceAllString(strings.TrimPrefix(text, "error: "), ""), "* "))
		if trimmed == text {
			break
		}
		text = trimmed
	}
	if strings.Contains(text, "goroutine ") {
		text, _, _ = strings.Cut(text, "goroutine ")
	}
	return strings.Join(strings.Fields(text), " ")
}

func firstLine(text string) string {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			return line
		}
	}
	return ""
}

func quote(s string) string { return strconv.Quote(s) }
