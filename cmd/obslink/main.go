// Command obslink compiles private-observability topologies into Pulumi programs, runs them, and
// writes the files that on-prem servers need. Everything is in package cli, one file for each verb;
// this file only joins it to the process.
package main

import (
	"os"

	"github.com/obslink/obslink/cmd/obslink/cli"
)

func main() {
	os.Exit(cli.Run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
