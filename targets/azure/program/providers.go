package program

import (
	azurenative "github.com/pulumi/pulumi-azure-native-sdk/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/obslink/obslink/targets/register"
)

// registerProviders registers one provider for each subscription. They are never protected: a
// provider is configuration, and holds nothing of the cloud's.
func (r *Run) registerProviders() error {
	for _, p := range r.parts.Providers {
		args := &azurenative.ProviderArgs{SubscriptionId: pulumi.String(p.Subscription)}
		if p.Cloud != "" { // which resource manager is asked, and where to sign in
			args.Environment = pulumi.String(p.Cloud)
		}
		provider, err := azurenative.NewProvider(r.Ctx, p.Name, args, register.FormerNames(p.Part))
		if err != nil {
			return err
		}
		r.KeepProvider(p.Name, provider)
	}
	return nil
}
