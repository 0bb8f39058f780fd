package load

import "github.com/obslink/obslink/compiler/diag"

// The findings of this pass: the topology cannot be read, or has the wrong shape.
var (
	noTopology = diag.Code{
		ID: "OBS101", Severity: diag.Error, Title: "no topology here",
		Cause:   "STACK is the name of a folder under stacks/, or a path to a folder or file. A folder needs at least one .cue file, or topology.yaml or topology.json.",
		Example: "obslink check prdo",
		Mend:    "obslink check prod, or `obslink init` to make a first stack",
	}
	badSyntax = diag.Code{
		ID: "OBS102", Severity: diag.Error, Title: "the file is not valid CUE, JSON or YAML",
		Cause:   "The parser stopped at the position given; nothing after it was read.",
		Example: `networks: hub: {account: "main" region: "us-east-1"}`,
		Mend:    `networks: hub: {account: "main", region: "us-east-1"}`,
	}
	severalPackages = diag.Code{
		ID: "OBS103", Severity: diag.Error, Title: "the files of one stack have different package names",
		Cause:   "stacks/base.cue and stacks/prod/*.cue unify only if every file starts with the same package clause.",
		Example: "package stack   // a.cue\npackage prod    // b.cue",
		Mend:    "package stack   // in every file",
	}
	badImport = diag.Code{
		ID: "OBS104", Severity: diag.Error, Title: "an import cannot be resolved",
		Cause:   "obslink reads CUE's own packages, obslink.dev/schema, and packages of the project's module or its cue.mod/pkg. It fetches nothing, and packages may not import each other in a circle.",
		Example: `import "example.net/other/module"`,
		Mend:    `import "obslink.dev/schema"`,
	}
	tooLarge = diag.Code{
		ID: "OBS105", Severity: diag.Error, Title: "a file is too large to be a topology",
		Cause:   "A topology of 10,000 sites is about 3 MB. A file over 32 MB is taken for a mistake before it takes the machine's memory.",
		Example: "a 50 MB file in stacks/prod/",
		Mend:    "move the file out of the stack's folder, or split the topology over several files",
	}
	conflict = diag.Code{
		ID: "OBS106", Severity: diag.Error, Title: "two declarations disagree",
		Cause:   "Files of one stack unify: the same field may be written twice only with the same value.",
		Example: "environment: \"prod\"   // prod.cue\nenvironment: \"base\"   // base.cue",
		Mend:    "write the field in one of the files",
	}
	notConcrete = diag.Code{
		ID: "OBS107", Severity: diag.Error, Title: "a value cannot be computed",
		Cause:   "An expression refers to something that is not there, or leaves a value open.",
		Example: `networks: hub: region: defaultRegion`,
		Mend:    `networks: hub: region: "us-east-1"`,
	}
	unknownField = diag.Code{
		ID: "OBS111", Severity: diag.Error, Title: "unknown field",
		Cause:   "The language has no such field in this place; a typo would otherwise be ignored in silence.",
		Example: `networks: hub: regoin: "us-east-1"`,
		Mend:    `networks: hub: region: "us-east-1"`,
	}
	missingField = diag.Code{
		ID: "OBS112", Severity: diag.Error, Title: "a required field is missing",
		Cause:   "obslink does not guess this value.",
		Example: `networks: hub: {account: "main", cidrs: ["192.168.0.0/16"]}`,
		Mend:    `networks: hub: {account: "main", region: "us-east-1", cidrs: ["192.168.0.0/16"]}`,
	}
	wrongType = diag.Code{
		ID: "OBS113", Severity: diag.Error, Title: "a value has the wrong type",
		Cause:   "The field takes another type of value.",
		Example: `networks: hub: cidrs: "192.168.0.0/16"`,
		Mend:    `networks: hub: cidrs: ["192.168.0.0/16"]`,
	}
	notAllowed = diag.Code{
		ID: "OBS114", Severity: diag.Error, Title: "a value is not one of those the field takes",
		Cause:   "The field takes one of a few words.",
		Example: `backends: logs: azureMonitor: {ingestion: "Private", query: "Open"}`,
		Mend:    `backends: logs: azureMonitor: {ingestion: "PrivateOnly", query: "Open"}`,
	}
	badLock = diag.Code{
		ID: "OBS117", Severity: diag.Error, Title: "addresses.lock.json cannot be read",
		Cause:   "The lock file keeps addresses from one run to the next. obslink does not go on without it, since other addresses would be chosen.",
		Example: `{"version": 1, "addresses": {`,
		Mend:    "restore the file from version control, or delete it and run `obslink lock STACK`",
	}
)

// Codes are the findings of this pass, for `obslink explain`.
var Codes = []diag.Code{
	noTopology, badSyntax, severalPackages, badImport, tooLarge, conflict, notConcrete,
	unknownField, missingField, wrongType, notAllowed, badLock,
}
