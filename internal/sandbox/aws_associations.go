package sandbox

import (
	"slices"
	"strings"
)

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
	if quota := c.quota("vpcsPerZone"); c.number(zone, zoneAssociationToken) >= quota {
		return nil, no("aws-zone-quota", quota, zone.ID)
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
	if zone.Account != c.who.account && authorization == nil {
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
