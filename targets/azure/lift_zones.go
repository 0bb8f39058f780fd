package azure

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/schema"
)

// zone is a private zone while its links and records are read.
type zone struct {
	plan.Zone
	// redirecting are the networks whose link asks public DNS for what the zone does not hold.
	redirecting []string
}

func domain(name string) string { return strings.ToLower(strings.TrimSuffix(name, ".")) }

func (l *lifting) zone(r *manifest.Resource) {
	if l.global(r) {
		l.zones[r.Name] = &zone{Zone: plan.Zone{Name: domain(r.Text("privateZoneName")), Ref: plan.Ref{Part: r.Name}}}
	}
}

// link lets a network see a zone. API versions before 2024-06-01 have no resolution policy: a name
// that the zone does not hold does not exist (learn: private-dns-fallback).
func (l *lifting) link(r *manifest.Resource) {
	p := l.ourParent(r, "privateZoneName", zoneType, "privateDnsZones")
	at, ok := l.network(r, "virtualNetwork.id", inner(r.Inputs, "virtualNetwork", "id"))
	if p == nil || l.zones[p.Name] == nil || !ok || !l.global(r) {
		return
	}
	if r.Inputs["registrationEnabled"] == true {
		l.Problem(r, "registrationEnabled", "lets every host write its name, which the graph does not hold")
	}
	z := l.zones[p.Name]
	if slices.Contains(z.Networks, l.name(at)) {
		l.Problem(r, "virtualNetwork.id", "is linked already")
		return
	}
	z.Networks = append(z.Networks, l.name(at))
	switch policy := r.Text("resolutionPolicy"); policy {
	case "NxDomainRedirect":
		z.redirecting = append(z.redirecting, l.name(at))
	case "", "Default":
	default:
		l.Problem(r, "resolutionPolicy", "%q is not known", policy)
	}
}

func (l *lifting) record(r *manifest.Resource) {
	p := l.ourParent(r, "privateZoneName", zoneType, "privateDnsZones")
	if p == nil || l.zones[p.Name] == nil {
		return
	}
	if kind := r.Text("recordType"); kind != "A" {
		l.Problem(r, "recordType", "%q answers no IPv4 address", kind)
		return
	}
	z := l.zones[p.Name]
	record := plan.Record{Name: z.Name}
	if name := r.Text("relativeRecordSetName"); name != "@" && name != "" {
		record.Name = domain(name) + "." + z.Name
	}
	for i, value := range r.List("aRecords") {
		fields, _ := value.(map[string]any)
		text, _ := fields["ipv4Address"].(string)
		a, err := netip.ParseAddr(text)
		if err != nil {
			l.Problem(r, fmt.Sprintf("aRecords[%d].ipv4Address", i), "%v is no address", fields["ipv4Address"])
			return
		}
		record.Addresses = append(record.Addresses, a)
	}
	z.Records = append(z.Records, record)
}

// zoneGroup writes an endpoint's names into zones; an endpoint has one group
// (private-endpoint-dns-integration, 2023). No input says the names: they are the catalogue's, for the
// workspaces that are in the endpoint's scope.
func (l *lifting) zoneGroup(r *manifest.Resource) {
	endpoint := l.ourParent(r, "privateEndpointName", endpointType, "privateEndpoints")
	if endpoint == nil {
		return
	}
	if other := l.records[endpoint.Name]; other != "" {
		l.Problem(r, "privateEndpointName", "has the zone group %s already", other)
		return
	}
	l.records[endpoint.Name] = r.Name
	scope, ok := l.scopeOf(endpoint)
	if !ok || !slices.ContainsFunc(l.g.Endpoints, func(e plan.Endpoint) bool { return e.Name == endpoint.Name }) {
		return
	}
	workspaces := l.workspaces(scope)
	var seen []*zone
	for i, value := range r.List("privateDnsZoneConfigs") {
		fields, _ := value.(map[string]any)
		path := fmt.Sprintf("privateDnsZoneConfigs[%d].privateDnsZoneId", i)
		name, ok := l.ours(r, path, fields["privateDnsZoneId"], zoneType)
		if !ok || l.zones[name] == nil {
			continue
		}
		z := l.zones[name]
		if slices.Contains(seen, z) {
			l.Problem(r, path, "is named twice")
			continue
		}
		seen = append(seen, z)
		for _, member := range names(z.Name, workspaces) {
			z.Records = append(z.Records, plan.Record{Name: member, Endpoint: endpoint.Name})
		}
	}
}

// workspaces are those of a scope.
func (l *lifting) workspaces(scope string) []string {
	var all []string
	for _, r := range l.View.OfType(scopedResourceType) {
		of, ok := l.Named(r.Text("scopeName"), "name")
		workspace, linked := l.Named(r.Text("linkedResourceId"), "id")
		if ok && linked && of == scope && l.home(r) == l.home(l.View.Named(scope)) && l.View.Named(workspace).Type == workspaceType {
			all = append(all, workspace)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// names are those of a zone that a zone group writes: the endpoint's global ones and those of each
// workspace, whose id only Azure knows.
func names(zone string, workspaces []string) []string {
	var all []string
	for _, member := range schema.AzureMonitor().Members {
		if member.Zone != zone {
			continue
		}
		name := strings.TrimSuffix(member.FQDN, strings.TrimPrefix(zone, "privatelink.")) + zone
		switch member.Per {
		case "global":
			all = append(all, name)
		case "workspace":
			for _, w := range workspaces {
				all = append(all, strings.ReplaceAll(name, "{workspaceId}", "${"+w+".customerId}"))
			}
		}
	}
	return all
}

// makeZones adds the zones. One whose links differ in what they do with names that it does not hold is
// two in the graph.
func (l *lifting) makeZones() {
	for _, r := range l.View.OfType(zoneType) {
		z := l.zones[r.Name]
		if z == nil {
			continue
		}
		slices.SortStableFunc(z.Networks, cmp.Compare)
		slices.SortStableFunc(z.redirecting, cmp.Compare)
		rest := slices.DeleteFunc(slices.Clone(z.Networks), func(n string) bool { return slices.Contains(z.redirecting, n) })
		if len(z.redirecting) > 0 {
			falls := z.Zone
			falls.Networks, falls.FallThrough = z.redirecting, true
			l.g.Zones = append(l.g.Zones, falls)
		}
		if len(rest) > 0 || len(z.redirecting) == 0 {
			stays := z.Zone
			stays.Networks = rest
			l.g.Zones = append(l.g.Zones, stays)
		}
	}
}
