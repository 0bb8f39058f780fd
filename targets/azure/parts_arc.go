package azure

import "github.com/obslink/obslink/compiler/plan"

// ArcScope is an Azure Arc private link scope, in the region of its machines.
type ArcScope struct {
	plan.Part
	In
	Location            string `json:"location"`
	PublicNetworkAccess string `json:"publicNetworkAccess"`
}

// ExistingArc is an Arc scope that is looked up: it must be in the declared region.
type ExistingArc struct {
	Provider      string      `json:"provider"`
	ResourceGroup string      `json:"resourceGroup"`
	Name          string      `json:"name"`
	Location      string      `json:"location"`
	Origin        plan.Origin `json:"origin"`
}

// ExistingMachine is an Arc-enabled server that is looked up: its region and system must be the declared
// ones.
type ExistingMachine struct {
	Provider      string      `json:"provider"`
	ResourceGroup string      `json:"resourceGroup"`
	Name          string      `json:"name"`
	Location      string      `json:"location"`
	OS            string      `json:"os"`
	Origin        plan.Origin `json:"origin"`
}

// ArcMember puts a machine into an Arc scope, which stands in the part's resource group.
type ArcMember struct {
	plan.Part
	In
	Scope   plan.Ref `json:"scope"` // by name, where it is there already
	Machine string   `json:"machine"`
}

// Agent is the extension that installs the Azure Monitor Agent on a machine.
type Agent struct {
	plan.Part
	ResourceGroup string `json:"resourceGroup"`
	Machine       string `json:"machine"`
	Location      string `json:"location"`
	Type          string `json:"type"`
}
