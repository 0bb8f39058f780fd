//go:build tools

// Package tools pins the linter that scripts/lint runs. It is a module of its own, so that it stays
// out of obslink's go.mod.
package tools

import _ "honnef.co/go/tools/cmd/staticcheck"
