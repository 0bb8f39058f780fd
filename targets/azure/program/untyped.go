package program

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// pluginVersion is the plugin's: the typed SDKs send theirs with each type, and a type without one may
// choose another plugin.
const pluginVersion = "2.90.0"

// untyped is a resource that is registered by its token: of hybridcompute and monitor 2.90.0 no Go module is to be
// had. Its inputs are held against ARM's schema by `manifest lint`.
type untyped struct {
	pulumi.CustomResourceState
	Name pulumi.StringOutput `pulumi:"name"`
}

// untyped registers a resource by its token.
func (r *Run) untyped(token, name string, inputs pulumi.Map, options ...pulumi.ResourceOption) error {
	return r.untypedAs(&untyped{}, token, name, inputs, options...)
}

// untypedAs registers a resource of which more outputs are read.
func (r *Run) untypedAs(resource pulumi.CustomResource, token, name string, inputs pulumi.Map, options ...pulumi.ResourceOption) error {
	if err := r.Ctx.RegisterResource(token, name, inputs, resource, append(options, pulumi.Version(pluginVersion))...); err != nil {
		return err
	}
	r.Keep(name, resource)
	return nil
}

// ask makes a look-up by its token.
func (r *Run) ask(token string, args, result any, provider string) error {
	return r.Ctx.Invoke(token, args, result, r.Through(provider), pulumi.Version(pluginVersion))
}
