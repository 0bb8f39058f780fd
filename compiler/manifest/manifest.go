// Package manifest is the list of Pulumi resources that a plan turns into, as the program registers
// them: the recorder writes it without engine or cloud, and compile, diff, lint and lift read it.
// It is data only.
package manifest

// Version is the version of the manifest's JSON form.
const Version = 1

// Manifest is one recorded program.
type Manifest struct {
	Version    int    `json:"version"`
	Project    string `json:"project"`
	Stack      string `json:"stack"`
	PlanDigest string `json:"planDigest"`
	// Resources are in the order of type and name.
	Resources []Resource `json:"resources"`
	// Assumptions are the look-ups of existing objects that the program makes before it registers
	// anything, with the answers that the plan expects.
	Assumptions []Assumption `json:"assumptions,omitempty"`
	// Outputs are the stack's exports; references are ${name.property}. One that the program reads
	// back from the cloud is {"fn::invoke": {function, arguments, options, return}}, as in Pulumi YAML.
	Outputs map[string]any `json:"outputs,omitempty"`
}

// Resource is one registration.
type Resource struct {
	Type string `json:"type"`
	Name string `json:"name"`
	// Inputs are literals or references: a string that holds ${name.property}.
	Inputs map[string]any `json:"inputs"`
	// Provider is the logical name of the explicit provider; empty only for providers.
	Provider  string   `json:"provider,omitempty"`
	DependsOn []string `json:"dependsOn,omitempty"`
	// Aliases are former logical names.
	Aliases             []string `json:"aliases,omitempty"`
	DeleteBeforeReplace bool     `json:"deleteBeforeReplace,omitempty"`
	IgnoreChanges       []string `json:"ignoreChanges,omitempty"`
	Protect             bool     `json:"protect,omitempty"`
	ReplacementTrigger  any      `json:"replacementTrigger,omitempty"`
}

// Assumption is a look-up of an existing object and what the plan expects it to say.
type Assumption struct {
	Function string         `json:"function"`
	Args     map[string]any `json:"args"`
	Provider string         `json:"provider"`
	Expected map[string]any `json:"expected,omitempty"`
	// Absent says that nothing must be found.
	Absent bool `json:"absent,omitempty"`
	// Path and Pos say which declaration makes the assumption.
	Path string `json:"path"`
	Pos  string `json:"pos"`
}
