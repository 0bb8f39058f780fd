package azure

import (
	"slices"
	"strings"
)

// ScopedResourceType is the type of what puts a resource into a scope: it gives members to the scope's
// endpoints, and takes them.
const ScopedResourceType = scopedResourceType

// ConnectionsOutput is the name of the export that holds the connections of a scope's endpoints.
func ConnectionsOutput(scope string) string { return scope + "_connections" }

// Wanted are the names that only Azure knows and that resources want said: the connections of endpoints
// with exclusions, by reference (endpoint.connection). A run that does not find them among the stack's
// outputs leaves out what needs them, and another one has to follow.
func Wanted(p *Parts) []string {
	var wanted []string
	for _, s := range p.Scopes {
		for _, e := range s.Exclusions {
			wanted = append(wanted, connectionOf(e.Endpoint))
		}
	}
	slices.Sort(wanted)
	return wanted
}

// Known are those of the wanted names that the stack's outputs say.
func Known(p *Parts, raw map[string]any) map[string]string {
	known := map[string]string{}
	for _, s := range p.Scopes {
		connections, _ := raw[ConnectionsOutput(s.Name)].([]any)
		for _, e := range s.Exclusions {
			for _, c := range connections {
				fields, _ := c.(map[string]any)
				endpoint, _ := fields["privateEndpoint"].(map[string]any)
				id, _ := endpoint["id"].(string)
				if name, _ := fields["name"].(string); name != "" && strings.EqualFold(id, p.endpointID(e.Endpoint)) {
					known[connectionOf(e.Endpoint)] = name
				}
			}
		}
	}
	return known
}

// Connection is the name of an endpoint's connection; "" where Known has none.
func Connection(known map[string]string, endpoint string) string {
	return known[connectionOf(endpoint)]
}

// Foretold are outputs as an earlier run would have left them, with a reference for each wanted name: a
// manifest shows what the last pass builds.
func Foretold(p *Parts) map[string]any {
	outputs := map[string]any{}
	for _, s := range p.Scopes {
		var connections []any
		for _, e := range s.Exclusions {
			connections = append(connections, map[string]any{
				"name": "${" + connectionOf(e.Endpoint) + "}", "privateEndpoint": map[string]any{"id": p.endpointID(e.Endpoint)},
			})
		}
		outputs[ConnectionsOutput(s.Name)] = connections
	}
	return outputs
}

func connectionOf(endpoint string) string { return endpoint + ".connection" }

// endpointID is the ARM id that a created endpoint will have.
func (p *Parts) endpointID(name string) string {
	for _, e := range p.PrivateEndpoints {
		if e.Name != name {
			continue
		}
		group := slices.IndexFunc(p.ResourceGroups, func(g ResourceGroup) bool { return g.Name == e.ResourceGroup.Part })
		provider := slices.IndexFunc(p.Providers, func(x Provider) bool { return x.Name == e.Provider })
		return "/subscriptions/" + p.Providers[provider].Subscription + "/resourceGroups/" + p.ResourceGroups[group].ResourceName +
			"/providers/Microsoft.Network/privateEndpoints/" + e.ResourceName
	}
	panic("no endpoint is called " + name + "; this is a bug in obslink")
}
