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
