package sandbox

const (
	peeringToken  = "aws:ec2/vpcPeeringConnection:VpcPeeringConnection"
	accepterToken = "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter"
)

func awsPeeringTypes() []resourceType {
	return []resourceType{
		{
			token:    peeringToken,
			missing:  "aws-peering-not-found",
			required: []string{"vpcId", "peerVpcId"},
			inputs:   []string{"peerOwnerId", "peerRegion", "autoAccept", "tags"},
			replace:  []string{"vpcId", "peerVpcId", "peerOwnerId", "peerRegion"},
			computed: []string{"id", "acceptStatus", "accepter", "requester", "peerOwnerId", "peerRegion"},
			check:    checkPeering,
			create:   createPeering,
			update:   acceptOwnPeering,
			remove:   func(c *call) error { c.dropPeering(c.old); return nil },
			refresh:  refreshPeering,
		},
		{
			token:    accepterToken,
			missing:  "aws-peering-not-found",
			required: []string{"vpcPeeringConnectionId"},
			inputs:   []string{"autoAccept", "tags"},
			replace:  []string{"vpcPeeringConnectionId"},
			computed: []string{"id", "acceptStatus", "accepter", "requester", "vpcId", "peerVpcId", "peerOwnerId", "peerRegion"},
			create:   createAccepter,
			update:   updateAccepter,
			refresh:  refreshAccepter,
		},
	}
}

func checkPeering(c *call) []problem {
	if flag(c.in, "autoAccept") && c.str("peerRegion") != "" {
		return []problem{{"autoAccept", no("aws-peering-auto-cross")}}
	}
	return nil
}

func createPeering(c *call) (*Object, error) {
	vpc, err := c.vpc("vpcId")
	if err != nil {
		return nil, err
	}
	account, region := c.who.account, c.who.region
	if s := c.str("peerOwnerId"); s != "" {
		account = s
	}
	if s := c.str("peerRegion"); s != "" {
		region = s
	}
	peer := c.objects[awsKey(account, region, vpcToken, c.str("peerVpcId"))]
	if peer == nil && account == c.who.account && region == c.who.region {
		return nil, no("aws-vpc-not-found", c.str("peerVpcId"))
	}
	id := awsID("pcx", c.unique()...)
	if peer == nil || overlap(vpc, peer) { // AWS accepts the request and lets it fail
		return nil, no("aws-peering-failed", id, vpc.ID+" and "+c.str("peerVpcId"))
	}
	for _, o := range c.of(vpc, peeringToken) { // asked twice for one pair, AWS answers with the first (facts/datadog_aws.md §6)
		if joins(o, vpc.ID, peer.ID) {
			return o, nil
		}
	}
	for _, side := range []*Object{vpc, peer} {
		if quota := c.quota("peeringsPerVPC"); c.number(side, peeringToken) >= quota {
			return nil, no("aws-peering-quota", quota, side.ID)
		}
	}
	status := "pending-acceptance"
	if flag(c.in, "autoAccept") {
		if account != c.who.account {
			return nil, no("aws-peering-auto-account", c.who.account, id)
		}
		status = "active"
	}
	return c.object(id, c.name, map[string]any{"id": id, "vpcId": vpc.ID, "peerVpcId": peer.ID, "peerOwnerId": account,
		"peerRegion": region, "_status": status}, vpc, peer), nil
}

func joins(o *Object, a, b string) bool {
	v, p := o.attr("vpcId"), o.attr("peerVpcId")
	return v == a && p == b || v == b && p == a
}

func overlap(a, b *Object) bool {
	for _, p := range prefixes(a) {
		for _, q := range prefixes(b) {
			if p.Overlaps(q) {
				return true
			}
		}
	}
	return false
}

func acceptOwnPeering(c *call) (*Object, error) {
	if !flag(c.in, "autoAccept") || c.old.attr("_status") != "pending-acceptance" {
		return c.old.with(nil), nil
	}
	if c.old.attr("peerOwnerId") != c.who.account || c.old.attr("peerRegion") != c.who.region {
		return nil, no("aws-peering-auto-account", c.who.account, c.old.ID)
	}
	return c.old.with(map[string]any{"_status": "active"}), nil
}

func sideOptions() map[string]any { return map[string]any{"allowRemoteVpcDnsResolution": false} }

func refreshPeering(_ *call, o *Object) (map[string]any, map[string]any) {
	return nil, map[string]any{"acceptStatus": o.attr("_status"), "accepter": sideOptions(), "requester": sideOptions()}
}

// peering finds a peering connection that has a side in this account and region.
func (c *call) peering(id string) *Object {
	for _, o := range c.everywhere(peeringToken, id) {
		requester := o.Account == c.who.account && o.Region == c.who.region
		if requester || c.accepts(o) {
			return o
		}
	}
	return nil
}

func (c *call) accepts(o *Object) bool {
	return o.attr("peerOwnerId") == c.who.account && o.attr("peerRegion") == c.who.region
}

// dropPeering: with the connection goes what accepted it; routes through it stay, as black holes.
func (c *call) dropPeering(peering *Object) {
	for _, o := range c.of(peering, accepterToken) {
		c.drop(o)
	}
	c.drop(peering)
}

func createAccepter(c *call) (*Object, error) {
	id := c.str("vpcPeeringConnectionId")
	p := c.peering(id)
	if p == nil || !c.accepts(p) {
		return nil, no("aws-peering-not-found", id)
	}
	if flag(c.in, "autoAccept") && p.attr("_status") == "pending-acceptance" {
		p = p.with(map[string]any{"_status": "active"})
		c.put(p)
	}
	return c.object(id, c.name, map[string]any{"id": id, "vpcId": p.attr("peerVpcId"), "peerVpcId": p.attr("vpcId"),
		"peerOwnerId": p.Account, "peerRegion": p.Region, "vpcPeeringConnectionId": id}, p), nil
}

func updateAccepter(c *call) (*Object, error) {
	p := c.peering(c.old.ID)
	if p == nil {
		return nil, no("aws-peering-not-found", c.old.ID)
	}
	if flag(c.in, "autoAccept") && p.attr("_status") == "pending-acceptance" {
		c.put(p.with(map[string]any{"_status": "active"}))
	}
	return c.old.with(nil), nil
}

func refreshAccepter(c *call, o *Object) (map[string]any, map[string]any) {
	status := "deleted"
	if p := c.peering(o.ID); p != nil {
		status = p.attr("_status")
	}
	return nil, map[string]any{"acceptStatus": status, "accepter": sideOptions(), "requester": sideOptions()}
}
