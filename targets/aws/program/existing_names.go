package program

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/route53"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/manifest"
	"github.com/obslink/obslink/targets/aws"
	"github.com/obslink/obslink/targets/register"
)

const (
	zoneFunction     = "aws:route53/getZone:getZone"
	endpointFunction = "aws:ec2/getVpcEndpoint:getVpcEndpoint"
)

// peeringAssumption is the look-up of lookUpPeering with the answer that would please.
func peeringAssumption(p aws.ExistingPeering) manifest.Assumption {
	return assume("aws:ec2/getVpcPeeringConnection:getVpcPeeringConnection", p.Provider, p.Origin, map[string]any{"id": p.ID},
		map[string]any{"id": p.ID, "status": "active", "vpcId": p.VPCs[0], "peerVpcId": p.VPCs[1]})
}

// lookUpPeering asks for a peering. The CIDRs of its VPCs are those that the VPCs are looked up for.
func (r *Run) lookUpPeering(p aws.ExistingPeering) diag.List {
	what := fmt.Sprintf("VPC peering %q", p.ID)
	got, err := ec2.LookupVpcPeeringConnection(r.Ctx, &ec2.LookupVpcPeeringConnectionArgs{Id: &p.ID}, r.Through(p.Provider))
	if err != nil {
		return register.Failed(p.Origin, what, r.place(p.Provider), err)
	}
	var found diag.List
	if got.Status != "active" {
		found = append(found, differs(p.Origin, "%s is %q, not active", what, got.Status).
			WithHint("have it accepted: aws ec2 accept-vpc-peering-connection --vpc-peering-connection-id %s", p.ID))
	}
	if has, says := register.Quoted([]string{got.VpcId, got.PeerVpcId}), register.Quoted(p.VPCs[:]); has != says {
		found = append(found, differs(p.Origin, "%s joins the VPCs %s, the topology says %s", what, has, says).
			WithHint("write the id of the peering of these VPCs"))
	}
	return found
}

// zoneAssumptions are the look-ups of lookUpZone with the answers that would please.
func zoneAssumptions(z aws.ExistingZone) []manifest.Assumption {
	all := []manifest.Assumption{assume(zoneFunction, z.Provider, z.Origin, map[string]any{"zoneId": z.ID},
		map[string]any{"zoneId": z.ID, "name": z.Domain, "privateZone": true})}
	for _, vpc := range z.VPCs {
		all = append(all, assume(zoneFunction, z.Provider, z.Origin, map[string]any{"name": z.Domain, "vpcId": vpc}, map[string]any{"zoneId": z.ID}))
	}
	return all
}

func (r *Run) lookUpZone(z aws.ExistingZone) diag.List {
	what := fmt.Sprintf("hosted zone %q", z.ID)
	got, err := route53.LookupZone(r.Ctx, &route53.LookupZoneArgs{ZoneId: &z.ID}, r.Through(z.Provider))
	if err != nil {
		return register.Failed(z.Origin, what, r.place(z.Provider), err)
	}
	var found diag.List
	if !strings.EqualFold(strings.TrimSuffix(got.Name, "."), z.Domain) {
		found = append(found, differs(z.Origin, "%s is for %q, the topology says %q", what, got.Name, z.Domain).
			WithHint("write domain: %q, or the id of the zone for %q", strings.TrimSuffix(got.Name, "."), z.Domain))
	}
	if got.PrivateZone != nil && !*got.PrivateZone {
		return append(found, differs(z.Origin, "%s is public: VPCs do not see it", what).WithHint("write the id of the private zone"))
	}
	for _, vpc := range z.VPCs {
		seen, err := route53.LookupZone(r.Ctx, &route53.LookupZoneArgs{Name: &z.Domain, VpcId: &vpc}, r.Through(z.Provider))
		if err != nil || seen.ZoneId != z.ID {
			found = append(found, differs(z.Origin, "VPC %q does not see %s, the topology says that it does", vpc, what).
				WithHint("associate the zone with the VPC, or take its network out of the zone's networks"))
		}
	}
	return found
}

// nameAssumptions are the look-ups of lookUpName, all of which must find nothing.
func nameAssumptions(n aws.FreeName) []manifest.Assumption {
	absent := func(function string, args map[string]any) manifest.Assumption {
		a := assume(function, n.Provider, n.Origin, args, nil)
		a.Absent = true
		return a
	}
	all := []manifest.Assumption{absent(zoneFunction, map[string]any{"name": n.Domain, "privateZone": true})}
	for _, vpc := range n.VPCs {
		all = append(all, absent(endpointFunction, map[string]any{"vpcId": vpc, "serviceName": n.Service}))
	}
	return all
}

// lookUpName asks whether a zone of the account, or the private DNS of an endpoint, answers a name in the
// VPCs already: a second answer would be refused in the middle of a run. Zones are asked for by VPC only
// where there is one of that name at all, since Route 53 takes five calls a second from an account
// (Route 53 developer guide, recalled).
func (r *Run) lookUpName(n aws.FreeName) diag.List {
	var found diag.List
	private := true
	_, err := route53.LookupZone(r.Ctx, &route53.LookupZoneArgs{Name: &n.Domain, PrivateZone: &private}, r.Through(n.Provider))
	switch {
	case err == nil || strings.Contains(err.Error(), "multiple"):
		for _, vpc := range n.VPCs {
			found = append(found, r.zoneInTheWay(n, vpc)...)
		}
	case !register.Absent(err):
		found = append(found, register.Failed(n.Origin, "private zones for "+n.Domain, r.place(n.Provider), err)...)
	}
	for _, vpc := range n.VPCs {
		got, err := ec2.LookupVpcEndpoint(r.Ctx, &ec2.LookupVpcEndpointArgs{VpcId: &vpc, ServiceName: &n.Service}, r.Through(n.Provider))
		switch {
		case err != nil && strings.Contains(err.Error(), "multiple"):
			found = append(found, differs(n.Origin, "VPC %q has several endpoints for %s already", vpc, n.Domain).
				WithHint("declare the one that links are to use: existing: endpoints: …"))
		case err != nil && !register.Absent(err):
			found = append(found, register.Failed(n.Origin, "endpoints for "+n.Domain, r.place(n.Provider), err)...)
		case err == nil && got.PrivateDnsEnabled && got.Tags[stackTag] != r.Stack:
			found = append(found, differs(n.Origin, "endpoint %q answers %s in VPC %q already", got.Id, n.Domain, vpc).
				WithHint("declare it, so that links use it: existing: endpoints: …, or turn its private DNS off"))
		}
	}
	return found
}

// zoneInTheWay is a zone of the name that a VPC sees and that no earlier run of this stack has made.
func (r *Run) zoneInTheWay(n aws.FreeName, vpc string) diag.List {
	got, err := route53.LookupZone(r.Ctx, &route53.LookupZoneArgs{Name: &n.Domain, VpcId: &vpc}, r.Through(n.Provider))
	if err != nil && !register.Absent(err) {
		return register.Failed(n.Origin, "private zones for "+n.Domain+" in VPC "+vpc, r.place(n.Provider), err)
	}
	if err != nil || got.Tags[stackTag] == r.Stack || slices.ContainsFunc(r.parts.ExistingZones, func(z aws.ExistingZone) bool { return z.ID == got.ZoneId }) {
		return nil
	}
	return diag.List{differs(n.Origin, "VPC %q sees a private zone for %s already: %q", vpc, n.Domain, got.ZoneId).
		WithHint(`declare it, and obslink adds its record: zones: %s: {domain: %q, existing: %q, networks: […]}`, "existing", n.Domain, got.ZoneId)}
}
