package azure

import (
	"cmp"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
)

// kindOf is the kind of a resource of a scope, by its type.
var kindOf = map[string]string{workspaceType: kindWorkspace, componentType: kindComponent, collectorType: kindCollector}

// monitoredFunctions are the look-ups of existing resources of scopes: the argument with the name, and
// how the answer says the host.
var monitoredFunctions = map[string]struct {
	kind, name string
	host       func(expected map[string]any) (string, error)
}{
	"azure-native:operationalinsights:getWorkspace": {kindWorkspace, "workspaceName", func(e map[string]any) (string, error) {
		id, _ := e["customerId"].(string)
		return id, nil
	}},
	"azure-native:insights:getComponent": {kindComponent, "resourceName", func(e map[string]any) (string, error) {
		connection, _ := e["connectionString"].(string)
		return StampOf(connection)
	}},
	"azure-native:insights:getDataCollectionEndpoint": {kindCollector, "dataCollectionEndpointName", func(e map[string]any) (string, error) {
		url, _ := inner(e, "logsIngestion", "endpoint").(string)
		return CollectorHost(url)
	}},
	"azure-native:monitor:getAzureMonitorWorkspace": {kindPrometheus, "azureMonitorWorkspaceName", func(e map[string]any) (string, error) {
		url, _ := inner(e, "metrics", "prometheusQueryEndpoint").(string)
		region, _ := e["location"].(string)
		return QueryHost(url, region)
	}},
}

// indexMonitored keeps what a look-up expects of an existing resource of a scope.
func (l *lifting) indexMonitored(a manifest.Assumption) {
	function, found := monitoredFunctions[a.Function]
	if !found {
		return
	}
	group, _ := a.Args["resourceGroupName"].(string)
	name, _ := a.Args[function.name].(string)
	location, _ := a.Expected["location"].(string)
	if host, err := function.host(a.Expected); err == nil {
		provider, kind, _ := strings.Cut(armKinds[function.kind], "/")
		id := providerID(l.subscription(&manifest.Resource{Provider: a.Provider})+"/"+group, provider, kind, name)
		l.known[id] = naming{kind: function.kind, host: host, region: plainLocation(location)}
	}
}

// monitored is what a scoped resource puts into its scope.
func (l *lifting) monitored(r *manifest.Resource) (naming, bool) {
	const input = "linkedResourceId"
	text := r.Text(input)
	if !strings.Contains(text, "${") {
		n, ok := l.known[strings.ToLower(text)]
		if !ok {
			l.Problem(r, input, "%s is neither of this manifest nor looked up", text)
		}
		return n, ok
	}
	name, ok := l.Named(text, "id")
	if !ok {
		l.Problem(r, input, "%s is not the id of a resource that is there", text)
		return naming{}, false
	}
	is := l.View.Named(name)
	kind, ok := kindOf[is.Type]
	if !ok {
		l.Problem(r, input, "%s is a %s, which is in no scope", text, is.Type)
		return naming{}, false
	}
	return naming{kind: kind, host: unknownHost(kind, name), region: plainLocation(is.Text("location"))}, true
}

// indexScope keeps the id of a scope that is looked up.
func (l *lifting) indexScope(a manifest.Assumption) {
	if a.Function != "azure-native:insights:getPrivateLinkScope" {
		return
	}
	group, _ := a.Args["resourceGroupName"].(string)
	name, _ := a.Args["scopeName"].(string)
	l.scopes[providerID(l.subscription(&manifest.Resource{Provider: a.Provider})+"/"+group, "Microsoft.Insights", "privateLinkScopes", name)] = true
}

// scopeText is the id of the existing scope that a scoped resource names; "" where it is of this manifest.
func (l *lifting) scopeText(r *manifest.Resource) string {
	id := providerID(l.home(r), "Microsoft.Insights", "privateLinkScopes", r.Text("scopeName"))
	if !l.scopes[id] {
		return ""
	}
	return id
}

// inScope reports whether a scoped resource is of a scope.
func (l *lifting) inScope(r *manifest.Resource, scope plan.Ref) bool {
	if scope.Existing != "" {
		return l.scopeText(r) == strings.ToLower(scope.Existing)
	}
	of, ok := l.Named(r.Text("scopeName"), "name")
	return ok && of == scope.Part && l.home(r) == l.home(l.View.Named(scope.Part))
}

// scoped are the resources of a scope, in the order of their names.
func (l *lifting) scoped(scope plan.Ref) []naming {
	resources := slices.SortedFunc(slices.Values(l.View.OfType(scopedResourceType)), func(a, b *manifest.Resource) int { return cmp.Compare(a.Name, b.Name) })
	var all []naming
	for _, r := range resources {
		if !l.inScope(r, scope) {
			continue
		}
		problems := len(l.Problems)
		n, ok := l.monitored(r)
		l.Problems = l.Problems[:problems] // scopedResource has said them
		if ok && !slices.Contains(all, n) {
			all = append(all, n)
		}
	}
	return all
}

// component must keep its data in a workspace that is there.
func (l *lifting) component(r *manifest.Resource) {
	l.Object(r, "workspaceResourceId", r.Inputs["workspaceResourceId"], workspaceType)
}
