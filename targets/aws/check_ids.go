package aws

import (
	"regexp"
	"strings"

	"github.com/obslink/obslink/compiler/compile"
	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var (
	badID = diag.Code{
		ID: "OBS328", Severity: diag.Error, Title: "not an id of that kind",
		Cause:   "AWS's ids say what they are of: vpc-, subnet-, rtb- (route table), eni- (network interface), sg- (security group), vpce- (VPC endpoint), pcx- (VPC peering), vgw- (VPN gateway), tgw- and tgw-rtb- (transit gateway and its route table), and Z for a hosted zone.",
		Example: `tokyo: existing: {vpc: "vpc-0a1b", routeTables: private: "subnet-0c3d"}`,
		Mend:    `tokyo: existing: {vpc: "vpc-0a1b", routeTables: private: "rtb-0c3d"}`,
	}
	declaredTwice = diag.Code{
		ID: "OBS327", Severity: diag.Error, Title: "one existing object is declared twice",
		Cause:   "Two declarations of one VPC, subnet, route table, endpoint or security group would be taken for two: its routes or rules would be added twice, and what one declaration knows the other would not.",
		Example: `networks: {tokyo: existing: vpc: "vpc-0a1b", osaka: existing: vpc: "vpc-0a1b"}`,
		Mend:    `networks: {tokyo: existing: vpc: "vpc-0a1b", osaka: existing: vpc: "vpc-0c3d"}`,
	}
	otherRole = diag.Code{
		ID: "OBS329", Severity: diag.Error, Title: "the role is not one of the account",
		Cause:   "`assumeRole` is the ARN of a role in the account that `id` names: the provider may act in this account only, so another account's role would stop every run.",
		Example: `accounts: team: aws: {id: "210987654321", assumeRole: "arn:aws:iam::123456789012:role/obslink"}`,
		Mend:    `accounts: team: aws: {id: "210987654321", assumeRole: "arn:aws:iam::210987654321:role/obslink"}`,
	}
)

// checkIDs checks every id of an existing object: its kind, and that it is declared once.
func checkIDs(t *topology.Topology) diag.List {
	c := &idChecker{t: t, first: map[string]string{}}
	for key, n := range topology.Sorted(t.Networks) {
		if t.Kind(key) == Name {
			c.network("networks."+key, n)
		}
	}
	for key, g := range topology.Sorted(t.TransitGateways) {
		if g.Existing == nil {
			continue
		}
		path := "transitGateways." + key + ".existing."
		c.once(path+"transitGateway", "transit gateway", "tgw-", g.Existing.TransitGateway)
		if g.Existing.RouteTable != "" {
			c.once(path+"routeTable", "transit gateway's route table", "tgw-rtb-", g.Existing.RouteTable)
		}
	}
	for key, l := range topology.Sorted(t.Links) {
		if p := l.Via.Peering; p != nil && p.Existing != "" && t.Kind(p.Endpoints) == Name {
			// Links of two networks share their peering.
			c.kind("links."+key+".via.peering.existing", "VPC peering", "pcx-", p.Existing)
		}
	}
	for key, s := range topology.Sorted(t.Sites) {
		if w := s.WireGuard; w != nil && t.Kind(w.Network) == Name && w.Gateway.Interface != "" {
			// Sites behind one gateway share its interface.
			c.kind("sites."+key+".wireguard.gateway.interface", "network interface", "eni-", w.Gateway.Interface)
		}
		if w := s.WireGuard; w != nil && t.Kind(w.Network) == Name && w.Gateway.SecurityGroup != "" {
			c.kind("sites."+key+".wireguard.gateway.securityGroup", "security group", "sg-", w.Gateway.SecurityGroup)
		}
	}
	for key, z := range topology.Sorted(t.Zones) {
		if len(z.Networks) > 0 && t.Kind(z.Networks[0]) == Name {
			c.kind("zones."+key+".existing", "hosted zone", "Z", z.Existing)
		}
	}
	return c.found
}

type idChecker struct {
	t     *topology.Topology
	first map[string]string // path by id
	found diag.List
}

func (c *idChecker) network(path string, n *topology.Network) {
	if n.VPNGateway != nil && n.VPNGateway.Existing != "" {
		c.once(path+".vpnGateway.existing", "VPN gateway", "vgw-", n.VPNGateway.Existing)
	}
	if n.Existing != nil {
		if n.Existing.VPC != "" {
			c.once(path+".existing.vpc", "VPC", "vpc-", n.Existing.VPC)
		}
		for name, id := range topology.Sorted(n.Existing.RouteTables) {
			c.once(path+".existing.routeTables."+name, "route table", "rtb-", id)
		}
		for name, g := range topology.Sorted(n.Existing.SecurityGroups) {
			c.once(path+".existing.securityGroups."+name+".id", "security group", "sg-", g.ID)
		}
		for backend, services := range topology.Sorted(n.Existing.Endpoints) {
			for service, e := range topology.Sorted(services) {
				c.once(path+".existing.endpoints."+backend+"."+diag.Step(service)+".id", "VPC endpoint", "vpce-", e.ID)
			}
		}
		for name, s := range topology.Sorted(n.Subnets) {
			if s.Existing != "" {
				c.once(path+".subnets."+name+".existing", "subnet", "subnet-", s.Existing)
			}
		}
	}
	for name, client := range topology.Sorted(n.Clients) {
		if client.SecurityGroup != "" {
			c.kind(path+".clients."+name+".securityGroup", "security group", "sg-", client.SecurityGroup)
		}
	}
}

var (
	idTail     = regexp.MustCompile(`^[0-9a-z]+$`)
	hostedTail = regexp.MustCompile(`^[0-9A-Z]+$`)
)

// kind checks that an id is of a kind.
func (c *idChecker) kind(path, what, prefix, id string) {
	tail, ok := strings.CutPrefix(id, prefix)
	if ok && (idTail.MatchString(tail) || prefix == "Z" && hostedTail.MatchString(tail)) {
		return
	}
	c.found = append(c.found, badID.At(c.t.At(path), path, "%q is not the id of a %s", id, what).WithHint(`write %q`, prefix+"…"))
}

// once checks that an id is of a kind and that no other declaration has it.
func (c *idChecker) once(path, what, prefix, id string) {
	c.kind(path, what, prefix, id)
	if other, taken := c.first[id]; taken {
		c.found = append(c.found, declaredTwice.At(c.t.At(path), path, "%s %q is declared twice", what, id).
			WithNote(c.t.At(other), "the other declaration").WithHint("declare it once, or write the id of the other %s", what))
		return
	}
	c.first[id] = path
}

var roleARN = regexp.MustCompile(`^arn:aws[a-z-]*:iam::(\d{12}):role/.+$`)

// checkRoles checks that each account's role is the account's own.
func checkRoles(t *topology.Topology) diag.List {
	var found diag.List
	for key, a := range topology.Sorted(t.Accounts) {
		if a.Kind != Name {
			continue
		}
		body := compile.Decode[account](a.Body)
		if body.AssumeRole == "" || !accountID.MatchString(body.ID) {
			continue
		}
		path := "accounts." + key + ".aws"
		at := path + ".assumeRole"
		switch arn := roleARN.FindStringSubmatch(body.AssumeRole); {
		case arn == nil:
			found = append(found, otherRole.At(t.At(at), at, "%q is not the ARN of a role", body.AssumeRole).
				WithHint("write %q", "arn:aws:iam::"+body.ID+":role/…"))
		case arn[1] != body.ID:
			found = append(found, otherRole.At(t.At(at), at, "the role is of account %s; this is account %s", arn[1], body.ID).
				WithNote(t.At(path+".id"), "the account's id").WithHint("name a role of account %s, or correct the id", body.ID))
		}
	}
	return found
}
