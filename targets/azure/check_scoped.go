package azure

import (
	"strings"

	"github.com/obslink/obslink/compiler/check"
	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var (
	badMonitoredID = diag.Code{
		ID: "OBS801", Severity: diag.Error, Title: "not the resource id of what should be in the scope",
		Cause:   "An existing resource is named by its ARM id, and looked up in its own subscription before anything is changed; that subscription must be one of the topology's accounts. A scope takes Log Analytics workspaces, Application Insights components and data collection endpoints (private-link-security, 2026-01).",
		Example: `workspaces: main: existing: {id: "law-main", customerId: "11111111-2222-3333-4444-555555555555"}`,
		Mend:    `workspaces: main: existing: {id: "/subscriptions/…/resourceGroups/rg-logs/providers/Microsoft.OperationalInsights/workspaces/law-main", customerId: "11111111-2222-3333-4444-555555555555"}`,
	}
	badHost = diag.Code{
		ID: "OBS802", Severity: diag.Error, Title: "not what the names of an existing resource begin with",
		Cause:   "Azure chose a part of the names: the workspace id, a GUID; the stamp in a component's connection string, region-number; the name of a data collection endpoint with four more characters and its stamp. Names and hosts files are made of it, and it is looked up before anything is changed.",
		Example: `components: web: existing: {id: "/subscriptions/…", stamp: "https://japaneast-1.in.applicationinsights.azure.com/"}`,
		Mend:    `components: web: existing: {id: "/subscriptions/…", stamp: "japaneast-1"}`,
	}
	noDataWorkspace = diag.Code{
		ID: "OBS803", Severity: diag.Error, Title: "a component without a workspace of its backend",
		Cause:   "An Application Insights component keeps its data in a workspace (a component without one can no longer be made), and both must be in the scope: one that is closed while the other is open closes nothing (private-link-design, 2026-01).",
		Example: `{workspaces: {main: {}, audit: {}}, components: web: {}}`,
		Mend:    `{workspaces: {main: {}, audit: {}}, components: web: workspace: "main"}`,
	}
	existingFields = diag.Code{
		ID: "OBS804", Severity: diag.Error, Title: "a setting of a resource that is there already",
		Cause:   "obslink changes nothing of an existing resource: how long it keeps data and where a component's data goes are settled. Region and public network access are compared with what is there.",
		Example: `workspaces: main: {existing: {…}, retentionDays: 90}`,
		Mend:    `workspaces: main: existing: {…}`,
	}
)

// hostShapes are what Azure chose of a resource's names, by kind.
var hostShapes = map[string]struct {
	field, example string
	fits           func(string) bool
}{
	kindWorkspace:  {"customerId", "11111111-2222-3333-4444-555555555555", guid.MatchString},
	kindComponent:  {"stamp", "japaneast-1", stampShape.MatchString},
	kindCollector:  {"host", "dce-main-a1b2.japaneast-1", collectorShape.MatchString},
	kindPrometheus: {"query", "amw-main-a1b2", queryHostShape.MatchString},
}

// checkScoped checks the resources of each scope.
func checkScoped(t *topology.Topology) diag.List {
	var found diag.List
	accounts := subscriptions(t)
	for key, b := range topology.Sorted(t.Backends) {
		if b.Kind != kindMonitor {
			continue
		}
		body := compile.Decode[monitor](b.Body)
		s := scopeCheck{t: t, accounts: accounts, body: &body, path: "backends." + key + ".azureMonitor"}
		was := map[string]map[string]string{}
		for _, r := range append(body.all(), body.queried()...) {
			s.resource(r)
			if was[r.kind] == nil {
				was[r.kind] = map[string]string{}
			}
			was[r.kind][r.key] = r.Was
		}
		for _, kind := range []string{kindWorkspace, kindComponent, kindCollector, kindPrometheus} {
			s.found = append(s.found, check.Keys(t, s.path+"."+fields[kind], was[kind])...)
		}
		s.components()
		found = append(found, s.found...)
	}
	return found
}

// scopeCheck is one backend while it is checked.
type scopeCheck struct {
	t *topology.Topology
	// accounts are by subscription.
	accounts map[string]string
	body     *monitor
	path     string
	found    diag.List
}

func (s *scopeCheck) report(code diag.Code, path, hint, format string, args ...any) {
	s.found = append(s.found, code.At(s.t.At(path), path, format, args...).WithHint("%s", hint))
}

func (s *scopeCheck) resource(r monitored) {
	path := s.path + "." + r.path
	s.found = append(s.found, accountOf(s.t, path, r.Account)...)
	if r.existing == "" && r.host == "" {
		return
	}
	at, id := path+".existing.id", monitoredID.FindStringSubmatch(r.existing)
	switch {
	case id == nil || !strings.EqualFold(id[3], armKinds[r.kind]):
		s.report(badMonitoredID, at, "paste the id that `az resource show --query id` prints: /subscriptions/…/resourceGroups/…/providers/"+armKinds[r.kind]+"/…",
			"%q is not the resource id of a %s", r.existing, armKinds[r.kind])
	case s.accounts[strings.ToLower(id[1])] == "":
		s.report(badMonitoredID, at, `declare it: accounts: other: azure: subscription: "`+id[1]+`"`, "subscription %q is no account of this topology", id[1])
	case r.Account != "" && s.accounts[strings.ToLower(id[1])] != r.Account:
		s.report(existingFields, path+".account", "remove account: the id says it", "the resource is in subscription %q, which is account %q", id[1], s.accounts[strings.ToLower(id[1])])
	}
	if shape := hostShapes[r.kind]; !shape.fits(r.host) {
		s.report(badHost, path+".existing."+shape.field, "write it as in "+shape.example, "%q is not a %s", r.host, shape.field)
	}
	if r.kind == kindWorkspace && s.body.Workspaces[r.key].RetentionDays != 0 {
		s.report(existingFields, path+".retentionDays", "remove retentionDays", "workspace %q is existing; obslink does not change how long it keeps data", r.key)
	}
	if c := s.body.Components[r.key]; r.kind == kindComponent && (c.Workspace != "" || c.Kind != "") {
		s.report(existingFields, path, "remove workspace and kind", "component %q is existing; obslink does not change its kind or where its data goes", r.key)
	}
}

// components checks where each keeps its data.
func (s *scopeCheck) components() {
	for key, c := range topology.Sorted(s.body.Components) {
		if c.Existing != nil {
			continue
		}
		path := s.path + ".components." + key
		name := s.body.workspaceOf(c)
		if _, there := s.body.Workspaces[name]; there {
			continue
		}
		var names []string
		for n := range topology.Sorted(s.body.Workspaces) {
			names = append(names, n)
		}
		hint := "add workspaces: main: {} to the backend"
		if len(names) > 0 {
			hint = `write workspace: "` + names[0] + `"; there are: ` + strings.Join(names, ", ")
		}
		if near := diag.DidYouMean(name, names); near != "" {
			hint = `did you mean "` + near + `"?`
		}
		if name == "" {
			s.report(noDataWorkspace, path, hint, "component %q does not say which of %d workspaces keeps its data", key, len(names))
		} else {
			s.report(noDataWorkspace, path+".workspace", hint, "backend has no workspace %q", name)
		}
	}
}
