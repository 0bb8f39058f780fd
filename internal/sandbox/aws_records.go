package sandbox

import (
	"net/netip"
	"strings"
)

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
