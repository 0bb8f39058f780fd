package deploy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"

	"github.com/obslink/obslink/targets/register"
)

// read is a look-up of a resource that the program itself registered; its answer goes to an output.
type read struct {
	// property is the part of the answer that is exported, a list of objects with an id.
	property string
}

// reads lists the functions that programs call after their registrations.
var reads = map[string]read{
	"azure-native:network:getNetworkInterface":  {property: "ipConfigurations"},
	"azure-native:network:getPrivateEndpoint":   {property: "manualPrivateLinkServiceConnections"},
	"azure-native:insights:getPrivateLinkScope": {property: "privateEndpointConnections"},
}

// answer holds the mark where markOf looks for it.
func (r read) answer(mark string) resource.PropertyMap {
	return resource.NewPropertyMapFromMap(map[string]any{r.property: []any{map[string]any{"id": mark}}})
}

// exportsType is the type of the resource by which recordExports hands over the stack's outputs.
const exportsType = "obslink:recorder:Exports"

// recordExports records the exports. The SDK shows them to nobody but the engine, except as inputs of
// a resource: they become those of one that only this recorder sees.
func recordExports(ctx *pulumi.Context) error {
	var exports pulumi.CustomResourceState
	return ctx.RegisterResource(exportsType, "exports", pulumi.Map(ctx.GetCurrentExportMap()), &exports)
}

// keepExports keeps the exports. One that was read from a registered resource becomes the read, in
// the form of Pulumi YAML.
func (r *recorder) keepExports(args pulumi.MockResourceArgs) error {
	outputs, err := plainObject(args.Inputs)
	if err != nil {
		return err
	}
	for name, value := range outputs {
		mark := markOf(value)
		if mark == "" {
			continue
		}
		read := r.takeRead(mark)
		read["options"].(map[string]any)["dependsOn"] = waitsFor(args.RegisterRPC, name, read["arguments"])
		outputs[name] = map[string]any{"fn::invoke": read}
	}
	r.outputs = outputs
	return nil
}

// waitsFor are the resources that a read waits for, but those that its arguments refer to.
func waitsFor(request *pulumirpc.RegisterResourceRequest, output string, arguments any) []any {
	implied := string(mustMarshal(arguments))
	var names []string
	for _, urn := range request.GetPropertyDependencies()[output].GetUrns() {
		if name := logicalName(urn); !strings.Contains(implied, "${"+name+".") {
			names = append(names, "${"+name+"}")
		}
	}
	slices.Sort(names)
	plain := make([]any, len(names))
	for i, name := range names {
		plain[i] = name
	}
	return plain
}

// Call answers a look-up. One that the plan has an expectation for comes before the registrations;
// any other reads a registered resource and goes to an output.
func (r *recorder) Call(args pulumi.MockCallArgs) (resource.PropertyMap, error) {
	plain, err := plainObject(args.Args)
	if err != nil {
		return nil, err
	}
	if args.Token == register.EarlierFunction {
		return resource.NewPropertyMapFromMap(map[string]any{"outputs": r.earlier}), nil
	}
	provider := providerName(args.Provider)
	if expected, found := r.expected[lookupKey(args.Token, provider, plain)]; found {
		if expected == nil {
			return nil, fmt.Errorf("no matching object found")
		}
		return resource.NewPropertyMapFromMap(expected), nil
	}
	read, found := reads[args.Token]
	if !found {
		return nil, fmt.Errorf("the plan expects nothing of %s %v", args.Token, plain)
	}
	return read.answer(r.remember(map[string]any{
		"function":  args.Token,
		"arguments": plain,
		"options":   map[string]any{"provider": "${" + provider + "}"},
		"return":    read.property,
	})), nil
}

// remember keeps a read and returns the mark by which takeRead finds it again.
func (r *recorder) remember(read map[string]any) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.reads = append(r.reads, read)
	return fmt.Sprintf("%s%d}", readMark, len(r.reads)-1)
}

const readMark = "${read:"

func (r *recorder) takeRead(mark string) map[string]any {
	r.mu.Lock()
	defer r.mu.Unlock()
	var i int
	if _, err := fmt.Sscanf(mark, readMark+"%d}", &i); err != nil {
		panic(fmt.Sprintf("mark %q of a read: %v; this is a bug in obslink", mark, err))
	}
	return r.reads[i]
}

// markOf is the mark that an answer to a read carries, if the value is one.
func markOf(value any) string {
	list, _ := value.([]any)
	if len(list) != 1 {
		return ""
	}
	first, _ := list[0].(map[string]any)
	id, _ := first["id"].(string)
	if !strings.HasPrefix(id, readMark) {
		return ""
	}
	return id
}
