package azure

import "github.com/obslink/obslink/compiler/plan"

// Access is what a resource accepts from networks outside of its scope: Enabled or Disabled. It is
// independent of the scope's modes (private-link-design, 2026-01).
type Access struct {
	Ingestion string `json:"ingestion,omitempty"`
	Query     string `json:"query,omitempty"`
}

// Workspace is a Log Analytics workspace.
type Workspace struct {
	plan.Part
	In
	Location      string `json:"location"`
	RetentionDays int    `json:"retentionDays"`
	Public        Access `json:"public"`
}

// ExistingScope is an Azure Monitor Private Link Scope that is looked up: its modes must be the declared
// ones.
type ExistingScope struct {
	Provider      string      `json:"provider"`
	ResourceGroup string      `json:"resourceGroup"`
	Name          string      `json:"name"`
	Ingestion     string      `json:"ingestion"`
	Query         string      `json:"query"`
	Origin        plan.Origin `json:"origin"`
}

// Component is an Application Insights component that keeps its data in a workspace.
type Component struct {
	plan.Part
	In
	Location  string   `json:"location"`
	Kind      string   `json:"kind"`
	Workspace plan.Ref `json:"workspace"`
	Public    Access   `json:"public"`
}

// DataCollectionEndpoint gives agents their settings and takes logs and metrics in.
type DataCollectionEndpoint struct {
	plan.Part
	In
	Location string `json:"location"`
	// Public is Enabled, Disabled or SecuredByPerimeter.
	Public string `json:"public"`
}

// PrometheusWorkspace is an Azure Monitor workspace, which keeps Prometheus metrics.
type PrometheusWorkspace struct {
	plan.Part
	In
	Location string `json:"location"`
}

// The kinds of what may be in a scope or is asked beside it, as names of parts have them.
const (
	kindWorkspace  = "workspace"
	kindComponent  = "component"
	kindCollector  = "datacollectionendpoint"
	kindPrometheus = "prometheusworkspace"
)

// ExistingMonitored is a resource of a scope, or asked beside it, that is looked up before anything is registered. Host is
// what only Azure knows of its names: a workspace's customer id, a component's stamp, what the hosts of
// a data collection endpoint or the query endpoint of an Azure Monitor workspace begin with.
type ExistingMonitored struct {
	Kind          string `json:"kind"`
	Provider      string `json:"provider"`
	ResourceGroup string `json:"resourceGroup"`
	Name          string `json:"name"`
	Location      string `json:"location"`
	Host          string `json:"host"`
	// Cloud is the one that the resource is in where that is not the public one.
	Cloud string `json:"cloud,omitempty"`
	// Public is what the topology says of public access; empty fields say nothing.
	Public Access      `json:"public,omitzero"`
	Origin plan.Origin `json:"origin"`
}
