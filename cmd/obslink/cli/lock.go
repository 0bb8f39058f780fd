package cli

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/obslink/obslink/compiler/load"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/topology"
	"github.com/obslink/obslink/internal/report"
	"github.com/obslink/obslink/targets"
)

func (a *app) lockCommand() *cobra.Command {
	check, outputs := false, ""
	c := &cobra.Command{
		Use:   "lock STACK",
		Short: "write the endpoint addresses that a topology uses to addresses.lock.json",
		Long: `Commit the file: it keeps addresses that are in use where they are, whatever changes around them.

The members of endpoints with pin: true (Azure Monitor) are known from the deployed stack only: --outputs takes them from a
file that ` + "`obslink outputs`" + ` wrote. Without it those that are locked stay.`,
		Example:           "  obslink lock prod\n  obslink lock prod --check\n  obslink lock prod --outputs prod.outputs.json",
		Args:              oneStack,
		ValidArgsFunction: completeStacks,
	}
	c.Flags().BoolVar(&check, "check", false, "only compare; exit status 1 if the file would change")
	c.Flags().StringVar(&outputs, "outputs", "", "take the members of pinned endpoints from this file")
	c.RunE = func(cmd *cobra.Command, args []string) error { return a.lock(cmd.Context(), args[0], check, outputs) }
	return c
}

func (a *app) lock(ctx context.Context, arg string, check bool, outputs string) error {
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
	members, err := a.members(ctx, s, outputs)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := report.JSON(&b, load.Lock{Version: 1, Addresses: addresses, Members: members}); err != nil {
		return err
	}
	name := load.LockPath(s.name)
	old, _ := fs.ReadFile(s.project.files, name)
	file := filepath.Join(s.project.root, filepath.FromSlash(name))
	switch {
	case bytes.Equal(old, b.Bytes()):
		fmt.Fprintf(a.errOut, "%s is up to date: %s\n", file, report.Count(len(addresses)+len(members), "endpoint"))
		return nil
	case check:
		return hinted(fmt.Errorf("%s does not hold the addresses that this topology uses", file), "`obslink lock %s` writes it", arg)
	}
	return a.write(file, b.Bytes())
}

// members are those of pinned endpoints, from a file of outputs or, without one, as they are locked.
func (a *app) members(ctx context.Context, s *stack, file string) (map[string]topology.Pinned, error) {
	var outputs *plan.Outputs
	if file != "" {
		if s.Plan == nil {
			return nil, a.judge(s)
		}
		var err error
		if outputs, err = a.addresses(ctx, s, &exportFlags{outputs: file}); err != nil {
			return nil, err
		}
		if outputs.Sandbox {
			fmt.Fprintln(a.errOut, "SANDBOX: these are members of the simulated cloud; a real one has others")
		}
	}
	all := map[string]topology.Pinned{}
	for _, target := range targets.All {
		if target.Pin == nil {
			continue
		}
		pinned, err := target.Pin(s.Topology, outputs)
		if err != nil {
			return nil, hinted(err, "`obslink up %s`, then `obslink outputs %s --format json -o FILE`", s.Stack, s.Stack)
		}
		maps.Copy(all, pinned)
	}
	return all, nil
}
