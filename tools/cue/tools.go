//go:build tools

// Package tools pins the CUE command that scripts/cue builds: tests and `make bench` hold obslink
// against it. It is a module of its own, so that the command's dependencies stay out of obslink's
// go.mod.
package tools

import _ "cuelang.org/go/cmd/cue"
