//go:build tools

// Package tools pins the Pulumi CLI that scripts/pulumi builds where none is at hand. It is a module
// of its own, so that the CLI's dependencies stay out of obslink's go.mod.
package tools

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
