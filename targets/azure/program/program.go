// Package program registers the Azure parts of a plan with the typed Pulumi SDK. It runs in three
// phases, so that nothing is changed when an assumption is wrong: providers, look-ups of existing
// objects, registrations.
//
// The program is flat, because every other view of it (manifest, Pulumi YAML, diff) is this program
// run against a recorder: no ComponentResource, no ApplyT or All, inputs are literals or references.
// It decides nothing: what to build, and under which name, was settled by lowering.
package program

import (
	"fmt"

	"github.com/pulumi/pulumi-azure-native-sdk/resources/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/targets/azure"
	"github.com/obslink/obslink/targets/register"
)

// Run is one run of the program, after its providers are registered.
type Run struct {
	*register.Book
	parts *azure.Parts
}

// Start registers the providers and returns the run that uses them.
func Start(ctx *pulumi.Context, p *plan.Plan) (*Run, error) {
	r := &Run{Book: register.NewBook(ctx, p), parts: Parts(p)}
	return r, r.registerProviders()
}

// Parts are the plan's Azure parts.
func Parts(p *plan.Plan) *azure.Parts {
	parts, ok := p.Parts[azure.Name].(*azure.Parts)
	if !ok {
		panic(fmt.Sprintf("the plan's %s parts are a %T; this is a bug in obslink", azure.Name, p.Parts[azure.Name]))
	}
	return parts
}

// Register registers every part, those that others refer to first, and reads the endpoints'
// addresses last. Azure Monitor wants this order: scope, its resources, scoped resources one after
// another, endpoint, zones with their links, zone group (facts/azure.md §6).
func (r *Run) Register() error {
	for _, step := range []func() error{
		r.registerResourceGroups,
		r.registerVNets,
		r.registerRouteTables,
		r.registerSubnets,
		r.registerPublicIPs,
		r.registerVPNGateways,
		r.registerLocalGateways,
		r.registerVPNConnections,
		r.registerTunnelRules,
		r.registerPeerings,
		r.registerDNSResolvers,
		r.registerInboundEndpoints,
		r.registerScopes,
		r.registerArcScopes,
		r.registerWorkspaces,
		r.registerComponents,
		r.registerDataCollectionEndpoints,
		r.registerPrometheus,
		r.registerScopedResources,
		r.registerPrivateEndpoints,
		r.registerServiceEndpoints,
		r.registerZones,
		r.registerZoneLinks,
		r.registerZoneGroups,
		r.registerRecords,
		r.registerArcMembers,
		r.registerAgents,
		r.registerTables,
		r.registerRules,
		r.registerAssociations,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	r.exportAddresses()
	r.exportConnections()
	return nil
}

// options are those of a resource with an explicit physical name: two of it cannot exist at once, and
// a create-first replacement would write over the old one and then delete it, so it deletes first.
func (r *Run) options(part plan.Part, more ...pulumi.ResourceOption) pulumi.ResourceOption {
	return r.Options(part, append(more, pulumi.DeleteBeforeReplace(true))...)
}

// group is the name of a resource group.
func (r *Run) group(ref plan.Ref) pulumi.StringInput {
	if ref.Existing != "" {
		return pulumi.String(ref.Existing)
	}
	return register.Get[*resources.ResourceGroup](r.Book, ref.Part).Name
}

// tags say which stack a resource belongs to. The key has no colon: a private DNS zone silently drops
// such a tag, and it would be a difference for ever (hashicorp/terraform-provider-azurerm#6129).
func (r *Run) tags() pulumi.StringMap {
	return pulumi.StringMap{"obslink-stack": pulumi.String(r.Stack)}
}
