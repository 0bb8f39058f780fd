package cli

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/internal/deploy"
)

func (a *app) secretCommand() *cobra.Command {
	c := &cobra.Command{Use: "secret", Short: "secrets of a stack"}
	sandbox := false
	set := &cobra.Command{
		Use:     "set STACK NAME",
		Short:   "store a secret that the topology refers to by {secret: NAME}",
		Long:    "The value is read from standard input; on a terminal it is asked for and not shown.",
		Example: "  wg genkey | obslink secret set prod home-wireguard --sandbox",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) != 2 {
				return hinted(fmt.Errorf("%s needs a stack and a secret's name", c.CommandPath()), "`%s --help` shows an example", c.CommandPath())
			}
			return nil
		},
		ValidArgsFunction: completeStacks,
	}
	set.Flags().BoolVar(&sandbox, "sandbox", false, "for the simulated clouds")
	set.RunE = func(c *cobra.Command, args []string) error {
		s, err := a.plan(args[0])
		if err != nil {
			return err
		}
		if err := knownSecret(s, args[1]); err != nil {
			return err
		}
		value, err := a.readSecret(args[1])
		if err != nil {
			return err
		}
		if err := deploy.New(deploy.Options{}).SecretSet(c.Context(), s.deployable(sandbox), args[1], value); err != nil {
			return err
		}
		fmt.Fprintf(a.errOut, "stored secret %q of stack %s\n", args[1], s.Stack)
		return nil
	}
	c.AddCommand(set)
	return c
}

// knownSecret refuses a secret that the topology never mentions: most likely a typo.
func knownSecret(s *stack, name string) error {
	var names []string
	for _, known := range s.Plan.Secrets {
		names = append(names, known.Name)
	}
	if slices.ContainsFunc(s.Plan.Secrets, func(known plan.Secret) bool { return known.Name == name }) {
		return nil
	}
	err := fmt.Errorf("stack %s refers to no secret %q", s.Stack, name)
	if near := diag.DidYouMean(name, names); near != "" {
		return hinted(err, "did you mean %q?", near)
	}
	return hinted(err, "write {secret: %q} where the topology needs it", name)
}

func (a *app) readSecret(name string) (string, error) {
	if f, ok := a.in.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		fmt.Fprintf(a.errOut, "value of %s: ", name)
		raw, err := term.ReadPassword(int(f.Fd()))
		fmt.Fprintln(a.errOut)
		return string(raw), err
	}
	raw, err := io.ReadAll(io.LimitReader(a.in, 1<<20))
	if err != nil {
		return "", err
	}
	value := strings.TrimRight(string(raw), "\r\n")
	if value == "" {
		return "", hinted(fmt.Errorf("the value of %s is empty", name), "pipe it in: wg genkey | obslink secret set STACK %s", name)
	}
	return value, nil
}
