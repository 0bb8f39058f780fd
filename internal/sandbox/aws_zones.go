package sandbox

import (
	"slices"
	"strings"
)

const (
	zoneToken            = "aws:route53/zone:Zone"
	recordToken          = "aws:route53/record:Record"
	zoneAssociationToken = "aws:route53/zoneAssociation:ZoneAssociation"
	authorizationToken   = "aws:route53/vpcAssociationAuthorization:VpcAssociationAuthorization"
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
