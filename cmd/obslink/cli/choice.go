package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/diag"
)

// choice is a flag that takes one of a few words.
type choice struct {
	value   *string
	choices []string
}

func (c *choice) String() string { return *c.value }
func (c *choice) Type() string   { return "word" }
func (c *choice) list() string   { return strings.Join(c.choices, ", ") }

func (c *choice) Set(s string) error {
	if !slices.Contains(c.choices, s) {
		if near := diag.DidYouMean(s, c.choices); near != "" {
			return fmt.Errorf("%q is not one of %s; did you mean %q?", s, c.list(), near)
		}
		return fmt.Errorf("%q is not one of %s", s, c.list())
	}
	*c.value = s
	return nil
}
