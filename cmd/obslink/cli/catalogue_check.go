package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/obslink/obslink/internal/drift"
	"github.com/obslink/obslink/internal/report"
	"github.com/obslink/obslink/targets/aws"
)

// driftDocument is the document of `catalogue check --format json`.
type driftDocument struct {
	Version int            `json:"version"`
	Stack   string         `json:"stack"`
	Answers []drift.Answer `json:"answers"`
}

func (a *app) catalogueCheckCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "check STACK",
		Short: "ask AWS whether the rows that a stack uses still hold",
		Long: `Asks DescribeVpcEndpointServices for each endpoint service of the stack, from the account and region of
its endpoints, with the credentials that the AWS CLI would use and the account's profile or role. It
changes nothing. Exit status 1 says that a row drifted, or that something could not be asked.`,
		Example:           "  obslink catalogue check prod\n  obslink catalogue check prod --format json",
		Args:              oneStack,
		ValidArgsFunction: completeStacks,
	}
	format := formatFlag(c, "text", "json")
	c.RunE = func(c *cobra.Command, args []string) error {
		s, err := a.plan(args[0])
		if err != nil {
			return err
		}
		return a.catalogueCheck(c.Context(), s, *format, drift.Open)
	}
	return c
}

func (a *app) catalogueCheck(ctx context.Context, s *stack, format string, open func(context.Context, drift.Place) (drift.Cloud, error)) error {
	var uses []drift.Use
	for _, u := range aws.ServiceUses(s.Topology, s.Plan) {
		uses = append(uses, drift.Use{
			Service: drift.Service{Key: u.Key, Name: u.ServiceName, Region: u.ServiceRegion, PrivateDNSName: u.PrivateDNSName, Source: u.Source},
			From:    drift.Place{Account: u.Provider.AccountID, Region: u.Provider.Region, Profile: u.Provider.Profile, AssumeRole: u.Provider.AssumeRole},
			Zones:   u.Zones, Path: u.Origin.Path, Pos: u.Origin.Pos.String(),
		})
	}
	answers, err := drift.Check(ctx, uses, open)
	var none *drift.NoCredentials
	var other *drift.OtherAccount
	switch {
	case errors.As(err, &none):
		return hinted(err, "%s", credentialsHint(none.Place))
	case errors.As(err, &other):
		return hinted(err, "%s", credentialsHint(other.Place))
	case err != nil:
		return err
	}
	held := 0
	for _, x := range answers {
		if x.State == drift.Holds {
			held++
		}
	}
	if format == "json" {
		err = report.JSON(a.out, driftDocument{1, s.Stack, answers})
	} else {
		a.printDrift(s, answers, held)
	}
	if err == nil && held < len(answers) {
		err = quietError{exitFailed}
	}
	return err
}

func credentialsHint(p drift.Place) string {
	switch {
	case p.AssumeRole != "":
		return fmt.Sprintf("sign in with credentials that may assume %s", p.AssumeRole)
	case p.Profile != "":
		return fmt.Sprintf("sign in with profile %q, for example: aws sso login --profile %s", p.Profile, p.Profile)
	}
	return "sign in as for the AWS CLI (environment, shared configuration, SSO), or give the account a profile or assumeRole"
}

func (a *app) printDrift(s *stack, answers []drift.Answer, held int) {
	style := a.style(a.out)
	for _, x := range answers {
		if x.State == drift.Holds {
			continue
		}
		fmt.Fprintf(a.out, "%s %s %s from %s in %s: %s\n", x.Pos, style.Paint(report.Red, x.State+":"), x.Service.Key, x.From.Account, x.From.Region, x.Service.Name)
		for _, f := range x.Found {
			fmt.Fprintf(a.out, "    %s\n", strings.ReplaceAll(f, "\n", " "))
		}
		fmt.Fprintf(a.out, "  hint: %s\n", x.Hint)
	}
	fmt.Fprintf(a.out, "%s: %d of %s of the catalogue hold\n", s.Stack, held, report.Count(len(answers), "row"))
}
