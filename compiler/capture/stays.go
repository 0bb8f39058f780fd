package capture

import (
	"strings"

	"github.com/obslink/obslink/compiler/plan"
)

// Stay is a name that servers say they use and that resolves as it did before: a global or legacy name
// of a service, say, which no endpoint answers.
type Stay struct {
	Node   string      `json:"node"`
	Who    string      `json:"who"`
	Name   string      `json:"name"`
	Answer string      `json:"answer"`
	Origin plan.Origin `json:"origin"`
}

// Stays lists the names that client groups use and that a plan leaves as they are.
func Stays(p *plan.Plan) []Stay {
	b, h := newView(unbuilt(p)), newView(p)
	var all []Stay
	for _, q := range questions(b, h) {
		if !strings.HasPrefix(q.who, "clients ") {
			continue
		}
		before, after := b.ask(q), h.ask(q)
		if before.text == after.text && before.through == after.through {
			all = append(all, Stay{q.node, q.who, q.name, after.text, q.origin})
		}
	}
	return all
}
