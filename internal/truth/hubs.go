package truth

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/plan"
	"github.com/obslink/obslink/schema"
)

// hub is a network with the endpoints of one backend.
type hub struct {
	vpc     *vpc
	backend string
	group   string // the endpoints' security group
	clients []string
	// admitted are whom the endpoints are open to.
	admitted []netip.Prefix
	peers    []*vpc
	sites    []*site
	// resolver is the address of its inbound resolver, if it has one, and ruled are the peers that ask it
	// and see no zones.
	resolver netip.Addr
	ruled    []*vpc
}

// homes are the Datadog sites that the regions in use are home to; endpoints must be in the service's
// region.
var homes = map[string]string{"us-east-1": "us1", "ap-southeast-2": "ap2"}

// hub puts a backend's endpoints into a network, and joins others to it.
func (m *maker) hub(v *vpc) {
	h := &hub{vpc: v, backend: fmt.Sprintf("dd%d", len(m.hubs))}
	m.hubs = append(m.hubs, h)
	h.group = m.securityGroup(v, "endpointfilter_"+v.key+"_"+h.backend)
	if m.chance(30) {
		h.clients = append(h.clients, v.key)
		m.admit(h, v.key, v.cidr)
	}
	for _, other := range m.vpcs {
		if other != v && !other.azure && m.chance(92) {
			m.meet(other, v)
			h.peers, h.clients = append(h.peers, other), append(h.clients, other.key)
			m.admit(h, other.key, other.cidr)
		}
	}
	for _, s := range m.sites {
		if m.chance(92) && m.reach(s, v) {
			h.sites, h.clients = append(h.sites, s), append(h.clients, s.key)
			m.admit(h, s.key, s.seen)
		}
	}
	slices.Sort(h.clients)
	if len(h.sites)+len(h.peers) > 0 && m.chance(35) {
		m.inbound(h)
		for _, other := range h.peers {
			// Forwarded questions leave from another host than the client, of which the graph knows nothing: a
			// network of one subnet, where both are treated alike.
			if m.chance(60) && len(m.seen[other.key]) == 0 && len(other.subnets) == 1 {
				other.ruled = true
				h.ruled = append(h.ruled, other)
			}
		}
	}
	m.services(h)
	m.forwards(h)
	if v.existing && m.chance(30) || m.chance(15) {
		m.acl(v)
	}
}

func (m *maker) securityGroup(v *vpc, name string) string {
	return m.add("aws:ec2/securityGroup:SecurityGroup", name, v.provider, map[string]any{"vpcId": v.id, "description": "truth"})
}

// admit lets a client in to the endpoints of a hub.
func (m *maker) admit(h *hub, client string, from netip.Prefix) {
	h.admitted = append(h.admitted, from)
	name := "ingress_" + h.vpc.key + "_" + h.backend + "_" + slug(from)
	if !m.has(name) {
		m.ingress(name, h.vpc, h.group, from, "tcp", 443)
	}
}

func (m *maker) ingress(name string, v *vpc, group string, from netip.Prefix, protocol string, port int) {
	m.add("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", name, v.provider, map[string]any{
		"securityGroupId": group, "cidrIpv4": from.String(), "ipProtocol": protocol, "fromPort": port, "toPort": port,
	})
}

// services makes two to four endpoints with their zones and names: mostly Datadog's of the region, some of
// another region or AWS's own.
func (m *maker) services(h *hub) {
	all := m.offered(h.vpc.region)
	m.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	taken := map[string]bool{}
	for _, s := range all {
		if taken[s.row.PrivateDNSName] || len(taken) > 0 && m.claimed(s.row) && !m.chance(25) {
			continue
		}
		taken[s.row.PrivateDNSName] = true
		m.service(h, s)
		if len(taken) >= 2+m.Intn(3) {
			break
		}
	}
}

// claimed reports whether another backend answers a service's name already.
func (m *maker) claimed(row schema.DatadogService) bool {
	return slices.ContainsFunc(m.w.Names, func(n plan.Name) bool {
		return n.FQDN == row.PrivateDNSName || n.Canonical == row.PrivateDNSName
	})
}

// service makes one endpoint; its names are answered by a zone, or by the endpoint itself.
func (m *maker) service(h *hub, s offer) {
	key, row := s.key, s.row
	name := "endpoint_" + h.vpc.key + "_" + h.backend + "_" + key
	own := len(h.peers) == 0 && !m.claimedIn(h.vpc, row.PrivateDNSName) || m.chance(15) && !m.claimedIn(h.vpc, row.PrivateDNSName)
	subnets, configurations := m.endpointSubnets(h.vpc)
	if h.vpc.existing && m.chance(25) {
		m.endpointThere(h, name, row, own, configurations)
	} else {
		m.add("aws:ec2/vpcEndpoint:VpcEndpoint", name, h.vpc.provider, map[string]any{
			"vpcId": h.vpc.id, "serviceName": row.ServiceName, "vpcEndpointType": "Interface", "privateDnsEnabled": own,
			"serviceRegion": s.region, "subnetIds": subnets, "subnetConfigurations": configurations, "securityGroupIds": []any{h.group},
		})
		m.last().DeleteBeforeReplace = true
	}
	zone := ""
	if own {
		m.see(h.vpc, row.PrivateDNSName)
	} else {
		zone = m.zone(h, name, key, row.PrivateDNSName)
	}
	for _, host := range row.Hosts {
		if strings.HasPrefix(host, "*.") || len(m.w.Names) > 0 && m.chance(40) && host != row.Hosts[0] {
			continue
		}
		n := plan.Name{FQDN: host, Backend: h.backend, Service: key, Endpoint: name, Zone: zone, Clients: m.unclaimed(host, h.clients), Origin: origin("backends", h.backend, key)}
		if host != row.PrivateDNSName {
			n.Canonical = row.PrivateDNSName
		}
		m.w.Names = append(m.w.Names, n)
	}
}

// unclaimed are the clients that have no other backend for a name. obslink refuses to export one name
// of two backends to a client (OBS320).
func (m *maker) unclaimed(host string, clients []string) []string {
	return slices.DeleteFunc(slices.Clone(clients), func(c string) bool {
		return slices.ContainsFunc(m.w.Names, func(n plan.Name) bool { return n.FQDN == host && slices.Contains(n.Clients, c) })
	})
}

// endpointSubnets are one or two subnets and the addresses in them.
func (m *maker) endpointSubnets(v *vpc) (ids, configurations []any) {
	chosen := slices.Clone(v.subnets)
	m.Shuffle(len(chosen), func(i, j int) { chosen[i], chosen[j] = chosen[j], chosen[i] })
	if m.chance(60) {
		chosen = chosen[:1]
	}
	last := 20 + len(m.w.Declared.Endpoints)
	for i := range m.w.Manifest.Resources {
		if m.w.Manifest.Resources[i].Type == "aws:ec2/vpcEndpoint:VpcEndpoint" {
			last++
		}
	}
	for _, s := range chosen[:min(len(chosen), 2)] {
		ids = append(ids, s.id)
		configurations = append(configurations, map[string]any{"subnetId": s.id, "ipv4": inSubnet(s.cidr, last).String()})
	}
	return ids, configurations
}

// acl puts a network ACL before one of a network's subnets: everything may pass, said in rules whose
// order matters. It reports whether there was none before.
func (m *maker) acl(v *vpc) bool { return m.aclOf(v, pick(m, v.subnets)) }

func (m *maker) aclOf(v *vpc, s *subnet) bool {
	name := "acl_" + v.key + "_" + s.key
	if m.has(name) || slices.ContainsFunc(m.w.Declared.Filters, func(f plan.Filter) bool { return f.Name == name }) {
		return false
	}
	everyone := prefix("0.0.0.0/0")
	deny := plan.Rule{Prefix: prefix("198.51.100.0/24"), Ports: plan.AllPorts, Deny: true}
	if v.existing && strings.HasPrefix(s.id, "subnet-") {
		n := m.declared(v)
		i := slices.IndexFunc(n.Subnets, func(x plan.Subnet) bool { return x.Name == s.key })
		n.Subnets[i].Filters = append(n.Subnets[i].Filters, name)
		at := origin("networks", v.key, "subnets", s.key, "networkACL")
		m.w.Declared.Filters = append(m.w.Declared.Filters, plan.Filter{
			Name: name, Ref: plan.Ref{Existing: name}, Stateless: true, Origin: at,
			Ingress: []plan.Rule{deny, {Prefix: everyone, Ports: [2]int{443, 443}, Origin: at}, {Prefix: everyone, Ports: [2]int{53, 53}, Origin: at}, {Prefix: everyone, Ports: [2]int{1024, 65535}, Origin: at}},
			Egress:  []plan.Rule{{Prefix: everyone, Ports: plan.AllPorts, Origin: at}},
		})
		return true
	}
	acl := m.add("aws:ec2/networkAcl:NetworkAcl", name, v.provider, map[string]any{"vpcId": v.id})
	m.add("aws:ec2/networkAclAssociation:NetworkAclAssociation", "aclassociation_"+v.key+"_"+s.key, v.provider, map[string]any{
		"networkAclId": acl, "subnetId": s.id,
	})
	m.aclRule(v, acl, 50, false, "deny", "-1", deny.Prefix, 0, 65535)
	m.aclRule(v, acl, 100, false, "allow", "tcp", everyone, 443, 443)
	m.aclRule(v, acl, 110, false, "allow", "-1", everyone, 53, 53)
	m.aclRule(v, acl, 200, false, "allow", "-1", everyone, 1024, 65535)
	m.aclRule(v, acl, 100, true, "allow", "-1", everyone, 0, 65535)
	return true
}

// aclRule adds a rule to a network ACL. One of every protocol has no ports: where ports are given,
// there is a rule for each protocol.
func (m *maker) aclRule(v *vpc, acl string, number int, egress bool, action, protocol string, from netip.Prefix, first, last int) {
	if protocol == "-1" && first > 0 {
		m.aclRule(v, acl, number, egress, action, "tcp", from, first, last)
		m.aclRule(v, acl, number+1, egress, action, "udp", from, first, last)
		return
	}
	_, name, _ := strings.Cut(acl, "${")
	name = fmt.Sprintf("aclrule_%s_%t_%d", strings.TrimSuffix(name, ".id}"), egress, number)
	inputs := map[string]any{
		"networkAclId": acl, "ruleNumber": number, "egress": egress, "ruleAction": action, "protocol": protocol, "cidrBlock": from.String(),
	}
	if protocol != "-1" {
		inputs["fromPort"], inputs["toPort"] = first, last
	}
	if !m.has(name) {
		m.add("aws:ec2/networkAclRule:NetworkAclRule", name, v.provider, inputs)
	}
}
