package program

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/targets/azure"
	"github.com/obslink/obslink/targets/register"
)

// Tokens of Arc, which untyped.go registers and looks up.
const (
	arcScopeType = "azure-native:hybridcompute:PrivateLinkScope"
	getArcScope  = "azure-native:hybridcompute:getPrivateLinkScope"
)

// registerArcScopes keeps the level "properties", which azure-native flattens elsewhere.
func (r *Run) registerArcScopes() error {
	for _, s := range r.parts.ArcScopes {
		err := r.untyped(arcScopeType, s.Name, pulumi.Map{
			"resourceGroupName": r.group(s.ResourceGroup),
			"scopeName":         pulumi.String(s.ResourceName),
			"location":          pulumi.String(s.Location),
			"properties":        pulumi.Map{"publicNetworkAccess": pulumi.String(s.PublicNetworkAccess)},
			"tags":              r.tags(),
		}, r.options(s.Part))
		if err != nil {
			return err
		}
	}
	return nil
}

// placed are the outputs that an untyped look-up reads.
type placed struct {
	Name     string `pulumi:"name"`
	Location string `pulumi:"location"`
}

type arcScopeArgs struct {
	ResourceGroupName string `pulumi:"resourceGroupName"`
	ScopeName         string `pulumi:"scopeName"`
}

func (r *Run) lookUpArcScope(a azure.ExistingArc) diag.List {
	what := fmt.Sprintf("Arc private link scope %q", a.Name)
	var got placed
	err := r.ask(getArcScope, &arcScopeArgs{ResourceGroupName: a.ResourceGroup, ScopeName: a.Name}, &got, a.Provider)
	if err != nil {
		return register.Failed(a.Origin, what, r.place(a.ResourceGroup, a.Provider), err)
	}
	if !sameLocation(got.Location, a.Location) {
		return diag.List{differs(a.Origin, "%s is in %q, the topology says %q", what, got.Location, a.Location).WithHint("write region: %q", got.Location)}
	}
	return nil
}
