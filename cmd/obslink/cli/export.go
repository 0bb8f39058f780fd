package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/internal/export"
)

// exportFlags are the flags of `export`.
type exportFlags struct {
	site, outputs, file    string
	planned, sandbox, list bool
}

func (a *app) exportCommand() *cobra.Command {
	f := &exportFlags{}
	c := &cobra.Command{
		Use:   "export FORMAT STACK",
		Short: "write the files that an on-prem server needs: hosts, DNS server settings, its end of a tunnel",
		Long: `Addresses come from the deployed stack, from a file that ` + "`obslink outputs`" + ` wrote, or, with --planned,
from the plan. Names whose address is not known are listed, and the exit status is then 1. A tunnel's settings
come from the topology alone, with references in place of keys.`,
		Example: "  obslink export hosts prod --site home\n  obslink export unbound prod --site home --outputs prod.outputs.json\n  obslink export wireguard prod --site home\n  obslink export --list",
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) == 0 {
				return formatNames(), cobra.ShellCompDirectiveNoFileComp
			}
			return stackNames(), cobra.ShellCompDirectiveDefault
		},
	}
	c.Flags().StringVar(&f.site, "site", "", "the site that the files are for")
	c.Flags().StringVar(&f.outputs, "outputs", "", "read addresses from this file instead of the deployed stack")
	c.Flags().BoolVar(&f.planned, "planned", false, "before anything is built: the addresses that the plan pins")
	c.Flags().BoolVar(&f.sandbox, "sandbox", false, "of the simulated clouds")
	c.Flags().BoolVar(&f.list, "list", false, "list the formats")
	c.Flags().StringVarP(&f.file, "output", "o", "", "write to this file instead of stdout")
	c.MarkFlagsMutuallyExclusive("outputs", "planned", "sandbox")
	c.RunE = func(c *cobra.Command, args []string) error {
		if f.list {
			for _, format := range export.Formats() {
				fmt.Fprintf(a.out, "%-10s %s\n", format.Name, format.About)
			}
			return nil
		}
		if len(args) != 2 {
			return hinted(fmt.Errorf("export needs a format and a stack"), "obslink export hosts prod --site home; formats: %s", strings.Join(formatNames(), ", "))
		}
		return a.export(c.Context(), args[0], args[1], f)
	}
	return c
}

func formatNames() []string {
	var names []string
	for _, format := range export.Formats() {
		names = append(names, format.Name)
	}
	return names
}

func (a *app) export(ctx context.Context, name, arg string, f *exportFlags) error {
	format, ok := export.Find(name)
	if !ok {
		err := fmt.Errorf("there is no export format %q", name)
		if near := diag.DidYouMean(name, formatNames()); near != "" {
			return hinted(err, "did you mean %q?", near)
		}
		return hinted(err, "one of: %s", strings.Join(formatNames(), ", "))
	}
	s, err := a.plan(arg)
	if err != nil {
		return err
	}
	if err := knownSite(s, f.site); err != nil {
		return err
	}
	if format.Tunnel {
		return a.exportTunnel(format, s, f)
	}
	outputs, err := a.addresses(ctx, s, f)
	if err != nil {
		return err
	}
	in := export.Input{Stack: s.Stack, Site: f.site, Planned: f.planned, PlanDigest: s.Plan.Digest()}
	if outputs != nil {
		in.Sandbox, in.PlanDigest = outputs.Sandbox, outputs.PlanDigest
	}
	in.Names, in.Unknown = plan.Resolve(s.Plan, outputs, f.site, s.Topology.Sites[f.site].AgentVersions)
	if in.ForwardTo = s.Topology.Sites[f.site].DNS.ForwardTo; in.ForwardTo != "" && format.Forwards {
		in.Forwards, in.Unknown = forwardsOf(s.Plan, f.site), nil // whoever forwards needs no addresses
	}
	if len(in.Names)+len(in.Unknown)+len(in.Forwards) == 0 {
		return hinted(fmt.Errorf("site %q is linked to no backend, so it needs no names", f.site), "add a link: {from: %q, to: …, via: …}", f.site)
	}
	var b bytes.Buffer
	if err := format.Write(&b, in); err != nil {
		return err
	}
	if err := a.product(f.file, b.Bytes()); err != nil {
		return err
	}
	for _, u := range in.Unknown {
		fmt.Fprintf(a.errOut, "unknown: %s: %s\n", u.FQDN, u.Why)
	}
	if len(in.Unknown) > 0 {
		return quietError{exitFailed}
	}
	return nil
}

// product writes to a file, or to stdout.
func (a *app) product(file string, product []byte) error {
	if file != "" {
		return a.write(file, product)
	}
	_, err := a.out.Write(product)
	return err
}

// exportTunnel writes the site's end of its tunnel, of which the topology says everything.
func (a *app) exportTunnel(format export.Format, s *stack, f *exportFlags) error {
	w := s.Topology.Sites[f.site].WireGuard
	if w == nil {
		return hinted(fmt.Errorf("site %q has no WireGuard tunnel", f.site), "sites.%s.wireguard declares one", f.site)
	}
	t := &export.WireGuard{PublicKey: w.PublicKey, Endpoint: w.Endpoint, PeerAddress: w.PeerAddress}
	if w.PrivateKey != nil {
		t.PrivateKey = w.PrivateKey.Secret
	}
	for _, c := range s.Plan.Graph.Connections {
		if c.A.Node == f.site {
			t.AllowedIPs, t.Accepted = c.A.Allowed, c.B.Allowed
		}
	}
	var b bytes.Buffer
	if err := format.Write(&b, export.Input{Stack: s.Stack, Site: f.site, PlanDigest: s.Plan.Digest(), WireGuard: t}); err != nil {
		return err
	}
	return a.product(f.file, b.Bytes())
}

// forwardsOf is what a site's DNS server forwards.
func forwardsOf(p *plan.Plan, site string) []plan.Forward {
	for _, s := range p.Graph.Sites {
		if s.Name == site {
			return s.DNS.Forwards
		}
	}
	return nil
}

// knownSite checks --site.
func knownSite(s *stack, site string) error {
	var names []string
	for _, known := range s.Plan.Graph.Sites {
		names = append(names, known.Name)
	}
	switch {
	case slices.Contains(names, site):
		return nil
	case len(names) == 0:
		return hinted(fmt.Errorf("stack %s has no sites", s.Stack), "declare one under sites:")
	case site == "":
		return hinted(fmt.Errorf("export needs --site"), "one of: %s", strings.Join(names, ", "))
	}
	err := fmt.Errorf("stack %s has no site %q", s.Stack, site)
	if near := diag.DidYouMean(site, names); near != "" {
		return hinted(err, "did you mean %q?", near)
	}
	return hinted(err, "one of: %s", strings.Join(names, ", "))
}

// addresses finds where the names resolve: nil means from the plan. Outputs of another plan are
// refused, since a name could have moved.
func (a *app) addresses(ctx context.Context, s *stack, f *exportFlags) (*plan.Outputs, error) {
	if f.planned {
		return nil, nil
	}
	var outputs *plan.Outputs
	var err error
	if f.outputs != "" {
		outputs, err = readOutputs(f.outputs)
	} else {
		outputs, err = a.outputs(ctx, s, f.sandbox)
	}
	if err != nil {
		return nil, err
	}
	if outputs.Stack != s.Stack {
		return nil, hinted(fmt.Errorf("these are the outputs of stack %q, not %q", outputs.Stack, s.Stack), "obslink outputs %s --format json -o FILE", s.Stack)
	}
	if outputs.PlanDigest != s.Plan.Digest() {
		return nil, hinted(fmt.Errorf("the topology of %s has changed since it was deployed, so its addresses may be wrong", s.Stack), "`obslink up %s` first", s.Stack)
	}
	return outputs, nil
}

func readOutputs(file string) (*plan.Outputs, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, hinted(err, "`obslink outputs STACK --format json -o %s` writes it", file)
	}
	var outputs plan.Outputs
	if err := json.Unmarshal(raw, &outputs); err != nil {
		return nil, hinted(fmt.Errorf("%s is not an outputs file: %w", file, err), "`obslink outputs STACK --format json -o %s` writes one", file)
	}
	if outputs.Version != plan.OutputsVersion {
		return nil, hinted(fmt.Errorf("%s has version %d; this obslink reads version %d", file, outputs.Version, plan.OutputsVersion), "write it again with `obslink outputs`")
	}
	return &outputs, nil
}
