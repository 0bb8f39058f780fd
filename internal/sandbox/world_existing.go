package sandbox

import (
	"errors"
	"fmt"
)

// worldEndpoint is an interface endpoint: subnets are its addresses by the ids of its subnets.
type worldEndpoint struct {
	ID             string            `json:"id"`
	Service        string            `json:"service"`
	PrivateDNS     bool              `json:"privateDns"`
	SecurityGroups []string          `json:"securityGroups"`
	Subnets        map[string]string `json:"subnets"`
}

// worldPeering is an active peering that the world's account asked for.
type worldPeering struct {
	ID      string `json:"id"`
	VPC     string `json:"vpc"`
	PeerVPC string `json:"peerVpc"`
	// Account and Region are the peer's; those of the world if left out.
	Account string `json:"peerAccount"`
	Region  string `json:"peerRegion"`
	// Pending leaves it unaccepted.
	Pending bool `json:"pending"`
}

// rules lets TCP 443 in from prefixes, and out to others.
func (g worldGroup) rules(c *call, group *Object) error {
	if err := g.rulesOf(c, group, ingressToken, g.Ingress); err != nil {
		return err
	}
	return g.rulesOf(c, group, egressToken, g.Egress, "out")
}

func (g worldGroup) rulesOf(c *call, group *Object, token string, prefixes []string, marks ...string) error {
	for _, cidr := range prefixes {
		if err := awsPrefix(cidr); err != nil {
			return err
		}
		id := awsID("sgr", append([]string{g.ID, cidr}, marks...)...)
		in := map[string]any{"securityGroupId": g.ID, "cidrIpv4": cidr, "ipProtocol": "tcp", "fromPort": float64(443), "toPort": float64(443)}
		r := &call{tx: c.tx, who: c.who, row: &resourceType{token: token}, in: in}
		o, err := ruleFor(r, r.object(id, "", map[string]any{"id": id, "securityGroupRuleId": id}))
		if err != nil {
			return fmt.Errorf("security group %q: %w", group.ID, err)
		}
		o.Inputs = in
		c.put(o)
	}
	return nil
}

func (e worldEndpoint) build(c *call, vpc *Object) error {
	if e.ID == "" || e.Service == "" || len(e.Subnets) == 0 {
		return errors.New("write id, service and subnets")
	}
	in := map[string]any{
		"vpcId": vpc.ID, "serviceName": e.Service, "vpcEndpointType": "Interface", "privateDnsEnabled": e.PrivateDNS, "securityGroupIds": list(e.SecurityGroups...),
	}
	var ids, configurations []any
	for _, subnet := range sortedKeys(e.Subnets) {
		ids = append(ids, subnet)
		configurations = append(configurations, map[string]any{"subnetId": subnet, "ipv4": e.Subnets[subnet]})
	}
	in["subnetIds"], in["subnetConfigurations"] = ids, configurations
	if s, ok := c.service(e.Service); ok && s.region != c.who.region {
		in["serviceRegion"] = s.region
	}
	x := &call{tx: c.tx, who: c.who, row: &resourceType{token: endpointToken}, in: in}
	o, err := x.endpoint(x.object(e.ID, "", map[string]any{"id": e.ID, "arn": c.arn("vpc-endpoint", e.ID), "_hash": digest(e.ID)[:8]}, vpc), vpc)
	if err != nil {
		return err
	}
	o.Inputs = in
	c.put(o)
	return nil
}

func (p worldPeering) build(c *call) error {
	vpc := c.aws(vpcToken, p.VPC)
	account, region := or(p.Account, c.who.account), or(p.Region, c.who.region)
	peer := c.objects[awsKey(account, region, vpcToken, p.PeerVPC)]
	if p.ID == "" || vpc == nil || peer == nil || overlap(vpc, peer) {
		return errors.New("write id, and two VPCs of this file that do not overlap")
	}
	status := "active"
	if p.Pending {
		status = "pending-acceptance"
	}
	o := c.part(peeringToken, c.who.region, p.ID, "", map[string]any{"id": p.ID, "vpcId": vpc.ID, "peerVpcId": peer.ID,
		"peerOwnerId": account, "peerRegion": region, "_status": status}, vpc, peer)
	o.Inputs = map[string]any{"vpcId": vpc.ID, "peerVpcId": peer.ID}
	c.put(o)
	return nil
}

// buildExisting makes what refers to several VPCs or to services of the world.
func (a awsWorld) buildExisting(c *call) error {
	for _, p := range a.Peerings {
		if err := p.build(c); err != nil {
			return fmt.Errorf("peering %q: %w", p.ID, err)
		}
	}
	for _, v := range a.VPCs {
		for _, e := range v.Endpoints {
			if err := e.build(c, c.aws(vpcToken, v.ID)); err != nil {
				return fmt.Errorf("endpoint %q: %w", e.ID, err)
			}
		}
	}
	return nil
}

// share lets VPCs of other accounts see a zone.
func (z worldZone) share(c *call, zone *Object) error {
	for _, id := range z.Shared {
		vpcs := c.everywhere(vpcToken, id)
		if len(vpcs) != 1 {
			return fmt.Errorf("shared with %q; write the id of one VPC of this file", id)
		}
		association, err := c.association(zone, vpcs[0])
		if err != nil {
			return err
		}
		c.put(association)
	}
	return nil
}
