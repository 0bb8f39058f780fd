// Package program registers the AWS parts of a plan with the typed Pulumi SDK. It runs in three
// phases, so that nothing is changed when an assumption is wrong: providers, look-ups of existing
// objects, registrations.
//
// The program is flat, because every other view of it (manifest, Pulumi YAML, diff) is this program
// run against a recorder: no ComponentResource, no ApplyT or All, inputs are literals or references.
// It decides nothing: what to build, and under which name, was settled by lowering.
package program

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/targets/aws"
	"github.com/obslink/obslink/targets/register"
)

// Run is one run of the program, after its providers are registered.
type Run struct {
	*register.Book
	parts *aws.Parts
}

// Start registers the providers and returns the run that uses them.
func Start(ctx *pulumi.Context, p *plan.Plan) (*Run, error) {
	r := &Run{Book: register.NewBook(ctx, p), parts: Parts(p)}
	return r, r.registerProviders()
}

// Parts are the plan's AWS parts.
func Parts(p *plan.Plan) *aws.Parts {
	parts, ok := p.Parts[aws.Name].(*aws.Parts)
	if !ok {
		panic(fmt.Sprintf("the plan's %s parts are a %T; this is a bug in obslink", aws.Name, p.Parts[aws.Name]))
	}
	return parts
}

// Register registers every part, those that others refer to first.
func (r *Run) Register() error {
	for _, step := range []func() error{
		r.registerVPCs,
		r.registerSubnets,
		r.registerRouteTables,
		r.registerRouteTableAssociations,
		r.registerPeerings,
		r.registerPeeringAccepters,
		r.registerTransitGateways,
		r.registerTransitRouteTables,
		r.registerTransitShares,
		r.registerTransitAttachments,
		r.registerTransitAttachmentAccepters,
		r.registerTransitPeerings,
		r.registerTransitPeeringAccepters,
		r.registerCustomerGateways,
		r.registerVPNGateways,
		r.registerVPNConnections,
		r.registerVPNRoutes,
		r.registerVPNPropagations,
		r.registerTunnelRules,
		r.registerTransitAssociations,
		r.registerTransitPropagations,
		r.registerTransitRoutes,
		r.registerRoutes,
		r.registerSecurityGroups,
		r.registerIngressRules,
		r.registerEgressRules,
		r.registerEndpoints,
		r.registerInboundEndpoints,
		r.registerZones,
		r.registerZoneAuthorizations,
		r.registerZoneAssociations,
		r.registerRecords,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// stackTag says which stack a resource belongs to.
const stackTag = "obslink:stack"

// tags name a resource in the console and say which stack it belongs to.
func (r *Run) tags(name string) pulumi.StringMap {
	return pulumi.StringMap{
		"Name":   pulumi.String(r.Stack + "-" + name),
		stackTag: pulumi.String(r.Stack),
	}
}
