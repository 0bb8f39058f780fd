package cli

import (
	"bytes"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/obslink/obslink/compiler/load"
	"github.com/obslink/obslink/internal/report"
	"github.com/obslink/obslink/targets"
)

func (a *app) lockCommand() *cobra.Command {
	check := false
	c := &cobra.Command{
		Use:               "lock STACK",
		Short:             "write the endpoint addresses that a topology uses to addresses.lock.json",
		Long:              "Commit the file: it keeps addresses that are in use where they are, whatever changes around them.",
		Example:           "  obslink lock prod\n  obslink lock prod --check",
		Args:              oneStack,
		ValidArgsFunction: completeStacks,
	}
	c.Flags().BoolVar(&check, "check", false, "only compare; exit status 1 if the file would change")
	c.RunE = func(_ *cobra.Command, args []string) error { return a.lock(args[0], check) }
	return c
}

func (a *app) lock(arg string, check bool) error {
	s, err := compiled(arg)
	if err != nil {
		return err
	}
	if s.Topology == nil {
		return a.judge(s)
	}
	// A target's Lock returns nil for a topology with mistakes that a lock cannot mend.
	addresses := map[string]string{}
	for _, target := range targets.All {
		if target.Lock == nil {
			continue
		}
		for key, address := range target.Lock(s.Topology) {
			addresses[key] = address
		}
	}
	if s.Plan == nil && len(addresses) == 0 {
		return a.judge(s)
	}
	var b bytes.Buffer
	if err := report.JSON(&b, load.Lock{Version: 1, Addresses: addresses}); err != nil {
		return err
	}
	name := load.LockPath(s.name)
	old, _ := fs.ReadFile(s.project.files, name)
	file := filepath.Join(s.project.root, filepath.FromSlash(name))
	switch {
	case bytes.Equal(old, b.Bytes()):
		fmt.Fprintf(a.errOut, "%s is up to date: %s\n", file, report.Count(len(addresses), "endpoint"))
		return nil
	case check:
		return hinted(fmt.Errorf("%s does not hold the addresses that this topology uses", file), "`obslink lock %s` writes it", arg)
	}
	return a.write(file, b.Bytes())
}
