package truth

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/obslink/obslink/compiler/plan"
)

// bendRule changes the port or the prefix of a security group's rule.
func (m *maker) bendRule() string {
	r := m.ofType(":SecurityGroupIngressRule")
	if r == nil {
		return ""
	}
	was := netip.MustParsePrefix(r.Text("cidrIpv4"))
	switch m.Intn(4) {
	case 0:
		r.Inputs["fromPort"], r.Inputs["toPort"] = 8443, 8443
	case 1:
		r.Inputs["fromPort"], r.Inputs["toPort"] = 400, 500
	case 2:
		r.Inputs["cidrIpv4"] = netip.PrefixFrom(was.Addr(), min(was.Bits()+9, 32)).String()
	default:
		r.Inputs["cidrIpv4"] = netip.PrefixFrom(was.Addr(), 8).Masked().String()
	}
	if twin := m.w.resource(m.twin(r.Name)); twin != nil {
		for _, field := range []string{"cidrIpv4", "fromPort", "toPort"} {
			twin.Inputs[field] = r.Inputs[field]
		}
	}
	return fmt.Sprintf("%s is %v %v-%v", r.Name, r.Inputs["cidrIpv4"], r.Inputs["fromPort"], r.Inputs["toPort"])
}

// closeGroup takes all rules out of a security group.
func (m *maker) closeGroup() string {
	group := m.ofType(":SecurityGroup")
	if group == nil || strings.HasPrefix(group.Name, "outboundfilter_") { // of which the graph knows nothing
		return ""
	}
	id := "${" + group.Name + ".id}"
	name := group.Name
	for _, r := range m.w.Clone().Manifest.Resources {
		if r.Inputs["securityGroupId"] == id {
			m.w.remove(r.Name)
		}
	}
	return name + " is empty"
}

// bendACL changes a network ACL: a rule too many, too narrow, or in the wrong place.
func (m *maker) bendACL() string {
	if r := m.ofType(":NetworkAclRule"); r != nil && m.chance(50) {
		switch m.Intn(3) {
		case 0:
			r.Inputs["cidrBlock"] = pick(m, m.vpcs).cidr.String()
		case 1:
			r.Inputs["ruleAction"] = "deny"
		default:
			r.Inputs["protocol"], r.Inputs["fromPort"], r.Inputs["toPort"] = "tcp", 443, pick(m, []int{443, 70000 % 65536, 65535})
		}
		return fmt.Sprintf("%s is %v %v %v-%v", r.Name, r.Inputs["ruleAction"], r.Inputs["cidrBlock"], r.Inputs["fromPort"], r.Inputs["toPort"])
	}
	for i := range m.w.Declared.Filters {
		f := &m.w.Declared.Filters[i]
		if !f.Stateless {
			continue
		}
		deny := plan.Rule{Prefix: pick(m, m.vpcs).cidr, Ports: [2]int{443, 443}, Deny: true, Origin: f.Origin}
		ephemeral := func(r plan.Rule) bool { return r.Ports[0] == 1024 }
		switch m.Intn(6) {
		case 0:
			f.Ingress = append([]plan.Rule{deny}, f.Ingress...)
		case 1:
			f.Ingress = append(f.Ingress, deny) // too late to matter
		case 2:
			f.Ingress = slices.DeleteFunc(slices.Clone(f.Ingress), ephemeral)
		case 3:
			f.Egress = []plan.Rule{{Prefix: prefix("0.0.0.0/0"), Ports: [2]int{0, 1023}, Origin: f.Origin}}
		case 4:
			f.Egress = []plan.Rule{{Prefix: prefix("0.0.0.0/0"), Ports: [2]int{1024, 65535}, Origin: f.Origin}}
		default:
			f.Ingress = slices.DeleteFunc(slices.Clone(f.Ingress), func(r plan.Rule) bool { return r.Ports[0] == 443 })
		}
		return fmt.Sprintf("%s in %s out %s", f.Name, rules(f.Ingress), rules(f.Egress))
	}
	if len(m.hubs) == 0 {
		return ""
	}
	v := pick(m, m.vpcs)
	if v.azure {
		return ""
	}
	if !m.acl(v) {
		return ""
	}
	return m.bendACL()
}

// dnsOff switches a DNS attribute of a network off.
func (m *maker) dnsOff() string {
	if r := m.ofType(":Vpc"); r != nil && m.chance(60) {
		field := pick(m, []string{"enableDnsSupport", "enableDnsHostnames"})
		if r.Inputs[field] = false; field == "enableDnsHostnames" && m.chance(50) {
			delete(r.Inputs, field)
		}
		return r.Name + " without " + field
	}
	for i := range m.w.Declared.Networks {
		n := &m.w.Declared.Networks[i]
		if n.Existing() && strings.HasPrefix(n.Ref.Existing, "vpc-") {
			n.DNSAttributes = false
			return n.Name + " without DNS attributes"
		}
	}
	return ""
}

// publicDNS lets a network or a site ask servers that know public names only.
func (m *maker) publicDNS() string {
	if len(m.sites) > 0 && m.chance(60) {
		s := m.declaredSite(pick(m, m.sites))
		s.DNS = plan.DNS{Mode: plan.DNSPublic, Origin: origin("sites", s.Name, "dns.resolver")}
		return s.Name + " asks public DNS"
	}
	if len(m.w.Declared.Networks) == 0 {
		return ""
	}
	n := &m.w.Declared.Networks[m.Intn(len(m.w.Declared.Networks))]
	n.DNS = plan.DNS{Mode: plan.DNSPublic, Origin: origin("networks", n.Name, "resolver")}
	return n.Name + " asks public DNS"
}

// leaveZone takes a network out of a zone.
func (m *maker) leaveZone() string {
	if len(m.w.Declared.Zones) > 0 && m.chance(30) {
		z := &m.w.Declared.Zones[0]
		if len(z.Networks) > 1 {
			i := m.Intn(len(z.Networks))
			left := z.Networks[i]
			z.Networks = slices.Delete(slices.Clone(z.Networks), i, i+1)
			return fmt.Sprintf("%s does not see %s", left, z.Name)
		}
	}
	r := m.ofType("zone:Zone")
	if r == nil || len(r.List("vpcs")) < 2 {
		return ""
	}
	i := m.Intn(len(r.List("vpcs")))
	left := r.List("vpcs")[i]
	r.Inputs["vpcs"] = slices.Delete(slices.Clone(r.List("vpcs")), i, i+1)
	return fmt.Sprintf("%s is not for %v", r.Name, left)
}

// swallow adds a zone without records: of a parent, or of exactly a name.
func (m *maker) swallow() string {
	v := pick(m, m.vpcs)
	if len(m.w.Names) == 0 || v.azure {
		return ""
	}
	n := pick(m, m.w.Names)
	_, parent, _ := strings.Cut(n.FQDN, ".")
	domain := pick(m, []string{n.FQDN, parent, n.Canonical, "com"})
	if domain == "" || m.claimedIn(v, domain) {
		return ""
	}
	m.see(v, domain)
	name := fmt.Sprintf("swallow_%d", len(m.w.Manifest.Resources))
	id := m.add("aws:route53/zone:Zone", name, v.provider, map[string]any{
		"name": domain, "vpcs": []any{map[string]any{"vpcId": v.id, "vpcRegion": v.region}},
	})
	if m.chance(30) { // another name of the zone, so that a wildcard's reach is tried too
		m.add("aws:route53/record:Record", name+"_other", v.provider, map[string]any{
			"zoneId": id, "name": "other." + domain, "type": "A", "ttl": 60, "records": []any{"10.250.0.1"},
		})
	}
	return fmt.Sprintf("zone %s in %s", domain, v.key)
}

// strayRecord lets a record answer another name, another endpoint, or plain addresses.
func (m *maker) strayRecord() string {
	r := m.ofType("record:Record")
	if r == nil || !r.Has("aliases") {
		return ""
	}
	name, _ := r.Inputs["name"].(string)
	switch m.Intn(4) {
	case 0:
		r.Inputs["name"] = "other." + strings.TrimPrefix(name, "*.")
	case 1:
		e := m.ofType(":VpcEndpoint")
		entry := "${" + e.Name + ".dnsEntries[0]."
		r.Inputs["aliases"] = []any{map[string]any{"name": entry + "dnsName}", "zoneId": entry + "hostedZoneId}", "evaluateTargetHealth": false}}
		return fmt.Sprintf("%s answers with %s", name, e.Name)
	case 2:
		delete(r.Inputs, "aliases")
		r.Inputs["ttl"], r.Inputs["records"] = 60, []any{pick(m, []string{"10.250.0.1", "10.1.0.99"})}
	default:
		delete(r.Inputs, "aliases")
		r.Inputs["ttl"], r.Inputs["records"] = 60, m.addressesOf(m.ofType(":VpcEndpoint"))
	}
	return fmt.Sprintf("%s is %v %v", r.Name, r.Inputs["name"], r.Inputs["records"])
}

// addressesOf are the pinned addresses of an endpoint.
func (m *maker) addressesOf(e *manifestResource) (all []any) {
	for _, c := range e.List("subnetConfigurations") {
		fields, _ := c.(map[string]any)
		all = append(all, fields["ipv4"])
	}
	return all
}

// endpointDNS switches an endpoint's own names the other way.
func (m *maker) endpointDNS() string {
	r := m.ofType(":VpcEndpoint")
	if r == nil || r.Inputs["privateDnsEnabled"] != true {
		return ""
	}
	r.Inputs["privateDnsEnabled"] = false
	return r.Name + " without private DNS"
}

// strayForward lets a site or a rule ask a server that is not there, or a narrower domain.
func (m *maker) strayForward() string {
	nobody := pick(m, []netip.Addr{inSubnet(pick(m, m.vpcs[0].subnets).cidr, 99), addr("10.250.0.53")})
	for i := range m.w.Declared.Sites {
		s := &m.w.Declared.Sites[i]
		if len(s.DNS.Forwards) > 0 && m.chance(70) {
			f := slices.Clone(s.DNS.Forwards)
			// Alone: how long a client waits for the second of two is a question of time.
			f[0].Servers = []netip.Addr{nobody}
			s.DNS.Forwards = f
			return fmt.Sprintf("%s asks %v", s.Name, f[0].Servers)
		}
	}
	if r := m.ofType(":ResolverRule"); r != nil {
		r.Inputs["targetIps"] = []any{map[string]any{"ip": nobody.String(), "port": 53}}
		return r.Name + " asks nobody"
	}
	return ""
}

// bendAllowed changes what an end of a site's connection sends and accepts.
func (m *maker) bendAllowed() string {
	if len(m.w.Declared.Connections) == 0 {
		return ""
	}
	c := &m.w.Declared.Connections[m.Intn(len(m.w.Declared.Connections))]
	e := pick(m, []*plan.End{&c.A, &c.B})
	if strings.HasSuffix(c.Name, "_b") {
		return "" // see otherTunnel
	}
	if len(e.Allowed) == 0 || e.Allowed[0].Bits() > 24 {
		return ""
	}
	was := e.Allowed[0]
	e.Allowed = slices.Clone(e.Allowed)
	switch m.Intn(4) {
	case 0:
		e.Allowed[0] = netip.PrefixFrom(was.Addr(), min(was.Bits()+9, 32))
	case 1:
		e.Allowed = []netip.Prefix{prefix("10.251.0.0/16")}
	case 2:
		e.Allowed[0] = netip.PrefixFrom(inSubnet(was, 128), min(was.Bits()+1, 25)).Masked()
	default:
		e.Allowed[0] = netip.PrefixFrom(was.Addr(), 8).Masked()
	}
	return fmt.Sprintf("%s at %s allows %v", c.Name, e.Node, e.Allowed)
}

// bendClientRule changes, or takes away, a rule that lets a group of servers out; "" where there is none.
func (m *maker) bendClientRule() string {
	r := m.ofType(":SecurityGroupEgressRule")
	if r == nil || !strings.HasPrefix(r.Name, clientRule) {
		return ""
	}
	name := r.Name
	switch m.Intn(4) {
	case 0:
		m.w.remove(name)
		return name + " is gone"
	case 1:
		r.Inputs["fromPort"], r.Inputs["toPort"] = 80, 80
	case 2:
		r.Inputs["ipProtocol"] = "udp"
	default:
		r.Inputs["cidrIpv4"] = "10.251.0.0/16"
	}
	return fmt.Sprintf("%s lets out %v %v %v", name, r.Inputs["cidrIpv4"], r.Inputs["ipProtocol"], r.Inputs["fromPort"])
}

// bendEgress changes what lets a group of servers out.
func (m *maker) bendEgress() string {
	if done := m.bendClientRule(); done != "" {
		return done
	}
	for i := range m.w.Declared.Filters {
		f := &m.w.Declared.Filters[i]
		if f.Stateless {
			continue
		}
		switch m.Intn(3) {
		case 0:
			f.Egress = nil
		case 1:
			f.Egress = []plan.Rule{{Prefix: prefix("10.0.0.0/8"), Ports: [2]int{80, 80}, Origin: f.Origin}}
		default:
			f.Egress = []plan.Rule{{Prefix: prefix("10.251.0.0/16"), Ports: plan.AllPorts, Origin: f.Origin}}
		}
		return fmt.Sprintf("%s lets out %s", f.Name, rules(f.Egress))
	}
	v := pick(m, m.vpcs)
	if len(m.hubs) == 0 || v.azure || v.ruled {
		return ""
	}
	m.clientGroup(v)
	return m.bendEgress()
}

// sameAddresses gives a site a further range that networks use too.
func (m *maker) sameAddresses() string {
	if len(m.w.Declared.Sites) == 0 {
		return ""
	}
	s := &m.w.Declared.Sites[m.Intn(len(m.w.Declared.Sites))]
	p := pick(m, m.vpcs).cidr
	s.CIDRs = append(slices.Clone(s.CIDRs), p)
	return fmt.Sprintf("%s has %s too", s.Name, p)
}

// bendNSG changes a network security group.
func (m *maker) bendNSG() string {
	r := m.ofType(":NetworkSecurityGroup")
	if r == nil {
		return ""
	}
	list := r.List("securityRules")
	rule, _ := pick(m, list).(map[string]any)
	switch m.Intn(3) {
	case 0:
		rule["destinationPortRange"] = pick(m, []string{"80", "*"})
	case 1:
		rule["priority"] = pick(m, []int{100, 4090})
	default:
		rule["sourceAddressPrefix"] = "10.251.0.0/16"
	}
	return fmt.Sprintf("%s %v", r.Name, rule)
}

// bendHalf forbids access on one half of a peering.
func (m *maker) bendHalf() string {
	r := m.ofType(":VirtualNetworkPeering")
	if r == nil {
		return ""
	}
	r.Inputs["allowVirtualNetworkAccess"] = false
	return r.Name + " without access"
}

// zonePolicy deletes the zone group, so that the zones hold nothing.
func (m *maker) zonePolicy() string {
	r := m.ofType(":PrivateDnsZoneGroup")
	if r == nil {
		return ""
	}
	configs := r.List("privateDnsZoneConfigs")
	i := m.Intn(len(configs))
	r.Inputs["privateDnsZoneConfigs"] = slices.Delete(slices.Clone(configs), i, i+1)
	return fmt.Sprintf("%s without %v", r.Name, configs[i])
}
