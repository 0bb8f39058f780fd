// Command bench measures obslink as a user meets it: whole processes, beside the stock `cue export`
// on the same files in the same run. It makes legal topologies of several sizes in a temporary
// project, runs every command in turn several times, and holds the medians of wall time and peak
// memory against the limits of limits.go. It exits 1 when one is missed.
//
// `go run ./internal/bench` measures the compiler; -engine measures preview and up on the sandbox.
package main

import "os"

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}
