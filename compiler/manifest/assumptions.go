package manifest

import "github.com/obslink/obslink/compiler/diag"

// The kinds of finding when a look-up contradicts an assumption. They arise at preview and up only:
// a topology alone cannot say what a cloud account holds.
var (
	NotFound = diag.Code{
		ID:       "OBS401",
		Severity: diag.Error,
		Title:    "existing object not found",
		Cause: "The topology says that an object is there already, and the account, region or subscription that it names " +
			"has no such object or does not show it. Nothing was changed: look-ups come before the first registration.",
		Example: `networks: tokyo: existing: vpc: "vpc-0a1b"`,
		Mend:    "Write the id of an object that is there and that the credentials may read, or leave out existing to have it created.",
	}
	Differs = diag.Code{
		ID:       "OBS402",
		Severity: diag.Error,
		Title:    "existing object differs from the topology",
		Cause: "The proof of reachability rests on what the topology says about an existing object: its CIDRs, its zone, its " +
			"routes. The cloud says otherwise, so the proof would not hold. Nothing was changed.",
		Example: `networks: tokyo: {cidrs: ["10.0.0.0/16"], existing: vpc: "vpc-0a1b"}`,
		Mend:    "Write what the cloud has, or change the object.",
	}
)
