// Command obslink compiles private-observability topologies and runs them with Pulumi. Everything is
// in package cli; this file only joins it to the process.
package main

import (
	"os"

	"github.com/obslink/obslink/cmd/obslink/cli"
)

func main() {
	os.Exit(cli.Run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
