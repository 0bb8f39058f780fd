package aws

import (
	"regexp"
	"strings"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
	"github.com/obslink/obslink/schema"
)

var (
	oneZone = diag.Code{
		ID: "OBS322", Severity: diag.Warning, Title: "endpoints in one availability zone only",
		Cause:   "Every client of the network's endpoints goes through the one zone, wherever it runs: if that zone fails, all of them lose the intake (PrivateLink guide p. 21, 2026). Each further zone costs an hourly price for each endpoint.",
		Example: `hub: subnets: endpoints: {cidr: "192.168.0.0/24", zone: "use1-az6"}`,
		Mend:    `hub: subnets: {a: {cidr: "192.168.0.0/24", zone: "use1-az6"}, b: {cidr: "192.168.1.0/24", zone: "use1-az4"}}`,
	}
	badZone = diag.Code{
		ID: "OBS326", Severity: diag.Error, Title: "not an availability zone of the network's region",
		Cause:   "`zone` is the id of a zone: it means the same zone in every account, where a name such as us-east-1a need not. An id begins with its region's letters: use1 is us-east-1 (AWS Regions and Availability Zones user guide, 2026-08).",
		Example: `hub: {region: "us-east-1", subnets: a: {cidr: "192.168.0.0/24", zone: "us-east-1a"}}`,
		Mend:    `hub: {region: "us-east-1", subnets: a: {cidr: "192.168.0.0/24", zone: "use1-az6"}}`,
	}
)

// checkOneZone warns where all endpoints of a network stand in one subnet.
func checkOneZone(t *topology.Topology) diag.List {
	var found diag.List
	seen, services := map[string]bool{}, servicesOf(t)
	for _, h := range compile.Hostings(t, Name) {
		if seen[h.Network] || offered(t, h.Backend) && !makes(t, h, services) {
			continue
		}
		seen[h.Network] = true
		only, count := "", 0
		for sub, s := range topology.Sorted(t.Networks[h.Network].Subnets) {
			if s.HoldsEndpoints() {
				only = sub
				count++
			}
		}
		if count == 1 {
			at := "networks." + h.Network + ".subnets." + only
			found = append(found, oneZone.At(t.At(at), at, "all endpoints of network %q stand in one availability zone", h.Network).
				WithHint("add a subnet in another zone, or accept it: severities: %s: {level: \"acknowledged\", reason: \"…\"}", oneZone.ID))
		}
	}
	return found
}

var (
	zoneID   = regexp.MustCompile(`^([a-z]+\d)(-[a-z]+\d)*-(az|wlz)\d+$`)
	zoneName = regexp.MustCompile(`^[a-z]{2,4}(-[a-z]+)+-\d[a-z]$`)
)

// checkZones checks that each subnet's availability zone is one of its network's region.
func checkZones(t *topology.Topology) diag.List {
	var found diag.List
	for key, n := range topology.Sorted(t.Networks) {
		if t.Kind(key) != Name {
			continue
		}
		region, known := schema.AWS().Regions[n.Region]
		for sub, s := range topology.Sorted(n.Subnets) {
			prefix, _, _ := strings.Cut(s.Zone, "-")
			isID := zoneID.MatchString(s.Zone)
			if s.Zone == "" || isID && (!known || prefix == region.Zones) {
				continue
			}
			at := "networks." + key + ".subnets." + sub + ".zone"
			d := badZone.At(t.At(at), at, "%q is not the id of an availability zone", s.Zone)
			switch {
			case isID:
				d = badZone.At(t.At(at), at, "zone %q is %s; network %q is in %s", s.Zone, zoneRegion(prefix), key, n.Region).
					WithNote(t.At("networks."+key+".region"), "the network's region")
			case zoneName.MatchString(s.Zone):
				d = badZone.At(t.At(at), at, "%q is the name of a zone, not its id", s.Zone)
			}
			if known {
				d = d.WithHint("write an id such as %q; `aws ec2 describe-availability-zones --region %s` prints them", region.Zones+"-az1", n.Region)
			} else {
				d = d.WithHint("`aws ec2 describe-availability-zones --region %s` prints the ids", n.Region)
			}
			found = append(found, d)
		}
	}
	return found
}

// zoneRegion says where the zones are whose ids begin with prefix.
func zoneRegion(prefix string) string {
	for name, r := range topology.Sorted(schema.AWS().Regions) {
		if r.Zones == prefix {
			return "in " + name
		}
	}
	return "in no region that obslink knows"
}
