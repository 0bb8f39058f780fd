package azure

import (
	"cmp"
	"strings"

	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/topology"
)

// The streams that Azure knows; those of text logs are the rule's own (data-collection-rule-structure, 2025).
const (
	streamPerf    = "Microsoft-Perf"
	streamMetrics = "Microsoft-InsightsMetrics"
	streamSyslog  = "Microsoft-Syslog"
	streamEvent   = "Microsoft-Event"
	streamCustom  = "Custom-"
)

// insightsCounter stands for all that the performance charts of VM insights show (vminsights-enable, 2025).
const insightsCounter = `\VmInsights\DetailedMetrics`

// configurationAccess is the one name under which an agent finds where to fetch its settings
// (data-collection-endpoint-overview, 2025).
const configurationAccess = "configurationAccessEndpoint"

const defaultSampling = 60

// rules lowers what the backend's agents collect, and where each fetches its settings.
func (m *monitorLowering) rules() {
	servers := m.servers[m.backend]
	collecting := map[string]bool{}
	for key, r := range topology.Sorted(m.body.Rules) {
		name := m.rule(key, r)
		for _, s := range r.collects(servers) {
			collecting[s.path()] = true
			part := m.named("ruleassociation", append([]plan.Key{{Now: key, Was: r.Was}}, m.serverKeys(s)...)...)
			m.associate(s, part, m.cloudName(m.key, plan.Key{Now: key, Was: r.Was}), RuleAssociation{Rule: plan.Ref{Part: name}})
		}
	}
	for _, s := range servers {
		if endpoint := m.body.collector(s.Collector, s.Region, m.region); endpoint != "" && (s.sends() || collecting[s.path()]) {
			part := plan.Named("endpointassociation", "", m.origin, m.serverKeys(s)...)
			m.associate(s, part, configurationAccess, RuleAssociation{Endpoint: m.refs[[2]string{kindCollector, endpoint}]})
		}
	}
}

func (m *monitorLowering) serverKeys(s server) []plan.Key {
	return []plan.Key{{Now: s.site, Was: m.t.Sites[s.site].Was}, {Now: s.key, Was: s.Was}}
}

// associate completes an association, which stands in the machine's subscription.
func (m *monitorLowering) associate(s server, part plan.Part, name string, a RuleAssociation) {
	part.Provider = m.lowering.provider(m.subscriptions[strings.ToLower(machineID.FindStringSubmatch(s.Arc)[1])])
	part.Origin = m.lowering.origin(s.path())
	a.Part, a.ResourceName, a.Machine = part, name, s.Arc
	m.parts.RuleAssociations = append(m.parts.RuleAssociations, a)
}

// rule lowers one rule with its tables, and returns its part's name. It stands where its workspaces do.
func (m *monitorLowering) rule(key string, body rule) string {
	k, path := plan.Key{Now: key, Was: body.Was}, m.path+".dataCollectionRules."+key
	r := DataCollectionRule{Part: m.named("datacollectionrule", k), In: In{m.in, m.cloudName(m.key, k)}, Location: m.region}
	r.Origin = m.lowering.origin(path)
	for _, w := range m.body.workspacesOf(body) {
		r.Location = cmp.Or(m.body.Workspaces[w].Region, m.region)
		r.Workspaces = append(r.Workspaces, Destination{Name: w, Workspace: m.refs[[2]string{kindWorkspace, w}]})
	}
	r.Endpoint = m.refs[[2]string{kindCollector, m.body.collector(body.Collector, r.Location, m.region)}]
	m.sources(&r, body)
	for name, log := range topology.Sorted(body.TextLogs) {
		stream := streamCustom + "text-" + name
		r.TextLogs = append(r.TextLogs, TextLog{Name: "text-" + name, Stream: stream, Files: log.Files})
		r.Flows = append(r.Flows, Flow{Stream: stream, Output: streamCustom + log.Table})
		for _, w := range r.Workspaces {
			if made := m.table(w, log.Table, path+".textLogs."+name+".table"); made != "" {
				r.Tables = append(r.Tables, made)
			}
		}
	}
	m.parts.DataCollectionRules = append(m.parts.DataCollectionRules, r)
	return r.Name
}

// sources lowers the sources whose streams Azure knows; one flow brings each stream to all workspaces.
func (m *monitorLowering) sources(r *DataCollectionRule, body rule) {
	flows := map[string]bool{}
	flow := func(stream string) string {
		if !flows[stream] {
			flows[stream] = true
			r.Flows = append(r.Flows, Flow{Stream: stream})
		}
		return stream
	}
	for name, c := range topology.Sorted(body.Counters) {
		r.Counters = append(r.Counters, Counters{Name: "perf-" + name, Stream: flow(streamPerf), Specifiers: c.Counters, Seconds: cmp.Or(c.Seconds, defaultSampling)})
	}
	if body.VMInsights {
		r.Counters = append(r.Counters, Counters{Name: "vminsights", Stream: flow(streamMetrics), Specifiers: []string{insightsCounter}, Seconds: defaultSampling})
	}
	for name, s := range topology.Sorted(body.Syslog) {
		r.Syslog = append(r.Syslog, Syslog{Name: "syslog-" + name, Stream: flow(streamSyslog), Facilities: s.Facilities, Levels: s.Levels})
	}
	for name, e := range topology.Sorted(body.Events) {
		r.Events = append(r.Events, Events{Name: "events-" + name, Stream: flow(streamEvent), Queries: e.Queries})
	}
}

// table makes a table in a workspace that obslink creates, and has it looked up in one that is there. Rules
// may share it.
func (m *monitorLowering) table(w Destination, name, path string) string {
	key := [2]string{"table", w.Name + "/" + name}
	if made, known := m.refs[key]; known {
		return made.Part
	}
	if id := monitoredID.FindStringSubmatch(w.Workspace.Existing); id != nil {
		m.refs[key] = plan.Ref{}
		m.parts.ExistingTables = append(m.parts.ExistingTables, ExistingTable{
			Provider: m.lowering.provider(m.subscriptions[strings.ToLower(id[1])]), ResourceGroup: id[2], Workspace: id[4], Name: name, Origin: m.lowering.origin(path),
		})
		return ""
	}
	ws, group, provider := m.body.Workspaces[w.Name], m.in, m.provider
	if ws.Account != "" && ws.Account != m.account {
		group, provider = m.group(ws.Account), m.lowering.provider(ws.Account)
	}
	part := m.named("table", plan.Key{Now: w.Name, Was: ws.Was}, plan.K(strings.ReplaceAll(name, "_", "-")))
	part.Provider, part.Origin = provider, m.lowering.origin(path)
	m.parts.Tables = append(m.parts.Tables, Table{Part: part, In: In{group, name}, Workspace: w.Workspace})
	m.refs[key] = plan.Ref{Part: part.Name}
	return part.Name
}
