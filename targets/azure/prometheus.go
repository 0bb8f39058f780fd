package azure

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/compiler/topology"
	"github.com/obslink/obslink/schema"
)

// streamPrometheus is what Prometheus writes, and prometheusKey tells what is made for it from the rest.
const (
	streamPrometheus = "Microsoft-PrometheusMetrics"
	prometheusKey    = "prometheus"
)

// prometheusWorkspace is the body of an Azure Monitor workspace.
type prometheusWorkspace struct {
	resource
	Existing *struct {
		ID    string `json:"id"`
		Query string `json:"query"`
	} `json:"existing"`
	Collector string `json:"dataCollectionEndpoint"`
}

// queried lists the Azure Monitor workspaces of a backend, by key. They are in no scope: metrics go in through
// a data collection endpoint that is, and each is asked at an endpoint of its own (private-link-security, 2026-01).
func (m *monitor) queried() []monitored {
	var all []monitored
	for key, w := range topology.Sorted(m.Prometheus) {
		r := monitored{resource: w.resource, kind: kindPrometheus, key: key, path: fields[kindPrometheus] + "." + key}
		if w.Existing != nil {
			r.existing, r.host = w.Existing.ID, strings.ToLower(w.Existing.Query)
		}
		all = append(all, r)
	}
	return all
}

// prometheusZones are the zones of the query endpoints of a backend whose resources are in home, each once.
func (m *monitor) prometheusZones(home string) []schema.AzureZone {
	var all []schema.AzureZone
	seen := map[string]bool{}
	for _, r := range m.queried() {
		if region := cmp.Or(r.Region, home); !seen[region] {
			seen[region] = true
			all = append(all, schema.AzurePrometheus().InRegion(region).Zones...)
		}
	}
	return all
}

// prometheus makes the Azure Monitor workspaces, each with the rule by which metrics go in.
func (m *monitorLowering) prometheus() {
	for _, r := range m.body.queried() {
		if r.existing != "" {
			m.lookUp(r)
		} else {
			at := m.made(r)
			m.parts.PrometheusWorkspaces = append(m.parts.PrometheusWorkspaces, PrometheusWorkspace{Part: at.Part, In: at.In, Location: at.location})
		}
		m.prometheusRule(r)
	}
}

// prometheusRule stands in the workspace's region, as its data collection endpoint does.
func (m *monitorLowering) prometheusRule(r monitored) {
	k := plan.Key{Now: r.key, Was: r.Was}
	region := cmp.Or(r.Region, m.region)
	rule := DataCollectionRule{
		Part: m.named("datacollectionrule", plan.K(prometheusKey), k), In: In{m.group(""), m.cloudName(m.key, k) + "_" + prometheusKey}, Location: region,
		Forwarder: prometheusKey, Accounts: []Destination{{Name: r.key, Workspace: m.refs[[2]string{r.kind, r.key}]}}, Flows: []Flow{{Stream: streamPrometheus}},
		Endpoint: m.refs[[2]string{kindCollector, m.body.collector(m.body.Prometheus[r.key].Collector, region, m.region)}],
	}
	rule.Origin = m.lowering.origin(m.path + "." + r.path)
	m.parts.DataCollectionRules = append(m.parts.DataCollectionRules, rule)
	m.out.Prerequisites = append(m.out.Prerequisites, plan.Prerequisite{
		Text:   fmt.Sprintf("whoever writes Prometheus metrics for backend %q needs the role Monitoring Metrics Publisher on data collection rule %q", m.backend, rule.ResourceName),
		Origin: rule.Origin,
	})
}

// queryEndpoints lowers the private endpoints at which the workspaces are asked, in the network of the scope's own.
func (e *endpointLowering) queryEndpoints() {
	byRegion := map[string][]*endpointLowering{}
	for _, r := range e.body.queried() {
		region := cmp.Or(r.Region, e.region)
		sub := *e.monitorLowering
		sub.facts, sub.all, sub.scoped = schema.AzurePrometheus().InRegion(region), []monitored{r}, nil
		sub.scopeRef = e.refs[[2]string{r.kind, r.key}]
		q := &endpointLowering{monitorLowering: &sub, h: e.h, network: e.network, group: e.group, more: []plan.Key{plan.K(prometheusKey), {Now: r.key, Was: r.Was}}}
		q.privateEndpoint()
		q.names()
		byRegion[region] = append(byRegion[region], q)
	}
	if e.body.DNS == dnsNone {
		return
	}
	for _, endpoints := range topology.Sorted(byRegion) {
		queryZones(endpoints)
	}
}

// queryZones makes the zones of a region's query endpoints, which share them, and lets the group of each write its record.
func queryZones(endpoints []*endpointLowering) {
	e := endpoints[0]
	set := e.zonesFor(func(domain string) []plan.Record {
		var all []plan.Record
		for _, q := range endpoints {
			all = append(all, q.records()[domain]...)
		}
		return all
	})
	for _, z := range e.facts.Zones {
		ref, links := e.lowering.zone(set, z)
		for _, q := range endpoints {
			part := plan.Named("zonegroup", set.provider, set.origin, append([]plan.Key{q.key, q.network}, q.more...)...)
			q.parts.ZoneGroups = append(q.parts.ZoneGroups, ZoneGroup{
				Part: part, In: In{set.in, "default"}, Endpoint: q.endRef, Links: links, Zones: []ZoneGroupMember{{ConfigName: plan.Slug(z.Domain), Zone: ref}},
			})
		}
	}
}
