package deploy

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
)

// Record runs the program of a plan without engine and cloud and returns what it registers. The
// outputs of a registration are placeholders such as ${vpc_hub.id}, so every reference between
// resources stays readable; look-ups are answered as the plan expects.
func Record(p *plan.Plan, project string) (*manifest.Manifest, error) {
	recorder := newRecorder(p)
	config, secretKeys := secretConfig(p, project)
	ctx, err := pulumi.NewContext(context.Background(), pulumi.RunInfo{
		Project: project, Stack: p.Stack, Config: config, ConfigSecretKeys: secretKeys, Mocks: recorder,
	})
	if err != nil {
		return nil, bug(err)
	}
	defer ctx.Close()
	err = pulumi.RunWithContext(ctx, func(ctx *pulumi.Context) error {
		if err := Run(ctx, p); err != nil {
			return err
		}
		return recordExports(ctx)
	})
	if err != nil {
		return nil, bug(err)
	}
	return &manifest.Manifest{
		Version:     manifest.Version,
		Project:     project,
		Stack:       p.Stack,
		PlanDigest:  recorder.digest(),
		Resources:   recorder.sorted(),
		Assumptions: recorder.assumptions,
		Outputs:     recorder.outputs,
	}, nil
}

// digest is what the program exported as the plan's digest, which costs as much as a tenth of the
// recording to make once more.
func (r *recorder) digest() string {
	head, _ := r.outputs[planExport].(map[string]any)
	digest, _ := head["planDigest"].(string)
	return digest
}

// bug marks an error of the recorder: no topology can cause one.
func bug(err error) error {
	return fmt.Errorf("recording the program: %w; this is a bug in obslink", err)
}

// secretConfig sets each of the stack's secrets to its own reference, so that no value is needed, or
// can be found, in a manifest.
func secretConfig(p *plan.Plan, project string) (config map[string]string, keys []string) {
	config = map[string]string{}
	for _, secret := range p.Secrets {
		key := project + ":" + secret.Name
		config[key] = "${secret:" + secret.Name + "}"
		keys = append(keys, key)
	}
	return config, keys
}

// recorder answers as the engine would, with placeholders. The SDK calls it from many goroutines.
type recorder struct {
	assumptions []manifest.Assumption
	expected    map[string]map[string]any
	// earlier are outputs as the run before the last pass would leave them.
	earlier map[string]any

	mu        sync.Mutex
	resources []manifest.Resource
	reads     []map[string]any
	outputs   map[string]any
}

func newRecorder(p *plan.Plan) *recorder {
	r := &recorder{expected: map[string]map[string]any{}, earlier: map[string]any{}}
	for _, program := range used(p) {
		r.assumptions = append(r.assumptions, program.assumptions(p)...)
	}
	for target, parts := range p.Parts {
		if read := readings[target]; read.foretold != nil {
			maps.Copy(r.earlier, read.foretold(parts))
		}
	}
	for _, a := range r.assumptions {
		key := lookupKey(a.Function, a.Provider, a.Args)
		if r.expected[key] = a.Expected; a.Absent {
			r.expected[key] = nil
		}
	}
	return r
}

// lookupKey tells look-ups apart.
func lookupKey(function, provider string, args map[string]any) string {
	return function + " " + provider + " " + string(mustMarshal(args))
}

func mustMarshal(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic("recorded data does not marshal: " + err.Error() + "; this is a bug in obslink")
	}
	return text
}

func (r *recorder) sorted() []manifest.Resource {
	slices.SortFunc(r.resources, func(a, b manifest.Resource) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Name, b.Name))
	})
	return r.resources
}

// NewResource records a registration and returns its placeholder outputs.
func (r *recorder) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	if args.TypeToken == exportsType {
		return "exports", resource.PropertyMap{}, r.keepExports(args)
	}
	shape, found := shapes[args.TypeToken]
	if !found {
		return "", nil, fmt.Errorf("no output shape is known for %s %q", args.TypeToken, args.Name)
	}
	recorded, err := recordResource(args)
	if err != nil {
		return "", nil, fmt.Errorf("%s %q: %w", args.TypeToken, args.Name, err)
	}
	r.mu.Lock()
	r.resources = append(r.resources, recorded)
	r.mu.Unlock()
	return placeholder(args.Name, "id"), shape(args.Name, args.Inputs), nil
}

func recordResource(args pulumi.MockResourceArgs) (manifest.Resource, error) {
	request := args.RegisterRPC
	inputs, err := plainObject(args.Inputs)
	if err != nil {
		return manifest.Resource{}, err
	}
	if err := checkReferences(inputs, request); err != nil {
		return manifest.Resource{}, err
	}
	trigger, err := triggerOf(request)
	if err != nil {
		return manifest.Resource{}, err
	}
	return manifest.Resource{
		Type:                args.TypeToken,
		Name:                args.Name,
		Inputs:              inputs,
		Provider:            providerName(args.Provider),
		DependsOn:           dependsOn(request, trigger),
		Aliases:             formerNames(request),
		DeleteBeforeReplace: request.GetDeleteBeforeReplace(),
		IgnoreChanges:       request.GetIgnoreChanges(),
		Protect:             request.GetProtect(),
		ReplacementTrigger:  trigger,
	}, nil
}

// checkReferences finds an input that was taken from a resource but has lost its reference: the output
// has no placeholder, and would be recorded as an empty string.
func checkReferences(inputs map[string]any, request *pulumirpc.RegisterResourceRequest) error {
	for property, dependencies := range request.GetPropertyDependencies() {
		if len(dependencies.GetUrns()) > 0 && !holdsReference(inputs[property]) {
			return fmt.Errorf("input %q depends on %s, whose output has no placeholder", property, logicalName(dependencies.GetUrns()[0]))
		}
	}
	return nil
}

func holdsReference(v any) bool {
	switch v := v.(type) {
	case string:
		return strings.Contains(v, referenceMark)
	case []any:
		return slices.ContainsFunc(v, holdsReference)
	case map[string]any:
		for _, e := range v {
			if holdsReference(e) {
				return true
			}
		}
	}
	return false
}

// dependsOn are the explicit dependencies: those that no input and no trigger brings with it.
func dependsOn(request *pulumirpc.RegisterResourceRequest, trigger any) []string {
	implied := map[string]bool{}
	for _, dependencies := range request.GetPropertyDependencies() {
		for _, urn := range dependencies.GetUrns() {
			implied[urn] = true
		}
	}
	text, _ := trigger.(string)
	var names []string
	for _, urn := range request.GetDependencies() {
		if name := logicalName(urn); !implied[urn] && !strings.Contains(text, "${"+name+".") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// formerNames leaves out the aliases that the SDK adds for former types.
func formerNames(request *pulumirpc.RegisterResourceRequest) []string {
	var names []string
	for _, alias := range request.GetAliases() {
		if name := alias.GetSpec().GetName(); name != "" {
			names = append(names, name)
		}
	}
	return names
}

func triggerOf(request *pulumirpc.RegisterResourceRequest) (any, error) {
	if request.GetReplacementTrigger() == nil {
		return nil, nil
	}
	value, err := plugin.UnmarshalPropertyValue("replacementTrigger", request.GetReplacementTrigger(), plugin.MarshalOptions{KeepSecrets: true})
	if err != nil {
		return nil, err
	}
	return plainValue(*value)
}

// logicalName is the last part of a URN.
func logicalName(urn string) string {
	parts := strings.Split(urn, "::")
	return parts[len(parts)-1]
}

// providerName is the logical name in a provider reference, URN::ID.
func providerName(reference string) string {
	urn, _, _ := strings.Cut(reference, "::"+referenceMark)
	return logicalName(urn)
}
