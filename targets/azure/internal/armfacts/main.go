// Command armfacts distils the published ARM deployment schemas into targets/azure/arm.json. It is run
// by hand when a type or an API version is added; distil.go says how and from what.
//
//	go run ./targets/azure/internal/armfacts DIR > targets/azure/arm.json
package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: armfacts DIR > arm.json")
		os.Exit(1)
	}
	if err := run(os.Args[1], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "armfacts:", err)
		os.Exit(1)
	}
}
