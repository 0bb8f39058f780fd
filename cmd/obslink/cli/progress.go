package cli

import (
	"fmt"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/obslink/obslink/internal/deploy"
	"github.com/obslink/obslink/internal/report"
)

// progress shows what the engine does: on a terminal one line that is rewritten, elsewhere one line
// for each resource that is done.
type progress struct {
	app     *app
	style   report.Style
	live    bool
	width   int
	running []string // names of resources under way, oldest first
}

func (a *app) newProgress(verb, stack string, sandbox bool) *progress {
	p := &progress{app: a, style: a.style(a.errOut), live: isTerminal(a.errOut), width: 80}
	if f, ok := a.errOut.(*os.File); ok && p.live {
		if w, _, err := term.GetSize(int(f.Fd())); err == nil {
			p.width = w
		}
	}
	where := ""
	if sandbox {
		where = " on the SANDBOX (simulated clouds)"
	}
	fmt.Fprintf(a.errOut, "%s %s%s\n", verb, stack, where)
	return p
}

// hear is told of every step.
func (p *progress) hear(e deploy.Event) {
	switch e.Kind {
	case deploy.Note:
		p.line(note(e.Message, p.style))
	case deploy.Started:
		p.running = append(p.running, e.Name)
	case deploy.Done, deploy.Failed:
		for i, name := range p.running {
			if name == e.Name {
				p.running = append(p.running[:i], p.running[i+1:]...)
				break
			}
		}
		if e.Op != "same" || e.Kind == deploy.Failed {
			p.line(fmt.Sprintf("%s  %s", counter(e), step(string(e.Kind), e.Op, e.Type, e.Name, p.style)))
		}
	}
	p.status(e)
}

// counter says how many of all are done and how long it has taken.
func counter(e deploy.Event) string {
	return fmt.Sprintf("%*d/%d %5s", len(fmt.Sprint(e.Total)), e.Done, e.Total, e.Elapsed.Round(100*time.Millisecond))
}

// line prints a line that stays.
func (p *progress) line(text string) {
	if p.live {
		fmt.Fprint(p.app.errOut, "\r\x1b[K")
	}
	fmt.Fprintln(p.app.errOut, text)
}

// status rewrites the line that shows what is under way.
func (p *progress) status(e deploy.Event) {
	if !p.live {
		return
	}
	text := fmt.Sprintf("%s  … %s", counter(e), strings.Join(p.running, ", "))
	if len(p.running) == 0 {
		text = counter(e)
	}
	if r := []rune(text); len(r) > p.width-1 {
		text = string(r[:p.width-2]) + "…"
	}
	fmt.Fprint(p.app.errOut, "\r\x1b[K"+text)
}

// end clears the status line.
func (p *progress) end() {
	if p.live {
		fmt.Fprint(p.app.errOut, "\r\x1b[K")
	}
}
