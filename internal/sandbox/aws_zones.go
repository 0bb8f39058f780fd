package sandbox

import (
	"net/netip"
	"slices"
	"strings"
)

const (
	zoneToken            = "aws:route53/zone:Zone"
	recordToken          = "aws:route53/record:Record"
	zoneAssociationToken = "aws:route53/zoneAssociation:ZoneAssociation"
	authorizationToken   = "aws:route53/vpcAssociationAuthorization:VpcAssociationAuthorization"
	vpcsPerZone          = 300 // facts/datadog_aws.md §4.28
)

// An association of a zone with a VPC is an object of its own, whether it was made in-line with the zone or by a resource: it
// lies in the zone's account, refers to both, and so tells each of them about the other.

func awsZoneTypes() []resourceType {
	return []resourceType{
		{
			token:    zoneToken,
			missing:  "aws-zone-not-found",
			global:   true,
			inputs:   []string{"name", "comment", "vpcs", "forceDestroy", "tags"},
			defaults: map[string]any{"comment": "Managed by Pulumi", "forceDestroy": false},
			autoname: "name",
			replace:  []string{"name"},
			sets:     []string{"vpcs"},
			computed: []string{"id", "arn", "zoneId", "nameServers", "primaryNameServer"},
			create:   createZone,
			update:   updateZone,
			remove:   removeZone,
			refresh:  refreshZone,
		},
		{
			token:    recordToken,
			missing:  "aws-zone-not-found",
			global:   true,
			required: []string{"zoneId", "name", "type"},
			inputs:   []string{"records", "ttl", "aliases", "allowOverwrite"},
			replace:  []string{"zoneId", "name", "type"},
			sets:     []string{"records"},
			computed: []string{"id", "fqdn", "allowOverwrite"},
			check:    checkRecord,
			create:   createRecord,
			update:   updateRecord,
		},
		{
			token:    zoneAssociationToken,
			missing:  "aws-zone-not-found",
			global:   true,
			required: []string{"zoneId", "vpcId"},
			inputs:   []string{"vpcRegion"},
			replace:  []string{"zoneId", "vpcId", "vpcRegion"},
			computed: []string{"id", "owningAccount", "vpcRegion"},
			create:   createZoneAssociation,
			remove:   removeZoneAssociation,
			find:     findZoneAssociation,
		},
		{
			token:    authorizationToken,
			missing:  "aws-zone-not-found",
			global:   true,
			required: []string{"zoneId", "vpcId"},
			inputs:   []string{"vpcRegion"},
			replace:  []string{"zoneId", "vpcId", "vpcRegion"},
			computed: []string{"id", "vpcRegion"},
			create:   createAuthorization,
		},
	}
}

func domain(name string) string { return strings.ToLower(strings.TrimSuffix(name, ".")) }

func createZone(c *call) (*Object, error) {
	id := "Z0" + strings.ToUpper(digest(c.unique()...)[:19])
	zone := makeZone(c, id, domain(c.str("name")))
	c.put(zone) // the associations refer to it
	return zone, c.associate(zone, c.wantedVPCs())
}

func makeZone(c *call, id, name string) *Object {
	o := c.object(id, name, map[string]any{
		"id": id, "zoneId": id, "arn": "arn:aws:route53:::hostedzone/" + id, "name": name, "delegationSetId": "",
		"nameServers":       list("ns-0.awsdns-00.com", "ns-1024.awsdns-00.org", "ns-1536.awsdns-00.co.uk", "ns-512.awsdns-00.net"),
		"primaryNameServer": "ns-1536.awsdns-00.co.uk",
	})
	o.Type, o.Region = zoneToken, "global"
	return o
}

type zoneVPC struct{ id, region string }

// wantedVPCs are the in-line ones; a region that is not said is the provider's.
func (c *call) wantedVPCs() []zoneVPC {
	var out []zoneVPC
	for _, v := range maps(c.in, "vpcs") {
		region := str(v, "vpcRegion")
		if region == "" {
			region = c.who.region
		}
		if w := (zoneVPC{str(v, "vpcId"), region}); !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// associate adds VPCs of the caller's own account to a zone.
func (c *call) associate(zone *Object, vpcs []zoneVPC) error {
	for _, v := range vpcs {
		vpc := c.objects[awsKey(c.who.account, v.region, vpcToken, v.id)]
		if vpc == nil {
			return no("aws-zone-vpc", v.id, v.region)
		}
		a, err := c.association(zone, vpc)
		if err != nil {
			return err
		}
		c.put(a)
	}
	return nil
}

// association judges one pair. Two zones of one name, or a zone and an endpoint's private DNS, cannot serve one VPC.
func (c *call) association(zone, vpc *Object) (*Object, error) {
	if c.number(zone, zoneAssociationToken) >= vpcsPerZone {
		return nil, no("aws-zone-quota", vpcsPerZone, zone.ID)
	}
	name := zone.attr("name")
	for _, other := range c.zonesOn(vpc) {
		if other.attr("name") == name {
			return nil, no("aws-zone-conflict", name, vpc.ID)
		}
	}
	for _, e := range c.of(vpc, endpointToken) {
		if slices.Contains(strs(e.Attributes, "_privateNames"), name) {
			return nil, no("aws-zone-conflict", name, vpc.ID)
		}
	}
	id := zone.ID + ":" + vpc.ID
	a := c.part(zoneAssociationToken, "global", id, "", map[string]any{"id": id, "zoneId": zone.ID, "vpcId": vpc.ID,
		"vpcRegion": vpc.Region, "owningAccount": zone.Account, "_vpcAccount": vpc.Account}, zone, vpc)
	a.Account = zone.Account
	return a, nil
}

// zonesOn lists the private zones that a VPC's resolver knows.
func (c *call) zonesOn(vpc *Object) []*Object {
	var out []*Object
	for _, a := range c.of(vpc, zoneAssociationToken) {
		if z := c.objects[awsKey(a.Account, "global", zoneToken, a.attr("zoneId"))]; z != nil {
			out = append(out, z)
		}
	}
	return out
}

// updateZone adds before it removes, as the provider does, since a private zone has at least one VPC at all times.
func updateZone(c *call) (*Object, error) {
	zone := c.old
	had := c.of(zone, zoneAssociationToken)
	wanted := c.wantedVPCs()
	var fresh []zoneVPC
	for _, w := range wanted {
		if !slices.ContainsFunc(had, func(a *Object) bool { return a.attr("vpcId") == w.id && a.attr("vpcRegion") == w.region }) {
			fresh = append(fresh, w)
		}
	}
	if len(had) == 0 && len(fresh) > 0 {
		return nil, no("aws-zone-public", zone.ID)
	}
	if err := c.associate(zone, fresh); err != nil {
		return nil, err
	}
	declared := maps(zone.Inputs, "vpcs") // what this resource added; what associations of others added is not its to take
	for _, a := range had {
		mine := slices.ContainsFunc(declared, func(v map[string]any) bool { return str(v, "vpcId") == a.attr("vpcId") })
		if mine && !slices.Contains(wanted, zoneVPC{a.attr("vpcId"), a.attr("vpcRegion")}) {
			if err := c.dissociate(zone, a); err != nil {
				return nil, err
			}
		}
	}
	return zone.with(nil), nil
}

func (c *call) dissociate(zone, a *Object) error {
	if c.number(zone, zoneAssociationToken) == 1 {
		return no("aws-zone-last-vpc", a.attr("vpcId"), zone.ID)
	}
	c.drop(a)
	return nil
}

func removeZone(c *call) error {
	for _, o := range c.inside(c.old) {
		if o.Type == recordToken && !flag(c.old.Inputs, "forceDestroy") {
			return no("aws-zone-not-empty")
		}
	}
	for _, o := range c.inside(c.old) {
		c.drop(o)
	}
	return nil
}

// refreshZone: the cloud tells about every VPC, also those that other resources have associated. A program with both kinds sees a
// difference after each refresh unless it ignores changes of vpcs (facts/datadog_aws.md §6).
func refreshZone(c *call, o *Object) (map[string]any, map[string]any) {
	all := []any{}
	for _, a := range c.of(o, zoneAssociationToken) {
		entry := map[string]any{"vpcId": a.attr("vpcId"), "vpcRegion": a.attr("vpcRegion")}
		for _, v := range maps(o.Inputs, "vpcs") { // a region that the program left out stays out
			if str(v, "vpcId") == a.attr("vpcId") && str(v, "vpcRegion") == "" {
				delete(entry, "vpcRegion")
			}
		}
		all = append(all, entry)
	}
	if sameSet(all, o.Inputs["vpcs"]) {
		return nil, nil
	}
	if len(all) == 0 {
		return nil, nil
	}
	return map[string]any{"vpcs": all}, nil
}

// zone finds a zone of the caller's account.
func (c *call) zone(id string) (*Object, error) {
	if z := c.objects[awsKey(c.who.account, "global", zoneToken, id)]; z != nil {
		return z, nil
	}
	return nil, no("aws-zone-not-found", id)
}

func (c *call) vpcRegion() string {
	if r := c.str("vpcRegion"); r != "" {
		return r
	}
	return c.who.region
}

func createZoneAssociation(c *call) (*Object, error) {
	zones := c.everywhere(zoneToken, c.str("zoneId")) // Route 53's ids are unique among all accounts
	if len(zones) == 0 {
		return nil, no("aws-zone-not-found", c.str("zoneId"))
	}
	zone := zones[0]
	vpc := c.objects[awsKey(c.who.account, c.vpcRegion(), vpcToken, c.str("vpcId"))]
	if vpc == nil {
		return nil, no("aws-zone-vpc", c.str("vpcId"), c.vpcRegion())
	}
	authorization := c.objects[awsKey(zone.Account, "global", authorizationToken, zone.ID+":"+vpc.ID)]
	if zone.Account != c.who.account && (authorization == nil || authorization.attr("vpcRegion") != vpc.Region) {
		return nil, no("aws-zone-unauthorised", vpc.ID)
	}
	if c.number(zone, zoneAssociationToken) == 0 {
		return nil, no("aws-zone-public", zone.ID)
	}
	a, err := c.association(zone, vpc)
	if err != nil {
		return nil, err
	}
	a.URN, a.Name = c.urn, c.name
	return a, nil
}

func removeZoneAssociation(c *call) error {
	zone := c.objects[awsKey(c.old.Account, "global", zoneToken, c.old.attr("zoneId"))]
	if zone != nil && c.number(zone, zoneAssociationToken) == 1 {
		return no("aws-zone-last-vpc", c.old.attr("vpcId"), zone.ID)
	}
	return nil
}

func findZoneAssociation(c *call, id string) *Object {
	zone, rest, _ := strings.Cut(id, ":")
	vpc, _, _ := strings.Cut(rest, ":")
	for _, a := range c.everywhere(zoneAssociationToken, zone+":"+vpc) {
		if a.Account == c.who.account || a.attr("_vpcAccount") == c.who.account {
			return a
		}
	}
	return nil
}

func createAuthorization(c *call) (*Object, error) {
	zone, err := c.zone(c.str("zoneId"))
	if err != nil {
		return nil, err
	}
	var vpc *Object
	for _, v := range c.everywhere(vpcToken, c.str("vpcId")) {
		if v.Region == c.vpcRegion() {
			vpc = v
		}
	}
	if vpc == nil {
		return nil, no("aws-zone-vpc", c.str("vpcId"), c.vpcRegion())
	}
	if c.number(zone, zoneAssociationToken) == 0 {
		return nil, no("aws-zone-public", zone.ID)
	}
	id := zone.ID + ":" + vpc.ID
	return c.object(id, c.name, map[string]any{"id": id, "zoneId": zone.ID, "vpcId": vpc.ID, "vpcRegion": vpc.Region}, zone, vpc), nil
}

func checkRecord(c *call) []problem {
	records, aliases := c.in["records"], c.in["aliases"]
	switch {
	case empty(records) == empty(aliases):
		return []problem{{"records", no("aws-record-value")}}
	case empty(aliases) == (c.in["ttl"] == nil):
		return []problem{{"ttl", no("aws-record-ttl")}}
	}
	return nil
}

// fqdn: a name outside the zone is taken as relative to it, as the provider does.
func fqdn(name, zone string) string {
	name = domain(name)
	if name == "" || name == zone {
		return zone
	}
	if strings.HasSuffix(name, "."+zone) {
		return name
	}
	return name + "." + zone
}

func createRecord(c *call) (*Object, error) {
	zone, err := c.zone(c.str("zoneId"))
	if err != nil {
		return nil, err
	}
	name, kind := fqdn(c.str("name"), zone.attr("name")), strings.ToUpper(c.str("type"))
	for _, r := range c.of(zone, recordToken) {
		other := r.attr("_type")
		if r.attr("fqdn") != name {
			continue
		}
		if other == kind && !flag(c.in, "allowOverwrite") {
			return nil, no("aws-record-exists", name, kind)
		}
		if other != kind && (other == "CNAME" || kind == "CNAME") {
			return nil, no("aws-record-cname", kind, name, other, zone.attr("name"))
		}
	}
	id := zone.ID + "_" + name + "_" + kind
	return c.recordFor(c.object(id, c.name, map[string]any{"id": id, "fqdn": name, "_type": kind, "zoneId": zone.ID}, zone), zone)
}

func updateRecord(c *call) (*Object, error) {
	zone, err := c.zone(c.old.attr("zoneId"))
	if err != nil {
		return nil, err
	}
	return c.recordFor(c.old.with(nil), zone)
}

func (c *call) recordFor(o, zone *Object) (*Object, error) {
	values, target := []any{}, ""
	for _, v := range strs(c.in, "records") {
		if a, err := netip.ParseAddr(v); o.attr("_type") == "A" && (err != nil || !a.Is4()) {
			return nil, no("aws-record-address", v)
		}
		values = append(values, v)
	}
	for _, a := range maps(c.in, "aliases") {
		target = domain(str(a, "name"))
		if err := c.aliasTarget(target, str(a, "zoneId"), zone); err != nil {
			return nil, err
		}
	}
	return o.with(map[string]any{"_values": values, "_alias": target, "allowOverwrite": flag(c.in, "allowOverwrite")}), nil
}

// aliasTarget: an alias points at a name of an endpoint, in that endpoint's own zone, or at a record of its own zone.
func (c *call) aliasTarget(target, zoneID string, zone *Object) error {
	if zoneID == zone.ID {
		for _, r := range c.of(zone, recordToken) {
			if r.attr("fqdn") == target {
				return nil
			}
		}
		return no("aws-alias-target", target, zoneID)
	}
	region, ok := endpointRegion(target)
	if !ok || endpointZone(region) != zoneID {
		return no("aws-alias-zone", target, zoneID)
	}
	if c.endpointNamed(target) == nil {
		return no("aws-alias-target", target, zoneID)
	}
	return nil
}

// endpointRegion reads the region from vpce-….REGION.vpce.amazonaws.com.
func endpointRegion(name string) (string, bool) {
	rest, ok := strings.CutSuffix(name, ".vpce.amazonaws.com")
	return rest[strings.LastIndexByte(rest, '.')+1:], ok && strings.HasPrefix(name, "vpce-")
}

// endpointNamed finds the endpoint that has a public name; those names are public, so any account may point at them.
func (c *call) endpointNamed(name string) *Object {
	id := strings.SplitN(name, ".", 2)[0]
	if parts := strings.SplitN(id, "-", 3); len(parts) == 3 {
		id = parts[0] + "-" + parts[1]
	}
	for _, e := range c.everywhere(endpointToken, id) {
		for _, entry := range maps(e.Attributes, "dnsEntries") {
			if str(entry, "dnsName") == name {
				return e
			}
		}
	}
	return nil
}
