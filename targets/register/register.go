// Package register is what the program of every target does alike: it keeps the registered resources
// by their logical names, gives each registration its explicit provider and its former names, and
// asks many look-ups at once. It knows no cloud; what is registered, and in which
// order, is the business of targets/*/program.
package register

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/obslink/obslink/compiler/plan"
)

// Book holds the resources of one running program by logical name.
type Book struct {
	Ctx *pulumi.Context
	// Stack is the stack's name, for tags.
	Stack string

	served    map[string]string
	providers map[string]pulumi.ProviderResource
	resources map[string]pulumi.CustomResource
}

// NewBook is an empty book for the plan's stack.
func NewBook(ctx *pulumi.Context, p *plan.Plan) *Book {
	return &Book{
		Ctx:       ctx,
		Stack:     p.Stack,
		served:    p.Served,
		providers: map[string]pulumi.ProviderResource{},
		resources: map[string]pulumi.CustomResource{},
	}
}

// Served reports whether a temporary part has done what it is for: this run leaves it out.
func (b *Book) Served(name string) bool {
	_, served := b.served[name]
	return served
}

// KeepProvider remembers an explicit provider.
func (b *Book) KeepProvider(name string, provider pulumi.ProviderResource) {
	b.providers[name] = provider
}

// Keep remembers a resource.
func (b *Book) Keep(name string, resource pulumi.CustomResource) {
	b.resources[name] = resource
}

// Provider is the explicit provider of that name.
func (b *Book) Provider(name string) pulumi.ProviderResource {
	provider, found := b.providers[name]
	if !found {
		panic(fmt.Sprintf("no provider is called %q; this is a bug in obslink", name))
	}
	return provider
}

// Resource is the registered resource of that name.
func (b *Book) Resource(name string) pulumi.CustomResource {
	resource, found := b.resources[name]
	if !found {
		panic(fmt.Sprintf("no resource called %q was registered before it is referred to; this is a bug in obslink", name))
	}
	return resource
}

// Get is the registered resource of that name, as its own type.
func Get[T pulumi.CustomResource](b *Book, name string) T {
	resource, ok := b.Resource(name).(T)
	if !ok {
		panic(fmt.Sprintf("resource %q is a %T; this is a bug in obslink", name, b.Resource(name)))
	}
	return resource
}

// ID is an id as an input: a literal for an existing object, a reference for a registered one.
type ID interface {
	pulumi.StringInput
	pulumi.StringPtrInput
}

// ID is the cloud's id of what ref refers to.
func (b *Book) ID(ref plan.Ref) ID {
	if ref.Existing != "" {
		return pulumi.String(ref.Existing)
	}
	return b.Resource(ref.Part).ID()
}

// Secret is a secret of the stack. The program only passes it on: a plan names it, and no product holds
// it.
func (b *Book) Secret(name string) (pulumi.StringOutput, error) {
	value, ok := b.Ctx.GetConfig(b.Ctx.Project() + ":" + name)
	if !ok {
		return pulumi.StringOutput{}, fmt.Errorf("secret %q is not set for stack %q", name, b.Stack)
	}
	return pulumi.ToSecret(pulumi.String(value)).(pulumi.StringOutput), nil
}

// DependsOn waits for the resources of those names.
func (b *Book) DependsOn(names ...string) pulumi.ResourceOrInvokeOption {
	resources := make([]pulumi.Resource, len(names))
	for i, name := range names {
		resources[i] = b.Resource(name)
	}
	return pulumi.DependsOn(resources)
}

// Options are the options that every resource of a part has, and more.
func (b *Book) Options(part plan.Part, more ...pulumi.ResourceOption) pulumi.ResourceOption {
	options := []pulumi.ResourceOption{pulumi.Provider(b.Provider(part.Provider)), FormerNames(part)}
	return pulumi.Composite(append(options, more...)...)
}

// FormerNames are the names that the part had before, so that a rename replaces nothing.
func FormerNames(part plan.Part) pulumi.ResourceOption {
	aliases := make([]pulumi.Alias, len(part.Was))
	for i, was := range part.Was {
		aliases[i] = pulumi.Alias{Name: pulumi.String(was)}
	}
	return pulumi.Aliases(aliases)
}
