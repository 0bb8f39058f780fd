package lab

import (
	"net/netip"
	"strings"

	"github.com/obslink/obslink/compiler/manifest"
)

func azureNetworkTypes() []resourceType {
	const policies = "privateEndpointNetworkPolicies"
	return []resourceType{
		{"azure-native:network:VirtualNetwork", "virtualNetworkName addressSpace", "enableDdosProtection enableVmProtection", before, (*reader).vnet},
		{"azure-native:network:NetworkSecurityGroup", "networkSecurityGroupName securityRules", "", before, (*reader).nsg},
		{"azure-native:network:SecurityRule", "networkSecurityGroupName direction access priority protocol sourceAddressPrefix sourceAddressPrefixes " +
			"destinationAddressPrefix destinationAddressPrefixes destinationPortRange destinationPortRanges sourcePortRange sourcePortRanges", "securityRuleName", before, (*reader).securityRule},
		{"azure-native:network:RouteTable", "routeTableName routes", "disableBgpRoutePropagation", before, (*reader).azureTable},
		{"azure-native:network:Subnet", "virtualNetworkName addressPrefix networkSecurityGroup routeTable " + policies,
			"subnetName privateLinkServiceNetworkPolicies defaultOutboundAccess delegations", before, (*reader).azureSubnet},
		{"azure-native:network:VirtualNetworkPeering", "virtualNetworkName remoteVirtualNetwork allowVirtualNetworkAccess allowGatewayTransit useRemoteGateways",
			"virtualNetworkPeeringName syncRemoteAddressSpace allowForwardedTraffic", after, (*reader).vnetPeering},
		{"azure-native:network:Route", "routeTableName addressPrefix nextHopType nextHopIpAddress", "routeName", last, (*reader).azureRoute},
	}
}

func (r *reader) vnet(res *manifest.Resource) {
	n := &network{name: res.Name, azure: true, private: true, main: &table{name: res.Name + " system routes"}}
	space, _ := res.Object("addressSpace")["addressPrefixes"].([]any)
	for _, value := range space {
		n.cidrs = append(n.cidrs, r.prefix(res, value))
	}
	r.bp.networks = append(r.bp.networks, n)
	add(r.networks, n, res.Name, r.path(res, "virtualNetworks", res.Text("virtualNetworkName")))
}

// path is the end of an Azure id, from the resource group on, by which children name their parents.
func (r *reader) path(res *manifest.Resource, kind, name string) string {
	return strings.ToLower("/" + r.key(res.Inputs["resourceGroupName"]) + "/" + kind + "/" + name)
}

// parent finds an object that an input names by its plain name, inside the resource's own group.
func parent[T any](r *reader, all map[string]*T, res *manifest.Resource, kind string, value any) *T {
	found := held(r, all, res, kind, value)
	if found == nil {
		r.fail("%s %s: the world holds no %s %q", res.Type, res.Name, kind, value)
	}
	return found
}

func held[T any](r *reader, all map[string]*T, res *manifest.Resource, kind string, value any) *T {
	if found := all[r.key(value)]; found != nil {
		return found
	}
	text, _ := value.(string)
	if found := all[r.path(res, kind, text)]; found != nil {
		return found
	}
	group, _ := res.Inputs["resourceGroupName"].(string)
	end := strings.ToLower("/resourceGroups/" + group + "/providers/Microsoft.Network/" + kind + "/" + text)
	for key, found := range all {
		if strings.HasSuffix(key, end) {
			return found
		}
	}
	return nil
}

func (r *reader) azureSubnet(res *manifest.Resource) {
	n := parent(r, r.networks, res, "virtualNetworks", res.Inputs["virtualNetworkName"])
	if n == nil {
		return
	}
	s := &subnet{name: res.Name, network: n, cidr: r.prefix(res, res.Inputs["addressPrefix"]), policies: res.Text("privateEndpointNetworkPolicies")}
	if value := inObject(res, "networkSecurityGroup", "id"); value != nil {
		if f := find(r, r.filters, res, "security group", value); f != nil {
			s.gates = []gate{{f}}
		}
	}
	if value := inObject(res, "routeTable", "id"); value != nil {
		if s.table = find(r, r.tables, res, "route table", value); s.table != nil {
			n.tables = append(n.tables, s.table)
			r.owner[s.table] = n
		}
	}
	n.subnets = append(n.subnets, s)
	add(r.subnets, s, res.Name)
}

// vnetPeering is one half. The link is up once both halves allow access.
func (r *reader) vnetPeering(res *manifest.Resource) {
	from := parent(r, r.networks, res, "virtualNetworks", res.Inputs["virtualNetworkName"])
	to := find(r, r.networks, res, "virtual network", inObject(res, "remoteVirtualNetwork", "id"))
	if from == nil || to == nil || !boolean(res, "allowVirtualNetworkAccess", true) {
		return
	}
	made := end{node: from, offers: boolean(res, "allowGatewayTransit", false), uses: boolean(res, "useRemoteGateways", false)}
	for _, l := range r.bp.links {
		if l.half && l.a.node == node(to) && l.b.node == node(from) {
			l.b, l.down = made, false
			add(r.links, l, res.Name)
			return
		}
	}
	r.join(&link{name: res.Name, a: made, b: end{node: to}, down: true, half: true}, res.Name)
}

func (r *reader) azureTable(res *manifest.Resource) {
	t := &table{name: res.Name}
	add(r.tables, t, res.Name, r.path(res, "routeTables", res.Text("routeTableName")))
	r.final = append(r.final, func() {
		for _, value := range res.List("routes") {
			fields, _ := value.(map[string]any)
			r.userRoute(res, t, fields)
		}
	})
}

func (r *reader) azureRoute(res *manifest.Resource) {
	if t := parent(r, r.tables, res, "routeTables", res.Inputs["routeTableName"]); t != nil {
		r.userRoute(res, t, res.Inputs)
	}
}

// userRoute overrides a system route to the same prefix. An appliance must be a tunnel's gateway in
// the table's own network.
func (r *reader) userRoute(res *manifest.Resource, t *table, fields map[string]any) {
	made := route{to: r.prefix(res, fields["addressPrefix"])}
	switch kind := fields["nextHopType"]; kind {
	case "None", "Internet":
	case "VnetLocal":
		made.target = local{}
	case "VirtualAppliance":
		if n := r.owner[t]; n != nil {
			text, _ := fields["nextHopIpAddress"].(string)
			made = r.route(res.Name, made.to, n.name+" "+text)
		}
	default:
		r.fail("%s: the lab knows no next hop %q", res.Name, kind)
	}
	t.routes = append(t.routes, made)
}

func (r *reader) nsg(res *manifest.Resource) {
	f := &filter{name: res.Name, azure: true}
	add(r.filters, f, res.Name, r.path(res, "networkSecurityGroups", res.Text("networkSecurityGroupName")))
	for _, value := range res.List("securityRules") {
		fields, _ := value.(map[string]any)
		r.azureRule(res, f, fields)
	}
}

// securityRule adds a rule; one of an existing group that nobody declares concerns no packet of this world, as in
// AWS.
func (r *reader) securityRule(res *manifest.Resource) {
	if name := res.Text("networkSecurityGroupName"); !strings.Contains(name, "${") && held(r, r.filters, res, "networkSecurityGroups", name) == nil {
		return
	}
	if f := parent(r, r.filters, res, "networkSecurityGroups", res.Inputs["networkSecurityGroupName"]); f != nil {
		r.azureRule(res, f, res.Inputs)
	}
}

// azureRule reads one security rule: one rule of ours for each range of ports.
func (r *reader) azureRule(res *manifest.Resource, f *filter, fields map[string]any) {
	made := rule{order: number(fields["priority"]), deny: fields["access"] == "Deny"}
	text, _ := fields["protocol"].(string)
	known := false
	if made.proto, known = protocol(text); !known {
		r.fail("%s: the lab does not know protocol %q", res.Name, text)
	}
	if all := texts(fields, "sourcePortRange", "sourcePortRanges"); len(all) > 1 || len(all) == 1 && all[0] != "*" {
		r.fail("%s: the lab reads no source ports", res.Name)
	}
	source := r.azurePrefixes(res, texts(fields, "sourceAddressPrefix", "sourceAddressPrefixes"))
	destination := r.azurePrefixes(res, texts(fields, "destinationAddressPrefix", "destinationAddressPrefixes"))
	side := &f.in
	made.far, made.near = source, destination
	if fields["direction"] == "Outbound" {
		side, made.far, made.near = &f.out, destination, source
	}
	for _, ports := range texts(fields, "destinationPortRange", "destinationPortRanges") {
		made.ports = r.ports(res, ports)
		*side = append(*side, made)
	}
}

func (r *reader) ports(res *manifest.Resource, text string) [2]int {
	if text == "*" {
		return [2]int{0, 65535}
	}
	first, final, isRange := strings.Cut(text, "-")
	if !isRange {
		final = first
	}
	return [2]int{r.port(res, first), r.port(res, final)}
}

// azurePrefixes reads prefixes and the two tags that the lab knows.
func (r *reader) azurePrefixes(res *manifest.Resource, all []string) matcher {
	var m matcher
	for _, text := range all {
		switch text {
		case "*", "0.0.0.0/0":
			m.prefixes = append(m.prefixes, netip.MustParsePrefix("0.0.0.0/0"))
		case "VirtualNetwork":
			m.vnet = true
		default:
			m.prefixes = append(m.prefixes, r.prefix(res, text))
		}
	}
	return m
}

func texts(fields map[string]any, one, many string) (all []string) {
	if text, ok := fields[one].(string); ok && text != "" {
		all = append(all, text)
	}
	list, _ := fields[many].([]any)
	for _, value := range list {
		if text, ok := value.(string); ok {
			all = append(all, text)
		}
	}
	return all
}
