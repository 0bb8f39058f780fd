package check

import (
	"fmt"

	"github.com/obslink/obslink/compiler/diag"
	"github.com/obslink/obslink/compiler/topology"
)

var (
	badPorts = diag.Code{
		ID: "OBS231", Severity: diag.Error, Title: "not a port or a range of ports",
		Cause:   "A rule of a network ACL names one destination port or a range of them, from 0 to 65535; without `ports` it means all.",
		Example: `networkACL: ingress: [{cidr: "10.0.0.0/16", ports: "65535-1024"}]`,
		Mend:    `networkACL: ingress: [{cidr: "10.0.0.0/16", ports: "1024-65535"}]`,
	}
	aclElsewhere = diag.Code{
		ID: "OBS232", Severity: diag.Error, Title: "a network ACL on a subnet that obslink creates",
		Cause:   "`networkACL` says what already filters an existing subnet. obslink makes no network ACLs: a subnet that it creates gets the network's default one, which lets everything through.",
		Example: `subnets: endpoints: {cidr: "192.168.0.0/24", networkACL: {…}}`,
		Mend:    `subnets: endpoints: cidr: "192.168.0.0/24"`,
	}
)

// acls checks the network ACLs of subnets.
func acls(t *topology.Topology) diag.List {
	var found diag.List
	ports := func(path string, rules []topology.ACLRule) {
		for i, r := range rules {
			if _, err := r.PortRange(); err != nil {
				at := fmt.Sprintf("%s[%d].ports", path, i)
				found = append(found, badPorts.At(t.At(at), at, "%q is not a port or a range of ports", r.Ports).
					WithHint(`write "443" or "1024-65535", or leave ports out for all`))
			}
		}
	}
	for key, n := range topology.Sorted(t.Networks) {
		for sub, s := range topology.Sorted(n.Subnets) {
			if s.NetworkACL == nil {
				continue
			}
			path := "networks." + key + ".subnets." + sub + ".networkACL"
			if s.Existing == "" {
				found = append(found, aclElsewhere.At(t.At(path), path, "subnet %q has a network ACL but is created by obslink", sub).
					WithHint("remove networkACL, or name the subnet that is there: existing: …"))
			}
			ports(path+".ingress", s.NetworkACL.Ingress)
			ports(path+".egress", s.NetworkACL.Egress)
		}
	}
	return found
}
