package azure

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/check"
	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var (
	unknownOfRule = diag.Code{
		ID: "OBS833", Severity: diag.Error, Title: "a data collection rule or a machine names what is not there",
		Cause:   "workspaces and dataCollectionEndpoint are those of the rule's own backend, and machines those of a site that is linked to it: only they reach the endpoint that takes the data in.",
		Example: `dataCollectionRules: linux: {workspaces: mian: {}, …}   // workspaces: main: {}`,
		Mend:    `dataCollectionRules: linux: {workspaces: main: {}, …}`,
	}
	noRuleEndpoint = diag.Code{
		ID: "OBS834", Severity: diag.Error, Title: "no data collection endpoint for a rule in the region of its workspaces",
		Cause:   "In a network that shares DNS with a private link scope, all data collection rules must use a data collection endpoint, and it must be in the region of the workspace that takes the data in (azure-monitor-agent-network-configuration, data-collection-endpoint-overview, 2026-01).",
		Example: `{region: "japaneast", workspaces: main: {}, dataCollectionEndpoints: west: region: "japanwest", dataCollectionRules: linux: {…}}`,
		Mend:    `{region: "japaneast", workspaces: main: {}, dataCollectionEndpoints: {east: {}, west: region: "japanwest"}, dataCollectionRules: linux: {…}}`,
	}
	noMachineEndpoint = diag.Code{
		ID: "OBS835", Severity: diag.Error, Title: "no data collection endpoint for a machine in its region",
		Cause:   "An Azure Monitor Agent on a network that shares DNS with a private link scope fetches its settings from a data collection endpoint, and connects only to one of its own region; logs go to the endpoint of the workspace's region (data-collection-endpoint-overview, private-link-vm, 2026-02). So agents of another region than the workspace need two.",
		Example: "sites: home: machines: web: {region: \"japanwest\", …}\nbackends: logs: azureMonitor: {region: \"japaneast\", dataCollectionEndpoints: east: {}, …}",
		Mend:    `backends: logs: azureMonitor: {region: "japaneast", dataCollectionEndpoints: {east: {}, west: region: "japanwest"}, …}`,
	}
	ruleWorkspaces = diag.Code{
		ID: "OBS836", Severity: diag.Error, Title: "a data collection rule whose workspaces do not fit",
		Cause:   "A rule stands in the region of the workspaces that it sends to, so all of them are in one (data-collection-rule-overview, 2025). Lines of text go to a table of one workspace: a rule with several cannot say which (azure-docs#112895, 2023-08).",
		Example: `{workspaces: {main: {}, west: region: "japanwest"}, dataCollectionRules: linux: {workspaces: {main: {}, west: {}}, …}}`,
		Mend:    `dataCollectionRules: {linux: {workspaces: main: {}, …}, "linux-west": {workspaces: west: {}, …}}`,
	}
	emptyRule = diag.Code{
		ID: "OBS837", Severity: diag.Error, Title: "a data collection rule that collects nothing",
		Cause:   "A rule without a source is taken by Azure, and no data comes: nobody notices until it is missed.",
		Example: `dataCollectionRules: linux: {}`,
		Mend:    `dataCollectionRules: linux: syslog: system: {facilities: ["auth"], levels: ["Warning", "Error"]}`,
	}
	idleRule = diag.Code{
		ID: "OBS838", Severity: diag.Warning, Title: "a data collection rule that no machine follows, or a source that none of its machines has",
		Cause:   "Syslog is collected on Linux, Windows events on Windows, and a rule does nothing until it is associated with a machine (ARM schema of Microsoft.Insights 2022-06-01).",
		Example: `sites: home: machines: web: {os: "linux", …}   // and a rule with windowsEvents only`,
		Mend:    `dataCollectionRules: linux: syslog: system: {facilities: ["auth"], levels: ["Warning", "Error"]}`,
	}
	twoCollections = diag.Code{
		ID: "OBS839", Severity: diag.Error, Title: "a machine that fetches its settings for two backends",
		Cause:   "A machine has one association with a data collection endpoint, always named configurationAccessEndpoint (data-collection-endpoint-overview, 2026-01).",
		Example: `links: {a: {from: "home", to: "logs"}, b: {from: "home", to: "audit"}}   // home has machines, and both have rules`,
		Mend:    `backends: logs: azureMonitor: workspaces: {main: {}, audit: {}}   // one scope with both workspaces`,
	}
)

// checkCollection checks where rules send, and where agents fetch their settings.
func checkCollection(t *topology.Topology) diag.List {
	c := collection{t: t, homes: homes(t), servers: serversOf(t), fetched: map[string]string{}}
	for key, b := range topology.Sorted(t.Backends) {
		if b.Kind == kindMonitor {
			c.backend(key, compile.Decode[monitor](b.Body))
		}
	}
	return c.found
}

// collection is the state of the check.
type collection struct {
	t       *topology.Topology
	homes   map[string]string
	servers map[string][]server
	fetched map[string]string // the backend of each machine's settings, by its path
	found   diag.List
}

func (c *collection) report(code diag.Code, path, hint, format string, args ...any) {
	c.found = append(c.found, code.At(c.t.At(path), path, format, args...).WithHint("%s", hint))
}

func (c *collection) backend(key string, body monitor) {
	path, was, collecting := "backends."+key+".azureMonitor.dataCollectionRules", map[string]string{}, map[string]bool{}
	for name, r := range topology.Sorted(body.Rules) {
		was[name] = r.Was
		c.rule(key, path+"."+name, name, body, r)
		for _, s := range r.collects(c.servers[key]) {
			collecting[s.path()] = true
		}
	}
	c.found = append(c.found, check.Keys(c.t, path, was)...)
	c.prometheus(key, body)
	for _, s := range c.servers[key] {
		if s.sends() || collecting[s.path()] {
			c.settings(key, s, body)
		}
	}
}

// settings checks where a machine's agent fetches its settings.
func (c *collection) settings(backend string, s server, body monitor) {
	if first := c.fetched[s.path()]; first != "" {
		c.report(twoCollections, s.path(), "put the workspaces of both into one backend", "machine %q of site %q would fetch its settings for backends %q and %q", s.key, s.site, first, backend)
		return
	}
	c.fetched[s.path()] = backend
	if s.Collector != "" && !c.knows(s.path()+".dataCollectionEndpoint", "backend "+quoted(backend), "data collection endpoint", s.Collector, keysOf(body.Collectors)) {
		return
	}
	c.endpoint(noMachineEndpoint, s.path(), "machine "+quoted(s.key), backend, s.Collector, s.Region, body)
}

// endpoint checks the one data collection endpoint that serves a rule or a machine in a region.
func (c *collection) endpoint(code diag.Code, path, who, backend, named, region string, body monitor) {
	in := body.collectorsIn(region, c.homes[backend])
	switch {
	case !regionShape.MatchString(region) || slices.Contains(in, named):
	case named != "":
		at := path + ".dataCollectionEndpoint"
		c.report(code, at, c.addEndpoint(backend, region, in), "data collection endpoint %q is in %q, and %s needs one in %q",
			named, cmp.Or(body.Collectors[named].Region, c.homes[backend]), who, region)
	case len(in) == 0:
		c.report(code, path, c.addEndpoint(backend, region, in), "%s needs a data collection endpoint in %q, and backend %q has none there", who, region, backend)
	case len(in) > 1:
		c.report(code, path, fmt.Sprintf("write dataCollectionEndpoint: %q", in[0]), "%s may use any of %s", who, strings.Join(in, ", "))
	}
}

func (c *collection) addEndpoint(backend, region string, in []string) string {
	if len(in) > 0 {
		return fmt.Sprintf("write dataCollectionEndpoint: %q", in[0])
	}
	return fmt.Sprintf("add it: backends: %s: azureMonitor: dataCollectionEndpoints: %s: region: %q", diag.Label(backend), region, region)
}

// rule checks one rule.
func (c *collection) rule(backend, path, name string, body monitor, r rule) {
	if r.sources() == 0 {
		c.report(emptyRule, path, `add a source: performanceCounters, syslog, windowsEvents, textLogs or vmInsights: true`, "rule %q collects nothing", name)
	}
	known := true
	for w := range topology.Sorted(r.Workspaces) {
		known = c.knows(path+".workspaces."+w, "backend "+quoted(backend), "workspace", w, keysOf(body.Workspaces)) && known
	}
	if r.Collector != "" {
		known = c.knows(path+".dataCollectionEndpoint", "backend "+quoted(backend), "data collection endpoint", r.Collector, keysOf(body.Collectors)) && known
	}
	if region, fits := c.workspaces(backend, path, name, body, r); known && fits {
		c.endpoint(noRuleEndpoint, path, "rule "+quoted(name), backend, r.Collector, region, body)
	}
	c.machines(backend, path, name, r)
}

// workspaces checks where a rule's data is kept, and returns the region.
func (c *collection) workspaces(backend, path, name string, body monitor, r rule) (string, bool) {
	keys := body.workspacesOf(r)
	if len(keys) == 0 {
		if len(body.Workspaces) > 0 { // noWorkspaces reports a backend without any
			c.report(ruleWorkspaces, path, fmt.Sprintf("write workspaces: %s: {}", diag.Label(keysOf(body.Workspaces)[0])), "rule %q does not say which of %d workspaces keeps its data", name, len(body.Workspaces))
		}
		return "", false
	}
	regions := map[string]string{}
	for _, w := range keys {
		if region := cmp.Or(body.Workspaces[w].Region, c.homes[backend]); regions[region] == "" {
			regions[region] = w
		}
	}
	if len(regions) > 1 {
		names := slices.Sorted(maps.Keys(regions))
		c.report(ruleWorkspaces, path+".workspaces", "write a rule for each region", "workspaces %q and %q are in %q and %q", regions[names[0]], regions[names[1]], names[0], names[1])
		return "", false
	}
	if len(keys) > 1 && len(r.TextLogs) > 0 {
		c.report(ruleWorkspaces, path+".textLogs", "write a rule for each workspace", "rule %q sends lines of text to %d workspaces", name, len(keys))
	}
	return cmp.Or(body.Workspaces[keys[0]].Region, c.homes[backend]), true
}

// machines checks who follows a rule.
func (c *collection) machines(backend, path, name string, r rule) {
	of, known := c.servers[backend], true
	for site, named := range topology.Sorted(r.Machines) {
		at := path + ".machines." + site
		var keys []string
		for _, s := range of {
			if s.site == site {
				keys = append(keys, s.key)
			}
		}
		if len(keys) == 0 {
			c.report(unknownOfRule, at, "declare sites: "+diag.Label(site)+": machines, and link the site to the backend", "backend %q is linked to no site %q with machines", backend, site)
			known = false
			continue
		}
		for key := range topology.Sorted(named) {
			known = c.knows(at+"."+key, "site "+quoted(site), "machine", key, keys) && known
		}
	}
	has := map[string]bool{}
	for _, s := range r.collects(of) {
		has[s.OS] = true
	}
	switch {
	case !known:
	case len(has) == 0:
		c.report(idleRule, path, "declare the machines (sites: …: machines), or leave the rule out", "no machine follows rule %q", name)
	case len(r.Syslog) > 0 && !has["linux"]:
		c.report(idleRule, path+".syslog", "leave syslog out", "rule %q collects syslog, and all its machines run Windows", name)
	case len(r.Events) > 0 && !has["windows"]:
		c.report(idleRule, path+".windowsEvents", "leave windowsEvents out", "rule %q collects Windows events, and all its machines run Linux", name)
	}
}

// knows reports a name that is not among those of its owner.
func (c *collection) knows(path, owner, kind, name string, names []string) bool {
	if slices.Contains(names, name) {
		return true
	}
	hint := fmt.Sprintf("%s has no %s: declare one", owner, kind)
	if len(names) > 0 {
		hint = "there are: " + strings.Join(names, ", ")
	}
	if near := diag.DidYouMean(name, names); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	c.report(unknownOfRule, path, hint, "%s has no %s %q", owner, kind, name)
	return false
}

func keysOf[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
