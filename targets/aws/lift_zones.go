package aws

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/compiler/plan"
)

// zoned is what is known of zones while they are lifted: Route 53 is one service for all regions, so
// only accounts count.
type zoned struct{ authorizations []shared }

// shared is a zone with a VPC of another account.
type shared struct {
	zone    plan.Ref
	network int
}

// domain is a DNS name as the graph spells it.
func domain(name string) string { return strings.ToLower(strings.TrimSuffix(name, ".")) }

// zone is a private zone and the VPCs of its own account that see it. Those of another account cannot
// be listed: they are associated (Route 53 developer guide, 2023).
func (l *lifting) zone(r *manifest.Resource) {
	z := plan.Zone{Name: domain(r.Text("name")), Ref: plan.Ref{Part: r.Name}}
	for i, value := range r.List("vpcs") {
		fields, _ := value.(map[string]any)
		path := fmt.Sprintf("vpcs[%d].", i)
		at, account, ok := l.zoneNetwork(r, path, fields)
		switch {
		case !ok:
		case account != "" && account != l.placeOf(r).account:
			l.Problem(r, path+"vpcId", "is in account %s, the zone in %s", account, l.placeOf(r).account)
		default:
			z.Networks = append(z.Networks, l.name(at))
		}
	}
	if len(r.List("vpcs")) == 0 {
		l.Problem(r, "vpcs", "are not given, so the zone is public")
		return
	}
	l.zones[z.Ref] = len(l.g.Zones)
	l.g.Zones = append(l.g.Zones, z)
}

// zoneNetwork is the VPC that a zone is to be seen from, and its account. Its region must be said
// right, else Route 53 does not find it (InvalidVPCId).
func (l *lifting) zoneNetwork(r *manifest.Resource, path string, fields map[string]any) (at int, account string, ok bool) {
	ref, ok := l.Object(r, path+"vpcId", fields["vpcId"], vpcType)
	if !ok {
		return 0, "", false
	}
	where, region := l.place(ref), l.placeOf(r).region
	if said, _ := fields["vpcRegion"].(string); said != "" {
		region = said
	}
	if where.region != "" && where.region != region {
		l.Problem(r, path+"vpcRegion", "is %s, the VPC is in %s", region, where)
		return 0, "", false
	}
	at, ok = l.networkOf(r, path+"vpcId", ref)
	return at, where.account, ok
}

// zoneOf is the zone that an input refers to.
func (l *lifting) zoneOf(r *manifest.Resource) (*plan.Zone, plan.Ref) {
	ref, ok := l.Object(r, "zoneId", r.Inputs["zoneId"], zoneType)
	if !ok {
		return nil, ref
	}
	i, ok := l.zones[ref]
	if !ok {
		l.Problem(r, "zoneId", "zone %s is not declared", ref.Part+ref.Existing)
		return nil, ref
	}
	return &l.g.Zones[i], ref
}

// authorization lets another account associate one VPC with a zone; only the zone's owner may.
func (l *lifting) authorization(r *manifest.Resource) {
	z, ref := l.zoneOf(r)
	at, _, ok := l.zoneNetwork(r, "", r.Inputs)
	if z == nil || !ok {
		return
	}
	if owner := l.place(ref).account; owner != "" && owner != l.placeOf(r).account {
		l.Problem(r, "", "works in account %s, the zone is in %s", l.placeOf(r).account, owner)
		return
	}
	l.zoned.authorizations = append(l.zoned.authorizations, shared{ref, at})
}

// association lets a VPC see a zone. Only the VPC's owner may associate it, and in another account
// than the zone's only with an authorization.
func (l *lifting) association(r *manifest.Resource) {
	z, ref := l.zoneOf(r)
	at, account, ok := l.zoneNetwork(r, "", r.Inputs)
	if z == nil || !ok {
		return
	}
	owner, works := l.place(ref).account, l.placeOf(r).account
	switch {
	case account != "" && account != works:
		l.Problem(r, "", "works in account %s, the VPC is in %s", works, account)
	case owner != "" && owner != works && !slices.Contains(l.zoned.authorizations, shared{ref, at}):
		l.Problem(r, "", "is not authorized by the zone's account %s", owner)
	case slices.Contains(z.Networks, l.name(at)):
		l.Problem(r, "vpcId", "sees the zone already")
	default:
		z.Networks = append(slices.Clone(z.Networks), l.name(at))
	}
}

// record answers a name of a zone: an alias with an endpoint's addresses, or addresses by themselves.
// What answers no IPv4 address is no record of the graph.
func (l *lifting) record(r *manifest.Resource) {
	z, ref := l.zoneOf(r)
	if z == nil || !l.mayWrite(r, ref) {
		return
	}
	record := plan.Record{Name: domain(r.Text("name"))}
	if record.Name != z.Name && !strings.HasSuffix(record.Name, "."+z.Name) {
		record.Name = strings.TrimPrefix(record.Name+"."+z.Name, ".") // a name is relative to its zone
	}
	if kind := r.Text("type"); kind != "A" {
		l.Problem(r, "type", "%q answers no IPv4 address", kind)
		return
	}
	switch aliases := r.List("aliases"); {
	case len(aliases) == 1 && !r.Has("records"):
		fields, _ := aliases[0].(map[string]any)
		endpoint, ok := l.alias(r, fields, record.Name)
		if !ok {
			return
		}
		record.Endpoint = endpoint
	case len(aliases) == 0 && len(r.List("records")) > 0:
		for _, value := range r.List("records") {
			text, _ := value.(string)
			a, err := netip.ParseAddr(text)
			if err != nil {
				l.Problem(r, "records", "%v is no address", value)
				return
			}
			record.Addresses = append(record.Addresses, a)
		}
		if e, ok := l.answering[joined(record.Addresses)]; ok {
			record.Endpoint, record.Addresses = e, nil
		}
	default:
		l.Problem(r, "", "must have either one alias, or records")
		return
	}
	z.Records = append(slices.Clip(z.Records), record)
}

// mayWrite wants a record to be written by the zone's account. Of an existing zone that nothing looks
// up, no manifest says whose it is.
func (l *lifting) mayWrite(r *manifest.Resource, ref plan.Ref) bool {
	owner, works := l.place(ref).account, l.placeOf(r).account
	if owner != "" && owner != works {
		l.Problem(r, "", "works in account %s, the zone is in %s", works, owner)
		return false
	}
	return true
}

// alias is the endpoint that an alias leads to. The first DNS entry is the regional one, which answers
// with every address (AWS PrivateLink guide p. 19); a zone's own name would answer with one.
func (l *lifting) alias(r *manifest.Resource, fields map[string]any, name string) (string, bool) {
	const path = "aliases[0]."
	text, _ := fields["name"].(string)
	endpoint, ok := l.Named(text, "dnsEntries[0].dnsName")
	if !ok || l.View.Named(endpoint).Type != endpointType {
		l.Problem(r, path+"name", "%v is not the regional name of an endpoint", fields["name"])
		return "", false
	}
	hosted, _ := fields["zoneId"].(string)
	if of, ok := l.Named(hosted, "dnsEntries[0].hostedZoneId"); !ok || of != endpoint {
		l.Problem(r, path+"zoneId", "%v is not the zone of %s", fields["zoneId"], text)
		return "", false
	}
	if fields["evaluateTargetHealth"] != false {
		l.Problem(r, path+"evaluateTargetHealth", "makes the answer depend on health, which the graph does not hold")
	}
	o, known := l.offerOf(l.View.Named(endpoint))
	parent, wild := strings.CutPrefix(name, "*.")
	ours := slices.ContainsFunc(o.names, func(n string) bool { return n == name || wild && strings.HasSuffix(n, "."+parent) })
	if known && !ours && !slices.Contains(o.hosts, name) {
		l.Problem(r, "name", "%s leads to the endpoint of %s", name, strings.Join(o.names, ", "))
	}
	return endpoint, true
}
