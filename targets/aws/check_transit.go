package aws

import (
	"fmt"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var (
	notTransit = diag.Code{
		ID: "OBS720", Severity: diag.Error, Title: "a transit gateway outside of AWS",
		Cause:   "Transit gateways are AWS's: they stand in an AWS account and join VPCs. Azure VNets are not attached to them.",
		Example: `japan: {account: "jp", …, attach: transitGateway: "core"}   // jp is an Azure account`,
		Mend:    `japan: {account: "jp", …}   // with a link via: endpoint: network: "japan"`,
	}
	attachZones = diag.Code{
		ID: "OBS721", Severity: diag.Error, Title: "an attachment does not have one subnet in each zone",
		Cause:   "A transit gateway takes one subnet in an availability zone: EC2 refuses a second one (DuplicateSubnetsInSameZone). A subnet that obslink creates must say its zone, since AWS might choose the same for two.",
		Example: `tokyo: attach: {transitGateway: "core", subnets: ["a", "b"]}   // both in apne1-az1`,
		Mend:    `tokyo: attach: {transitGateway: "core", subnets: ["a", "c"]}   // in apne1-az1 and apne1-az2`,
	}
	otherGatewayAccount = diag.Code{
		ID: "OBS722", Severity: diag.Error, Title: "a transit gateway of another account",
		Cause:   "A VPC of another account can be attached only to a gateway that its owner has shared with AWS RAM (AWS transit gateway guide, 2026-08). How depends on the accounts: inside an organization that shares, nobody accepts a share; elsewhere the other account is invited. Gateways of two accounts can be peered instead.",
		Example: `transitGateways: core: account: "main"` + "\n" + `tokyo: {account: "team", attach: transitGateway: "core"}`,
		Mend:    `transitGateways: core: {account: "main", …, share: "organization"}` + "\n" + `tokyo: {account: "team", attach: transitGateway: "core"}`,
	}
	sharedUnmade = diag.Code{
		ID: "OBS739", Severity: diag.Error, Title: "a transit gateway that is shared before it is there",
		Cause:   "`share: \"existing\"` says that an existing gateway is shared already. One that obslink is to create is in no share yet.",
		Example: `transitGateways: core: {account: "main", region: "us-east-1", share: "existing"}   // created`,
		Mend:    `transitGateways: core: {account: "main", region: "us-east-1", share: "organization"}`,
	}
	unattachedZone = diag.Code{
		ID: "OBS723", Severity: diag.Error, Title: "an availability zone without attachment",
		Cause:   "Servers and endpoints reach a transit gateway only from availability zones in which the attachment has a subnet (AWS transit gateway guide, 2026-08).",
		Example: `hub: {subnets: {a: {zone: "use1-az6", …}, b: {zone: "use1-az4", …}}, attach: {transitGateway: "core", subnets: ["a"]}}`,
		Mend:    `hub: {subnets: {a: {zone: "use1-az6", …}, b: {zone: "use1-az4", …}}, attach: {transitGateway: "core", subnets: ["a", "b"]}}`,
	}
	badASN = diag.Code{
		ID: "OBS724", Severity: diag.Error, Title: "not an ASN that the gateway can have",
		Cause:   "A transit gateway's own ASN is a private one: 64512 to 65534, or 4200000000 to 4294967294 (EC2 CreateTransitGateway, 2026-08). That of an existing gateway is what it is.",
		Example: `transitGateways: core: asn: 65535`,
		Mend:    `transitGateways: core: asn: 64512`,
	}
	crowdedSubnet = diag.Code{
		ID: "OBS726", Severity: diag.Warning, Title: "an attachment among endpoints",
		Cause:   "The transit gateway takes an address of AWS's choice in each subnet of an attachment, which may be one that obslink gives to an endpoint, now or later. AWS advises a /28 for the attachment alone (AWS transit gateway guide, 2026-08).",
		Example: `hub: {subnets: a: {cidr: "192.168.0.0/20", zone: "use1-az6"}, attach: {transitGateway: "core", subnets: ["a"]}}`,
		Mend:    `hub: {subnets: {a: {…}, "a-tgw": {cidr: "192.168.255.0/28", zone: "use1-az6", endpoints: false}}, attach: {transitGateway: "core", subnets: ["a-tgw"]}}`,
	}
	noGatewayTable = diag.Code{
		ID: "OBS725", Severity: diag.Error, Title: "an existing transit gateway that is peered names no route table",
		Cause:   "Over a peering of transit gateways nothing is propagated (AWS transit gateway peering, 2026-08): obslink adds static routes, to the route table that the topology names and to no other.",
		Example: `transitGateways: core: {existing: transitGateway: "tgw-0a1b", peers: east: {}}`,
		Mend:    `transitGateways: core: {existing: {transitGateway: "tgw-0a1b", routeTable: "tgw-rtb-0c3d"}, peers: east: {}}`,
	}
)

// checkTransit checks transit gateways and what is attached to them.
func checkTransit(t *topology.Topology) diag.List {
	var found diag.List
	for key, g := range topology.Sorted(t.TransitGateways) {
		found = append(found, checkGateway(t, key, g)...)
	}
	hosts := map[string]bool{}
	for _, h := range compile.Hostings(t, Name) {
		hosts[h.Network] = true
	}
	for key, n := range topology.Sorted(t.Networks) {
		if n.Attach == nil {
			continue
		}
		path := "networks." + key + ".attach"
		g := t.TransitGateways[n.Attach.TransitGateway]
		switch {
		case t.Kind(key) != Name:
			found = append(found, notTransit.At(t.At(path), path, "network %q is not in AWS, so no transit gateway joins it", key).WithHint("remove attach"))
			continue
		case g.Account != n.Account && t.Accounts[g.Account].Kind == Name && g.Share == "":
			at := path + ".transitGateway"
			found = append(found, otherGatewayAccount.At(t.At(at), at, "transit gateway %q is in account %q; network %q is in account %q", n.Attach.TransitGateway, g.Account, key, n.Account).
				WithNote(t.At("transitGateways."+n.Attach.TransitGateway+".account"), "the gateway's account").
				WithHint("add to transitGateways.%s: `share: \"organization\"`, or \"invitation\" for an account of another organization", n.Attach.TransitGateway))
		}
		found = append(found, checkAttach(t, path, key, n)...)
		for i, sub := range n.Attach.Subnets {
			if at := fmt.Sprintf("%s.subnets[%d]", path, i); hosts[key] && n.Subnets[sub].HoldsEndpoints() {
				found = append(found, crowdedSubnet.At(t.At(at), at, "the transit gateway would take an address of subnet %q, which holds endpoints", sub).
					WithHint("attach a /28 of the same zone with `endpoints: false`"))
			}
		}
	}
	return found
}

func checkGateway(t *topology.Topology, key string, g *topology.TransitGateway) diag.List {
	var found diag.List
	path := "transitGateways." + key
	if t.Accounts[g.Account].Kind != Name {
		return diag.List{notTransit.At(t.At(path+".account"), path+".account", "account %q is not an AWS account", g.Account).WithHint("name an AWS account")}
	}
	private := g.ASN >= 64512 && g.ASN <= 65534 || g.ASN >= 4200000000 && g.ASN <= 4294967294
	switch at := path + ".asn"; {
	case g.ASN != 0 && g.Existing != nil:
		found = append(found, badASN.At(t.At(at), at, "transit gateway %q is existing: its ASN cannot be chosen", key).WithHint("remove asn"))
	case g.ASN != 0 && !private:
		found = append(found, badASN.At(t.At(at), at, "%d is not a private ASN", g.ASN).WithHint("write one of 64512 to 65534, or of 4200000000 to 4294967294"))
	}
	if at := path + ".share"; g.Share == "existing" && g.Existing == nil {
		found = append(found, sharedUnmade.At(t.At(at), at, "transit gateway %q is created, and so in no share yet", key).WithHint(`write "organization" or "invitation"`))
	}
	if g.Existing != nil && g.Existing.RouteTable == "" {
		for other := range topology.Sorted(t.TransitGateways) {
			if other != key && t.Peered(key, other) {
				found = append(found, noGatewayTable.At(t.At(path+".existing"), path+".existing.routeTable", "existing transit gateway %q is peered with %q but names no route table", key, other).
					WithHint(`add routeTable: "tgw-rtb-…"`))
				break
			}
		}
	}
	return found
}

// checkAttach checks that an attachment has one subnet in each zone that the network uses.
func checkAttach(t *topology.Topology, path, network string, n *topology.Network) diag.List {
	var found diag.List
	zones := map[string]string{} // subnet by zone
	for i, sub := range n.Attach.Subnets {
		at := fmt.Sprintf("%s.subnets[%d]", path, i)
		zone := n.Subnets[sub].Zone
		switch other, taken := zones[zone]; {
		case zone == "" && n.Subnets[sub].Existing == "":
			found = append(found, attachZones.At(t.At(at), at, "subnet %q of the attachment has no zone", sub).
				WithNote(t.At("networks."+network+".subnets."+sub), "the subnet").WithHint("add zone to networks.%s.subnets.%s", network, sub))
		case zone != "" && taken:
			found = append(found, attachZones.At(t.At(path+".subnets"), path+".subnets", "subnets %q and %q are both in zone %q", other, sub, zone).WithHint("keep one of them"))
		default:
			zones[zone] = sub
		}
	}
	if _, unknown := zones[""]; unknown {
		return found // an existing subnet may be in any zone
	}
	for sub, s := range topology.Sorted(n.Subnets) {
		if _, ok := zones[s.Zone]; s.Zone != "" && !ok && len(n.Attach.Subnets) > 0 {
			found = append(found, unattachedZone.At(t.At(path+".subnets"), path+".subnets", "subnet %q of network %q is in zone %q, where the attachment has no subnet", sub, network, s.Zone).
				WithNote(t.At("networks."+network+".subnets."+sub), "the subnet").WithHint("add %q, or a /28 of that zone, to attach.subnets", sub))
			zones[s.Zone] = sub
		}
	}
	return found
}
