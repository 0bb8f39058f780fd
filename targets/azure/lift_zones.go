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
	// declared is the graph's own entry of a zone that was there before.
	declared *plan.Zone
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
	z := l.zoneParent(r)
	at, ok := l.network(r, "virtualNetwork.id", inner(r.Inputs, "virtualNetwork", "id"))
	if z == nil || !ok || !l.global(r) {
		return
	}
	if r.Inputs["registrationEnabled"] == true {
		l.Problem(r, "registrationEnabled", "lets every host write its name, which the graph does not hold")
	}
	if slices.Contains(z.Networks, l.name(at)) || z.declared != nil && slices.Contains(z.declared.Networks, l.name(at)) {
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
	z := l.zoneParent(r)
	if z == nil {
		return
	}
	if kind := r.Text("recordType"); kind != "A" {
		l.Problem(r, "recordType", "%q answers no IPv4 address", kind)
		return
	}
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
	l.leadsTo(r, z, &record)
	z.add(record)
}

// leadsTo finds the endpoint that a record's address is of, among those of the networks that see its
// zone. An endpoint to a service of others must be one that answers the zone's name.
func (l *lifting) leadsTo(r *manifest.Resource, z *zone, record *plan.Record) {
	for _, e := range l.g.Endpoints {
		sees := slices.Contains(z.Networks, e.Network) || z.declared != nil && slices.Contains(z.declared.Networks, e.Network)
		if !sees || len(e.Addresses) == 0 || !slices.Equal(e.Addresses, record.Addresses) {
			continue
		}
		record.Endpoint, record.Addresses = e.Name, nil
		if alias := l.aliases[e.Name]; alias != "" && !slices.Contains(hostsOf(alias), z.Name) {
			l.Problem(r, "aRecords", "%s leads to %s, whose service does not answer %s", record.Name, e.Name, z.Name)
		}
		return
	}
}

// add writes a record into a zone. One that was there before is read by those who see it already, and
// by those whom the manifest links to it.
func (z *zone) add(r plan.Record) {
	z.Records = append(z.Records, r)
	if z.declared != nil {
		z.declared.Records = append(z.declared.Records, r)
	}
}

// indexZones finds the zones that were there before by their ids.
func (l *lifting) indexZones() {
	for i := range l.g.Zones {
		if z := &l.g.Zones[i]; zoneID.MatchString(z.Ref.Existing) {
			l.zones[key(z.Ref)] = &zone{Zone: plan.Zone{Name: domain(z.Name), Ref: z.Ref, Added: true, Records: slices.Clone(z.Records)}, declared: z}
		}
	}
}

// zoneParent is the zone that a link or record is a child of.
func (l *lifting) zoneParent(r *manifest.Resource) *zone {
	p, id := l.parent(r, "privateZoneName", zoneType, "privateDnsZones")
	if p != nil {
		id = p.Name
	}
	if id != "" && l.zones[id] == nil {
		l.Problem(r, "privateZoneName", "%s is neither of this manifest nor declared", id)
	}
	return l.zones[id]
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
	scope, token, ok := l.scopeOf(endpoint)
	if !ok || !slices.ContainsFunc(l.g.Endpoints, func(e plan.Endpoint) bool { return e.Name == endpoint.Name }) {
		return
	}
	writes := l.monitorNames(l.cloud(endpoint), scope)
	switch token {
	case arcScopeType:
		writes = l.arcNames(l.cloud(endpoint), scope, endpoint.Name)
	case prometheusType:
		writes = l.queryNames(scope)
	}
	var seen []*zone
	for i, value := range r.List("privateDnsZoneConfigs") {
		fields, _ := value.(map[string]any)
		path := fmt.Sprintf("privateDnsZoneConfigs[%d].privateDnsZoneId", i)
		ref, ok := l.Object(r, path, fields["privateDnsZoneId"], zoneType)
		if !ok {
			continue
		}
		z := l.zones[ref.Part]
		if ref.Part == "" {
			z = l.zones[key(ref)]
		}
		if z == nil {
			l.Problem(r, path, "%s is neither of this manifest nor declared", ref.Part+ref.Existing)
			continue
		}
		if slices.Contains(seen, z) {
			l.Problem(r, path, "is named twice")
			continue
		}
		seen = append(seen, z)
		names := writes(z.Name)
		if len(names) == 0 {
			z.WrittenBy = endpoint.Name
		}
		for _, member := range names {
			z.add(plan.Record{Name: member, Endpoint: endpoint.Name})
		}
	}
}

// monitorNames are those of a zone that a zone group writes: the endpoint's global ones and those of
// each resource of the scope.
func (l *lifting) monitorNames(cloud string, scope plan.Ref) func(zone string) []string {
	return canonicals(membersOf(schema.AzureMonitor().In(cloud).Members, l.scoped(scope), plan.Origin{}))
}

// queryNames are those of an Azure Monitor workspace.
func (l *lifting) queryNames(ref plan.Ref) func(zone string) []string {
	n := l.known[strings.ToLower(ref.Existing)]
	if ref.Part != "" {
		n = naming{kind: kindPrometheus, host: unknownHost(kindPrometheus, ref.Part), region: plainLocation(l.View.Named(ref.Part).Text("location"))}
	}
	return canonicals(membersOf(schema.AzurePrometheus().InRegion(n.region).Members, []naming{n}, plan.Origin{}))
}

// canonicals are names by zone, as a zone holds them.
func canonicals(members []memberName) func(zone string) []string {
	byZone := map[string][]string{}
	for _, m := range members {
		byZone[m.member.Zone] = append(byZone[m.member.Zone], canonical(m))
	}
	return func(zone string) []string { return byZone[zone] }
}

// makeZones adds the zones. One whose links differ in what they do with names that it does not hold is
// two in the graph.
func (l *lifting) makeZones() {
	var made []*zone
	for _, r := range l.View.OfType(zoneType) {
		if z := l.zones[r.Name]; z != nil {
			made = append(made, z)
		}
	}
	for i := range l.g.Zones {
		if z := l.zones[key(l.g.Zones[i].Ref)]; z != nil && z.declared != nil {
			made = append(made, z)
		}
	}
	for _, z := range made {
		slices.SortStableFunc(z.Networks, cmp.Compare)
		slices.SortStableFunc(z.redirecting, cmp.Compare)
		rest := slices.DeleteFunc(slices.Clone(z.Networks), func(n string) bool { return slices.Contains(z.redirecting, n) })
		if len(z.redirecting) > 0 {
			falls := z.Zone
			falls.Networks, falls.FallThrough = z.redirecting, true
			l.g.Zones = append(l.g.Zones, falls)
		}
		if len(rest) > 0 || len(z.redirecting) == 0 && z.declared == nil {
			stays := z.Zone
			stays.Networks = rest
			l.g.Zones = append(l.g.Zones, stays)
		}
	}
}
