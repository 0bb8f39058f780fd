package azure

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
	"github.com/obslink/obslink/schema"
)

var (
	badSource = diag.Code{
		ID: "OBS844", Severity: diag.Error, Title: "a source that agents do not understand",
		Cause:   "A counter is an object, its instance and a counter, such as Processor(*)\\% Processor Time, sampled every 1 to 1800 seconds; a query of Windows events is a log, an exclamation mark and XPath; a text log is an absolute path with wildcards, and its table ends in _CL (ARM schema of Microsoft.Insights 2022-06-01, data-collection-log-text, 2025; the range is recalled). Azure takes other text, and nothing is collected.",
		Example: `performanceCounters: cpu: counters: ["% Processor Time"]`,
		Mend:    `performanceCounters: cpu: counters: ["Processor(*)\\% Processor Time"]`,
	}
	tooMuchCollected = diag.Code{
		ID: "OBS845", Severity: diag.Error, Title: "more than a data collection rule takes",
		Cause:   "A rule has at most 10 sources, 10 flows and 10 workspaces; a source at most 100 counters, 20 facilities or 100 event queries (service limits of data collection rules, 2023-05).",
		Example: `dataCollectionRules: linux: syslog: all: {facilities: [ /* 21 of them */ ], levels: ["*"]}`,
		Mend:    `dataCollectionRules: linux: syslog: all: {facilities: ["*"], levels: ["*"]}`,
	}
)

var (
	counterShape = regexp.MustCompile(`^\\?[^\\()]+(\([^()]+\))?\\[^\\]+$`)
	queryShape   = regexp.MustCompile(`^[^!]+!.+$`)
	fileShape    = regexp.MustCompile(`^(/|[A-Za-z]:\\)`)
	tableShape   = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,58}_CL$`)
)

// maxSampling is the longest time between two samples, in seconds.
const maxSampling = 1800

// checkSources checks what rules collect.
func checkSources(t *topology.Topology) diag.List {
	c := collection{t: t}
	for key, b := range topology.Sorted(t.Backends) {
		if b.Kind != kindMonitor {
			continue
		}
		for name, r := range topology.Sorted(compile.Decode[monitor](b.Body).Rules) {
			path := "backends." + key + ".azureMonitor.dataCollectionRules." + name
			c.amounts(path, r)
			c.shapes(path, r)
		}
	}
	return c.found
}

// amounts checks the limits of a rule.
func (c *collection) amounts(path string, r rule) {
	most := func(path, what string, n int) {
		if limit := schema.Azure().RuleLimits[what].Max; n > limit {
			c.report(tooMuchCollected, path, "write a second rule for the rest", "%d %s; Azure takes %d", n, what, limit)
		}
	}
	most(path, "sources", r.sources())
	most(path+".workspaces", "workspaces", len(r.Workspaces))
	for name, s := range topology.Sorted(r.Counters) {
		most(path+".performanceCounters."+name+".counters", "counters", len(s.Counters))
	}
	for name, s := range topology.Sorted(r.Syslog) {
		most(path+".syslog."+name+".facilities", "facilities", len(s.Facilities))
	}
	for name, s := range topology.Sorted(r.Events) {
		most(path+".windowsEvents."+name+".queries", "queries", len(s.Queries))
	}
}

// shapes checks the words of each source.
func (c *collection) shapes(path string, r rule) {
	each := func(path, what, example string, fits *regexp.Regexp, values []string) {
		if len(values) == 0 {
			c.report(badSource, path, "write it as in "+example, "there is no %s", what)
		}
		for i, v := range values {
			if !fits.MatchString(v) {
				c.report(badSource, fmt.Sprintf("%s[%d]", path, i), "write it as in "+example, "%q is no %s", v, what)
			}
		}
	}
	for name, s := range topology.Sorted(r.Counters) {
		at := path + ".performanceCounters." + name
		each(at+".counters", "counter", `"Processor(*)\\% Processor Time"`, counterShape, s.Counters)
		if s.Seconds < 0 || s.Seconds > maxSampling {
			c.report(badSource, at+".samplingSeconds", "write 60", "%d seconds lie between two samples; 1 to %d are taken", s.Seconds, maxSampling)
		}
	}
	for name, s := range topology.Sorted(r.Syslog) {
		at := path + ".syslog." + name
		each(at+".facilities", "facility", `"auth"`, anyWord, s.Facilities)
		each(at+".levels", "level", `"Warning"`, anyWord, s.Levels)
	}
	for name, s := range topology.Sorted(r.Events) {
		each(path+".windowsEvents."+name+".queries", "event query", `"System!*[System[(Level=1 or Level=2)]]"`, queryShape, s.Queries)
	}
	for name, s := range topology.Sorted(r.TextLogs) {
		at := path + ".textLogs." + name
		each(at+".files", "path of a file", `"/var/log/app/*.log"`, fileShape, s.Files)
		if !tableShape.MatchString(s.Table) {
			c.report(badSource, at+".table", fmt.Sprintf("write table: %q", strings.TrimSuffix(s.Table, "_CL")+"_CL"), "%q is no name of a custom table", s.Table)
		}
	}
}

// anyWord: the schema lists facilities and levels.
var anyWord = regexp.MustCompile(`.`)
