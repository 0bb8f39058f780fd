package deploy

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
)

// EventKind says what an Event tells.
type EventKind string

const (
	Started EventKind = "started"
	Done    EventKind = "done"
	Failed  EventKind = "failed"
	// Note is something that a person should know: a lock that is waited for, an operation that an
	// earlier run left unfinished.
	Note EventKind = "note"
)

// Event is what an Observer hears while the engine works.
type Event struct {
	Kind EventKind
	// Op, Type and Name say what happens to which resource; they are empty in a note.
	Op, Type, Name string
	// Message is a note's text, or the cloud's answer in a failure.
	Message string
	// Done of Total resources are through; Total grows where old resources go too.
	Done, Total int
	// Elapsed is the time since the run began.
	Elapsed time.Duration
}

// Observer hears events, one at a time. It may be nil.
type Observer func(Event)

// Change is what happened, or would happen, to one resource.
type Change struct {
	// Op is create, update, replace or delete.
	Op   string `json:"op"`
	Type string `json:"type"`
	Name string `json:"name"`
	URN  string `json:"urn"`
	// Properties are the paths of what changes.
	Properties []string `json:"properties,omitempty"`
	// Reason says what forces a replacement.
	Reason string `json:"reason,omitempty"`
	// Dead are the names that an endpoint answers for and that nobody answers for while it is replaced:
	// its addresses are pinned, so the old one goes first.
	Dead []string `json:"dead,omitempty"`
}

// Summary is what a run did, or would do. The stack itself is not counted.
type Summary struct {
	Create  int `json:"create"`
	Update  int `json:"update"`
	Replace int `json:"replace"`
	Delete  int `json:"delete"`
	Same    int `json:"same"`
	// Changes are in the order of type and name.
	Changes []Change `json:"changes"`
}

// Empty reports whether nothing changed.
func (s Summary) Empty() bool { return len(s.Changes) == 0 }

// then adds what a run did after this one. What stayed is that of the first.
func (s Summary) then(after Summary) Summary {
	s.Create, s.Update, s.Replace, s.Delete = s.Create+after.Create, s.Update+after.Update, s.Replace+after.Replace, s.Delete+after.Delete
	s.Changes = append(s.Changes, after.Changes...)
	slices.SortStableFunc(s.Changes, func(a, b Change) int { return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Name, b.Name)) })
	return s
}

const stackType = "pulumi:pulumi:Stack"

// operation names an engine step for people; a replacement's three steps are one operation.
func operation(op apitype.OpType) string {
	switch op {
	case apitype.OpCreate, apitype.OpImport:
		return "create"
	case apitype.OpUpdate:
		return "update"
	case apitype.OpReplace, apitype.OpCreateReplacement, apitype.OpDeleteReplaced, apitype.OpImportReplacement:
		return "replace"
	case apitype.OpDelete, apitype.OpReadDiscard, apitype.OpDiscardReplaced:
		return "delete"
	case apitype.OpRefresh:
		return "refresh"
	default:
		return "same"
	}
}

// learn keeps the strongest operation of a resource's steps and what changes in it.
func (c *Change) learn(m apitype.StepEventMetadata) {
	// A refresh reports each provider as updated, with nothing that differs.
	idle := m.Op == apitype.OpUpdate && len(m.Diffs)+len(m.DetailedDiff) == 0 && strings.HasPrefix(m.Type, "pulumi:providers:")
	if op := operation(m.Op); op != "same" && op != "refresh" && c.Op != "replace" && !idle {
		c.Op = op
	}
	for path := range m.DetailedDiff {
		c.Properties = append(c.Properties, path)
	}
	if len(m.DetailedDiff) == 0 {
		c.Properties = append(c.Properties, m.Diffs...)
	}
	slices.Sort(c.Properties)
	c.Properties = slices.Compact(c.Properties)
	if c.Op == "replace" && len(m.Keys) > 0 {
		keys := slices.Clone(m.Keys)
		slices.Sort(keys)
		c.Reason = "a new " + strings.Join(slices.Compact(keys), ", ") + " needs a new object"
	}
}

// typeOf and nameOf read a URN: urn:pulumi:STACK::PROJECT::TYPE::NAME.
func typeOf(urn string) string {
	parts := strings.SplitN(urn, "::", 4)
	if len(parts) < 4 {
		return ""
	}
	types := parts[2]
	return types[strings.LastIndex(types, "$")+1:]
}

func nameOf(urn string) string {
	parts := strings.SplitN(urn, "::", 4)
	return parts[len(parts)-1]
}
