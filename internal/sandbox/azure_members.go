package sandbox

import (
	"net/netip"
	"slices"
	"strings"
)

// connect gives an endpoint an address for each member of its scope. A member that stays keeps its address; new ones get the lowest
// free ones, as listings of real endpoints show (facts/azure.md §2.3, .69–.91 in a row).
func (c *call) connect(endpoint, scope *Object) error {
	subnet := c.arm(vnetSubnetToken, str(sub(endpoint.Attributes, "subnet"), "id"))
	nicID := str(maps(endpoint.Attributes, "networkInterfaces")[0], "id")
	had := map[string]string{}
	if nic := c.arm(nicToken, nicID); nic != nil {
		for _, ip := range maps(nic.Attributes, "ipConfigurations") {
			had[str(sub(ip, "privateLinkConnectionProperties"), "requiredMemberName")] = str(ip, "privateIPAddress")
		}
	}
	to, _ := linkableOf(scope.ID)
	members := to.members(c, scope, endpoint.Region)
	addresses, err := c.memberAddresses(endpoint, subnet, nicID, members, had)
	if err != nil {
		return err
	}
	configurations := []any{}
	for i, m := range members {
		allocation := "Dynamic"
		if str(sub(endpoint.Attributes, "_pinned"), m.name) != "" {
			allocation = "Static"
		}
		configurations = append(configurations, map[string]any{
			"name": "privateEndpointIpConfig." + guid(nicID, m.name), "primary": i == 0,
			"id": nicID + "/ipConfigurations/privateEndpointIpConfig." + guid(nicID, m.name), "provisioningState": "Succeeded",
			"privateIPAddress": addresses[m.name], "privateIPAllocationMethod": allocation, "privateIPAddressVersion": "IPv4",
			"subnet":                          map[string]any{"id": subnet.ID},
			"privateLinkConnectionProperties": map[string]any{"groupId": to.group, "requiredMemberName": m.name, "fqdns": list(m.fqdns...)},
		})
	}
	nic := c.part(nicToken, endpoint.Region, nicID, baseOf(nicID), map[string]any{
		"name": baseOf(nicID), "type": "Microsoft.Network/networkInterfaces", "location": endpoint.Region, "provisioningState": "Succeeded",
		"ipConfigurations": configurations, "privateEndpoint": map[string]any{"id": endpoint.ID}, "resourceGuid": guid(nicID), "etag": etag(nicID),
		"enableIPForwarding": false, "enableAcceleratedNetworking": false, "nicType": "Standard",
	}, endpoint, subnet, c.arm(groupTypeToken, groupID(endpoint.Account, groupOf(endpoint.ID))))
	nic.Account = endpoint.Account
	c.put(nic)
	for _, group := range c.of(endpoint, zoneGroupToken) {
		c.writeRecords(group, nic)
	}
	return nil
}

func (c *call) memberAddresses(endpoint, subnet *Object, nicID string, members []member, had map[string]string) (map[string]string, error) {
	p, _ := parsePrefix(subnet.attr("addressPrefix"))
	used := c.usedInSubnet(subnet, p, nicID)
	pinned := sub(endpoint.Attributes, "_pinned")
	var fresh, missing, gone []string
	out := map[string]string{}
	for _, m := range members {
		want := str(pinned, m.name)
		switch {
		case want != "" && had[m.name] != "" && had[m.name] != want:
			return nil, no("azure-address-mapping", endpoint.ID, m.name, had[m.name], want)
		case want != "":
			if err := azureAddress(want, p, used); err != nil {
				return nil, err
			}
			out[m.name] = want
		case len(pinned) > 0: // all or none, also when a member comes to an endpoint that is there
			missing = append(missing, m.name)
			continue
		case had[m.name] != "":
			out[m.name] = had[m.name]
		default:
			fresh = append(fresh, m.name)
			continue
		}
		a, _ := netip.ParseAddr(out[m.name])
		used[a] = nicID
	}
	for _, name := range sortedKeys(pinned) {
		if out[name] == "" {
			gone = append(gone, name)
		}
	}
	if len(gone) > 0 && len(missing) == 0 {
		return nil, no("azure-member-unknown", endpoint.ID, strings.Join(gone, ", "))
	}
	if len(missing) > 0 {
		return nil, no("azure-members-missing", endpoint.ID, strings.Join(missing, ", "))
	}
	if free := capacity(p) - len(used); len(fresh) > free {
		return nil, no("azure-subnet-full", subnet.Name, p, len(fresh), max(0, free))
	}
	for _, name := range fresh {
		a, _ := freeAddress(p, 0, used)
		out[name], used[a] = a.String(), nicID
	}
	return out, nil
}

func azureAddress(want string, p netip.Prefix, used map[netip.Addr]string) error {
	a, err := netip.ParseAddr(want)
	switch {
	case err != nil || !p.Contains(a):
		return no("azure-address-outside", want, p)
	case reserved(p, a):
		return no("azure-address-reserved", want, p)
	case used[a] != "":
		return no("azure-address-in-use", want, used[a])
	}
	return nil
}

// usedInSubnet lists what others have: interfaces, and the addresses that world.json says are gone.
func (c *call) usedInSubnet(subnet *Object, p netip.Prefix, except string) map[netip.Addr]string {
	used := map[netip.Addr]string{}
	if n, ok := num(subnet.Attributes, "_used"); ok {
		for i := range min(n, capacity(p)) {
			used[plus(p.Addr(), keptAtStart+i)] = "an existing resource"
		}
	}
	for _, nic := range c.of(subnet, nicToken) {
		if strings.EqualFold(nic.ID, except) {
			continue
		}
		for _, ip := range maps(nic.Attributes, "ipConfigurations") {
			if a, err := netip.ParseAddr(str(ip, "privateIPAddress")); err == nil {
				used[a] = nic.ID
			}
		}
	}
	return used
}

// member is one address of an Azure Monitor endpoint, with the names that lead to it.
type member struct {
	name  string
	fqdns []string
}

// baseMembers are on every endpoint (facts/ampls_dns.json, names confirmed).
var baseMembers = []member{
	{"api", []string{"api.monitor.azure.com"}},
	{"global.in.ai", []string{"global.in.ai.monitor.azure.com"}},
	{"profiler", []string{"profiler.monitor.azure.com"}},
	{"live", []string{"live.monitor.azure.com"}},
	{"diagservicesquery", []string{"diagservices-query.monitor.azure.com"}},
	{"snapshot", []string{"snapshot.monitor.azure.com"}},
	{"dce-global", []string{"global.handler.control.monitor.azure.com"}},
	{"agentsolutionpackstore", []string{"scadvisorcontentpl.blob.core.windows.net"}},
}

// members follows the formula 8 + 3 × workspace regions + 3 × DCEs + App Insights hosts (facts/azure.md §2.3). The member names of
// DCEs and of App Insights are not known from any source: here they are the host's labels.
func (c *call) members(scope *Object, place string) []member {
	var out []member
	for _, m := range baseMembers {
		out = append(out, member{m.name, []string{spelled(place, m.fqdns[0])}})
	}
	workspaces := map[string][]string{} // region → customer ids
	hosts := map[string]bool{}
	for _, s := range c.of(scope, scopedResourceToken) {
		o := c.objects[azureKey(s.attr("_linked"))]
		if o == nil {
			continue
		}
		switch o.Type {
		case workspaceToken:
			workspaces[o.Region] = append(workspaces[o.Region], o.attr("customerId"))
		case collectorToken:
			for _, k := range []string{"configurationAccess", "logsIngestion", "metricsIngestion"} {
				hosts[strings.TrimPrefix(str(sub(o.Attributes, k), "endpoint"), "https://")] = true
			}
		case componentToken:
			hosts[o.attr("_ingestion")], hosts[o.attr("_live")] = true, true
		}
	}
	for _, region := range sortedKeys(workspaces) {
		ids := workspaces[region]
		slices.Sort(ids)
		for _, kind := range []struct{ member, domain string }{
			{"oms", ".oms.opinsights.azure.com"}, {"ods", ".ods.opinsights.azure.com"}, {"agent", ".agentsvc.azure-automation.net"},
		} {
			m := member{name: kind.member + "-" + region}
			for _, id := range ids {
				m.fqdns = append(m.fqdns, spelled(place, id+kind.domain))
			}
			out = append(out, m)
		}
	}
	for _, h := range sortedKeys(hosts) {
		out = append(out, member{strings.TrimSuffix(h, spelled(place, ".monitor.azure.com")), []string{h}})
	}
	return out
}
