package program

import (
	pulumiaws "github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/obslink/obslink/targets/aws"
	"github.com/obslink/obslink/targets/register"
)

// registerProviders registers one provider for each account and region. They are never protected:
// a provider is configuration, and holds nothing of the cloud's.
func (r *Run) registerProviders() error {
	for _, p := range r.parts.Providers {
		provider, err := pulumiaws.NewProvider(r.Ctx, p.Name, providerArgs(p), register.FormerNames(p.Part))
		if err != nil {
			return err
		}
		r.KeepProvider(p.Name, provider)
	}
	return nil
}

func providerArgs(p aws.Provider) *pulumiaws.ProviderArgs {
	args := &pulumiaws.ProviderArgs{
		Region: pulumi.String(p.Region),
		// With the wrong credentials the provider refuses to start rather than build elsewhere.
		AllowedAccountIds: pulumi.ToStringArray([]string{p.AccountID}),
	}
	if p.AssumeRole != "" {
		args.AssumeRole = pulumiaws.ProviderAssumeRoleArgs{RoleArn: pulumi.String(p.AssumeRole)}
	}
	if p.Profile != "" {
		args.Profile = pulumi.String(p.Profile)
	}
	return args
}
