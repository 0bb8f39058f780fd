package azure

import "github.com/obslink/obslink/compiler/plan"

// Table is one of a workspace for lines of text. Workspace refers to it by name.
type Table struct {
	plan.Part
	In
	Workspace plan.Ref `json:"workspace"`
}

// ExistingTable is looked up: it must be there.
type ExistingTable struct {
	Provider      string      `json:"provider"`
	ResourceGroup string      `json:"resourceGroup"`
	Workspace     string      `json:"workspace"`
	Name          string      `json:"name"`
	Origin        plan.Origin `json:"origin"`
}

// DataCollectionRule says what agents collect, and where it is kept. Tables must be there before it.
type DataCollectionRule struct {
	plan.Part
	In
	Location string     `json:"location"`
	Endpoint plan.Ref   `json:"endpoint"`
	Counters []Counters `json:"counters,omitempty"`
	Syslog   []Syslog   `json:"syslog,omitempty"`
	Events   []Events   `json:"events,omitempty"`
	TextLogs []TextLog  `json:"textLogs,omitempty"`
	// Forwarder is the source of a rule for Prometheus metrics, which Accounts keep: Azure Monitor workspaces.
	Forwarder  string        `json:"forwarder,omitempty"`
	Workspaces []Destination `json:"workspaces,omitempty"`
	Accounts   []Destination `json:"accounts,omitempty"`
	Flows      []Flow        `json:"flows"`
	Tables     []string      `json:"tables,omitempty"`
}

// Counters is a source of performance counters.
type Counters struct {
	Name       string   `json:"name"`
	Stream     string   `json:"stream"`
	Specifiers []string `json:"specifiers"`
	Seconds    int      `json:"seconds"`
}

// Syslog is a source of syslog.
type Syslog struct {
	Name       string   `json:"name"`
	Stream     string   `json:"stream"`
	Facilities []string `json:"facilities"`
	Levels     []string `json:"levels"`
}

// Events is a source of Windows events.
type Events struct {
	Name    string   `json:"name"`
	Stream  string   `json:"stream"`
	Queries []string `json:"queries"`
}

// TextLog is a source of lines of files; the rule declares its stream.
type TextLog struct {
	Name   string   `json:"name"`
	Stream string   `json:"stream"`
	Files  []string `json:"files"`
}

// Destination is a workspace that keeps what is collected, by ARM id where it is existing.
type Destination struct {
	Name      string   `json:"name"`
	Workspace plan.Ref `json:"workspace"`
}

// Flow brings a stream to all destinations; Output is the table, where the stream does not say it.
type Flow struct {
	Stream string `json:"stream"`
	Output string `json:"output,omitempty"`
}

// RuleAssociation has a machine do what a rule says, or fetch its settings at an endpoint: one of Rule and
// Endpoint is set.
type RuleAssociation struct {
	plan.Part
	ResourceName string   `json:"resourceName"`
	Machine      string   `json:"machine"`
	Rule         plan.Ref `json:"rule,omitzero"`
	Endpoint     plan.Ref `json:"endpoint,omitzero"`
}
