package deploy

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// pendingOperation is what an earlier run had begun when it died: the cloud may or may not have
// done it.
type pendingOperation struct{ urn, doing string }

var pendingLine = regexp.MustCompile(`\* (urn:pulumi:\S+), interrupted while (\w+)`)

// pendingOperations reads the engine's warning about them.
func pendingOperations(warning string) []pendingOperation {
	var pending []pendingOperation
	for _, m := range pendingLine.FindAllStringSubmatch(warning, -1) {
		pending = append(pending, pendingOperation{urn: m[1], doing: m[2]})
	}
	return pending
}

// pendingNote says what happened and, for real clouds, what to do about it.
func pendingNote(pending []pendingOperation) string {
	var b strings.Builder
	b.WriteString("an earlier run died in the middle of its work:")
	for _, op := range pending {
		fmt.Fprintf(&b, "\n  %s %q (%s) may or may not be done", op.doing, nameOf(op.urn), typeOf(op.urn))
	}
	return b.String()
}

// pendingAdvice is for real clouds, where only a person can look.
func pendingAdvice(stack string) string {
	return fmt.Sprintf("look into the cloud: if the object is there, adopt it with `pulumi import TYPE NAME ID --stack %[1]s`; if it is not, or to decide one by one, "+
		"type `pulumi refresh --stack %[1]s`, which asks for each (--clear-pending-creates says \"not there\" for all)", stack)
}

// halfDone reports whether an operation on an object that the state knows was interrupted: reading
// the object back settles it. Nothing reads back an interrupted create, whose id nobody learned.
func halfDone(pending []pendingOperation) bool {
	return slices.ContainsFunc(pending, func(op pendingOperation) bool { return op.doing != "creating" })
}
