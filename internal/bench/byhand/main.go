// Command byhand is the worked example as a person would write it with Pulumi: the same resources
// with the typed SDKs, run through the plain Automation API on the same simulated clouds. `bench
// -engine` runs it beside obslink, to see what obslink costs on top.
package main

import (
	"context"
	"fmt"
	"os"
)

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: byhand preview|up FOLDER WORLD")
		os.Exit(1)
	}
	if err := run(context.Background(), os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}
