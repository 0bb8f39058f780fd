package deploy

import "github.com/obslink/obslink/compiler/diag"

// The codes of what goes wrong while the engine works. They have no example: the same topology may
// deploy well tomorrow.
var (
	codeRefused = diag.Code{ID: "OBS501", Severity: diag.Error, Title: "the cloud refused a resource",
		Cause: "The cloud's own answer is quoted; the position is the declaration that the resource comes from. What was built before it stays, and all refused resources of a run are reported together.",
		Mend:  "Change the topology at that line, or what the answer names (a quota, a permission), and run the command again: it continues where it stopped."}
	codeProgram = diag.Code{ID: "OBS502", Severity: diag.Error, Title: "the engine stopped",
		Cause: "The Pulumi engine could not run the stack for a reason that has nothing to do with one resource.",
		Mend:  "The message is the engine's; `pulumi` commands see the same stack."}
	codeCLI = diag.Code{ID: "OBS503", Severity: diag.Error, Title: "no usable Pulumi CLI",
		Cause: "obslink runs stacks with the Pulumi engine, which the `pulumi` command carries. It takes the one that OBSLINK_PULUMI names, else bin/pulumi of the project, else the one on PATH.",
		Mend:  "Type `make pulumi`, or install Pulumi, or set OBSLINK_PULUMI."}
	codeProject = diag.Code{ID: "OBS504", Severity: diag.Error, Title: "no Pulumi project",
		Cause: "A stack belongs to the Pulumi project that Pulumi.yaml at the project's root names.",
		Mend:  "Run `obslink init`, or change to the project's folder."}
	codeLocked = diag.Code{ID: "OBS505", Severity: diag.Error, Title: "the stack is locked",
		Cause: "Only one command at a time may change a stack. The lock of a process that died on this host is removed without asking; one of another host cannot be judged from here.",
		Mend:  "Wait for the process that the message names. If it is surely dead: `pulumi cancel --stack STACK`."}
	codeState = diag.Code{ID: "OBS506", Severity: diag.Error, Title: "the stack's state does not read",
		Cause: "The state says which cloud objects belong to the stack; obslink never guesses it.",
		Mend:  "Put back the last good copy: Pulumi keeps one beside the state (NAME.json.bak) and one per update under .pulumi/backups."}
	codeSpace = diag.Code{ID: "OBS507", Severity: diag.Error, Title: "the state could not be written",
		Cause: "The disk is full or the folder is read-only, so what the run did may not be recorded.",
		Mend:  "Make room or change the permission, and run the command again."}
	codePassphrase = diag.Code{ID: "OBS508", Severity: diag.Error, Title: "the stack's secrets cannot be opened",
		Cause: "The stack's secrets are encrypted with a passphrase or a key that only you have; obslink has no default outside the sandbox.",
		Mend:  "Set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE, or choose a key service with `pulumi stack change-secrets-provider`."}
	codeSecret = diag.Code{ID: "OBS509", Severity: diag.Error, Title: "a secret is not set",
		Cause: "The topology refers to a secret by name; its value is stored encrypted in the stack's settings.",
		Mend:  "Type `obslink secret set STACK NAME`."}
	codeProtected = diag.Code{ID: "OBS510", Severity: diag.Error, Title: "the stack is protected",
		Cause: "`protect: true` in a topology keeps `destroy` from touching the stack.",
		Mend:  "If it must go: `obslink destroy STACK --unprotect`."}
	codeDebug = diag.Code{ID: "OBS511", Severity: diag.Error, Title: "PULUMI_DEBUG_PROVIDERS is set",
		Cause: "It makes the engine talk to some process instead of the real clouds: a run would look real and build nothing.",
		Mend:  "Unset it, or use --sandbox."}
	codeInterrupted = diag.Code{ID: "OBS512", Severity: diag.Error, Title: "interrupted",
		Cause: "The run was asked to stop. What was under way was finished and recorded, unless it was interrupted twice.",
		Mend:  "Run the command again: it continues where it stopped."}
	codeNoStack = diag.Code{ID: "OBS513", Severity: diag.Error, Title: "nothing is deployed",
		Cause: "The stack was never brought up with this backend, so there is nothing to read.",
		Mend:  "Type `obslink up STACK` first; check PULUMI_BACKEND_URL, or --sandbox, if it was."}
	codeSandbox = diag.Code{ID: "OBS514", Severity: diag.Error, Title: "the sandbox does not start",
		Cause: "The simulated clouds keep what was built in .obslink/sandbox/STACK and read world.json and faults.json beside the topology.",
		Mend:  "Mend the file that the message names; deleting .obslink/sandbox/STACK starts over with empty clouds."}
	codePlugin = diag.Code{ID: "OBS515", Severity: diag.Error, Title: "a provider plugin is missing",
		Cause: "The Pulumi engine talks to a cloud through that cloud's provider plugin, which it downloads when it is first needed.",
		Mend:  "Type `pulumi plugin install resource NAME VERSION` where the network allows it, or bring the plugin along; --sandbox needs none."}
)

// Codes lists them for `explain` and docs/codes.md.
func Codes() []diag.Code {
	return []diag.Code{
		codeRefused, codeProgram, codeCLI, codeProject, codeLocked, codeState, codeSpace, codePassphrase,
		codeSecret, codeProtected, codeDebug, codeInterrupted, codeNoStack, codeSandbox,
		codePlugin,
	}
}
