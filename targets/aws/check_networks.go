package aws

import (
	"net/netip"
	"regexp"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var (
	badAccountID = diag.Code{
		ID: "OBS305", Severity: diag.Error, Title: "not an AWS account id",
		Cause:   "An account id has 12 digits. Each provider may act in this account only, so a wrong id would stop every run.",
		Example: `accounts: main: aws: id: "1234"`,
		Mend:    `accounts: main: aws: id: "123456789012"`,
	}
	wrongBackend = diag.Code{
		ID: "OBS306", Severity: diag.Error, Title: "this backend has no endpoint in an AWS network",
		Cause:   "An endpoint stands in a network of the cloud that its backend offers: Datadog's us1, ap1, ap2 and uk1 and AWS's own services in AWS, Azure Monitor in Azure.",
		Example: `links: a: {from: "hub", to: "logs", via: endpoint: network: "hub"}`,
		Mend:    `links: a: {from: "home", to: "logs", via: endpoint: network: "japan"}`,
	}
	wrongRegion = diag.Code{
		ID: "OBS307", Severity: diag.Error, Title: "the endpoint network is not in the backend's region",
		Cause:   "An interface endpoint stands in the region of its endpoint service unless it is a cross-region endpoint: Datadog us1 is in us-east-1, ap1 in ap-northeast-1, ap2 in ap-southeast-2, uk1 in eu-west-2. From any other region Datadog recommends cross-region endpoints over peering (Datadog's PrivateLink guide, 2026-08). AWS's own services answer in every region, by the names of that region.",
		Example: `via: peering: endpoints: "tokyo" // for site us1`,
		Mend:    `via: peering: endpoints: "hub"   // a network in us-east-1`,
	}
	vpcShape = diag.Code{
		ID: "OBS308", Severity: diag.Error, Title: "AWS cannot create this VPC",
		Cause:   "A VPC is created with one CIDR of /16 to /28 (VPC user guide, 2023).",
		Example: `hub: cidrs: ["10.0.0.0/8"]`,
		Mend:    `hub: cidrs: ["10.0.0.0/16"]`,
	}
	existingShape = diag.Code{
		ID: "OBS309", Severity: diag.Error, Title: "an existing AWS network is not named by a VPC id",
		Cause:   "An existing VPC is found by its id, an existing subnet by its id inside an existing VPC.",
		Example: `tokyo: existing: virtualNetwork: "vnet"`,
		Mend:    `tokyo: existing: vpc: "vpc-0a1b2c3d"`,
	}
)

var accountID = regexp.MustCompile(`^\d{12}$`)

func checkAccounts(t *topology.Topology) diag.List {
	var found diag.List
	for key, a := range topology.Sorted(t.Accounts) {
		if a.Kind != Name {
			continue
		}
		if id := compile.Decode[account](a.Body).ID; !accountID.MatchString(id) {
			path := "accounts." + key + ".aws.id"
			found = append(found, badAccountID.At(t.At(path), path, "%q is not an AWS account id", id).WithHint("write its 12 digits"))
		}
	}
	return found
}

// checkHostings checks that each endpoint network can hold the backend it is asked to.
func checkHostings(t *topology.Topology) diag.List {
	var found diag.List
	for key, l := range topology.Sorted(t.Links) {
		network, field := l.Via.Network()
		if t.Kind(network) != Name {
			continue
		}
		path := "links." + key + "." + field
		b := t.Backends[l.To]
		if !offered(t, l.To) {
			found = append(found, wrongBackend.At(t.At(path), path, "network %q is in AWS; the endpoints of backend %q, which is %s, are not", network, l.To, b.Kind).
				WithHint("name a network of the cloud that offers %s", b.Kind))
			continue
		}
		crosses, flag := l.Via.CrossRegion()
		home := homeRegion(t, l.To)
		switch region := t.Networks[network].Region; {
		case home == "": // an unknown site is reported as one
		case region != home && !crosses:
			hint := "add crossRegion: true beside it, or name a network in %s"
			switch {
			case len(confined(t, l.To)) > 0:
				hint = "name a network in %s, and peer with it"
			case l.Via.Endpoint != nil:
				hint = "add crossRegion: true beside it, or write via: peering: endpoints: … with a network in %s"
			}
			found = append(found, wrongRegion.At(t.At(path), path, "network %q is in %s; %s answers in %s", network, region, siteDomain(t, l.To), home).
				WithNote(t.At("networks."+network+".region"), "the network's region").
				WithHint(hint, home))
		case region == home && crosses:
			path = "links." + key + "." + flag
			found = append(found, sameRegion.At(t.At(path), path, "network %q is in %s, where %s answers", network, region, siteDomain(t, l.To)).
				WithNote(t.At("networks."+network+".region"), "the network's region").WithHint("remove crossRegion"))
		}
	}
	return found
}

func checkNetworks(t *topology.Topology) diag.List {
	var found diag.List
	for key, n := range topology.Sorted(t.Networks) {
		if t.Kind(key) != Name {
			continue
		}
		path := "networks." + key
		if n.Existing != nil {
			if n.Existing.VPC == "" {
				found = append(found, existingShape.At(t.At(path+".existing"), path+".existing.vpc", "existing network %q has no VPC id", key).
					WithHint(`add vpc: "vpc-…"`))
			}
			continue
		}
		if len(n.CIDRs) > 1 {
			found = append(found, vpcShape.At(t.At(path+".cidrs[1]"), path+".cidrs", "network %q has %d CIDRs; a VPC is created with one", key, len(n.CIDRs)).
				WithHint("keep one CIDR, or declare the VPC as existing"))
		}
		if p, err := netip.ParsePrefix(n.CIDRs[0]); err == nil && (p.Bits() < 16 || p.Bits() > 28) {
			found = append(found, vpcShape.At(t.At(path+".cidrs[0]"), path+".cidrs[0]", "%s is a /%d; a VPC is /16 to /28", p, p.Bits()).
				WithHint("choose a range of /16 to /28"))
		}
		for sub, s := range topology.Sorted(n.Subnets) {
			if at := path + ".subnets." + sub + ".existing"; s.Existing != "" {
				found = append(found, existingShape.At(t.At(at), at, "subnet %q is existing, but network %q is created by obslink", sub, key).
					WithHint("remove `existing` here, or declare the network as existing"))
			}
		}
	}
	return found
}
